"""Mediation: questions to the firm, agreements, bodies outside, who may act, competence, documents and their service."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.belongings import answer_of
from tests.city.listen.cast import CONSUMER, PUBLIC, Cast, complaint_in, report_in
from tests.city.listen.walked import WHY, again, go_to, serve_all

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.sweeps import SWEEPS
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.registering import facts_for_parties
from qualipolis.city.listen.complaints.suggestions import WORDS, suggested
from qualipolis.city.listen.models import Complaint, ComplaintAnswer, Document
from qualipolis.city.listen.reports.documents import issue, receivers
from qualipolis.law.listening.documents import BY_CODE
from qualipolis.methods.problems import InputError


def codes(error: Any) -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_an_agreement_takes_effect_when_both_have_signed_and_changed_words_are_signed_again(cast: Cast) -> None:
    row, desk, today = complaint_in(cast, "mediating"), cast["complaint_desk"], timezone.localdate()
    service.write_agreement(desk, row, "退款三百元", Decimal("300"), today + timedelta(days=10))
    service.sign_agreement(cast["enterprise"], row, "respondent")
    service.write_agreement(desk, row, "退款五百元", Decimal("500"), today + timedelta(days=10))
    assert again(row).respondent_signed_on is None
    service.sign_agreement(cast["enterprise"], row, "respondent")
    with pytest.raises(InputError) as error:
        service.agree(desk, row, WHY)
    assert codes(error) == {"not_signed"} and not row.documents.exists()
    service.sign_agreement(PUBLIC, row, "complainant")
    row = service.agree(desk, again(row), *suggested("agreement", again(row)))
    paper = row.documents.exclude(code="complaint_register").get()
    assert "500" in paper.content["text"] and paper.content["facts"]["amount"] == "500.00"
    serve_all(cast, paper)
    assert service.close_complaint(desk, row).status == "closed"
    assert service.note_performance(desk, again(row), today).performed_on == today


def test_an_agreement_performed_at_once_needs_no_paper(cast: Cast) -> None:
    row, desk = complaint_in(cast, "mediating"), cast["complaint_desk"]
    service.write_agreement(desk, row, "当场换新", no_paper=True)
    row = service.agree(desk, again(row))
    assert row.status == "agreed" and not row.documents.exists()
    assert service.close_complaint(desk, row).status == "closed"


def test_a_firm_signs_for_itself_alone_and_no_day_lies_ahead(cast: Cast) -> None:
    row, tomorrow = complaint_in(cast, "mediating"), timezone.localdate() + timedelta(days=1)
    service.write_agreement(cast["complaint_desk"], row, "退款")
    for actor, party, day, code in (
        (cast["enterprise"], "complainant", None, "other_party"),
        (cast["complaint_desk"], "respondent", tomorrow, "future_day"),
        (cast["complaint_desk"], "neighbour", None, "bad_party"),
    ):
        with pytest.raises(InputError) as error:
            service.sign_agreement(actor, row, party, day)
        assert code in codes(error)
    with pytest.raises(PermissionDenied):
        service.sign_agreement(cast["other_enterprise"], row, "respondent")


def test_a_firm_answers_in_its_term_or_late_and_silence_is_noted_by_itself(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-29")
    row, desk = complaint_in(cast, "accepted"), cast["complaint_desk"]
    first, second = (service.ask_respondent(desk, row, f"第{n}问") for n in (1, 2))
    assert first.due_on.isoformat() == "2026-05-09"  # five working days over Labour Day, with a working Saturday
    service.answer_complaint(cast["enterprise"], first, "愿意退货", "全额退款")
    go_to(time_machine, "2026-05-09")
    with pytest.raises(InputError) as error:
        service.note_silence(desk, second)
    assert codes(error) == {"term_running"}
    go_to(time_machine, "2026-05-10")
    assert SWEEPS["listen.silence"](timezone.now()) == 1 and SWEEPS["listen.silence"](timezone.now()) == 0
    found = service.answer_complaint(cast["enterprise"], second, "补充说明")
    assert found.status == "answered" and found.answered_on is not None


def test_questions_that_are_open_are_taken_back_when_the_mediation_ends(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    asked = row.answers.get(status="asked")
    service.end_mediation(cast["complaint_desk"], row, "no_agreement", WHY, WHY)
    assert ComplaintAnswer.objects.get(pk=asked.pk).status == "withdrawn"
    with pytest.raises(InputError):
        service.answer_complaint(cast["enterprise"], asked, "晚了")


def test_a_body_outside_sees_and_works_what_was_entrusted_and_only_sees_it_after(cast: Cast) -> None:
    row, mediator = complaint_in(cast, "mediating"), cast["mediator"]
    assert not visible(mediator, Complaint.objects.all()).exists()
    with pytest.raises(PermissionDenied):
        service.propose_test(mediator, row, "甲", "商家")
    row = service.entrust(cast["complaint_desk"], row, cast.federation, WHY)
    assert not visible(cast["other_mediator"], Complaint.objects.all()).exists()
    service.name_mediator(mediator, row, mediator)
    service.call_meeting(mediator, row, timezone.localdate(), "视频", *suggested("mediation", row))
    row = service.hand_back(mediator, row, WHY)
    assert visible(mediator, Complaint.objects.all()).get() == row
    with pytest.raises(PermissionDenied):
        service.write_agreement(mediator, row, "退款")


def test_only_bodies_that_mediate_are_entrusted_and_the_term_runs_on(cast: Cast) -> None:
    row = complaint_in(cast, "accepted")
    with pytest.raises(InputError) as error:
        service.entrust(cast["complaint_desk"], row, cast.city.branch, WHY)
    assert codes(error) == {"bad_mediator"}
    with pytest.raises(InputError):
        service.entrust(cast["complaint_desk"], row, None, WHY)
    assert service.entrust(cast["complaint_desk"], row, cast.federation, WHY).due_on == row.due_on is not None


def test_a_mediator_asked_to_step_aside_is_replaced_or_stays_with_a_reason(cast: Cast) -> None:
    row, desk = complaint_in(cast, "mediating", mediator_person=cast_desk(cast)), cast["complaint_desk"]
    service.ask_aside(cast["enterprise"], row, "respondent")
    with pytest.raises(InputError) as error:
        service.name_mediator(desk, row, desk)
    assert codes(error) == {"asked_aside"}
    assert service.name_mediator(desk, row, cast["second_desk"]).aside_by == ""
    service.ask_aside(PUBLIC, row, "complainant")
    assert service.keep_mediator(desk, row, WHY).mediator_person == cast["second_desk"]
    with pytest.raises(InputError) as error:
        service.name_mediator(desk, row, cast["desk_elsewhere"])
    assert codes(error) == {"bad_person"}


def cast_desk(cast: Cast) -> Any:
    return cast["complaint_desk"]


def test_a_desk_serves_its_town_by_government_or_branch_and_no_other(cast: Cast) -> None:
    row = complaint_in(cast, "received")
    for name in ("complaint_desk", "desk_of_town", "desk_of_branch"):
        assert visible(cast[name], Complaint.objects.all()).get() == row
        service.take_complaint(cast[name], row)
    for name in ("desk_elsewhere", "inspector", "department", "planner", "leader", "auditor", "admin", "mediator",
                 "laboratory", "hospital_desk", "town_officer", "enterprise"):  # fmt: skip
        assert not visible(cast[name], Complaint.objects.all()).exists(), name
        with pytest.raises(PermissionDenied):
            service.take_complaint(cast[name], row)


def test_a_firm_sees_accepted_complaints_about_itself_and_the_papers_meant_for_it(cast: Cast) -> None:
    rows = {state: complaint_in(cast, state) for state in ("received", "refused", "mediating", "closed")}
    for row in rows.values():
        for code in ("acceptance", "mediation", "ending"):
            issue(cast["complaint_desk"], code, complaint=row, text=WHY) if row.accepted_on else None
    firm = cast["enterprise"]
    assert set(visible(firm, Complaint.objects.all())) == {rows["mediating"], rows["closed"]}
    assert {one.code for one in visible(firm, Document.objects.all())} == {"mediation", "ending"}
    assert not visible(cast["other_enterprise"], Complaint.objects.all()).exists()


def test_a_town_moves_the_complaint_to_its_desk_and_competence_is_settled_or_passed_on(cast: Cast) -> None:
    row, desk = complaint_in(cast, "received", competent=None), cast["complaint_desk"]
    with pytest.raises(InputError) as error:
        service.accept_complaint(desk, row, WHY)
    assert codes(error) == {"competence_unknown"}
    service.set_competence(desk, row, True, cast.other_firm.unit)
    assert visible(cast["desk_elsewhere"], Complaint.objects.all()).exists()
    row = service.dispute_competence(desk, again(row), "乙市市场监管局", WHY)
    row = service.settle_competence(desk, row, WHY)
    assert row.competent and row.authority == ""
    row = service.transfer_complaint(
        desk, row, "乙市市场监管局", WHY, *suggested("transfer", row, authority="乙市", reason=WHY)
    )
    assert row.status == "transferred" and receivers(row.documents.exclude(code="complaint_register").get()) == (
        "complainant",
        "authority",
    )


def test_a_document_has_the_number_of_its_form_keeps_its_words_and_is_served_once(cast: Cast) -> None:
    row, desk = complaint_in(cast, "mediating"), cast["complaint_desk"]
    year = timezone.localdate().year
    first, second = (issue(desk, "ending", complaint=row, text=WHY) for _n in (1, 2))
    assert [one.number.lstrip("本") for one in (first, second)] == [f"市监调终〔{year}〕第{n}号" for n in (1, 2)]
    service.serve_document(desk, first, "respondent", "post", proof="挂号信")
    for party, method, proof, code in (
        ("respondent", "post", "再寄", "served"),
        ("informant", "post", "信", "not_a_party"),
        ("complainant", "pigeon", "信", "bad_method"),
        ("complainant", "post", " ", "no_proof"),
    ):
        with pytest.raises(InputError) as error:
            service.serve_document(desk, first, party, method, proof=proof)
        assert codes(error) == {code}
    assert service.confirm_document(PUBLIC, first, "complainant").method == "electronic"
    with pytest.raises(InputError):
        service.confirm_document(cast["enterprise"], second, "complainant")
    assert service.confirm_document(cast["enterprise"], second).party == "respondent"


def test_no_day_of_service_lies_ahead_or_before_the_document(cast: Cast) -> None:
    paper = issue(cast["complaint_desk"], "ending", complaint=complaint_in(cast, "ended"), text=WHY)
    for days in (1, -1):
        with pytest.raises(InputError) as error:
            day = timezone.localdate() + timedelta(days=days)
            service.serve_document(cast["complaint_desk"], paper, "respondent", "post", day, "信")
        assert codes(error) <= {"future_day", "too_early"}


def test_an_anonymous_informant_is_served_nothing(cast: Cast) -> None:
    report = report_in(cast, "not_filed", identity=None)
    assert receivers(issue(cast["complaint_desk"], "report_result", report=report, text=WHY)) == ()


def test_the_suggested_words_know_the_order_and_tell_nothing_of_the_sender(cast: Cast) -> None:
    for state in ("received", "mediating", "agreed"):
        row = complaint_in(cast, state)
        for code in WORDS:
            for text in suggested(code, row, reason=WHY, authority="乙市", meets_on=timezone.localdate(), how="视频"):
                assert text and "%" not in text
                assert not any(said in text for said in CONSUMER.values()), code
    assert {code for code, one in BY_CODE.items() if one.made_by[0] == "complaint"} == set(WORDS)


def test_the_ledger_of_a_complaint_holds_no_words(cast: Cast) -> None:
    row, desk = complaint_in(cast, "mediating"), cast["complaint_desk"]
    said = "此处不应出现在台账"
    service.ask_respondent(desk, row, said)
    service.answer_complaint(cast["enterprise"], answer_of(cast, row), said, said)
    service.write_agreement(desk, row, said)
    service.end_mediation(desk, again(row), "no_agreement", said, said)
    assert not Event.objects.filter(payload__contains=said).exists()


def test_the_sender_rates_once_when_it_is_over(cast: Cast) -> None:
    row = complaint_in(cast, "ended")
    assert service.rate_complaint(PUBLIC, row, 4).satisfaction == 4
    with pytest.raises(InputError):
        service.rate_complaint(PUBLIC, row, 5)
    with pytest.raises(PermissionDenied):
        service.rate_complaint(cast["complaint_desk"], complaint_in(cast, "ended"), 5)
    with pytest.raises(InputError):
        service.rate_complaint(PUBLIC, complaint_in(cast, "ended"), 6)


def test_the_register_is_made_once_with_the_first_thing_an_officer_does(cast: Cast) -> None:
    row, desk = complaint_in(cast, "received", competent=True), cast["complaint_desk"]
    service.take_complaint(desk, row)
    service.accept_complaint(desk, again(row), WHY)
    entry = row.documents.get(code="complaint_register")
    assert receivers(entry) == () and "退货并退款" in entry.content["text"]


def test_words_of_a_letter_that_also_reports_stay_with_the_desk_until_there_is_a_summary(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    assert "电暖器" in facts_for_parties(again(row))
    report_in(cast, letter=row.letter)
    assert facts_for_parties(again(row)) == ""
    service.write_summary(cast["complaint_desk"], row, "电暖器使用两天后损坏")
    assert facts_for_parties(again(row)) == "电暖器使用两天后损坏"
    with pytest.raises(PermissionDenied):
        service.write_summary(cast["enterprise"], row, "改写")
