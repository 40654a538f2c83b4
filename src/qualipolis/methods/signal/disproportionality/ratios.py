"""Ratios of two-by-two tables: PRR, ROR and chi², of one table or over strata in the manner of Mantel and Haenszel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, gammaln

from qualipolis.methods.signal.disproportionality.tables import Floats, Tables

Z95 = 1.959963984540054
ENDED = 1e-17


@dataclass(frozen=True)
class Ratio:
    """An estimate with its 95 % interval, one entry a pair; NaN where there is none."""

    estimate: Floats
    low: Floats
    high: Floats


def _ratio(over: Floats, under: Floats, variance: Floats) -> Ratio:
    """Return over / under with the Wald interval on the log scale; infinite without a lower bound where under is 0."""
    with np.errstate(all="ignore"):
        estimate = over / under
        width = Z95 * np.sqrt(variance)
        low, high = np.exp(np.log(estimate) - width), np.exp(np.log(estimate) + width)
    one_sided = np.isinf(estimate)
    none = ~np.isfinite(width) | (estimate == 0)
    return Ratio(estimate, np.where(one_sided | none, np.nan, low), np.where(one_sided, np.inf, _blank(high, none)))


def _blank(values: Floats, where: np.ndarray) -> Floats:
    return np.where(where, np.nan, values)


def reporting_ratio(tables: Tables) -> Ratio:
    """Return PRR ``= [a/(a+b)] / [c/(c+d)]`` with its 95 % interval (variance of the log
    ``1/a - 1/(a+b) + 1/c - 1/(c+d)``).

    Infinite where no other left has the right (c = 0): the interval has no lower end then, the 2x2 table does not tell.

    References
    ----------
    S. J. W. Evans, P. C. Waller, S. Davis (2001), Pharmacoepidemiology and Drug Safety 10, 483-486.

    >>> found = reporting_ratio(Tables([20], [80], [100], [9800]))
    >>> found.estimate.round(2).tolist(), found.low.round(2).tolist(), found.high.round(2).tolist()
    ([19.8], [12.78], [30.68])
    """
    a, b, c, d = tables.a, tables.b, tables.c, tables.d
    with np.errstate(all="ignore"):
        return _ratio(a / (a + b), c / (c + d), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def odds_ratio(tables: Tables) -> Ratio:
    """Return ROR ``= ad / bc`` with its 95 % interval (variance of the log ``1/a + 1/b + 1/c + 1/d``, Woolf 1955).

    >>> odds_ratio(Tables([20], [80], [100], [9800])).estimate.tolist()
    [24.5]
    """
    a, b, c, d = tables.a, tables.b, tables.c, tables.d
    with np.errstate(all="ignore"):
        return _ratio(a * d, b * c, 1 / a + 1 / b + 1 / c + 1 / d)


def chi_square(tables: Tables, *, corrected: bool = False) -> Floats:
    """Return Pearson's ``χ² = N (ad - bc)² / [(a+b)(c+d)(a+c)(b+d)]``; ``corrected`` takes N/2 off ``|ad - bc|``
    (Yates, literally: where the count is within a half of E the square grows again, as in the reference packages; a
    pair nobody reported stays at 0 there, for 0.25/E would look like a signal). NaN where a margin is 0.

    >>> chi_square(Tables([20], [80], [100], [9800])).round(2).tolist()
    [301.12]
    """
    a, b, c, d = tables.a, tables.b, tables.c, tables.d
    off = np.abs(a * d - b * c)
    if corrected:
        off = off - tables.n / 2
        off = np.where(a > 0, off, np.maximum(off, 0.0))
    with np.errstate(all="ignore"):
        return tables.n * (off / ((a + b) * (c + d))) * (off / ((a + c) * (b + d)))


def pooled_reporting_ratio(strata: Sequence[Tables]) -> Ratio:
    """Return the Mantel-Haenszel PRR ``Σ a(c+d)/N / Σ c(a+b)/N`` with the variance of Greenland and Robins (1985).

    >>> found = pooled_reporting_ratio([Tables([8], [2], [10], [180]), Tables([3], [1], [5], [40])])
    >>> found.estimate.round(4).tolist(), found.low.round(4).tolist()
    ([11.4022], [6.5588])
    """
    with np.errstate(all="ignore"):
        over = _summed([s.a * (s.c + s.d) / s.n for s in strata])
        under = _summed([s.c * (s.a + s.b) / s.n for s in strata])
        top = _summed([((s.a + s.c) * (s.a + s.b) * (s.c + s.d) - s.a * s.c * s.n) / s.n**2 for s in strata])
        return _ratio(over, under, top / (over * under))


def pooled_odds_ratio(strata: Sequence[Tables]) -> Ratio:
    """Return the Mantel-Haenszel ROR ``Σ ad/N / Σ bc/N`` with the variance of Robins, Breslow and Greenland (1986).

    The same as R's ``mantelhaen.test``:

    >>> found = pooled_odds_ratio([Tables([8], [2], [10], [180]), Tables([3], [1], [5], [40])])
    >>> found.estimate.round(4).tolist(), found.low.round(4).tolist()
    ([47.7576], [11.7932])
    """
    with np.errstate(all="ignore"):
        p = [(s.a + s.d) / s.n for s in strata]
        r, t = [s.a * s.d / s.n for s in strata], [s.b * s.c / s.n for s in strata]
        over, under = _summed(r), _summed(t)
        first = _summed([x * y for x, y in zip(p, r, strict=True)]) / (2 * over**2)
        mixed = [x * z + (1 - x) * y for x, y, z in zip(p, r, t, strict=True)]
        last = _summed([(1 - x) * z for x, z in zip(p, t, strict=True)]) / (2 * under**2)
        return _ratio(over, under, first + _summed(mixed) / (2 * over * under) + last)


def pooled_chi_square(strata: Sequence[Tables], *, corrected: bool = False) -> Floats:
    """Return the χ² of Cochran, Mantel and Haenszel ``(Σ a - Σ E)² / Σ V``, where
    ``V = (a+b)(c+d)(a+c)(b+d) / [N²(N-1)]``; ``corrected`` takes 1/2 off the difference, never below 0.

    >>> strata = [Tables([8], [2], [10], [180]), Tables([3], [1], [5], [40])]
    >>> pooled_chi_square(strata).round(4).tolist(), pooled_chi_square(strata, corrected=True).round(4).tolist()
    ([68.9549], [61.8489])
    """
    with np.errstate(all="ignore"):
        parts = [(s.a + s.b) * (s.c + s.d) / s.n * ((s.a + s.c) * (s.b + s.d) / s.n) / (s.n - 1) for s in strata]
        off = np.abs(sum((s.a - s.expected for s in strata), start=np.zeros(len(strata[0]))))
        if corrected:
            off = np.maximum(off - 0.5, 0.0)
        return off**2 / _summed(parts)


def _summed(parts: Sequence[Floats]) -> Floats:
    """Return the sum over strata; a stratum without reports adds nothing."""
    return np.sum([np.where(np.isfinite(part), part, 0.0) for part in parts], axis=0)


def poisson_tail(n: Floats, expected: Floats) -> Floats:
    """Return ``P(X ≥ n)`` of a Poisson count with mean ``E``; 1 for n = 0.

    >>> poisson_tail(np.array([0.0, 1.0, 3.0]), np.array([0.5, 0.5, 0.5])).round(4).tolist()
    [1.0, 0.3935, 0.0144]
    """
    return np.where(n > 0, gammainc(np.maximum(n, 1.0), expected), 1.0)


def exact_tail(tables: Tables) -> Floats:
    """Return Fisher's one-sided p: ``P(X ≥ a)`` given both margins, X hypergeometric.

    The tail is summed outwards from ``a`` (from ``a - 1`` downwards, taken off 1, where ``a`` is below the mean).

    >>> exact_tail(Tables([3, 0], [1, 4], [1, 4], [3, 0])).round(4).tolist()
    [0.2429, 1.0]
    """
    row, column, total = tables.a + tables.b, tables.a + tables.c, tables.n
    upper = tables.a > tables.expected
    k = np.where(upper, tables.a, tables.a - 1)
    tail = np.exp(_log_mass(k, row, column, total))
    summed, step = tail.copy(), np.where(upper, 1.0, -1.0)
    active = np.flatnonzero(tail > 0)
    while len(active):
        i, up = k[active], upper[active]
        r, c, rest = row[active], column[active], total[active] - row[active] - column[active]
        with np.errstate(all="ignore"):
            rise = np.where(
                up, (r - i) * (c - i) / ((i + 1) * (rest + i + 1)), i * (rest + i) / ((r - i + 1) * (c - i + 1))
            )
        tail[active] *= rise
        summed[active] += tail[active]
        k[active] += step[active]
        active = active[tail[active] > ENDED * summed[active]]
    return np.clip(np.where(upper, summed, 1 - summed), 0.0, 1.0)


def _log_mass(k: Floats, row: Floats, column: Floats, total: Floats) -> Floats:
    """Return the log of the hypergeometric probability of k, minus infinity outside its range."""
    rest = total - row - column
    inside = (k >= np.maximum(0, -rest)) & (k <= np.minimum(row, column))
    i = np.where(inside, k, np.maximum(0, -rest))
    parts = (row, total - row, column, total - column)
    fixed = sum((gammaln(x + 1) for x in parts), start=-gammaln(total + 1))
    moving = gammaln(i + 1) + gammaln(row - i + 1) + gammaln(column - i + 1) + gammaln(rest + i + 1)
    return np.where(inside, fixed - moving, -np.inf)
