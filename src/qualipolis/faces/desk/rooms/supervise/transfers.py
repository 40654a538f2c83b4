"""Transfers to other areas: the list, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.aftermath.lists import TRANSFER_SHOWS
from qualipolis.city.supervise.aftermath.publication_rows import row_of
from qualipolis.city.supervise.aftermath.transfers import transfer_facts
from qualipolis.city.supervise.models import AreaTransfer
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after as after
from qualipolis.faces.desk.rooms.supervise.items import item_lines, shown

ACTS = (
    Act("send", "supervise.send_transfer",
        lambda actor, row, said: service.send_transfer(
            actor, row, said["authority"], said["document_no"], said["sent_on"]),
        {"sent_on": after.day(gettext_lazy("Sent on"), initial=timezone.localdate)}),
    Act("acknowledge", "supervise.acknowledge_transfer",
        lambda actor, row, said: service.acknowledge_transfer(actor, row, said["document_no"]),
        {"document_no": after.line(gettext_lazy("Number of their receipt"), 80)}),
    Act("close", "supervise.close_transfer", lambda actor, row, said: service.close_transfer(actor, row, said["answer"]),
        {"answer": after.area(gettext_lazy("What they did"), 4000, required=False)}),
    Act("bounce", "supervise.bounce_transfer",
        lambda actor, row, said: service.bounce_transfer(actor, row, said["reason"])),
)  # fmt: skip
RECALL = (
    Act("recall", "supervise.recall_transfer",
        lambda actor, row, said: service.recall_transfer(actor, row, said["reason"])),
)  # fmt: skip
PATH = (
    (gettext_lazy("Sent"), ("prepared",), ("supervise.send_transfer",)),
    (gettext_lazy("Received there"), ("sent",), ("supervise.acknowledge_transfer",)),
    (gettext_lazy("What they did"), ("acknowledged",), ("supervise.close_transfer",)),
)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("result", _("Sampling result")),
        parts.Column("producer", _("Labelled producer")),
        parts.Column("authority", _("Authority")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: AreaTransfer) -> Mapping[str, Any]:
    form = getattr(row.result.sample.task, "form", None)
    return {
        "number": row.number,
        "result": row.result.number,
        "producer": form.producer_name if form else "",
        "authority": row.authority,
        "state": after.state_cell(row),
        "due": after.due_cell(row),
        "url": reverse("desk:transfer", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Transfers to other areas"),
    gettext_lazy("A failed product whose labelled producer is elsewhere is told to the authority there."),
    _columns,
    _cells,
    TRANSFER_SHOWS,
    "transfers",
    (
        gettext_lazy("No transfer yet"),
        gettext_lazy("It is prepared by itself when a failure becomes final and the producer is in another area."),
    ),
)


@page(*INSIDE)
def transfers(request: HttpRequest) -> HttpResponse:
    """The transfers somebody sees."""
    return after.list_page(request, LIST, queries.transfers(request.user, request.GET.dict()))


@page(*INSIDE)
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer with what is told there."""
    row = get_object_or_404(queries.transfers(request.user), pk=pk)
    known = transfer_facts(row)
    found, recall = offers(request, row, ACTS, known), offers(request, row, RECALL, known)
    if request.method == "POST" and take(request, row, [*found, *recall]):
        return redirect("desk:transfer", pk)
    told, context = history(row), page_of(request, row, found, "desk:transfer")
    context["beside"] += [one for one in recall if not one.blocked]
    published = row_of(row.result)
    steps = progress(row, PATH, told, mine=context["box"] is not None) if row.status != "recalled" else []
    context |= {
        "told": published,
        "said": shown(published),
        "items": item_lines(published["items"]),
        "address": getattr(getattr(row.result.sample.task, "form", None), "producer_address", ""),
        "steps": steps,
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [after.handling_crumb(), (str(LIST.heading), reverse("desk:transfers")), (row.number, "")],
    }
    return render(request, "supervise/transfer.html", context)
