"""The page of one result: its parties with their windows, what failed, objections and rechecks, and the one next step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Result, ServedResult
from qualipolis.city.supervise.results import clocks as result_clocks
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.city.supervise.results import serving as results
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import result_forms as asked
from qualipolis.faces.desk.rooms.supervise.result_words import (
    PARTY,
    due_of,
    item_rows,
    verdict_chip,
    window_chip,
    window_words,
)
from qualipolis.law.supervision import sources as law

PATH = (
    (gettext_lazy("Reported"), (), ("supervise.open_result",)),
    (gettext_lazy("Served on every party"), ("reported", "notified"), ("supervise.open_window",)),
    (
        gettext_lazy("Windows for objections"),
        ("objection_window", "under_objection", "under_recheck", "upheld", "reversed"),
        ("supervise.finalise_result",),
    ),
    (gettext_lazy("Final"), (), ("supervise.finalise_result",)),
)
WINDOWS = ("objection_window", "notified", "under_objection", "under_recheck", "upheld", "reversed")
GROUND = asked.choice(gettext_lazy("Ground"), asked.GROUNDS)


@page(*INSIDE)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one result."""
    rows = Result.objects.select_related(*result_queries.RELATED, "sample__task__campaign__organiser")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    found, extra = _offers(request, row), _beside(request, row)
    if request.method == "POST" and take(request, row, [*found, *extra]):
        return redirect("desk:result", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "supervise/result.html", _context(request, row, found, extra), status=status)


def _offers(request: HttpRequest, row: Result) -> list[Offer]:
    facts = result_clocks.facts(row) | {"process_flaw": True}
    unsent = row.services.filter(sent_on=None, ceased_on=None).exists() and not row.ended
    sends = Act("send", "supervise.send_result", _send, {"sent_on": asked.named_day(gettext_lazy("Sent on"))})
    first = asked.beside(request, row, sends, asked.SENDS, law.O18_35) if unsent else []
    return [*first, *_by_order(request, row), *offers(request, row, _acts(row), facts)]


def _by_order(request: HttpRequest, row: Result) -> list[Offer]:
    """A result that was reopened is concluded by the order itself."""
    if row.status != "under_recheck" or result_clocks.running_recheck(row) is not None:
        return []
    act = Act("by_order", "supervise.conclude_by_order", _conclude, asked.order())
    return asked.beside(request, row, act, asked.ORDER, law.LAW_15)


def _acts(row: Result) -> list[Act]:
    serving = asked.serving(row) if asked.parties(row, served=False) else None
    acts = [Act("serve", "supervise.serve_result", _serve, serving)] if serving else []
    if row.status == "under_recheck" and result_clocks.running_recheck(row) is None:
        acts.append(Act("void", "supervise.void_result", _void, {"ground": GROUND}))
    return [
        *acts,
        Act("open_window", "supervise.open_window", lambda actor, one, said: results.open_window(actor, one)),
        Act("finalise", "supervise.finalise_result", lambda actor, one, said: results.finalise(actor, one)),
        Act("reopen", "supervise.reopen_result",
            lambda actor, one, said: result_ends.reopen(actor, one, said["reason"], said["document_no"])),
    ]  # fmt: skip


def _beside(request: HttpRequest, row: Result) -> list[Offer]:
    found: list[Offer] = []
    served = asked.parties(row, served=True)
    if served and row.status != "voided":
        act = Act("letter", "supervise.object", _letter, asked.letter(row))
        found += asked.beside(request, row, act, asked.LETTER, law.O18_36)
    if served and row.status in WINDOWS:
        act = Act("waiver", "supervise.waive_objection", _waiver, asked.waiver(row))
        found += asked.beside(request, row, act, asked.WAIVER, law.PLATFORM)
    if served and row.status in WINDOWS and not asked.parties(row, served=False):
        act = Act("again", "supervise.serve_result", _serve, asked.serving(row))
        found += asked.beside(request, row, act, asked.AGAIN, law.O18_35)
    return found


def _send(actor: Any, row: Result, said: dict[str, Any]) -> None:
    results.send(actor, row, said["sent_on"])


def _party(row: Result, said: dict[str, Any]) -> ServedResult:
    return row.services.get(party=said["party"])


def _serve(actor: Any, row: Result, said: dict[str, Any]) -> None:
    results.serve(
        actor, _party(row, said), said["served_on"], said["way"], proof_words=said["proof_words"], proof=said["proof"]
    )


def _letter(actor: Any, row: Result, said: dict[str, Any]) -> None:
    objections.object_to(actor, _party(row, said), said["words"], said["kind"], said["received_on"], said["files"])


def _waiver(actor: Any, row: Result, said: dict[str, Any]) -> None:
    results.waive(actor, _party(row, said), said["waived_on"], said["words"], said["proof"])


def _void(actor: Any, row: Result, said: dict[str, Any]) -> None:
    result_ends.void(actor, row, said["reply"], said["ground"])


def _conclude(actor: Any, row: Result, said: dict[str, Any]) -> None:
    result_ends.conclude_by_order(actor, row, said["verdict"], said["document_no"], said["reason"])


def _context(request: HttpRequest, row: Result, found: list[Offer], extra: list[Offer]) -> dict[str, Any]:
    told = history(row)
    shown = result_queries.windows(row)
    finality = result_clocks.finality(row)
    task = row.sample.task
    form = getattr(task, "form", None)
    page_ = page_of(request, row, found, "desk:result")
    box, due = page_["box"], due_of(row)
    return page_ | {
        "due": due,
        "box": replace(box, deadline=due) if box else None,
        "beside": [*page_["beside"], *extra],
        "steps": [] if row.status == "voided" else _progress(row, told, bool(box)),
        "undo": undo_offer(request.user),
        "history": told,
        "verdict": verdict_chip(row),
        "form": form,
        "product": (form.product_name if form else "") or (task.product.name if task.product else ""),
        "task": task,
        "parties": [(one, PARTY[one.service.party], window_chip(one), window_words(one)) for one in shown],
        "final_from": finality.day,
        "provisional": finality.provisional,
        "items": item_rows(result_queries.items(row)),
        "objections": [(one, chip_of(one)) for one in result_queries.objections_of(request.user, row)],
        "rechecks": [(one, chip_of(one)) for one in result_queries.rechecks_of(request.user, row)],
        "late_report": result_queries.late_report(row),
        "waits": waits(row),
        "crumbs": [(_("Results"), reverse("desk:results")), (row.number, "")],
    }


def _progress(row: Result, told: Any, mine: bool) -> list[Any]:
    """Return the way of a result; days left stand where they are counted as their law counts them."""
    steps = progress(row, PATH, told, mine=mine)
    return [replace(step, left="") if step.left and row.status == "objection_window" else step for step in steps]


def waits(row: Result) -> str:
    """Return with whom a result lies, for somebody who has nothing to do here."""
    return {
        "reported": _("The organiser sends and serves the notice."),
        "notified": _("The organiser serves the parties that are left."),
        "objection_window": _("Every party is served; their windows run."),
        "under_objection": _("The objection below is answered first."),
        "under_recheck": _("The recheck below is brought to its end first."),
        "upheld": _("It is final as soon as the windows of all parties are over."),
        "reversed": _("It is final as soon as the windows of all parties are over."),
        "voided": _("It counts for nothing: no verdict, no handling, no rate."),
        "final": _("It is final. Only a superior authority or a court reopens it."),
    }[row.status]
