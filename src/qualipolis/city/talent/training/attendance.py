"""Verbs of attendance: sign in with the code of the day, or the trainer notes it; what the hours make of an enrolment."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, verb
from qualipolis.city.talent.models import Attendance, Enrolment, Session, SessionDay
from qualipolis.city.talent.training.results import passed_without_exam
from qualipolis.city.talent.training.visibility import CANDIDATES, TRAINERS, own_enrolment
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import Problem, msg, refuse


@verb("talent.sign_in", roles=CANDIDATES)
def sign_in(actor: Any, thing: Enrolment, code: str) -> Attendance:
    """Sign in with the code shown in the room, on the day itself; the whole part of the day counts."""
    row = own_enrolment(actor, thing)
    said = "".join(code.split())[:8]
    today = row.session.days.filter(on=timezone.localdate())
    day = next((one for one in today if hmac.compare_digest(one.code.encode(), said.encode())), None)
    mine = row.learner.account_id is not None and row.learner.account_id == getattr(actor, "pk", None)
    refuse(
        [
            None if mine else Problem("not_you", msg("Everybody signs in under the own account."), place="code"),
            None if row.session.status == "running" else Problem("not_running", msg("The course is not running.")),
            None if row.status == "admitted" else Problem("not_admitted", msg("You are not admitted to this course.")),
            None if day else Problem("wrong_code", msg("This is not the code of a course of today."), place="code"),
            _twice(row, day),
        ]
    )  # fmt: skip
    assert day is not None
    made = Attendance.objects.create(enrolment=row, day=day, hours=day.hours, how=Attendance.How.CODE)
    record(actor, "talent.sign_in", row, {"of": row.number, "on": day.on, "hours": str(day.hours)})
    return made


def _twice(row: Enrolment, day: SessionDay | None) -> Problem | None:
    if day is None or not Attendance.objects.filter(enrolment=row, day=day).exists():
        return None
    return Problem("signed_in", msg("You are signed in already."))


@verb("talent.note_attendance", roles=TRAINERS)
def note_attendance(actor: Any, thing: SessionDay, hours: Mapping[int, float]) -> int:
    """Note who attended how many hours of a part of a day (0: was not there); what stood there is corrected."""
    session = locked(thing.session)
    known = {row.pk: row for row in session.enrolments.filter(status="admitted")}
    refuse(
        [
            None if session.status == "running" else Problem("not_running", msg("The course is not running.")),
            None if set(hours) <= set(known) else Problem("not_admitted", msg("Only those who were admitted have an attendance.")),
            None if thing.on <= timezone.localdate() else Problem("future_day", msg("This day is still to come.")),
            *[
                Problem("bad_hours", msg("From 0 to %(most)s hours."), "", {"most": thing.hours}, f"hours-{pk}")
                for pk, one in hours.items() if not 0 <= one <= float(thing.hours)
            ],
        ]
    )  # fmt: skip
    for pk, one in hours.items():
        given = Decimal(str(one)).quantize(Decimal("0.1"))
        Attendance.objects.update_or_create(
            enrolment=known[pk],
            day=thing,
            defaults={"hours": given, "how": Attendance.How.TRAINER, "at": timezone.now()},
        )
    told = {"on": thing.on, "people": len(hours), "hours": {known[pk].number: one for pk, one in hours.items()}}
    record(actor, "talent.note_attendance", session, told)
    return len(hours)


def unmarked(session: Session) -> int:
    """Return how many admitted people have a part of a day without any entry."""
    parts = session.days.count()
    rows = session.enrolments.filter(status="admitted")
    return sum(1 for row in rows if row.attendance.count() < parts)


def hours_of(row: Enrolment) -> Decimal:
    """Return the hours attended."""
    return row.attendance.aggregate(total=Sum("hours"))["total"] or Decimal(0)


def hours_needed(session: Session) -> float:
    """Return the hours that have to be attended by the rule in force on the first day."""
    share = rule_on("training.attendance", session.starts_on or timezone.localdate()).value
    return float(share) * float(session.course.hours) if isinstance(share, int | float) else float(session.course.hours)


def settle_attendance(session: Session) -> None:
    """Take everybody on: attended or absent; a course without an examination is passed by attending."""
    needed, actor = hours_needed(session), System("talent")
    for thing in list(session.enrolments.filter(status="admitted")):
        row = locked(thing)
        facts = {"hours": float(hours_of(row)), "hours_needed": needed}
        if facts["hours"] + 1e-9 >= needed:
            facts["hours_needed"] = min(needed, facts["hours"])
            move(actor, row, "attend", "talent.attended", facts=facts, for_good=True)
            if not session.course.examined:
                passed_without_exam(row)
        else:
            move(actor, row, "miss", "talent.absent", facts=facts, for_good=True, ended_on=timezone.localdate())
