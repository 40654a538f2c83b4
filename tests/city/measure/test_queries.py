"""What someone sees, and how few queries it takes."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.city.measure.cast import SYSTEM, Cast, cell, frozen_set, locked_round, open_round, tiny_set

from qualipolis.city.core.policy import visible
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, SourceRecord, Statistic

VALUES = {"T1": {"a": 90, "b": 80, "c": 70}, "T2": {"a": 50, "b": 60, "c": 40}}


@pytest.fixture
def opened(cast: Cast) -> CollectionRound:
    return open_round(frozen_set())


@pytest.mark.parametrize(
    ("role", "expected"),
    [("planner", 132), ("leader", 132), ("auditor", 132), ("town_officer", 44), ("department", 27), ("enterprise", 0)],
)
def test_it_shows_each_role_its_part_of_an_open_round(cast: Cast, opened: CollectionRound, role, expected) -> None:
    assert visible(cast[role], Observation.objects.all()).count() == expected


def test_it_shows_those_inside_what_is_locked_and_firms_and_the_public_no_observation(cast: Cast) -> None:
    locked_round(tiny_set(), VALUES)
    assert visible(cast["town_officer"], Observation.objects.all()).count() == 6
    assert visible(cast["enterprise"], Observation.objects.all()).count() == 0
    assert visible(AnonymousUser(), Observation.objects.all()).count() == 0


def test_it_shows_the_public_no_draft_and_no_statistic(cast: Cast) -> None:
    service.create_set(SYSTEM, None, 2021)
    Statistic.objects.create(unit=cast.units[0], year=2021, key="population", value=1)
    assert not visible(AnonymousUser(), IndicatorSet.objects.all()).exists()
    assert not visible(AnonymousUser(), Statistic.objects.all()).exists()
    assert visible(cast["enterprise"], IndicatorSet.objects.all()).count() == 1


def test_it_shows_records_of_firms_only_to_whom_they_concern(cast: Cast, opened: CollectionRound) -> None:
    for unit, kind in ((cast.units[0], "sample"), (cast.units[1], "sample"), (cast.units[1], "complaint")):
        SourceRecord.objects.create(kind=kind, number=f"{kind}{unit.pk}", unit=unit, happened_on=date(2021, 1, 1))
    counts = {role: visible(person, SourceRecord.objects.all()).count() for role, person in cast.people.items()}
    assert counts == {
        "leader": 3,
        "planner": 3,
        "auditor": 3,
        "department": 2,
        "town_officer": 1,
        "enterprise": 0,
    }


def test_it_lays_a_round_out_as_a_table_in_few_queries(cast: Cast) -> None:
    made = locked_round(tiny_set(), VALUES)
    with CaptureQueriesContext(connection) as asked:
        table = queries.matrix(cast["planner"], made)
    assert len(asked) <= 4
    rows = {unit.code: [cell and cell.value for cell in cells] for unit, cells in table.rows()}
    assert rows == {"T1": [90, 80, 70], "T2": [50, 60, 40], "T3": [None, None, None]}


def test_it_spreads_one_indicator_with_its_intervals(cast: Cast, opened: CollectionRound) -> None:
    rows = [("PQ10", "T1", 4, 4, None), ("PQ10", "T2", 1854, 1951, None), ("PQ10", "T3", 1, 2, None)]
    service.fill_round(SYSTEM, opened, rows, document="1号")
    found = queries.indicator_values(cast["planner"], opened, "PQ10")
    bounds = {row.unit.code: (round(row.low, 2), round(row.high, 2)) for row in found.rows}
    assert bounds["T1"] == (51.01, 100.0)
    assert bounds["T2"] == (93.97, 95.91)
    assert found.distribution.n == 3


def test_it_holds_small_cells_back_from_the_public(cast: Cast, opened: CollectionRound) -> None:
    service.fill_round(SYSTEM, opened, [("PQ10", "T3", 1, 2, None), ("PQ10", "T1", 1, 3, None)], document="1号")
    service.submit_many(SYSTEM, opened)
    service.verify_many(SYSTEM, opened)
    assert queries.indicator_values(None, opened, "PQ10", public=True).rows == ()
    service.close_entry(SYSTEM, opened)
    service.lock_round(SYSTEM, opened)
    rows = {row.unit.code: row for row in queries.indicator_values(None, opened, "PQ10", public=True).rows}
    assert (rows["T3"].value, rows["T3"].numerator, rows["T3"].n, rows["T3"].held_back) == (None, None, None, True)
    assert rows["T1"].value == pytest.approx(100 / 3)


def test_it_counts_how_far_each_unit_is(cast: Cast, opened: CollectionRound) -> None:
    service.fill_round(SYSTEM, opened, [("PQ10", "T1", 1, 3, None)], document="1号")
    service.submit_many(SYSTEM, opened)
    found = {row.unit.code: row for row in queries.progress(cast["planner"], opened)}
    assert (found["T1"].handed_in, found["T1"].total, found["T1"].verified) == (1, 44, 0)
    assert found["T2"].share == 0
    assert [row.unit.code for row in queries.progress(cast["town_officer"], opened)] == ["T1"]


def test_it_tells_everyone_what_waits_for_them(cast: Cast, opened: CollectionRound) -> None:
    service.fill_round(SYSTEM, opened, [("PQ10", "T1", 1, 3, None)], document="1号")
    service.submit_many(SYSTEM, opened)
    waiting = {role: [item.verb for item in queries.work(person)] for role, person in cast.people.items()}
    assert waiting["department"] == ["measure.verify"]
    assert waiting["town_officer"] == ["measure.submit"]
    assert waiting["planner"] == ["measure.lock_round"]
    assert waiting["leader"] == waiting["enterprise"] == []
    service.return_(cast["department"], cell(opened, "T1", "PQ10"), "不符")
    first = queries.work(cast["town_officer"])
    assert {item.count for item in first} == {1, 29}
    assert queries.work(cast["department"]) == []


def test_it_finds_the_round_that_is_being_collected(cast: Cast, opened: CollectionRound) -> None:
    assert queries.current_round(cast["planner"]) == opened
    assert queries.round_of(cast["planner"], "2021") == opened
    assert queries.round_of(AnonymousUser(), "2021") is None
    codes = [row.indicator for _i, row in queries.unit_values(cast["town_officer"], opened, cast.units[0])]
    assert len(codes) == 44
