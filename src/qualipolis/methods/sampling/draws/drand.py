"""Rounds of the drand beacon, checked without a network: the round is pasted, its signature is verified here.

drand publishes one random number each period. The number of a round is ``SHA-256(signature)``, and the signature is
a BLS signature of the league's common key over the round number (unchained) or over the signature before and the round
number (chained). Nobody, the league's members included, knows it before its time, and it cannot be chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.bls import curve, hashing
from qualipolis.methods.sampling.draws.bls.pairing import product_is_one


@dataclass(frozen=True)
class Chain:
    """A drand network: what its rounds are verified with.

    ``on_g1`` says that signatures lie in G1 (48 bytes) and the key in G2; ``chained`` that a round signs the one before.
    """

    name: str
    chain_hash: str
    public_key: str
    period: int
    genesis: int
    group_hash: str
    beacon_id: str
    on_g1: bool
    chained: bool

    def time_of(self, number: int) -> datetime:
        """Return when a round appears: ``genesis + (round - 1) * period``.

        >>> QUICKNET.time_of(1).isoformat()
        '2023-08-23T15:09:27+00:00'
        """
        return datetime.fromtimestamp(self.genesis, UTC) + timedelta(seconds=(number - 1) * self.period)

    def round_at(self, moment: datetime) -> int:
        """Return the first round that appears at or after a moment (with its time zone).

        >>> QUICKNET.round_at(QUICKNET.time_of(5)), QUICKNET.round_at(QUICKNET.time_of(5) + timedelta(seconds=1))
        (5, 6)
        """
        seconds = (moment - datetime.fromtimestamp(self.genesis, UTC)).total_seconds()
        return max(1, -int(-seconds // self.period) + 1)

    def hash_of_info(self) -> str:
        """Return the chain hash computed from what the chain says of itself; it must be :attr:`chain_hash`.

        >>> QUICKNET.hash_of_info() == QUICKNET.chain_hash, DEFAULT.hash_of_info() == DEFAULT.chain_hash
        (True, True)
        """
        parts = [self.period.to_bytes(4, "big"), self.genesis.to_bytes(8, "big", signed=True)]
        parts += [bytes.fromhex(self.public_key), bytes.fromhex(self.group_hash)]
        if self.beacon_id != "default":
            parts.append(self.beacon_id.encode())
        return sha256(b"".join(parts)).hexdigest()


QUICKNET = Chain(
    "quicknet",
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    3,
    1692803367,
    "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    "quicknet",
    True,
    False,
)
DEFAULT = Chain(
    "default",
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    30,
    1595431050,
    "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
    "default",
    False,
    True,
)
CHAINS = {chain.name: chain for chain in (QUICKNET, DEFAULT)}
TAG_G1 = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
TAG_G2 = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"


@dataclass(frozen=True)
class Beacon:
    """One round as it was pasted; all bytes as hexadecimal text."""

    number: int
    signature: str
    randomness: str = ""
    previous_signature: str = ""

    def __post_init__(self) -> None:
        for name in ("signature", "randomness", "previous_signature"):
            object.__setattr__(self, name, getattr(self, name).strip().lower())


def verify_beacon(beacon: Beacon, chain: Chain = QUICKNET) -> Beacon:
    """Return the round with its randomness, verified; about a second.

    Raises
    ------
    InputError
        not hexadecimal, a point outside its group, a signature that is not the league's, a number that is not
        ``SHA-256(signature)``

    References
    ----------
    drand.love, "Cryptography"; RFC 9380; Boneh, Lynn and Shacham (2001), "Short signatures from the Weil pairing".
    """
    try:
        signature, before = bytes.fromhex(beacon.signature), bytes.fromhex(beacon.previous_signature)
    except ValueError:
        raise InputError([_problem("not_hex", msg("The round is not hexadecimal text."), beacon)]) from None
    found = sha256(signature).hexdigest()
    problems = []
    if beacon.randomness and beacon.randomness != found:
        problems.append(_problem("bad_hash", msg("The random number is not the hash of the signature."), beacon))
    if beacon.number < 1 or not _signed(beacon.number, signature, before, chain):
        problems.append(
            _problem("bad_signature", msg("The signature is not that of the chain for this round."), beacon)
        )
    if problems:
        raise InputError(problems)
    return replace(beacon, randomness=found)


def _signed(number: int, signature: bytes, before: bytes, chain: Chain) -> bool:
    """Say whether ``e(signature, generator) = e(message, key)``."""
    message = sha256((before if chain.chained else b"") + number.to_bytes(8, "big")).digest()
    key = curve.decode(bytes.fromhex(chain.public_key), curve.G2 if chain.on_g1 else curve.G1)
    signed = curve.decode(signature, curve.G1 if chain.on_g1 else curve.G2)
    suite, tag = (hashing.SUITE_G1, TAG_G1) if chain.on_g1 else (hashing.SUITE_G2, TAG_G2)
    point = hashing.hash_to_point(message, tag, suite)
    if key is None or signed is None or point is None:
        return False
    if chain.on_g1:
        return product_is_one([(signed, curve.negative(curve.GENERATOR_G2)), (point, key)])
    return product_is_one([(curve.negative(curve.GENERATOR_G1), signed), (key, point)])


def _problem(code: str, what: str, beacon: Beacon) -> Problem:
    remedy = msg("Copy the round again from a drand server, with its number and the name of the chain.")
    return Problem(code, what, remedy, place=f"round {beacon.number}")
