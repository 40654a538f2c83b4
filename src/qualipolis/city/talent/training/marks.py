"""Marking of sittings and what follows a mark: contest, confirm, correct, void; and the draw that anyone repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.talent.models import Exam, Question, Sitting
from qualipolis.city.talent.training.blueprints import item_of, key_of, pool_of, sections_of
from qualipolis.city.talent.training.results import mark_corrected
from qualipolis.city.talent.training.visibility import CANDIDATES, TRAINERS, own_sitting
from qualipolis.methods.exams.marking import Result, mark_paper, options_given
from qualipolis.methods.exams.paper import Paper, draw_paper
from qualipolis.methods.problems import Problem, msg, refuse

OPTIONED = (Question.Kind.SINGLE, Question.Kind.MULTIPLE)


def versions_on(row: Sitting) -> dict[str, Question]:
    """Return the questions of a paper in the versions it asked, by their place."""
    bank = {(one.code, one.version): one for one in pool_of([[a["code"], a["version"]] for a in row.paper])}
    return {str(asked["place"]): bank[asked["code"], asked["version"]] for asked in row.paper}


def mark_sitting(row: Sitting) -> Result:
    """Return what a paper is worth by the key of the versions it asked."""
    bank = versions_on(row)
    worth = {str(asked["place"]): float(asked["points"]) for asked in row.paper}
    keys = {place: key_of(question) for place, question in bank.items()}
    orders = {str(asked["place"]): asked["order"] for asked in row.paper}
    answers = {
        place: bank_answer(bank[place], orders[place], said) for place, said in row.answers.items() if place in bank
    }
    return mark_paper(keys, worth, answers, row.exam.pass_share)


def bank_answer(question: Question, order: list[int], said: Any) -> Any:
    """Return an answer given by places on the paper as one by places in the bank."""
    if question.kind not in OPTIONED:
        return said
    many = said if isinstance(said, list) else [said]
    chosen = {int(str(one)) for one in many if str(one).isascii() and str(one).isdigit()}
    return options_given(order, chosen) or None


def drawn_again(row: Sitting) -> Paper:
    """Return the paper drawn anew from the seed, the ticket and the pool that were fixed."""
    items = [item_of(one) for one in pool_of(row.exam.pool)]
    return draw_paper(row.exam.seed, row.ticket, sections_of(row.exam.blueprint), items)


def seed_open(exam: Exam) -> bool:
    """Whether the seed may be told: the window is over and nobody is still writing."""
    writing = exam.sittings.filter(status__in=("drawn", "started")).exists()
    return timezone.now() > exam.closes_at and not writing


@verb("talent.contest_mark", roles=CANDIDATES)
def contest_mark(actor: Any, thing: Sitting, reason: str) -> Sitting:
    """Contest the mark within its term."""
    row, said = own_sitting(actor, thing), reason.strip()[:1000]
    facts = {"candidate": row.enrolment.learner.account_id, "contest_until": row.due_on, "reason": said}
    move(actor, row, "contest", "talent.contest_mark", facts=facts, for_good=True, contest=said)
    return row


@verb("talent.uphold_mark", roles=TRAINERS)
def uphold_mark(actor: Any, thing: Sitting, reply: str) -> Sitting:
    """Confirm the mark, with the reply."""
    row, said = locked(thing), reply.strip()[:1000]
    move(actor, row, "uphold", "talent.uphold_mark", facts={"reply": said}, reply=said)
    return row


@verb("talent.correct_mark", roles=TRAINERS)
def correct_mark(actor: Any, thing: Sitting, marks: Mapping[str, float], reply: str, second_person: Any) -> Sitting:
    """Correct points of single questions; two trainers decide. What was passed once stays passed."""
    row, said = locked(thing), reply.strip()[:1000]
    worth = {str(one["place"]): float(one["points"]) for one in row.paper}
    refuse(
        [
            None if marks else Problem("no_marks", msg("Say which questions get how many points."), place="marks"),
            *[
                Problem("bad_points", msg("Question %(place)s: from 0 to %(most)s points."), "", {"place": place, "most": worth.get(place, 0)}, "marks")
                for place, points in marks.items() if place not in worth or not 0 <= points <= worth[place]
            ],
            None if second_person is None or roles_of(second_person) & set(TRAINERS) else Problem("wrong_second", msg("The second person must be a trainer."), place="second_person"),
        ]
    )  # fmt: skip
    kept = row.marks | {place: float(points) for place, points in marks.items()}
    points = float(sum(kept.values()))
    passed = bool(row.passed) or points >= row.exam.pass_share * (row.most or 0) - 1e-9
    told = {
        "second_person": getattr(second_person, "pk", None),
        "points": points,
        "passed": passed,
        "questions": len(marks),
    }
    move(actor, row, "remark", "talent.correct_mark", told, facts={"reply": said}, reply=said, marks=kept, points=points,
         passed=passed)  # fmt: skip
    if passed and row.enrolment.status == "failed":
        mark_corrected(row.enrolment)
    return row


@verb("talent.void_sitting", roles=TRAINERS)
def void_sitting(actor: Any, thing: Sitting, reason: str, second_person: Any) -> Sitting:
    """Void a sitting (a fault of the examination, or cheating); it does not count as an attempt."""
    row, said = locked(thing), reason.strip()[:400]
    told = {"second_person": getattr(second_person, "pk", None)}
    if second_person is not None and not roles_of(second_person) & set(TRAINERS):
        refuse([Problem("wrong_second", msg("The second person must be a trainer."), place="second_person")])
    move(actor, row, "void", "talent.void_sitting", told, facts={"reason": said}, void_reason=said)
    return row
