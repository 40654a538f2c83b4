"""Public schemes of verifiable draws by others, each exactly as published, so that their draws can be repeated here.

For our own draws use tickets (:mod:`.tickets`): RFC 3797 is MD5 and equal probability only, the others know no strata
and no unequal probabilities.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5, sha256
from itertools import islice
from math import comb

from qualipolis.methods.problems import InputError, Problem, msg

Source = int | str | Sequence[int]


def rfc3797_key(sources: Sequence[Source]) -> str:
    """Return the key string of RFC 3797: the numbers of each source ascending, each with a point, the source with a slash.

    >>> rfc3797_key([9319, [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
    '9319./2.5.8.10.12./9.18.26.34.41.45./'
    """
    parts = []
    for source in sources:
        numbers = [int(source)] if isinstance(source, int | str) else sorted(int(x) for x in source)
        parts.append("".join(f"{number}." for number in numbers) + "/")
    return "".join(parts)


def rfc3797_digests(key: str, n: int) -> list[str]:
    """Return the MD5 digests of the first n picks: ``MD5(i | key | i)``, i as 16 bits, big endian.

    >>> rfc3797_digests("9319./2.5.8.10.12./9.18.26.34.41.45./", 1)
    ['990DD0A5692A029A98B5E01AA28F3459']
    """
    found = []
    for i in range(n):
        count = i.to_bytes(2, "big")
        found.append(md5(count + key.encode("ascii") + count, usedforsecurity=False).hexdigest().upper())
    return found


def rfc3797(key: str, pool: int, n: int) -> list[int]:
    """Return the n numbers picked from 1 .. pool by RFC 3797 (D. Eastlake, 2004), in order.

    Raises
    ------
    InputError
        more picks than numbers

    >>> rfc3797("9319./2.5.8.10.12./9.18.26.34.41.45./", 25, 4)
    [17, 7, 2, 16]
    """
    if not 0 <= n <= pool < 65536:
        what, remedy = msg("%(n)s of %(pool)s cannot be picked."), msg("Pick at most as many as there are.")
        raise InputError([Problem("n_outside", what, remedy, {"n": n, "pool": pool}, place="n")])
    left = list(range(1, pool + 1))
    return [left.pop(int(digest, 16) % len(left)) for digest in rfc3797_digests(key, n)]


def rfc3797_entropy(pool: int, n: int) -> int:
    """Return how many bits of randomness n picks from a pool need: ``ceil(log2 C(pool, n))`` (RFC 3797, section 3.1).

    >>> rfc3797_entropy(20, 10), rfc3797_entropy(120, 10)
    (18, 47)
    """
    return (comb(pool, n) - 1).bit_length()


@dataclass(frozen=True, order=True)
class ConsistentTicket:
    """A ticket of the consistent sampler: a decimal fraction as text, the unit, how often it was given one."""

    number: str
    id: object
    generation: int

    def shown(self) -> tuple[str, object, int]:
        """Return the ticket with nine digits after leading nines, as the package prints it."""
        return (self.number[: _leading(self.number) + 9], self.id, self.generation)


def consistent_sampler(
    ids: Iterable[object], seed: object, with_replacement: bool = False, drop: int = 0, take: int | None = None
) -> list[ConsistentTicket]:
    """Return tickets in the order of Rivest's consistent sampler (2018): the smallest decimal fraction first.

    The first fraction of a unit is ``SHA-256(hex(SHA-256(seed)) + id)`` as a decimal number read from its last digit; the
    next one, with replacement, keeps the leading nines and appends ``SHA-256(fraction + ":" + i)`` until it is larger.

    Parameters
    ----------
    ids : units; their ``str`` counts
    seed : anything; its ``str`` counts
    drop, take : how many to leave out and how many to return; all where not given (needed with replacement)

    >>> [t.id for t in consistent_sampler(["a", "b", "c", "d"], 31)]
    ['b', 'a', 'd', 'c']
    """
    head = sha256(str(seed).encode()).hexdigest()
    heap = [ConsistentTicket(_fraction(head + str(i)), i, 1) for i in ids]
    heapq.heapify(heap)
    return list(islice(_pops(heap, with_replacement), drop, None if take is None else drop + take))


def _pops(heap: list[ConsistentTicket], with_replacement: bool) -> Iterator[ConsistentTicket]:
    while heap:
        ticket = heapq.heappop(heap)
        yield ticket
        if with_replacement:
            heapq.heappush(heap, ConsistentTicket(_larger(ticket.number), ticket.id, ticket.generation + 1))


def _fraction(text: str) -> str:
    number = int(sha256(text.encode()).hexdigest(), 16)
    return "0." + f"{number:064d}"[::-1]


def _leading(number: str) -> int:
    """Return the place of the first digit that is not nine."""
    return next(i for i, digit in enumerate(number + "0") if i >= 2 and digit != "9")


def _larger(number: str) -> str:
    head, count = (number + "0")[: _leading(number)], 0
    while True:
        count += 1
        found = head + _fraction(f"{number}:{count}")[2:]
        if found > number + "0":
            return found


class CounterRandom:
    """The generator of ``cryptorandom`` (Stark and others): ``SHA-256(seed + "," + one zero byte for each call before)``.

    >>> CounterRandom(12345678901234567890).below_by_remainder(1, 1001)
    876
    """

    def __init__(self, seed: object) -> None:
        self._state = sha256(f"{seed},".encode())
        self._bits, self._left = 0, 0

    def digest(self) -> bytes:
        """Return the next 32 bytes."""
        found = self._state.digest()
        self._state.update(b"\0")
        return found

    def random(self) -> float:
        """Return the next number in [0, 1)."""
        return int.from_bytes(self.digest(), "big") * 2.0**-256

    def below_by_remainder(self, low: int, high: int) -> int:
        """Return a whole number in [low, high) as the remainder of 256 bits (``randint_trunc``)."""
        return low + int.from_bytes(self.digest(), "big") % (high - low)

    def below(self, low: int, high: int) -> int:
        """Return a whole number in [low, high) from as many bits as it needs, again where they are too large."""
        width = (high - low - 1).bit_length()
        while True:
            found = self.bits(width)
            if found < high - low:
                return low + found

    def bits(self, width: int) -> int:
        """Return the next bits, lowest first."""
        while width > self._left:
            self._bits |= int.from_bytes(self.digest(), "big") << self._left
            self._left += 256
        found = self._bits & ((1 << width) - 1)
        self._bits >>= width
        self._left -= width
        return found


def seed_comma_i(seed: str, pool: int, n: int) -> list[int]:
    """Return n numbers of 1 .. pool, with replacement: ``SHA-256("seed,i") mod pool + 1`` (Stark; Rivest), i = 1 .. n.

    >>> seed_comma_i("98765432109876543210", 1000, 3)
    [881, 438, 691]
    """
    return [int(sha256(f"{seed},{i}".encode()).hexdigest(), 16) % pool + 1 for i in range(1, n + 1)]
