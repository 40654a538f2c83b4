"""Tests of association in a two-way table under the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats, coded
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.design_checks import missing
from qualipolis.methods.sampling.estimation.estimates import joint

STATISTICS = ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")


@dataclass(frozen=True)
class Association:
    """A test of independence: statistic, its parameters (degrees of freedom), p."""

    statistic: float
    parameters: tuple[float, ...]
    p: float
    method: str


@dataclass(frozen=True)
class _Table:
    """Cells column by column: shares, or totals for the Wald tests, and their covariance."""

    shares: Floats
    covariance: Floats
    rows: int
    columns: int
    n: int
    df: int


def association(design: SurveyDesign, first: ArrayLike, second: ArrayLike, statistic: str = "F") -> Association:
    """Test whether two classifications are independent in the population.

    ``F``: Pearson's X2 over the trace of the design effects, on F(d, d nu) (Rao and Scott's second order);
    ``Chisq``: X2 over their mean, on chi-squared; ``lincom`` and ``saddlepoint``: X2 against the sum of F-like terms
    by Lugannani-Rice's saddlepoint; ``Wald`` and ``adjWald``: from the covariance of observed less expected.

    Parameters
    ----------
    first, second : (rows,) labels; rows with a missing label do not count
    statistic : one of ``F``, ``Chisq``, ``Wald``, ``adjWald``, ``lincom``, ``saddlepoint``

    Raises
    ------
    InputError
        fewer than two classes, an empty cell's row or column, an unknown statistic

    References
    ----------
    J. N. K. Rao, A. J. Scott (1984), Annals of Statistics 12, 46-60; D. Kuonen (1999), Biometrika 86, 929-935.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> a = association(survey_design(np.ones(8)), list("aaaabbbb"), list("xxyyxxyy"))
    >>> abs(a.statistic) < 1e-9
    True
    """
    if statistic not in STATISTICS:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        params = {"given": statistic, "known": ", ".join(STATISTICS)}
        raise InputError([Problem("unknown_option", what, remedy, params, place="statistic")])
    wald = statistic in ("Wald", "adjWald")
    table = _table(design, np.asarray(first), np.asarray(second), "total" if wald else "mean")
    return _wald(table, statistic) if wald else _pearson(table, statistic)


def _table(design: SurveyDesign, first: NDArray[Any], second: NDArray[Any], kind: str) -> _Table:
    lost = missing(first) | missing(second)
    a, names = coded(np.where(lost, first[~lost][0], first))
    b, others = coded(np.where(lost, second[~lost][0], second))
    if names.size < 2 or others.size < 2:
        what = msg("A table needs at least two rows and two columns.")
        raise InputError([Problem("no_table", what, msg("Choose labels that differ."))])
    cell = a + names.size * b
    count = names.size * others.size
    columns = [np.where(lost, np.nan, cell == k) for k in range(count)]
    shares, cov = joint(design, columns, kind)
    return _Table(shares, cov, names.size, others.size, int((~lost).sum()), design.df)


def _pearson(table: _Table, statistic: str) -> Association:
    from scipy.special import chdtrc, fdtrc

    p = table.shares.reshape(table.columns, table.rows).T
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    x2 = table.n * float(((p - expected) ** 2 / expected).sum())
    delta = _design_effects(table)
    trace = float(np.trace(delta))
    d0 = trace**2 / float(np.trace(delta @ delta))
    if statistic == "F":
        f = x2 / trace
        return Association(f, (d0, d0 * table.df), float(fdtrc(d0, d0 * table.df, f)), "rao-scott F")
    if statistic == "Chisq":
        size = delta.shape[0]
        return Association(x2, (size,), float(chdtrc(size, x2 / (trace / size))), "rao-scott chi-squared")
    values = np.linalg.eigvals(delta).real
    return Association(x2, (), tail_of_sum(x2, values, d0 * table.df), "saddlepoint")


def _design_effects(table: _Table) -> Floats:
    """Generalised design effects of the interactions."""
    r, c = table.rows, table.columns
    rows, cols = np.tile(np.arange(r), c), np.repeat(np.arange(c), r)
    main = [np.ones(r * c), *((rows == i) * 1.0 for i in range(1, r)), *((cols == j) * 1.0 for j in range(1, c))]
    both = [(rows == i) * (cols == j) * 1.0 for j in range(1, c) for i in range(1, r)]
    x, z = np.stack(main, axis=1), np.stack(both, axis=1)
    basis = z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
    inverse = np.where(table.shares > 0, 1 / np.where(table.shares > 0, table.shares, 1), 0.0)
    scaled = basis * inverse[:, None]
    return np.linalg.solve((basis.T @ scaled) / table.n, scaled.T @ table.covariance @ scaled)


def _wald(table: _Table, statistic: str) -> Association:
    from scipy.special import fdtrc

    r, c = table.rows, table.columns
    p = table.shares.reshape(c, r).T
    rows, cols = np.tile(np.arange(r), c), np.repeat(np.arange(c), r)
    whole = float(p.sum())
    a, b = p.sum(axis=1), p.sum(axis=0) / whole
    gap = table.shares - a[rows] * b[cols]
    slope = (
        np.eye(r * c) - (rows[:, None] == rows) * b[cols][:, None] - (cols[:, None] == cols) * a[rows][:, None] / whole
    )
    slope = slope + (a[rows] * b[cols])[:, None] / whole
    cov = slope @ table.covariance @ slope.T
    use = np.flatnonzero((rows > 0) & (cols > 0))
    size, nu = use.size, table.df
    value = float(gap[use] @ np.linalg.solve(cov[np.ix_(use, use)], gap[use]))
    if statistic == "Wald":
        return Association(value / size, (size, nu), float(fdtrc(size, nu, value / size)), "wald")
    below = nu - size + 1
    f = value * below / (size * nu)
    return Association(f, (size, below), float(fdtrc(size, below, f)), "adjusted wald")


def tail_of_sum(x: float, scales: Floats, df: float) -> float:
    """P(sum a_i chi2_1 > x chi2_df / df) by the saddlepoint; Satterthwaite's F where it stands at the mean."""
    from scipy.special import fdtrc

    mean = float(scales.mean())
    spread = float((scales**2).mean()) / mean**2
    size = scales.size / spread
    guess = float(fdtrc(size, df, x / (size * mean * spread)))
    found = _saddlepoint(scales, -x / df, df)
    return guess if found is None else found


def _saddlepoint(scales: Floats, last: float, df: float) -> float | None:
    """P(sum a_i chi2_1 + last chi2_df > 0) (Kuonen 1999); df is cut to a whole number, as in R."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    a, k = np.append(scales, last), np.append(np.ones(scales.size), np.floor(df))
    a = a / np.abs(a).max()

    def slope(z: float) -> float:
        return float((k * a / (1 - 2 * z * a)).sum())

    ends = 1 / (2 * a)
    low = ends[a < 0].max() * (1 - 1e-9) if (a < 0).any() else -1e6
    high = ends[a > 0].min() * (1 - 1e-9)
    z = float(brentq(slope, low, high, xtol=1e-14))
    if abs(z) < 1e-4:
        return None
    heap = -float((k * np.log(1 - 2 * z * a)).sum()) / 2
    curve = 2 * float((k * a**2 / (1 - 2 * z * a) ** 2).sum())
    w, v = float(np.sign(z)) * np.sqrt(-2 * heap), z * np.sqrt(curve)
    return float(ndtr(-(w + np.log(v / w) / w)))
