"""Verbs of the question bank: add, revise (a new version), retire; and what is wrong with a question."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.talent.models import Question
from qualipolis.city.talent.training.blueprints import key_of
from qualipolis.city.talent.training.visibility import TRAINERS
from qualipolis.methods.problems import Problem, msg, refuse

MOST_OPTIONS, LONGEST_OPTION, LEVELS = 8, 400, (1, 2, 3)


def made_of(values: dict[str, Any]) -> Question:
    """Return a question, not yet kept, from what somebody gave; texts are cut to what a row holds."""
    texts = {"code": 40, "topic": 60, "stem": 2000, "stem_en": 2000, "unit": 24, "source": 200}
    kept: dict[str, Any] = {name: str(values.get(name) or "").strip()[:most] for name, most in texts.items()}
    options = [str(one).strip()[:LONGEST_OPTION] for one in values.get("options") or []]
    level = values.get("level")
    return Question(
        **kept, kind=values.get("kind", ""), options=options, answer=values.get("answer"), level=level or 2,
        tolerance=values.get("tolerance") or 0.0,
    )  # fmt: skip


def question_problems(row: Question, place: str = "") -> list[Problem]:
    """Return what is wrong with a question."""
    found = [
        None if row.code else Problem("no_code", msg("The question needs a code."), place=place),
        None if row.stem else Problem("no_stem", msg("Write the question."), place=place),
        None if row.topic else Problem("no_topic", msg("Say to which topic it belongs."), place=place),
        None if row.level in LEVELS else Problem("bad_level", msg("The difficulty is 1, 2 or 3."), place=place),
        None if len(row.options) <= MOST_OPTIONS else Problem("many_options", msg("A question has at most 8 options."), place=place),
        None if len(set(row.options)) == len(row.options) else Problem("same_options", msg("Two options are the same."), place=place),
        Problem("empty_option", msg("An option is empty."), place=place) if "" in row.options else None,
    ]  # fmt: skip
    return [one for one in found if one is not None] + _of_key(row, place)


def _of_key(row: Question, place: str) -> list[Problem]:
    if row.kind not in Question.Kind.values:
        return [Problem("unknown_kind", msg("The kind of the question is not known."), place=place)]
    if not _fits(row):
        return [Problem("no_answer", msg("The answer does not fit the kind of the question."), place=place)]
    return list(key_of(row).problems(place))


def _fits(row: Question) -> bool:
    if row.kind in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
        return isinstance(row.answer, list) and all(isinstance(one, int) for one in row.answer)
    if row.kind == Question.Kind.TRUE_FALSE:
        return isinstance(row.answer, bool)
    number = isinstance(row.answer, int | float) and not isinstance(row.answer, bool) and math.isfinite(row.answer)
    return number and isinstance(row.tolerance, int | float)


@verb("talent.add_question", roles=TRAINERS)
def add_question(actor: Any, thing: None, **values: Any) -> Question:
    """Put a question into the bank."""
    row = made_of(values)
    taken = Question.objects.filter(code=row.code).exists()
    refuse([*question_problems(row), Problem("code_taken", msg("The code is taken."), place="code") if taken else None])
    row.save()
    record(actor, "talent.add_question", row, {"code": row.code, "kind": row.kind, "topic": row.topic})
    return row


@verb("talent.revise_question", roles=TRAINERS)
def revise_question(actor: Any, thing: Question, **values: Any) -> Question:
    """Make a new version; papers that asked the old one keep it."""
    old = Question.objects.select_for_update().get(pk=thing.pk)
    kept = {
        name: getattr(old, name)
        for name in ("kind", "topic", "stem", "stem_en", "options", "answer", "level", "tolerance", "unit", "source")
    }
    row = made_of(kept | values | {"code": old.code})
    row.version = old.version + 1
    same = _said(row) == _said(old)
    refuse(
        [
            None if old.current else Problem("not_current", msg("There is a later version, or the question was retired.")),
            *question_problems(row),
            Problem("unchanged", msg("Nothing was changed.")) if same else None,
        ]
    )  # fmt: skip
    old.current, old.retired_on, old.retire_reason = False, timezone.localdate(), ""
    old.save(update_fields=["current", "retired_on", "retire_reason"])
    row.save()
    record(actor, "talent.revise_question", row, {"code": row.code, "version": row.version})
    return row


def _said(row: Question) -> str:
    names = ("kind", "topic", "stem", "stem_en", "options", "answer", "level", "tolerance", "unit", "source")
    return json.dumps([getattr(row, name) for name in names], sort_keys=True)


@verb("talent.retire_question", roles=TRAINERS)
def retire_question(actor: Any, thing: Question, reason: str) -> Question:
    """Ask a question no more, with the reason."""
    row, said = Question.objects.select_for_update().get(pk=thing.pk), reason.strip()[:200]
    refuse(
        [
            None if said else Problem("no_reason", msg("Give the reason."), place="reason"),
            None
            if row.current
            else Problem("not_current", msg("There is a later version, or the question was retired.")),
        ]
    )
    row.current, row.retired_on, row.retire_reason = False, timezone.localdate(), said
    row.save(update_fields=["current", "retired_on", "retire_reason"])
    record(actor, "talent.retire_question", row, {"code": row.code, "version": row.version})
    return row


def current_questions() -> Sequence[Question]:
    """Return the bank as it is asked now."""
    return list(Question.objects.filter(current=True).order_by("code"))
