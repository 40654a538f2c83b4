"""Rounds: opened, filled in bulk, locked, reopened by two people."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.city.measure.cast import SYSTEM, Cast, cell, frozen_set, locked_round, open_round, tiny_set

from qualipolis.city.core.models import Event
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.methods.problems import InputError

Status = Observation.Status
VALUES = {"T1": {"a": 90, "b": 80, "c": 70}, "T2": {"a": 50, "b": 60, "c": 40}}


def test_it_opens_one_empty_observation_for_each_unit_and_indicator(cast: Cast) -> None:
    made = open_round(frozen_set())
    assert made.status == CollectionRound.Status.OPEN
    assert Observation.objects.filter(round=made, status=Status.EMPTY).count() == 3 * 44


def test_it_opens_nothing_for_a_draft(cast: Cast) -> None:
    with pytest.raises(InputError, match="published or frozen"):
        open_round(service.create_set(SYSTEM, None, 2021))


def test_it_fills_nothing_from_rows_with_one_error(cast: Cast) -> None:
    made = open_round(frozen_set())
    rows = [("PQ10", "T1", 1, 2, None), ("PQ10", "T9", 1, 2, None), ("PQ10", "T2", 5, 2, None)]
    with pytest.raises(InputError) as caught:
        service.fill_round(SYSTEM, made, rows)
    assert {problem.code for problem in caught.value.problems} == {"no_cell", "not_a_share"}
    assert not Observation.objects.exclude(status=Status.EMPTY).exists()


def test_it_fills_only_what_is_the_officers_own(cast: Cast) -> None:
    made = open_round(tiny_set())
    with pytest.raises(InputError, match="no open observation of a for T2"):
        service.fill_round(cast["town_officer"], made, [("a", "T2", 1, None, None)])
    assert service.fill_round(cast["town_officer"], made, [("a", "T1", 1, None, None)]) == 1
    assert service.submit_many(cast["town_officer"], made) == 1


def test_it_hands_in_and_verifies_in_bulk_as_one_event_each(cast: Cast) -> None:
    made = locked_round(tiny_set(), VALUES)
    assert Observation.objects.filter(round=made, status=Status.LOCKED).count() == 6
    late = Observation.objects.filter(round=made, missing=Observation.Missing.LATE)
    assert [row.unit.code for row in late] == ["T3"] * 3
    for name in ("fill_round", "submit_many", "verify_many", "lock_round"):
        assert Event.objects.filter(verb=f"measure.{name}").count() == 1


def test_it_hands_in_nothing_without_evidence(cast: Cast) -> None:
    made = open_round(frozen_set())
    service.fill_round(SYSTEM, made, [("PQ10", "T1", 1, 2, None)])
    with pytest.raises(InputError, match="needs evidence"):
        service.submit_many(SYSTEM, made)
    service.fill_round(SYSTEM, made, [("PQ10", "T1", 1, 2, None)], document="1号")
    assert service.submit_many(SYSTEM, made) == 1


def test_it_is_not_locked_while_something_waits(cast: Cast) -> None:
    made = open_round(tiny_set())
    service.fill_round(SYSTEM, made, [("a", "T1", 1, None, None)])
    service.submit_many(SYSTEM, made)
    service.close_entry(SYSTEM, made)
    with pytest.raises(InputError, match="1 items are still open"):
        service.lock_round(SYSTEM, made)


def test_it_is_reopened_by_two_different_people(cast: Cast) -> None:
    made = locked_round(tiny_set(), VALUES)
    with pytest.raises(PermissionDenied):
        service.reopen_round(cast["planner"], made, "审计")
    with pytest.raises(InputError, match="Nobody has asked"):
        service.confirm_reopen(cast["planner"], made)
    row = cell(made, "T1", "a")
    made = service.reopen_round(cast["leader"], made, "审计发现", [row.pk])
    made = service.confirm_reopen(cast["planner"], made)
    assert made.status == CollectionRound.Status.REOPENED
    assert list(Observation.objects.filter(status=Status.REOPENED)) == [row]
    row = service.decide_dispute(cast["planner"], row, "更正", keep=False, numerator=75)
    assert (row.value, row.status) == (75.0, Status.CORRECTED)
    assert service.lock_round(cast["planner"], made).status == CollectionRound.Status.LOCKED


def test_it_is_not_reopened_by_one_person_with_two_hats(cast: Cast) -> None:
    made = locked_round(tiny_set(), VALUES)
    made = service.reopen_round(cast["leader"], made, "审计")
    cast["leader"].grants.create(role="planner", valid_from=date(2016, 1, 1))
    cast["leader"].__dict__.pop("_grants_today", None)
    with pytest.raises(InputError, match="must be somebody else"):
        service.confirm_reopen(cast["leader"], made)


def test_it_takes_as_many_queries_for_many_rows_as_for_few(cast: Cast) -> None:
    made = open_round(tiny_set())
    service.fill_round(SYSTEM, made, [(c, u, 1, None, None) for c in "abc" for u in ("T1", "T2", "T3")])
    with CaptureQueriesContext(connection) as many:
        service.submit_many(SYSTEM, made)
    assert len(many) < 20
