"""A public warning as PDF: which products, what the danger is, what to do; Chinese or English. A draft says it is one."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.queries import city
from qualipolis.city.listen.models import PublicWarning
from qualipolis.faces.report.handling_paper import EPOCH, Paper, render_paper
from qualipolis.faces.report.listening_recall import DASH, LANGUAGES, bureau, city_name, lines, notes, shown
from qualipolis.faces.report.words import Lang
from qualipolis.methods.signal.risk import LEVEL_NAMES

__all__ = ["LANGUAGES", "pdf"]


def pdf(row: PublicWarning, lang: str) -> bytes:
    """Return a warning in ``lang`` (zh or en); the same warning gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(row, cast(Lang, lang)))


def _paper(row: PublicWarning, lang: Lang) -> Paper:
    here, name = city(), city_name(lang)
    title = _("Consumer safety warning")
    made = datetime.combine(row.published_on, time(4), UTC) if row.published_on else EPOCH
    return Paper(
        lang, name, bool(here and here.synthetic), title, row.number, _headline(row, lang), _paragraphs(row, lang),
        facts=_facts(row), signed=[bureau(name), shown(row.published_on)], notes=notes(lang, bool(row.body_en)), created_at=made,
    )  # fmt: skip


def _headline(row: PublicWarning, lang: Lang) -> str:
    return row.title_zh if lang == "zh" else row.title_en or row.title_zh


def _paragraphs(row: PublicWarning, lang: Lang) -> list[str]:
    """Return the words; what is not in force says so before anything else."""
    if lang == "en" and row.body_en:
        return [*_standing(row), *lines(row.body_en)]
    return [
        *_standing(row),
        _("Products: %(text)s") % {"text": row.products or DASH},
        _("Danger: %(text)s") % {"text": row.hazard or DASH},
        _("What to do: %(text)s") % {"text": row.advice or DASH},
    ]


def _standing(row: PublicWarning) -> list[str]:
    if row.status == "published":
        return []
    if row.published_on is None:
        return [_("A draft. It is not published.")]
    words = _("No longer in force since %(day)s: %(state)s.") % {"day": shown(row.ended_on), "state": state_words(row)}
    return [words, _("Reason: %(reason)s") % {"reason": row.end_reason}] if row.end_reason else [words]


def _facts(row: PublicWarning) -> list[tuple[str, str]]:
    found = [(_("Risk level"), _(LEVEL_NAMES[row.level]))] if row.level in LEVEL_NAMES else []
    found.append((_("Published on"), shown(row.published_on)))
    if row.replaces:
        found.append((_("Replaces"), row.replaces.number))
    if row.recall and row.recall.announced_on:
        found.append((_("Recall"), row.recall.number))
    return found
