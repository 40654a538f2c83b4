"""How often a unit takes a place, and how often one ranks above another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats

Ranks = NDArray[np.uint32]


def acceptability(ranks: Ranks) -> Floats:
    """Return the share of replicates in which each unit takes each place, (units, places); rows sum to 1.

    Over the replicates in which the unit is ranked; NaN where it never is. Units that tie take the same, lowest place, so
    columns need not sum to 1. Source: Lahdelma and Salminen (2001), "SMAA-2: stochastic multicriteria acceptability
    analysis for group decision making", Operations Research 49(3).

    Parameters
    ----------
    ranks : (replicates, units), 0 where not ranked

    >>> acceptability(np.array([[1, 2], [1, 2], [2, 1], [1, 1]], dtype=np.uint32)).tolist()
    [[0.75, 0.25], [0.5, 0.5]]
    """
    units = ranks.shape[1]
    counts = np.stack([np.bincount(column, minlength=units + 1)[1 : units + 1] for column in ranks.T])
    ranked = counts.sum(axis=1, keepdims=True)
    share: Floats = np.divide(counts, ranked, out=np.full(counts.shape, np.nan), where=ranked > 0)
    return share


def above(ranks: Ranks) -> Floats:
    """Return the probability that the row's unit ranks strictly above the column's, (units, units); 0 on the diagonal.

    Over the replicates in which both are ranked, NaN where there is none. P(A above B) + P(B above A) falls short of 1
    by the share of ties.

    Parameters
    ----------
    ranks : (replicates, units), 0 where not ranked

    >>> above(np.array([[1, 2], [1, 2], [2, 1], [1, 1]], dtype=np.uint32)).tolist()
    [[0.0, 0.5], [0.25, 0.0]]
    """
    units = ranks.shape[1]
    places: NDArray[np.unsignedinteger] = ranks.astype(np.uint16) if units < 2**16 else ranks
    wins = np.zeros((units, units), dtype=np.int32)
    both = np.full((units, units), len(ranks), dtype=np.int32)
    some = places[(places == 0).any(axis=1)]
    for row in places[(places > 0).all(axis=1)]:
        wins += row[:, None] < row[None, :]
    if len(some):
        there = (some > 0).astype(np.float32)
        both += np.rint(there.T @ there).astype(np.int32) - len(some)
        for row, present in zip(some, some > 0, strict=True):
            wins += (row[:, None] < row[None, :]) & present[:, None]
    share: Floats = np.divide(wins, both, out=np.full(wins.shape, np.nan), where=both > 0)
    return share


def chance_above(ranks: Ranks, a: int, b: int) -> float:
    """Return the probability that unit ``a`` ranks strictly above unit ``b``, over the replicates that rank both.

    >>> chance_above(np.array([[1, 2], [2, 1], [1, 1]], dtype=np.uint32), 0, 1)
    0.3333333333333333
    """
    both = (ranks[:, a] > 0) & (ranks[:, b] > 0)
    return float((ranks[both, a] < ranks[both, b]).mean()) if both.any() else float("nan")


def end_errors(ranks: Ranks, points: tuple[float, ...], batches: int) -> Floats:
    """Return the Monte Carlo standard error of quantiles of the ranks, (points, units), from batch means.

    The replicates are cut into batches; the quantiles of the batches vary around that of the whole, and their standard
    deviation over the root of the number of batches is the error. Source: Chen and Kelton (2006), "Quantile and
    tolerance-interval estimation in simulation", EJOR 168(2).

    >>> end_errors(np.ones((40, 2), dtype=np.uint32), (0.05, 0.95), 4).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    from qualipolis.methods.composite.intervals import quantiles_of_ranks

    parts = [quantiles_of_ranks(part, points) for part in np.array_split(ranks, batches)]
    error: Floats = np.std(np.stack(parts), axis=0, ddof=1) / np.sqrt(batches)
    return error
