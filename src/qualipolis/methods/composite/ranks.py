"""Ranks of batches: the best is 1, ties share the lowest rank, missing is not ranked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats

Ranks = NDArray[np.int32]
SCORE_TIES = 1e-13
"""Scores this close, relative to the largest, are tied: sums of equal parts in another order differ that much."""


def rank_descending(scores: Floats, ties: float = 0.0) -> Ranks:
    """Return 1 + the number of greater scores, over the last axis; 0 where the score is missing.

    Parameters
    ----------
    scores : (..., units)
    ties : neighbours in order closer than this share of the largest absolute score are tied; 0 asks for equality

    >>> rank_descending(np.array([3.0, 5.0, 5.0, np.nan, 1.0])).tolist()
    [3, 1, 1, 0, 4]
    """
    units = scores.shape[-1]
    keys = -scores.reshape(-1, units)
    order = np.argsort(keys, axis=-1)
    order += units * np.arange(len(keys))[:, None]
    ordered = keys.ravel()[order]
    near: float | Floats = 0.0
    if ties:
        near = ties * np.fmax.reduce(np.abs(keys), axis=-1, keepdims=True, initial=0.0)
        if np.isinf(near).any():
            return rank_descending(scores)
    starts = np.empty(keys.shape, dtype=np.int32)
    starts[:] = np.arange(1, units + 1)
    if ties:
        starts[:, 1:] *= ~(np.diff(ordered, axis=-1) <= near)
    else:
        starts[:, 1:] *= ~(ordered[:, 1:] == ordered[:, :-1])
    np.maximum.accumulate(starts, axis=-1, out=starts)
    starts[np.isnan(ordered)] = 0
    ranks = np.empty(keys.size, dtype=np.int32)
    ranks[order] = starts
    return ranks.reshape(scores.shape)


def rank_ascending(values: Floats) -> Floats:
    """Return 1 + the number of strictly smaller values, over the last axis; NaN where the value is missing.

    >>> rank_ascending(np.array([3.0, 5.0, 5.0, np.nan])).tolist()
    [1.0, 2.0, 2.0, nan]
    """
    return ranks_as_floats(rank_descending(-values))


def ranks_as_floats(ranks: Ranks) -> Floats:
    """Return ranks as float64 with NaN for the unranked.

    >>> ranks_as_floats(np.array([1, 0], dtype=np.int32)).tolist()
    [1.0, nan]
    """
    return np.where(ranks == 0, np.nan, ranks.astype(np.float64))
