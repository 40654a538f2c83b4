"""Verbs of the examination: set it, seat candidates with drawn papers, begin, save, hand in; and the sweep of the clock."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, person_of, verb
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.talent.models import Enrolment, Exam, Question, Session, Sitting
from qualipolis.city.talent.training.blueprints import blueprint_problems, item_of, pool_of, sections_of
from qualipolis.city.talent.training.marks import mark_sitting
from qualipolis.city.talent.training.questions import current_questions
from qualipolis.city.talent.training.results import attempts_left, exam_result
from qualipolis.city.talent.training.visibility import CANDIDATES, TRAINERS, own_sitting
from qualipolis.law.rules import rule_on
from qualipolis.methods.exams.paper import commitment, draw_paper, shortfalls
from qualipolis.methods.problems import Problem, msg, refuse

SYSTEM = System("talent")
SETTABLE = ("listed", "running", "held")
LONGEST_ANSWER = 40
Answers = Mapping[str, Any]


@verb("talent.set_exam", roles=TRAINERS)
def set_exam(
    actor: Any, thing: Session, opens_at: datetime, closes_at: datetime, *, minutes: int | None = None,
    blueprint: list[dict[str, Any]] | None = None,
) -> Exam:  # fmt: skip
    """Set an examination: fix the questions of the bank, fix a seed and show its hash, and seat who attended."""
    session = locked(thing)
    parts, length = blueprint if blueprint is not None else session.course.blueprint, minutes or session.course.minutes
    bank = current_questions()
    wrong = blueprint_problems(parts)
    refuse(
        [
            None if session.course.examined else Problem("not_examined", msg("This course has no examination.")),
            None if session.status in SETTABLE else Problem("not_now", msg("The examination is set once the list is closed and before the course is settled.")),
            None if opens_at < closes_at else Problem("bad_window", msg("The examination ends after it begins."), place="closes_at"),
            None if closes_at > timezone.now() else Problem("past_window", msg("The window lies in the past."), place="closes_at"),
            None if 5 <= length <= 300 else Problem("bad_minutes", msg("An examination lasts 5 to 300 minutes."), place="minutes"),
            *(wrong or shortfalls(sections_of(parts), [item_of(row) for row in bank])),
        ]
    )  # fmt: skip
    seed = secrets.token_hex(24)
    share = rule_on("exam.pass", timezone.localdate()).value
    made = Exam.objects.create(
        number=next_number("KS", timezone.localdate().year), session=session, opens_at=opens_at, closes_at=closes_at,
        minutes=length, blueprint=parts, pool=[[row.code, row.version] for row in bank], seed=seed,
        commitment=commitment(seed), pass_share=float(share) if isinstance(share, int | float) else 1.0,
        set_by=person_of(actor),
    )  # fmt: skip
    told = {"session": session.number, "commitment": made.commitment, "pool": pool_hash(made), "opens_at": opens_at}
    record(actor, "talent.set_exam", made, told)
    _seat(actor, made, bank)
    return made


def pool_hash(exam: Exam) -> str:
    """Return the SHA-256 of the versions an examination draws from."""
    return sha256(json.dumps(sorted(exam.pool), separators=(",", ":")).encode()).hexdigest()


@verb("talent.seat_candidates", roles=TRAINERS)
def seat_candidates(actor: Any, thing: Exam) -> int:
    """Draw papers for those who came to sit since: after a second sitting was allowed, or attendance was settled."""
    exam = Exam.objects.select_for_update().get(pk=thing.pk)
    refuse(
        [
            None
            if timezone.now() <= exam.closes_at
            else Problem("closed", msg("The time to begin the examination is over."))
        ]
    )
    return _seat(actor, exam, pool_of(exam.pool))


def _seat(actor: Any, exam: Exam, bank: Iterable[Question]) -> int:
    items, sections = [item_of(row) for row in bank], sections_of(exam.blueprint)
    busy = Sitting.objects.filter(exam__session=exam.session, status__in=("drawn", "started", "handed_in", "contested"))
    rows = Enrolment.objects.filter(session=exam.session, status="attended").exclude(pk__in=busy.values("enrolment"))
    seated = 0
    for row in rows.order_by("pk"):
        if attempts_left(row) < 1:
            continue
        attempt = row.sittings.count() + 1
        ticket = f"{exam.number}-{row.number}-{attempt}"
        paper = draw_paper(exam.seed, ticket, sections, items)
        made = Sitting.objects.create(
            number=next_number("SK", timezone.localdate().year), exam=exam, enrolment=row, attempt=attempt, ticket=ticket,
            paper=[asdict(one) for one in paper.asked], fingerprint=paper.fingerprint, most=paper.points,
        )  # fmt: skip
        record(actor, "talent.draw_paper", made, {"of": made.number, "ticket": ticket, "paper": paper.fingerprint})
        seated += 1
    return seated


@verb("talent.start_sitting", roles=CANDIDATES)
def start_sitting(actor: Any, thing: Sitting) -> Sitting:
    """Begin: from now on the minutes run, whether the page is open or not."""
    row, now = own_sitting(actor, thing), timezone.now()
    facts = {
        "candidate": row.enrolment.learner.account_id,
        "now": now,
        "opens_at": row.exam.opens_at,
        "closes_at": row.exam.closes_at,
    }
    ends = now + timedelta(minutes=row.exam.minutes)
    move(actor, row, "start", "talent.start_sitting", facts=facts, started_at=now, ends_at=ends)
    return row


@verb("talent.save_answers", roles=CANDIDATES)
def save_answers(actor: Any, thing: Sitting, answers: Answers) -> Sitting:
    """Keep what was answered so far; every save counts, until the last second. The ledger holds the paper handed in."""
    row, now = own_sitting(actor, thing), timezone.now()
    late = row.ends_at is None or now > row.ends_at
    refuse(
        [
            None if row.status == "started" else Problem("not_writing", msg("This paper is not being written.")),
            Problem("time_up", msg("The time is up. What was saved before counts.")) if late and row.status == "started" else None,
        ]
    )  # fmt: skip
    _keep(row, answers, now)
    return row


def _keep(row: Sitting, answers: Answers, now: datetime) -> None:
    row.answers, row.saved_at, row.saves = row.answers | sound_answers(row, answers), now, row.saves + 1
    row.save(update_fields=["answers", "saved_at", "saves"])


def sound_answers(row: Sitting, answers: Answers) -> dict[str, Any]:
    """Return the answers to questions of this paper, in a form that a row holds; everything else is left out."""
    asked = {str(one["place"]): one for one in row.paper}
    found: dict[str, Any] = {}
    for place, said in answers.items():
        if str(place) not in asked:
            continue
        if isinstance(said, list):
            found[str(place)] = sorted(
                {int(one) for one in said if str(one).isascii() and str(one).isdigit() and len(str(one)) < 3}
            )
        elif isinstance(said, str | int | float) and not isinstance(said, bool):
            found[str(place)] = str(said).replace("\x00", "").strip()[:LONGEST_ANSWER]
    return found


@verb("talent.hand_in_sitting", roles=CANDIDATES)
def hand_in_sitting(actor: Any, thing: Sitting, answers: Answers | None = None) -> Sitting:
    """Hand the paper in; it is marked at once."""
    row, now = own_sitting(actor, thing), timezone.now()
    if answers and row.status == "started" and row.ends_at is not None and now <= row.ends_at:
        _keep(row, answers, now)
    facts = {"candidate": row.enrolment.learner.account_id, "now": now, "ends_at": row.ends_at}
    told = {"answers": answers_hash(row)}
    move(actor, row, "hand_in", "talent.hand_in_sitting", told, facts=facts, handed_in_at=now)
    _mark(row)
    return row


def answers_hash(row: Sitting) -> str:
    """Return the SHA-256 of the answers as they are kept."""
    return sha256(json.dumps(row.answers, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _mark(row: Sitting) -> None:
    result = mark_sitting(row)
    told = {"points": result.points, "most": result.most, "passed": result.passed}
    move(SYSTEM, row, "mark", "talent.mark_sitting", told, for_good=True, marks=dict(result.marks), points=result.points,
         most=result.most, passed=result.passed)  # fmt: skip
    exam_result(row.enrolment, result.passed)


@sweep("talent.exams")
def sweep_exams(now: datetime) -> int:
    """Take in the papers whose time is up, and note who did not come."""
    done = one_by_one(Sitting.objects.filter(status="started", ends_at__lt=now), lambda row: _time_up(row, now))
    return done + one_by_one(
        Sitting.objects.filter(status="drawn", exam__closes_at__lt=now), lambda row: _missed(row, now)
    )


def _time_up(thing: Sitting, now: datetime) -> int:
    row = locked(thing)
    told = {"answers": answers_hash(row)}
    move(SYSTEM, row, "time_up", "talent.time_up", told, facts={"now": now, "ends_at": row.ends_at}, for_good=True,
         handed_in_at=row.ends_at)  # fmt: skip
    _mark(row)
    return 1


def _missed(thing: Sitting, now: datetime) -> int:
    row = locked(thing)
    move(
        SYSTEM, row, "miss", "talent.missed_sitting", facts={"now": now, "closes_at": row.exam.closes_at}, for_good=True
    )
    if row.enrolment.status == "attended":
        exam_result(row.enrolment, False)
    return 1
