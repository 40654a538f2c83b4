"""One phase of a proof, before or after: what it measured, whether it was stable, and what is uncertain about it.

Subgroups, not values, are the units of the mean: its error is s(x̄)/√k over k subgroups, so that variation between them
counts. The degrees of freedom of the overall variance are Satterthwaite's from the mean squares between and within.
Neighbouring single values with a lag-1 correlation r above 2/√n count as n (1 − r)/(1 + r) values for the mean and
n (1 − r²)/(1 + r²) for the variance.

A phase counts as stable when no more points signal than nine in ten stable processes show by chance: the 0.9 quantile of
a binomial count of points with the false-alarm rate of the rules.

Source: F. E. Satterthwaite (1946), Biometrics Bulletin 2, 110-114; G. V. Bayley and J. M. Hammersley (1946), "The effective
number of independent observations in an autocorrelated time series", Suppl. J. Royal Statistical Society 8, 184-197.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import ControlChart, Floats
from qualipolis.methods.spc.charts.variables import Subgroups, deviation_chart, within_sigma, xbar_chart
from qualipolis.methods.spc.comparison.result import sample_problems
from qualipolis.methods.spc.run_length.shewhart import rules_arl


@dataclass(frozen=True, eq=False)
class Phase:
    """Numbers of one phase.

    ``points`` subgroups or single values; ``error`` of the mean with ``freedom_mean``; ``sd`` over all values with
    ``freedom_sd``; ``within`` subgroups (or by moving ranges); ``signals`` beyond the phase's own limits, of which
    ``allowed`` are no surprise; ``beyond`` values outside the specification.
    """

    values: Floats
    points: int
    mean: float
    error: float
    freedom_mean: float
    sd: float
    freedom_sd: float
    within: float
    signals: int
    allowed: int
    autocorrelation: float
    beyond: int | None

    @property
    def n(self) -> int:
        """Number of measured values."""
        return len(self.values)

    @property
    def stable(self) -> bool:
        """No more signals than chance explains."""
        return self.signals <= self.allowed


def data_of(values: ArrayLike, place: str) -> tuple[Floats, list[Problem]]:
    """Return (m, n) subgroups or (m,) values without rows that are wholly missing, and what is wrong."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim not in (1, 2) or (x.ndim == 2 and x.shape[1] < 2):
        what = msg("Give single values in the order of time, or one row for each subgroup.")
        return x, [Problem("bad_shape", what, place=place)]
    x = x[~np.isnan(x)] if x.ndim == 1 else x[~np.isnan(x).all(axis=1)]
    return x, sample_problems(x[~np.isnan(x)], place, 5, True) or _short(x, place)


def _short(x: Floats, place: str) -> list[Problem]:
    usable = x.ndim == 1 or (np.sum(~np.isnan(x), axis=1) >= 2).sum() >= 3
    if usable and len(x) >= 3:
        return []
    return [Problem("few_points", msg("A phase needs at least three points."), place=place)]


def chart_of(x: Floats, frozen: Floats | None = None) -> ControlChart:
    """Return the chart of ``x``; with ``frozen``, the points of ``frozen`` come first and alone set the limits."""
    if frozen is None:
        return xbar_chart(x, sigma="pooled") if x.ndim == 2 else individuals_chart(x)
    calibration = np.arange(len(frozen))
    if x.ndim == 1:
        return individuals_chart(np.concatenate([frozen, x]), calibration=calibration)
    wide = max(x.shape[1], frozen.shape[1])
    padded = [np.pad(v, ((0, 0), (0, wide - v.shape[1])), constant_values=np.nan) for v in (frozen, x)]
    return xbar_chart(np.concatenate(padded), sigma="pooled", calibration=calibration)


def phase_of(x: Floats, rules: str, asked: Specification | None) -> Phase:
    """Return the numbers of a phase from checked data."""
    values = x[~np.isnan(x)]
    chart = chart_of(x)
    signals, judged = int(chart.signals(rules).any.sum()), len(x)
    if x.ndim == 2:
        spread = deviation_chart(x, sigma="pooled", confidence=0.9973)
        signals += int(spread.beyond.sum())
    allowed = allowed_signals(judged, rules, x.ndim == 2)
    beyond = None
    if asked is not None:
        beyond = sum(int(np.sum(sign * values > sign * limit)) for sign, limit in asked.judged.items())
    centre = _subgrouped(x) if x.ndim == 2 else _single(x)
    within = float(within_sigma(Subgroups(x), "pooled")) if x.ndim == 2 else float(chart.sigma.ravel()[0])
    return Phase(
        values, len(x), centre["mean"], centre["error"], centre["freedom_mean"], float(values.std(ddof=1)),
        centre["freedom_sd"], within, signals, allowed, centre["correlation"], beyond,
    )  # fmt: skip


@lru_cache(maxsize=256)
def allowed_signals(points: int, rules: str, two_charts: bool) -> int:
    """Return how many signals nine in ten stable processes do not exceed."""
    from scipy.stats import binom

    rate = 1 / rules_arl(rules) + (0.0027 if two_charts else 0.0)
    return int(binom.ppf(0.9, points, rate))


def correlation(x: Floats) -> float:
    """Return the lag-1 correlation; 0 without scatter."""
    apart = x - x.mean()
    total = float(apart @ apart)
    return float(apart[1:] @ apart[:-1]) / total if total else 0.0


def _single(x: Floats) -> Mapping[str, float]:
    n, r = len(x), correlation(x)
    used = min(r, 0.99) if r > 2 / sqrt(n) else 0.0
    for_mean, for_spread = max(2.0, n * (1 - used) / (1 + used)), max(2.0, n * (1 - used**2) / (1 + used**2))
    return {
        "mean": float(x.mean()),
        "error": float(x.std(ddof=1)) / sqrt(for_mean),
        "freedom_mean": for_mean - 1,
        "freedom_sd": for_spread - 1,
        "correlation": r,
    }


def _subgrouped(x: Floats) -> Mapping[str, float]:
    groups = Subgroups(x)
    means, sizes, k = groups.means(), groups.sizes.astype(np.float64), len(x)
    n = float(k / np.sum(1 / sizes))
    between = n * float(means.var(ddof=1))
    inside = float(np.nansum((x - means[:, None]) ** 2))
    left = float(sizes.sum() - k)
    within = inside / left
    parts = (between / n, (n - 1) * within / n)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (k - 1) + parts[1] ** 2 / left)
    return {
        "mean": float(means.mean()),
        "error": float(means.std(ddof=1)) / sqrt(k),
        "freedom_mean": k - 1.0,
        "freedom_sd": freedom,
        "correlation": correlation(means),
    }
