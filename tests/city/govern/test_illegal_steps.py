"""A step that a table of the federation does not offer is impossible by its verb: it gives the reason and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.city.govern.cast import Cast, breach_in, clue_in, meeting_in, motion_in, pact_in, pledge_in, task_in

from qualipolis.city.core.models import Event
from qualipolis.city.govern import service as s
from qualipolis.city.govern.models import Member
from qualipolis.law.flow import Flow
from qualipolis.law.flows.federation import FEDERATION
from qualipolis.methods.problems import InputError

INSIDE = {
    ("pact", "replace"),
    ("resolution", "carry"),
    ("resolution", "lose"),
}  # taken inside publish_pact and count_vote
Call = Callable[[Any], Any]


def calls(c: Cast) -> dict[str, dict[str, Call]]:
    """Return for every table its steps with a sound call of the verb that takes them."""
    return of_members(c) | of_meetings(c)


def of_members(c: Cast) -> dict[str, dict[str, Call]]:
    who, two = c["secretary"], c["secretary2"]
    return {
        "federation_member": {
            "approve": lambda r: s.approve_member(who, r, "1号"), "refuse": lambda r: s.refuse_member(who, r, "x", "1号"),
            "withdraw": lambda r: s.withdraw_application(c["other_member"], r), "join": lambda r: s.join(c["other_member"], r, True),
            "suspend": lambda r: s.suspend_member(who, r, "x", "1号"), "resume": lambda r: s.resume_member(who, r, "x"),
            "leave": lambda r: s.leave(c["other_member"], r), "remove": lambda r: s.remove_member(who, r, "x", "1号"),
        },
        "pledge": {
            "hand_in": lambda r: s.hand_in_pledge(c["enterprise"], r), "return": lambda r: s.return_pledge(who, r, "x"),
            "publish": lambda r: s.publish_pledge(who, r), "doubt": lambda r: s.doubt_pledge(who, r, "x"),
            "keep": lambda r: s.keep_pledge(who, r, "x"), "break": lambda r: s.break_pledge(who, r, "x", two),
            "fulfil": lambda r: s.fulfil_pledge(who, r, "x"), "lapse": lambda r: s.lapse_pledge(who, r),
            "take_back": lambda r: s.take_back_pledge(c["enterprise"], r, "x"),
        },
        "pact": {
            "hand_in": lambda r: s.hand_in_pact(who, r), "return": lambda r: s.return_pact(who, r, "x"),
            "clear": lambda r: s.clear_pact(who, r), "stop": lambda r: s.stop_pact(who, r, "x"),
            "publish": lambda r: s.publish_pact(who, r), "monitor": lambda r: s.monitor_pact(who, r),
            "check_again": lambda r: s.check_pact_again(who, r, "x"), "end": lambda r: s.end_pact(who, r, "x", "1号"),
            "discard": lambda r: s.discard_pact(who, r, "x"),
        },
        "pact_breach": {
            "examine": lambda r: s.examine_breach(who, r), "state": lambda r: s.state_breach(c["enterprise"], r, "x"),
            "note_silence": lambda r: s.note_silence(who, r), "coach": lambda r: s.coach(who, r, "x", "y"),
            "dismiss": lambda r: s.dismiss_breach(who, r, "x"), "report": lambda r: s.report_mended(c["enterprise"], r, "x"),
            "return": lambda r: s.coach_on(who, r, "x"), "accept": lambda r: s.accept_mended(who, r),
            "strike": lambda r: s.strike(who, r, "x", "1号", two),
        },
    }  # fmt: skip


def of_meetings(c: Cast) -> dict[str, dict[str, Call]]:
    who, soon = c["secretary"], timezone.localdate() + timedelta(60)
    return {
        "federation_clue": {
            "screen": lambda r: s.screen_clue(who, r, "low"), "forward": lambda r: s.forward_clue(who, r),
            "refer": lambda r: s.refer_clue(who, r, "童装", "x"), "assign": lambda r: s.assign_clue(who, r, c.association),
            "drop": lambda r: s.drop_clue(who, r, "x"), "report": lambda r: s.report_clue(c["member"], r, "x"),
            "give_back": lambda r: s.give_back_clue(c["member"], r, "x"), "take_back": lambda r: s.take_back_clue(who, r, "x"),
            "answer": lambda r: s.answer_clue(who, r, "x"), "reopen": lambda r: s.reopen_clue(who, r, "x"),
            "close": lambda r: s.close_clue(who, r),
        },
        "federation_meeting": {
            "invite": lambda r: s.invite(who, r), "open": lambda r: s.open_meeting(who, r), "adjourn": lambda r: s.adjourn(who, r),
            "minute": lambda r: s.minute(who, r, "x"), "return": lambda r: s.return_notes(c["member"], r, "x"),
            "confirm": lambda r: s.confirm_notes(c["member"], r), "publish": lambda r: s.publish_notes(who, r),
            "cancel": lambda r: s.cancel_meeting(who, r, "x"),
        },
        "resolution": {
            "open_vote": lambda r: s.open_vote(who, r), "withdraw": lambda r: s.withdraw_motion(who, r, "x"),
            "annul": lambda r: s.annul_resolution(who, r, "x", "1号"), "recount": lambda r: s.recount(who, r, c.consumer, "x"),
        },
        "joint_task": {
            "offer": lambda r: s.offer_task(who, r, c.association, soon), "decline": lambda r: s.decline_task(c["member"], r, "x"),
            "begin": lambda r: s.begin_task(c["member"], r), "report": lambda r: s.report_task(c["member"], r, "x"),
            "return": lambda r: s.return_task(who, r, "x"), "accept": lambda r: s.accept_task(who, r),
            "drop": lambda r: s.drop_task(who, r, "x"),
        },
    }  # fmt: skip


def made(cast: Cast, code: str, state: str) -> Any:
    makers: dict[str, Any] = {
        "pledge": pledge_in, "pact": pact_in, "pact_breach": breach_in, "federation_clue": clue_in,
        "federation_meeting": meeting_in, "resolution": motion_in, "joint_task": task_in,
    }  # fmt: skip
    if code != "federation_member":
        return makers[code](cast, state)
    Member.objects.filter(pk=cast.other_association.pk).update(status=state)
    return Member.objects.get(pk=cast.other_association.pk)


class _BackOut(Exception):
    pass


def said(call: Call, row: Any) -> set[str] | None:
    """Return the codes of the refusal, None when the verb went through; nothing of it stays."""
    try:
        with transaction.atomic():
            call(row)
            raise _BackOut
    except InputError as error:
        assert all(problem.text() for problem in error.problems)
        return {problem.code for problem in error.problems}
    except PermissionDenied:
        return {"denied"}
    except _BackOut:
        return None


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_every_step_has_its_verb(cast: Cast, flow: Flow) -> None:
    named = set(calls(cast)[flow.code]) | {step for code, step in INSIDE if code == flow.code}
    assert {step.name for step in flow.steps} == named


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    went = []
    for state in flow.states:
        row, events = made(cast, flow.code, state), Event.objects.count()
        for name, call in calls(cast)[flow.code].items():
            if flow.find(state, name) is None and said(call, row) is None:
                went.append((state, name))
        assert Event.objects.count() == events and type(row).objects.get(pk=row.pk).status == state
    assert went == []


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_is_not_refused_for_the_state(cast: Cast, flow: Flow) -> None:
    wrong = []
    for state in flow.states:
        for name, call in calls(cast)[flow.code].items():
            if flow.find(state, name) is not None and (said(call, made(cast, flow.code, state)) or set()) & {
                "wrong_state",
                "denied",
            }:
                wrong.append((state, name))
    assert wrong == []
