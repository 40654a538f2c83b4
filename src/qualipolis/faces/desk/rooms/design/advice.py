"""What last year's data say about a draft: computed once for a tree and a round, told beside the tree.

Everything is read from the locked values of the last collection, put through the draft's own tree and weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess.inputs import RoundData, read_round
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, Statistic
from qualipolis.city.measure.sets import content_hash
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.methods.composite import CITY_PIPELINE, CompositeResult, Framework, IndicatorData
from qualipolis.methods.problems import InputError, Problem, msg

KEPT = 24 * 60 * 60
SIZES = {
    "population": msg("resident population"),
    "firms": msg("number of firms"),
    "industrial_value_added": msg("industrial value added"),
}
FOLLOWS_SIZE = 0.7
SAME_VALUE = 0.8
LEAST_AVAILABLE = 2 / 3
FEWEST_UNITS = 8
URGENT = ("redundant_pair", "against_parent", "low_availability", "constant", "empty")


@dataclass(frozen=True, eq=False)
class Evidence:
    """The round behind the advice, its scores under this tree, and its raw values with the sizes of the units."""

    round: CollectionRound
    read: RoundData
    result: CompositeResult
    sized: IndicatorData | None


@dataclass(frozen=True)
class Hint:
    """One piece of advice: what, what to do, and the nodes it is about."""

    kind: str
    words: str
    remedy: str
    codes: tuple[str, ...]
    tone: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Advice:
    """All hints with the round they rest on; without a round only the shape of the tree was looked at."""

    hints: tuple[Hint, ...]
    period: str = ""
    units: int = 0
    without: tuple[str, ...] = ()
    reopened: bool = False

    def about(self, code: str) -> list[tuple[int, Hint]]:
        """The hints that name a node, with their number in the list."""
        return [(n, hint) for n, hint in enumerate(self.hints, 1) if code in hint.codes]


def last_round(actor: Any, thing: IndicatorSet) -> CollectionRound | None:
    """Return the latest locked round up to the year of a set."""
    closed = (CollectionRound.Status.LOCKED, CollectionRound.Status.REOPENED)
    rows = visible(actor, CollectionRound.objects.filter(status__in=closed, set__year__lte=thing.year))
    return rows.select_related("set").order_by("-period", "-pk").first()


def evidence(actor: Any, thing: IndicatorSet) -> Evidence | None:
    """Return the last locked values under the tree of a set, or nothing when there are too few to speak."""
    row = last_round(actor, thing)
    if row is None:
        return None
    try:
        read = read_round(row, thing)
        result = CITY_PIPELINE.run(read.framework, read.data)
    except InputError:
        return None
    return Evidence(row, read, result, _sized(read, row)) if len(result.units) >= FEWEST_UNITS else None


def _sized(read: RoundData, row: CollectionRound) -> IndicatorData | None:
    """The raw values with the sizes that every unit has."""
    rows = Statistic.objects.filter(year=row.set.year, key__in=SIZES).values_list("unit__code", "key", "value")
    told: dict[str, dict[str, float]] = {}
    for unit, key, value in rows:
        told.setdefault(key, {})[unit] = value
    data = read.data
    sizes = {key: [told[key].get(unit, np.nan) for unit in data.units] for key in SIZES if key in told}
    return IndicatorData(data.units, data.codes, data.values, denominators=sizes) if sizes else None


def advice(actor: Any, thing: IndicatorSet) -> Advice:
    """Return what to think about before a draft goes out, in the words of the page."""
    row = last_round(actor, thing)
    latest = row and Observation.objects.filter(round=row).aggregate(at=Max("changed_at"))["at"]
    key = f"design-advice:2:{content_hash(thing)}:{row and row.pk}:{row and row.status}:{latest and latest.timestamp()}"
    found = cache.get(key)
    if found is None:
        known = evidence(actor, thing)
        problems = list(data_problems(known)) if known else []
        period, units = (known.round.period, len(known.result.units)) if known else ("", 0)
        found = problems, period, units, known.read.left_out if known else ()
        cache.set(key, found, KEPT)
    problems, period, units, without = found
    names = names_of(thing)
    every = [*shape_problems(thing), *problems]
    hints = sorted((hint_of(p, names) for p in every), key=lambda hint: hint.tone != "warn")
    reopened = row is not None and row.status == CollectionRound.Status.REOPENED
    return Advice(tuple(hints), period, units, tuple(without), reopened)


def names_of(thing: IndicatorSet) -> dict[str, str]:
    """Return the name of every node, an indicator with its code before it."""
    found = {row.code: bilingual(row, "name") for row in thing.dimensions.all()}
    return found | {row.code: f"{row.code} {bilingual(row, 'name')}" for row in thing.indicators.all()}


def hint_of(problem: Problem, names: Mapping[str, str]) -> Hint:
    codes = tuple(str(v) for k, v in problem.params.items() if k in {"node", "a", "b"} and str(v) in names)
    said = {k: names.get(v, v) if isinstance(v, str) else v for k, v in problem.params.items()}
    if "size" in said:
        said["size"] = _(str(problem.params["size"]))
    tone = "warn" if problem.code in URGENT else "idle"
    links = tuple((code, code if names[code].startswith(f"{code} ") else names[code]) for code in codes)
    return Hint(
        problem.code, _(problem.what) % said, _(problem.remedy) % said if problem.remedy else "", codes, tone, links
    )


# ---------------------------------------------------------------- the shape of the tree


def shape_problems(thing: IndicatorSet) -> Iterator[Problem]:
    """Yield what the tree alone shows: nothing inside, a single child, weights that are no parts of a whole."""
    children: dict[str, list[float]] = {row.code: [] for row in thing.dimensions.all()}
    for row in thing.dimensions.select_related("parent"):
        if row.parent:
            children[row.parent.code].append(row.weight)
    for leaf in thing.indicators.select_related("dimension"):
        children[leaf.dimension.code].append(leaf.weight)
    for code, weights in children.items():
        if not weights:
            what = msg("%(node)s holds nothing yet.")
            yield Problem(
                "empty",
                what,
                msg("Move an indicator here or remove it; a set with a gap cannot go out."),
                {"node": code},
            )
        elif len(weights) == 1:
            what = msg("%(node)s holds one node only, which carries its whole weight.")
            yield Problem("single_child", what, msg("Add a second one, or move this one up."), {"node": code})
        elif not any(abs(sum(weights) - whole) < whole * 1e-6 for whole in (1.0, 100.0)):
            what = msg("The weights under %(node)s add up to %(total)s, not to 1 or 100; they are read as shares.")
            total = f"{sum(weights):.4g}"
            yield Problem(
                "sum", what, msg("Bring them to 100, so that people can read them."), {"node": code, "total": total}
            )


# ---------------------------------------------------------------- what the data show


def data_problems(known: Evidence) -> Iterator[Problem]:
    """Yield what last year's values say: twice the same, against each other, size, hardly any difference, gaps, influence."""
    from qualipolis.methods.composite.analysis import correlation_advice, implicit_weights

    yield from correlation_advice(known.result)
    yield from _size_problems(known)
    yield from _column_problems(known.read.data)
    told = implicit_weights(known.result, factor=3.0).problems
    yield from (p for p in told if _spoken(p, known.result.framework))


def _spoken(problem: Problem, tree: Framework) -> bool:
    """Weight against influence is worth a word where there are sisters to compare with."""
    return len(tree.children(str(problem.params["group"]))) > 2


def _size_problems(known: Evidence) -> Iterator[Problem]:
    from qualipolis.methods.composite.denominate import denominator_correlations

    if known.sized is None:
        return
    told: set[str] = set()
    frame = denominator_correlations(known.sized, threshold=FOLLOWS_SIZE)
    for code, size, r, *_n in frame.select("indicator", "denominator", "correlation").iter_rows():
        if code not in told:
            told.add(code)
            what = msg("%(node)s goes with the size of the unit (%(size)s, correlation %(r).2f).")
            remedy = msg("Divide it by the size, or say in the notes why size should count.")
            yield Problem("size", what, remedy, {"node": code, "size": SIZES[size], "r": r})


def _column_problems(data: IndicatorData) -> Iterator[Problem]:
    from qualipolis.methods.composite.analysis import statistics

    found = statistics(data, available=LEAST_AVAILABLE)
    for k, code in enumerate(found.codes):
        there, same = found.shares["available_share"][k], found.shares["most_frequent_share"][k]
        if there < LEAST_AVAILABLE:
            what = msg("%(node)s was there for %(share).0f %% of the units only.")
            yield Problem(
                "low_availability",
                what,
                msg("Ask whether it can be collected at all."),
                {"node": code, "share": 100 * there},
            )
        if same >= SAME_VALUE and found.counts["available"][k] >= FEWEST_UNITS:
            what = msg("%(node)s has the same value in %(share).0f %% of the units: it hardly tells them apart.")
            yield Problem(
                "constant",
                what,
                msg("Give it other goalposts, or make it a condition instead of points."),
                {"node": code, "share": 100 * same},
            )


def count_by(hints: Iterable[Hint]) -> dict[str, int]:
    """Return how many hints are warnings and how many are remarks."""
    found = {"warn": 0, "idle": 0}
    for hint in hints:
        found[hint.tone] += 1
    return found


def finding(hints: Iterable[Hint]) -> str:
    """Return the finding that stands as the title of the page."""
    hints = list(hints)
    twice, against = (sum(hint.kind == kind for hint in hints) for kind in ("redundant_pair", "against_parent"))
    if not twice and not against:
        return _("The framework holds together: nothing is counted twice, nothing runs against its dimension")
    told = []
    if twice:
        told.append(
            ngettext("%(n)s pair counts the same thing twice", "%(n)s pairs count the same thing twice", twice)
            % {"n": twice}
        )
    if against:
        told.append(
            ngettext("%(n)s node runs against its dimension", "%(n)s nodes run against their dimension", against)
            % {"n": against}
        )
    return _("; ").join(told)
