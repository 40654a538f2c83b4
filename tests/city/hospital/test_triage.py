"""Triage, assignment, duty reports, and the ends of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.belongings import diagnosis_of
from tests.city.hospital.cast import Cast, case_in
from tests.city.supervise.cast import make_sample, make_task

from qualipolis.city.core.models import Event
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, Message
from qualipolis.city.hospital.reception import departments, experts
from qualipolis.city.hospital.reception.assignment import candidates
from qualipolis.city.hospital.reception.duty import flagged
from qualipolis.city.hospital.reception.ends import sweep_ceased
from qualipolis.city.hospital.reception.triage import priority
from qualipolis.methods.problems import InputError

TODAY = timezone.localdate


def codes(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def said(case: Case) -> str:
    return "".join(Event.objects.filter(thing__endswith=f":{case.pk}").values_list("payload", flat=True))


def test_a_department_is_suggested_by_industry_and_by_words(cast: Cast) -> None:
    case = case_in(cast, "registered", industry="1819", problem_text="焊接处有毛刺")
    first, second = departments.suggest(case)
    assert (first.department, second.department) == (cast.other_department, cast.department)
    assert first.score == 4 and len(first.reasons) == 2
    assert departments.suggest(case_in(cast, "registered"))[0].department == cast.department


@pytest.mark.parametrize(
    ("severity", "urgency", "kind"), [(4, 3, "bad"), (2, 3, "warn"), (3, 1, "wait"), (1, 2, "idle")]
)
def test_priority_is_the_matrix_of_severity_and_urgency(severity: int, urgency: int, kind: str) -> None:
    found = priority(severity, urgency)
    assert (found.value, found.kind) == (severity * urgency, kind)


def test_triage_sends_the_case_on_and_flags_what_law_wants_reported(cast: Cast) -> None:
    case = service.triage(cast["hospital_desk"], case_in(cast), cast.department, 4, 3, on_market=True)
    assert case.status == "triaged" and case.priority == 12 and case.duty_report and flagged(case)
    calm = service.triage(cast["hospital_desk"], case_in(cast), cast.department, 4, 3, on_market=False)
    assert not calm.duty_report


def test_triage_asks_for_department_severity_and_urgency(cast: Cast) -> None:
    with pytest.raises(InputError) as caught:
        service.triage(cast["hospital_desk"], case_in(cast), None, 2, 2)
    assert codes(caught) == ["no_department"]
    with pytest.raises(PermissionDenied):
        service.triage(cast["desk_elsewhere"], case_in(cast), cast.department, 2, 2)
    with pytest.raises(PermissionDenied):
        service.triage(cast["expert"], case_in(cast), cast.department, 2, 2)


def test_a_case_is_turned_away_with_words_for_the_firm_that_the_ledger_does_not_repeat(cast: Cast) -> None:
    earlier, case = case_in(cast, "treating"), case_in(cast)
    service.reject_case(cast["hospital_desk"], case, "duplicate", "同一问题已在治疗中", earlier)
    case.refresh_from_db()
    assert case.status == "rejected" and case.ended_on == TODAY()
    assert Message.objects.get(case=case).words == "同一问题已在治疗中" and "治疗" not in said(case)
    foreign = case_in(cast, enterprise=cast.other_firm)
    with pytest.raises(InputError):
        service.reject_case(cast["hospital_desk"], foreign, "duplicate", "重复", earlier)
    with pytest.raises(InputError) as caught:
        service.reject_case(cast["hospital_desk"], case_in(cast), "because", "")
    assert codes(caught) == ["bad_reason_code", "no_reason"]


def test_experts_are_ranked_with_reasons_and_the_barred_stand_last(cast: Cast) -> None:
    cast.doctor.away_from = TODAY()
    cast.doctor.save()
    first, second = candidates(case_in(cast, "triaged"))
    assert first.expert == cast.colleague and not first.barred and second.barred
    with pytest.raises(InputError) as caught:
        service.propose_expert(cast["hospital_desk"], case_in(cast, "triaged"), cast.doctor)
    assert codes(caught) == ["not_free"]


def test_an_expert_with_a_full_list_takes_no_more(cast: Cast) -> None:
    cast.doctor.capacity = 1
    cast.doctor.save()
    case_in(cast, "treating")
    case_in(cast, "following")  # is the desk's
    assert experts.load(cast.doctor) == 1
    with pytest.raises(InputError):
        service.propose_expert(cast["hospital_desk"], case_in(cast, "triaged"), cast.doctor)


def _sampled_by_own_laboratory(cast: Cast, status: str) -> None:
    cast.doctor.institution = cast.laboratory
    cast.doctor.save()
    make_sample(cast.city, make_task(cast.city, status="sampled"), status=status)


@pytest.mark.parametrize(("status", "barred"), [("testing", True), ("in_transit", True), ("disposed", False)])
def test_a_laboratory_that_tests_the_firm_now_bars_its_expert(cast: Cast, status: str, barred: bool) -> None:
    _sampled_by_own_laboratory(cast, status)
    case = case_in(cast, "triaged")
    assert bool(experts.conflicts(cast.doctor, case.enterprise, case.product_class)) == barred
    assert not experts.conflicts(cast.doctor, cast.other_firm, case.product_class)


def test_a_conflict_that_arises_after_the_proposal_forbids_to_accept(cast: Cast) -> None:
    case = service.propose_expert(cast["hospital_desk"], case_in(cast, "triaged"), cast.doctor)
    cast.doctor.conflicts = [cast.firm.credit_code]
    cast.doctor.save()
    with pytest.raises(InputError) as caught:
        service.accept_case(cast["expert"], case)
    assert codes(caught) == ["conflict"]
    case = service.decline_case(cast["expert"], case, "与企业有合作")
    assert case.status == "triaged" and case.expert is None and "合作" not in said(case)


def test_only_the_proposed_expert_answers_and_who_declined_is_not_asked_again(cast: Cast) -> None:
    case = service.propose_expert(cast["hospital_desk"], case_in(cast, "triaged"), cast.doctor)
    with pytest.raises(PermissionDenied):
        service.accept_case(cast["colleague"], case)
    case = service.decline_case(cast["expert"], case, "出差")
    barred = {one.expert: one.barred for one in candidates(case)}
    assert barred[cast.doctor] and not barred[cast.colleague]
    with pytest.raises(PermissionDenied):
        service.accept_case(cast["expert"], case)


def test_a_case_is_handed_over_with_a_note_for_doctors(cast: Cast) -> None:
    case = case_in(cast, "treating")
    with pytest.raises(InputError) as caught:
        service.hand_over(cast["hospital_manager"], case, cast.doctor, "")
    assert codes(caught) == ["no_note", "no_expert"]
    case = service.hand_over(cast["hospital_manager"], case, cast.colleague, "已换固色剂，等复测")
    assert case.expert == cast.colleague and Message.objects.get(case=case).doctors_only
    with pytest.raises(PermissionDenied):
        service.ask_firm(cast["expert"], case, "?")


def test_a_duty_report_tells_the_firm_and_starts_the_term_of_the_producer(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to("2026-09-30T09:00+08:00", tick=False)
    case = case_in(cast, "triaged", duty_report=True)
    made = service.report_duty(cast["hospital_desk"], case, "life", "充电器有触电危险，已在售。")
    assert str(made.due_on) == "2026-10-09" and made.firm_told_on == TODAY()
    message = Message.objects.get(case=case)
    assert made.statement in message.words and not message.doctors_only
    assert not flagged(Case.objects.get(pk=case.pk)) and "触电" not in said(made)
    with pytest.raises(InputError):
        service.report_duty(cast["hospital_desk"], case, "life", "再报一次")
    with pytest.raises(InputError):
        service.note_own_report(cast["enterprise"], made, TODAY() + timedelta(days=1))
    assert service.note_own_report(cast["enterprise"], made, TODAY()).firm_reported_on == TODAY()


@pytest.mark.parametrize("state", ["draft", "registered", "treating", "waiting_firm", "suspended"])
def test_a_firm_withdraws_at_any_time(cast: Cast, state: str) -> None:
    case = service.withdraw_case(cast["enterprise"], case_in(cast, state), "自己解决了")
    assert case.status == "withdrawn" and case.ended_on == TODAY() and "解决" not in said(case)
    assert not case.pauses.filter(until=None).exists()


def test_the_case_of_a_deregistered_firm_is_closed_by_the_sweep(cast: Cast) -> None:
    case, other = case_in(cast, "following"), case_in(cast, "treating", enterprise=cast.other_firm)
    cast.firm.closed_on = TODAY()
    cast.firm.save()
    assert sweep_ceased(timezone.now()) == 1 and sweep_ceased(timezone.now()) == 0
    case.refresh_from_db()
    other.refresh_from_db()
    assert case.status == "deregistered" and other.status == "treating"
    assert not case.follow_ups.filter(status="planned").exists()


@pytest.mark.parametrize(("days", "opens"), [(180, True), (181, False)])
def test_what_comes_back_within_the_term_reopens_the_case(cast: Cast, days: int, opens: bool) -> None:
    case = case_in(cast, "closed", cured_on=TODAY() - timedelta(days=days))
    if not opens:
        with pytest.raises(InputError) as caught:
            service.reopen_case(cast["enterprise"], case, "又来了")
        assert codes(caught) == ["recurs_late"]
        return
    case = service.reopen_case(cast["enterprise"], case, "又来了")
    assert (case.status, case.reopened, case.ended_on, case.loops) == ("reopened", 1, None, 0)


def test_cases_are_linked_and_a_link_has_its_rules(cast: Cast) -> None:
    case, supplier = case_in(cast, "examining"), case_in(cast, enterprise=cast.other_firm)
    service.link_cases(cast["hospital_desk"], case, supplier, "supplier")
    for other, kind in ((supplier, "supplier"), (supplier, "recurrence"), (case, "same_cause")):
        with pytest.raises(InputError):
            service.link_cases(cast["hospital_desk"], case, other, kind)


def test_the_manager_keeps_departments_and_experts(cast: Cast) -> None:
    made = service.save_department(
        cast["hospital_manager"], None, code="toys", name_zh="玩具科", industries=["24"], words="玩具"
    )
    assert made.industries == ["24"]
    with pytest.raises(InputError) as caught:
        service.save_department(cast["hospital_manager"], None, code="toys", name_zh="", industries=["x"])
    assert sorted(codes(caught)) == ["bad_industry", "no_name_zh", "repeated"]
    with pytest.raises(InputError) as caught:
        service.save_expert(cast["hospital_manager"], None, person=cast["inspector"], departments=[made], field_zh="玩具",
                            organisation=cast.doctor.organisation)  # fmt: skip
    assert codes(caught) == ["enforces"]
    with pytest.raises(PermissionDenied):
        service.save_department(cast["hospital_desk"], made, name_zh="别的")
    with pytest.raises(PermissionDenied):
        service.set_absence(cast["colleague"], cast.doctor, TODAY())
    service.set_absence(cast["expert"], cast.doctor, TODAY(), TODAY())
    cast.doctor.refresh_from_db()
    assert not experts.free_today(cast.doctor)


def test_what_is_open_in_a_case_ends_with_it(cast: Cast) -> None:
    case = case_in(cast, "panel")
    order = case.examinations.create(
        number="JC9", laboratory=cast.laboratory, ordered_by=cast.doctor, product_name="连衣裙", status="accepted"
    )
    asked = case.second_opinions.create(diagnosis=diagnosis_of(cast, case), ground="不同意")
    service.withdraw_case(cast["enterprise"], case, "自己解决了")
    for row, state in ((order, "cancelled"), (case.panels.get(), "cancelled"), (asked, "withdrawn")):
        row.refresh_from_db()
        assert row.status == state
