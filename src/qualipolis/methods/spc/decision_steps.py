"""The steps of the decision table (:mod:`.decisions`), in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.decisions import ROOT_N, Branch, Mood, Operator, Step

START, END = "goal", "12"


def _is(answer: str, outcome: str, then: str, instrument: str = "", mood: Mood = "go") -> Branch:
    return Branch("is", answer, outcome, then, instrument, mood)


def _by(
    operator: Operator, threshold: float | str, outcome: str, then: str, instrument: str = "", mood: Mood = "go"
) -> Branch:
    return Branch(operator, threshold, outcome, then, instrument, mood)


def _unknown(outcome: str, then: str, mood: Mood = "warn") -> Branch:
    return Branch("unknown", "", outcome, then, "", mood)


def _else(outcome: str, then: str, instrument: str = "", mood: Mood = "go") -> Branch:
    return Branch("else", "", outcome, then, instrument, mood)


_START = (
    Step(START, "goal", msg("Each question has its own instruments."), (
        _is("gauge", msg("The question is the measuring itself."), "0a"),
        _is("life", msg("The question is a life."), "10"),
        _else(msg("First see whether the numbers can be trusted."), "0"),
    )),
    Step("0", "measurement", msg("A result is no better than the measuring behind it."), (
        _is("grr", msg("A gauge study is on record."), "0.grr"),
        _is("agreement", msg("A study of agreement is on record."), "0.kappa"),
        _is("counted", msg("Events are counted from records; see that the records are complete."), "0.goal"),
        _else(msg("Measurement system first: no study is on record."), "0a", "", "stop"),
    )),
    Step("0.grr", "grr", msg("Spread of the measuring hides in the spread of the product."), (
        _by(">", 30, msg("Measurement system first: %%GRR is %(value)s, above %(limit)s."), "0a", "", "stop"),
        _by(">", 10, msg("%%GRR is %(value)s, above %(limit)s: usable, read results with care."), "0.ndc", "", "warn"),
        Branch("unknown", "", msg("Measurement system first: %%GRR is not known."), "0a", "", "stop"),
        _else(msg("%%GRR is %(value)s: good."), "0.ndc"),
    )),
    Step("0.ndc", "ndc", msg("A gauge that sees few classes cannot show a change."), (
        _by("<", 5, msg("Measurement system first: ndc is %(value)s, below %(limit)s."), "0a", "", "stop"),
        _unknown(msg("ndc is not known."), "0.tolerance"),
        _else(msg("ndc is %(value)s: enough."), "0.tolerance"),
    )),
    Step("0.tolerance", "grr_tolerance", msg("Judging single parts needs a gauge fine against the tolerance."), (
        _by(">", 30, msg("The measuring takes %(value)s %% of the tolerance, above %(limit)s: do not pass single parts"
                         " near a limit."), "0.goal", "", "warn"),
        _unknown(msg("The share of the tolerance is not known."), "0.goal", "go"),
        _else(msg("The measuring takes %(value)s %% of the tolerance."), "0.goal"),
    )),
    Step("0.kappa", "kappa", msg("Judges who disagree measure themselves."), (
        _by("<", 0.4, msg("Measurement system first: kappa is %(value)s, below %(limit)s."), "0a", "", "stop"),
        _by("<", 0.75, msg("Kappa is %(value)s, below %(limit)s: usable, read results with care."), "0.goal", "", "warn"),
        Branch("unknown", "", msg("Measurement system first: kappa is not known."), "0a", "", "stop"),
        _else(msg("Kappa is %(value)s: good."), "0.goal"),
    )),
    Step("0.goal", "goal", msg("The measuring stands; now the question itself."), (
        _is("causes", msg("Compare what may be the cause."), "9"),
        _is("improvement", msg("Hold the time after against the time before."), "11"),
        _else(msg("A chart comes first: without stability there is nothing to predict."), "1"),
    )),
    Step("0a", "gauge_setup", msg("The study depends on what can be measured again."), (
        _is("one_master", msg("One gauge and one master: bias and repeatability; Cgk is to reach 1.33."), END, "type1"),
        _is("masters", msg("Masters over the range: bias at each, and whether it grows."), END, "linearity"),
        _is("judged", msg("Judgements: agreement within, between and with the standard, misses and false alarms."),
            END, "agreement"),
        _else(msg("Parts and people: repeatability and reproducibility."), "0b"),
    )),
    Step("0b", "destructive", msg("A part that is gone cannot be measured by all operators."), (
        _is("yes", msg("Each operator gets parts of their own, from one batch."), END, "nested"),
        _else(msg("All operators measure all parts, twice or more."), END, "crossed"),
    )),
)  # fmt: skip

_VARIABLES = (
    Step("1", "kind", msg("The law behind the limits follows from what is recorded."), (
        _is("measured", msg("Measured values say most."), "2.many"),
        _is("units", msg("Units are good or bad: the binomial law."), "3.units"),
        _is("defects", msg("A unit may have many defects: the Poisson law."), "3.defects"),
        _else(msg("Rare events: chart what lies between them."), "3.events"),
    )),
    Step("2.many", "characteristics", msg("Characteristics that move together hide a fault from single charts."), (
        _by(">=", 2, msg("%(value)s characteristics are watched."), "2.correlated"),
        _else(msg("One characteristic."), "2.auto"),
    )),
    Step("2.correlated", "correlated", msg("Only what moves together gains from one chart."), (
        _is("yes", msg("They move together: one chart for all."), "2.joint"),
        _else(msg("They do not: one chart each."), "2.auto"),
    )),
    Step("2.joint", "shift", msg("Small shifts need memory."), (
        _by("<", 1.5, msg("A shift of %(value)sσ is below %(limit)s: a chart with memory."), "4", "mewma"),
        Branch("unknown", "", msg("No shift is named: look for large ones."), "4", "t2"),
        _else(msg("Large shifts show at once."), "4", "t2"),
    )),
    Step("2.auto", "autocorrelation", msg("Limits assume that neighbours are independent."), (
        _by(">", ROOT_N, msg("Neighbours are alike: %(value)s, above 2/√n = %(limit)s. Chart forecast errors,"
                             " and say so."), "2.return", "", "warn"),
        _unknown(msg("Whether neighbours are alike is not known."), "2.short"),
        _else(msg("Neighbours are independent as far as can be seen: %(value)s."), "2.short"),
    )),
    Step("2.return", "autocorrelation", msg("A mean that wanders has nowhere to return to."), (
        _by(">", 0.9, msg("Neighbours are nearly the same: %(value)s, above %(limit)s. Let the centre line follow."), "4",
            "wandering", "warn"),
        _else(msg("The process returns to its mean: a first-order model forecasts it."), "4", "forecast", "warn"),
    )),
    Step("2.short", "short_runs", msg("Few values of each nominal do not make a chart of their own."), (
        _is("yes", msg("Chart deviations from nominal; divide by σ of each part where spreads differ."), "2.parts"),
        _else(msg("Runs are long enough."), "2.shift"),
    )),
    Step("2.parts", "parts_alike", msg("One pair of limits fits only parts that scatter alike."), (
        _is("yes", msg("The parts scatter alike: deviations from nominal."), "4", "nominal"),
        _else(msg("The parts scatter differently, or nobody knows: standardised values."), "4", "standardised"),
    )),
    Step("2.shift", "shift", msg("Small shifts need memory."), (
        _by("<", 1.5, msg("A shift of %(value)sσ is below %(limit)s: EWMA with λ 0.1 to 0.2, or CUSUM with k 0.5."),
            "4", "ewma"),
        _unknown(msg("No shift is named: look for large ones."), "2.vary", "go"),
        _else(msg("A chart of each point is quick enough."), "2.vary"),
    )),
    Step("2.vary", "sizes_vary", msg("Ranges of different sizes do not compare."), (
        _is("yes", msg("Sizes vary: use standard deviations."), "4", "xbar_s"),
        _else(msg("Sizes are the same."), "2.size"),
    )),
    Step("2.size", "subgroup_size", msg("The range wastes information beyond eight values."), (
        _by(">=", 9, msg("%(value)s at a time, %(limit)s or more: standard deviations."), "4", "xbar_s"),
        _by(">=", 2, msg("%(value)s at a time: ranges are simple and good enough."), "4", "xbar_r"),
        _else(msg("One at a time."), "4", "individuals"),
    )),
)  # fmt: skip


def _counts(kind: str, plain: str, rate: str, laney: str) -> tuple[Step, ...]:
    """Return the steps for counts: units or defects."""
    at = f"3.{kind}"
    return (
        Step(at, "expected_count", msg("A chart of counts needs something to count."), (
            _by("<", 1, msg("A sample holds %(value)s on average, below %(limit)s: chart what lies between events."),
                "4", "g"),
            _by("<", 9, msg("A sample holds %(value)s on average, below %(limit)s: the lower limit is 0, use probability"
                            " limits or larger samples."), f"{at}.dispersion", "", "warn"),
            _else(msg("A sample holds %(value)s on average: enough."), f"{at}.dispersion"),
        )),
        Step(f"{at}.dispersion", "dispersion_p", msg("Batches make counts scatter more than their law."), (
            _by("<", 0.05, msg("The counts scatter more than their law: p = %(value)s, below %(limit)s."), "4", laney),
            _unknown(msg("Whether the counts follow their law is not known."), f"{at}.sizes"),
            _else(msg("The counts scatter as their law says: p = %(value)s."), f"{at}.sigma"),
        )),
        Step(f"{at}.sigma", "sigma_z", msg("Large samples make even small extra scatter matter."), (
            _by(">", 1.2, msg("Sigma z is %(value)s, above %(limit)s: widen the limits."), "4", laney),
            _else(msg("The limits of the law are wide enough."), f"{at}.sizes"),
        )),
        Step(f"{at}.sizes", "sizes_vary", msg("Counts compare only for equal sizes."), (
            _is("yes", msg("Sizes vary: chart the rate."), "4", rate),
            _else(msg("Sizes are the same: chart the count."), "4", plain),
        )),
    )  # fmt: skip


_CHARTED = (
    Step("3.events", "event_unit", msg("Units are counted, time is measured: two laws."), (
        _is("units", msg("Units between events: the geometric law."), "4", "g"),
        _else(msg("Time between events: the exponential law, on a scale that makes it nearly normal."), "4", "t"),
    )),
    Step("4", "subgroups", msg("Limits from few points are themselves uncertain."), (
        _by("<", 25, msg("%(value)s points, below %(limit)s: the limits are provisional."), "4.goal", "", "warn"),
        _else(msg("%(value)s points: enough for limits."), "4.goal"),
    )),
    Step("4.goal", "goal", msg("Watching ends with the chart, capability goes on."), (
        _is("capability", msg("On to capability."), "4.kind"),
        _else(msg("Keep the chart, with frozen limits and few rules: every rule adds false alarms."), END),
    )),
    Step("4.kind", "kind", msg("Indices of measured values and of counts differ."), (
        _is("measured", msg("Measured values: is the process stable?"), "5"),
        _is("units", msg("Give the share with its exact interval."), END, "share"),
        _else(msg("Give the rate with its exact interval."), END, "rate"),
    )),
    Step("5", "excess_signals", msg("Only a stable process has a capability."), (
        _by(">", 0, msg("%(value)s signals more than chance explains: speak of performance (Pp, Ppk), not of capability,"
                        " and look for the causes."), "7.any", "suspects", "warn"),
        _else(msg("Stable as far as can be seen."), "6"),
    )),
    Step("6", "n", msg("With many values every test finds something."), (
        _by(">", 1000, msg("%(value)s values, above %(limit)s: look at the probability plot."), "6.plot"),
        _else(msg("%(value)s values: test the normal law."), "6.test"),
    )),
    Step("6.test", "normal_p", msg("The share far out depends on the shape."), (
        _by(">=", 0.05, msg("Nothing speaks against the normal law: p = %(value)s."), "7.normal"),
        _unknown(msg("The shape is not known."), "6.mixed"),
        _else(msg("The normal law does not hold: p = %(value)s."), "6.mixed"),
    )),
    Step("6.plot", "plot_correlation", msg("The share far out depends on the shape."), (
        _by(">=", 0.999, msg("The probability plot is straight: %(value)s."), "6.tail"),
        _else(msg("The probability plot is bent: %(value)s, below 0.999."), "6.mixed"),
    )),
    Step("6.tail", "tail_ratio", msg("A straight plot may still hide heavy tails."), (
        _by(">", 1, msg("The tails hold at least %(value)s times what is expected, above %(limit)s."), "6.mixed"),
        _else(msg("The tails are as expected."), "7.normal"),
    )),
    Step("6.mixed", "mixed", msg("Two streams have no common shape."), (
        _is("yes", msg("Two groups are mixed: split by their source before anything is computed."), END, "stratify",
            "stop"),
        _else(msg("One group."), "6.bound"),
    )),
    Step("6.bound", "boundary", msg("A boundary makes values skewed by nature."), (
        _is("yes", msg("Try laws that begin at the boundary: folded normal, Weibull, lognormal."), "7.other"),
        _else(msg("Try laws in the order of plausibility, then Box-Cox or Johnson."), "7.other"),
    )),
)  # fmt: skip


def _times(variant: str, models: tuple[str, str, str], instrument: str) -> tuple[Step, ...]:
    """Return the steps of the time model of ISO 22514-2 for a normal or other shape; ``models`` are words."""
    at = f"7.{variant}"
    steady, varying, jumping = models
    return (
        Step(at, "spread_constant", msg("The time model says which spread an index speaks of."), (
            _is("no", msg("The spread changes."), f"{at}.moving"),
            _else(msg("The spread stays."), f"{at}.location"),
        )),
        Step(f"{at}.moving", "location", msg("The time model says which spread an index speaks of."), (
            _is("constant", varying, "8.performance", "", "warn"),
            _else(msg("Time model D: mean and spread change. Find the causes first."), "8.performance", "", "warn"),
        )),
        Step(f"{at}.location", "location", msg("The time model says which spread an index speaks of."), (
            _is("constant", steady, "8" if instrument == "capability" else "8.performance"),
            _is("random", jumping, "8.performance", "", "warn"),
            _is("trend", msg("Time model C3: a trend, as of tool wear. Chart around the trend."), "8.performance",
                "trend", "warn"),
            _else(msg("Time model C4: a trend and jumps."), "8.performance", "trend", "warn"),
        )),
    )  # fmt: skip


_MODELS = (
    *_times("normal", (
        msg("Time model A1: constant and normal."), msg("Time model B: the mean stays, the spread changes."),
        msg("Time model C1: the mean jumps, the whole is normal."),
    ), "capability"),
    *_times("other", (
        msg("Time model A2: constant, one peak, not normal."), msg("Time model B: the mean stays, the spread changes."),
        msg("Time model C2: the mean jumps, the whole is not normal."),
    ), "performance"),
    *_times("any", (
        msg("Mean and spread stay, yet points signal: look at single points."),
        msg("Time model B: the mean stays, the spread changes."),
        msg("Time model C1 or C2: the mean jumps."),
    ), "performance"),
)  # fmt: skip

_INDICES = (
    Step("8", "sides", msg("A limit that cannot be missed is no limit to judge."), (
        _is("one", msg("One limit: only the index of that side."), "8.bound", "capability"),
        _else(msg("Two limits: Cp, Cpk, Pp, Ppk, and Cpm with a target."), "8.bound", "capability"),
    )),
    Step("8.performance", "sides", msg("A limit that cannot be missed is no limit to judge."), (
        _is("one", msg("One limit: Ppk of that side, by percentiles."), "8.bound", "performance"),
        _else(msg("Two limits: Pp and Ppk by percentiles of the whole."), "8.bound", "performance"),
    )),
    Step("8.bound", "index_bound", msg("An index is an estimate; its lower bound is what is shown."), (
        _by(">=", 1.67, msg("The lower bound is %(value)s: %(limit)s is shown."), END),
        _by(">=", 1.33, msg("The lower bound is %(value)s: %(limit)s is shown, 1.67 is not."), END),
        _unknown(msg("Report the lower 95 %% bound against 1.33 or 1.67."), END, "go"),
        _else(msg("The lower bound is %(value)s: 1.33 is not shown."), END, "", "warn"),
    )),
)  # fmt: skip

_CAUSES = (
    Step("9", "no_harm", msg("No difference found is no proof that there is none."), (
        _is("yes", msg("To prove no harm, test equivalence against a margin named before."), END, "equivalence"),
        _else(msg("A difference is looked for."), "9.kind"),
    )),
    Step("9.kind", "cause", msg("The comparison follows from what is compared."), (
        _is("two", msg("Two groups."), "9.two"),
        _is("groups", msg("Three groups or more."), "9.groups"),
        _is("pairs", msg("Pairs: the differences count."), "9.pairs"),
        _is("shares", msg("Shares: exact, whatever the numbers."), END, "fisher"),
        _is("rates", msg("Rates: exact for Poisson counts."), END, "rates"),
        _is("number", msg("A number that may drive it: a line, with its interval."), END, "regression"),
        _is("many", msg("Many causes: look at all, and keep false discoveries in check."), END, "screen"),
        _else(msg("Settings can be tried: an experiment proves more than records."), "9.trials"),
    )),
    *(
        Step(f"9.{code}", "group_least", msg("Means of many values are nearly normal whatever the shape."), (
            _by(">=", 30, msg("%(value)s values in the smallest group, %(limit)s or more: compare means."), END, mean),
            _else(msg("%(value)s values in the smallest group: the shape matters."), f"9.{code}.shape"),
        ))
        for code, mean in (("two", "welch"), ("groups", "anova"), ("pairs", "paired"))
    ),
    *(
        Step(f"9.{code}.shape", "normal_p", msg("Few values of a skewed law mislead a comparison of means."), (
            _by("<", 0.05, msg("Not normal: p = %(value)s, below %(limit)s. Compare ranks."), END, rank),
            _else(msg("Nothing speaks against the normal law: compare means."), END, mean),
        ))
        for code, mean, rank in (
            ("two", "welch", "ranks"), ("groups", "anova", "kruskal"), ("pairs", "paired", "signed")
        )
    ),
    Step("9.trials", "factors", msg("The number of trials grows with the settings."), (
        _by(">", 4, msg("%(value)s settings, more than %(limit)s: find the few that matter first."), END,
            "screening_design"),
        _else(msg("%(value)s settings: few enough for all combinations."), "9.curved"),
    )),
    Step("9.curved", "curved", msg("A best setting lies on a curve, which two levels cannot show."), (
        _is("yes", msg("Fit the curve and look for its top."), END, "surface"),
        _else(msg("Two levels show what matters, and what works together."), END, "factorial"),
    )),
)  # fmt: skip

_LIVES = (
    Step("10", "failures", msg("A law of lifetimes is learned from failures."), (
        _by("<", 1, msg("No failure: what the survivors show."), END, "success_run"),
        _by("<", 5, msg("%(value)s failures, below %(limit)s: lean on a shape known before."), END, "weibayes"),
        _else(msg("%(value)s failures: enough to fit."), "10.modes"),
    )),
    Step("10.modes", "modes", msg("Different ways to fail have different laws."), (
        _by(">=", 2, msg("%(value)s ways to fail: fit each, the others as suspended."), "10.shape", "competing"),
        _else(msg("One way to fail."), "10.shape", "weibull"),
    )),
    Step("10.shape", "ageing", msg("The shape says what kind of treatment helps."), (
        _is("infant", msg("Early failures: look at making and start-up."), END),
        _is("random", msg("Random failures: replacing in time does not help."), END),
        _is("wear", msg("Wear: replace in time."), END),
        _unknown(msg("Look on which side of 1 the interval of the shape lies."), END, "go"),
    )),
)  # fmt: skip

_PROOF = (
    Step("11", "points_before", msg("Without a before there is no difference."), (
        _by("<", 20, msg("%(value)s points before, below %(limit)s: too few for frozen limits."), END, "collect", "stop"),
        _else(msg("%(value)s points before: freeze their limits."), "11.after"),
    )),
    Step("11.after", "points_after", msg("A cure must last to count."), (
        _by("<", 20, msg("%(value)s points after, below %(limit)s: not enough data for a verdict."), END, "collect",
            "stop"),
        _else(msg("%(value)s points after: effect, interval, what could have been seen, verdict."), "11.kind"),
    )),
    Step("11.kind", "kind", msg("Measured values prove more with fewer pieces than counts do."), (
        _is("units", msg("Good or bad units: the difference of the shares, with exact limits."), END, "proof_shares"),
        _is("measured", msg("Measured values: mean, spread or share outside, as named before looking."), END, "proof"),
        _else(msg("Counts of defects or events: the ratio of the rates, with exact limits."), END, "proof_rates"),
    )),
)  # fmt: skip

_END = (
    Step(END, "", msg("A result without its checks is an opinion."), (
        _else(msg("Report the interval, and every assumption as green, amber or red."), ""),
    )),
)  # fmt: skip

_ALL = (
    *_START, *_VARIABLES, *_counts("units", "np", "p", "laney_p"), *_counts("defects", "c", "u", "laney_u"),
    *_CHARTED, *_MODELS, *_INDICES, *_CAUSES, *_LIVES, *_PROOF, *_END,
)  # fmt: skip
STEPS: Mapping[str, Step] = {step.code: step for step in _ALL}
