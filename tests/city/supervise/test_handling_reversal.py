"""A published result is reopened and decided by order, through the verbs of results: everything built on it follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import SYSTEM, make_campaign
from tests.city.supervise.handled import final, hand, reported, reverse, served

from qualipolis.city.core.models import Event
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import HandlingCase, Publication, Result
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import serving as results
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError


def published(cast, **more) -> tuple[Result, Publication]:
    """Publish one final result that was served a month ago."""
    campaign = make_campaign(cast)
    result = final(cast, campaign, **more)
    served_on = timezone.localdate() - timedelta(days=30)
    result.services.update(served_on=served_on, proof_words="回执")
    row = service.draft_publication(cast["department"], campaign)
    service.approve_publication(cast["leader"], row, "公布1号")
    return result, service.publish_results(cast["department"], row)


@pytest.fixture
def reopened(cast):
    """Return ``reopened(**more)``: a published result that a court reopened."""

    def make(**more):
        result, row = published(cast, **more)
        result_ends.reopen(cast["leader"], result, "法院判决", "（2026）行初1号")
        return result, row

    return make


def told(result):
    """Return the row of a result in the newest version."""
    newest = Publication.objects.get(corrected_by=None)
    return newest.version, next(one for one in newest.rows if one["result"] == result.number)


def test_a_failure_turned_into_a_pass_is_corrected_at_once_and_once(cast, reopened):
    result, _row = reopened(producer_elsewhere=True)
    case = HandlingCase.objects.get()
    penalty = service.decide_penalty(
        hand(cast), served_again(cast, case, result), kind="light", document_no="处1号",
        decided_on=timezone.localdate(), words="通报批评",
    )  # fmt: skip
    assert told(result)[0] == 1  # what was published stays until it is decided
    result_ends.conclude_by_order(cast["planner"], result, "pass", "（2026）行终1号", "检验方法有误")
    version, row = told(result)
    assert (version, row["verdict"], row["state"], row["items"]) == (2, "pass", "reversed", [])
    for one in (case, penalty, result):
        one.refresh_from_db()
    assert case.status == "cancelled" and penalty.check_since and result.transfers.get().status == "recalled"
    if result.status != "final":
        results.finalise(cast["planner"], result)
    assert told(result)[0] == 2  # becoming final again changes nothing that is read


def served_again(cast, case, result):
    """Return the case under its order, which was served before the result was reopened."""
    HandlingCase.objects.filter(pk=case.pk).update(status="correcting", order_served_on=timezone.localdate())
    Result.objects.filter(pk=result.pk).update(final_on=timezone.localdate())
    return case


def test_a_pass_turned_into_a_failure_is_held_against_nobody_before_it_is_final(cast, reopened):
    result, _row = reopened(verdict="pass")
    result_ends.conclude_by_order(cast["planner"], result, "fail", "（2026）行终1号", "检验方法有误")
    version, row = told(result)
    result.refresh_from_db()
    if result.status != "final":
        assert (version, row["verdict"], row["state"]) == (2, None, "open") and not HandlingCase.objects.exists()
        results.finalise(cast["planner"], result)
    assert told(result)[1]["verdict"] == "fail" and HandlingCase.objects.get().status == "transferred"


def test_an_upheld_failure_changes_nothing(cast, reopened):
    result, _row = reopened()
    result_ends.conclude_by_order(cast["planner"], result, "fail", "（2026）行终1号")
    result.refresh_from_db()
    if result.status != "final":
        results.finalise(cast["planner"], result)
    assert told(result)[0] == 1 and HandlingCase.objects.get().status == "transferred"


def test_a_case_cancelled_by_a_recheck_begins_anew_when_a_court_finds_the_failure_after_all(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = reported(cast)
    result = case.result
    reverse(result)
    case.refresh_from_db()
    assert case.status == "cancelled" and case.due_on is None
    time_machine.move_to("2026-09-01 10:00")
    Result.objects.filter(pk=result.pk).update(status="final", verdict="fail", final_on=date(2026, 9, 1))
    tell(SYSTEM, "supervise.result_final", result)
    case.refresh_from_db()
    assert HandlingCase.objects.get() == case and case.status == "transferred"
    assert case.due_on == deadline("supervision.order", date(2026, 9, 1)).due  # the clock of the new failure
    assert (case.order_served_on, case.correct_by, case.report, case.document_no) == (None, None, "", "")
    assert served(cast, case).correct_by == deadline("supervision.correct", date(2026, 9, 1)).due
    assert Event.objects.filter(verb="supervise.reopen_handling").count() == 1


def test_a_cancelled_case_is_not_opened_again_while_its_result_does_not_stand(cast):
    case = reported(cast)
    reverse(case.result)
    with pytest.raises(InputError) as refused:
        service.reopen_handling(cast["department"], case, "误撤")
    assert refused.value.problems[0].code == "not_failed"
    Result.objects.filter(pk=case.result_id).update(status="final", verdict="fail")
    with pytest.raises(PermissionDenied):
        service.reopen_handling(cast["enterprise"], case, "误撤")
