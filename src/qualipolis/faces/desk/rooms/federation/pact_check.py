"""The fair-competition check: point by point, with the words that draw attention, by two people other than the author."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.govern import service
from qualipolis.city.govern.bodies import REPRESENTATIVES, SECRETARY
from qualipolis.city.govern.models import Pact
from qualipolis.city.govern.pacts.writing import checks
from qualipolis.faces.desk.rooms.federation.pieces import Fields, Section, area, form_page, texts
from qualipolis.law.federation.competition import BY_CODE, POINTS, Hint, hints

ANSWERS = (("no", gettext_lazy("no")), ("doubt", gettext_lazy("it may")))


def found_words(row: Pact) -> dict[str, list[Hint]]:
    """Return the words of both texts that draw attention, by point."""
    found: dict[str, list[Hint]] = {}
    for one in (*hints(row.text), *hints(row.text_en)):
        found.setdefault(one.point, []).append(one)
    return found


def _point(code: str, drawn: dict[str, list[Hint]]) -> Any:
    point = BY_CODE[code]

    def make() -> forms.Field:
        words = "、".join(dict.fromkeys(f"“{one.words}”" for one in drawn.get(code, ())))
        law = _(point.law)
        said = _("%(law)s. Words that draw attention: %(words)s") % {"law": law, "words": words} if words else law
        return forms.ChoiceField(label=_(point.asks), choices=ANSWERS, widget=forms.RadioSelect, help_text=said)

    return make


@page(*SECRETARY, *REPRESENTATIVES)
def pact_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer every point of the check."""
    row = get_object_or_404(visible(request.user, Pact.objects.all()), pk=pk)
    drawn, url = found_words(row), reverse("desk:federation_pact", args=[pk])
    fields: Fields = {point.code: _point(point.code, drawn) for point in POINTS}
    fields["note"] = area(gettext_lazy("What raises the doubt, and what would mend it"), 2000, required=False)

    def act(said: dict[str, Any]) -> str:
        note = said.pop("note")
        service.check_pact(request.user, row, said, note)
        return url

    return form_page(
        request, _("Check for fair competition"), fields, act, _("Hand the check in"), (row.name, url),
        lead=_("The words only point; you decide. Every point is answered, and a doubt says why."),
        help=_("Your answer stands on record with your name and cannot be changed in this turn."),
        sections=texts(_("Text of the pact"), row.text, row.text_en),
    )  # fmt: skip


def check_section(request: HttpRequest, row: Pact) -> Section:
    """Return the check of the present turn: who answered, what is in doubt, and which words draw attention."""
    rows: list[dict[str, Any]] = []
    found = list(checks(row))
    for one in found:
        doubts = "；".join(_(BY_CODE[code].asks) for code in one.doubts if code in BY_CODE)
        said = (
            _("may restrict competition: %(points)s") % {"points": doubts}
            if doubts
            else _("found nothing that restricts competition")
        )
        rows.append({"words": f"{one.person}{_(', ')}{said}", "small": one.note or f"{one.checked_on:%Y-%m-%d}"})
    drawn = found_words(row)
    for code, words in drawn.items():
        rows.append({"words": _("Words that draw attention: %(words)s") % {"words": "、".join(dict.fromkeys(f"“{one.words}”" for one in words))},
                     "small": _(BY_CODE[code].asks)})  # fmt: skip
    links = []
    mine = getattr(request.user, "pk", None)
    if (
        row.status == "checking"
        and mine != row.written_by_id
        and can(request.user, "federation.check_pact", row)
        and all(one.person_id != mine for one in found)
    ):
        links.append((_("Answer the check"), reverse("desk:federation_pact_check", args=[row.pk])))
    small = _("turn %(n)s, %(done)s of 2 people") % {"n": row.turn, "done": len(found)}
    return Section(_("Fair-competition check"), rows=rows, small=small, links=links,
                   empty="" if rows else _("Nobody has answered yet."))  # fmt: skip
