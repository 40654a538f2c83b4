"""Rows of supervision sampling move only as the tables of law allow."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.city.supervise.cast import make_campaign, make_result

from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.methods.problems import InputError


def test_a_move_changes_the_row_and_tells_the_ledger(cast):
    row = make_campaign(cast, status="testing")
    with transaction.atomic():
        move(cast["planner"], locked(row), "settle", "supervise.settle", facts={"open_results_left": 0})
    row.refresh_from_db()
    assert row.status == "settled" and Event.objects.get().verb == "supervise.settle"


def test_a_move_the_table_does_not_allow_changes_nothing(cast):
    row = make_campaign(cast, status="testing")
    for step, facts in (("settle", {"open_results_left": 1}), ("begin", {}), ("settle", {})):
        with pytest.raises(InputError), transaction.atomic():
            move(cast["planner"], locked(row), step, "supervise.settle", facts=facts)
    row.refresh_from_db()
    assert row.status == "testing" and not Event.objects.exists()


def test_rows_of_every_part_can_be_made_in_any_state(cast):
    found = make_result(cast, status="final")
    assert found.ended and found.flow_code == "result" and found.sample.task.samplers.count() == 2
