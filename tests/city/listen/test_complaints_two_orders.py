"""A complaint of the last day of Order 20 and one of the first day of Order 121, through all the ways they can take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.city.listen.cast import PUBLIC, Cast
from tests.city.listen.walked import (
    FIRST_OF_121,
    LAST_OF_20,
    WHY,
    accepted,
    again,
    agree_to_test,
    ended,
    go_to,
    mediating,
    prove_identity,
    received,
    serve_all,
)

from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.clocks import clocks
from qualipolis.city.listen.complaints.pauses import days_left, open_pause, term_of
from qualipolis.city.listen.complaints.suggestions import suggested
from qualipolis.city.listen.models import Complaint
from qualipolis.methods.problems import InputError

BOTH = pytest.mark.parametrize("day", [LAST_OF_20, FIRST_OF_121], ids=["order_20", "order_121"])


def codes(error: Any) -> set[str]:
    return {problem.code for problem in error.value.problems}


def states(row: Complaint, today: date) -> dict[str, str]:
    return {one.rule: one.state(today) for one in clocks(row, today)}


@pytest.mark.parametrize(
    ("day", "until", "lasts"),
    [(LAST_OF_20, "2026-04-23", "2026-06-26"), (FIRST_OF_121, "2026-04-24", "2026-06-22")],
)
def test_it_is_accepted_within_seven_working_days_and_mediated_within_the_term_of_its_order(
    cast: Cast, time_machine: Any, day: date, until: str, lasts: str
) -> None:
    """45 working days over Labour Day and the Dragon Boat Festival, or 60 calendar days of which the last is a holiday."""
    today = go_to(time_machine, "2026-04-21" if day == LAST_OF_20 else "2026-04-20")
    row = received(cast, day)
    assert row.due_on == date.fromisoformat(until)
    row = accepted(cast, row)
    assert row.due_on == date.fromisoformat(lasts) and row.accepted_on == today
    paper = row.documents.get(code="acceptance")
    assert paper.content["facts"]["until"] == lasts and paper.content["order"] in paper.content["text_en"]
    assert states(again(row), today) == {"complaint.acceptance": "kept", "complaint.mediation": "running"}


def test_an_acceptance_after_the_term_is_late_and_one_still_open_is_overdue(cast: Cast, time_machine: Any) -> None:
    row = received(cast, LAST_OF_20)
    assert states(row, date(2026, 4, 23)) == {"complaint.acceptance": "running"}
    today = go_to(time_machine, "2026-04-24")
    assert states(row, today) == {"complaint.acceptance": "overdue"}
    assert states(accepted(cast, row), today)["complaint.acceptance"] == "late"


def test_order_20_accepts_with_name_and_telephone_and_order_121_asks_for_proof(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-20")
    assert accepted(cast, received(cast, LAST_OF_20, proved=False)).status == "accepted"
    with pytest.raises(InputError) as error:
        accepted(cast, received(cast, FIRST_OF_121, proved=False))
    assert codes(error) == {"no_identity"}


def test_identity_is_asked_for_only_where_the_order_wants_it(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-16")
    desk = cast["complaint_desk"]
    for row in (received(cast, LAST_OF_20, proved=False), received(cast, FIRST_OF_121)):
        with pytest.raises(InputError) as error:
            service.request_identity(desk, row, WHY, *suggested("identity", row, reason=WHY))
        assert codes(error) == {"identity_complete"} and not row.documents.exists()


def test_identity_given_in_its_term_begins_the_term_of_acceptance_anew(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-16")
    row = received(cast, FIRST_OF_121, proved=False)
    row = service.request_identity(cast["complaint_desk"], row, WHY, *suggested("identity", row, reason=WHY))
    assert row.due_on == date(2026, 4, 23) and row.documents.exclude(code="complaint_register").get().code == "identity"
    with pytest.raises(InputError) as error:
        service.give_identity(cast["complaint_desk"], row)
    assert codes(error) == {"no_identity"}
    today = go_to(time_machine, "2026-04-22")
    prove_identity(row)
    row = service.give_identity(cast["complaint_desk"], again(row))
    assert (row.status, row.due_on) == ("received", date(2026, 5, 6))
    assert [one.state(today) for one in clocks(row, today)] == ["kept", "kept", "running"]


def test_identity_not_given_is_a_ground_of_order_121_once_its_term_is_over(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-16")
    desk = cast["complaint_desk"]
    row = received(cast, FIRST_OF_121, proved=False)
    row = service.request_identity(desk, row, WHY, *suggested("identity", row, reason=WHY))
    words = suggested("refusal", row, reason_code="identity", reason=WHY)
    go_to(time_machine, "2026-04-23")
    with pytest.raises(InputError) as error:
        service.refuse_complaint(desk, row, "identity", WHY, *words)
    assert codes(error) == {"term_running"} and again(row).status == "identity_requested"
    go_to(time_machine, "2026-04-24")
    row = service.refuse_complaint(desk, row, "identity", WHY, *words)
    paper = row.documents.get(code="refusal")
    assert row.status == "refused" and len(paper.content["other_ways"]) == 5


def test_a_ground_that_only_order_121_knows_refuses_no_complaint_of_order_20(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-04-20")
    row = received(cast, LAST_OF_20)
    with pytest.raises(InputError) as error:
        service.refuse_complaint(cast["complaint_desk"], row, "identity", WHY, WHY)
    assert codes(error) == {"ground_of_later_order"}
    assert again(row).status == "received" and not row.documents.exists()


@BOTH
@pytest.mark.parametrize("ground", ["out_of_power", "elsewhere", "no_dispute", "three_years", "materials", "other"])
def test_every_ground_both_orders_know_refuses_and_a_review_takes_it_up_again(
    cast: Cast, time_machine: Any, day: date, ground: str
) -> None:
    go_to(time_machine, "2026-04-20")
    desk, row = cast["complaint_desk"], received(cast, day)
    zh, en = suggested("refusal", row, reason_code=ground, reason=WHY)
    row = service.refuse_complaint(desk, row, ground, WHY, zh, en)
    assert (
        row.status == "refused"
        and row.due_on is None
        and row.documents.exclude(code="complaint_register").get().content["other_ways"]
    )
    row = service.reopen_complaint(desk, row, "复议〔2026〕1号", WHY)
    assert (row.status, row.reason_code, row.due_on) == ("received", "", date(2026, 4, 29))


def test_the_pause_of_order_20_gives_back_working_days_over_labour_day(cast: Cast, time_machine: Any) -> None:
    day = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, LAST_OF_20)), day)
    assert row.due_on == date(2026, 6, 25) and days_left(row, date(2026, 4, 21)) == 45
    go_to(time_machine, "2026-04-29")
    agree_to_test(cast, row)
    assert service.pause_mediation(cast["complaint_desk"], again(row)).left_days == 39  # 21 to 24, 27 and 28 April used
    assert again(row).due_on is None and days_left(again(row)) == 39
    today = go_to(time_machine, "2026-05-06")
    row = service.resume_mediation(cast["complaint_desk"], again(row), "合格")
    assert (row.status, row.due_on, days_left(row, today)) == ("mediating", date(2026, 6, 29), 39)
    assert open_pause(row) is None and row.complainant_agrees is None


def test_the_pause_of_order_121_gives_back_calendar_days(cast: Cast, time_machine: Any) -> None:
    day = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, FIRST_OF_121)), day)
    go_to(time_machine, "2026-04-29")
    agree_to_test(cast, row)
    assert service.pause_mediation(cast["complaint_desk"], again(row)).left_days == 52  # 21 to 28 April used
    today = go_to(time_machine, "2026-05-10")
    row = service.resume_mediation(cast["complaint_desk"], again(row))
    assert row.due_on == date(2026, 6, 30) and days_left(row, today) == 52
    clock = next(one for one in clocks(row, today) if one.rule == "complaint.mediation")
    assert clock.due == row.due_on and clock.state(today) == "running"


def test_two_pauses_and_one_of_a_single_day_count_as_they_should(cast: Cast, time_machine: Any) -> None:
    day = go_to(time_machine, "2026-04-20")
    desk, row = cast["complaint_desk"], mediating(cast, accepted(cast, received(cast, FIRST_OF_121)), day)
    for first, last in (("2026-04-29", "2026-05-10"), ("2026-06-01", "2026-06-01"), ("2026-06-02", "2026-06-05")):
        go_to(time_machine, first)
        agree_to_test(cast, again(row))
        service.pause_mediation(desk, again(row))
        go_to(time_machine, last)
        row = service.resume_mediation(desk, again(row))
    assert row.due_on == date(2026, 7, 3)
    assert [one.due for one in clocks(row) if one.rule == "complaint.mediation"] == [row.due_on]


def test_a_pause_in_the_last_hours_lets_the_term_end_no_earlier_than_mediation_goes_on(
    cast: Cast, time_machine: Any
) -> None:
    day = go_to(time_machine, "2026-04-20")
    desk, row = cast["complaint_desk"], mediating(cast, accepted(cast, received(cast, FIRST_OF_121)), day)
    go_to(time_machine, "2026-06-22")  # day 60 was a holiday, today is the working day after it
    agree_to_test(cast, row)
    service.pause_mediation(desk, again(row))
    today = go_to(time_machine, "2026-07-04")  # a Saturday
    row = service.resume_mediation(desk, again(row))
    assert row.due_on == date(2026, 7, 6) and states(row, today)["complaint.mediation"] == "running"


@BOTH
def test_a_pause_after_the_term_does_not_bring_it_back(cast: Cast, time_machine: Any, day: date) -> None:
    start = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, day)), start)
    due = row.due_on
    go_to(time_machine, "2026-07-01")
    agree_to_test(cast, row)
    assert service.pause_mediation(cast["complaint_desk"], again(row)).left_days < 0
    today = go_to(time_machine, "2026-08-03")
    row = service.resume_mediation(cast["complaint_desk"], again(row))
    assert row.due_on == due and states(row, today)["complaint.mediation"] == "overdue"


@BOTH
def test_the_clock_stops_only_for_a_test_that_both_want(cast: Cast, time_machine: Any, day: date) -> None:
    start = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, day)), start)
    desk = cast["complaint_desk"]
    service.propose_test(desk, row, "甲检测所", "商家")
    service.answer_test(cast["enterprise"], row, "respondent", True)
    with pytest.raises(InputError) as error:
        service.pause_mediation(desk, row)
    assert codes(error) == {"no_agreement_to_test"} and again(row).status == "mediating"
    with pytest.raises(InputError) as error:
        service.answer_test(cast["enterprise"], row, "complainant", True)
    assert codes(error) == {"other_party"}


@pytest.mark.parametrize(
    ("day", "last", "after"), [(LAST_OF_20, "2026-06-25", "2026-06-26"), (FIRST_OF_121, "2026-06-22", "2026-06-23")]
)
def test_the_term_is_a_ground_of_ending_only_when_it_is_over(
    cast: Cast, time_machine: Any, day: date, last: str, after: str
) -> None:
    start = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, day)), start)
    go_to(time_machine, last)
    with pytest.raises(InputError) as error:
        ended(cast, row, "out_of_time")
    assert codes(error) == {"term_running"}
    today = go_to(time_machine, after)
    term = term_of(row, today)
    assert term is not None and states(row, today)["complaint.mediation"] == "overdue"
    row = ended(cast, row, "out_of_time")
    assert row.status == "ended" and states(row, today)["complaint.mediation"] == "late"


@BOTH
@pytest.mark.parametrize(
    ("state", "ground"),
    [
        ("accepted", "settled"),
        ("mediating", "absent"),
        ("entrusted", "no_agreement"),
        ("mediating", "test_fee"),
        ("paused", "found_later"),
        ("accepted", "ceased"),
        ("paused", "other"),
    ],
)
def test_every_ground_ends_a_mediation_in_every_state_and_the_parties_are_told_in_seven_working_days(
    cast: Cast, time_machine: Any, day: date, state: str, ground: str
) -> None:
    today = go_to(time_machine, "2026-04-27")
    row = accepted(cast, received(cast, day))
    if state != "accepted":
        row = mediating(cast, row, today)
    if state == "entrusted":
        row = service.entrust(cast["complaint_desk"], row, cast.federation, WHY)
    if state == "paused":
        agree_to_test(cast, row)
        service.pause_mediation(cast["complaint_desk"], again(row))
    row = ended(cast, row, ground)
    assert (row.status, row.due_on, open_pause(row)) == ("ended", date(2026, 5, 9), None)  # 9 May is a working Saturday
    paper = row.documents.get(code="ending")
    assert paper.content["facts"]["ground"] == ground and paper.content["other_ways"]


@BOTH
def test_it_is_closed_only_when_both_were_told_and_a_late_notice_shows(
    cast: Cast, time_machine: Any, day: date
) -> None:
    start = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, day)), start)
    row = ended(cast, row)
    with pytest.raises(InputError) as error:
        service.close_complaint(cast["complaint_desk"], row)
    assert "2" in error.value.problems[0].text() and again(row).status == "ended"
    today = go_to(time_machine, "2026-05-12")
    assert states(row, today)["complaint.end_notice"] == "overdue"
    serve_all(cast, row.documents.get(code="ending"))
    row = service.close_complaint(cast["complaint_desk"], row)
    assert row.status == "closed" and states(row, today)["complaint.end_notice"] == "late"


@BOTH
def test_a_dispute_over_competence_has_seven_working_days_and_then_acceptance_begins_anew(
    cast: Cast, time_machine: Any, day: date
) -> None:
    go_to(time_machine, "2026-04-20")
    desk, row = cast["complaint_desk"], received(cast, day)
    row = service.dispute_competence(desk, row, "乙市市场监管局", WHY)
    assert row.due_on == date(2026, 4, 29)
    today = go_to(time_machine, "2026-04-30")
    assert states(row, today)["complaint.jurisdiction"] == "overdue"
    row = service.settle_competence(desk, row, WHY)
    assert (row.status, row.due_on) == ("received", date(2026, 5, 13))  # Labour Day, then a working Saturday
    assert [one.state(today) for one in clocks(row, today)] == ["kept", "late", "running"]


@BOTH
@pytest.mark.parametrize("state", ["received", "accepted", "mediating", "paused"])
def test_a_complaint_is_withdrawn_at_any_time_before_its_end(
    cast: Cast, time_machine: Any, day: date, state: str
) -> None:
    today = go_to(time_machine, "2026-04-20")
    row = received(cast, day)
    if state != "received":
        row = accepted(cast, row)
    if state in ("mediating", "paused"):
        row = mediating(cast, row, today)
    if state == "paused":
        agree_to_test(cast, row)
        service.pause_mediation(cast["complaint_desk"], again(row))
    row = service.withdraw_complaint(PUBLIC, again(row), WHY)
    assert (row.status, row.due_on, open_pause(row)) == ("withdrawn", None, None)
    assert "given_up" in states(row, today).values()


@BOTH
def test_entrusting_and_giving_back_change_nothing_about_the_term(cast: Cast, time_machine: Any, day: date) -> None:
    today = go_to(time_machine, "2026-04-20")
    row = mediating(cast, accepted(cast, received(cast, day)), today)
    due = row.due_on
    go_to(time_machine, "2026-05-12")
    row = service.entrust(cast["complaint_desk"], row, cast.federation, WHY)
    assert row.due_on == due
    agree_to_test(cast, row)
    service.pause_mediation(cast["mediator"], again(row))
    today = go_to(time_machine, "2026-05-14")
    row = service.resume_mediation(cast["mediator"], again(row))
    assert row.status == "entrusted" and row.due_on is not None and row.due_on >= due
    row = service.hand_back(cast["mediator"], row, WHY)
    assert [one.due for one in clocks(row, today) if one.rule == "complaint.mediation"] == [row.due_on]


@BOTH
def test_an_agreement_is_told_in_seven_working_days_too(cast: Cast, time_machine: Any, day: date) -> None:
    today = go_to(time_machine, "2026-04-29")
    row = mediating(cast, accepted(cast, received(cast, day)), today)
    desk = cast["complaint_desk"]
    service.write_agreement(desk, row, "退款三百元")
    service.sign_agreement(PUBLIC, row, "complainant")
    service.sign_agreement(cast["enterprise"], row, "respondent")
    row = service.agree(desk, again(row), *suggested("agreement", again(row)))
    assert row.due_on == date(2026, 5, 12)
    go_to(time_machine, "2026-05-12")
    serve_all(cast, row.documents.get(code="agreement"))
    row = service.close_complaint(desk, row)
    assert states(row, date(2026, 5, 12))["complaint.end_notice"] == "kept"
