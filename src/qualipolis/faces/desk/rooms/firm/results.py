"""A firm's own results: what was found, how many days are left to object, how to object, how a recheck stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.supervise.models import Objection, Recheck, ServedResult
from qualipolis.city.supervise.results import clocks as result_clocks
from qualipolis.city.supervise.results import objections, rechecks
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.city.supervise.results import serving as results
from qualipolis.city.supervise.results.queries import PartyWindow
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, box_of, chip_of, law_of, offers, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import result_forms as asked
from qualipolis.faces.desk.rooms.supervise.result_words import (
    PARTY,
    fee_words,
    item_rows,
    verdict_chip,
    window_words,
)
from qualipolis.law.supervision import sources as law
from qualipolis.methods.problems import msg

FIRM = "enterprise"
CONFIRM = msg("Confirm that the notice was received today")
WAIVE = msg("Declare in writing that we do not object")
WITHDRAW = msg("Withdraw the objection")
OPEN = ("received", "studying", "recheck_ordered")
DISTRIBUTED = ("under_objection", "under_recheck")


@dataclass(frozen=True)
class Own:
    """One notice of the firm as its list shows it."""

    service: ServedResult
    window: PartyWindow
    verdict: parts.Chip
    state: parts.Chip
    party: str
    words: str
    product: str
    next: str


@page(FIRM)
def firm_results(request: HttpRequest) -> HttpResponse:
    """The results of one's own firm, those with a running window first."""
    rows = [own(one) for one in result_queries.own_services(request.user)[:400]]
    rows.sort(key=lambda one: (not one.window.running, one.service.result.ended))
    open_ones = sum(one.window.running for one in rows)
    context = {
        "stage": "supervise",
        "rows": rows,
        "running": open_ones,
        "unconfirmed": sum(not one.service.served_on for one in rows),
    }
    return render(request, "supervise/firm_results.html", context)


def own(one: ServedResult) -> Own:
    """Return a notice with its window and what the firm can do next."""
    window = result_queries.windows(one.result, [one])[0]
    form = getattr(one.result.sample.task, "form", None)
    return Own(one, window, verdict_chip(one.result), chip_of(one.result), str(PARTY[one.party]), window_words(window),
               form.product_name if form else "", _next(one, window))  # fmt: skip


def _next(one: ServedResult, window: PartyWindow) -> str:
    if one.result.ended:
        return _("Nothing to do")
    if not one.served_on:
        return _("Confirm the receipt")
    if Objection.objects.filter(service=one, status__in=OPEN).exists():
        return _("Your objection is being answered")
    return _("You may object") if window.running else _("Nothing to do")


@page(FIRM)
def firm_result(request: HttpRequest, pk: int) -> HttpResponse:
    """One result of one's own firm: what it means, the days that are left, and what can be done."""
    service = get_object_or_404(result_queries.own_services(request.user), pk=pk)
    mine = list(Objection.objects.filter(service=service).order_by("-pk"))
    found = _offers(request, service, mine)
    if request.method == "POST" and _take(request, service, found):
        return redirect("desk:firm_result", pk)
    status = 400 if request.method == "POST" else 200
    offered = [offer for _row, offer in found]
    return render(request, "supervise/firm_result.html", _context(request, service, mine, offered), status=status)


def _offers(request: HttpRequest, service: ServedResult, mine: Sequence[Objection]) -> list[tuple[Any, Offer]]:
    """Return the steps of the firm, each with the row it moves."""
    row, found = service.result, []
    window = result_queries.windows(row, [service])[0]
    if not service.served_on and not row.ended:
        act = Act("confirm", "supervise.confirm_receipt", lambda actor, one, said: results.confirm_receipt(actor, one))
        found += [(service, one) for one in _beside(request, service, act, CONFIRM, law.O18_35)]
    for recheck in Recheck.objects.filter(objection__service=service, status="ordered").order_by("pk"):
        found += [(recheck, one) for one in offers(request, recheck, [_formalities()], _known(recheck))]
    open_ones = [one for one in mine if one.status in OPEN]
    if window.running and service.served_on and not open_ones and row.status != "voided":
        act = Act("waive", "supervise.waive_objection",
                  lambda actor, one, said: results.waive(actor, one, words=said["words"], proof=said["proof"]),
                  {"words": asked.line(gettext_lazy("Remarks"), 400, required=False),
                   "proof": asked.file(gettext_lazy("The signed declaration"), required=True)})  # fmt: skip
        found += [(service, one) for one in _beside(request, service, act, WAIVE, law.PLATFORM)]
    withdraw = Act("withdraw", "supervise.withdraw_objection",
                   lambda actor, one, said: objections.withdraw(actor, one, said["reason"]))  # fmt: skip
    tested = Recheck.objects.filter(objection__service=service, status__in=("designated", "testing")).exists()
    for one in [] if tested else open_ones[:1]:
        found += [(one, offer) for offer in offers(request, one, [withdraw], {})]
    return found


def _formalities() -> Act:
    return Act("formalities", "supervise.recheck_formalities", lambda actor, one, said: rechecks.formalities(actor, one),
               title=_("Do the formalities of the recheck"),
               help=_("You apply to the organiser and advance the fee. What is missed is waived."))  # fmt: skip


def _known(recheck: Recheck) -> dict[str, Any]:
    return {"formalities_until": result_clocks.formalities_until(recheck)}


def _beside(request: HttpRequest, service: ServedResult, act: Act, label: str, basis: str) -> list[Offer]:
    service.status = service.result.status  # type: ignore[attr-defined]
    return asked.beside(request, service, act, label, basis)


def _take(request: HttpRequest, service: ServedResult, found: Sequence[tuple[Any, Offer]]) -> bool:
    for row, offer in found:
        if offer.act.step == request.POST.get("do"):
            return take(request, row, [offer])
    return False


def _context(
    request: HttpRequest, service: ServedResult, mine: Sequence[Objection], found: list[Offer]
) -> dict[str, Any]:
    row, task = service.result, service.result.sample.task
    window = result_queries.windows(row, [service])[0]
    may = _may_object(request, service, window, mine)
    checks = Recheck.objects.filter(objection__service=service).select_related("laboratory").order_by("-pk")
    due = next((deadline(one.due_on) for one in checks if one.status == "ordered"), None)
    primary = found[:1] if not may and not (found and found[0].act.step in ("waive", "withdraw")) else []
    return {
        "stage": "supervise",
        "service": service,
        "row": row,
        "task": task,
        "form": getattr(task, "form", None),
        "party": PARTY[service.party],
        "verdict": verdict_chip(row),
        "state": chip_of(row),
        "window": window,
        "window_words": window_words(window),
        "meaning": meaning(service, running=window.running),
        "items": item_rows(result_queries.items(row)),
        "may_object": may,
        "box": box_of(primary, reverse("desk:firm_result", args=[service.pk]), None) if primary else None,
        "due": due,
        "beside": [offer for offer in found if offer not in primary],
        "objections": [(one, chip_of(one)) for one in mine],
        "rechecks": [(one, chip_of(one), fee_words(one)) for one in checks],
        "law": parts.Law(_(law.FOOD_88 if window.working else law.LAW_15)),
        "crumbs": [(_("My results"), reverse("desk:firm_results")), (row.number, "")],
    }


def _may_object(request: HttpRequest, service: ServedResult, window: PartyWindow, mine: Sequence[Objection]) -> bool:
    busy = any(one.status in OPEN for one in mine)
    ended = service.result.status in ("voided", "final")
    return bool(window.running and not busy and not ended and can(request.user, "supervise.object", service))


def meaning(service: ServedResult, *, running: bool = True) -> list[str]:
    """Return in plain words what the result means for the firm now."""
    row = service.result
    if row.status == "voided":
        return [_("The result was voided. It counts for nothing, and nothing follows from it.")]
    side = {"firm": "seller", "producer": "producer"}.get(service.party, "")
    if side and side in row.voided_for:
        return [_("The result was voided for your side; it stays for the other party.")]
    if row.verdict == "pass":
        return [_("No nonconformity was found in the inspected sample. That is no certificate for the product.")]
    final = _("It is final: the order to correct follows. Stop making and selling the same product at once.")
    open_words = _("It is not final yet. You may object until the last day of your term; nothing is published before.")
    waits = _("It is not final yet: open windows and objections come to their end first; nothing is published before.")
    if service.objections.exclude(status="withdrawn").exists():
        open_words = waits
    return [
        _("The inspected sample does not conform. The items are listed below."),
        final if row.status == "final" else open_words if running or not service.served_on else waits,
    ]


__all__ = ["firm_result", "firm_results", "law_of", "own"]
