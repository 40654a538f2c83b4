"""What comes after the lock stands beside the year: late values, revised statistics."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import SYSTEM, Cast, cell, locked_round, open_round, tiny_set

from qualipolis.city.core.policy import visible
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import Indicator, LateValue, Statistic, StatisticRevision
from qualipolis.methods.problems import InputError

DAY = date(2022, 5, 1)


def test_a_late_value_changes_nothing_and_is_offered_to_the_next_year(cast: Cast) -> None:
    made = locked_round(tiny_set(), {"T1": {"a": 50, "b": 60}})
    seen = cell(made, "T1", "a")
    late = service.note_late_value(SYSTEM, seen, DAY, "部门来函", numerator=55)
    seen.refresh_from_db()
    assert (seen.value, seen.status, late.value) == (50.0, "locked", 55.0)
    following = open_round(tiny_set(2022))
    found = queries.hints(cast["town_officer"], following, cast.units[0])
    assert {code: (one.value, one.late) for code, one in found.items()} == {"a": (55.0, True), "b": (60.0, False)}
    assert list(queries.late_values(cast["town_officer"], made)) == [late]


def test_only_the_owner_notes_it_and_only_after_the_lock(cast: Cast) -> None:
    made = open_round(tiny_set())
    Indicator.objects.filter(code="a").update(owner=cast.section)
    with pytest.raises(InputError, match="not locked"):
        service.note_late_value(cast["department"], cell(made, "T1", "a"), DAY, "函", numerator=1)
    with pytest.raises(PermissionDenied):
        service.note_late_value(cast["department"], cell(made, "T1", "b"), DAY, "函", numerator=1)
    with pytest.raises(PermissionDenied):
        service.note_late_value(cast["town_officer"], cell(made, "T1", "a"), DAY, "函", numerator=1)
    assert not LateValue.objects.exists()


def test_a_late_value_is_a_number_with_a_source_and_a_past_day(cast: Cast) -> None:
    made = locked_round(tiny_set(), {"T1": {"a": 50}})
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(InputError) as refused:
        service.note_late_value(SYSTEM, cell(made, "T1", "a"), tomorrow, " ")
    assert {problem.code for problem in refused.value.problems} == {"no_value", "no_source"}


def test_a_revised_statistic_keeps_its_old_value(cast: Cast) -> None:
    row = Statistic.objects.create(unit=cast.units[0], year=2021, key="population", value=1000)
    service.revise_statistic(cast["planner"], row, 1100, "统计公报修订", DAY)
    service.revise_statistic(cast["planner"], row, 1050, "再次修订", DAY)
    row.refresh_from_db()
    assert row.value == 1050
    assert [(one.old_value, one.new_value) for one in queries.revisions(cast["planner"], 2021)] == [
        (1100.0, 1050.0),
        (1000.0, 1100.0),
    ]
    with pytest.raises(InputError):
        service.revise_statistic(cast["planner"], row, -1, "", DAY)
    assert not visible(AnonymousUser(), StatisticRevision.objects.all()).exists()
