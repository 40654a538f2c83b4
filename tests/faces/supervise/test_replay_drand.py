"""The browser's module believes a round of drand only when its signature is the league's, in both kinds of chains."""

from __future__ import annotations

from hashlib import sha256

from tests.cli.test_draw import ROUND
from tests.faces.supervise.replayed import ask

from qualipolis.methods.sampling.draws.bls import curve
from qualipolis.methods.sampling.draws.bls.curve import Point
from qualipolis.methods.sampling.draws.bls.hashing import SUITE_G2, hash_to_point
from qualipolis.methods.sampling.draws.drand import TAG_G2

SIGNATURE = ROUND["signature"]
SECRET = 20220609


def encoded(point: Point | None, extended: bool) -> str:
    """Return the compressed encoding of a point: which of the two y, then x, of the extension the imaginary part first."""
    assert point is not None
    parts = [point.x.b, point.x.a] if extended else [point.x.a]
    larger = (point.y.b, point.y.a) > ((-point.y).b, (-point.y).a)
    parts[0] |= 1 << 383 | larger << 381
    return "".join(f"{part:096x}" for part in parts)


def test_it_knows_the_round_of_quicknet_and_refuses_forged_ones() -> None:
    negated = f"{int(SIGNATURE[:2], 16) ^ 0x20:02x}{SIGNATURE[2:]}"
    rounds = [(1, SIGNATURE), (2, SIGNATURE), (1, SIGNATURE[:-1] + "c"), (1, negated), (1, SIGNATURE[:-2]),
              (1, "c0" + "00" * 47), (1, "zz")]  # fmt: skip
    answers = ask({"round": {"chain": "quicknet", "number": n, "signature": mark}} for n, mark in rounds)
    assert answers == [True, *[False] * 6]


def test_a_linked_chain_signs_the_round_before_it() -> None:
    """A league of one: its key is in G1, its signature in G2."""
    before = "ab" * 96
    message = sha256(bytes.fromhex(before) + (7).to_bytes(8, "big")).digest()
    mark = encoded(curve.multiply(hash_to_point(message, TAG_G2, SUITE_G2), SECRET), True)
    key = encoded(curve.multiply(curve.GENERATOR_G1, SECRET), False)
    shared = {"chain": "default", "key": key, "signature": mark}
    asked = [{"number": 7, "before": before}, {"number": 8, "before": before}, {"number": 7, "before": "ac" * 96}]
    assert ask({"round": shared | one} for one in asked) == [True, False, False]
    assert ask([{"round": shared | asked[0] | {"key": ""}}]) == [False]
