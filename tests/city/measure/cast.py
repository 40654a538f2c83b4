"""The cast of the tests of measure and assess, and the road from a set to a locked round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, Dimension, Indicator, IndicatorSet, Observation
from qualipolis.city.registry.models import Unit

SYSTEM = System("test")
DECISION = ("质领〔2022〕1号", date(2022, 4, 1))


@dataclass
class Cast:
    """People by role, towns, and the section that owns PQ indicators."""

    people: dict[str, Person]
    units: list[Unit]
    section: Organisation
    extra: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Person:
        return self.people[role]


def make_cast(towns: int = 3) -> Cast:
    """Found the organisations and people of a small city."""
    section = Organisation.objects.create(code="AMR-QS", kind="department", name_zh="质量监督科")
    governments = [
        Organisation.objects.create(code=f"T{i}", kind="town", name_zh=f"{i}镇", name_en=f"Town {i}")
        for i in range(1, towns + 1)
    ]
    units = [
        Unit.objects.create(
            code=org.code, kind="town", name_zh=org.name_zh, name_en=org.name_en, government=org, peer_group="towns"
        )
        for org in governments
    ]
    scopes = {"town_officer": governments[0], "department": section}
    roles = ("leader", "planner", "auditor", "department", "town_officer", "enterprise")
    people = {role: person(role, role, scopes.get(role)) for role in roles}
    return Cast(people, units, section)


def person(name: str, role: str, scope: Organisation | None = None) -> Person:
    """Make a person with one role."""
    made = Person.objects.create(username=name)
    Grant.objects.create(person=made, role=role, scope=scope, valid_from=date(2016, 1, 1))
    return made


def frozen_set(year: int = 2021) -> IndicatorSet:
    """The catalogue's set of a year, taken through its whole life."""
    made = service.create_set(SYSTEM, None, year)
    for step in (
        service.consult,
        lambda a, s: service.approve(a, s, "质领〔2021〕1号"),
        service.publish,
        service.freeze,
    ):
        made = step(SYSTEM, made)
    return made


def tiny_set(year: int = 2021) -> IndicatorSet:
    """QDI = 0.6 QDL(a 0.5, b 0.5) + 0.4 NII(c): small enough to compute by hand."""
    made = IndicatorSet.objects.create(year=year, name_zh="小", name_en="Tiny", status=IndicatorSet.Status.FROZEN)
    root = Dimension.objects.create(set=made, code="QDI", level=3, name_zh="综合", name_en="All")
    level = Dimension.objects.create(set=made, code="QDL", level=2, parent=root, weight=0.6, name_zh="水平", position=1)
    inputs = Dimension.objects.create(
        set=made, code="NII", level=2, parent=root, weight=0.4, name_zh="投入", position=2
    )
    shared = {
        "set": made,
        "formula_zh": "甲",
        "source_zh": "乙",
        "floor": 0.0,
        "target": 100.0,
        "evidence_required": False,
    }
    for position, (code, parent) in enumerate([("a", level), ("b", level), ("c", inputs)]):
        Indicator.objects.create(
            code=code, dimension=parent, weight=0.5, kind="count", name_zh=code, position=position, **shared
        )
    return made


def open_round(thing: IndicatorSet) -> CollectionRound:
    """Open the collection of a set."""
    return service.open_round(SYSTEM, thing, date(2022, 1, 10), date(2022, 2, 28))


def locked_round(thing: IndicatorSet, values: Mapping[str, Mapping[str, float]]) -> CollectionRound:
    """Collect ``unit -> indicator -> value`` (counts) for a set and lock the round."""
    made = open_round(thing)
    rows = [(code, unit, value, None, None) for unit, cells in values.items() for code, value in cells.items()]
    service.fill_round(SYSTEM, made, rows)
    service.submit_many(SYSTEM, made)
    service.verify_many(SYSTEM, made)
    service.close_entry(SYSTEM, made)
    return service.lock_round(SYSTEM, made)


def cell(made: CollectionRound, unit: str, code: str) -> Observation:
    """Return one observation."""
    return Observation.objects.get(round=made, unit__code=unit, indicator__code=code)
