"""The laboratory receives what is whole, refuses the rest in writing, and tests what it may test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_result, make_sample

from qualipolis.city.core.models import Attachment, Event
from qualipolis.city.core.subscriptions import _SUBSCRIBERS
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.models import Custody, SampleReceipt
from qualipolis.methods.problems import InputError

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def heard(monkeypatch):
    """News told, as (name, row)."""
    found: list[tuple[str, object]] = []
    for name in ("sample_rejected", "sample_stopped", "sample_untestable"):
        news = f"supervise.{name}"
        monkeypatch.setitem(_SUBSCRIBERS, news, [lambda actor, row, news=news, **facts: found.append((news, row))])
    return found


def seals_of(sample, found="intact"):
    return {seal.number: found for seal in sample.seals.all()}


def take(cast, sample, **more):
    values = {"received_on": timezone.localdate(), "appearance": "完好", "quantity": 3, "seals": seals_of(sample)}
    return laboratory.receive(cast["laboratory"], sample, **values | more)


def test_it_receives_a_whole_sample_and_its_term_starts(cast) -> None:
    sample = make_sample(cast)
    row = take(cast, sample, photos=[("seal.png", [PNG])])
    assert row.status == "received" and row.due_on > timezone.localdate()
    assert row.seals.get().found == "intact" and row.receipt.appearance == "完好"
    assert Custody.objects.get(sample=row).taken_by == cast.laboratory.name_zh
    assert Attachment.objects.get().thing == f"supervise.samplereceipt:{row.receipt.pk}"
    row.task.refresh_from_db()
    assert row.task.status == "completed"  # the work on site ends with the receipt


@pytest.mark.parametrize("found", ["broken", "mismatch"])
def test_it_does_not_receive_under_a_seal_that_is_not_intact(cast, found) -> None:
    sample = make_sample(cast)
    with pytest.raises(InputError) as caught:
        take(cast, sample, seals=seals_of(sample, found))
    assert caught.value.problems[0].code == "not_seal_intact"
    assert not SampleReceipt.objects.exists() and not Event.objects.exists()


def test_every_fault_of_the_check_is_told_at_once(cast) -> None:
    sample = make_sample(cast)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(InputError) as caught:
        take(cast, sample, received_on=tomorrow, appearance=" ", quantity=2, seals={"none": "intact"})
    codes = {p.code for p in caught.value.problems}
    assert codes == {"future_day", "no_appearance", "unknown_seal", "unseen_seal", "quantity_differs"}


def test_a_refusal_is_written_and_told(cast, heard) -> None:
    sample = make_sample(cast)
    row = laboratory.reject(cast["laboratory"], sample, reason="封条破损", seals=seals_of(sample, "broken"))
    assert row.status == "rejected_at_lab" and row.receipt.refused and row.due_on == timezone.localdate()
    assert heard == [("supervise.sample_rejected", row)]
    with pytest.raises(InputError):
        laboratory.reject(cast["laboratory"], make_sample(cast), reason=" ")


def test_another_laboratory_and_an_inspector_are_kept_out(cast) -> None:
    sample = make_sample(cast)
    for who in ("other_laboratory", "inspector", "planner", "enterprise"):
        with pytest.raises(PermissionDenied):
            laboratory.reject(cast[who], sample, reason="x")
    sample.refresh_from_db()
    assert sample.status == "in_transit"


def test_the_test_begins_with_licence_and_scope_and_opens_a_draft(cast) -> None:
    sample = take(cast, make_sample(cast))
    with pytest.raises(InputError):
        laboratory.begin(cast["laboratory"], sample, licence="")
    row = laboratory.begin(cast["laboratory"], sample, licence="seen")
    assert row.status == "testing"
    report = row.reports.get()
    assert [item.name_zh for item in report.items.all()] == ["甲醛含量", "pH值"] and report.status == "draft"


def test_an_item_outside_the_scope_of_the_day_stops_the_beginning(cast) -> None:
    sample = take(cast, make_sample(cast))
    qualification = cast.laboratory.qualifications.get()
    qualification.valid_to = timezone.localdate() - timedelta(days=1)
    qualification.save()
    with pytest.raises(InputError) as caught:
        laboratory.begin(cast["laboratory"], sample, licence="seen")
    assert caught.value.problems[0].params == {"count": 2}
    assert laboratory.beyond_scope(sample, date(2021, 1, 1)) == 0


def test_without_a_licence_it_stops_and_without_proof_it_does_not_give_up(cast, heard) -> None:
    stopped = laboratory.stop(cast["laboratory"], take(cast, make_sample(cast)), reason="无强制性认证标志")
    sample = laboratory.begin(cast["laboratory"], take(cast, make_sample(cast)), licence="not_required")
    with pytest.raises(InputError):
        laboratory.give_up(cast["laboratory"], sample, reason="样品量不足", proof=())
    given_up = laboratory.give_up(cast["laboratory"], sample, reason="样品量不足", proof=[("p.png", [PNG])])
    assert (stopped.status, given_up.status) == ("stopped", "untestable")
    assert [name for name, _row in heard] == ["supervise.sample_stopped", "supervise.sample_untestable"]


def test_a_sample_goes_back_only_when_every_window_is_over(cast) -> None:
    result = make_result(cast, status="notified")
    sample = result.sample
    sample.status = "reported"
    sample.save()
    with pytest.raises(InputError):
        laboratory.give_back(cast["laboratory"], sample)
    result.status, result.final_on = "final", timezone.localdate()
    result.save()
    assert laboratory.give_back(cast["department"], sample).status == "returned"


def test_what_happened_outside_is_no_message_of_the_laboratory(cast) -> None:
    """A step that is refused names the code or nothing, never the firm."""
    sample = make_sample(cast, status="sealed")
    with pytest.raises(InputError) as caught:
        take(cast, sample)
    said = " ".join(problem.text() for problem in caught.value.problems)
    assert not any(mark in said for firm in cast.firms for mark in (firm.name_zh, firm.credit_code))
