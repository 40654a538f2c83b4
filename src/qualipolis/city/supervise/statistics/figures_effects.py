"""Do laboratories and inspectors find differently? For overseers, to look at how work is done; for nothing else.

A laboratory that tests more toys than cable finds differently without doing anything differently, so the share expected
from its product classes stands beside its own, and its own is drawn towards the others as far as its batches are few.
Nothing of this enters the risk of a firm, a frame or a draw: what a firm is depends on the firm, not on who looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.models import InspectorProfile
from qualipolis.city.supervise.statistics import rates
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.small_areas import beta_binomial

LEAST = 5


@dataclass(frozen=True)
class Effect:
    """One laboratory or inspector: nonconforming batches found, expected from the product classes, and drawn together."""

    name: str
    n: int
    failed: int
    expected: float
    estimate: float
    low: float | None
    high: float | None

    @property
    def share(self) -> float:
        return self.failed / self.n

    @property
    def apart(self) -> bool:
        """Whether the interval leaves out what the product classes lead to expect."""
        return self.low is not None and self.high is not None and not self.low <= self.expected <= self.high


@dataclass(frozen=True)
class Effects:
    """All of a kind; ``spread`` is False where they differ no more than chance would have it."""

    kind: str
    rows: tuple[Effect, ...]
    spread: bool
    few: int


def effects(kind: str, years: Iterable[int], purpose: str = "random") -> Effects:
    """Return the effects of ``laboratory`` or ``inspector`` over some years of one purpose.

    A batch counts for each of its samplers; those with fewer than five batches are only counted in ``few``.
    """
    here = rates.counted(rates.rows(years=list(years), purpose=purpose), purpose)
    classes = _by_class(here)
    tally: dict[str, list[float]] = {}
    for row in here:
        for name in _who(row, kind):
            one = tally.setdefault(name, [0, 0, 0.0])
            one[0] += 1
            one[1] += not row["passed"]
            one[2] += classes[row["category"]]
    kept = {name: one for name, one in tally.items() if one[0] >= LEAST}
    names, (rows, spread) = _names(kind, kept), _drawn(kept)
    made = [
        Effect(names.get(one.name, one.name), one.n, one.failed, one.expected, one.estimate, one.low, one.high)
        for one in rows
    ]
    return Effects(kind, tuple(sorted(made, key=lambda one: -one.estimate)), spread, len(tally) - len(kept))


def _who(row: dict[str, Any], kind: str) -> list[str]:
    if kind == "laboratory":
        return [row["laboratory"]] if row["laboratory"] else []
    return [one for one in row["samplers"].split("+") if one]


def _by_class(here: Sequence[dict[str, Any]]) -> dict[str, float]:
    tally: dict[str, list[int]] = {}
    for row in here:
        one = tally.setdefault(row["category"], [0, 0])
        one[0] += not row["passed"]
        one[1] += 1
    return {name: failed / n for name, (failed, n) in tally.items()}


def _drawn(kept: dict[str, list[float]]) -> tuple[list[Effect], bool]:
    names = list(kept)
    n, failed = [int(kept[name][0]) for name in names], [int(kept[name][1]) for name in names]
    expected = [kept[name][2] / kept[name][0] for name in names]
    pooled = sum(failed) / sum(n) if names else 0.0
    try:
        fit = beta_binomial(failed, n)
    except InputError:
        rows = [Effect(name, n[i], failed[i], expected[i], pooled, None, None) for i, name in enumerate(names)]
        return rows, False
    ends = zip(fit.estimate, fit.low, fit.high, strict=True)
    made = [
        Effect(name, n[i], failed[i], expected[i], *map(float, row))
        for i, (name, row) in enumerate(zip(names, ends, strict=True))
    ]
    return made, True


def _names(kind: str, kept: Iterable[str]) -> dict[str, str]:
    if kind == "laboratory":
        return {one.code: str(one.name) for one in Institution.objects.filter(code__in=list(kept))}
    people = {int(name[1:]): name for name in kept if name[1:].isdigit()}
    found = InspectorProfile.objects.filter(person__in=list(people))
    return {people[one.person_id]: one.certificate_no for one in found}
