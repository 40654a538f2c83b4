"""The composition of a paper as it is kept, and what of the bank it draws from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qualipolis.city.talent.models import Question
from qualipolis.methods.exams.marking import KINDS, Key
from qualipolis.methods.exams.paper import MOST_QUESTIONS, Item, Section
from qualipolis.methods.problems import Problem, msg

FIELDS = {"name", "count", "points", "topics", "kinds", "levels"}
MOST_SECTIONS = 20


def blueprint_problems(sections: Sequence[Any]) -> list[Problem]:
    """Return what is wrong with a composition that somebody gave."""
    if not 0 < len(sections) <= MOST_SECTIONS:
        return [Problem("no_section", msg("Give the paper at least one section."), place="blueprint")]
    found = [problem for place, one in enumerate(sections, 1) if (problem := _of_section(place, one)) is not None]
    if not found and sum(int(one["count"]) for one in sections) > MOST_QUESTIONS:
        what = msg("A paper has at most %(most)s questions.")
        found.append(Problem("too_long", what, "", {"most": MOST_QUESTIONS}, "blueprint"))
    names = [str(one.get("name")) for one in sections if isinstance(one, Mapping)]
    if len(set(names)) < len(names):
        found.append(Problem("section_twice", msg("Each section needs its own name."), place="blueprint"))
    return found


def _of_section(place: int, one: Any) -> Problem | None:
    sound = isinstance(one, Mapping) and not set(one) - FIELDS and str(one.get("name", "")).strip()
    sound = sound and _number(one.get("count"), 1, MOST_QUESTIONS, whole=True) and _number(one.get("points"), 0.1, 100)
    sound = sound and all(kind in KINDS for kind in one.get("kinds", ()))
    if sound:
        return None
    what = msg("Section %(place)s needs a name, how many questions (1 or more) and points for each (0.1 to 100).")
    return Problem("bad_section", what, "", {"place": place}, "blueprint")


def _number(value: Any, low: float, high: float, *, whole: bool = False) -> bool:
    kinds = (int,) if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def sections_of(blueprint: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Return a kept composition as the draw reads it."""
    return [
        Section(
            str(one["name"]), int(one["count"]), float(one["points"]), tuple(one.get("topics", ())),
            tuple(one.get("kinds", ())), tuple(one.get("levels", ())),
        )
        for one in blueprint
    ]  # fmt: skip


def item_of(row: Question) -> Item:
    """Return a question as the draw reads it."""
    options = 2 if row.kind == Question.Kind.TRUE_FALSE else len(row.options)
    return Item(row.code, row.version, row.topic, row.kind, options, row.level)


def key_of(row: Question) -> Key:
    """Return what is right, from the bank."""
    if row.kind in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
        return Key(row.kind, tuple(row.answer), options=len(row.options))
    if row.kind == Question.Kind.TRUE_FALSE:
        return Key(row.kind, truth=bool(row.answer))
    return Key(row.kind, number=float(row.answer), tolerance=row.tolerance)


def pool_of(pairs: Sequence[Sequence[Any]]) -> list[Question]:
    """Return the versions of questions that an examination fixed."""
    wanted = {(str(code), int(version)) for code, version in pairs}
    rows = Question.objects.filter(code__in={code for code, _version in wanted})
    return [row for row in rows if (row.code, row.version) in wanted]
