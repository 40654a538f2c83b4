"""Verbs of the consultation (征求意见) of a set, and the targets that towns file for a frozen one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.roles import STAFF
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.measure.models import Comment, Indicator, IndicatorSet, TownTarget
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError, Problem, msg

LONGEST = 2000
Status = IndicatorSet.Status


@verb("measure.comment_set", roles=STAFF)
def comment(actor: Any, thing: IndicatorSet, text: str, node: str = "") -> Comment:
    """Comment on a consulted set, or on one node of it, before the last day for comments."""
    row = IndicatorSet.objects.select_for_update().get(pk=thing.pk)
    problems = list(_comment_problems(row, text.strip(), node))
    if problems:
        raise InputError(problems)
    person = person_of(actor)
    made = Comment.objects.create(
        set=row, node=node, text=text.strip(), person=person, organisation_id=getattr(actor, "organisation_id", None)
    )
    event = record(actor, "measure.comment_set", row, {"comment": made.pk, "node": node, "text": made.text})
    reversible(event, actor, made, {"withdrawn_at": timezone.now()}, "answer", "withdrawn_at")
    return made


def _comment_problems(row: IndicatorSet, text: str, node: str) -> Iterable[Problem]:
    if row.status != Status.CONSULTED:
        yield Problem("not_consulted", msg("The set is not open for comments."))
    elif row.comments_until and timezone.localdate() > row.comments_until:
        yield Problem("too_late", msg("Comments were taken until %(day)s."), "", {"day": row.comments_until})
    if not text or len(text) > LONGEST:
        what, remedy = msg("The comment is empty or too long."), msg("Write 1 to 2,000 characters.")
        yield Problem("bad_text", what, remedy, place="text")
    known = row.dimensions.filter(code=node).exists() or row.indicators.filter(code=node).exists()
    if node and not known:
        yield Problem("unknown_node", msg("There is no %(code)s in this set."), params={"code": node}, place="node")


@verb("measure.answer_comment", roles=("planner",))
def answer_comment(actor: Any, thing: Comment, answer: str, reply: str = "") -> Comment:
    """Answer a comment: adopted, partly or not adopted; the reason is needed unless it is adopted whole."""
    row = Comment.objects.select_for_update(of=("self",)).select_related("set").get(pk=thing.pk)
    problems = []
    if row.set.status not in (Status.CONSULTED, Status.DRAFT) or row.withdrawn_at is not None:
        problems.append(Problem("settled", msg("This comment can no longer be answered.")))
    if answer not in Comment.Answer.values:
        problems.append(Problem("bad_answer", msg("Say whether the comment is adopted."), place="answer"))
    if answer != Comment.Answer.ADOPTED and not reply.strip():
        what = msg("A comment that is not adopted whole needs the reason.")
        problems.append(Problem("no_reason", what, place="reply"))
    if problems:
        raise InputError(problems)
    before = fields_of(row, "answer", "reply", "answered_by_id", "answered_at")
    row.answer, row.reply = answer, reply.strip()[:LONGEST]
    row.answered_by = person_of(actor)
    row.answered_at = timezone.now()
    row.save(update_fields=["answer", "reply", "answered_by", "answered_at"])
    payload = {"comment": row.pk, "node": row.node, "answer": answer, "reply": row.reply}
    reversible(record(actor, "measure.answer_comment", row.set, payload), actor, row, before, "answered_at")
    return row


def unit_scope(thing: Unit) -> Iterable[int | None]:
    """The government of a unit."""
    return (thing.government_id,)


@verb("measure.file_targets", roles=("town_officer",), scope=unit_scope)
def file_targets(
    actor: Any, thing: Unit, set_: IndicatorSet, values: Mapping[str, float | None], note: str = ""
) -> int:
    """File the values a unit means to reach in a frozen set: indicator code -> value; None takes a target back.

    All of them or none; the result is shown beside each of them later.
    """
    leaves = {leaf.code: leaf for leaf in Indicator.objects.filter(set=set_)}
    problems = list(_target_problems(set_, leaves, values))
    if problems:
        raise InputError(problems)
    gone = [leaves[code].pk for code, value in values.items() if value is None]
    TownTarget.objects.filter(unit=thing, indicator__in=gone).delete()
    person = person_of(actor)
    rows = [
        TownTarget(indicator=leaves[code], unit=thing, value=value, note=note.strip()[:400], filed_by=person)
        for code, value in values.items()
        if value is not None
    ]
    TownTarget.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["indicator", "unit"],
        update_fields=["value", "note", "filed_by", "filed_at"],
    )
    payload = {"unit": thing.code, "year": set_.year, "count": len(values), "values": dict(values)}
    record(actor, "measure.file_targets", thing, payload)
    return len(values)


def _target_problems(
    set_: IndicatorSet, leaves: Mapping[str, Indicator], values: Mapping[str, float | None]
) -> Iterable[Problem]:
    if set_.status != Status.FROZEN:
        yield Problem("not_frozen", msg("Targets are filed for a frozen set."))
    for code, value in values.items():
        if code not in leaves:
            yield Problem("unknown_node", msg("There is no %(code)s in this set."), params={"code": code}, place=code)
        elif value is not None and not math.isfinite(value):
            what = msg("The target of %(code)s is not a number.")
            yield Problem("bad_target", what, msg("Give a number."), {"code": code}, place=code)
        elif value is not None and leaves[code].is_proportion and not 0 <= value <= leaves[code].factor:
            what = msg("The target of %(code)s is a share and lies between 0 and %(most)s.")
            yield Problem("bad_share", what, "", {"code": code, "most": leaves[code].factor}, place=code)
