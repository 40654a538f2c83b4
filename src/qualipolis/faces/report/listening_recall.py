"""The notice of a recall as PDF: which products, what danger, what to do, who recalls; Chinese or English."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.queries import city
from qualipolis.city.listen.models import Recall
from qualipolis.city.listen.safety.lists import product_words
from qualipolis.faces.report.handling_paper import Paper, render_paper
from qualipolis.faces.report.words import Lang

LANGUAGES = {"zh": "zh-hans", "en": "en"}
DASH = "—"


def pdf(row: Recall, lang: str) -> bytes:
    """Return the notice of an announced recall in ``lang`` (zh or en); the same recall gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(row, cast(Lang, lang)))


def _paper(row: Recall, lang: Lang) -> Paper:
    here, name = city(), city_name(lang)
    day = row.announced_on or row.clue_on
    return Paper(
        lang, name, bool(here and here.synthetic), _("Notice of recall"), row.number, _("To all who own or sell the product:"),
        _paragraphs(row, lang), facts=_facts(row), signed=[bureau(name), shown(day)], notes=notes(lang, bool(row.body_en)),
        created_at=datetime.combine(day, time(4), UTC),
    )  # fmt: skip


def _paragraphs(row: Recall, lang: Lang) -> list[str]:
    head = _("%(firm)s recalls: %(product)s.") % {"firm": _firm(row), "product": product_words(row)}
    if row.ordered:
        head = _("%(firm)s recalls by order (%(number)s): %(product)s.") % {
            "firm": _firm(row), "number": row.document_no, "product": product_words(row)}  # fmt: skip
    if lang == "en" and row.body_en:
        return [head, *lines(row.body_en)]
    return [
        head,
        _("Danger: %(text)s") % {"text": row.defect},
        _("What is done: %(text)s") % {"text": row.measure},
        _("How owners are told: %(text)s") % {"text": row.told_how},
        _("Stop using the product. Contact the firm or the shop where you bought it; it costs you nothing."),
    ]


def _firm(row: Recall) -> str:
    return row.enterprise.name if row.enterprise else row.producer_name


def _facts(row: Recall) -> list[tuple[str, str]]:
    return [
        (_("Producer"), _firm(row)),
        (_("Product"), product_words(row)),
        (_("Barcode"), row.product.barcode or DASH),
        (_("Batches"), row.batches or DASH),
        (_("Pieces"), f"{row.units:,}" if row.units else DASH),
        (_("Announced on"), shown(row.announced_on)),
        (_("Runs until"), shown(row.until)),
    ]


def city_name(lang: str) -> str:
    """Return the name of the city in a language."""
    here = city()
    return (here.name_zh if lang == "zh" else here.name_en or here.name_zh) if here else ""


def bureau(name: str) -> str:
    """Return who signs."""
    return _("Market Regulation Bureau of %(city)s") % {"city": name} if name else _("Market Regulation Bureau")


def lines(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [line for line in text.splitlines() if line.strip()]


def shown(day: date | None) -> str:
    """Return a day as papers write it."""
    return f"{day:%Y-%m-%d}" if day else DASH


def notes(lang: str, english: Any) -> list[str]:
    """Return the small print: which language counts."""
    if lang == "zh":
        return []
    found = [_("A reading aid. The Chinese document is the official one.")]
    return (
        found
        if english
        else [*found, _("No English words were written for this document; the Chinese words stand above.")]
    )
