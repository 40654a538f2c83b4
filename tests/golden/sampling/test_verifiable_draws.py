"""Every entry of the reference on verifiable draws is computed again; an entry without a check fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws import schemes
from qualipolis.methods.sampling.draws.drand import DEFAULT, QUICKNET, Beacon, Chain, verify_beacon
from qualipolis.methods.sampling.draws.records import commitment

FILE = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling" / "verifiable_draws.json"


def reference() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {"absent": None}


@pytest.mark.parametrize("name", list(reference()))
def test_it_agrees_with_the_reference(shared: Path, name: str) -> None:
    assert name in CHECKS, f"nothing checks {name}"
    CHECKS[name](reference()[name])


def rfc(entry: Any) -> None:
    key = schemes.rfc3797_key(entry["sources"])
    assert key == entry["key_string"]
    assert schemes.rfc3797_digests(key, len(entry["md5"])) == entry["md5"]
    assert schemes.rfc3797(key, entry["pool_size"], len(entry["selected"])) == entry["selected"]


def rfc_format(entries: Any) -> None:
    for entry in entries:
        assert schemes.rfc3797_key(entry["sources"]) == entry["key"]


def rfc_entropy(entry: Any) -> None:
    for pool, bits in entry["pool_to_bits"].items():
        assert schemes.rfc3797_entropy(int(pool), entry["select"]) == bits


def consistent(entries: Any) -> None:
    for entry in entries:
        asked = dict(entry["kwargs"])
        ids_only = asked.pop("output", "tuple") == "id"
        found = schemes.consistent_sampler(entry["ids"], **asked)
        shown = [ticket.id if ids_only else list(ticket.shown()) for ticket in found]
        assert shown == entry["result"]


def rule_in_words(entry: Any) -> None:
    ids = list("abcdefgh")
    whole = [ticket.id for ticket in schemes.consistent_sampler(ids, 31)]
    less = [ticket.id for ticket in schemes.consistent_sampler([i for i in ids if i != whole[0]], 31)]
    assert "does not change others" in entry and less == whole[1:]


def counter(entry: Any) -> None:
    def fresh() -> schemes.CounterRandom:
        return schemes.CounterRandom(entry["seed"])

    first, second, third, fourth = fresh(), fresh(), fresh(), fresh()
    assert [first.below_by_remainder(1, 1001) for _ in range(5)] == entry["randint_trunc_1_1001"]
    assert [second.below(1, 1001) for _ in range(5)] == entry["randint_1_1001"]
    assert [third.random() for _ in range(5)] == entry["random5"]
    assert [fourth.digest().hex() for _ in range(2)] == [entry["first_hash_hex"], entry["hash_after_one_next_hex"]]


def stark(entry: Any) -> None:
    assert schemes.seed_comma_i(entry["seed"], entry["N"], entry["k"]) == entry["result"]


def drand(entry: Any) -> None:
    info = entry["info"]["quicknet"]
    assert (info["chain_hash"], info["public_key"]) == (QUICKNET.chain_hash, QUICKNET.public_key)
    assert (info["period"], info["genesis_time"]) == (QUICKNET.period, QUICKNET.genesis)
    assert QUICKNET.hash_of_info() == info["chain_hash"] and DEFAULT.hash_of_info() == DEFAULT.chain_hash
    for found in entry["beacons"]:
        chain = QUICKNET if found["chain"] == "quicknet" else DEFAULT
        holds_and_forged_fails(found, chain)
    assert len(entry["rules"]) == 3


def holds_and_forged_fails(found: dict[str, Any], chain: Chain) -> None:
    parts = (found["signature"], found["randomness"], found.get("previous_signature", ""))
    assert verify_beacon(Beacon(found["round"], *parts), chain).randomness == found["randomness"]
    with pytest.raises(InputError, match="signature"):
        verify_beacon(Beacon(found["round"] + 1, *parts), chain)


def commit(entry: Any) -> None:
    frame = "".join(f"{key}\n" for key in sorted(entry["frame_ids"])).encode()
    assert sha256(frame).hexdigest() == entry["frame_sha256"]
    assert commitment(entry["salt"], entry["secret"]) == entry["commitment"]


CHECKS: dict[str, Callable[[Any], None]] = {
    "rfc3797": rfc,
    "rfc3797_source_format": rfc_format,
    "rfc3797_entropy_bits": rfc_entropy,
    "consistent_sampler": consistent,
    "consistent_sampler_rule": rule_in_words,
    "cryptorandom": counter,
    "stark_rla_prng": stark,
    "drand": drand,
    "commit_reveal_example": commit,
}
