"""Two samples of numbers between 0 and 1, quasi-random or random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError

SAMPLINGS = ("sobol", "random")
SCRAMBLES = 16
SMALLEST_SCRAMBLE = 8


def two_samples(n: int, width: int, seed: int, sampling: str) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return samples A and B, (n, width), and the scramble that each row belongs to.

    ``sobol``: Sobol' points with Owen scrambling in 2 x width dimensions, 16 independent scrambles one after the other;
    one scramble when n is too small for 8 points in each. Rows of the scrambles take turns, so that the first n/2 rows
    are a sample by themselves. ``random``: independent; every row is a scramble of its own.

    Sources: Sobol' (1967); Owen (1997), Annals of Statistics 25(4); Joe and Kuo (2008) for the direction numbers.

    >>> a, b, blocks = two_samples(256, 2, 0, "sobol")
    >>> a.shape, b.shape, int(blocks.max()) + 1
    ((256, 2), (256, 2), 16)
    """
    if sampling not in SAMPLINGS:
        raise InputError([choice_problem("sobol", "sampling", sampling, SAMPLINGS)])
    if sampling == "random" or width == 0:
        points = np.random.default_rng(seed).random((n, 2 * width))
        return points[:, :width], points[:, width:], np.arange(n)
    from scipy.stats import qmc

    times = SCRAMBLES if n >= SCRAMBLES * SMALLEST_SCRAMBLE else 1
    each = -(-n // times)
    power = 1 << (each - 1).bit_length()
    streams = np.random.SeedSequence(seed).spawn(times)
    parts = [qmc.Sobol(2 * width, scramble=True, rng=np.random.default_rng(s)).random(power)[:each] for s in streams]
    points = np.stack(parts, axis=1).reshape(-1, 2 * width)[:n]
    blocks = np.tile(np.arange(times), each)[:n]
    return points[:, :width], points[:, width:], blocks
