"""Charts of counts: nonconforming units (p, np), nonconformities (c, u), and Laney's charts for overdispersed counts.

    p: p̄ ± k √(p̄(1−p̄)/nᵢ)        np: n p̄ ± k √(n p̄(1−p̄))
    u: ū ± k √(ū/nᵢ)              c: c̄ ± k √c̄

Limits end at 0 and, for p and np, at 1 and n. Laney's p′ and u′ multiply the width by σ_z = mean moving range of the
standardised points / d2(2), which is near 1 when the counts are as the binomial or Poisson law says. Probability
limits are quantiles of the binomial or Poisson law at the centre line, each point with its own size.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., chapter 7; D. B. Laney (2002),
"Improved control charts for attributes", Quality Engineering 14, 531-537; ISO 7870-2:2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.individuals import moving_ranges
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, Limits, calibrated, series
from qualipolis.methods.spc.constants import d2

Law = Literal["binomial", "poisson"]


def _counted(counts: ArrayLike, size: ArrayLike, law: Law) -> tuple[Floats, Floats]:
    found, n = series(counts, "counts"), np.asarray(size, dtype=np.float64)
    wrong = []
    if np.nanmin(found, initial=0.0) < 0:
        wrong.append(Problem("negative_count", msg("A count is below 0."), place="counts"))
    try:
        n = np.broadcast_to(n, found.shape)
    except ValueError:
        what = msg("There are not as many sizes as counts.")
        wrong.append(Problem("size_shape", what, place="size"))
    else:
        if not np.all(n[~np.isnan(found)] > 0):
            what = msg("A size is 0, below 0 or missing.")
            wrong.append(Problem("bad_size", what, msg("Leave out points without units."), place="size"))
        elif law == "binomial" and np.any(found > n):
            at = int(np.argwhere(found > n)[0][-1]) + 1
            what = msg("Point %(n)s has more nonconforming units than units.")
            wrong.append(Problem("count_above_size", what, params={"n": at}, place="counts"))
    if wrong:
        raise InputError(wrong)
    return found, n


def _rate(counts: Floats, size: Floats, used: Bools) -> Floats:
    kept = used & ~np.isnan(counts)
    return np.asarray(np.where(kept, counts, 0).sum(axis=-1) / np.where(kept, size, 0).sum(axis=-1))


def _chart(
    kind: str,
    counts: Floats,
    size: Floats,
    rate: Floats,
    law: Law,
    limits: Limits,
    used: Bools,
    prime: bool,
) -> ControlChart:
    """Return the chart of rates (p, u) or counts (np, c)."""
    line = rate[..., None]
    spread = np.sqrt(line * (1 - line) / size if law == "binomial" else line / size)
    words: dict[str, object] = {"law": law} | limits.words()
    if prime:
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (counts / size - line) / spread
        inflation = np.nanmean(moving_ranges(np.where(used, z, np.nan)), axis=-1) / d2(2)
        spread = spread * inflation[..., None]
        words["sigma_z"] = inflation if inflation.ndim else float(inflation)
    lower, upper = line - limits.width * spread, line + limits.width * spread
    if limits.confidence is not None and not prime:
        lower, upper = _probable(line, size, law, limits.tail)
    lower = np.maximum(lower, 0.0)
    upper = np.minimum(upper, 1.0) if law == "binomial" else upper
    scale = size if kind in ("np", "c") else 1.0

    def scaled(part: Floats) -> Floats:
        return np.asarray(part * scale)

    values = scaled(counts / size)
    limits_of = scaled(line), scaled(lower), scaled(upper)
    return ControlChart(kind, values, *limits_of, scaled(spread), size, None, used, words)


def _probable(line: Floats, size: Floats, law: Law, tail: float) -> tuple[Floats, Floats]:
    from scipy.stats import binom, poisson

    mean = binom(size, line) if law == "binomial" else poisson(size * line)
    return np.asarray(mean.ppf(tail) / size), np.asarray(mean.ppf(1 - tail) / size)


def p_chart(
    counts: ArrayLike,
    size: ArrayLike,
    *,
    center: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
    prime: bool = False,
) -> ControlChart:
    """Return the chart of the share of nonconforming units; ``prime`` gives Laney's p′.

    Parameters
    ----------
    counts, size : (..., m) nonconforming units, and units inspected (or one number for all)
    center : known share (a frozen phase); estimated as the share of all calibration points unless given
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : points that estimates come from, a mask or positions from 0

    >>> chart = p_chart([4, 6, 5], [100, 100, 50])
    >>> [round(float(v), 4) for v in (chart.center[0], chart.upper[0], chart.upper[2])]
    [0.06, 0.1312, 0.1608]
    """
    found, n = _counted(counts, size, "binomial")
    used = calibrated(found.shape[-1], calibration)
    rate = _rate(found, n, used) if center is None else np.asarray(center, dtype=np.float64)
    return _chart("p′" if prime else "p", found, n, rate, "binomial", Limits(sigmas, confidence), used, prime)


def np_chart(
    counts: ArrayLike,
    size: ArrayLike,
    *,
    center: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of the number of nonconforming units; ``center`` is the known share."""
    found, n = _counted(counts, size, "binomial")
    used = calibrated(found.shape[-1], calibration)
    rate = _rate(found, n, used) if center is None else np.asarray(center, dtype=np.float64)
    return _chart("np", found, n, rate, "binomial", Limits(sigmas, confidence), used, False)


def u_chart(
    counts: ArrayLike,
    size: ArrayLike,
    *,
    center: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
    prime: bool = False,
) -> ControlChart:
    """Return the chart of nonconformities per unit; a unit may have many. ``prime`` gives Laney's u′."""
    found, n = _counted(counts, size, "poisson")
    used = calibrated(found.shape[-1], calibration)
    rate = _rate(found, n, used) if center is None else np.asarray(center, dtype=np.float64)
    return _chart("u′" if prime else "u", found, n, rate, "poisson", Limits(sigmas, confidence), used, prime)


def c_chart(
    counts: ArrayLike,
    *,
    center: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of the number of nonconformities in equal pieces.

    >>> chart = c_chart([4, 6, 5])
    >>> round(float(chart.upper[0]), 4)
    11.7082
    """
    found, n = _counted(counts, 1.0, "poisson")
    used = calibrated(found.shape[-1], calibration)
    rate = _rate(found, n, used) if center is None else np.asarray(center, dtype=np.float64)
    return _chart("c", found, n, rate, "poisson", Limits(sigmas, confidence), used, False)


@dataclass(frozen=True)
class Dispersion:
    """Whether counts scatter more or less than their law: ``statistic`` is χ², ``ratio`` observed over expected variance.

    ``p_over`` is the probability of so much scatter or more, ``p_under`` that of so little or less.
    """

    law: str
    statistic: float
    freedom: int
    ratio: float
    p_over: float
    p_under: float


def dispersion(counts: ArrayLike, size: ArrayLike, law: Law = "binomial") -> Dispersion:
    """Return the test of counts against the binomial or Poisson law at their common rate.

    χ² = Σ (xᵢ − nᵢ p̄)² / (nᵢ p̄ (1 − p̄)) on m − 1 degrees of freedom (without 1 − p̄ for Poisson counts).
    """
    from scipy.stats import chi2

    found, n = _counted(counts, size, law)
    kept = ~np.isnan(found)
    x, units = found[kept], n[kept]
    rate = float(x.sum() / units.sum())
    variance = units * rate * ((1 - rate) if law == "binomial" else 1.0)
    if not rate or not np.all(variance > 0):
        what = msg("Every count is 0, or every unit is nonconforming: there is no scatter to test.")
        raise InputError([Problem("no_scatter", what, place="counts")])
    statistic = float(np.sum((x - units * rate) ** 2 / variance))
    freedom = len(x) - 1
    p_over, p_under = float(chi2.sf(statistic, freedom)), float(chi2.cdf(statistic, freedom))
    return Dispersion(law, statistic, freedom, statistic / freedom, p_over, p_under)
