"""What waits for someone around results: notices to serve, objections to answer, rechecks to move, results to end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, visible
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.models import Result
from qualipolis.city.supervise.results.queries import (
    open_objections,
    open_rechecks,
    own_services,
    shown,
    windows,
)

STOP = "supervise"
MOST = 20
WAITS = {
    "ordered": gettext_lazy("Serve the recheck notice; then the formalities run."),
    "applied": gettext_lazy("Accept or refuse the application."),
    "ready": gettext_lazy("Designate another laboratory."),
}


def organiser_work(actor: Any) -> list[WorkItem]:
    """Return what waits for the organiser of campaigns."""
    if not can(actor, "supervise.serve_result"):
        return []
    return [*_lists(actor), *_objections(actor), *_rechecks(actor)]


def _lists(actor: Any) -> Iterator[WorkItem]:
    rows = visible(actor, Result.objects.all())
    for show, title, why in (
        ("serve", _("Results to serve"), _("A window begins only with a proved receipt.")),
        ("due", _("Results whose windows are over"), _("Nothing is open; they become final.")),
    ):
        found = rows.filter(shown(show))
        count = found.count()
        if count:
            due = found.order_by("due_on").values_list("due_on", flat=True).first() if show == "serve" else None
            verb = "supervise.serve_result" if show == "serve" else "supervise.finalise_result"
            yield WorkItem(STOP, title, why, due, "supervise:results", (), verb, count)


def _objections(actor: Any) -> Iterator[WorkItem]:
    for one in open_objections(actor).exclude(status="recheck_ordered")[:MOST]:
        why = (
            _("Accept it, or refuse it as late.") if one.status == "received" else _("Study it and answer in writing.")
        )
        title = _("Objection %(number)s of %(name)s") % {"number": one.number, "name": one.service.name}
        yield WorkItem(STOP, title, why, one.due_on, "supervise:objection", (one.pk,), "supervise.accept_objection")


def _rechecks(actor: Any) -> Iterator[WorkItem]:
    for one in open_rechecks(actor).filter(status__in=WAITS)[:MOST]:
        if one.status == "ordered" and one.notice_served_on:
            continue
        title = _("Recheck %(number)s") % {"number": one.number}
        why = str(WAITS[one.status])
        yield WorkItem(STOP, title, why, one.due_on, "supervise:recheck", (one.pk,), "supervise.designate_laboratory")


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a firm: a notice to confirm, a window that runs, formalities of a recheck."""
    return [*_notices(actor), *_formalities(actor)]


def _notices(actor: Any) -> Iterator[WorkItem]:
    for one in own_services(actor).exclude(result__status__in=("final", "voided"))[:MOST]:
        number = {"number": one.result.number}
        if not one.served_on:
            title, why = (
                _("Confirm the receipt of the result %(number)s") % number,
                _("Your term to object begins with it."),
            )
            yield WorkItem(STOP, title, why, None, "supervise:firm_result", (one.pk,), "supervise.confirm_receipt")
            continue
        window = windows(one.result, [one])[0]
        if window.running and one.result.verdict == "fail" and not one.objections.exists():
            title, why = _("Result %(number)s: you may object") % number, _("After the last day only courts are left.")
            due = window.last_day
            yield WorkItem(STOP, title, why, due, "supervise:firm_result", (one.pk,), "supervise.object")


def _formalities(actor: Any) -> Iterator[WorkItem]:
    for one in open_rechecks(actor).filter(status="ordered", notice_served_on__isnull=False)[:MOST]:
        title = _("Do the formalities of the recheck %(number)s") % {"number": one.number}
        why = _("Without them it is waived.")
        args = (one.objection.service_id,)
        yield WorkItem(STOP, title, why, one.due_on, "supervise:firm_result", args, "supervise.recheck_formalities")


MAKERS = (("planner", organiser_work), ("department", organiser_work), ("enterprise", firm_work))
