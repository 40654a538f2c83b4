"""What a draw leaves behind so that anyone can check it: a promise before the randomness, a sealed record after it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from typing import Any

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.drand import CHAINS, Beacon, verify_beacon
from qualipolis.methods.sampling.draws.draw import Drawn, Rule
from qualipolis.methods.sampling.draws.frame import digest_of
from qualipolis.methods.sampling.draws.plans import Plan
from qualipolis.methods.sampling.draws.tickets import DOMAIN

COLUMNS = ("stratum", "order", "id", "probability", "ticket")


def canonical_json(value: object) -> bytes:
    """Return the bytes of a JSON document: keys sorted, no spaces, UTF-8, one line feed at the end.

    >>> canonical_json({"b": "质", "a": 1}).decode()
    '{"a":1,"b":"质"}\\n'
    """
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def plan_bytes(plan: Plan, rule: Rule) -> bytes:
    """Return the published plan: the plan's own entries and the numbers it comes to in this frame."""
    resolved = {label: [rule.n[label], rule.reserve.get(label, 0)] for label in rule.n}
    return canonical_json({"format": DOMAIN, "plan": plan.document(), "strata": resolved})


def working_bytes(rule: Rule) -> bytes:
    """Return the working probabilities as CSV: stratum, probability; the units that are not certain, in frame order."""
    rows = [(label, repr(p)) for label, values in rule.working.items() for p in values]
    return _csv(("stratum", "working"), rows)


def read_working(data: bytes) -> dict[str, tuple[float, ...]]:
    """Return the working probabilities of :func:`working_bytes`.

    >>> read_working(working_bytes(Rule("pps_pareto", {"A": 1}, {}, {"A": (0.25, 0.75)})))
    {'A': (0.25, 0.75)}
    """
    found: dict[str, list[float]] = {}
    for row in csv.DictReader(StringIO(data.decode())):
        found.setdefault(row["stratum"], []).append(float(row["working"]))
    return {label: tuple(values) for label, values in found.items()}


def promise_bytes(frame_sha256: str, plan: bytes, working: bytes, units: int) -> bytes:
    """Return the promise: hashes of frame, plan and working probabilities. Its own hash is published before the draw.

    >>> b"frame_sha256" in promise_bytes("00", b"", b"", 3)
    True
    """
    return canonical_json(
        {
            "format": DOMAIN,
            "units": units,
            "frame_sha256": frame_sha256,
            "plan_sha256": digest_of(plan),
            "working_sha256": digest_of(working),
        }
    )


def list_bytes(drawn: Drawn, reserve: bool = False) -> bytes:
    """Return the sample or the reserve as CSV; a unit of the reserve has no probability."""
    rows = [
        (row["stratum"], row["order"], row["id"], "" if reserve else repr(row["probability"]), row["ticket"])
        for row in drawn.rows(reserve)
    ]
    return _csv(COLUMNS, rows)


def record_bytes(
    promise: bytes, seed: str, sample: bytes, reserve: bytes, proof: Mapping[str, Any] | None = None
) -> bytes:
    """Return the sealed record of a draw; ``seal`` is the SHA-256 of the record without it.

    >>> record = record_bytes(b"p", "2026", b"s", b"r")
    >>> sealed(json.loads(record))
    True
    """
    table: dict[str, Any] = {
        "format": DOMAIN,
        "promise_sha256": digest_of(promise),
        "seed": seed,
        "sample_sha256": digest_of(sample),
        "reserve_sha256": digest_of(reserve),
        "proof": dict(proof or {}),
    }
    return canonical_json(table | {"seal": digest_of(canonical_json(table))})


def sealed(record: Mapping[str, Any]) -> bool:
    """Say whether the seal of a record is that of its other entries."""
    rest = {name: value for name, value in record.items() if name != "seal"}
    return record.get("seal") == digest_of(canonical_json(rest))


@dataclass(frozen=True)
class Randomness:
    """The public randomness of a draw and what proves it; ``seed`` is the line of text that the tickets hash."""

    seed: str
    proof: Mapping[str, Any]


def commitment(salt: str, secret: str) -> str:
    """Return the hash by which an agency commits to a secret: ``SHA-256(salt + "|" + secret)``.

    >>> commitment("00112233445566778899aabbccddeeff", "market-surveillance-2026-q4")[:16]
    'ad64d62c311093eb'
    """
    return sha256(f"{salt}|{secret}".encode()).hexdigest()


def seed_of(plan: Plan, public: str = "", beacon: Beacon | None = None, salt: str = "", secret: str = "") -> Randomness:
    """Return the seed of a draw from what its plan has named, each part verified.

    The seed joins with ``|`` what is there of: the public words (dice, lottery), ``drand CHAIN ROUND RANDOMNESS``, and the
    agency's revealed secret. With a public part and a secret neither side alone can steer the draw.

    Raises
    ------
    InputError
        a round that is not the one the plan names or does not verify; a secret that is not the one committed to; nothing

    >>> seed_of(Plan("srs", 3), "dice 4 1 6 2").seed
    'dice 4 1 6 2'
    """
    named, problems, parts = plan.randomness, [], [public] if public else []
    proof: dict[str, Any] = {"public": public} if public else {}
    wanted = named.get("round")
    if beacon is not None:
        chain = CHAINS.get(str(named.get("chain", "quicknet")))
        if chain is None or (wanted is not None and int(wanted) != beacon.number):
            problems.append(_problem("other_round", msg("The plan names another drand chain or round.")))
        else:
            beacon = verify_beacon(beacon, chain)
            parts.append(f"drand {chain.name} {beacon.number} {beacon.randomness}")
            proof["drand"] = {"chain": chain.name, "round": beacon.number, "signature": beacon.signature}
            if chain.chained:
                proof["drand"]["previous_signature"] = beacon.previous_signature
    elif wanted is not None:
        problems.append(_problem("no_round", msg("The plan names a drand round, and it is not there.")))
    promised = named.get("commitment")
    if promised is not None and commitment(salt, secret) != promised:
        problems.append(_problem("other_secret", msg("The secret is not the one the plan has committed to.")))
    if secret and promised is None:
        problems.append(_problem("late_secret", msg("The plan has not committed to a secret.")))
    if secret:
        parts.append(f"secret {salt} {secret}")
        proof["secret"] = {"salt": salt, "secret": secret}
    if not parts and not problems:
        problems.append(_problem("no_seed", msg("There is no randomness.")))
    if problems:
        raise InputError(problems)
    return Randomness("|".join(parts), proof)


def proven(plan: Plan, seed: str, proof: Mapping[str, Any]) -> Randomness:
    """Return the seed that a record's proof leads to, everything verified again; compare it with the record's."""
    pasted, secret = proof.get("drand"), proof.get("secret", {})
    beacon = None
    if pasted is not None:
        beacon = Beacon(int(pasted["round"]), pasted["signature"], "", pasted.get("previous_signature", ""))
    public = str(proof.get("public", "")) if proof else seed
    return seed_of(plan, public, beacon, secret.get("salt", ""), secret.get("secret", ""))


def _problem(code: str, what: str) -> Problem:
    return Problem(code, what, msg("Use exactly what the plan has named; a change needs a new plan."), place="seed")


def _csv(header: tuple[str, ...], rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
