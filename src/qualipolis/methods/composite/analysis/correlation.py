"""Correlation of columns, pairwise complete, with the number of pairs and p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.analysis.selection import Source, columns, flat_columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError

if TYPE_CHECKING:
    import polars as pl

METHODS = ("pearson", "spearman", "kendall")
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class CorrelationMatrix:
    """What :func:`correlation_matrix` returns: ``r``, ``p`` and ``n`` are (codes, codes); NaN where undefined."""

    codes: tuple[str, ...]
    method: str
    r: Floats
    p: Floats
    n: Counts

    def between(self, a: str, b: str) -> float:
        """Return the correlation of two codes."""
        return float(self.r[self.codes.index(a), self.codes.index(b)])

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each pair of different codes, once: a, b, correlation, p, n."""
        import polars as pl

        rows, cols = np.triu_indices(len(self.codes), 1)
        names = np.array(self.codes, dtype=object)
        frame = pl.DataFrame(
            {
                "a": names[rows].tolist(),
                "b": names[cols].tolist(),
                "correlation": self.r[rows, cols],
                "p": self.p[rows, cols],
                "n": self.n[rows, cols],
            },
            schema_overrides={"a": pl.String, "b": pl.String},
        )
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        return f"CorrelationMatrix({self.method}, {len(self.codes)} codes, n {self.n.min()} to {self.n.max()})"


def correlation_matrix(
    source: Source,
    method: str = "pearson",
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    codes: tuple[str, ...] | None = None,
) -> CorrelationMatrix:
    r"""Return the correlation of every two columns over the units that have both.

    ``pearson``: the product-moment correlation; :math:`t = r\sqrt{(n-2)/(1-r^2)}` on n - 2 degrees of freedom gives the
    two-sided p (R's ``cor.test``). ``spearman``: the same of the ranks (ties get their mean rank), and the same t.
    ``kendall``: tau-b; p exact for few units without ties, else normal (Kendall 1970). Undefined (NaN): a column without
    variation in the pair; p needs 3 pairs, and is a description only where the units are no sample.

    Raises
    ------
    InputError
        an unknown method, or what :func:`.columns` finds

    >>> found = correlation_matrix([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    >>> round(found.between("c1", "c2"), 12), round(float(found.p[0, 1]), 4), int(found.n[0, 1])
    (0.6, 0.4, 4)
    """
    if method not in METHODS:
        raise InputError([choice_problem("correlation", "method", method, METHODS)])
    found = columns(source, stage, level, under, codes)
    values = found.values
    present = (~np.isnan(values)).astype(np.float64)
    n = np.rint(present.T @ present).astype(np.int64)
    if method == "kendall":
        r, p = _kendall(values)
    elif method == "spearman":
        r = _spearman(values)
        p = p_of_r(r, n)
    else:
        r = pearson(values)
        p = p_of_r(r, n)
    return CorrelationMatrix(found.codes, method, r, p, n)


def covariance(values: Floats) -> Floats:
    """Return the covariance (n - 1) of every two columns of (units, columns) over the units that have both.

    >>> covariance(np.array([[1.0, 1.0], [2.0, np.nan], [3.0, 5.0]])).tolist()
    [[1.0, 4.0], [4.0, 8.0]]
    """
    present = ~np.isnan(values)
    m, x, scale = _prepared(values)
    n = m.T @ m
    with np.errstate(invalid="ignore", divide="ignore"):
        if present.all():
            product = x.T @ x
        else:
            sums = x.T @ m
            product = x.T @ x - sums * sums.T / n
        found: Floats = np.where(n > 1, product / (n - 1), np.nan) * np.outer(scale, scale)
    return found


def pearson(values: Floats) -> Floats:
    """Return the product-moment correlation of every two columns over the units that have both.

    >>> pearson(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]]))[0, 1].round(12).tolist()
    0.6
    """
    present = ~np.isnan(values)
    m, x, _ = _prepared(values)
    n = m.T @ m
    square = (x * x).T @ m
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = x.T @ m
        spread = square - sums * sums / n
        product = x.T @ x - sums * sums.T / n
        flat = spread <= 1e-13 * np.maximum(square, 1e-300)
        if present.all():
            flat |= flat_columns(values)[:, None]
        both = np.where(flat | flat.T, np.nan, spread * spread.T)
        r: Floats = np.clip(product / np.sqrt(both), -1.0, 1.0)
    diagonal = np.diag(r)
    np.fill_diagonal(r, np.where(np.isnan(diagonal), np.nan, 1.0))
    return r


def p_of_r(r: Floats, n: Counts) -> Floats:
    """Return the two-sided p of correlations with t on n - 2 degrees of freedom; NaN with fewer than 3 pairs.

    >>> round(float(p_of_r(np.array([[0.6]]), np.array([[4]]))[0, 0]), 6)
    0.4
    """
    from scipy.special import stdtr

    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.maximum(n - 2, 1)
        t = np.abs(r) * np.sqrt(freedom / ((1 - r) * (1 + r)))
        p = 2.0 * np.asarray(stdtr(freedom.astype(np.float64), -t))
    return np.where((n > 2) & ~np.isnan(r), p, np.nan)


def _prepared(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return presence, columns centred and scaled to 1 (missing as 0), and the scales."""
    present = ~np.isnan(values)
    count = np.maximum(present.sum(axis=0), 1)
    centred = np.where(present, values - np.where(present, values, 0.0).sum(axis=0) / count, 0.0)
    scale = np.abs(centred).max(axis=0, initial=0.0)
    scale = np.where(scale > 0, scale, 1.0)
    return present.astype(np.float64), centred / scale, scale


def _spearman(values: Floats) -> Floats:
    from scipy.stats import rankdata

    gaps = np.isnan(values)
    if not gaps.any():
        return pearson(np.asarray(rankdata(values, axis=0), dtype=np.float64))
    count = values.shape[1]
    r = np.full((count, count), np.nan)
    for i in range(count):
        for j in range(i + 1):
            both = ~(gaps[:, i] | gaps[:, j])
            if both.sum() > 1:
                ranks = np.asarray(rankdata(values[both][:, [i, j]], axis=0), dtype=np.float64)
                r[i, j] = r[j, i] = pearson(ranks)[0, 1]
    return r


def _kendall(values: Floats) -> tuple[Floats, Floats]:
    from scipy.stats import kendalltau

    count = values.shape[1]
    r, p = np.full((count, count), np.nan), np.full((count, count), np.nan)
    gaps = np.isnan(values)
    flat = flat_columns(values)
    for i in range(count):
        r[i, i] = np.nan if flat[i] else 1.0
        for j in range(i):
            both = ~(gaps[:, i] | gaps[:, j])
            pair = values[both][:, [i, j]]
            if len(pair) > 1 and not flat_columns(pair).any():
                tau, chance = kendalltau(pair[:, 0], pair[:, 1])
                r[i, j] = r[j, i] = float(tau)
                p[i, j] = p[j, i] = float(chance) if len(pair) > 2 else np.nan
        p[i, i] = np.nan if flat[i] or (~gaps[:, i]).sum() < 3 else 0.0
    return r, p
