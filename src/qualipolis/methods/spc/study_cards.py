"""Report cards of charts with memory, of several characteristics, of gauge studies, proofs and experiments.

Charts with memory: alarms against what the stated run length explains (the 0.9 quantile of a Poisson count of separate
alarms), and that run length itself (250 points wanted). Vectors: ten points for each characteristic; Mardia's kurtosis;
characteristics that do not repeat each other. Judges: 50 items, kappa 0.75, misses 2 %, false alarms 5 %. Proofs: what
:mod:`.comparison` judges, and whether something else changed, which numbers alone never show.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed.; VDA 5 (2021); K. V. Mardia (1970), Biometrika 57, 519-530; R. L.
Mason and J. C. Young (2002), *Multivariate Statistical Process Control*, SIAM.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, msg
from qualipolis.methods.spc.cards import amount_check, independence_check, lag_one, normality_check
from qualipolis.methods.spc.chart_checks import by_p
from qualipolis.methods.spc.charts.multivariate import MultivariateChart
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats
from qualipolis.methods.spc.charts.weighted import CusumChart
from qualipolis.methods.spc.comparison.before_after import Proof
from qualipolis.methods.spc.comparison.counted_proof import CountPhase
from qualipolis.methods.spc.comparison.phase import Phase
from qualipolis.methods.spc.doe.experiment import Experiment
from qualipolis.methods.spc.msa.attribute import Appraiser, AttributeStudy, Share
from qualipolis.methods.spc.msa.linearity import Linearity
from qualipolis.methods.spc.msa.type1 import Type1
from qualipolis.methods.spc.report_card import Check, ReportCard, State, graded
from qualipolis.methods.spc.run_length import cusum_arl, ewma_arl, mewma_arl


def alarms_check(beyond: Bools, length: float) -> Check:
    """Whether a chart alarms more often than its run length explains; neighbouring points are one alarm."""
    from scipy.stats import poisson

    separate = int(np.sum(beyond & ~np.concatenate([[False], beyond[:-1]])))
    allowed = int(poisson.ppf(0.9, len(beyond) / length))
    state: State = "green" if not separate else "amber" if separate <= allowed else "red"
    what = msg("%(found)s alarms in %(points)s points; up to %(allowed)s are no surprise.")
    remedy = msg("Find the cause of each signal before anything is predicted from this process.")
    params = {"found": separate, "points": len(beyond), "allowed": allowed}
    return Check("stability", state, what, params, "" if state == "green" else remedy)


def length_check(length: float) -> Check:
    """Whether false alarms are rare."""
    what = msg("Without any cause, one alarm comes in %(value)s points on average.")
    remedy = msg("Widen the limits: alarms that mean nothing are soon ignored.")
    return graded("false_alarms", round(length, 1), (250, 50), (what, remedy))


def memory_card(chart: ControlChart | CusumChart, points: ArrayLike | None = None) -> ReportCard:
    """Return the card of an EWMA or CUSUM chart; ``points`` are the values or means that were accumulated.

    >>> from qualipolis.methods.spc.charts import ewma_chart
    >>> x = np.random.default_rng(3).normal(10, 1, 120)
    >>> memory_card(ewma_chart(x), x).state
    'green'
    """
    if isinstance(chart, CusumChart):
        length = cusum_arl(chart.reference, chart.decision)
        calibration = chart.base.calibration
        shown: Floats | None = chart.base.values
    else:
        words = chart.conventions
        weight, width = float(str(words["weight"])), float(str(words["sigmas"]))
        length = ewma_arl(weight, width, varying=not words["steady"])
        calibration, shown = chart.calibration, None if points is None else np.asarray(points, dtype=np.float64)
    checks = [amount_check(int(np.sum(calibration))), alarms_check(chart.beyond, length), length_check(length)]
    if shown is not None:
        series = shown if shown.ndim == 1 else np.nanmean(shown, axis=-1)
        checks += [independence_check(series), normality_check(series[~np.isnan(series)])]
    return ReportCard(checks)


def vectors_card(
    chart: MultivariateChart, data: ArrayLike, *, weight: float | None = None, steady: bool = False
) -> ReportCard:
    """Return the card of a T² chart, or of a multivariate EWMA chart with its ``weight`` and whether its limits are steady.

    ``data`` are the vectors.

    >>> from qualipolis.methods.spc.charts import t2_chart
    >>> x = np.random.default_rng(2).normal(0, 1, (60, 3))
    >>> vectors_card(t2_chart(x, confidence=0.9973), x).state
    'green'
    """
    x = np.asarray(data, dtype=np.float64)
    means = x.mean(axis=1) if x.ndim == 3 else x
    m, p = int(np.sum(chart.calibration)), means.shape[1]
    length = 1 / (1 - chart.confidence) if weight is None else mewma_arl(weight, chart.limit, p, varying=not steady)
    what = msg("There are %(value)s points for each characteristic; %(good)s are wanted.")
    remedy = msg("Bring more points, or watch fewer characteristics: the covariance is hardly known.")
    checks = [graded("amount", m / p, (10, 5), (what, remedy)), alarms_check(chart.beyond, length)]
    return ReportCard([*checks, length_check(length), _together(means), _mardia(means), _repeat(chart.covariance)])


def _together(x: Floats) -> Check:
    """Whether neighbouring vectors are independent: the largest correlation of any characteristic with itself."""
    from scipy.special import ndtri

    worst = max(abs(float(np.nan_to_num(lag_one(column)[0]))) for column in x.T)
    limit = float(-ndtri(0.0455 / 2 / x.shape[1])) / float(np.sqrt(len(x)))
    state: State = "green" if worst <= limit else "amber" if worst <= 2 * limit else "red"
    what = msg("Neighbouring points have a correlation of %(r)s; up to %(limit)s may be chance.")
    remedy = msg("Use a chart of forecast errors, or sample less often: these limits alarm at the wrong rate.")
    params = {"r": f"{worst:.2f}", "limit": f"{limit:.2f}"}
    return Check("independence", state, what, params, "" if state == "green" else remedy)


def _mardia(x: Floats) -> Check:
    """Whether vectors may be jointly normal, by the kurtosis of their distances."""
    from scipy.special import ndtr

    m, p = x.shape
    if m <= 2 * p + 2:
        return Check("normality", "amber", msg("There are too few points to test a joint distribution."))
    away = x - x.mean(axis=0)
    distance = np.einsum("mi,ij,mj->m", away, np.linalg.pinv(away.T @ away / m), away)
    z = (float(np.mean(distance**2)) - p * (p + 2) * (m - 1) / (m + 1)) / np.sqrt(8 * p * (p + 2) / m)
    remedy = msg("Transform the characteristics, or set the limit by resampling.")
    return by_p("normality", float(2 * ndtr(-abs(z))), msg("Joint normal law, by its kurtosis: p = %(p)s."), remedy)


def _repeat(covariance: Floats) -> Check:
    scale = np.sqrt(np.diag(covariance))
    inflation = float(np.max(np.diag(np.linalg.pinv(covariance / np.outer(scale, scale)))))
    what = msg("The characteristic that the others determine most has an inflation of %(value)s.")
    remedy = msg("Leave a characteristic out that follows from the others, or chart principal components.")
    return graded("repeats", inflation, (10, 100), (what, remedy), falling=True)


def type1_card(study: Type1, values: ArrayLike | None = None) -> ReportCard:
    """Return the card of a type-1 study; ``values`` are its readings in the order of time.

    >>> from qualipolis.methods.spc.msa import type1_study
    >>> x = np.random.default_rng(2).normal(5, 0.001, 50)
    >>> type1_card(type1_study(x, 5.0, 0.1, resolution=0.0001), x).state
    'green'
    """
    more = msg("Take 50 readings: the limits of Cg are wide otherwise.")
    checks = [graded("amount", study.n, (25, 10), (msg("%(value)s readings were taken; %(good)s are wanted."), more))]
    finer = msg("The gauge scatters too much for this tolerance.")
    checks.append(graded("cg", study.cg.value, (1.33, 1.0), (msg("Cg is %(value)s; %(good)s is wanted."), finer)))
    adjust = msg("Adjust the gauge, or correct for its bias.")
    checks.append(graded("cgk", study.cgk.value, (1.33, 1.0), (msg("Cgk is %(value)s; %(good)s is wanted."), adjust)))
    checks.append(by_p("bias", study.bias.p, msg("Whether the gauge reads right: p = %(p)s."), adjust))
    if study.percent_resolution is None:
        checks.append(Check("resolution", "amber", msg("The resolution of the display is not known.")))
    else:
        what = msg("The resolution is %(value)s %% of the tolerance; up to %(good)s %% is good.")
        step = study.percent_resolution
        checks.append(graded("resolution", step, (5, 10), (what, msg("Use a finer gauge.")), falling=True))
    if values is not None:
        x = np.asarray(values, dtype=np.float64)
        checks += [independence_check(x), normality_check(x[~np.isnan(x)])]
    return ReportCard(checks)


def linearity_card(study: Linearity) -> ReportCard:
    """Return the card of a study of bias and linearity."""
    more = msg("Take masters over the whole range that is measured.")
    masters, fewest = len(study.masters), min(master.n for master in study.masters)
    checks = [graded("masters", masters, (5, 3), (msg("%(value)s masters were measured; %(good)s are wanted."), more))]
    what = msg("The master with the fewest readings has %(value)s; %(good)s are wanted.")
    checks.append(graded("amount", fewest, (10, 5), (what, msg("Read each master more often."))))
    adjust = msg("Adjust the gauge, or correct for its bias.")
    checks.append(by_p("bias", study.joint_p, msg("No bias anywhere, no change of it with size: p = %(p)s."), adjust))
    if study.percent_linearity is None:
        checks.append(Check("linearity", "amber", msg("The spread of the process is not known: no per cent of it.")))
    else:
        what = msg("Linearity takes %(value)s %% of the process; up to %(good)s %% is good.")
        checks.append(graded("linearity", study.percent_linearity, (5, 10), (what, adjust), falling=True))
    return ReportCard(checks)


def agreement_card(study: AttributeStudy) -> ReportCard:
    """Return the card of a study of judges."""
    more = msg("With so few, kappa is known roughly only.")
    checks = [graded("items", study.items, (50, 20), (msg("%(value)s items were judged; %(good)s are wanted."), more))]
    what = msg("%(value)s appraisers took part; %(good)s are wanted.")
    checks.append(graded("appraisers", len(study.appraisers), (3, 2), (what, more)))
    what = msg("Each item was judged %(value)s times by each appraiser; %(good)s are wanted.")
    checks.append(graded("trials", study.trials, (2, 2), (what, msg("Judge again: agreement within is not known."))))
    kappas = [k for one in study.appraisers.values() if (k := one.fleiss_standard) is not None and not np.isnan(k)]
    kappas = kappas or ([] if study.fleiss_between is None else [study.fleiss_between])
    if kappas and not np.isnan(min(kappas)):
        what = msg("The lowest kappa is %(value)s; %(good)s is wanted, below %(fair)s judges cannot be used.")
        remedy = msg("Show limit samples, and judge again.")
        checks.append(graded("kappa", min(kappas), (0.75, 0.4), (what, remedy)))
    return ReportCard([*checks, *_errors(study.appraisers.values()), _mix(study.appraisers.values())])


def _errors(appraisers: Iterable[Appraiser]) -> list[Check]:
    known = list(appraisers)
    found = []
    for code, shares, steps, words in (
        ("misses", [one.miss for one in known], (2, 5),
         msg("The worst appraiser passes %(value)s %% of bad items; up to %(good)s %% is good.")),
        ("false_alarms", [one.false_alarm for one in known], (5, 10),
         msg("The worst appraiser refuses %(value)s %% of good items; up to %(good)s %% is good.")),
    ):  # fmt: skip
        given = [share.value for share in shares if share is not None]
        if given:
            remedy = msg("Train on the items that were judged wrongly.")
            found.append(graded(code, 100 * max(given), steps, (words, remedy), falling=True))
    return found


def _mix(appraisers: Iterable[Appraiser]) -> Check:
    """Whether bad and good items are both well represented."""

    def cases(share: Share | None) -> int:
        return 0 if share is None else share.cases

    bad, good = (sum(cases(getattr(one, name)) for one in list(appraisers)) for name in ("miss", "false_alarm"))
    if not bad + good:
        return Check("mix", "amber", msg("There is no standard, or nobody said which category is bad."))
    what = msg("The rarer kind makes %(value)s %% of the items; %(good)s %% is wanted.")
    remedy = msg("Choose good, bad and doubtful items on purpose.")
    return graded("mix", 100 * min(bad, good) / (bad + good), (25, 10), (what, remedy))


def proof_card(proof: Proof, *, controlled: bool | None = None) -> ReportCard:
    """Return the card of a before-and-after proof.

    ``controlled`` says whether a process that was not treated stayed as it was; None when there was none to compare with.

    >>> from qualipolis.methods.spc.comparison import before_after
    >>> rng = np.random.default_rng(4)
    >>> found = before_after(rng.normal(10, 1, (25, 5)), rng.normal(10, 0.6, (25, 5)), "spread")
    >>> card = proof_card(found)
    >>> card.state, [check.code for check in card.of("amber")]
    ('amber', ['alone'])
    """
    checks = []
    for name, phase in (("before", proof.before), ("after", proof.after)):
        checks += _phase_checks(name, phase)
    if proof.aim in ("ppm", "Ppk"):
        checks.append(normality_check(proof.after.values))
    if isinstance(proof.after, CountPhase) and isinstance(proof.before, CountPhase):
        checks.append(_scatter(proof.before, proof.after))
    good, bad = (
        msg("A process that was not treated stayed as it was."),
        msg("A process that was not treated changed too."),
    )
    remedy = msg("Subtract its change, or treat one line after the other.")
    if controlled is None:
        what = msg("No process that was not treated was watched: something else may have changed at the same time.")
        checks.append(Check("alone", "amber", what, {}, remedy))
    else:
        checks.append(Check("alone", "green" if controlled else "red", good if controlled else bad, {},
                            "" if controlled else remedy))  # fmt: skip
    return ReportCard(checks)


def _phase_checks(name: str, phase: Phase) -> list[Check]:
    words = {
        "before": (msg("%(value)s points before; %(good)s are wanted."),
                   msg("Before: %(found)s signals, up to %(allowed)s are no surprise.")),
        "after": (msg("%(value)s points after; %(good)s are wanted."),
                  msg("After: %(found)s signals, up to %(allowed)s are no surprise.")),
    }[name]  # fmt: skip
    found = [graded(f"points_{name}", phase.points, (25, 20), (words[0], msg("Watch longer before you judge.")))]
    state: State = "green" if phase.stable else "red" if name == "after" else "amber"
    remedy = "" if phase.stable else msg("Find the cause of each signal: it may explain the change, or undo it.")
    params = {"found": phase.signals, "allowed": phase.allowed}
    found.append(Check(f"stability_{name}", state, words[1], params, remedy))
    check = independence_check(phase.values) if phase.points == len(phase.values) and phase.points > 7 else None
    return (
        [*found, Check(f"independence_{name}", check.state, check.what, check.params, check.remedy)] if check else found
    )


def _scatter(before: CountPhase, after: CountPhase) -> Check:
    known = [phase.scatter for phase in (before, after) if phase.scatter is not None]
    if not known:
        return Check("dispersion", "amber", msg("Whether the counts follow their law is not known."))
    worst = min(known, key=lambda one: one.p_over)
    remedy = msg("The scatter between points was used instead of the law; look for batches.")
    what = msg("Whether the counts scatter as their law says: p = %(p)s.")
    return by_p("dispersion", worst.p_over, what, remedy)


def experiment_card(found: Experiment) -> ReportCard:
    """Return the card of an experiment, its runs in the order in which they were made."""
    more = msg("Repeat runs, or leave out terms that do nothing: F and p rest on so little.")
    what = msg("The error has %(value)s degrees of freedom; %(good)s are wanted.")
    checks = [graded("error", found.error.freedom, (6, 3), (what, more))]
    if found.lack_of_fit is None:
        checks.append(Check("lack_of_fit", "amber", msg("No run was made twice: whether the model fits is not known.")))
    else:
        remedy = msg("Add squares or interactions, or transform the result.")
        checks.append(by_p("lack_of_fit", found.lack_of_fit.p, msg("Whether the model fits: p = %(p)s."), remedy))
    if found.dropped:
        what = msg("These terms cannot be told from others: %(terms)s.")
        remedy = msg("Add runs that tell them apart before you decide between them.")
        checks.append(Check("aliases", "amber", what, {"terms": ", ".join(found.dropped)}, remedy))
    what = msg("The largest variance inflation is %(value)s.")
    remedy = msg("Code the factors, or bring a design in which they are independent.")
    checks.append(graded("inflation", max(found.inflation.values()), (5, 10), (what, remedy), falling=True))
    if found.error.freedom:
        checks += [_residual_shape(found.fit.residuals), independence_check(found.fit.residuals)]
    return ReportCard(checks)


def _residual_shape(residuals: Floats) -> Check:
    try:
        return normality_check(residuals)
    except InputError as error:
        return Check("normality", "amber", error.problems[0].what)
