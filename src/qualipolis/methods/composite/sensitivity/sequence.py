"""Sobol' points with random linear scrambling, without the weight of a statistics package.

Up to 64 dimensions; more come from SciPy, whose points and scrambling are of the same kind.
Sources: Sobol' (1967); Joe and Kuo (2008), "Constructing Sobol' sequences with better two-dimensional projections", SIAM J.
Scientific Computing 30(5), for the direction numbers; Matousek (1998), "On the L2-discrepancy for anchored boxes", J.
Complexity 14, for linear scrambling with a digital shift, the cheap kind of Owen's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats

BITS = 30
# Primitive polynomial and first direction numbers of each dimension from the second on.
TABLE = (
    "3 1; 7 1 3; 11 1 3 1; 13 1 1 1; 19 1 1 3 3; 25 1 3 5 13; 37 1 1 5 5 17; 41 1 1 5 5 5; 47 1 1 7 11 19; 55 1 1 5 1 "
    "1; 59 1 1 1 3 11; 61 1 3 5 5 31; 67 1 3 3 9 7 49; 91 1 1 1 15 21 21; 97 1 3 1 13 27 49; 103 1 1 1 15 7 5; 109 1 "
    "3 1 15 13 25; 115 1 1 5 5 19 61; 131 1 3 7 11 23 15 103; 137 1 3 7 13 13 15 69; 143 1 1 3 13 7 35 63; 145 1 3 5 "
    "9 1 25 53; 157 1 3 1 13 9 35 107; 167 1 3 1 5 27 61 31; 171 1 1 5 11 19 41 61; 185 1 3 5 3 3 13 69; 191 1 1 7 13 "
    "1 19 1; 193 1 3 7 5 13 19 59; 203 1 1 3 9 25 29 41; 211 1 3 5 13 23 1 55; 213 1 3 7 3 13 59 17; 229 1 3 1 3 5 53 "
    "69; 239 1 1 5 5 23 33 13; 241 1 1 7 7 1 61 123; 247 1 1 7 9 13 61 49; 253 1 3 3 5 3 55 33; 285 1 3 1 15 31 13 49 "
    "245; 299 1 3 5 15 31 59 63 97; 301 1 3 1 11 11 11 77 249; 333 1 3 1 11 27 43 71 9; 351 1 1 7 15 21 11 81 45; 355 "
    "1 3 7 3 25 31 65 79; 357 1 3 1 1 19 11 3 205; 361 1 1 5 9 19 21 29 157; 369 1 3 7 11 1 33 89 185; 391 1 3 3 3 15 "
    "9 79 71; 397 1 3 7 11 15 39 119 27; 425 1 1 3 1 11 31 97 225; 451 1 1 1 3 23 43 57 177; 463 1 3 7 7 17 17 37 71; "
    "487 1 3 1 5 27 63 123 213; 501 1 1 3 5 11 43 53 133; 529 1 3 5 5 29 17 47 173 479; 539 1 3 3 11 3 1 109 9 69; "
    "545 1 1 1 5 17 39 23 5 343; 557 1 3 1 5 25 15 31 103 499; 563 1 1 1 11 11 17 63 105 183; 601 1 1 5 11 9 29 97 "
    "231 363; 607 1 1 5 15 19 45 41 7 383; 617 1 3 7 7 31 19 83 137 221; 623 1 1 1 3 23 15 111 223 83; 631 1 1 5 13 "
    "31 15 55 25 161; 637 1 1 3 13 25 47 39 87 257 "
)
DIMENSIONS = TABLE.count(";") + 2
Integers = NDArray[np.int64]


def scrambled_points(power: int, dimensions: int, times: int, seed: int) -> Floats:
    """Return independent scrambles of the first 2^power points, (times, 2^power, dimensions), each in [0, 1).

    >>> points = scrambled_points(3, 2, 1, 0)[0]
    >>> sorted((points[:, 0] * 8).astype(int).tolist()) == list(range(8))  # one point in each eighth
    True
    """
    streams = np.random.SeedSequence(seed).spawn(times)
    return np.stack([_one(power, dimensions, np.random.default_rng(stream)) for stream in streams])


def _one(power: int, dimensions: int, rng: np.random.Generator) -> Floats:
    if dimensions > DIMENSIONS:
        from scipy.stats import qmc

        drawn: Floats = qmc.Sobol(dimensions, scramble=True, rng=rng).random(1 << power)
        return drawn
    bits = _bits(_directions(dimensions))
    lower = np.tril(rng.integers(0, 2, (dimensions, BITS, BITS)), -1) + np.eye(BITS, dtype=np.int64)
    mixed = np.einsum("dij,dkj->dki", lower, bits) % 2
    numbers = mixed @ (1 << np.arange(BITS - 1, -1, -1))
    return plain_points(power, numbers, rng.integers(0, 1 << BITS, dimensions))


def plain_points(power: int, numbers: Integers, shift: Integers) -> Floats:
    """Return the points of direction numbers (dimensions, bits) under a digital shift, (2^power, dimensions).

    >>> plain_points(2, _directions(1), np.zeros(1, dtype=np.int64)).ravel().tolist()
    [0.0, 0.5, 0.25, 0.75]
    """
    points = shift[None]
    for k in range(power):
        points = np.concatenate([points, points ^ numbers[:, k]])
    return np.asarray(points / (1 << BITS), dtype=np.float64)


def _directions(dimensions: int) -> Integers:
    """Return the direction numbers, (dimensions, bits), the leading bit first."""
    out = np.empty((dimensions, BITS), dtype=np.int64)
    out[0] = 1 << np.arange(BITS - 1, -1, -1)
    for row, text in enumerate(TABLE.split(";")[: dimensions - 1], start=1):
        polynomial, *first = (int(number) for number in text.split())
        degree = len(first)
        m = list(first)
        for k in range(degree, BITS):
            value = m[k - degree] ^ (m[k - degree] << degree)
            for i in range(1, degree):
                if polynomial >> (degree - i) & 1:
                    value ^= m[k - i] << i
            m.append(value)
        out[row] = [number << (BITS - 1 - k) for k, number in enumerate(m)]
    return out


def _bits(numbers: Integers) -> Integers:
    return numbers[..., None] >> np.arange(BITS - 1, -1, -1) & 1
