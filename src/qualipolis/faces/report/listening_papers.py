"""The ten documents of complaints and reports as PDF: the words as they were issued, Chinese (official) or English."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from qualipolis.city.core.queries import city
from qualipolis.city.listen.models import Document
from qualipolis.faces.report.handling_paper import Paper, render_paper
from qualipolis.faces.report.words import Lang
from qualipolis.law.listening.documents import BY_CODE
from qualipolis.law.listening.grounds import ENDINGS, NOT_FILED, REFUSALS

LANGUAGES = {"zh": "zh-hans", "en": "en"}
DASH = "—"
LABELS = {
    "accepted_on": gettext_lazy("Accepted on"),
    "until": gettext_lazy("Until"),
    "ground": gettext_lazy("Ground"),
    "authority": gettext_lazy("Competent authority"),
    "meets_on": gettext_lazy("Day of the meeting"),
    "how": gettext_lazy("Where or how"),
    "amount": gettext_lazy("Amount, yuan"),
    "perform_by": gettext_lazy("To be performed by"),
    "complainant_signed_on": gettext_lazy("Complainant signed on"),
    "respondent_signed_on": gettext_lazy("Firm signed on"),
    "case_no": gettext_lazy("Number of the case"),
}
GROUNDS = {"refusal": REFUSALS, "ending": ENDINGS, "report_result": NOT_FILED}


def pdf(document: Document, lang: str) -> bytes:
    """Return a document in ``lang`` (zh or en); the same document gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(document, cast(Lang, lang)))


def _paper(document: Document, lang: Lang) -> Paper:
    here, said, zh = city(), document.content, lang == "zh"
    name = (here.name_zh if zh else here.name_en or here.name_zh) if here else ""
    form = BY_CODE[document.code]
    text = said.get("text", "") if zh else said.get("text_en") or said.get("text", "")
    ways = [f"{n}. {_(one)}" for n, one in enumerate(said.get("other_ways", ()), 1)]
    paragraphs = [line for line in text.splitlines() if line.strip()]
    if ways:
        paragraphs += [_("Other ways that stay open (Law on the Protection of Consumer Rights, article 39):"), *ways]
    made = datetime.combine(document.issued_on, time(4), UTC)
    return Paper(
        lang, name, bool(here and here.synthetic), _(form.title), document.number, _addressee(document),
        paragraphs, facts=_facts(document), signed=_signed(document, name), notes=_notes(document, zh), created_at=made,
    )  # fmt: skip


def _addressee(document: Document) -> str:
    """Return to whom it goes: a sender is known by the number of the matter alone."""
    form, complaint = BY_CODE[document.code], document.complaint
    if form.to == ("file",):
        return ""
    of = str(document.content.get("of", ""))
    if "respondent" in form.to and complaint is not None:
        firm = complaint.enterprise.name if complaint.enterprise else complaint.letter.respondent_name
        return _("To the complainant of %(number)s and to %(firm)s:") % {"number": of, "firm": firm}
    who = _("To the informant of %(number)s:") if document.report_id else _("To the complainant of %(number)s:")
    return who % {"number": of}


def _facts(document: Document) -> list[tuple[str, str]]:
    said = document.content
    number = _("Report") if document.report_id else _("Complaint")
    found = [
        (number, str(said.get("of", ""))),
        (_("Received on"), _shown(said.get("received_on"))),
        (_("Order in force"), _(said.get("order", "")) if said.get("order") else DASH),
    ]
    known = {name: value for name, value in said.get("facts", {}).items() if name in LABELS and value not in (None, "")}
    return found + [(str(LABELS[name]), _of(document, name, value)) for name, value in known.items()]


def _of(document: Document, name: str, value: Any) -> str:
    ground = GROUNDS.get(document.code, {}).get(str(value)) if name == "ground" else None
    return _(ground.words) if ground else _shown(value)


def _shown(value: Any) -> str:
    try:
        return f"{date.fromisoformat(str(value)):%Y-%m-%d}"
    except ValueError:
        return str(value or DASH)


def _signed(document: Document, name: str) -> list[str]:
    bureau = _("Market Regulation Bureau of %(city)s") % {"city": name} if name else _("Market Regulation Bureau")
    if document.code != "agreement":
        return [bureau, _shown(document.issued_on)]
    both = [_("Complainant (signature): ____________"), _("Firm (signature, seal): ____________")]
    return [*both, _("Mediator (signature): ____________"), bureau, _shown(document.issued_on)]


def _notes(document: Document, zh: bool) -> list[str]:
    found = [] if zh else [_("A reading aid. The Chinese document is the official one.")]
    if not zh and not document.content.get("text_en"):
        found.append(_("No English words were written for this document; the Chinese words stand above."))
    if document.content.get("facts", {}).get("provisional"):
        found.append(_("The holidays of that year are not published yet; the last day is provisional."))
    return found
