"""Tickets: one SHA-256 for each unit, from the seed, the stratum and the unit's real-world key.

The whole definition, so that anyone can write it again in any language::

    secret = SHA-256( "qualipolis draw 1" LF purpose LF seed LF stratum )      32 bytes, text as UTF-8
    ticket = SHA-256( secret || key )                                         32 bytes, key as UTF-8
    u      = (first 52 bits of the ticket + 1/2) / 2**52                       a double, exact, 0 < u < 1

Seed, stratum and purpose hold no line feed and the secret has a fixed length, so the encoding is injective: two
different (purpose, seed, stratum, key) never hash the same bytes. A ticket depends on nothing else, in particular not
on the other units or on the order of the frame.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg

DOMAIN = "qualipolis draw 1"
UNIT, START, STREAM, RESERVE = "unit", "start", "stream", "reserve"
CHUNK = 1 << 16
Words = NDArray[np.uint64]
Numbers = NDArray[np.float64]
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def secret(seed: str, stratum: str = "", purpose: str = UNIT) -> bytes:
    """Return the 32 bytes that stand for seed, stratum and purpose in every ticket.

    Raises
    ------
    InputError
        a line feed in one of them, or an empty seed

    >>> secret("2026-11-22", "A").hex()[:16]
    '0204771f85dbe70c'
    """
    if not seed or any("\n" in part for part in (seed, stratum, purpose)):
        raise InputError(
            [
                Problem(
                    "bad_seed",
                    msg("The seed is empty, or a seed or stratum holds a line break."),
                    msg("Give the published seed as one line of text."),
                    place="seed",
                )
            ]
        )
    return sha256("\n".join((DOMAIN, purpose, seed, stratum)).encode()).digest()


def ticket(seed: str, stratum: str, key: str, purpose: str = UNIT) -> bytes:
    """Return the ticket of one unit: ``SHA-256(secret || key)``, 32 bytes.

    >>> ticket("2026-11-22", "A", "91441900MA4W0AAA1X").hex()[:16]
    'd83811e20467b00a'
    """
    return sha256(secret(seed, stratum, purpose) + key.encode()).digest()


def uniform(digest: bytes) -> float:
    """Return the number between 0 and 1 (both excluded) in the first 52 bits of a digest; exact as a double.

    >>> uniform(bytes(32)) == 0.5 / 2**52, uniform(b"\\x80" + bytes(31))
    (True, 0.5000000000000001)
    """
    return ((int.from_bytes(digest[:8], "big") >> 12) + 0.5) / 2.0**52


def uniforms(words: Words) -> Numbers:
    """Return :func:`uniform` of the first 64 bits of many tickets.

    >>> uniforms(np.array([0, 1 << 63], np.uint64)).round(3).tolist()
    [0.0, 0.5]
    """
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52)


def tickets(seed: str, stratum: str, keys: Any, purpose: str = UNIT, each: Each = map) -> Words:
    """Return the first 64 bits of the ticket of every key, in order.

    Parameters
    ----------
    seed, stratum, purpose : text without line feeds
    keys : list, numpy array (text or bytes) or anything that can be cut ``keys[i:j]``, N real-world keys
    each : ``map`` or the ``map`` of an executor; gets a picklable function and chunks of 65,536 keys

    Returns
    -------
    N unsigned 64-bit integers

    >>> first = tickets("2026-11-22", "A", ["x", "y"])
    >>> int(first[0]) == int.from_bytes(ticket("2026-11-22", "A", "x")[:8], "big")
    True
    """
    head = secret(seed, stratum, purpose)
    parts = list(each(first_words, ((head, part) for part in chunks(keys))))
    if not parts:
        return np.empty(0, np.uint64)
    return np.frombuffer(b"".join(parts), dtype=">u8").astype(np.uint64)


def first_words(job: tuple[bytes, Any]) -> bytes:
    """Return the first 8 bytes of each ticket of a chunk, joined (the work of one call of ``each``)."""
    head, part = job
    digest = sha256
    return b"".join([digest(head + key).digest()[:8] for key in key_bytes(part)])


def chunks(keys: Any) -> Iterator[Any]:
    """Cut keys into parts of :data:`CHUNK`."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def key_bytes(part: Any) -> Sequence[bytes]:
    """Return keys as UTF-8 bytes; numbers as their decimal digits.

    >>> key_bytes(["é"]), key_bytes(np.array([7])), key_bytes(np.array(["ab"], dtype="S4"))
    ([b'\\xc3\\xa9'], [b'7'], [b'ab'])
    """
    values = part.tolist() if hasattr(part, "tolist") else part.to_list() if hasattr(part, "to_list") else list(part)
    if values and isinstance(values[0], bytes):
        return list(values)
    if values and isinstance(values[0], str):
        return [value.encode() for value in values]
    return [str(value).encode() for value in values]


def stream(seed: str, stratum: str = "", purpose: str = STREAM) -> Iterator[float]:
    """Yield uniforms without end: 4 from each ``SHA-256(secret || counter as 8 bytes)``, big endian, 64 bits each.

    For methods that need more than one number for a unit, or numbers for no unit in particular.

    >>> numbers = stream("2026-11-22", "A")
    >>> [round(next(numbers), 4) for _ in range(3)]
    [0.1504, 0.8315, 0.2898]
    """
    head, counter = secret(seed, stratum, purpose), 0
    while True:
        digest = sha256(head + counter.to_bytes(8, "big")).digest()
        for at in (0, 8, 16, 24):
            yield uniform(digest[at : at + 8])
        counter += 1


def canonical(key: str) -> bool:
    """Say whether a key may stand in a frame: not empty, NFC, no control characters, no spaces at its ends.

    >>> canonical("91441900MA4W0AAA1X"), canonical(" x"), canonical("a\\tb"), canonical("")
    (True, False, False, False)
    """
    if not key or key != key.strip() or not unicodedata.is_normalized("NFC", key):
        return False
    return (key.isascii() and key.isprintable()) or not any(unicodedata.category(c) in {"Cc", "Cf"} for c in key)
