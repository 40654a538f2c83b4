"""The decision table: which instrument for which question, as data.

A step asks for one fact; its branches are tried in order, the first that holds is taken. A branch names the outcome in words,
the instrument it leads to (if any), whether it warns or stops, and the next step. Every path ends at step 12. The numbers
are those of common practice: %GRR 10 and 30 and ndc 5 (AIAG MSA), 25 subgroups (AIAG SPC), 2/√n for a correlation,
1.5σ as the smallest shift an x̄ chart finds soon, p = 0.05 or a probability plot of 0.999 beyond 1,000 values.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed.; AIAG (2005), *Statistical Process Control*, 2nd ed.; ISO
22514-2:2017; D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from qualipolis.methods.problems import msg

Operator = Literal["<", "<=", ">", ">=", "is", "unknown", "else"]
Mood = Literal["go", "warn", "stop"]
ROOT_N = "two_over_root_n"


@dataclass(frozen=True)
class Fact:
    """Something to know: the ``question`` in words, and the ``answers`` with their words; a number where there are none."""

    name: str
    question: str
    answers: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True)
class Branch:
    """What follows when the fact stands so to the threshold."""

    operator: Operator
    threshold: float | str
    outcome: str
    next: str
    instrument: str = ""
    mood: Mood = "go"


@dataclass(frozen=True)
class Step:
    """One step: the fact it asks for (none for a step that only speaks), why it is asked, and its branches."""

    code: str
    fact: str
    reason: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Instrument:
    """An instrument: its name as a message id, and the path of the function to call; empty where there is none here."""

    code: str
    name: str
    function: str


_AT = "qualipolis.methods.spc."
_YES = {"yes": msg("yes"), "no": msg("no")}


def _fact(name: str, question: str, answers: Mapping[str, str] | None = None, whole: bool = False) -> Fact:
    return Fact(name, question, answers or {}, whole)


_FACTS = (
    _fact("goal", msg("What do you want to know?"), {
        "gauge": msg("whether a gauge or a judgement can be trusted"),
        "monitor": msg("whether the process is still as it was"),
        "capability": msg("whether the process keeps to its limits"),
        "causes": msg("what the cause is"),
        "life": msg("how long products last"),
        "improvement": msg("whether a treatment worked"),
    }),
    _fact("measurement", msg("How is it known that the measuring can be trusted?"), {
        "grr": msg("a gauge study with %%GRR is on record"),
        "agreement": msg("a study of agreement between judges is on record"),
        "none": msg("no study is on record"),
        "counted": msg("nothing is measured: events are counted from records"),
    }),
    _fact("grr", msg("What share of the study variation is the measuring (%%GRR)?")),
    _fact("ndc", msg("How many classes of parts can the gauge tell apart (ndc)?"), whole=True),
    _fact("grr_tolerance", msg("What share of the tolerance is the measuring (%%P/T)?")),
    _fact("kappa", msg("How well do the judges agree (kappa)?")),
    _fact("gauge_setup", msg("What can be measured for the study?"), {
        "one_master": msg("one master part, many times"),
        "masters": msg("five masters or more over the range"),
        "parts": msg("parts from production, by the people who measure them"),
        "judged": msg("nothing: people judge by eye"),
    }),
    _fact("destructive", msg("Does measuring destroy or change the part?"), _YES),
    _fact("kind", msg("What is recorded?"), {
        "measured": msg("a measured value"),
        "units": msg("good or bad units"),
        "defects": msg("the number of defects"),
        "events": msg("time or units between rare events"),
    }),
    _fact("characteristics", msg("How many characteristics are watched together?"), whole=True),
    _fact("correlated", msg("Do these characteristics move together?"), _YES),
    _fact("n", msg("How many values are there?"), whole=True),
    _fact("autocorrelation", msg("How alike are neighbouring values (lag-1 correlation, without sign)?")),
    _fact("short_runs", msg("Are runs short, or nominal values many?"), _YES),
    _fact("parts_alike", msg("Do all parts scatter alike?"), _YES),
    _fact("shift", msg("How large is the shift that must be found, in sigmas?")),
    _fact("subgroup_size", msg("How many values are taken at a time?"), whole=True),
    _fact("sizes_vary", msg("Does the number taken at a time vary?"), _YES),
    _fact("expected_count", msg("How many bad units or defects does a sample have on average?")),
    _fact("dispersion_p", msg("What is the p-value of the test for more scatter than the law of counts allows?")),
    _fact("sigma_z", msg("How much wider than their law do the counts scatter (sigma z of Laney)?")),
    _fact("event_unit", msg("What lies between two events?"), {"units": msg("units"), "time": msg("time")}),
    _fact("subgroups", msg("How many subgroups or points are there?"), whole=True),
    _fact("excess_signals", msg("How many more points signal than chance explains?"), whole=True),
    _fact("normal_p", msg("What is the p-value of the test for the normal law (Anderson-Darling)?")),
    _fact("plot_correlation", msg("What is the correlation of the probability plot?")),
    _fact("tail_ratio", msg("How many times what is expected lies beyond 3 sigmas, at least?")),
    _fact("mixed", msg("Do the values come from two groups?"), _YES),
    _fact("boundary", msg("Is there a natural boundary, such as 0 for a roughness?"), _YES),
    _fact("location", msg("How does the mean move over time?"), {
        "constant": msg("it stays"), "random": msg("it jumps from batch to batch"), "trend": msg("it drifts steadily"),
        "both": msg("it drifts and jumps"),
    }),
    _fact("spread_constant", msg("Does the spread stay the same over time?"), _YES),
    _fact("sides", msg("Which limits can be missed?"), {"two": msg("both"), "one": msg("one only")}),
    _fact("index_bound", msg("What is the lower 95 %% bound of the index?")),
    _fact("no_harm", msg("Is the aim to prove that a change does no harm?"), _YES),
    _fact("cause", msg("What is compared?"), {
        "two": msg("measured values of two groups"), "groups": msg("measured values of three groups or more"),
        "pairs": msg("pairs of measured values"), "shares": msg("shares of bad units"),
        "rates": msg("rates of defects or events"), "number": msg("a measured value and a number that may drive it"),
        "many": msg("many possible causes at once"), "trials": msg("settings that can be tried on purpose"),
    }),
    _fact("group_least", msg("How many values has the smallest group?"), whole=True),
    _fact("factors", msg("How many settings can be tried?"), whole=True),
    _fact("curved", msg("Is the best setting looked for, not only what matters?"), _YES),
    _fact("failures", msg("How many failures were seen?"), whole=True),
    _fact("modes", msg("In how many ways do products fail?"), whole=True),
    _fact("ageing", msg("Which side of 1 is the interval of the Weibull shape on?"), {
        "infant": msg("below 1"), "random": msg("1 lies inside"), "wear": msg("above 1"),
    }),
    _fact("points_before", msg("How many points are there from before the treatment?"), whole=True),
    _fact("points_after", msg("How many points are there from after the treatment?"), whole=True),
)  # fmt: skip
FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _FACTS}


_INSTRUMENTS = (
    Instrument("type1", msg("Type 1 gauge study"), _AT + "msa.type1.type1_study"),
    Instrument("linearity", msg("Bias and linearity study"), _AT + "msa.linearity.linearity_study"),
    Instrument("crossed", msg("Gauge R&R, crossed"), _AT + "msa.gauge_rr"),
    Instrument("nested", msg("Gauge R&R, nested"), _AT + "msa.gauge_rr"),
    Instrument("agreement", msg("Study of agreement (kappa)"), _AT + "msa.attribute.attribute_study"),
    Instrument("t2", msg("T² chart"), _AT + "charts.t2_chart"),
    Instrument("mewma", msg("Multivariate EWMA chart"), _AT + "charts.mewma_chart"),
    Instrument("forecast", msg("Individuals chart of forecast errors"), _AT + "charts.residual_chart"),
    Instrument("wandering", msg("Values around the EWMA of those before"), _AT + "charts.wandering_chart"),
    Instrument("nominal", msg("Chart of deviations from nominal"), _AT + "charts.nominal_chart"),
    Instrument("standardised", msg("Chart of standardised values (Z and its moving range)"),
               _AT + "charts.standardised_chart"),
    Instrument("ewma", msg("EWMA or CUSUM chart"), _AT + "charts.ewma_chart"),
    Instrument("individuals", msg("Individuals and moving range chart"), _AT + "charts.individuals_chart"),
    Instrument("xbar_r", msg("Mean and range chart"), _AT + "charts.xbar_chart"),
    Instrument("xbar_s", msg("Mean and standard deviation chart"), _AT + "charts.xbar_chart"),
    Instrument("np", msg("np chart"), _AT + "charts.np_chart"),
    Instrument("p", msg("p chart"), _AT + "charts.p_chart"),
    Instrument("laney_p", msg("p′ chart of Laney"), _AT + "charts.p_chart"),
    Instrument("c", msg("c chart"), _AT + "charts.c_chart"),
    Instrument("u", msg("u chart"), _AT + "charts.u_chart"),
    Instrument("laney_u", msg("u′ chart of Laney"), _AT + "charts.u_chart"),
    Instrument("g", msg("g chart: units between events"), _AT + "charts.g_chart"),
    Instrument("t", msg("t chart: time between events"), _AT + "charts.t_chart"),
    Instrument("suspects", msg("From the pattern to the first suspects"), _AT + "patterns.from_chart"),
    Instrument("stratify", msg("Split by the source first"), _AT + "distributions.two_populations"),
    Instrument("trend", msg("Chart around the trend"), _AT + "charts.trend_chart"),
    Instrument("capability", msg("Capability of a normal process"), _AT + "capability.capability"),
    Instrument("performance", msg("Performance by percentiles"), _AT + "capability.nonnormal.nonnormal_capability"),
    Instrument("share", msg("Share of bad units, with its exact interval"), _AT + "capability.defective_capability"),
    Instrument("rate", msg("Rate of defects, with its exact interval"), _AT + "capability.defects_capability"),
    Instrument("welch", msg("Welch's t-test, and the ratio of the spreads"), _AT + "comparison.mean_difference"),
    Instrument("ranks", msg("Mann-Whitney test"), _AT + "comparison.rank_shift"),
    Instrument("anova", msg("Welch's analysis of variance, then pairs"), _AT + "comparison.compare_means"),
    Instrument("kruskal", msg("Kruskal-Wallis test"), _AT + "comparison.compare_ranks"),
    Instrument("paired", msg("Paired t-test"), _AT + "comparison.paired_difference"),
    Instrument("signed", msg("Signed-rank test"), _AT + "comparison.signed_rank"),
    Instrument("fisher", msg("Fisher's exact test"), _AT + "comparison.fisher_exact"),
    Instrument("rates", msg("Exact comparison of rates"), _AT + "comparison.rate_ratio"),
    Instrument("equivalence", msg("Two one-sided tests of equivalence"), _AT + "comparison.equivalence"),
    Instrument("screen", msg("Screening with false discoveries under control"), _AT + "comparison.screen"),
    Instrument("regression", msg("Regression"), _AT + "doe.fit"),
    Instrument("factorial", msg("Two-level factorial experiment"), _AT + "doe.full_factorial"),
    Instrument("screening_design", msg("Fractional or definitive screening design"),
               _AT + "doe.fractional_factorial"),
    Instrument("surface", msg("Response surface design"), _AT + "doe.central_composite"),
    Instrument("success_run", msg("Success run"), _AT + "reliability.success_run"),
    Instrument("weibayes", msg("Weibayes: a shape known before"), _AT + "reliability.weibayes"),
    Instrument("weibull", msg("Weibull fit with likelihood limits"), _AT + "reliability.fit_life"),
    Instrument("competing", msg("One Weibull fit for each way to fail"), _AT + "reliability.fit_life"),
    Instrument("collect", msg("Collect more data first"), ""),
    Instrument("proof", msg("Before-and-after proof"), _AT + "comparison.before_after"),
    Instrument("proof_shares", msg("Before-and-after proof for shares of bad units"),
               _AT + "comparison.before_after_defectives"),
    Instrument("proof_rates", msg("Before-and-after proof for numbers of defects"),
               _AT + "comparison.before_after_defects"),
)  # fmt: skip
INSTRUMENTS: Mapping[str, Instrument] = {one.code: one for one in _INSTRUMENTS}
