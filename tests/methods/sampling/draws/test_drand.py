"""A pasted round is believed only when its signature is the league's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.bls import curve
from qualipolis.methods.sampling.draws.bls.field import ORDER
from qualipolis.methods.sampling.draws.bls.hashing import SUITE_G1, SUITE_G2, expand, hash_to_point
from qualipolis.methods.sampling.draws.bls.pairing import product_is_one
from qualipolis.methods.sampling.draws.drand import QUICKNET, Beacon, verify_beacon
from qualipolis.methods.sampling.draws.plans import Plan
from qualipolis.methods.sampling.draws.records import commitment, proven, seed_of

ROUND = Beacon(
    1,
    "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b",
)


def test_it_gives_the_number_of_a_round():
    assert verify_beacon(ROUND).randomness == "1466a6cd24e327188770752f6134001c64d6efcc590ccc26b721611ad96f165a"


def negated(signature: str) -> str:
    return f"{int(signature[:2], 16) ^ 0x20:02x}{signature[2:]}"


@pytest.mark.parametrize(
    "forged",
    [
        Beacon(2, ROUND.signature),
        Beacon(1, ROUND.signature[:-1] + "c"),
        Beacon(1, negated(ROUND.signature)),
        Beacon(1, ROUND.signature[:-2]),
        Beacon(1, "c0" + "00" * 47),
        Beacon(1, "zz"),
        Beacon(1, ROUND.signature, "00" * 32),
        Beacon(0, ROUND.signature),
    ],
)
def test_it_refuses_a_forged_round(forged):
    with pytest.raises(InputError, match="round"):
        verify_beacon(forged)


def test_it_knows_the_vectors_of_the_standard():
    """RFC 9380, appendices J.9.1, J.10.1 (empty message) and K.1."""
    g1 = hash_to_point(b"", b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_", SUITE_G1)
    g2 = hash_to_point(b"", b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_", SUITE_G2)
    assert g1 is not None and f"{g1.x.a:096x}".startswith("052926add2207b76ca4fa57a8734416c")
    assert g2 is not None and f"{g2.x.a:096x}".startswith("0141ebfbdca40eb85b87142e130ab689")
    assert expand(b"abc", b"QUUX-V01-CS02-with-expander-SHA256-128", 32).hex().startswith("d8ccab23b5985cce")


def test_it_pairs_bilinearly():
    p, q = curve.multiply(curve.GENERATOR_G1, 6), curve.multiply(curve.GENERATOR_G2, 5)
    assert p is not None and q is not None
    minus = curve.multiply(curve.GENERATOR_G1, ORDER - 30)
    assert minus is not None and product_is_one([(p, q), (minus, curve.GENERATOR_G2)])
    assert not product_is_one([(p, q)])


def test_it_refuses_a_point_of_the_curve_outside_the_group():
    found = []
    for number in range(1, 30):
        encoded = bytearray(number.to_bytes(48, "big"))
        encoded[0] |= 0x80
        found.append(curve.decode(bytes(encoded), curve.G1))
    assert found == [None] * len(found)


def test_it_names_a_future_round_by_its_time():
    number = QUICKNET.round_at(datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert QUICKNET.time_of(number) >= datetime(2026, 12, 1, 2, tzinfo=UTC) > QUICKNET.time_of(number - 1)


def plan(**randomness: object) -> Plan:
    return Plan("srs", 3, randomness=randomness)


def test_it_joins_a_round_and_the_secret_of_the_agency():
    promised = plan(chain="quicknet", round=1, commitment=commitment("salt", "secret"))
    found = seed_of(promised, beacon=ROUND, salt="salt", secret="secret")
    assert found.seed.startswith("drand quicknet 1 1466a6cd") and found.seed.endswith("|secret salt secret")
    assert proven(promised, found.seed, found.proof) == found


@pytest.mark.parametrize(
    ("promised", "given", "code"),
    [
        (plan(round=2), {"beacon": ROUND}, "other_round"),
        (plan(round=1), {"public": "dice"}, "no_round"),
        (plan(commitment=commitment("a", "b")), {"public": "dice", "salt": "a", "secret": "c"}, "other_secret"),
        (plan(), {"public": "dice", "salt": "a", "secret": "c"}, "late_secret"),
        (plan(), {}, "no_seed"),
    ],
)
def test_it_takes_no_randomness_but_the_one_that_was_named(promised, given, code):
    with pytest.raises(InputError) as caught:
        seed_of(promised, **given)
    assert caught.value.problems[0].code == code
