"""What is taken back is told like what was done: statistics count a task again, and what others followed stays."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.city.supervise.cast import make_sample, make_task

from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise import service
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.models import ResultFact, Seal


def counted(task):
    return list(ResultFact.objects.filter(number=task.number).values_list("status", flat=True))


def test_a_visit_that_goes_on_is_no_longer_counted_as_not_sampled(cast) -> None:
    task = make_task(cast, status="on_site", arrived_at=timezone.now())
    service.not_sample(cast["inspector"], task, "stock_low", "库存不足")
    assert counted(task) == ["not_sampled"]
    undo(cast["inspector"], open_for(cast["inspector"]))
    task.refresh_from_db()
    assert task.status == "on_site" and counted(task) == []
    assert not SourceRecord.objects.filter(number=task.number).exists()


def test_a_task_that_is_open_again_is_counted_as_it_stands(cast) -> None:
    task = make_task(cast, status="not_sampled", reason_code="stock_low")
    service.leave_task_open(cast["planner"], task, "备选已用完")
    undo(cast["planner"], open_for(cast["planner"]))
    assert counted(task) == ["not_sampled"]


def test_a_receipt_that_completed_a_task_stays(cast) -> None:
    sample = make_sample(cast)
    seals = dict.fromkeys(sample.seals.values_list("number", flat=True), Seal.Found.INTACT)
    said = {"received_on": timezone.localdate(), "appearance": "完好", "quantity": 3, "seals": seals}
    laboratory.receive(cast["laboratory"], sample, **said)
    sample.task.refresh_from_db()
    assert sample.task.status == "completed" and open_for(cast["laboratory"]) is None


@pytest.fixture(autouse=True)
def counts(cast):
    from qualipolis.city.supervise.statistics import facts  # noqa: F401
