"""The steps of a study, one after the other: facts, instrument, charts, card, indices, proof, patterns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qualipolis.methods.problems import InputError, msg
from qualipolis.methods.spc import cards
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.charts.variables import Subgroups
from qualipolis.methods.spc.comparison.before_after import Aim, Proof, before_after
from qualipolis.methods.spc.findings import chance, judging
from qualipolis.methods.spc.findings.charting import INSTRUMENTS_HERE, drawn
from qualipolis.methods.spc.findings.material import Material, phases_of
from qualipolis.methods.spc.findings.result import Capability, Chart, Findings, Remark
from qualipolis.methods.spc.instrument import Recommendation, Value, facts_of, recommend
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.patterns import PATTERNS, Sighting, cycle, from_data
from qualipolis.methods.spc.report_card import Check, ReportCard, graded
from qualipolis.methods.spc.rules import Rule

LEAST = 8  # values below which no index is told
WIDE = 5_000  # points above which facts are taken from a sample of neighbours
BESIDE = 20_000  # points up to which forecast errors and trends are drawn


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


class Steps:
    """The findings under way; each step adds what it found, or the remark that says why it found nothing."""

    def __init__(self, held: Material, asked: Asked, gauge: GaugeRR | None, remarks: list[Remark]) -> None:
        self.held, self.asked, self.gauge, self.remarks = held, asked, gauge, remarks
        self.flat, self.now, self.instrument = held.flat, held, ""
        self.named: set[str] = set()

    def findings(self, name: str, unit: str) -> Findings:
        """Return everything, step by step."""
        held, asked = self.held, self.asked
        self._told_of_few()
        facts = self._facts()
        charts = self._charts(self._instrument(_recommended(facts)))
        self.now = held.since(charts[0].phases[-1].start) if charts else held
        now = self.now.flat
        choice = judging.chosen(now, asked.specification) if asked.kind == "measured" else None
        if charts and charts[0].code == "I" and choice is not None and choice.chosen is not None:
            self._told_of_skewness(choice.chosen.name)
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
        elif n < LEAST:
            what = msg("The number of values is %(n)s: too few for a conclusion about the process.")
            self.remarks.append(
                Remark("few", what, {"n": n}, msg("Take 25 points or more, in the order of production."))
            )
        if n > 1 and np.ptp(self.flat) == 0:
            what = msg("All values are equal: there is no spread to judge.")
            self.remarks.append(Remark("constant", what, {}, msg("Look at the resolution of the gauge.")))
        if (self.held.censored != 0).any():
            what = msg("%(n)s values are known only as above or below a limit; charts and indices leave them out.")
            self.remarks.append(Remark("censored", what, {"n": int((self.held.censored != 0).sum())}))

    def _told_of_skewness(self, law: str) -> None:
        """Say that limits around a mean do not suit values that are not normal."""
        if law != "normal":
            what = msg("The values are not normal: a chart of single values then alarms more often than by chance.")
            remedy = msg("Take single points beyond the limits with care, or take subgroups of four or five.")
            self.remarks.append(Remark("not_normal", what, {"law": law}, remedy))

    def _facts(self) -> dict[str, Value]:
        asked, points = self.asked, self.held.points
        points = points[phases_of(asked.phases, len(points))[-1][0] :]
        if len(points) > WIDE:
            points = judging.sampled(points, WIDE) if points.ndim == 1 else points[:WIDE]
        facts: dict[str, Value] = {"goal": "monitor" if asked.specification is None else "capability"}
        facts |= {"measurement": "none", "gauge_setup": "parts", "destructive": "no", "shift": None}
        try:
            sizes = 1.0 if self.held.sizes is None else self.held.sizes[-len(points) :]
            facts |= judging.computed(
                lambda: facts_of(
                    points, kind=asked.kind, size=sizes,  # type: ignore[arg-type]
                    specification=asked.specification, gauge=self.gauge, rules="limits",
                )
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
            self.named = {taken.instrument for taken in recommendation.steps}
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
        """Whether an instrument shows what an owner can compare with the drawing; others come beside it."""
        grouped = self.held.grouped
        plain = {"xbar_r": grouped, "xbar_s": grouped, "individuals": not grouped}
        return plain.get(instrument, instrument not in ("forecast", "wandering", "trend"))

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
        return found + self._beside(instrument)

    def _beside(self, instrument: str) -> tuple[Chart, ...]:
        """Return the charts that the table names beside limits around a fixed mean: of forecast errors, around a trend."""
        points = self.held.points
        if (
            instrument not in ("individuals", "xbar_r", "xbar_s")
            or not 20 <= len(points) <= BESIDE
            or self.asked.phases
        ):
            return ()
        found: tuple[Chart, ...] = ()
        for named in self.named & {"forecast", "wandering", "trend"}:
            try:
                found += drawn(self.held, named, ((0, len(points), ""),), self.asked.rules, None)
            except InputError:
                continue
        return found

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
            checks.append(cards.independence_check(judging.sampled(last, 200_000)))
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
        if limits is None or self.asked.kind != "measured" or len(self.now.flat) < LEAST:
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
            return judging.computed(
                lambda: before_after(
                    points[before.start : before.stop], points[after.start : after.stop], aim, by=self.asked.by,
                    reach=self.asked.reach, least=self.asked.least, confidence=self.asked.confidence, **given,  # type: ignore[arg-type]
                )
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
            points = self.now.points if len(self.now.points) <= BESIDE else self.now.points[:BESIDE]
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
