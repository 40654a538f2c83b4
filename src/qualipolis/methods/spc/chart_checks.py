"""What charts of short runs, of dependent values and around a trend rest on beyond what every chart does.

Short runs: parts scatter alike (Brown and Forsythe, p ≥ 0.05; red below 0.001), or each part has enough values of its own
(20; red below 8). Dependence: a first-order model with φ up to 0.9. Trend: the slope differs from 0, and a curve adds
nothing to the line (p ≥ 0.05; red below 0.001).

Source: M. B. Brown and A. B. Forsythe (1974), JASA 69, 364-367; D. C. Montgomery (2013), *Introduction to Statistical
Quality Control*, 7th ed., chapter 10.
"""

from __future__ import annotations

import numpy as np

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.charts.correlated import ForecastChart
from qualipolis.methods.spc.charts.result import ControlChart
from qualipolis.methods.spc.charts.short_run import ShortRunChart
from qualipolis.methods.spc.charts.trend import TrendChart
from qualipolis.methods.spc.report_card import Check, State, graded

WANDERS = 0.9


def special_checks(chart: ControlChart) -> list[Check]:
    """Return the checks that belong to the kind of a chart; none for an ordinary one."""
    if isinstance(chart, ShortRunChart):
        return [_parts(chart), *([_alike(chart)] if chart.kind == "DNOM" else [])]
    if isinstance(chart, ForecastChart):
        return [_dependence(chart)]
    return [_slope(chart), _straight(chart)] if isinstance(chart, TrendChart) else []


def by_p(code: str, p: float, what: str, remedy: str) -> Check:
    """Return a check by a p-value: green from 0.05, red below 0.001; ``what`` has a place for p."""
    state: State = "green" if p >= 0.05 else "amber" if p >= 0.001 else "red"
    return Check(code, state, what, {"p": f"{p:.2g}"}, "" if state == "green" else remedy)


def _parts(chart: ShortRunChart) -> Check:
    pooled = chart.kind == "DNOM" or chart.conventions.get("sigma") != "part"
    fewest = min(one.points for one in chart.estimates.values())
    if pooled:
        what = msg("The spread of %(value)s parts is pooled.")
        return Check("parts", "green", what, {"value": len(chart.estimates)})
    what = msg("The part with the fewest points has %(value)s; %(good)s are wanted for a spread of its own.")
    remedy = msg("Pool the spread of all parts, or give the values known of a part.")
    return graded("parts", fewest, (20, 8), (what, remedy))


def _alike(chart: ShortRunChart) -> Check:
    from scipy.stats import levene

    values = chart.values * np.sqrt(1.0 if chart.size is None else chart.size)
    code = np.array([list(chart.estimates).index(part) for part in chart.parts])
    groups = [values[(code == i) & ~np.isnan(values)] for i in range(len(chart.estimates))]
    groups = [group for group in groups if len(group) >= 4]
    if len(groups) < 2 or all(np.ptp(group) == 0 for group in groups):
        return Check("spreads_alike", "amber", msg("Too few values of each part to see whether parts scatter alike."))
    p = float(levene(*groups, center="median").pvalue)
    remedy = msg("Chart standardised values instead: one pair of limits does not fit all parts.")
    return by_p("spreads_alike", p, msg("Whether parts scatter alike: p = %(p)s."), remedy)


def _dependence(chart: ForecastChart) -> Check:
    if chart.model is None:
        what = msg("The centre line follows the process: slow drifts do not signal.")
        return Check("model", "amber", what, {}, msg("Watch the centre line itself too."))
    what = msg("The correlation of neighbours is %(value)s.")
    remedy = msg("The process hardly returns to its mean: let the centre line follow.")
    return graded("model", abs(chart.model.phi), (WANDERS, 0.98), (what, remedy), falling=True)


def _slope(chart: TrendChart) -> Check:
    p = chart.slope_p
    if p < 0.05:
        return Check("slope", "green", msg("There is a trend: p = %(p)s."), {"p": f"{p:.2g}"})
    what, remedy = msg("No trend can be seen: p = %(p)s."), msg("Use an ordinary chart.")
    return Check("slope", "amber", what, {"p": f"{p:.2g}"}, remedy)


def _straight(chart: TrendChart) -> Check:
    """Whether the square of time adds to the line."""
    from scipy.special import stdtr

    assert chart.time is not None
    used = chart.calibration & ~np.isnan(chart.values)
    t, rest = chart.time[used], (chart.values - chart.center)[used]
    t = (t - t.mean()) / (np.ptp(t) or 1.0)
    columns = np.stack([np.ones(len(t)), t, t**2], axis=1)
    freedom = len(t) - 3 - max(0, len(chart.levels) - 1)
    if freedom < 3 or np.linalg.matrix_rank(columns) < 3:
        return Check("straight", "amber", msg("Too few points to see whether the trend is straight."))
    found = np.linalg.lstsq(columns, rest, rcond=None)[0]
    left = rest - columns @ found
    error = np.sqrt(left @ left / freedom * np.linalg.inv(columns.T @ columns)[2, 2])
    p = float(2 * stdtr(freedom, -abs(found[2]) / error)) if error > 0 else 0.0
    return by_p("straight", p, msg("Whether the trend is straight: p = %(p)s."), msg("Chart shorter stretches."))
