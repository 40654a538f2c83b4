"""The page of a second opinion: why the firm disputes the diagnosis, who looks again, what comes of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.hospital.consultation import second_opinions
from qualipolis.city.hospital.consultation.parties import as_expert
from qualipolis.city.hospital.models import Expert, SecondOpinion
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, offers, page_of, take
from qualipolis.faces.desk.rooms.hospital.cards_consultation import CONFIDENCE
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, trail
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import result_forms as asked


@page(*ROLES)
def hospital_second_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one second opinion."""
    rows = SecondOpinion.objects.select_related(
        "case__enterprise", "case__unit", "case__expert__person", "diagnosis__expert__person",
        "diagnosis__expert__organisation", "expert__person", "expert__organisation",
    )  # fmt: skip
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    found = offers(request, row, _acts(request, row), {"conflict": ""})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:hospital_second_opinion", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "hospital/second_opinion.html", _context(request, row, found), status=status)


def _acts(request: HttpRequest, row: SecondOpinion) -> list[Act]:
    """Return what the manager, the appointed expert and the firm may do."""
    opinion = asked.text(_("Opinion"), 4000, 6, hint=_("What you looked at and why the diagnosis stands or does not."))
    found = []
    mine = as_expert(request.user)
    if mine is not None and mine.pk == row.expert_id:
        found = [
            Act("uphold", "hospital.give_second_opinion", lambda actor, one, said: _give(actor, one, True, said),
                {"reason": opinion}, for_good=True),
            Act("overturn", "hospital.give_second_opinion", lambda actor, one, said: _give(actor, one, False, said),
                {"reason": opinion}, for_good=True,
                help=_("The case goes back to its examination, a prescription nobody accepted is taken back.")),
        ]  # fmt: skip
    if "hospital_manager" in roles_of(request.user):
        fields = {"expert": lambda: _choice(request, row)}
        found.append(Act("appoint", "hospital.appoint_second_expert", _appoint, fields, for_good=True))
    found.append(Act("withdraw", "hospital.withdraw_second_opinion",
                     lambda actor, one, said: second_opinions.withdraw(actor, one), for_good=True))  # fmt: skip
    return found


def _choice(request: HttpRequest, row: SecondOpinion) -> forms.Field:
    """Return who may be appointed: of another organisation, without ties, new to the case."""
    rows = visible(request.user, Expert.objects.select_related("person", "organisation"))
    keys = [one.pk for one in second_opinions.eligible(row, rows)]
    field = forms.ModelChoiceField(rows.filter(pk__in=keys), label=_("Expert"))
    field.label_from_instance = lambda one: f"{one}{_(', ')}{one.organisation.name}"  # type: ignore[method-assign]
    field.help_text = _("Only experts of other organisations who have had nothing to do with the case are listed.")
    return field


def _appoint(actor: Any, row: SecondOpinion, said: dict[str, Any]) -> None:
    second_opinions.appoint(actor, row, said["expert"])


def _give(actor: Any, row: SecondOpinion, upheld: bool, said: dict[str, Any]) -> None:
    second_opinions.give(actor, row, upheld, said["reason"])


def _context(request: HttpRequest, row: SecondOpinion, found: list[Offer]) -> dict[str, Any]:
    return page_of(request, row, found, "desk:hospital_second_opinion") | {
        "stage": "diagnose",
        "case": row.case,
        "title": title_of(row.case),
        "crumbs": trail(request, row.case, str(_("Second opinion"))),
        "standing": row.diagnosis,
        "confidence": CONFIDENCE[row.diagnosis.confidence],
        "history": history(row),
        "undo": undo_offer(request.user, f"hospital.secondopinion:{row.pk}"),
    }
