"""A preview is served on each unit, and its days for objections run from there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import SYSTEM, Cast, cell, open_round, tiny_set

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import visible
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Served
from qualipolis.city.measure.serving import dispute_until, window_of
from qualipolis.methods.problems import InputError

LONG_AGO = timedelta(days=40)


@pytest.fixture
def checking(cast: Cast) -> CollectionRound:
    made = open_round(tiny_set())
    rows = [(code, unit.code, 50, None, None) for unit in cast.units for code in "abc"]
    service.fill_round(SYSTEM, made, rows)
    service.submit_many(SYSTEM, made)
    service.verify_many(SYSTEM, made)
    return service.close_entry(SYSTEM, made)


def served(made: CollectionRound, unit: str = "T1") -> Served:
    return Served.objects.get(round=made, unit__code=unit, ended_on=None)


def test_a_preview_is_served_on_every_unit_and_opens_its_window(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    lines = queries.services(cast["planner"], made)
    assert [(line.row.unit.code, line.until, line.open) for line in lines] == [
        (code, window_of(timezone.localdate()), True) for code in ("T1", "T2", "T3")
    ]
    assert service.dispute(cast["town_officer"], cell(made, "T1", "a"), "有误").status == "disputed"


def test_the_window_runs_for_each_unit_from_its_own_day(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    day = timezone.localdate() - LONG_AGO
    told = {"method": "post", "served_on": day, "proof": "挂号 1 号"}
    service.serve(cast["planner"], made, name_of(made), [cast.units[0]], **told)
    assert dispute_until(made, cast.units[0].pk) == window_of(day)
    assert dispute_until(made, cast.units[1].pk) == window_of(timezone.localdate())
    with pytest.raises(InputError, match="ended on"):
        service.dispute(cast["town_officer"], cell(made, "T1", "a"), "有误")
    assert Served.objects.filter(unit=cast.units[0]).count() == 2, "the earlier service stays as a line"


def test_service_outside_the_system_needs_its_proof(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    told = {"method": "person", "served_on": timezone.localdate() + timedelta(days=1), "proof": ""}
    with pytest.raises(InputError) as refused:
        service.serve(cast["planner"], made, "assess.assessment:9", **told)
    assert {problem.code for problem in refused.value.problems} == {"future", "no_proof", "not_served"}


def test_a_unit_that_was_not_served_has_no_window(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    Served.objects.filter(unit=cast.units[0]).delete()
    assert dispute_until(made, cast.units[0].pk) is None
    with pytest.raises(InputError, match="not been sent"):
        service.dispute(cast["town_officer"], cell(made, "T1", "a"), "有误")


def test_a_round_previewed_before_service_was_recorded_keeps_its_window(cast: Cast, checking: CollectionRound) -> None:
    checking.previewed_on = date(2022, 3, 1)
    assert dispute_until(checking, cast.units[0].pk) == date(2022, 3, 10)


def test_it_is_not_locked_while_a_unit_may_still_object(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    with pytest.raises(InputError, match="3 units"):
        service.lock_round(cast["planner"], made)
    service.acknowledge(cast["town_officer"], served(made), no_objection=True)
    assert service.open_windows(made) == 2
    Served.objects.exclude(unit=cast.units[0]).update(served_on=timezone.localdate() - LONG_AGO)
    assert service.lock_round(cast["planner"], made).status == "locked"


def test_only_the_town_acknowledges_and_only_what_counts(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    with pytest.raises(PermissionDenied):
        service.acknowledge(cast["town_officer"], served(made, "T2"))
    row = service.acknowledge(cast["town_officer"], served(made))
    assert (row.acknowledged_by, row.no_objection) == (cast["town_officer"], False)
    assert [item.verb for item in queries.work(cast["town_officer"])] == []
    service.preview_round(cast["planner"], made)
    with pytest.raises(InputError, match="newer"):
        service.acknowledge(cast["town_officer"], row)


def test_a_reopened_round_is_served_anew(cast: Cast, checking: CollectionRound) -> None:
    made = service.preview_round(cast["planner"], checking)
    Served.objects.update(no_objection=True)
    made = service.lock_round(cast["planner"], made)
    service.reopen_round(cast["leader"], made, "更正")
    made = service.confirm_reopen(cast["auditor"], made)
    assert not Served.objects.filter(ended_on=None).exists()
    assert dispute_until(made, cast.units[0].pk) is None


def test_a_town_sees_its_own_service_only(cast: Cast, checking: CollectionRound) -> None:
    service.preview_round(cast["planner"], checking)
    counts = {role: visible(who, Served.objects.all()).count() for role, who in cast.people.items()}
    wanted = {"leader": 3, "planner": 3, "auditor": 3, "department": 0, "town_officer": 1, "enterprise": 0}
    assert counts == wanted


def test_a_verified_value_is_questioned_and_then_corrected_in_writing(cast: Cast, checking: CollectionRound) -> None:
    row = service.question(cast["planner"], cell(checking, "T1", "a"), "现场核查发现不符")
    assert row.status == "disputed"
    row = service.decide_dispute(cast["planner"], row, "按核查值更正", keep=False, numerator=40)
    assert (row.status, row.value) == ("corrected", 40.0)
