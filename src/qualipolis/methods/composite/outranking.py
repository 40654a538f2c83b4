"""Outranking: who beats whom by the weight of the indicators on which it is better (Handbook step 6; Munda 2008)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.ranks import SCORE_TIES, Ranks, rank_descending
from qualipolis.methods.problems import InputError, Problem, msg

PAIRS_AT_ONCE = 1 << 18
PATTERNS = 3**9
EVEN = 1e-12
"""Weights for and against that differ by less than this share of all weights are even."""


def outranking_matrix(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return for each pair of units the share of the weights on which the first is better, half of it where they tie.

    Entry (i, j) = sum of w_k [x_ik > x_jk] + w_k [x_ik = x_jk] / 2, over the indicators k that both units have, divided
    by the sum of their weights. So (i, j) + (j, i) = 1, whatever is missing and in whatever order the units stand; COINr
    1.1.14 counts a missing value against whichever unit stands first. NaN where a pair has no indicator in common; 0 on
    the diagonal.

    Parameters
    ----------
    values : (units, indicators), more is better, missing as NaN
    weights : (indicators,), 0 or more

    Raises InputError when the weights do not fit the values or are negative.

    >>> outranking_matrix([[3.0, 1.0], [2.0, 5.0], [2.0, np.nan]], [1.0, 3.0]).tolist()
    [[0.0, 0.25, 1.0], [0.75, 0.0, 0.5], [0.0, 0.5, 0.0]]
    """
    x, w = fitting(values, weights)
    better = _places(x)
    out = np.empty((len(x), len(x)))
    for rows, signs in _signs(better):
        there = better > 0
        common = sum(np.outer(there[k, rows] * w[k], there[k]) for k in range(len(w)))
        lead = sum(w[k] * signs[k] for k in range(len(w)))
        with np.errstate(invalid="ignore", divide="ignore"):
            out[rows] = (1 + lead / np.where(common > 0, common, np.nan)) / 2
    np.fill_diagonal(out, 0.0)
    return out


def dominant_pairs(matrix: Floats) -> tuple[int, float]:
    """Return how many pairs of units are decided by all indicators, and their share of all pairs.

    >>> dominant_pairs(outranking_matrix([[3.0, 6.0], [2.0, 5.0], [2.0, 9.0]], [1.0, 1.0]))
    (1, 0.3333333333333333)
    """
    count, units = int((matrix == 1).sum()), len(matrix)
    return count, count / (units * (units - 1) / 2) if units > 1 else 0.0


def copeland(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the number of units that each beats less the number that beat it, by majority of weight.

    Unit i beats j when the indicators on which i is better weigh more than those on which j is (outranking above 1/2).
    An indicator that either lacks says nothing of that pair. NaN for a unit without any value of some weight. Not compensatory: how far
    one is ahead does not count. Source: Copeland (1951); Saari and Merlin (1996), Economic Theory 8.

    Parameters
    ----------
    values : (units, children) or (R, units, children), more is better, missing as NaN
    weights : (children,) or (R, children)

    Returns (units,) or (R, units); raises InputError when the weights do not fit or are negative. Values closer than 1e-13 of the largest are tied, as in all ranks.

    >>> copeland([[3.0, 1.0, 2.0], [2.0, 5.0, 1.0], [1.0, 4.0, 4.0]], [1.0, 1.0, 1.0]).tolist()
    [0.0, 0.0, 0.0]
    >>> copeland([[3.0, 1.0], [2.0, 5.0], [1.0, 4.0]], [3.0, 1.0]).tolist()
    [2.0, 0.0, -2.0]
    """
    x, w = fitting(values, weights)
    lead = np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    if x.ndim == 2:
        out = _scores(_places(x), w.reshape(-1, w.shape[-1])).reshape(*lead, len(x))
    else:
        shares = np.broadcast_to(w, (*lead, w.shape[-1]))
        out = np.stack([_scores(_places(one), share[None])[0] for one, share in zip(x, shares, strict=True)])
    return np.where((~np.isnan(x) & (w[..., None, :] > 0)).any(axis=-1), out, np.nan)


def fitting(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return values (..., units, columns) and weights (..., columns) as arrays; InputError when they do not fit.

    >>> fitting([[1, 2]], [1, 3])[1].tolist()
    [1.0, 3.0]
    """
    try:
        x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError([_no_numbers()]) from None
    if x.ndim < 2 or w.ndim < 1 or x.shape[-1] != w.shape[-1]:
        raise InputError([_unfit(x.shape, w.shape)])
    if not (np.isfinite(w).all() and (w >= 0).all()):
        raise InputError(
            [Problem("bad_weights", msg("A weight is negative or no number."), msg("Give numbers, 0 or more."))]
        )
    return x, w


def _no_numbers() -> Problem:
    text = msg("The table holds something that is no number, or its rows do not have the same length.")
    return Problem("not_a_number", text, msg("Give one row for each unit and one weight for each column."))


def _unfit(values: tuple[int, ...], weights: tuple[int, ...]) -> Problem:
    return Problem(
        "wrong_shape",
        msg("Weights of shape %(weights)s do not fit values of shape %(values)s."),
        msg("Give one row for each unit and one weight for each column."),
        {"values": values, "weights": weights},
    )


def _places(values: Floats) -> Ranks:
    """Return ranks of (units, children) inside each child, (children, units), 0 where missing."""
    return rank_descending(np.ascontiguousarray(values.T), SCORE_TIES)


def _signs(places: Ranks) -> Iterator[tuple[slice, NDArray[np.int8]]]:
    """Yield blocks of rows with 1 where the row's unit is better, -1 where worse, else 0: (children, rows, units)."""
    children, units = places.shape
    narrow = places.astype(np.int16) if units < 2**15 else places
    step = max(1, PAIRS_AT_ONCE // max(1, units))
    for first in range(0, units, step):
        rows = slice(first, min(first + step, units))
        out = np.empty((children, rows.stop - first, units), dtype=np.int8)
        for k in range(children):
            mine, theirs = narrow[k, rows, None], narrow[k]
            np.subtract((mine < theirs).view(np.int8), (mine > theirs).view(np.int8), out=out[k])
            if not narrow[k].all():
                out[k][narrow[k, rows] == 0] = 0
                out[k][:, narrow[k] == 0] = 0
        yield rows, out


def _scores(places: Ranks, weights: Floats) -> Floats:
    """Return wins less losses for each row of weights (m, children): (m, units)."""
    children, units = places.shape
    if len(weights) > 1 and 3.0**children <= PATTERNS:
        return _scores_by_pattern(places, weights)
    out = np.empty((len(weights), units))
    for rows, signs in _signs(places):
        for one, share in enumerate(weights):
            out[one, rows] = _majority(signs, share[:, None, None]).sum(axis=-1, dtype=np.int64)
    return out


def _scores_by_pattern(places: Ranks, weights: Floats) -> Floats:
    """Count once how often each unit meets each pattern of better, tied and worse; then each weighting is a product.

    The products are sums of whole numbers far below 2**24: exact in single precision, in any order. No matrix product
    of the linear algebra library is used, whose threads get into each other's way beside those of a Monte Carlo run.
    """
    children, units = places.shape
    powers = 3 ** np.arange(children)
    digits = (np.arange(3**children) // powers[:, None] % 3 - 1).astype(np.int8)
    verdicts = np.array([_majority(digits, share[:, None]) for share in weights], dtype=np.float32)
    out = np.empty((len(weights), units))
    for rows, signs in _signs(places):
        codes = np.zeros(signs.shape[1:], dtype=np.int64)
        for k in range(children):
            codes += (signs[k] + 1) * powers[k]
        counts = np.stack([np.bincount(row, minlength=len(digits[0])) for row in codes])
        used = np.flatnonzero(counts.any(axis=0))
        out[:, rows] = np.einsum("mp,up->mu", verdicts[:, used], counts[:, used].astype(np.float32))
    return out


def _majority(signs: NDArray[np.int8], shares: Floats) -> NDArray[np.int8]:
    """Return the sign of the weight for less the weight against, over the first axis, in the order of the children."""
    lead = signs[0] * shares[0]
    for sign, share in zip(signs[1:], shares[1:], strict=True):
        lead += sign * share
    even = EVEN * float(shares.sum())
    out: NDArray[np.int8] = (lead > even).view(np.int8) - (lead < -even).view(np.int8)
    return out
