"""The life of an observation."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from tests.city.measure.cast import SYSTEM, Cast, cell, frozen_set, open_round, person

from qualipolis.city.core.models import Event
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.methods.problems import InputError

Status = Observation.Status


@pytest.fixture
def opened(cast: Cast) -> CollectionRound:
    return open_round(frozen_set())


def owned(opened: CollectionRound, cast: Cast, unit: str = "T1") -> Observation:
    """An observation of the section's that a town hands in itself (PQ10)."""
    return cell(opened, unit, "PQ10")


def submitted(cast: Cast, opened: CollectionRound) -> Observation:
    row = owned(opened, cast)
    service.save_draft(cast["town_officer"], row, 4, 5, document="召回〔2021〕1号")
    return service.submit(cast["town_officer"], row)


def test_it_computes_the_value_and_hands_it_in(cast: Cast, opened: CollectionRound) -> None:
    row = submitted(cast, opened)
    assert (row.value, row.status, row.submitted_by) == (80.0, Status.SUBMITTED, cast["town_officer"])
    assert Event.objects.filter(verb="measure.submit", thing=f"measure.observation:{row.pk}").exists()


def test_it_asks_for_evidence_and_for_a_value(cast: Cast, opened: CollectionRound) -> None:
    row = service.save_draft(cast["town_officer"], owned(opened, cast), 4, 5)
    with pytest.raises(InputError, match="evidence"):
        service.submit(cast["town_officer"], row)
    row = service.save_draft(cast["town_officer"], row, document="1号")
    with pytest.raises(InputError, match="neither a value nor a reason"):
        service.submit(cast["town_officer"], row)


def test_it_refuses_a_share_above_one(cast: Cast, opened: CollectionRound) -> None:
    row = owned(opened, cast)
    with pytest.raises(InputError, match="not between 0 and the denominator"):
        service.save_draft(cast["town_officer"], row, 6, 5)
    assert cell(opened, "T1", "PQ10").status == Status.EMPTY


def test_it_lets_nobody_write_for_another_town(cast: Cast, opened: CollectionRound) -> None:
    with pytest.raises(PermissionDenied):
        service.save_draft(cast["town_officer"], owned(opened, cast, "T2"), 1, 2)
    with pytest.raises(PermissionDenied):
        service.verify(cast["department"], cell(opened, "T1", "SR05"))


def test_it_comes_back_with_a_reason_and_five_working_days(cast: Cast, opened: CollectionRound) -> None:
    row = submitted(cast, opened)
    with time_machine.travel(date(2021, 9, 30)):
        row = service.return_(cast["department"], row, "数据不符")
    assert (row.status, row.due_on) == (Status.RETURNED, date(2021, 10, 13))
    row = service.save_draft(cast["town_officer"], row, 3, 5, document="1号")
    assert row.status == Status.RETURNED
    assert service.submit(cast["town_officer"], row).status == Status.SUBMITTED


def test_it_is_not_returned_without_a_reason(cast: Cast, opened: CollectionRound) -> None:
    with pytest.raises(InputError, match="reason"):
        service.return_(cast["department"], submitted(cast, opened), " ")


def test_it_is_not_verified_by_whoever_handed_it_in(cast: Cast, opened: CollectionRound) -> None:
    row = submitted(cast, opened)
    Observation.objects.filter(pk=row.pk).update(submitted_by=cast["department"])
    with pytest.raises(InputError, match="may not verify"):
        service.verify(cast["department"], row)


def test_it_is_disputed_only_within_the_term_after_the_preview(cast: Cast, opened: CollectionRound) -> None:
    row = service.verify(cast["department"], submitted(cast, opened))
    with pytest.raises(InputError, match="preview has not been sent"):
        service.dispute(cast["town_officer"], row, "算错了")
    with time_machine.travel(date(2021, 9, 30)):
        service.preview_round(cast["planner"], opened)
    with time_machine.travel(date(2021, 10, 16)), pytest.raises(InputError, match="term for objections ended"):
        service.dispute(cast["town_officer"], row, "算错了")
    with time_machine.travel(date(2021, 10, 15)):
        assert service.dispute(cast["town_officer"], row, "算错了").status == Status.DISPUTED


@pytest.mark.parametrize(("keep", "status", "value"), [(True, "verified", 80.0), (False, "corrected", 60.0)])
def test_it_is_kept_or_corrected_in_writing(cast: Cast, opened: CollectionRound, keep, status, value) -> None:
    row = service.verify(cast["department"], submitted(cast, opened))
    service.preview_round(cast["planner"], opened)
    row = service.dispute(cast["town_officer"], row, "算错了")
    row = service.decide_dispute(cast["planner"], row, "复核意见", keep=keep, numerator=3, denominator=5)
    assert (row.status, row.value) == (status, value)


def test_it_stays_missing_with_its_reason(cast: Cast, opened: CollectionRound) -> None:
    row = owned(opened, cast)
    with pytest.raises(InputError, match="needs its reason"):
        service.mark_missing(cast["town_officer"], row, "not_collected", "")
    row = service.mark_missing(cast["town_officer"], row, "not_collected", "当年未开展")
    row = service.submit(cast["town_officer"], row)
    assert (row.value, row.missing, row.status) == (None, "not_collected", Status.SUBMITTED)


def test_it_is_not_typed_in_when_it_is_computed(cast: Cast, opened: CollectionRound) -> None:
    row = cell(opened, "T1", "PQ01")
    Observation.objects.filter(pk=row.pk).update(computed=True)
    with pytest.raises(InputError, match="computed from records"):
        service.save_draft(cast["town_officer"], row, 1, 2)


def test_it_is_closed_with_its_round(cast: Cast, opened: CollectionRound) -> None:
    service.close_entry(SYSTEM, opened)
    service.lock_round(SYSTEM, opened)
    with pytest.raises(InputError, match="is not open"):
        service.save_draft(cast["town_officer"], owned(opened, cast), 1, 2)


def test_it_tells_an_officer_of_nowhere_nothing(cast: Cast, opened: CollectionRound) -> None:
    with pytest.raises(PermissionDenied):
        service.save_draft(person("guest", "enterprise"), owned(opened, cast), 1, 2)
