"""What someone reads of a notice: overseers all of it, a town what is for everyone and what is about itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from qualipolis.city.assess.cycle_visibility import OVERSEERS
from qualipolis.city.assess.models import Notice, Rectification, ScoreCard
from qualipolis.city.assess.notice import text_of
from qualipolis.city.core.policy import city_wide, organisations_of, visible

SINGLE = ("remarks", "rectifications")


@dataclass(frozen=True)
class Reading:
    """The part of a notice for one reader: its paragraphs, and the facts without what is about others."""

    whole: bool
    facts: dict[str, Any]
    paragraphs_zh: tuple[str, ...]
    paragraphs_en: tuple[str, ...]


def reading(notice: Notice, reader: Any) -> Reading:
    """Return what ``reader`` reads; nobody in particular (None) reads what is for everyone.

    Of the facts about single units a town keeps its own, a department the rectifications it has an item in. Of the
    text, whose words the office may have changed, a paragraph is kept when it is written from facts for everyone or
    names no other assessed unit.
    """
    texts = [tuple(text.split("\n")) if text else () for text in (notice.text_zh, notice.text_en)]
    if reader is not None and city_wide(reader, OVERSEERS):
        return Reading(True, dict(notice.facts), *texts)
    facts = _cut(notice, reader)
    own = _own(notice, reader)
    names = list(ScoreCard.objects.filter(assessment=notice.release.assessment_id).values_list(*_NAMES))
    others = [{name for name in row[1:] if name} for row in names if row[0] not in own]
    cut = [
        _kept(lines, notice.facts, facts, {name for one in others for name in one}, language)
        for lines, language in zip(texts, ("zh", "en"), strict=True)
    ]
    return Reading(False, facts, *cut)


_NAMES = ("unit__code", "unit__name_zh", "unit__name_en")


def _own(notice: Notice, reader: Any) -> set[str]:
    """The codes of the reader's own units."""
    if reader is None:
        return set()
    cards = ScoreCard.objects.filter(
        assessment=notice.release.assessment_id, unit__government__in=organisations_of(reader, ("town_officer",))
    )
    return set(cards.values_list("unit__code", flat=True))


def _cut(notice: Notice, reader: Any) -> dict[str, Any]:
    own = _own(notice, reader)
    seen = own if reader is None else own | _rectifying(notice, reader)
    facts = dict(notice.facts)
    facts["remarks"] = [one for one in facts.get("remarks", ()) if one["unit"] in own]
    facts["rectifications"] = [one for one in facts.get("rectifications", ()) if one["unit"] in seen]
    return facts


def _rectifying(notice: Notice, reader: Any) -> set[str]:
    rows = visible(reader, Rectification.objects.filter(round=notice.release.assessment.round_id))
    return set(rows.values_list("unit__code", flat=True))


def _kept(
    lines: Sequence[str], full: dict[str, Any], cut: dict[str, Any], others: Collection[str], language: str
) -> tuple[str, ...]:
    """Keep what is for everyone or names nobody else; the list of those that rectify becomes the reader's own."""
    if not lines or not full:
        return tuple(line for line in lines if not any(name in line for name in others))
    bare = {**cut, **dict.fromkeys(SINGLE, ())}
    open_to_all = set(text_of(bare, language).split("\n"))
    listed, mine = (_listed(facts, bare, language) for facts in (full, cut))
    found = [mine if line == listed else line for line in lines]
    plain = {*open_to_all, mine}
    return tuple(
        line for line in found if line is not None and (line in plain or not any(name in line for name in others))
    )


def _listed(facts: dict[str, Any], bare: dict[str, Any], language: str) -> str | None:
    """The paragraph that names those that rectify, as it is written from facts."""
    known = set(text_of(bare, language).split("\n"))
    told = text_of({**bare, "rectifications": facts.get("rectifications", ())}, language).split("\n")
    return next((line for line in told if line not in known), None)
