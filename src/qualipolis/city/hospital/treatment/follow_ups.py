"""Verbs of the follow-up: recorded by the officer on or after its day; what has come back reopens the case at once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.models import Case, FollowUp
from qualipolis.city.hospital.reception.ends import reopened
from qualipolis.city.hospital.treatment.planned import plan, planned
from qualipolis.city.hospital.treatment.scope import case_for, needed
from qualipolis.law.hospital.guards import recurs_in_time
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "hospital_follow_up"
FOLLOWED = ("cured", "improved", "following")
AGAIN = 14  # days to the next try when nobody was reached at all
DUE = "hospital.follow_up_due"
Method, Verdict = FollowUp.Method, FollowUp.Verdict
SYSTEM = System()


@verb("hospital.record_follow_up", roles=roles_for(FLOW, "record"), scope=parties)
def record_follow_up(
    actor: Any,
    thing: FollowUp,
    verdict: str,
    report: str,
    *,
    method: str = Method.PHONE,
    done_on: date | None = None,
    metric: str = "",
    metric_before: float | None = None,
    metric_after: float | None = None,
    saved_cost: Decimal | None = None,
) -> FollowUp:
    """Record a follow-up: does the cure hold? What has come back within its term reopens the case.

    Raises
    ------
    InputError
        before its day, in the future, without what was found, or when the case is not followed up
    """
    case, row = _open(actor, thing)
    day = done_on or timezone.localdate()
    words, empty = needed(report, "report", msg("Say what was found."), 2000)
    refuse([_not_followed(case), empty, _early(row, day), *given_day(day, "done_on"), *_unclear(verdict, method),
           *_numbers(metric, metric_before, metric_after, saved_cost)])  # fmt: skip
    told = {"days": row.days, "verdict": verdict, "method": method, "done_on": day}
    values = {"verdict": verdict, "method": method, "done_on": day, "report": words, "metric": metric.strip()[:120],
              "metric_before": metric_before, "metric_after": metric_after, "saved_cost": saved_cost}  # fmt: skip
    who = getattr(actor, "pk", None) and actor
    move(actor, row, "record", "hospital.record_follow_up", told, facts={"report": words}, for_good=True, officer=who,
         **values)  # fmt: skip
    _on(actor, case)
    if verdict == Verdict.RECURRED and case.cured_on and _in_term(case):
        reopened(actor, case, words)
    return row


def _open(actor: Any, thing: FollowUp) -> tuple[Case, FollowUp]:
    case = case_for(actor, thing.case)
    return case, locked(thing, "case")


def _in_term(case: Case) -> bool:
    return recurs_in_time({"cured_on": case.cured_on, "today": timezone.localdate()}) is None


def _on(actor: Any, case: Case) -> None:
    """Take the case on: its next day is that of the next follow-up."""
    step = "follow_improved" if case.status == "improved" else "follow"
    following = planned(case).first()
    due = following.planned_on if following else None
    move(actor, case, step, "hospital.follow", for_good=True, due_on=due)


def _not_followed(case: Case) -> Problem | None:
    if case.status in FOLLOWED:
        return None
    return Problem("wrong_state", msg("This step cannot be taken in the present state of the case."))


def _early(row: FollowUp, day: date) -> Problem | None:
    """A cure that is asked about too early has not been tried by time."""
    if day >= row.planned_on:
        return None
    what = msg("This follow-up is due from %(day)s on.")
    return Problem("too_early", what, "", {"day": row.planned_on}, "done_on")


def _unclear(verdict: str, method: str) -> list[Problem]:
    wrong = []
    if verdict not in Verdict.values:
        wrong.append(Problem("no_verdict", msg("Say whether the cure holds."), place="verdict"))
    if method not in Method.values:
        wrong.append(Problem("no_method", msg("Choose how it was followed up."), place="method"))
    return wrong


def _numbers(metric: str, before: float | None, after: float | None, saved: Decimal | None) -> list[Problem]:
    wrong = []
    if any(value is not None and not isfinite(value) for value in (before, after)):
        wrong.append(Problem("not_finite", msg("This is not a number."), place="metric_after"))
    if (before is not None or after is not None) and not metric.strip():
        wrong.append(Problem("no_metric", msg("Say what was measured."), place="metric"))
    if saved is not None and not (Decimal(0) <= saved < Decimal(10**10)):
        wrong.append(Problem("bad_cost", msg("A cost is a sum from 0 yuan on."), place="saved_cost"))
    return wrong


@verb("hospital.miss_follow_up", roles=roles_for(FLOW, "miss"), scope=parties)
def miss_follow_up(actor: Any, thing: FollowUp, reason: str) -> FollowUp:
    """Record that the firm could not be reached; when nobody was ever reached and nothing is planned, try again later."""
    case, row = _open(actor, thing)
    today = timezone.localdate()
    why, empty = needed(reason, "reason", msg("Give the reason."), 1000)
    refuse([_not_followed(case), empty, _early(row, today)])
    move(actor, row, "miss", "hospital.miss_follow_up", {"days": row.days}, facts={"reason": why}, for_good=True,
         done_on=today, report=why)  # fmt: skip
    if not planned(case).exists() and not _reached(case).exists():
        plan(case, [(AGAIN, today)])
    _on(actor, case)
    return row


def _reached(case: Case) -> Any:
    """Return the follow-ups of this cure in which somebody was reached, the newest first."""
    rows = FollowUp.objects.filter(case=case, status="done")
    return (rows.filter(done_on__gte=case.cured_on) if case.cured_on else rows).order_by("-done_on", "-pk")


@verb("hospital.close_case", roles=roles_for("hospital_case", "close"), scope=parties)
def close_case(actor: Any, thing: Case) -> Case:
    """Close a case that was cured and held in its follow-ups; the firm has been reached at least once.

    Raises
    ------
    InputError
        not cured, follow-ups still to come, nobody reached, or the last one did not find that the cure holds
    """
    case = case_for(actor, thing)
    refuse([_not_held(case)])
    move(actor, case, "close", "hospital.close_case", {"cured_on": case.cured_on}, facts=facts(case),
         ended_on=timezone.localdate())  # fmt: skip
    tell(actor, "hospital.case_ended", case)
    return case


def _not_held(case: Case) -> Problem | None:
    """Return why a case that runs out of follow-ups is not closed: nobody was reached, or the cure did not hold."""
    if case.status != "following":
        return None
    last = _reached(case).first()
    if last is None:
        return Problem("nobody_reached", msg("Nobody was reached in a follow-up yet."))
    late = last.verdict == Verdict.RECURRED and not _in_term(case)
    if last.verdict == Verdict.HOLDS or late:
        return None
    return Problem("not_held", msg("The last follow-up did not find that the cure holds."))


def facts(case: Case) -> dict[str, Any]:
    """Return what the guards of the end read."""
    return {"open_follow_ups": planned(case).count(), "cured_on": case.cured_on}


@sweep("hospital.follow_ups")
def sweep_follow_ups(now: datetime) -> int:
    """Tell of every follow-up whose day has come, once."""
    today = timezone.localdate(now)
    rows = FollowUp.objects.filter(status="planned", planned_on__lte=today, case__status__in=FOLLOWED)
    return one_by_one(rows.select_related("case").order_by("planned_on", "pk"), _call)


def _call(row: FollowUp) -> int:
    if Event.objects.filter(thing=name_of(row), verb=DUE).exists():
        return 0
    record(SYSTEM, DUE, row, {"of": str(row.case), "days": row.days, "planned_on": row.planned_on})
    tell(SYSTEM, DUE, row)
    return 1
