"""The published notes of a meeting of the federation as PDF, with the count of every resolution; Chinese or English."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.queries import city
from qualipolis.city.govern.meetings.queries import public_resolutions
from qualipolis.city.govern.models import FederationMeeting, Resolution
from qualipolis.faces.report.handling_paper import EPOCH, Paper, render_paper
from qualipolis.faces.report.listening_recall import DASH, LANGUAGES, city_name, lines, notes, shown
from qualipolis.faces.report.words import Lang

__all__ = ["LANGUAGES", "pdf"]


def pdf(row: FederationMeeting, lang: str) -> bytes:
    """Return the notes in ``lang`` (zh or en); the same notes give the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(row, cast(Lang, lang)))


def _paper(row: FederationMeeting, lang: Lang) -> Paper:
    here, english = city(), lang == "en" and bool(row.notes_en)
    made = datetime.combine(row.published_on, time(4), UTC) if row.published_on else EPOCH
    facts = [
        (_("Day of the meeting"), shown(row.meets_on)), (_("Where or how"), row.place),
        (_("Who meets"), row.committee.name if row.committee else _("all members")),
        (_("In the chair"), row.chair.name if row.chair else DASH), (_("Published on"), shown(row.published_on)),
    ]  # fmt: skip
    return Paper(
        lang, city_name(lang), bool(here and here.synthetic), _("Notes of a meeting"), row.number,
        row.title_en if english and row.title_en else row.title, lines(row.notes_en if english else row.notes), facts=facts,
        table_title=_("Resolutions"), heads=[_("Number"), _("Resolution"), _("Result"), _("For, against, abstaining")],
        rows=[_line(one) for one in public_resolutions(row)],
        signed=[_("Co-governance federation for market regulation"), shown(row.published_on)], notes=notes(lang, english), created_at=made,
    )  # fmt: skip


def _line(row: Resolution) -> tuple[str, str, str, str]:
    votes: dict[str, Any] = (row.result or {}).get("all", {})
    counted = " / ".join(str(votes.get(name, DASH)) for name in ("yes", "no", "abstain"))
    return row.number, row.name, state_words(row), counted
