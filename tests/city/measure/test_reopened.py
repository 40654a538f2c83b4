"""What two people opened again is kept with one reply; what only records can give is nobody's to be late with."""

from __future__ import annotations

import pytest
from tests.city.measure.cast import SYSTEM, Cast, cell, locked_round, open_round, tiny_set

from qualipolis.city.core.models import Event
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import Indicator, Observation
from qualipolis.methods.problems import InputError

VALUES = {"T1": {"a": 90, "b": 80, "c": 70}, "T2": {"a": 60, "b": 50, "c": 40}, "T3": {"a": 30, "b": 20, "c": 10}}


def test_the_office_keeps_all_that_is_left_with_one_reply(cast: Cast) -> None:
    row = locked_round(tiny_set(), VALUES)
    service.reopen_round(cast["leader"], row, "财政数据更正")
    row = service.confirm_reopen(cast["auditor"], row)
    service.decide_dispute(cast["planner"], cell(row, "T1", "a"), "更正", keep=False, numerator=88.0)
    with pytest.raises(InputError):
        service.keep_reopened(cast["planner"], row, " ")
    assert service.keep_reopened(cast["planner"], row, "其余维持") == 8
    states = set(Observation.objects.filter(round=row).values_list("status", flat=True))
    assert states == {"verified", "corrected"}
    assert cell(row, "T1", "a").value == 88.0
    assert Event.objects.filter(verb="measure.keep_reopened").count() == 1
    assert service.lock_round(cast["planner"], row).status == "locked"


def test_a_unit_is_not_late_with_what_only_records_can_give(cast: Cast) -> None:
    made = tiny_set()
    Indicator.objects.filter(set=made, code="c").update(metric="PQ01")
    row = open_round(made)
    service.fill_round(SYSTEM, row, [("a", "T1", 90, None, None), ("b", "T1", 80, None, None)])
    service.submit_many(SYSTEM, row)
    service.verify_many(SYSTEM, row)
    assert [one.to_hand_in for one in queries.progress(SYSTEM, row)] == [0, 2, 2]
    service.close_entry(SYSTEM, row)
    row = service.lock_round(SYSTEM, row)
    assert cell(row, "T1", "c").missing == Observation.Missing.NOT_COLLECTED
    assert cell(row, "T2", "a").missing == Observation.Missing.LATE
