"""The firm's own pages after a failed result: its corrections, and the report with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.aftermath.facts import evidence, facts
from qualipolis.city.supervise.aftermath.publication_rows import row_of
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import Told, history, undo_offer, words_of
from qualipolis.faces.desk.rooms.supervise import after as after
from qualipolis.faces.desk.rooms.supervise.handling_acts import file
from qualipolis.faces.desk.rooms.supervise.items import item_lines, shown
from qualipolis.methods.problems import InputError

WAITS = {
    "transferred": gettext_lazy("The authority writes the order to correct. Stop making and selling this product now."),
    "ordered": gettext_lazy("The order is on its way. The terms begin on the day you receive it."),
    "review_requested": gettext_lazy("Your report is in; the authority reviews it."),
    "failed": gettext_lazy("The review was not passed; the province is told."),
    "escalated": gettext_lazy("The province announces the failure."),
    "announced": gettext_lazy("The second review takes place in the days named here. Have everything ready."),
    "third_review": gettext_lazy("Your report is in; the authority reviews it once more."),
    "passed": gettext_lazy("The review was passed. You may make and sell the product again."),
    "closed": gettext_lazy("It is closed; nothing is left to do."),
    "cancelled": gettext_lazy("The result was reversed or voided; the handling is cancelled."),
    "firm_ceased": gettext_lazy("The clocks stand still."),
}


FIRM_DID = ("supervise.report_correction", "supervise.attach_correction")
FIRM_READS = tuple(
    f"supervise.{name}"
    for name in (
        "order_correction", "serve_order", "pass_review", "fail_review", "note_not_corrected", "escalate_handling",
        "announce_failure", "pass_second_review", "fail_second_review", "pass_third_review", "revoke_licence",
        "cancel_handling", "close_handling", "note_restart", "fine_restart", "cease_firm", "find_successor",
        "begin_food_handling", "finish_food_handling",
    )
)  # fmt: skip


def _told(row: HandlingCase) -> list[Told]:
    """Return the history as far as it is the firm's, with the office in place of people."""
    found = history(row, verbs=(*FIRM_DID, *FIRM_READS))
    return [replace(one, who=_("your firm") if one.verb in FIRM_DID else row.handler.name) for one in found]


def _report(actor: Any, row: HandlingCase, said: dict[str, Any]) -> Any:
    if said["evidence"]:
        service.attach_correction(actor, row, *after.uploaded(said["evidence"]))  # type: ignore[misc]
    return service.report_correction(actor, row, said["report"])


def _acts() -> tuple[Act, ...]:
    fields = {
        "report": after.area(gettext_lazy("What was corrected, and how it stays so"), 8000, 8),
        "evidence": file(
            gettext_lazy("Evidence file"),
            help_text=gettext_lazy("Photographs, test reports, records: at least one file before you hand in."),
        ),
    }
    title = gettext_lazy("Report the correction and ask for the review")
    return tuple(
        Act(step, "supervise.report_correction", _report, fields, str(title))
        for step in ("request_review", "request_third")
    )


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("product", _("Product")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: HandlingCase) -> Mapping[str, Any]:
    form = getattr(row.result.sample.task, "form", None)
    return {
        "number": row.number,
        "product": f"{form.product_name} {form.model}".strip() if form else "",
        "state": after.state_cell(row),
        "due": after.due_cell(row),
        "url": reverse("desk:correction", args=[row.pk]),
    }


@page("enterprise")
def corrections(request: HttpRequest) -> HttpResponse:
    """What a firm has to put right after failed results."""
    rows = list(queries.cases(request.user))
    context = {
        "stage": after.STAGE,
        "table": parts.Table(_("Corrections of your firm"), _columns(), [_cells(one) for one in rows], links="url"),
        "rows": rows,
        "crumbs": [(_("Corrections of your firm"), "")],
    }
    return render(request, "supervise/corrections.html", context)


@page("enterprise")
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction of the firm: what failed, until when, and the report with evidence."""
    row = get_object_or_404(queries.cases(request.user), pk=pk)
    found = offers(request, row, _acts(), facts(row))
    if request.method == "POST" and (_attached(request, row) or take(request, row, found)):
        return redirect("desk:correction", pk)
    published = row_of(row.result)
    context = page_of(request, row, found, "desk:correction")
    context |= {
        "told": published,
        "said": shown(published),
        "items": item_lines(published["items"]),
        "files": list(evidence(row)),
        "open": row.status in queries.WITH_FIRM,
        "state": chip_of(row),
        "restarts": list(row.restarts.all()),
        "waits": after.with_whom(WAITS, row),
        "history": _told(row),
        "undo": undo_offer(request.user),
        "crumbs": [(_("Corrections of your firm"), reverse("desk:corrections")), (row.number, "")],
    }
    return render(request, "supervise/correction.html", context)


def _attached(request: HttpRequest, row: HandlingCase) -> bool:
    """Keep files that were sent on their own."""
    if request.POST.get("do") != "attach":
        return False
    kept = 0
    for one in request.FILES.getlist("files")[:20]:
        try:
            service.attach_correction(request.user, row, one.name or "file", one.chunks())
            kept += 1
        except (InputError, PermissionDenied) as error:
            for words in words_of(error):
                messages.error(request, words)
    if kept:
        messages.success(request, _("%(n)s files are kept with the report.") % {"n": kept})
    return True
