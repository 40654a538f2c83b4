"""The room of a panel: the seats, the own opinion before the others', the decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital.consultation import panels
from qualipolis.city.hospital.consultation.parties import treats
from qualipolis.city.hospital.models import Panel, RootCause
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, offers, page_of, take
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, trail
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import result_forms as asked
from qualipolis.law.hospital.rules import NOTE
from qualipolis.methods.problems import msg

OPINION = msg("Give your own opinion")


@page(*ROLES)
def hospital_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The room of one panel; the firm reads the decision."""
    rows = Panel.objects.select_related("case__enterprise", "case__expert__person", "case__unit")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    found = _offers(request, row)
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:hospital_panel", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "hospital/panel.html", _context(request, row, found), status=status)


def _offers(request: HttpRequest, row: Panel) -> list[Offer]:
    """Return the own opinion first, then the decision for whoever records it."""
    seat, found = panels.seat_of(request.user, row), []
    if row.status == "called" and seat is not None and seat.said_at is None:
        fields = {
            "opinion": asked.text(_("Your opinion"), 2000, 5, hint=_("You read the others once yours is given.")),
            "root_cause": asked.choice(_("Category of the root cause"), RootCause.choices, required=False),
        }
        act = Act("opinion", "hospital.give_opinion", _opine, fields, for_good=True)
        found = asked.beside(request, row, act, OPINION, NOTE)
    if panels.may_conclude(request.user, row):
        found += offers(request, row, [
            Act("conclude", "hospital.conclude_panel",
                lambda actor, one, said: panels.conclude(actor, one, said["decision"]),
                {"decision": asked.text(_("Decision of the panel"), 4000, 5, hint=_("The firm reads it."))}),
            Act("cancel", "hospital.cancel_panel",
                lambda actor, one, said: panels.cancel(actor, one, said["reason"]), for_good=True),
        ], {})  # fmt: skip
    return found


def _opine(actor: Any, row: Panel, said: dict[str, Any]) -> None:
    panels.opine(actor, row, said["opinion"], said["root_cause"])


def _context(request: HttpRequest, row: Panel, found: list[Offer]) -> dict[str, Any]:
    seats = list(row.seats.select_related("expert__person", "expert__organisation"))
    readable = set(panels.opinions_read_by(request.user, row).values_list("pk", flat=True))
    own = panels.seat_of(request.user, row)
    if own is not None and own.said_at is not None:
        readable.add(own.pk)
    return page_of(request, row, found, "desk:hospital_panel") | {
        "stage": "diagnose",
        "case": row.case,
        "title": title_of(row.case),
        "crumbs": trail(request, row.case, str(_("Panel"))),
        "seats": [(one, one.pk in readable, own is not None and one.pk == own.pk) for one in seats],
        "given": sum(one.said_at is not None for one in seats),
        "inside": treats(request.user, row.case),
        "history": history(row),
        "undo": undo_offer(request.user, f"hospital.panel:{row.pk}"),
        "waits": _("The members give their opinions; then the decision is recorded.") if not row.ended else "",
    }
