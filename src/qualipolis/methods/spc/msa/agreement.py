"""Agreement of people who judge by eye: kappa of two, of many, weighted, and how well each meets the standard.

Cohen: κ = (p_o − p_e)/(1 − p_e) from a cross table; with weights w_ij, 1 − Σ w p/Σ w e. Fleiss: κ of m judgements of
each item, with the standard error under no agreement of Fleiss, Nee and Landis (1979).

Source: J. Cohen (1960), Educational and Psychological Measurement 20, 37-46, and (1968), Psychological Bulletin 70,
213-220; J. L. Fleiss, J. Cohen and B. S. Everitt (1969), Psychological Bulletin 72, 323-327; J. L. Fleiss (1971),
Psychological Bulletin 76, 378-382; J. L. Fleiss, J. C. M. Nee and J. R. Landis (1979), Psychological Bulletin 86, 974-977.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

Weights = Literal["", "linear", "quadratic"]


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance: κ, its standard error, confidence limits, and observed and chance agreement."""

    kappa: float
    error: float
    low: float
    high: float
    observed: float
    chance: float


def _table(table: ArrayLike) -> Floats:
    found = np.asarray(table, dtype=np.float64)
    wrong = found.ndim != 2 or found.shape[0] != found.shape[1] or found.shape[0] < 2
    if wrong or not np.isfinite(found).all() or found.min() < 0 or found.sum() < 2:
        what = msg("The cross table of two judges is square, without negative counts, and not empty.")
        raise InputError([Problem("bad_table", what, place="table")])
    return found


def cohen_kappa(table: ArrayLike, *, weights: Weights = "", confidence: float = 0.95) -> Kappa:
    """Return the agreement of two judges from their cross table.

    Parameters
    ----------
    table : (c, c) counts, rows by the first judge, columns by the second
    weights : how much neighbouring categories count as near: all disagreements alike, by distance or its square
    confidence : of the limits, by the standard error of Fleiss, Cohen and Everitt

    >>> found = cohen_kappa([[44, 6], [3, 97]])
    >>> round(found.kappa, 4), round(found.low, 3), round(found.high, 3)
    (0.8629, 0.776, 0.95)
    """
    from scipy.special import ndtri

    counts = _table(table)
    n, c = counts.sum(), len(counts)
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    distance = np.abs(np.subtract.outer(np.arange(c), np.arange(c))) / (c - 1)
    alike = {"": np.eye(c), "linear": 1 - distance, "quadratic": 1 - distance**2}[weights]
    observed, chance = float(np.sum(alike * p)), float(rows @ alike @ columns)
    if chance >= 1:
        what = msg("Both judges used one category only: agreement beyond chance has no meaning.")
        raise InputError([Problem("one_category", what, place="table")])
    kappa = (observed - chance) / (1 - chance)
    mean = (alike @ columns)[:, None] + (rows @ alike)[None, :]
    spread = float(np.sum(p * (alike - mean * (1 - kappa)) ** 2)) - (kappa - chance * (1 - kappa)) ** 2
    error = float(np.sqrt(max(0.0, spread) / n) / (1 - chance))
    half = float(ndtri((1 + confidence) / 2)) * error
    return Kappa(kappa, error, kappa - half, kappa + half, observed, chance)


@dataclass(frozen=True)
class FleissKappa:
    """Agreement of many judgements of each item: κ, its error when there is none, z, and κ of each category."""

    kappa: float
    error: float
    z: float
    p: float
    by_category: tuple[float, ...]


def fleiss_kappa(table: ArrayLike) -> FleissKappa:
    """Return the agreement of m judgements of each item.

    Parameters
    ----------
    table : (items, categories) how many judgements put an item into a category; each item has the same number m

    >>> found = fleiss_kappa([[3, 0], [0, 3], [2, 1], [3, 0]])
    >>> round(found.kappa, 4)
    0.625
    """
    from scipy.special import ndtr

    counts = np.asarray(table, dtype=np.float64)
    totals = counts.sum(axis=1) if counts.ndim == 2 else np.zeros(1)
    if counts.ndim != 2 or len(counts) < 2 or counts.min() < 0 or totals[0] < 2 or np.ptp(totals) > 0:
        what = msg("Each item has the same number of judgements, at least two, and there are at least two items.")
        raise InputError([Problem("bad_table", what, place="table")])
    items, m = len(counts), totals[0]
    share = counts.sum(axis=0) / (items * m)
    q = 1 - share
    spread = float(share @ q)
    if spread <= 0:
        what = msg("All judgements name one category: agreement beyond chance has no meaning.")
        raise InputError([Problem("one_category", what, place="table")])
    disagree = np.sum(counts * (m - counts), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = 1 - disagree / (items * m * (m - 1) * share * q)
    kappa = 1 - disagree.sum() / (items * m * (m - 1) * spread)
    inner = spread**2 - float(np.sum(share * q * (q - share)))
    error = float(np.sqrt(2 * inner / (items * m * (m - 1))) / spread)
    z = float(kappa / error)
    return FleissKappa(float(kappa), error, z, float(ndtr(-z)), tuple(float(v) for v in each))
