"""The report cards of results: what each rests on, checked from the result and its data.

Amount: 25 points for limits, 100 values for indices. Stability: signals against what chance allows, the 0.9 quantile of a
binomial count with the false-alarm rate of the rules. Independence: |lag-1 correlation| ≤ 2/√n. Discrimination: at least
five distinct values. Truncation: 12 values or more in the quarter sigma before a limit and none beyond it (where the density
is continuous a third or more of both strips lies beyond, so this has a probability below 1 %).

Source: AIAG (2005), *Statistical Process Control*, 2nd ed.; AIAG (2010), *Measurement Systems Analysis*, 4th ed.; D. J.
Wheeler and R. W. Lyday (1989), *Evaluating the Measurement Process*; W. Q. Meeker and L. A. Escobar (1998).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, msg
from qualipolis.methods.spc.capability.nonnormal import NonNormalStudy
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.capability.study import CapabilityStudy
from qualipolis.methods.spc.chart_checks import special_checks
from qualipolis.methods.spc.charts.counts import Law, dispersion
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import ControlChart, Floats
from qualipolis.methods.spc.charts.variables import xbar_chart
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.normality import LEAST, normality
from qualipolis.methods.spc.reliability.distributions import Name
from qualipolis.methods.spc.reliability.fit import LifeFit, fit_life
from qualipolis.methods.spc.report_card import Check, ReportCard, State, graded
from qualipolis.methods.spc.rules import Rule
from qualipolis.methods.spc.run_length.shewhart import rules_arl

PILE = 12  # values just inside a limit, with none beyond, that chance does not explain
FEW = 5  # distinct values below which a gauge does not resolve the process
UNORDERED = ("MR", "EWMA", "CUSUM")  # neighbouring points share values: their correlation means nothing


def chart_card(
    chart: ControlChart,
    data: ArrayLike | None = None,
    *,
    specification: Specification | None = None,
    rules: str | Iterable[Rule] = "limits",
) -> ReportCard:
    """Return the card of one chart; ``data`` are its measured values, for resolution and truncation.

    >>> from qualipolis.methods.spc.charts import individuals_chart
    >>> x = np.random.default_rng(5).normal(10, 1, 60)
    >>> chart_card(individuals_chart(x), x).state
    'green'
    """
    asked = rules if isinstance(rules, str) else tuple(rules)
    checks = [amount_check(int(np.sum(chart.calibration))), stability_check(chart, asked)]
    if not chart.kind.upper().startswith(UNORDERED):
        checks.append(independence_check(chart.z if chart.kind in ("MCEWMA", "trend") else chart.values))
    if chart.kind in ("p", "np", "c", "u", "p′", "u′"):
        checks += [dispersion_check(chart), _floor(chart)]
    elif data is not None:
        checks.append(discrimination_check(data))
    if data is not None and specification is not None:
        checks.append(truncation_check(data, specification))
    return ReportCard([*checks, *special_checks(chart)])


def amount_check(points: int) -> Check:
    """Whether enough points set the limits."""
    what = msg("%(value)s points set the limits; %(good)s are wanted.")
    remedy = msg("Call the limits provisional and compute them again when there are more.")
    return graded("amount", points, (25, 10), (what, remedy))


def stability_check(chart: ControlChart, rules: str | Iterable[Rule] = "limits") -> Check:
    """Whether more points signal than chance explains."""
    from scipy.stats import binom

    asked = rules if isinstance(rules, str) else tuple(rules)
    found = int(chart.signals(asked).any.sum())
    points = int(np.sum(~np.isnan(chart.values)))
    allowed = int(binom.ppf(0.9, points, 1 / alarm_length(asked)[0]))
    state: State = "green" if not found else "amber" if found <= allowed else "red"
    what = msg("%(found)s of %(points)s points signal; up to %(allowed)s are no surprise.")
    remedy = msg("Find the cause of each signal before anything is predicted from this process.")
    params = {"found": found, "points": points, "allowed": allowed}
    return Check("stability", state, what, params, "" if state == "green" else remedy)


def alarm_length(rules: str | Iterable[Rule]) -> tuple[float, bool]:
    """Return the average number of points to a false alarm, and whether it is exact.

    Rules on trends and alternation have no exact run length here; of such a set only the limit is then counted.

    >>> alarm_length("nelson")[1]
    False
    """
    try:
        return rules_arl(rules), True
    except InputError:
        return rules_arl("limits"), False


def lag_one(values: ArrayLike) -> tuple[float, float]:
    """Return the lag-1 correlation of a series and 2/√n; NaN where it has no scatter or fewer than 8 points.

    >>> lag_one([1, -1] * 8)[0] < -0.9
    True
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    n = int(np.sum(~np.isnan(x)))
    centred = x - np.nanmean(x) if n else x
    total = float(np.nansum(centred**2))
    if n < 8 or total == 0:
        return float("nan"), float("nan")
    return float(np.nansum(centred[1:] * centred[:-1]) / total), 2 / float(np.sqrt(n))


def independence_check(values: ArrayLike) -> Check:
    """Whether neighbouring points are independent: |r₁| ≤ 2/√n."""
    r, limit = lag_one(values)
    if np.isnan(r):
        what = msg("There are too few different points to see whether neighbours are alike.")
        return Check("independence", "amber", what)
    state: State = "green" if abs(r) <= limit else "amber" if abs(r) <= 2 * limit else "red"
    what = msg("Neighbouring points have a correlation of %(r)s; up to %(limit)s may be chance.")
    remedy = msg("Use a chart of forecast errors, or sample less often: these limits alarm at the wrong rate.")
    params = {"r": f"{r:.2f}", "limit": f"{limit:.2f}"}
    return Check("independence", state, what, params, "" if state == "green" else remedy)


def discrimination_check(data: ArrayLike) -> Check:
    """Whether the gauge resolves the process: at least five distinct values."""
    x = np.asarray(data, dtype=np.float64).ravel()
    distinct = len(np.unique(x[~np.isnan(x)]))
    what = msg("The values take %(value)s different readings.")
    remedy = msg("Read the gauge to more places, or use a finer one.")
    return graded("discrimination", distinct, (2 * FEW, FEW), (what, remedy))


def truncated(data: ArrayLike, specification: Specification) -> tuple[float, ...]:
    """Return the limits at which the values stop as if sorted."""
    x = np.asarray(data, dtype=np.float64).ravel()
    x = x[~np.isnan(x)]
    strip = float(x.std()) / 4 if len(x) > 1 else 0.0
    found = []
    for sign, limit in specification.judged.items():
        inside = sign * (limit - x)
        if np.sum((inside >= 0) & (inside <= strip)) >= PILE and not np.any(inside < 0):
            found.append(limit)
    return tuple(found)


def truncation_check(data: ArrayLike, specification: Specification) -> Check:
    """Whether values were sorted or edited at a limit of the specification."""
    found = truncated(data, specification)
    if not found:
        return Check("truncation", "green", msg("The values do not stop short at a limit of the specification."))
    what = msg("Many values lie just inside the limit %(limits)s and none beyond.")
    remedy = msg(
        "Ask whether parts were sorted or values edited; an index of sorted parts says nothing of the process."
    )
    return Check("truncation", "red", what, {"limits": ", ".join(f"{v:g}" for v in found)}, remedy)


def dispersion_check(chart: ControlChart) -> Check:
    """Whether counts scatter as the law of their limits says."""
    if "sigma_z" in chart.conventions:
        sigma_z = float(np.mean(np.asarray(chart.conventions["sigma_z"], dtype=np.float64)))
        what = msg("The limits are widened by the scatter seen, as Laney does: σz is %(value)s.")
        return Check("dispersion", "green", what, {"value": f"{sigma_z:.3g}"})
    law: Law = "binomial" if chart.conventions["law"] == "binomial" else "poisson"
    size = np.broadcast_to(1.0 if chart.size is None else chart.size, chart.values.shape)
    counts = np.round(chart.values * size) if chart.kind in ("p", "u") else chart.values
    try:
        found = dispersion(counts, size, law)
    except InputError as error:
        return Check("dispersion", "amber", error.problems[0].what)
    least = min(found.p_over, found.p_under)
    state: State = "green" if least >= 0.025 else "amber" if least >= 0.001 else "red"
    what = msg("The counts scatter %(ratio)s times as much as their law says (p = %(p)s).")
    more = msg("Use the chart of Laney: these limits are too narrow.")
    less = msg("Counts this even are rarely real: look for rounding, editing or rational grouping.")
    remedy = "" if state == "green" else more if found.ratio > 1 else less
    return Check("dispersion", state, what, {"ratio": f"{found.ratio:.2f}", "p": f"{least:.2g}"}, remedy)


def _floor(chart: ControlChart) -> Check:
    if np.all(chart.lower > 0):
        return Check("floor", "green", msg("The lower limit lies above 0: an improvement can be seen."))
    what = msg("The lower limit is 0: no single point can show an improvement.")
    return Check("floor", "amber", what, {}, msg("Take more units to a point, or chart what lies between events."))


def capability_card(
    study: CapabilityStudy | NonNormalStudy,
    data: ArrayLike,
    *,
    gauge: GaugeRR | None = None,
    rules: str | Iterable[Rule] = "limits",
) -> ReportCard:
    """Return the card of a capability study; ``data`` are its values in the order of time, or its subgroups.

    >>> from qualipolis.methods.spc.capability import capability
    >>> x = np.random.default_rng(8).normal(10, 1, (30, 5))
    >>> card = capability_card(capability(x, lower=6, upper=14), x)
    >>> card["normality"].state, card["gauge"].state
    ('green', 'amber')
    """
    x = np.asarray(data, dtype=np.float64)
    grouped = x.ndim == 2
    chart = xbar_chart(x) if grouped else individuals_chart(x)
    flat = x[~np.isnan(x)]
    what = msg("The study has %(value)s values; %(good)s are wanted.")
    remedy = msg("Look at the lower bound of the index, not at its value.")
    checks = [stability_check(chart, rules), independence_check(chart.values)]
    checks += [graded("amount", len(flat), (100, 30), (what, remedy)), _grouping(x)]
    checks.append(_shape_check(study) if isinstance(study, NonNormalStudy) else normality_check(flat))
    checks += [discrimination_check(flat), truncation_check(flat, study.specification), gauge_known(gauge)]
    if isinstance(study, CapabilityStudy) and grouped:
        checks.append(between_check(study.within, study.overall))
    return ReportCard(checks)


def _grouping(x: Floats) -> Check:
    if x.ndim == 1:
        what = msg("There are single values, without subgroups.")
        remedy = msg("σ within rests on neighbouring values; take them in the order of production.")
        return Check("grouping", "amber", what, {}, remedy)
    what = msg("Subgroups have %(value)s values.")
    remedy = msg("Subgroups of 4 or 5 see the spread within much better.")
    return graded("grouping", x.shape[1], (3, 2), (what, remedy))


def normality_check(values: ArrayLike) -> Check:
    """Whether values may be normal: by Anderson-Darling up to 1,000, by the probability plot beyond."""
    x = np.asarray(values, dtype=np.float64).ravel()
    if len(x) < LEAST or np.ptp(x) == 0:
        what = msg("There are too few different values to test a distribution.")
        return Check("normality", "amber", what)
    found = normality(x)
    p, plot = found.anderson_darling.p, found.correlation
    remedy = msg("Look for mixed streams first, then fit another distribution.")
    params = {"p": f"{p:.3g}", "correlation": f"{plot:.4f}", "n": found.n}
    if found.n > 1000:
        state: State = "green" if plot >= 0.999 else "amber" if plot >= 0.99 else "red"
        what = msg("The probability plot of %(n)s values has a correlation of %(correlation)s; 0.999 is wanted.")
    else:
        state = "green" if p >= 0.05 else "amber" if p >= 0.005 else "red"
        what = msg("Anderson-Darling on %(n)s values: p = %(p)s; below 0.05 speaks against the normal law.")
    return Check("normality", state, what, params, "" if state == "green" else remedy)


def _shape_check(study: NonNormalStudy) -> Check:
    what = msg("The law %(law)s was tested on the values: p = %(p)s.")
    remedy = msg("Look for mixed streams first, then fit another distribution.")
    p = study.goodness.p
    state: State = "green" if p >= 0.05 else "amber" if p >= 0.005 else "red"
    return Check("fit", state, what, {"law": study.shape.name, "p": f"{p:.3g}"}, "" if state == "green" else remedy)


def gauge_known(gauge: GaugeRR | None) -> Check:
    """Whether the measuring system is known, and good enough."""
    if gauge is None:
        what = msg("No gauge study is on record: nobody knows how much of the spread is the measuring.")
        return Check("gauge", "amber", what, {}, msg("Do a gauge study first."))
    what = msg("%%GRR is %(value)s; %(good)s or less is good, above %(fair)s the gauge is not usable.")
    remedy = msg("Measurement system first: improve the gauge or how it is used.")
    return graded("gauge", gauge.percent_study["grr"], (10, 30), (what, remedy), falling=True)


def between_check(within: float, overall: float) -> Check:
    """Whether the spread between subgroups is like that within."""
    what = msg("The overall spread is %(value)s times that within subgroups.")
    remedy = msg("Batches or set-ups differ: take the variance apart before the average is moved.")
    return graded("between", overall / within, (1.15, 1.5), (what, remedy), falling=True)


def gauge_card(study: GaugeRR, *, process_sd: float | None = None) -> ReportCard:
    """Return the card of a gauge study; ``process_sd`` is the known standard deviation of the process."""
    parts, operators, trials = study.sizes
    finer = msg("The gauge cannot tell parts apart: improve its resolution or its repeatability.")
    checks = [gauge_known(study)]
    checks.append(graded("ndc", study.ndc, (5, 2), (msg("The gauge tells %(value)s classes of parts apart."), finer)))
    more = msg("With so few, the share of the measuring is known roughly only; read its interval.")
    checks.append(graded("parts", parts, (10, 5), (msg("%(value)s parts were measured; %(good)s are wanted."), more)))
    what = msg("%(value)s operators took part; %(good)s are wanted.")
    checks.append(graded("operators", operators, (3, 2), (what, more)))
    what = msg("Each part was measured %(value)s times by each operator; %(good)s are wanted.")
    checks.append(graded("trials", trials, (2, 2), (what, more)))
    return ReportCard([*checks, *_interaction(study), _coverage(study, process_sd)])


def _interaction(study: GaugeRR) -> list[Check]:
    line = next((line for line in study.table if line.source == "interaction"), None)
    if line is None:
        return []
    what = msg("Interaction of operator and part: p = %(p)s.")
    remedy = msg("Some operators measure some parts differently: look at how these parts are held and read.")
    state: State = "green" if not line.p < 0.05 else "amber"
    return [Check("interaction", state, what, {"p": f"{line.p:.3g}"}, "" if state == "green" else remedy)]


def _coverage(study: GaugeRR, process_sd: float | None) -> Check:
    if process_sd is None or not process_sd > 0:
        what = msg("It is not known whether the parts cover the spread of the process.")
        remedy = msg("Give the standard deviation of the process, or rely on the share of the tolerance.")
        return Check("coverage", "amber", what, {}, remedy)
    what = msg("The parts spread %(value)s times as much as the process.")
    remedy = msg("Parts that do not cover the process make %%GRR and ndc wrong: choose parts over the whole spread.")
    ratio = study.sd("part") / process_sd
    wide = ratio if ratio <= 1.25 else 1.25**2 / ratio
    return graded("coverage", wide, (0.8, 0.5), (what, remedy), params={"value": f"{ratio:.2f}"})


def lifetime_card(fit: LifeFit) -> ReportCard:
    """Return the card of a fitted law of lifetimes: failures, convergence, and whether another law fits better."""
    what = msg("%(value)s failures were seen; %(good)s are wanted.")
    few = msg("Use likelihood-ratio limits, or a shape known before (Weibayes).")
    checks = [graded("failures", fit.life.failures, (10, 5), (what, few))]
    eigen = np.linalg.eigvalsh(fit.covariance) if np.isfinite(fit.covariance).all() else np.array([-1.0])
    fine = fit.name == "exponential" or bool(eigen.min() > 0)
    good, bad = msg("The fit converged."), msg("The fit has no proper maximum: its limits mean nothing.")
    checks.append(Check("convergence", "green" if fine else "red", good if fine else bad))
    return ReportCard([*checks, _rival(fit)])


def _rival(fit: LifeFit) -> Check:
    rivals: list[tuple[float, Name]] = []
    for name in get_args(Name):
        try:
            rivals.append((fit_life(fit.life, name).likelihood, name))
        except InputError:
            continue
    best, name = max(rivals, default=(fit.likelihood, fit.name))
    what = msg("The law %(rival)s describes the lives better by %(value)s of log-likelihood.")
    remedy = msg("Compare the two on the probability plot before early failures are predicted.")
    if best - fit.likelihood < 2:
        return Check("fit", "green", msg("No other law of lifetimes fits clearly better."))
    return graded("fit", best - fit.likelihood, (2, 4), (what, remedy), params={"rival": name}, falling=True)


def run_length_card(rules: str | Iterable[Rule], *, points_a_day: float | None = None) -> ReportCard:
    """Return the card of a choice of rules: the cost in false alarms.

    >>> run_length_card("limits").state, run_length_card("western_electric").state
    ('green', 'amber')
    """
    asked = rules if isinstance(rules, str) else tuple(rules)
    length, exact = alarm_length(asked)
    if not exact:
        what = msg("The false-alarm rate of these rules is higher than one in %(length)s points, and was not computed.")
        return ReportCard([Check("false_alarms", "amber", what, {"length": f"{length:.0f}"})])
    what = msg("Without any cause, one alarm comes in %(value)s points on average.")
    remedy = msg("Use fewer rules, or an EWMA chart for small shifts: alarms that mean nothing are soon ignored.")
    checks = [graded("false_alarms", round(length, 1), (250, 50), (what, remedy))]
    if points_a_day:
        what = msg("That is a false alarm every %(value)s days.")
        checks.append(graded("false_alarm_days", length / points_a_day, (7, 1), (what, remedy)))
    return ReportCard(checks)
