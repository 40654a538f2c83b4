"""A report from receipt to its end: every step of the table, who may take it, its terms and its documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, FACTS, OLD_ORDER, Cast, complaint_in, report_in

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Document, Report
from qualipolis.city.listen.reports.queries import earlier
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError


def codes(raised: Any) -> set[str]:
    return {problem.code for problem in raised.value.problems}


def test_it_is_taken_once_and_entered_in_the_register(cast: Cast) -> None:
    row = service.take_report(cast["complaint_desk"], report_in(cast))
    service.take_report(cast["complaint_desk"], row)
    assert row.officer == cast["complaint_desk"]
    entry = Document.objects.get(report=row, code="report_register")
    assert CONSUMER["name"] not in str(entry.content) and "举登" in entry.number
    with pytest.raises(InputError) as raised:
        service.take_report(cast["second_desk"], row)
    assert codes(raised) == {"taken"}


def test_it_is_handed_over_by_its_officer_alone(cast: Cast) -> None:
    row = report_in(cast, "checking")
    with pytest.raises(InputError):
        service.hand_over_report(cast["second_desk"], row, cast["second_desk"])
    with pytest.raises(InputError):
        service.hand_over_report(cast["complaint_desk"], row, cast["desk_elsewhere"])
    assert service.hand_over_report(cast["complaint_desk"], row, cast["desk_of_town"]).officer == cast["desk_of_town"]


def test_it_is_seen_by_its_inspector_once_given(cast: Cast) -> None:
    row = report_in(cast)
    assert not visible(cast["inspector"], Report.objects.all()).exists()
    service.assign_inspector(cast["complaint_desk"], row, cast["inspector"])
    assert visible(cast["inspector"], Report.objects.all()).get() == row
    assert not visible(cast["inspector2"], Report.objects.all()).exists()
    with pytest.raises(InputError):
        service.assign_inspector(cast["complaint_desk"], row, cast["inspector_elsewhere"])


@pytest.mark.parametrize("received", [OLD_ORDER, date(2026, 11, 2)])
def test_it_is_checked_within_the_term_from_the_day_of_receipt(cast: Cast, received: date) -> None:
    row = service.begin_check(cast["complaint_desk"], report_in(cast, received_on=received))
    assert (row.status, row.due_on) == ("checking", deadline("report.check", received).due)
    assert row.officer == cast["complaint_desk"]


def test_it_is_extended_from_the_end_of_the_term_with_a_second_person(cast: Cast) -> None:
    first = timezone.localdate() + timedelta(days=3)
    row = report_in(cast, "checking", due_on=first)
    with pytest.raises(InputError):
        service.extend_check(cast["complaint_desk"], row, "情况复杂", cast["complaint_desk"])
    with pytest.raises(InputError) as raised:
        service.extend_check(cast["complaint_desk"], row, " ", None)
    assert codes(raised) == {"no_reason", "no_second"}
    row = service.extend_check(cast["complaint_desk"], row, "情况复杂", cast["second_desk"])
    assert row.due_on == deadline("report.extension", first, in_force=row.received_on).due and row.status == "extended"
    with pytest.raises(InputError):
        service.extend_check(cast["complaint_desk"], row, "再延", cast["second_desk"])


def test_it_opens_a_case_and_tells_the_named_informant(cast: Cast) -> None:
    row = service.file_report(cast["complaint_desk"], report_in(cast, "checking"), "示市监立〔2026〕7号", "有违法事实")
    assert (
        row.due_on == deadline("report.informed", timezone.localdate()).due and row.decided_on == timezone.localdate()
    )
    row = service.inform_informant(cast["complaint_desk"], row, "您反映的线索已立案。")
    paper = Document.objects.get(report=row, code="report_result")
    assert row.status == "informed" and CONSUMER["name"] not in str(paper.content)
    assert service.close_report(cast["complaint_desk"], row).status == "closed"


def test_it_closes_an_anonymous_report_and_tells_nobody(cast: Cast) -> None:
    row = report_in(cast, "not_filed", identity=None)
    with pytest.raises(InputError) as raised:
        service.inform_informant(cast["complaint_desk"], row, "已办结。")
    assert codes(raised) == {"anonymous"} and not Document.objects.exists()
    assert service.close_report(cast["complaint_desk"], row).status == "closed"


def test_it_is_not_closed_before_a_named_informant_was_told(cast: Cast) -> None:
    with pytest.raises(InputError) as raised:
        service.close_report(cast["complaint_desk"], report_in(cast, "filed"))
    assert codes(raised) == {"not_told"}


def test_it_opens_no_case_with_a_ground(cast: Cast) -> None:
    row = report_in(cast, "checking", inspector=cast["inspector"])
    with pytest.raises(InputError) as raised:
        service.not_file_report(cast["inspector"], row, "because", "没有依据")
    assert codes(raised) == {"unknown_ground"}
    row = service.not_file_report(cast["inspector"], row, "no_facts", "经核查没有发现违法事实")
    assert (row.status, row.reason_code) == ("not_filed", "no_facts")
    assert "经核查" not in Event.objects.get(verb="listen.not_file_report").payload


def test_it_is_passed_on_with_a_document(cast: Cast) -> None:
    row = service.transfer_report(
        cast["complaint_desk"], report_in(cast), "乙市市场监管局", "违法行为发生在乙市", "已移送。"
    )
    assert row.status == "transferred" and row.documents.get().code == "transfer"


def test_it_is_joined_with_an_earlier_report_of_the_same_firm(cast: Cast) -> None:
    first, second = report_in(cast, "checking"), report_in(cast)
    other = report_in(cast, enterprise=cast.other_firm, respondent_name=cast.other_firm.name_zh)
    assert list(earlier(cast["complaint_desk"], second)) == [first]
    for wrong in (other, second):
        with pytest.raises(InputError):
            service.merge_report(cast["complaint_desk"], second, wrong, "同一事实")
    with pytest.raises(InputError) as raised:
        service.merge_report(cast["complaint_desk"], first, second, "同一事实")
    assert "later" in codes(raised)
    assert service.merge_report(cast["complaint_desk"], second, first, "同一事实").merged_into == first


def test_it_is_checked_again_on_new_facts(cast: Cast) -> None:
    row = service.reopen_report(cast["complaint_desk"], report_in(cast, "closed"), "有新的证据")
    assert row.status == "checking" and row.due_on == deadline("report.check", timezone.localdate()).due
    assert row.reason_code == "" and row.decided_on is None


@pytest.mark.parametrize("role", ["enterprise", "planner", "leader", "department", "auditor", "mediator", "desk_elsewhere",
                                  "inspector", "hospital_desk", "laboratory"])  # fmt: skip
def test_it_is_handled_and_seen_by_nobody_else(cast: Cast, role: str) -> None:
    row = report_in(cast, "checking")
    assert not visible(cast[role], Report.objects.all()).exists()
    with pytest.raises(PermissionDenied):
        service.file_report(cast[role], row, "号", "因")


def test_it_notes_a_clue_found_in_mediation_as_a_report_of_its_own(cast: Cast) -> None:
    complaint = complaint_in(cast, "entrusted")
    row = service.note_clue(cast["mediator"], complaint, f"{FACTS}找{CONSUMER['name']}{CONSUMER['phone']}")
    assert (
        row.complaint == complaint
        and row.letter is None
        and row.due_on == deadline("complaint.clue_check", row.received_on).due
    )
    assert CONSUMER["name"] not in row.facts and CONSUMER["phone"] not in row.facts
    with pytest.raises(InputError):
        service.note_clue(cast["complaint_desk"], complaint_in(cast, "received"), "线索")
