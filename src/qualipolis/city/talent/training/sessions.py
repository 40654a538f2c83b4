"""Verbs of courses and sessions: catalogue, planning, announcing, holding, settling, cancelling."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, person_of, verb
from qualipolis.city.registry.models import Unit
from qualipolis.city.talent.models import Course, Enrolment, Session, SessionDay
from qualipolis.city.talent.training.attendance import settle_attendance, unmarked
from qualipolis.city.talent.training.blueprints import blueprint_problems
from qualipolis.city.talent.training.visibility import TRAINERS
from qualipolis.methods.problems import Problem, msg, refuse

Day = tuple[date, str, float]
WAITING = ("applied", "waiting", "admitted")
UNSETTLED = (*WAITING, "attended")
MOST_SEATS, MOST_DAYS = 5_000, 60


@verb("talent.add_course", roles=TRAINERS)
def add_course(
    actor: Any, thing: None, *, code: str, kind: str, name_zh: str, hours: float, name_en: str = "", content: str = "",
    content_en: str = "", examined: bool = True, minutes: int = 60, blueprint: Sequence[dict[str, Any]] = (),
) -> Course:  # fmt: skip
    """Put a course into the catalogue."""
    said = code.strip().upper()[:24]
    refuse(
        [
            None if said else Problem("no_code", msg("Give the course a code."), place="code"),
            Problem("code_taken", msg("The code is taken."), place="code") if Course.objects.filter(code=said).exists() else None,
            None if kind in Course.Kind.values else Problem("no_kind", msg("Say whom the course trains."), place="kind"),
            None if name_zh.strip() else Problem("no_name", msg("Give the name."), place="name_zh"),
            None if 0 < hours <= 400 else Problem("bad_hours", msg("Give the hours, from 0.5 to 400."), place="hours"),
            None if not examined or 5 <= minutes <= 300 else Problem("bad_minutes", msg("An examination lasts 5 to 300 minutes."), place="minutes"),
            *(blueprint_problems(blueprint) if examined else []),
        ]
    )  # fmt: skip
    made = Course.objects.create(
        code=said, kind=kind, name_zh=name_zh.strip()[:200], name_en=name_en.strip()[:200], hours=_hours(hours),
        content=content.strip()[:2000], content_en=content_en.strip()[:2000], examined=examined, minutes=minutes,
        blueprint=list(blueprint) if examined else [],
    )  # fmt: skip
    record(actor, "talent.add_course", made, {"code": said, "hours": str(made.hours), "examined": examined})
    return made


def _hours(hours: float) -> Decimal:
    return Decimal(str(hours)).quantize(Decimal("0.1"))


@verb("talent.plan_session", roles=TRAINERS)
def plan_session(
    actor: Any, thing: Course, *, days: Sequence[Day], place: str, seats: int, teacher: str = "",
    unit: Unit | None = None, enrol_until: date | None = None,
) -> Session:  # fmt: skip
    """Plan a session: its days with their hours, place and seats. Each part of a day gets its own sign-in code."""
    refuse([*_of_days(thing, days), *_of_place(place, seats), *_of_term(days, enrol_until)])
    first, last = min(one[0] for one in days), max(one[0] for one in days)
    made = Session.objects.create(
        number=next_number("PX", timezone.localdate().year), course=thing, unit=unit, place=place.strip()[:160],
        teacher=teacher.strip()[:120], seats=seats, starts_on=first, ends_on=last, enrol_until=enrol_until or first,
        planned_by=person_of(actor),
    )  # fmt: skip
    SessionDay.objects.bulk_create(
        [
            SessionDay(session=made, on=on, label=label.strip()[:40], hours=_hours(hours), code=new_code())
            for on, label, hours in sorted(days)
        ]
    )
    record(actor, "talent.plan_session", made, {"course": thing.code, "from": first, "to": last, "seats": seats})
    return made


def new_code() -> str:
    """Return six digits that nobody guesses."""
    return f"{secrets.randbelow(10**6):06d}"


def _of_days(course: Course, days: Sequence[Day]) -> list[Problem]:
    found = []
    if not 0 < len(days) <= MOST_DAYS:
        found.append(Problem("no_days", msg("Give at least one day with its hours."), place="days"))
    if any(not 0 < hours <= 12 for _on, _label, hours in days):
        found.append(Problem("bad_day", msg("A day has more than 0 and at most 12 hours."), place="days"))
    total = sum(_hours(hours) for _on, _label, hours in days)
    if days and total != course.hours:
        what = msg("The days have %(total)s hours, the course has %(hours)s.")
        found.append(Problem("other_hours", what, "", {"total": total, "hours": course.hours}, "days"))
    return found


def _of_place(place: str, seats: int) -> list[Problem]:
    found = [] if place.strip() else [Problem("no_place", msg("Say where the course takes place."), place="place")]
    if not 0 < seats <= MOST_SEATS:
        found.append(Problem("bad_seats", msg("Say how many seats there are."), place="seats"))
    return found


def _of_term(days: Sequence[Day], enrol_until: date | None) -> list[Problem]:
    first = min((one[0] for one in days), default=None)
    if first is None or enrol_until is None or enrol_until <= first:
        return []
    return [Problem("late_enrolment", msg("Enrolment ends on the first day at the latest."), place="enrol_until")]


@verb("talent.announce_session", roles=TRAINERS)
def announce_session(actor: Any, thing: Session) -> Session:
    """Announce it: it stands in the calendar and people enrol."""
    row = locked(thing)
    facts = {"course": row.course_id, "days": row.days.count(), "place": row.place, "seats": row.seats or None}
    move(actor, row, "announce", "talent.announce_session", facts=facts)
    return row


@verb("talent.close_list", roles=TRAINERS)
def close_list(actor: Any, thing: Session) -> Session:
    """Close the list of participants."""
    row = locked(thing)
    move(actor, row, "close_list", "talent.close_list")
    return row


@verb("talent.open_list", roles=TRAINERS)
def open_list(actor: Any, thing: Session) -> Session:
    """Take further participants."""
    row = locked(thing)
    move(actor, row, "open_again", "talent.open_list")
    return row


@verb("talent.begin_session", roles=TRAINERS)
def begin_session(actor: Any, thing: Session) -> Session:
    """The course begins: from now on people sign in."""
    row = locked(thing)
    move(actor, row, "begin", "talent.begin_session", facts={"starts_on": row.starts_on}, for_good=True)
    return row


@verb("talent.end_session", roles=TRAINERS)
def end_session(actor: Any, thing: Session) -> Session:
    """The course has ended: who attended enough goes on, who did not is absent, whoever was never admitted is called off."""
    row = locked(thing)
    facts = {"ends_on": row.ends_on, "unmarked": unmarked(row)}
    move(actor, row, "end", "talent.end_session", facts=facts, for_good=True)
    left = Enrolment.objects.filter(session=row, status__in=("applied", "waiting"))
    _call_off(left, "talent.not_called")
    settle_attendance(row)
    return row


@verb("talent.settle_session", roles=TRAINERS)
def settle_session(actor: Any, thing: Session) -> Session:
    """Close the course with all results."""
    row = locked(thing)
    open_ones = row.enrolments.filter(status__in=UNSETTLED).count()
    move(actor, row, "settle", "talent.settle_session", facts={"open_enrolments": open_ones})
    return row


@verb("talent.cancel_session", roles=TRAINERS)
def cancel_session(actor: Any, thing: Session, reason: str) -> Session:
    """Cancel the course; everybody on the list is told."""
    row, said = locked(thing), reason.strip()[:400]
    move(actor, row, "cancel", "talent.cancel_session", facts={"reason": said}, cancel_reason=said)
    _call_off(row.enrolments.filter(status__in=WAITING), "talent.call_off")
    return row


def _call_off(rows: Iterable[Enrolment], name: str) -> None:
    for thing in list(rows):
        one = locked(thing)
        move(System("talent"), one, "call_off", name, for_good=True, ended_on=timezone.localdate())
