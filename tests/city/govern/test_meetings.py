"""Meetings and votes: quorum, kinds of members, who is concerned stands aside, notes confirmed by the chair; joint tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.govern.cast import Cast, meeting_in, motion_in, pact_in, task_in
from tests.city.govern.refusals import refused

from qualipolis.city.core.policy import visible
from qualipolis.city.govern import service
from qualipolis.city.govern.mediation import entrusted
from qualipolis.city.govern.models import FederationMeeting, JointTask, Resolution, Vote
from qualipolis.law.calendar import add_days

SOON = {"title": "会议", "place": "会议室", "agenda": "一、表决。"}


def voted(cast: Cast, row: Resolution, **choices: str) -> Resolution:
    who = {
        "association": "member",
        "other_association": "other_member",
        "consumer": "consumer",
        "firm_member": "enterprise",
    }
    for name, choice in choices.items():
        service.cast_vote(cast[who[name]], row, getattr(cast, name), choice)
    return service.count_vote(cast["secretary"], row)


def test_a_meeting_is_invited_to_in_time_opened_with_a_quorum_and_its_notes_confirmed_by_the_chair(cast: Cast) -> None:
    today = timezone.localdate()
    row = service.plan_meeting(cast["secretary"], meets_on=today + timedelta(1), chair=cast.association, **SOON)
    assert refused(lambda: service.invite(cast["secretary"], row)) == {"short_notice"}
    on = add_days(today, 5, "working").due
    row = service.plan_meeting(cast["secretary"], row, meets_on=on, chair=cast.association, **SOON)
    row = service.invite(cast["secretary"], row)
    assert row.attendance.count() == 4 and visible(cast["consumer"], FederationMeeting.objects.all()).count() == 1
    FederationMeeting.objects.filter(pk=row.pk).update(meets_on=today)
    service.note_attendance(cast["secretary"], row, [cast.association, cast.other_association])
    assert refused(lambda: service.open_meeting(cast["secretary"], row)) == {"no_quorum"}
    service.note_attendance(cast["secretary"], row, cast.members)
    assert refused(lambda: service.adjourn(cast["secretary"], row)) == {"quorum"}
    row = service.minute(cast["secretary"], service.open_meeting(cast["secretary"], row), "会议通过了公约。")
    with pytest.raises(PermissionDenied):
        service.confirm_notes(cast["consumer"], row)
    row = service.return_notes(cast["member"], row, "缺少到会名单")
    row = service.confirm_notes(cast["member"], service.minute(cast["secretary"], row, "四家会员到会，通过公约。"))
    assert service.publish_notes(cast["secretary"], row).published_on == today


def test_without_a_quorum_nothing_is_decided(cast: Cast) -> None:
    row = meeting_in(cast, "invited", [cast.association])
    assert service.adjourn(cast["secretary"], row).status == "inquorate"
    assert refused(lambda: service.move_motion(cast["secretary"], row, title="x", text="y")) == {"over"}
    motion = motion_in(cast, meeting=meeting_in(cast, "invited"))
    assert refused(lambda: service.open_vote(cast["secretary"], motion)) == {"no_meeting_held"}


def test_a_vote_is_counted_by_kinds_of_members(cast: Cast) -> None:
    row = service.open_vote(cast["secretary"], motion_in(cast))
    service.cast_vote(cast["member"], row, cast.association, "yes")
    assert refused(lambda: service.count_vote(cast["secretary"], row)) == {"vote_open"}
    row = voted(cast, row, other_association="yes", consumer="no", firm_member="no")
    assert (row.status, row.result["all"]) == ("lost", {"yes": 2, "no": 2, "abstain": 0})
    row = voted(cast, service.open_vote(cast["secretary"], motion_in(cast)), association="yes", consumer="yes",
                firm_member="no", other_association="abstain")  # fmt: skip
    assert (row.status, row.result["by_kind"]["enterprise"]["no"]) == ("carried", 1)


def test_the_member_concerned_does_not_vote_and_a_chair_concerned_gives_the_chair_away(cast: Cast) -> None:
    row = service.move_motion(cast["secretary"], meeting_in(cast), title="取消资格", text="x", subject="member",
                              about=cast.association)  # fmt: skip
    assert row.majority == "special"
    assert refused(lambda: service.open_vote(cast["secretary"], row)) == {"chair_concerned"}
    service.change_chair(cast["secretary"], row.meeting, cast.consumer)
    row.refresh_from_db()
    row = service.open_vote(cast["secretary"], row)
    assert refused(lambda: service.cast_vote(cast["member"], row, cast.association, "no")) == {"concerned"}
    row = voted(cast, row, other_association="yes", consumer="yes", firm_member="no")
    assert (row.status, row.result["entitled"], row.result["aside"]) == ("carried", 3, 1)


def test_a_member_stands_aside_by_its_own_word_before_the_count(cast: Cast) -> None:
    row = service.open_vote(cast["secretary"], motion_in(cast, pact=pact_in(cast, "checking")))
    service.cast_vote(cast["enterprise"], row, cast.firm_member, "yes")
    with_reason = service.stand_aside(cast["enterprise"], row, cast.firm_member, "本公司起草了该条款")
    assert with_reason.late is False and Vote.objects.get(member=cast.firm_member).dropped_on
    assert refused(lambda: service.stand_aside(cast["member"], row, cast.consumer, "x")) == {"not_yours"}
    row = voted(cast, row, association="yes", other_association="abstain", consumer="yes")
    assert row.status == "carried" and row.result["all"]["yes"] == 2


def test_a_concern_found_late_drops_the_vote_and_counts_again_leaving_the_trail(cast: Cast) -> None:
    row = service.open_vote(cast["secretary"], motion_in(cast))
    row = voted(cast, row, association="no", other_association="abstain", consumer="yes", firm_member="yes")
    assert row.status == "carried"
    row = service.recount(cast["secretary"], row, cast.firm_member, "股东是该公约的受益方")
    row = service.count_vote(cast["secretary"], row)
    assert (row.status, row.result["all"], row.recusals.get().late) == ("lost", {"yes": 1, "no": 1, "abstain": 1}, True)
    assert row.votes.count() == 4
    assert refused(lambda: service.recount(cast["secretary"], row, cast.firm_member, "x")) == {"no_vote_cast"}


def test_nobody_votes_for_another_twice_or_from_outside(cast: Cast) -> None:
    there = [cast.association, cast.consumer, cast.firm_member]
    row = motion_in(cast, "voting", meeting=meeting_in(cast, there=there))
    service.cast_vote(cast["member"], row, cast.association, "yes")
    assert refused(lambda: service.cast_vote(cast["member"], row, cast.association, "no")) == {"voted"}
    assert refused(lambda: service.cast_vote(cast["member"], row, cast.consumer, "no")) == {"not_yours"}
    assert refused(lambda: service.cast_vote(cast["secretary"], row, cast.other_association, "no")) == {"absent"}
    with pytest.raises(PermissionDenied):
        service.cast_vote(cast["other_member"], row, cast.other_association, "no")
    with pytest.raises(PermissionDenied):
        service.cast_vote(cast["planner"], row, cast.association, "no")


def test_notes_wait_for_every_vote(cast: Cast) -> None:
    row = motion_in(cast, "voting")
    assert refused(lambda: service.minute(cast["secretary"], row.meeting, "纪要")) == {"open_votes"}
    service.withdraw_motion(cast["secretary"], row, "下次再议")
    assert service.minute(cast["secretary"], row.meeting, "纪要").status == "minuted"


def test_an_agency_proposes_a_task_and_gives_an_opinion_but_the_members_decide(cast: Cast) -> None:
    row = service.propose_task(cast["planner"], topic="电动自行车充电器联合自查", goal="查清在售型号")
    assert row.origin == "agency"
    until = timezone.localdate() + timedelta(60)
    with pytest.raises(PermissionDenied):
        service.offer_task(cast["planner"], row, cast.association, until)
    row = service.offer_task(cast["secretary"], row, cast.association, until, [cast.consumer])
    row = service.offer_task(
        cast["secretary"], service.decline_task(cast["member"], row, "人手不足"), cast.other_association, until
    )
    opinion = service.give_opinion(cast["planner"], row, "建议覆盖网店")
    assert JointTask.objects.get(pk=row.pk).status == "offered"
    assert service.answer_opinion(cast["secretary"], opinion, "采纳").answered_on == timezone.localdate()
    row = service.begin_task(cast["other_member"], row)
    assert row.due_on == until
    row = service.report_task(cast["other_member"], row, "查了十二家", firms_reached=12)
    assert row.products_checked is None
    assert service.accept_task(cast["secretary"], row).status == "done"
    assert visible(cast["admin"], JointTask.objects.filter(pk=row.pk)).exists()


def test_who_reports_a_task_does_not_accept_it_and_numbers_are_whole(cast: Cast) -> None:
    row = task_in(cast, "running")
    assert refused(lambda: service.report_task(cast["member"], row, "", firms_reached=-1)) == {
        "no_report",
        "bad_firms_reached",
    }
    row = service.report_task(cast["member"], row, "完成")
    row.reported_by = cast["secretary"]
    row.save()
    assert refused(lambda: service.accept_task(cast["secretary"], row)) == {"own_report"}


def test_the_list_of_entrusted_mediation_is_seen_by_the_federation_alone(cast: Cast) -> None:
    from tests.city.listen.cast import complaint_in

    mine = complaint_in(cast.city, "entrusted")
    complaint_in(cast.city, "entrusted", mediator=cast.city.association, mediator_person=cast["other_mediator"])
    assert list(entrusted(cast["secretary"])) == [mine] and list(entrusted(cast["mediator"], "now")) == [mine]
    assert [
        name for name in ("member", "enterprise", "planner", "other_mediator") if entrusted(cast[name]).exists()
    ] == []


def test_what_is_entrusted_is_never_passed_on(cast: Cast) -> None:
    from tests.city.listen.cast import complaint_in

    from qualipolis.city.listen import service as listen

    row = complaint_in(cast.city, "entrusted")
    for name in ("secretary", "mediator", "member"):
        with pytest.raises(PermissionDenied):
            listen.entrust(cast[name], row, cast.city.association, "转给别的机构")
    assert refused(lambda: listen.name_mediator(cast["mediator"], row, cast["other_mediator"])) == {"bad_person"}
