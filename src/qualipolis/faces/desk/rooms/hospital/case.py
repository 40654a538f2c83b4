"""The page of one case (病历): how far it has come, the one next step, and the cards of every part of the hospital."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital.consultation import diagnoses
from qualipolis.city.hospital.consultation.examinations import open_examinations
from qualipolis.city.hospital.models import Case
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Offer, law_of, offers, page_of, take
from qualipolis.faces.desk.rooms.hospital import cards
from qualipolis.faces.desk.rooms.hospital.case_thread import trail
from qualipolis.faces.desk.rooms.hospital.case_way import FIRM_TURN, way
from qualipolis.faces.desk.rooms.hospital.who import treats
from qualipolis.faces.desk.rooms.hospital.words import severity_chip, title_of
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer
from qualipolis.law.hospital import guards

RELATED = ("enterprise", "unit", "department", "expert__person", "expert__organisation")
CALM = {"cured": "ok", "following": "ok", "closed": "ok", "improved": "wait", "rejected": "idle", "withdrawn": "idle",
        "closed_unresponsive": "warn", "suspended": "warn", "reopened": "warn", "deregistered": "idle"}  # fmt: skip
ASIDE = {"reject", "decline", "call_panel", "revise", "object", "ask", "suspend", "close_unresponsive", "withdraw", "cease",
         "reopen"}  # fmt: skip
WRITTEN_ON_PAGE = {"prescribe"}
TURN = {
    "registered": gettext_lazy("Waiting for the desk to send it to a department."),
    "triaged": gettext_lazy("Waiting for the manager to propose an expert."),
    "reopened": gettext_lazy("Waiting for the manager to propose an expert."),
    "proposed": gettext_lazy("Waiting for the expert to take the case."),
    "panel": gettext_lazy("Waiting for the panel and its decision."),
    "cured": gettext_lazy("Waiting for the follow-ups by the desk."),
    "following": gettext_lazy("Waiting for the follow-ups by the desk."),
}


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
    main, aside = _parted(case, found)
    shown = page_of(request, case, main, "desk:hospital_case")
    shown["box"] = _judgement(case, main) or shown["box"]
    shared = _shared(main)
    shown["blocked"] = [one for one in shown["blocked"] if one.act.page not in shared]
    shown["beside"] = [one for one in [*shown["beside"], *aside] if not one.blocked and one.act.page not in shared]
    state, steps = shown["state"], way(case, mine=bool(shown["box"]))
    kind = CALM.get(case.status, "wait" if case.status in FIRM_TURN else "idle")
    return shown | {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "lead": lead_of(case),
        "state": type(state)(kind, state.text),
        "severity": severity_chip(case),
        "steps": steps,
        "crumbs": [*trail(request, case)[:-1], (str(case), "")],
        "waits": waits_of(case),
        "errors": [],
        "done": sum(one.state == "done" for one in steps),
        "top_cards": cards.rendered(request, case, "top"),
        "main_cards": cards.rendered(request, case, "main"),
        "aside_cards": cards.rendered(request, case, "aside"),
        "history": history(case, *_beside(request, case)),
        "undo": undo_offer(request.user, f"hospital.case:{case.pk}"),
    }


def _parted(case: Case, found: list[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Return the steps that lead on, and those beside the way; a panel leads on where the diagnosis needs one first."""
    known = diagnoses.facts(case)
    needed = guards.panel_if_needed(known) is not None and not known["open_examinations"]
    beside = ASIDE - {"call_panel"} if needed else ASIDE
    main = [_open_page(one) for one in found if one.act.step not in beside]
    return main, [one for one in found if one.act.step in beside]


def _open_page(offer: Offer) -> Offer:
    """Return a step whose own page is where what it lacks is written: that page opens before the step is possible."""
    if offer.act.step not in WRITTEN_ON_PAGE or not offer.blocked:
        return offer
    return replace(offer, act=replace(offer.act, help=offer.blocked), blocked="")


def _shared(found: list[Offer]) -> set[str]:
    """Return the pages on which several steps are chosen between."""
    pages = [one.act.page for one in found if one.act.page]
    return {one for one in pages if pages.count(one) > 1}


def _judgement(case: Case, found: list[Offer]) -> parts.NextStep | None:
    """Return the one next step where several judgements are given on one page, even while none of them is possible."""
    page_ = next(iter(_shared(found)), "")
    first = next((one for one in found if one.act.page == page_), None) if page_ else None
    if first is None:
        return None
    return parts.NextStep(
        _("Judge the effect"), _("Compare and judge"), page_, _("yours"), deadline=deadline(case.due_on),
        missing=_("Compare before and after first; the numbers say which judgement is possible."),
        law=law_of(first.step), method="get",
    )  # fmt: skip


def _beside(request: HttpRequest, case: Case) -> list[Any]:
    """Return what belongs to a case and is told in its history; the firm reads nothing of how opinions were given."""
    found = [*case.examinations.all(), *case.second_opinions.all()]
    return [*found, *case.panels.all()] if treats(request, case) else found


def lead_of(case: Case) -> str:
    """Return firm, town, how the case came and how much is affected, in two short sentences."""
    said = [_("source: %(source)s") % {"source": case.get_source_display()}]
    if case.volume_affected is not None:
        n = f"{case.volume_affected:,}"
        said.append(ngettext("%(n)s piece affected", "%(n)s pieces affected", case.volume_affected) % {"n": n})
    if case.on_market is not None:
        said.append(_("on the market") if case.on_market else _("not on the market"))
    return _("%(firm)s, %(town)s; %(more)s") % {
        "firm": case.enterprise.name, "town": case.unit.name, "more": str(_(", ")).join(said),
    }  # fmt: skip


def waits_of(case: Case) -> str:
    """Return whose turn it is when it is not the reader's."""
    if case.ended:
        return _("This case is closed.")
    if case.status in FIRM_TURN:
        return _("Waiting for the firm.")
    if case.status in ("examining", "assigned") and open_examinations(case):
        return _("Waiting for the report of the laboratory.")
    return str(TURN.get(case.status, _("Waiting for the expert who treats the case.")))
