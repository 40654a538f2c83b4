"""The check-up of a firm on one page: the picture of its areas and the three steps that help most."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.queries import city
from qualipolis.city.hospital.learning.check_up import Picture, picture
from qualipolis.city.hospital.learning.check_up_questions import ANSWERS
from qualipolis.city.hospital.models import CheckUp
from qualipolis.faces.report.typefaces import texts, tidy
from qualipolis.faces.report.typesetting import frame, tidied, typeset
from qualipolis.faces.report.words import Lang, lang_of, shorten


def pdf(row: CheckUp, earlier: CheckUp | None, lang: str) -> bytes:
    """Return the check-up as PDF bytes (PDF/A-2a, PDF/UA-1) in Chinese or English."""
    spoken = lang_of(lang)
    with override("zh-hans" if spoken == "zh" else "en"):
        data = tidied(document(row, earlier, spoken))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    said = {key: value for key, value in data.items() if key not in ("frame", "areas")}
    checked = [(place, tidy(text)) for place, text in texts(said)]
    made = datetime.combine(row.made_on, time(12), tzinfo=UTC)
    return typeset("check_up.typ", data, made, checked)


def document(row: CheckUp, earlier: CheckUp | None, lang: Lang) -> dict[str, Any]:
    """Return what stands on the page, every text in words already."""
    found, was = picture(row.answers), picture(earlier.answers) if earlier else None
    here = city()
    title = _("Check-up of the firm")
    place = (here.name_zh if lang == "zh" else here.name_en or here.name_zh) if here else ""
    return {
        "frame": frame(lang, title, shorten(place, 20), bool(here and here.synthetic), f"{title} {row.made_on:%Y-%m-%d}")
        | {"header": title},
        "title": row.enterprise.name,
        "lead": lead(found),
        "picture": _picture(earlier),
        "areas": _areas(found, was),
        "steps_title": _("The three steps that help most"),
        "steps": [
            [_(one.question.step), f"{_(one.question.words)} {_(ANSWERS[str(one.answer)])}"] for one in found.steps
        ],
        "none": _("You do all of it, always. Repeat the check-up in a year."),
        "note": _("The firm's own answers; nobody of the administration sees them. Questions about danger and about what law asks weigh up to three times as much as the lightest; what does not apply or was not answered counts neither for nor against."),
    }  # fmt: skip


def _picture(earlier: CheckUp | None) -> str:
    if earlier is None:
        return _("Share reached in each area, 0 to 100")
    return _("Share reached in each area, 0 to 100; the mark is the check-up of %(day)s") % {"day": earlier.made_on}


def lead(found: Picture) -> str:
    """Return the check-up in one sentence."""
    said = {"score": "—" if found.score is None else f"{found.score:.0f}", "n": found.answered, "of": found.asked}
    if not found.enough:
        return _("%(n)s of %(of)s questions answered: too few for a whole picture.") % said
    return _("%(score)s of 100 over all, from %(n)s of %(of)s questions.") % said


def _areas(found: Picture, was: Picture | None) -> list[dict[str, Any]]:
    before = {one.code: one.score for one in was.areas} if was else {}
    return [
        {
            "name": _(one.name),
            "score": one.score,
            "written": "—" if one.score is None else f"{one.score:.0f}",
            "before": before.get(one.code),
            "answered": f"{one.answered}/{one.asked}",
        }
        for one in found.areas
    ]
