"""One function from the readings of one characteristic to all that can honestly be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc import cards
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.charts.variables import Subgroups
from qualipolis.methods.spc.comparison.before_after import Aim, Proof, before_after
from qualipolis.methods.spc.findings import chance, judging
from qualipolis.methods.spc.findings.charting import INSTRUMENTS_HERE, drawn, ranges_of_trials
from qualipolis.methods.spc.findings.material import Material, material, phases_of
from qualipolis.methods.spc.findings.result import Capability, Chart, Findings, Remark
from qualipolis.methods.spc.instrument import Recommendation, Value, facts_of, recommend
from qualipolis.methods.spc.msa.design import gauge_study
from qualipolis.methods.spc.msa.gauge import GaugeRR, gauge_rr
from qualipolis.methods.spc.patterns import PATTERNS, Sighting, cycle, from_data
from qualipolis.methods.spc.report_card import Check, ReportCard, graded
from qualipolis.methods.spc.rules import Rule, rules_of

WIDE = 20_000  # points above which facts are taken from a sample of neighbours


@dataclass(frozen=True)
class Asked:
    """What the caller wants, beside the readings."""

    specification: Specification | None
    phases: tuple[tuple[int, str], ...]
    instrument: str
    rules: tuple[Rule, ...]
    kind: str
    aim: Aim | None
    by: float
    reach: float | None
    least: int
    freeze: int | None
    confidence: float


def study(
    values: ArrayLike,
    *,
    specification: Specification | None = None,
    subgroups: int | ArrayLike | None = None,
    parts: Sequence[Any] | None = None,
    operators: Sequence[Any] | None = None,
    times: ArrayLike | None = None,
    phases: Sequence[tuple[int, str]] = (),
    instrument: str = "auto",
    rules: str | Sequence[Rule] = "nelson",
    name: str = "",
    unit: str = "",
    kind: str = "measured",
    sizes: ArrayLike | None = None,
    censored: ArrayLike | None = None,
    gauge: GaugeRR | None = None,
    aim: Aim | None = None,
    by: float = 0.0,
    reach: float | None = None,
    least: int = 20,
    freeze: int | None = None,
    confidence: float = 0.95,
) -> Findings:
    """Return the findings on one characteristic: report card, charts with signals, capability, distribution, proof.

    Parameters
    ----------
    values : (m,) readings in the order of time; NaN is not measured
    specification : limits of the drawing
    subgroups : how many values make a subgroup, or an id for each value (neighbours with one id belong together)
    parts, operators : (m,) which part each reading is of and who took it: a gauge study
    times : (m,) when each value was taken
    phases : (first point, label) of each phase, counted in points of the chart from 0; the last two are compared
    instrument : ``"auto"`` takes the one that :func:`recommend` names, or one of ``INSTRUMENTS_HERE``
    rules : profile or rules by which points signal
    kind : ``"measured"``, ``"units"`` (bad ones of ``sizes``), ``"defects"`` (on ``sizes``) or ``"events"``
    censored : (m,) −1 where the value is only known to lie below, 1 where above
    gauge : a gauge study on record
    aim, by, reach, least : of the proof between the last two phases (:func:`before_after`)
    freeze : how many first points set the limits of the first phase
    confidence : of every interval

    Returns
    -------
    Findings
        with ``remarks`` on everything that could not be done; few, equal or missing values are no error

    Raises
    ------
    InputError
        Columns that do not fit together, an instrument or kind that does not exist, phases that are none.

    >>> x = np.random.default_rng(3).normal(10, 1, 120)
    >>> found = study(x, specification=Specification(6, 14))
    >>> found.instrument, found.capability.leading, found.charts[0].code
    ('individuals', 'Cpk', 'I')
    """
    asked = Asked(
        specification, tuple(phases), instrument, rules_of(rules), kind, aim, by, reach, least, freeze, confidence
    )
    _refuse(asked, values, parts, operators)
    held = material(values, subgroups=subgroups, times=times, sizes=sizes, censored=censored, kind=kind)
    study_of_gauge, remarks = _gauge(held, parts, operators, asked)
    if study_of_gauge is not None and parts is not None and operators is not None:
        return _of_gauge(held, asked, study_of_gauge, parts, operators, name, unit)
    return _Parts(held, asked, gauge, [*held.remarks, *remarks]).findings(name, unit)


def _refuse(asked: Asked, values: ArrayLike, parts: Sequence[Any] | None, operators: Sequence[Any] | None) -> None:
    wrong = []
    if asked.instrument not in ("auto", *INSTRUMENTS_HERE):
        what, remedy = msg("There is no instrument called %(name)s."), msg("Choose one of: %(known)s.")
        params = {"name": asked.instrument, "known": ", ".join(("auto", *INSTRUMENTS_HERE))}
        wrong.append(Problem("unknown_instrument", what, remedy, params, "instrument"))
    for place, column in (("parts", parts), ("operators", operators)):
        if column is not None and len(column) != np.size(values):
            what = msg("The column %(name)s has %(found)s entries for %(n)s values.")
            wrong.append(
                Problem("columns", what, "", {"name": place, "found": len(column), "n": np.size(values)}, place)
            )
    if not 0.5 <= asked.confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if wrong:
        raise InputError(wrong)


def _gauge(
    held: Material, parts: Sequence[Any] | None, operators: Sequence[Any] | None, asked: Asked
) -> tuple[GaugeRR | None, tuple[Remark, ...]]:
    if parts is None or operators is None:
        return None, ()
    limits = asked.specification
    both = limits is not None and limits.lower is not None and limits.upper is not None
    tolerance = limits.upper - limits.lower if both else None  # type: ignore[operator, union-attr]
    try:
        return gauge_rr(held.exact, parts, operators, tolerance=tolerance, confidence=asked.confidence), ()
    except InputError as error:
        problem = error.problems[0]
        return None, (Remark("no_gauge", problem.what, problem.params, problem.remedy),)


def _of_gauge(
    held: Material, asked: Asked, gauge: GaugeRR, parts: Sequence[Any], operators: Sequence[Any], name: str, unit: str
) -> Findings:
    """Return the findings on a gauge study: its parts are no process, so only the ranges of the trials are charted."""
    table = gauge_study(held.exact, parts, operators).table
    trials = np.moveaxis(table, 1, 0).reshape(-1, table.shape[2])
    charts = (ranges_of_trials(replace(held, points=trials, times=None)),)
    facts: dict[str, Value] = {"goal": "gauge", "gauge_setup": "parts", "destructive": "no"}
    return Findings(
        name, unit, asked.kind, len(held.flat), 0, 0, "crossed", asked.specification,
        judging.summary(held.flat, None), cards.gauge_card(gauge), recommend(facts), charts, (), None,
        judging.histogram(held.flat, None), None, None, gauge, None, held.remarks, {"confidence": asked.confidence},
    )  # fmt: skip


class _Parts:
    """The findings under way; each step adds what it found, or the remark that says why it found nothing."""

    def __init__(self, held: Material, asked: Asked, gauge: GaugeRR | None, remarks: list[Remark]) -> None:
        self.held, self.asked, self.gauge, self.remarks = held, asked, gauge, remarks
        self.flat, self.now, self.instrument = held.flat, held, ""

    def findings(self, name: str, unit: str) -> Findings:
        """Return everything, step by step."""
        held, asked = self.held, self.asked
        self._told_of_few()
        facts = self._facts()
        charts = self._charts(self._instrument(_recommended(facts)))
        self.now = held.since(charts[0].phases[-1].start) if charts else held
        now = self.now.flat
        choice = judging.chosen(now, asked.specification) if asked.kind == "measured" else None
        card = self._card(charts)
        ability = self._capability(choice, judging.stable_enough(card))
        life, remarks = judging.lived(held, asked.confidence)
        self.remarks += remarks
        proof = self._proof(charts)
        return Findings(
            name, unit, asked.kind, len(self.flat), int(np.isnan(held.values).sum()), int((held.censored != 0).sum()),
            self.instrument if charts else "", asked.specification, judging.summary(now, asked.specification),
            card + self._card_of(ability), _recommended(self._settled(facts, charts, ability)), charts,
            self._patterns(charts), ability, judging.histogram(now, choice),
            judging.law_of(choice) if choice else None, proof, None, life, tuple(self.remarks),
            {"confidence": asked.confidence, "rules": [rule.code for rule in asked.rules], "freeze": asked.freeze},
        )  # fmt: skip

    def _told_of_few(self) -> None:
        n = len(self.flat)
        if n == 0:
            self.remarks.append(Remark("nothing", msg("No value was measured: there is nothing to judge.")))
        elif n < 8:
            what = msg("There are only %(n)s values: no conclusion about the process rests on so few.")
            self.remarks.append(
                Remark("few", what, {"n": n}, msg("Take 25 points or more, in the order of production."))
            )
        if n > 1 and np.ptp(self.flat) == 0:
            what = msg("All values are equal: there is no spread to judge.")
            self.remarks.append(Remark("constant", what, {}, msg("Look at the resolution of the gauge.")))
        if (self.held.censored != 0).any():
            what = msg("%(n)s values are known only as above or below a limit; charts and indices leave them out.")
            self.remarks.append(Remark("censored", what, {"n": int((self.held.censored != 0).sum())}))

    def _facts(self) -> dict[str, Value]:
        asked, points = self.asked, self.held.points
        if len(points) > WIDE:
            points = judging.sampled(points) if points.ndim == 1 else points[:WIDE]
        facts: dict[str, Value] = {"goal": "monitor" if asked.specification is None else "capability"}
        facts |= {"measurement": "none", "gauge_setup": "parts", "destructive": "no", "shift": None}
        try:
            facts |= facts_of(
                points, kind=asked.kind, size=1.0 if self.held.sizes is None else self.held.sizes,  # type: ignore[arg-type]
                specification=asked.specification, gauge=self.gauge, rules="limits",
            )  # fmt: skip
        except InputError:
            return {}
        return facts | {"characteristics": 1} | ({"event_unit": "units"} if asked.kind == "events" else {})

    def _settled(
        self, facts: dict[str, Value], charts: tuple[Chart, ...], ability: Capability | None
    ) -> dict[str, Value]:
        """Return the facts with those numbers that the findings themselves show: one number, one definition."""
        if not facts or not charts:
            return facts
        last = charts[0].phases[-1]
        found, points = int(charts[0].own[last.start :].sum()), last.stop - last.start
        settled: dict[str, Value] = {"excess_signals": max(0, found - chance.allowed(charts[0].rules, points))}
        settled["subgroups"] = last.n
        if ability is not None:
            settled["index_bound"] = max(0.0, ability.indices[ability.leading].bound)
        return facts | settled

    def _instrument(self, recommendation: Recommendation | None) -> str:
        self.instrument = self._taken(recommendation)
        return self.instrument

    def _taken(self, recommendation: Recommendation | None) -> str:
        asked, points = self.asked, self.held.points
        if asked.instrument != "auto":
            return asked.instrument
        if recommendation is not None:
            for taken in recommendation.steps:
                if taken.instrument in INSTRUMENTS_HERE and self._possible(taken.instrument):
                    return taken.instrument
        if asked.kind != "measured":
            return {"units": "p", "defects": "u", "events": "g"}[asked.kind]
        if points.ndim == 1:
            return "individuals"
        sizes = Subgroups(points).sizes
        return "xbar_s" if sizes.max() > 8 or np.ptp(sizes) else "xbar_r"

    def _possible(self, instrument: str) -> bool:
        """Whether an instrument shows what an owner can compare with the drawing; forecast errors come beside it."""
        grouped = self.held.grouped
        return {"xbar_r": grouped, "xbar_s": grouped, "individuals": not grouped, "forecast": False}.get(
            instrument, True
        )

    def _charts(self, instrument: str) -> tuple[Chart, ...]:
        points = self.held.points
        usable = np.sum(~np.isnan(points if points.ndim == 1 else points[:, 0]))
        if len(points) < 2 or usable < 2 or (self.asked.kind == "measured" and np.ptp(self.flat) == 0):
            phases_of(self.asked.phases, max(len(points), 1))
            return ()
        spans = phases_of(self.asked.phases, len(points))
        try:
            found = drawn(self.held, instrument, spans, self.asked.rules, self.asked.freeze)
        except InputError as error:
            self._noted("no_chart", error)
            return ()
        return found + self._forecast(instrument)

    def _forecast(self, instrument: str) -> tuple[Chart, ...]:
        """Return the chart of forecast errors beside one whose neighbouring points are too much alike."""
        points = self.held.points
        if instrument not in ("individuals", "xbar_r", "xbar_s") or not 20 <= len(points) <= WIDE:
            return ()
        if self.asked.phases:
            return ()
        r, limit = cards.lag_one(points if points.ndim == 1 else Subgroups(points).means())
        if not r > 2 * limit:
            return ()
        try:
            return drawn(self.held, "forecast", ((0, len(points), ""),), self.asked.rules, None)
        except InputError:
            return ()

    def _card(self, charts: tuple[Chart, ...]) -> ReportCard:
        if not charts:
            what = msg("No chart can be drawn from these values.")
            return ReportCard(
                [Check("chart", "red", what, {}, msg("Take 25 points or more, in the order of production."))]
            )
        location = charts[0]
        checks = [cards.amount_check(min(phase.n for phase in location.phases)), chance.stability(location)]
        if location.code not in ("MR", "EWMA", "CUSUM+"):
            last = location.values[location.phases[-1].start :]
            checks.append(cards.independence_check(last))
        if self.asked.kind == "measured":
            checks.append(cards.discrimination_check(judging.sampled(self.flat)))
            if self.asked.specification is not None:
                checks.append(cards.truncation_check(self.now.flat, self.asked.specification))
            checks.append(cards.gauge_known(self.gauge))
        return ReportCard(checks)

    def _card_of(self, ability: Capability | None) -> ReportCard:
        if ability is None:
            return ReportCard()
        what = msg("The study has %(value)s values; %(good)s are wanted.")
        remedy = msg("Look at the lower bound of the index, not at its value.")
        checks = [graded("values", ability.study.n, (100, 30), (what, remedy))]
        if not hasattr(ability.study, "shape"):
            checks.append(cards.normality_check(judging.sampled(self.now.flat)))
        return ReportCard(checks)

    def _capability(self, choice: Any, stable: bool) -> Capability | None:
        limits = self.asked.specification
        if limits is None or self.asked.kind != "measured" or len(self.now.flat) < 3:
            return None
        if np.ptp(self.now.flat) == 0:
            return None
        found, remarks = judging.capable(self.now, limits, choice, stable, self.asked.confidence)
        self.remarks += remarks
        return found

    def _proof(self, charts: tuple[Chart, ...]) -> Proof | None:
        if not charts or len(charts[0].phases) < 2 or self.asked.kind != "measured":
            return None
        before, after = charts[0].phases[-2:]
        limits, points = self.asked.specification, self.held.points
        given = (
            {"lower": limits.lower, "upper": limits.upper, "target": limits.target, "boundary": limits.boundary}
            if limits
            else {}
        )
        aim: Aim = self.asked.aim or ("Ppk" if limits is not None else "spread")
        try:
            return before_after(
                points[before.start : before.stop], points[after.start : after.stop], aim, by=self.asked.by,
                reach=self.asked.reach, least=self.asked.least, confidence=self.asked.confidence, **given,  # type: ignore[arg-type]
            )  # fmt: skip
        except InputError as error:
            self._noted("no_proof", error)
            return None

    def _patterns(self, charts: tuple[Chart, ...]) -> tuple[Sighting, ...]:
        if not charts:
            return ()
        seen: dict[str, list[int]] = {}
        for signal in charts[0].signals:
            seen.setdefault(signal.pattern, []).extend(signal.points)
        found = [Sighting(PATTERNS[code], tuple(sorted(set(points)))) for code, points in seen.items()]
        if len(charts) > 1 and charts[1].code in ("R", "S", "MR"):
            found += _spread(charts[1], quiet=not charts[0].counts)
        last = charts[0].phases[-1]
        period, p = cycle(judging.sampled(charts[0].values[last.start :]))
        found += [Sighting(PATTERNS["cycle"], (), period)] if p < 0.01 else []
        if self.asked.kind == "measured":
            points = self.now.points if len(self.now.points) <= WIDE else self.now.points[:WIDE]
            found += [s for s in from_data(points, self.asked.specification) if s.pattern.code not in seen]
        return tuple(found)

    def _noted(self, code: str, error: InputError) -> None:
        problem = error.problems[0]
        self.remarks.append(Remark(code, problem.what, problem.params, problem.remedy))


def _recommended(facts: dict[str, Value]) -> Recommendation | None:
    """Return the walk through the decision table; where it stops at the measuring, what would follow is told all the same.

    The file is there and will be looked at: the stop stays the first thing said.
    """
    if not facts:
        return None
    try:
        found = recommend(facts)
        stop = found.stopped
        if stop is None:
            return found
        further = recommend(facts | {"measurement": "counted"})
    except InputError:
        return None
    honest = found.steps[: found.steps.index(stop) + 1]
    rest = [step for step in further.steps if step.step not in {taken.step for taken in honest}]
    changes = tuple(change for change in further.changes if change.fact != "measurement")
    return replace(further, steps=(*honest, *rest), changes=changes)


def _spread(chart: Chart, *, quiet: bool) -> list[Sighting]:
    up, down = np.flatnonzero(chart.values > chart.upper), np.flatnonzero(chart.values < chart.lower)
    found = [Sighting(PATTERNS["spread_up"], tuple(up.tolist()))] if len(up) and quiet else []
    return found + ([Sighting(PATTERNS["spread_down"], tuple(down.tolist()))] if len(down) else [])
