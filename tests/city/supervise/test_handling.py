"""Handling of a failed result: who orders, what the firm must give, how a review ends, and what is refused."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.city.supervise.cast import make_campaign, make_rule
from tests.city.supervise.handled import (
    PDF,
    PROOF,
    announced,
    final,
    hand,
    later,
    opened,
    reported,
    served,
    suspended,
)

from qualipolis.city.core.models import Attachment, Event, Organisation
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath.opening import open_cases
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.methods.problems import InputError


def refused(act):
    """Return the codes with which a step is refused."""
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def test_a_final_failure_opens_one_case_with_the_branch_of_the_town(cast):
    case = opened(cast)
    assert (case.status, case.handler, case.enterprise) == (
        "transferred",
        Organisation.objects.get(code="AMR-T2"),
        cast.firms[0],
    )
    assert case.due_on is not None and Event.objects.filter(verb="supervise.open_handling").count() == 1
    open_cases(None, case.result)
    assert HandlingCase.objects.count() == 1


def test_a_pass_opens_no_case(cast):
    assert not final(cast, verdict="pass").handling.exists()


def test_a_producer_of_this_city_gets_a_case_of_its_own(cast):
    result = final(cast)
    form = result.sample.task.form
    form.producer = cast.firms[1]
    form.save()
    with transaction.atomic():
        open_cases(None, result)
    by_firm = {one.enterprise: one.handler.code for one in result.handling.all()}
    assert by_firm == {cast.firms[0]: "AMR-T2", cast.firms[1]: "AMR-T1"}


def test_a_town_without_a_branch_is_handled_by_the_organiser(cast):
    Organisation.objects.filter(code="AMR-T2").update(code="AMR-GONE")
    assert opened(cast).handler == cast.bureau


def test_the_way_of_a_firm_that_corrects(cast):
    case = reported(cast)
    assert case.status == "review_requested" and case.due_on == case.review_by
    service.pass_review(hand(cast), case, "复查〔2026〕1号")
    case = service.close_handling(hand(cast), case)
    assert case.status == "closed" and case.passed_on is not None and case.due_on is None


def test_an_order_needs_its_number_and_a_result_that_stands(cast):
    case = opened(cast)
    assert refused(lambda: service.order_correction(hand(cast), case, " ")) == {"needs_document_no"}
    case.result.status = "under_objection"
    case.result.save()
    assert refused(lambda: service.order_correction(hand(cast), case, "1号")) == {"not_failed"}


def test_service_needs_a_proof_and_a_day_that_has_come(cast):
    case = opened(cast)
    service.order_correction(hand(cast), case, "1号")
    assert refused(lambda: service.serve_order(hand(cast), case, later(0))) == {"needs_proof"}
    assert refused(lambda: service.serve_order(hand(cast), case, later(1), PROOF)) == {"future_day"}
    assert refused(lambda: service.serve_order(hand(cast), case, later(-1), PROOF)) == {"too_early"}
    assert HandlingCase.objects.get().status == "ordered" and not Attachment.objects.exists()


def test_the_proof_of_service_is_no_evidence_of_the_firm(cast):
    case = served(cast)
    assert Attachment.objects.count() == 1
    act = lambda: service.report_correction(cast["enterprise"], case, "已整改")  # noqa: E731
    assert refused(act) == {"not_evidence"}
    service.attach_correction(cast["enterprise"], case, "整改.pdf", PDF)
    assert act().status == "review_requested"


def test_a_report_needs_words(cast):
    case = served(cast)
    service.attach_correction(cast["enterprise"], case, "整改.pdf", PDF)
    assert refused(lambda: service.report_correction(cast["enterprise"], case, "")) == {"needs_report"}


def test_evidence_is_fixed_once_it_was_handed_in(cast):
    case = reported(cast)
    assert refused(lambda: service.attach_correction(cast["enterprise"], case, "x.pdf", PDF)) == {"not_correcting"}


def test_the_way_to_a_revoked_licence_needs_new_evidence_and_the_leader(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = suspended(cast, time_machine)
    again = lambda: service.report_correction(cast["enterprise"], case, "停业整顿完毕")  # noqa: E731
    assert refused(again) == {"not_evidence"}
    service.attach_correction(cast["enterprise"], case, "整顿.pdf", PDF)
    assert again().status == "third_review"
    assert refused(lambda: service.revoke_licence(cast["leader"], case, "吊销1号", "")) == {"needs_reason"}
    assert service.revoke_licence(cast["leader"], case, "吊销1号", "整顿后仍不合格").status == "licence_revoked"


def test_a_firm_that_passes_the_third_review_goes_on(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = suspended(cast, time_machine)
    service.attach_correction(cast["enterprise"], case, "整顿.pdf", PDF)
    service.report_correction(cast["enterprise"], case, "停业整顿完毕")
    assert service.pass_third_review(hand(cast), case, "复查3号").status == "passed"


def test_steps_out_of_their_order_change_nothing(cast):
    case = opened(cast)
    acts = [
        lambda: service.pass_review(hand(cast), case, "1号"),
        lambda: service.escalate_handling(cast["department"], case, "1号"),
        lambda: service.announce_failure(cast["department"], case, "1号"),
        lambda: service.pass_second_review(hand(cast), case, "1号"),
        lambda: service.fail_second_review(hand(cast), case, "1号"),
        lambda: service.pass_third_review(hand(cast), case, "1号"),
        lambda: service.revoke_licence(cast["leader"], case, "1号", "x"),
        lambda: service.close_handling(hand(cast), case),
        lambda: service.close_ceased(hand(cast), case, "x"),
        lambda: service.begin_food_handling(hand(cast), case, "1号"),
    ]
    for act in acts:
        assert refused(act) == {"wrong_state"}
    assert HandlingCase.objects.get().status == "transferred"


def test_the_second_review_ends_the_case_when_it_is_passed(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = announced(cast)
    time_machine.move_to(case.second_from)
    case = service.pass_second_review(hand(cast), case, "复查2号")
    assert case.status == "passed" and service.close_handling(hand(cast), case).ended


def test_food_has_its_own_way_and_ninety_days(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    campaign = make_campaign(cast, rule=make_rule(food=True))
    case = opened(cast, campaign=campaign)
    assert case.flow_code == "food_handling" and case.due_on.isoformat() == "2026-06-01"
    assert refused(lambda: service.order_correction(hand(cast), case, "1号")) == {"wrong_state"}
    case = service.begin_food_handling(hand(cast), case, "核查〔2026〕1号")
    assert case.due_on.isoformat() == "2026-06-01"
    finish = lambda: service.finish_food_handling(hand(cast), case, "召回并处罚")  # noqa: E731
    assert refused(finish) == {"not_evidence"}
    service.attach_food_handling(hand(cast), case, "核查.pdf", PDF)
    assert finish().status == "closed"
