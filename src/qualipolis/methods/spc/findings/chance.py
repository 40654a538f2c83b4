"""How many points of a stable process signal by chance, all rules and the estimated limits taken into account.

Signals of runs come in clusters and limits are estimated, so a binomial count with the false-alarm rate of a single point
allows too few. Here stable series are simulated (independent normal values, limits from their own moving ranges) and the
0.9 quantile of the marked points is taken; beyond 2,000 points mean and variance grow with the number of points.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.findings.result import Chart
from qualipolis.methods.spc.report_card import Check, State
from qualipolis.methods.spc.rules import Rule

LONGEST, VALUES, SEED = 2000, 120_000, 20260101
SURE = 0.01  # probability that the furthest point of a stable series lies so far out


def allowed(rules: tuple[Rule, ...], points: int) -> int:
    """Return how many marked points are no surprise among ``points``: nine in ten stable processes show no more.

    >>> from qualipolis.methods.spc.rules import NELSON, LIMITS_ONLY
    >>> allowed(LIMITS_ONLY, 25), allowed(NELSON, 100) > allowed(LIMITS_ONLY, 100)
    (0, True)
    """
    if points < 2:
        return 0
    short = min(LONGEST, points)
    short = short if short <= 60 else round(short / 20) * 20
    share, mean, sd = _simulated(rules, short)
    if points <= LONGEST:
        return share
    times = points / LONGEST
    return int(mean * times + 1.2816 * sd * sqrt(times))


@lru_cache(maxsize=256)
def _simulated(rules: tuple[Rule, ...], points: int) -> tuple[int, float, float]:
    series = max(60, VALUES // points)
    x = np.random.default_rng(SEED).standard_normal((series, points))
    marked = individuals_chart(x).signals(rules).any.sum(axis=1)
    return int(np.quantile(marked, 0.9, method="lower")), float(marked.mean()), float(marked.std())


def furthest(points: int) -> float:
    """Return how many sigmas out the furthest of ``points`` may lie, but for one stable series in a hundred."""
    from scipy.special import ndtri

    return float(-ndtri(SURE / (2 * max(points, 1))))


def stability(chart: Chart) -> Check:
    """Return whether the last phase shows more signals than chance, or a point too far out to be one."""
    start = chart.phases[-1].start
    found, points = int(chart.own[start:].sum()), int(np.sum(~np.isnan(chart.values[start:])))
    most = allowed(chart.rules, points)
    params = {"found": f"{found:,}", "points": f"{points:,}", "allowed": f"{most:,}"}
    what = msg("%(found)s of %(points)s points signal; up to %(allowed)s are no surprise.")
    remedy = msg("Find the cause of each signal before anything is predicted from this process.")
    far = _far(chart, start)
    if far > furthest(points) and 0 < found <= most:
        what = msg("%(found)s of %(points)s points signal, and one lies %(far)s sigmas out: that is no chance.")
        return Check("stability", "red", what, params | {"far": f"{far:.1f}"}, remedy)
    state: State = "green" if not found else "amber" if found <= most else "red"
    return Check("stability", state, what, params, "" if state == "green" else remedy)


def _far(chart: Chart, start: int) -> float:
    if chart.code not in ("I", "xbar", "e", "trend"):
        return 0.0
    values, center, sigma = chart.values[start:], chart.center[start:], chart.sigma[start:]
    if len(sigma) and sigma.strides == (0,) and center.strides == (0,) and sigma[0] > 0:
        ends = (float(np.nanmax(values)) - float(center[0]), float(center[0]) - float(np.nanmin(values)))
        return max(ends) / float(sigma[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(values - center) / sigma
    known = z[np.isfinite(z)]
    return float(known.max()) if len(known) else 0.0
