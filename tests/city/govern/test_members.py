"""Members: applied, admitted, joined, suspended, removed by vote; committees; pledges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.govern.cast import Cast, body, member, motion_in, pact_in, pledge_in
from tests.city.govern.refusals import refused
from tests.city.supervise.cast import person

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.govern import service
from qualipolis.city.govern.members import joining
from qualipolis.city.govern.models import Member, PactSignature, Seat


def test_a_firm_applies_is_admitted_and_joins_by_accepting_the_statutes(cast: Cast) -> None:
    firm = Organisation.objects.get(code=cast.other_firm.credit_code)
    made = service.apply_for_membership(cast["other_enterprise"], firm, "enterprise", "愿意参加联合自查")
    assert (made.status, made.enterprise) == ("applied", cast.other_firm)
    row = service.approve_member(cast["secretary"], made, "联字〔2026〕3号", votes=2)
    assert refused(lambda: service.join(cast["other_enterprise"], row, False)) == {"no_statutes"}
    row = service.join(cast["other_enterprise"], row, True)
    assert (row.status, row.votes, row.joined_on) == ("active", 2, timezone.localdate())
    assert Event.objects.filter(verb="federation.join").count() == 1


def test_an_organisation_is_a_member_once_and_says_what_it_is(cast: Cast) -> None:
    own = cast.firm_member.organisation
    assert refused(lambda: service.apply_for_membership(cast["enterprise"], own, "association", "x")) == {
        "other_kind",
        "member_already",
    }


def test_no_agency_becomes_a_member(cast: Cast) -> None:
    for kind in ("bureau", "branch", "town", "department", "institution"):
        one = body(f"AG-{kind}", kind, "机关")
        somebody = person(f"a-{kind}", "member", one)
        assert "agency" in refused(
            lambda one=one, who=somebody: service.apply_for_membership(who, one, "association", "x")
        )
        made = member(one, status="applied")
        assert refused(lambda row=made: service.approve_member(cast["secretary"], row, "1号")) == {"agency"}


def test_a_member_under_penalty_is_not_admitted_and_not_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "open_penalties", lambda firm: 1 if firm else 0)
    one = Organisation.objects.get(code=cast.other_firm.credit_code)
    row = member(one, "enterprise", "applied", enterprise=cast.other_firm)
    assert refused(lambda: service.approve_member(cast["secretary"], row, "1号")) == {"open_penalties"}
    service.suspend_member(cast["secretary"], cast.firm_member, "有未了结的处罚", "2号")
    assert refused(lambda: service.resume_member(cast["secretary"], cast.firm_member, "x")) == {"open_penalties"}


def test_a_suspended_member_loses_the_chair_and_a_removed_one_its_seats_and_signatures(cast: Cast) -> None:
    pact = pact_in(cast, "monitored", [cast.association])
    row = service.suspend_member(cast["secretary"], cast.association, "多次违约", "5号")
    assert not Seat.objects.get(member=row, until=None).chair
    assert refused(lambda: service.remove_member(cast["secretary"], row, "x", "6号")) == {"no_vote"}
    other = motion_in(cast, "carried", subject="member", about=cast.firm_member)
    assert refused(lambda: service.remove_member(cast["secretary"], row, "x", "6号", other)) == {"no_vote"}
    carried = motion_in(cast, "carried", subject="member", about=row)
    assert service.remove_member(cast["secretary"], row, "x", "6号", carried).status == "removed"
    assert not Seat.objects.filter(member=row, until=None).exists()
    assert PactSignature.objects.get(pact=pact, member=row).ended_why == "removed"


def test_nobody_leaves_or_joins_for_another(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        service.leave(cast["member"], cast.consumer)
    assert service.leave(cast["consumer"], cast.consumer).status == "left"
    assert Member.objects.get(pk=cast.consumer.pk).ended_on == timezone.localdate()


@pytest.mark.parametrize("role", ["leader", "planner", "department", "inspector", "town_officer", "complaint_desk", "auditor", "admin"])  # fmt: skip
def test_no_agency_takes_a_verb_of_decision(cast: Cast, role: str) -> None:
    row = member(Organisation.objects.get(code=cast.other_firm.credit_code), "enterprise", "applied")
    calls = (
        lambda: service.approve_member(cast[role], row, "1号"),
        lambda: service.clear_pact(cast[role], pact_in(cast, "checking")),
        lambda: service.publish_pledge(cast[role], pledge_in(cast, "handed_in")),
        lambda: service.open_vote(cast[role], motion_in(cast)),
    )
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()


def test_one_takes_the_chair_of_a_committee_at_a_time(cast: Cast) -> None:
    service.seat_member(cast["secretary"], cast.committee, cast.firm_member, chair=True)
    assert [one.member for one in Seat.objects.filter(committee=cast.committee, until=None, chair=True)] == [
        cast.firm_member
    ]
    seat = Seat.objects.get(member=cast.firm_member)
    assert service.end_seat(cast["secretary"], cast.committee, seat).until == timezone.localdate()


def test_a_pledge_is_published_in_plain_words_and_heard_before_it_is_found_broken(cast: Cast) -> None:
    made = service.write_pledge(
        cast["enterprise"], cast.firm, "本市第一品牌，七日退货。", timezone.localdate() + timedelta(90)
    )
    made = service.hand_in_pledge(cast["enterprise"], made)
    assert refused(lambda: service.publish_pledge(cast["secretary"], made)) == {"endorsement"}
    made = service.return_pledge(cast["secretary"], made, "请用平实的文字")
    made = service.edit_pledge(cast["enterprise"], made, "七日内退货。", made.valid_to)
    row = service.publish_pledge(cast["secretary"], service.hand_in_pledge(cast["enterprise"], made))
    row = service.doubt_pledge(cast["secretary"], row, "两名消费者称被拒")
    assert refused(lambda: service.break_pledge(cast["secretary"], row, "x", cast["secretary2"])) == {"not_heard"}
    service.answer_doubt(cast["enterprise"], row, "已退款")
    assert refused(lambda: service.break_pledge(cast["secretary"], row, "x", cast["secretary"])) == {"one_person"}
    assert refused(lambda: service.break_pledge(cast["secretary"], row, "x", cast["planner"])) == {"no_second"}
    assert service.break_pledge(cast["secretary"], row, "仍未退款", cast["secretary2"]).status == "broken"
