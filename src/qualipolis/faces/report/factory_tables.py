"""The tables of a report on a factory file: signals, indices, report card, how the instrument was chosen, gauge study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.findings import Chart, Findings, Overview, decimals

Translate = Callable[[str], str]
LAWS = {
    "normal": msg("normal law"), "weibull": msg("Weibull law"), "lognormal": msg("lognormal law"),
    "smallest_extreme": msg("smallest extreme value law"), "largest_extreme": msg("largest extreme value law"),
    "gamma": msg("gamma law"), "logistic": msg("logistic law"), "loglogistic": msg("loglogistic law"),
    "exponential": msg("exponential law"), "weibull_3": msg("Weibull law with threshold"),
    "lognormal_3": msg("lognormal law with threshold"), "gamma_3": msg("gamma law with threshold"),
    "loglogistic_3": msg("loglogistic law with threshold"), "folded_normal": msg("folded normal law"),
    "rayleigh": msg("Rayleigh law"), "box_cox": msg("normal law after Box-Cox"), "johnson": msg("Johnson curve"),
}  # fmt: skip
METHODS = {
    "chi-square": msg("exact, chi-square"), "non-central t": msg("exact, non-central t"),
    "normal (Bissell)": msg("approximation of Bissell"), "chi-square (Boyles)": msg("approximation of Boyles"),
    "delta": msg("delta method"), "delta (logarithmic)": msg("delta method"),
    "bootstrap": msg("bootstrap"), "bootstrap (logarithmic)": msg("bootstrap"), "parametric bootstrap": msg("bootstrap"),
    "nothing can lie beyond": msg("nothing can lie beyond"),
}  # fmt: skip
LISTED = 40
WIDE = 162  # millimetres between the margins


@dataclass(frozen=True)
class TableOf:
    """A table: title, heads, rows of texts, how columns stand and how wide they are in millimetres."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    aligns: list[str]
    widths: list[float]
    rest: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    def data(self) -> dict[str, object]:
        """Return what the template takes."""
        return {
            "title": self.title, "heads": self.heads, "rows": self.rows, "aligns": self.aligns, "widths": self.widths,
            "rest": self.rest,
        }  # fmt: skip


def tables(found: Findings, say: Translate) -> Iterator[TableOf]:
    """Yield the tables that have rows, the most telling first."""
    if found.charts and found.charts[0].signals:
        yield signals_table(found, found.charts[0], say)
    if found.capability is not None:
        yield indices_table(found, say)
    if found.gauge is not None:
        yield gauge_table(found, say)
    if found.proof is not None:
        yield proof_table(found, say)
    yield card_table(found, say)
    if found.recommendation is not None and found.recommendation.steps:
        yield chosen_table(found, say)


def law_name(code: str, say: Translate) -> str:
    """Return the name of a distribution in words."""
    return say(LAWS.get(code if not code.startswith("johnson") else "johnson", code))


def signals_table(found: Findings, chart: Chart, say: Translate) -> TableOf:
    """Return the signals of the chart of location."""
    places = decimals(found)
    rows = []
    for signal in chart.signals[:LISTED]:
        first, last = signal.first + 1, signal.last + 1
        points = f"{first:,}" if first == last else f"{first:,}–{last:,}"
        against = say(msg("own phase")) if signal.against == "own" else say(msg("phase before"))
        rows.append([str(signal.number), points, say(signal.label), f"{signal.value:.{places}f}", against])
    heads = [msg("No."), msg("Points"), msg("Rule"), msg("Furthest value"), msg("Limits of")]
    rest = ""
    if len(chart.signals) > LISTED:
        rest = say(msg("the first %(n)s of %(all)s")) % {"n": LISTED, "all": len(chart.signals)}
    return TableOf(
        say(msg("Signals")), [say(h) for h in heads], rows, ["right", "left", "left", "right", "left"],
        [12, 26, 74, 26, 24], rest,
    )  # fmt: skip


def indices_table(found: Findings, say: Translate) -> TableOf:
    """Return the indices with their intervals and how those were found."""
    ability = found.capability
    assert ability is not None
    order = ("Cp", "Cpl", "Cpu", "Cpk", "Cpm", "Pp", "Ppl", "Ppu", "Ppk", "Ppm")
    names = [name for name in order if name in ability.indices]
    rows = []
    for name in names:
        index = ability.indices[name]
        interval = f"{index.low:.2f}–{index.high:.2f}"
        rows.append(
            [name, f"{index.value:.2f}", interval, f"{index.bound:.2f}", say(METHODS.get(index.method, index.method))]
        )
    heads = [msg("Index"), msg("Value"), msg("Interval"), msg("Lower bound"), msg("How it was found")]
    rest = say(msg("%(level)s %% confidence, n = %(n)s")) % {
        "level": f"{100 * ability.confidence:g}", "n": f"{ability.study.n:,}",
    }  # fmt: skip
    title = msg("Capability") if ability.valid else msg("Performance, not valid as a prediction")
    return TableOf(
        say(title),
        [say(h) for h in heads],
        rows,
        ["left", "right", "right", "right", "left"],
        [26, 26, 40, 30, 40],
        rest,
    )


def gauge_table(found: Findings, say: Translate) -> TableOf:
    """Return where the spread of a gauge study comes from."""
    study = found.gauge
    assert study is not None
    names = {
        "grr": msg("Gauge in all (GRR)"), "repeatability": msg("Repeatability"),
        "reproducibility": msg("Reproducibility"), "part": msg("Parts"), "total": msg("Total"),
    }  # fmt: skip
    rows = []
    for code, name in names.items():
        low, high = study.intervals.get(f"study.{code}", (float("nan"), float("nan")))
        tolerance = f"{study.percent_tolerance[code]:.1f}" if study.percent_tolerance else "—"
        interval = f"{low:.1f}–{high:.1f}" if low == low else "—"
        share = f"{study.percent_contribution[code]:.1f}"
        rows.append(
            [say(name), f"{study.sd(code):.4g}", share, f"{study.percent_study[code]:.1f}", interval, tolerance]
        )
    heads = [
        msg("Source"), msg("Standard deviation"), msg("%% of variance"), msg("%% of study"), msg("Interval"),
        msg("%% of tolerance"),
    ]  # fmt: skip
    p, o, r = study.sizes
    rest = say(msg("%(parts)s parts, %(operators)s operators, %(trials)s trials; ndc %(ndc)s")) % {
        "parts": p, "operators": o, "trials": r, "ndc": study.ndc,
    }  # fmt: skip
    return TableOf(
        say(msg("Gauge study")),
        [say(h) % {} for h in heads],
        rows,
        ["left", *["right"] * 5],
        [42, 26, 22, 22, 26, 24],
        rest,
    )


def proof_table(found: Findings, say: Translate) -> TableOf:
    """Return the phases side by side."""
    proof, places = found.proof, decimals(found)
    assert proof is not None
    was, now = proof.before, proof.after
    lines = [
        (msg("Points"), str(was.points), str(now.points)),
        (msg("Mean"), f"{was.mean:.{places}f}", f"{now.mean:.{places}f}"),
        (msg("Standard deviation"), f"{was.sd:.{places + 1}f}", f"{now.sd:.{places + 1}f}"),
        (msg("Points that signal"), str(was.signals), str(now.signals)),
    ]
    if was.beyond is not None and now.beyond is not None:
        lines.append((msg("Values outside the limits"), f"{was.beyond} / {was.n}", f"{now.beyond} / {now.n}"))
    heads = [msg("Measure of the phase"), msg("Before the change"), msg("After the change")]
    rows = [[say(name), before, after] for name, before, after in lines]
    return TableOf(
        say(msg("Before and after")), [say(h) for h in heads], rows, ["left", "right", "right"], [70, 46, 46]
    )


def card_table(found: Findings, say: Translate) -> TableOf:
    """Return the report card: what every result rests on."""
    rows = [[check.state, check.text(say)] for check in found.card]
    heads = [say(msg("Judgement")), say(msg("What was checked, and why"))]
    return TableOf(say(msg("Report card")), heads, rows, ["left", "left"], [30, WIDE - 30])


def chosen_table(found: Findings, say: Translate) -> TableOf:
    """Return how the instrument was chosen, step by step."""
    walk = found.recommendation
    assert walk is not None
    rows = [[str(i), taken.text(say)] for i, taken in enumerate(walk.steps, start=1)]
    rest = say(walk.instrument.name) if walk.instrument is not None else ""
    heads = [say(msg("Step of the choice")), say(msg("What was found, and why it matters"))]
    return TableOf(say(msg("How the instrument was chosen")), heads, rows, ["right", "left"], [12, WIDE - 12], rest)


def overview_table(overview: Overview, say: Translate) -> TableOf:
    """Return all characteristics, worst first; of very many the worst."""
    rows = []
    for i in overview.order[: 2 * LISTED].tolist():
        index = f"{overview.ppk[i]:.2f}" if overview.ppk[i] == overview.ppk[i] else "—"
        signals = f"{overview.signals[i]:,} / {overview.allowed[i]:,}"
        state = "red" if overview.unsteady[i] else "amber" if overview.signals[i] else "green"
        rows.append([overview.names[i][:40], f"{overview.n[i]:,}", f"{overview.outside[i]:,}", index, signals, state])
    heads = [
        msg("Characteristic"), msg("Values"), msg("Outside"), msg("Ppk"), msg("Signals / by chance"), msg("Steady"),
    ]  # fmt: skip
    title = say(msg("All %(n)s characteristics, worst first")) % {"n": f"{len(overview):,}"}
    return TableOf(
        title,
        [say(h) for h in heads],
        rows,
        ["left", "right", "right", "right", "right", "left"],
        [54, 20, 20, 18, 28, 22],
    )
