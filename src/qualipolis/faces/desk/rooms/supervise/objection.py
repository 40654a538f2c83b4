"""The page of one objection: what it says, whether it came in time, and the answer that it always gets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Objection
from qualipolis.city.supervise.results import clocks as result_clocks
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.faces.desk.rooms.cycle.town import files_behind
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import result_forms as asked
from qualipolis.faces.desk.rooms.supervise.result_words import PARTY, verdict_chip
from qualipolis.law.supervision import sources as law
from qualipolis.methods.problems import msg

PATH = (
    (gettext_lazy("Received"), ("received",), ("supervise.accept_objection", "supervise.reject_late_objection")),
    (gettext_lazy("Study"), ("studying",), ("supervise.order_recheck", "supervise.dismiss_objection",
                                            "supervise.uphold_flaw")),
    (gettext_lazy("Recheck, where needed"), ("recheck_ordered",), ("supervise.answer_objection",)),
    (gettext_lazy("Answered"), (), ("supervise.answer_objection", "supervise.dismiss_objection",
                                    "supervise.uphold_flaw", "supervise.reject_late_objection")),
)  # fmt: skip
ADMIT = msg("Admit it: it came in time")
WHOLE = gettext_lazy("for everybody")


@page(*INSIDE)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one objection."""
    related = ("service__enterprise", *(f"result__{name}" for name in result_queries.RELATED))
    row = get_object_or_404(visible(request.user, Objection.objects.select_related(*related)), pk=pk)
    found = _offers(request, row)
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:objection", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "supervise/objection.html", _context(request, row, found), status=status)


def _offers(request: HttpRequest, row: Objection) -> list[Offer]:
    facts = result_clocks.facts(row.result, row)
    if row.status == "received":
        facts |= {"today": row.received_on}
    found = offers(request, row, _acts(row), facts)
    late = result_clocks.is_late(row)
    if row.status == "received" and row.result.status == "final" and not late:
        act = Act("admit", "supervise.admit_objection",
                  lambda actor, one, said: result_ends.admit(actor, one, said["reason"]),
                  {"reason": asked.text(gettext_lazy("Reason"))})  # fmt: skip
        found += asked.beside(request, row, act, ADMIT, law.LAW_15)
    return found


def _acts(row: Objection) -> list[Act]:
    late = Act("reject_late", "supervise.reject_late_objection",
               lambda actor, one, said: objections.reject_late(actor, one, said["reply"]),
               help=_("The remedies that are left are added to the reply."))  # fmt: skip
    kind = asked.choice(gettext_lazy("It objects to"), Objection.Kind.choices, blank=_("Choose"))
    accept = Act("accept", "supervise.accept_objection",
                 lambda actor, one, said: objections.accept(actor, one, said["objection_kind"]),
                 {"objection_kind": lambda: _with(kind(), row.kind)})  # fmt: skip
    first = [late, accept] if result_clocks.is_late(row) else [accept, late]
    sides = [("", WHOLE)] + [(side, _SIDES[side]) for side in result_ends.sides_of(row.result) if _two(row)]
    grant = {"reply": asked.text(gettext_lazy("Written reply"), 4000, 5)}
    if len(sides) > 1:
        side = asked.choice(gettext_lazy("Void it"), sides[1:], required=False, blank=WHOLE)
        grant |= {"side": side}
    upheld = Act("uphold_flaw", "supervise.uphold_flaw",
                 lambda actor, one, said: objections.uphold_flaw(actor, one, said["reply"], said.get("side", "")), grant)  # fmt: skip
    recheck = Act("order_recheck", "supervise.order_recheck",
                  lambda actor, one, said: objections.order_recheck(actor, one, said["document_no"]))  # fmt: skip
    dismiss = Act("dismiss", "supervise.dismiss_objection",
                  lambda actor, one, said: objections.dismiss(actor, one, said["reply"]))  # fmt: skip
    study = [recheck, dismiss, upheld] if row.kind == "conclusion" else [dismiss, upheld, recheck]
    withdraw = Act("withdraw", "supervise.withdraw_objection",
                   lambda actor, one, said: objections.withdraw(actor, one, said["reason"]))  # fmt: skip
    return [*first, *study, withdraw]


_SIDES = {
    "seller": gettext_lazy("for the seller only"),
    "producer": gettext_lazy("for the producer only (counterfeit)"),
}


def _two(row: Objection) -> bool:
    return len(result_ends.sides_of(row.result)) == 2


def _with(field: Any, initial: str) -> Any:
    field.initial = initial
    return field


def _context(request: HttpRequest, row: Objection, found: list[Offer]) -> dict[str, Any]:
    told = history(row)
    until = result_clocks.window_until(row.service)
    checks = result_queries.rechecks_of(request.user, row.result).filter(objection=row)
    main = [o for o in found if o.act.step != "withdraw"]
    shown = page_of(request, row, main, "desk:objection")
    return shown | {
        "beside": [*shown["beside"], *(o for o in found if o.act.step == "withdraw")],
        "steps": progress(row, PATH, told, mine=bool(shown["box"]))
        if row.status not in ("rejected_late", "withdrawn")
        else [],
        "undo": undo_offer(request.user),
        "history": told,
        "late": result_clocks.is_late(row),
        "until": until,
        "party": PARTY[row.service.party],
        "result_state": chip_of(row.result),
        "verdict": verdict_chip(row.result),
        "files": files_behind({row.pk: name_of(row)})[row.pk],
        "rechecks": [(one, chip_of(one)) for one in checks],
        "waits": waits(row),
        "may_result": can(request.user, "supervise.serve_result", row.result),
        "crumbs": [
            (_("Results"), reverse("desk:results")),
            (row.result.number, reverse("desk:result", args=[row.result_id])),
            (row.number, ""),
        ],
    }


def waits(row: Objection) -> str:
    """Return with whom an objection lies."""
    if row.ended:
        return _("It is answered; nothing is left to do.")
    if row.status == "recheck_ordered":
        return _("The recheck below decides; its conclusion is the answer.")
    return _("The organiser answers it in writing.")
