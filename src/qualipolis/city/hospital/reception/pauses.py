"""The clock stands still while the firm is asked: ask, answer, and what follows from silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.hospital.consultation.parties import parties, require_attending
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Pause
from qualipolis.city.hospital.reception.checks import FLOW, SYSTEM, case_for, desk_of, text
from qualipolis.city.hospital.reception.clocks import clocks
from qualipolis.city.hospital.reception.visibility import DESKS
from qualipolis.law.calendar import add_days, is_working_day, working_days_between
from qualipolis.law.flows.hospital.case import PAUSABLE
from qualipolis.methods.problems import Problem, msg, refuse

ONE_DAY = timedelta(days=1)
RESUME = tuple(f"resume_{state}" for state in PAUSABLE)
WAITING = ("waiting_firm", "suspended")


@verb("hospital.ask_firm", roles=roles_for(FLOW, "ask"), scope=parties)
def ask_firm(actor: Any, thing: Case, question: str) -> Pause:
    """Ask the firm and stop the clock of the case; the firm reads the question in its consultation."""
    row = case_for(actor, thing)
    require_attending(actor, row, *DESKS)
    refuse([text(question, "reason", msg("Write the question."), 2000)])
    today = timezone.localdate()
    left = _left(row, today)
    told = {"left_days": left, "from": row.status}
    facts = {"reason": question}
    move(actor, row, "ask", "hospital.ask_firm", told, facts=facts, for_good=True, paused_from=row.status)
    add(actor, row, question.strip())
    return Pause.objects.create(case=row, question=question.strip(), left_days=left)


def _left(row: Case, today: date) -> int | None:
    """Return the working days left: the day of the question is not counted any more, that of the answer is again.

    The day that starts a term is not one of its days, so that a question on it takes nothing away.
    """
    if row.due_on is None:
        return None
    started = [one.started_on for one in clocks(row, today) if one.stopped_on is None]
    return working_days_between(max([today - ONE_DAY, *started]), row.due_on)


@verb("hospital.resume_case", roles=roles_for(FLOW, *RESUME), scope=parties)
def resume_case(actor: Any, thing: Case, words: str = "") -> Case:
    """Answer the question (or let the case go on without an answer): the clock runs on with the days that were left."""
    row = case_for(actor, thing)
    if row.status not in WAITING:
        refuse([Problem("not_waiting", msg("The case does not wait for the firm."))])
    if len(words) > 4000:
        refuse([Problem("too_long", msg("At most %(most)s characters."), "", {"most": 4000}, "words")])
    today, pause = timezone.localdate(), open_pause(row)
    left = pause.left_days if pause else None
    due = None if pause is None or left is None else _resumed(pause.since, today, left)
    told = {"left_days": left, "since": pause.since if pause else None}
    facts = {"paused_from": row.paused_from}
    move(actor, row, f"resume_{row.paused_from}", "hospital.resume_case", told, facts=facts, for_good=True,
         due_on=due, paused_from="")  # fmt: skip
    Pause.objects.filter(case=row, until=None).update(until=today)
    if words.strip():
        add(actor, row, words.strip())
    return row


def _resumed(since: date, today: date, left: int) -> date:
    """Return the last day of a term with ``left`` working days, today counted; one that was over stays over."""
    if left > 0:
        return add_days(today - ONE_DAY, left, "working").due
    day = since - ONE_DAY
    while left < 0 or not is_working_day(day):
        left += is_working_day(day)
        day -= ONE_DAY
    return day


def open_pause(case: Case) -> Pause | None:
    """Return the pause of a case that has not ended."""
    return case.pauses.filter(until=None).order_by("-pk").first()


@verb("hospital.suspend_case", roles=roles_for(FLOW, "suspend"), scope=desk_of)
def suspend_case(actor: Any, thing: Case) -> Case:
    """Suspend a case whose firm has been silent for the whole term; an answer still takes it on."""
    row = case_for(actor, thing)
    move(actor, row, "suspend", "hospital.suspend_case", facts={"due_on": row.due_on}, for_good=True)
    return row


@verb("hospital.close_unresponsive", roles=roles_for(FLOW, "close_unresponsive"), scope=desk_of)
def close_unresponsive(actor: Any, thing: Case) -> Case:
    """Close a suspended case whose firm stayed silent."""
    row = case_for(actor, thing)
    today = timezone.localdate()
    facts = {"due_on": row.due_on}
    move(actor, row, "close_unresponsive", "hospital.close_unresponsive", facts=facts, ended_on=today)
    Pause.objects.filter(case=row, until=None).update(until=today)
    tell(actor, "hospital.case_ended", row)
    return row


@sweep("hospital.silence")
def sweep_silence(now: datetime) -> int:
    """Suspend and close what has been silent for too long; safe to run at any time, and twice."""
    over = Case.objects.filter(due_on__lt=timezone.localdate())
    done = one_by_one(over.filter(status="suspended").order_by("pk"), _closed)
    return done + one_by_one(over.filter(status="waiting_firm").order_by("pk"), _suspended)


def _suspended(case: Case) -> int:
    suspend_case(SYSTEM, case)
    return 1


def _closed(case: Case) -> int:
    close_unresponsive(SYSTEM, case)
    return 1
