"""The page of one case (病历): how far it has come, the one next step, and the cards of every part of the hospital."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital.models import Case
from qualipolis.faces.desk.rooms.flow_page import Offer, offers, page_of, take
from qualipolis.faces.desk.rooms.hospital import cards
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer

RELATED = ("enterprise", "unit", "department", "expert__person", "expert__organisation")


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
def hospital_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one case."""
    case = get_object_or_404(visible(request.user, Case.objects.select_related(*RELATED)), pk=pk)
    cards.gather()
    found = offers(request, case, cards.acts_of(request, case), cards.facts_of(case))
    if request.method == "POST" and take(request, case, found):
        return redirect("desk:hospital_case", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "hospital/case.html", _context(request, case, found), status=status)


def _context(request: HttpRequest, case: Case, found: list[Offer]) -> dict[str, Any]:
    return page_of(request, case, found, "desk:hospital_case") | {
        "stage": "diagnose",
        "case": case,
        "top_cards": cards.rendered(request, case, "top"),
        "main_cards": cards.rendered(request, case, "main"),
        "aside_cards": cards.rendered(request, case, "aside"),
        "history": history(case),
        "undo": undo_offer(request.user, f"hospital.case:{case.pk}"),
    }
