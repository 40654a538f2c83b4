"""One sample before it is the laboratory's: its seals, its way from hand to hand, its next step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.field.blind_codes import grouped
from qualipolis.city.supervise.field.samples import KEEPERS
from qualipolis.city.supervise.models import Custody, Sample, Seal
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after as after


def _keeper() -> forms.Field:
    return forms.ChoiceField(
        choices=[(code, _(words)) for code, words in KEEPERS.items()], label=_("Who keeps the backup sample")
    )


ACTS = (
    Act("dispatch", "supervise.dispatch_sample",
        lambda who, row, said: service.dispatch_sample(who, row, said["carrier"]),
        fields={"carrier": after.line(gettext_lazy("Carrier and number of the parcel; empty when carried oneself"), 120,
                                      required=False)}),
    Act("leave", "supervise.leave_sample", lambda who, row, said: service.leave_sample(who, row)),
    Act("keep", "supervise.keep_backup",
        lambda who, row, said: service.keep_backup(who, row, said["keeper"], said["place"]),
        fields={"keeper": _keeper,
                "place": after.line(gettext_lazy("Where exactly"), 120, required=False)}),
    Act("spoil", "supervise.spoil_sample", lambda who, row, said: service.spoil_sample(who, row, said["reason"])),
    Act("lose", "supervise.lose_sample", lambda who, row, said: service.lose_sample(who, row, said["reason"])),
)  # fmt: skip
# the laboratory's term is met or gone
OVER = ("reported", "rejected_at_lab", "untestable", "spoiled", "lost", "returned", "disposed")


@page(*INSIDE)
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample and the step of whoever looks."""
    rows = visible(
        request.user, Sample.objects.select_related("task__campaign__rule", "task__enterprise", "laboratory")
    )
    row = get_object_or_404(rows, pk=pk)
    found = offers(request, row, ACTS, {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:sample", pk)
    context = page_of(request, row, found, "desk:sample")
    if row.status in OVER:
        context |= {"due": None, "left": ""}
    context |= {
        "task": row.task,
        "code": grouped(row.code),
        "seals": _mine(request.user, Seal, row),
        "custody": _mine(request.user, Custody, row),
        "waits": _("It is in other hands now."),
        "history": history(row),
        "undo": undo_offer(request.user),
        "crumbs": [
            (_("Tasks on site"), reverse("desk:tasks")),
            (row.task.number, reverse("desk:task", args=[row.task_id])),
            (grouped(row.code), ""),
        ],
    }
    return render(request, "supervise/task_sample.html", context)


def _mine(user: Any, model: Any, row: Sample) -> list[Any]:
    return list(visible(user, model.objects.filter(sample=row)))
