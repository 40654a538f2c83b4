"""Two samples of numbers between 0 and 1, quasi-random or random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.sensitivity.sequence import scrambled_points
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError

SAMPLINGS = ("sobol", "random")
SCRAMBLES = 16
SMALLEST_SCRAMBLE = 8


def two_samples(n: int, width: int, seed: int, sampling: str) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return samples A and B, (n, width), and the scramble that each row belongs to.

    ``sobol``: scrambled Sobol' points (:mod:`.sequence`) in 2 x width dimensions, 16 independent scrambles one after the other;
    one scramble when n is too small for 8 points in each. Rows of the scrambles take turns, so that the first n/2 rows
    are a sample by themselves. ``random``: independent; every row is a scramble of its own.

    >>> a, b, blocks = two_samples(256, 2, 0, "sobol")
    >>> a.shape, b.shape, int(blocks.max()) + 1
    ((256, 2), (256, 2), 16)
    """
    if sampling not in SAMPLINGS:
        raise InputError([choice_problem("sobol", "sampling", sampling, SAMPLINGS)])
    if sampling == "random" or width == 0:
        points = np.random.default_rng(seed).random((n, 2 * width))
        return points[:, :width], points[:, width:], np.arange(n)
    times = SCRAMBLES if n >= SCRAMBLES * SMALLEST_SCRAMBLE else 1
    each = -(-n // times)
    drawn = scrambled_points((each - 1).bit_length(), 2 * width, times, seed)[:, :each]
    points = drawn.transpose(1, 0, 2).reshape(-1, 2 * width)[:n]
    blocks = np.tile(np.arange(times), each)[:n]
    return points[:, :width], points[:, width:], blocks
