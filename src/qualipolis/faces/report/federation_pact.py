"""A pact of the federation as PDF: its words as they were published, who signed it; Chinese or English."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.queries import city
from qualipolis.city.govern.models import Pact
from qualipolis.faces.report.handling_paper import EPOCH, Paper, render_paper
from qualipolis.faces.report.listening_recall import LANGUAGES, city_name, lines, notes, shown
from qualipolis.faces.report.words import Lang

__all__ = ["LANGUAGES", "pdf"]


def pdf(row: Pact, lang: str) -> bytes:
    """Return a pact in ``lang`` (zh or en); the same pact with the same signatures gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(row, cast(Lang, lang)))


def _paper(row: Pact, lang: Lang) -> Paper:
    here, english = city(), lang == "en" and bool(row.text_en)
    signed = row.signatures.filter(ended_on=None).select_related("member__organisation")
    names = [
        (one.member.number, one.member.name, one.member.get_kind_display(), shown(one.signed_on)) for one in signed
    ]
    made = datetime.combine(row.published_on, time(4), UTC) if row.published_on else EPOCH
    return Paper(
        lang, city_name(lang), bool(here and here.synthetic), _("Pact"), row.number, row.title_en if english and row.title_en else row.title,
        lines(row.text_en if english else row.text), facts=_facts(row), table_title=_("Signed by"),
        heads=[_("Number"), _("Member"), _("Kind of member"), _("Signed on")], rows=names,
        signed=[_("Co-governance federation for market regulation"), shown(row.published_on)], notes=notes(lang, english), created_at=made,
    )  # fmt: skip


def _facts(row: Pact) -> list[tuple[str, str]]:
    found = [
        (_("State"), state_words(row)),
        (_("Checked for fair competition on"), shown(row.cleared_on)),
        (_("Published on"), shown(row.published_on)),
    ]
    if row.ended_on:
        found.append((_("Ended on"), shown(row.ended_on)))
    if row.replaces:
        found.append((_("Replaces"), row.replaces.number))
    return found
