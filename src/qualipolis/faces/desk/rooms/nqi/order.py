"""The page of one order: confirm, sample, work, report and its checks, delivery; blocked when a certificate lapses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Order, ServiceReport, ServiceSample
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.orders import facts_today
from qualipolis.city.nqi.services.reports import checked_now, current
from qualipolis.city.nqi.services.work import about
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.nqi.demand_list import ORDER_READERS
from qualipolis.faces.desk.rooms.supervise import after

WAITS = {
    "placed": gettext_lazy("The institution confirms the order."),
    "confirmed": gettext_lazy("The firm brings the sample, and the institution begins."),
    "in_service": gettext_lazy("The institution works and hands in the report."),
    "reported": gettext_lazy("The institution issues and delivers the report."),
    "delivered": gettext_lazy("The report is delivered."),
    "blocked": gettext_lazy("Blocked. The firm may order elsewhere, or wait until the certificate is valid again."),
    "reassigned": gettext_lazy("The firm ordered from another institution."),
    "cancelled": gettext_lazy("This order was cancelled."),
}


@page(*ORDER_READERS)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one order, for its institution, the station and the platform."""
    rows = Order.objects.select_related(*queries.ORDER_RELATED, "replaces")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    report = current(row)
    facts = _facts(row, report)
    found = offers(request, row, _acts(row, facts), facts)
    marks = after.marks(request, row, [_sample()])
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, marks)):
        return redirect("desk:nqi_order", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "nqi/order.html", _context(request, row, found) | {"marks": marks}, status=status)


def _facts(row: Order, report: ServiceReport | None) -> dict[str, Any]:
    failed = None if report is None else sum(not one.ok for one in checked_now(report))
    told = ("report_no", "tested_on", "issued_on", "signatory", "file")  # asked on a page of its own
    return facts_today(row) | {"failed_checks": failed} | dict.fromkeys(told, True)


def _acts(row: Order, facts: dict[str, Any]) -> list[Act]:
    report = reverse("desk:nqi_order_report", args=[row.pk])
    lost = facts["uncovered"]
    return [
        Act("confirm", "nqi.confirm_order", lambda actor, one, said: service.confirm_order(actor, one), for_good=True,
            help=gettext_lazy("From here on the agreement binds both.")),
        Act("begin", "nqi.begin_order", lambda actor, one, said: service.begin_order(actor, one), for_good=True,
            help=gettext_lazy("The days that you promised count from today.")),
        Act("report", "nqi.hand_in_report", lambda actor, one, said: None, page=report, for_good=True),
        Act("deliver", "nqi.deliver_report", lambda actor, one, said: service.deliver_report(actor, one)),
        Act("resume", "nqi.resume_order", lambda actor, one, said: service.resume_order(actor, one), for_good=True),
        Act("resume_early", "nqi.resume_order", lambda actor, one, said: service.resume_order(actor, one), for_good=True),
        *([Act("block", "nqi.block_order", lambda actor, one, said: service.block_order(actor, one), for_good=True)] if lost else []),
        Act("return", "nqi.replace_report", lambda actor, one, said: service.replace_report(actor, one, said["reason"])),
        Act("refuse", "nqi.refuse_order", lambda actor, one, said: service.refuse_order(actor, one, said["reason"])),
    ]  # fmt: skip


def _sample() -> after.Mark:
    fields = {
        "name": after.line(gettext_lazy("Sample"), 120),
        "mark": after.line(gettext_lazy("Model, batch, mark"), 160, False),
        "quantity": after.line(gettext_lazy("Quantity"), 60),
        "condition": after.line(gettext_lazy("Condition on receipt"), 200),
        "afterwards": lambda: forms.ChoiceField(
            label=_("What becomes of it"), choices=ServiceSample.Afterwards.choices
        ),
    }
    return after.Mark(
        "sample", "nqi.receive_sample", _("Record a sample"), fields,
        lambda actor, one, said: service.receive_sample(
            actor, one, said["name"], said["quantity"], said["condition"], mark=said["mark"], afterwards=said["afterwards"]),
        when=lambda one: one.needs_sample and one.status in ("confirmed", "in_service"),
    )  # fmt: skip


def _context(request: HttpRequest, row: Order, found: list[Any]) -> dict[str, Any]:
    shown, told = page_of(request, row, found, "desk:nqi_order"), history(row)
    reports = visible(request.user, ServiceReport.objects.filter(order=row)).select_related("file", "order")
    inside = bool(roles_of(request.user) & {"steward", "nqi_desk", "planner", "auditor"})
    return shown | {
        "stage": "build",
        "state": words.state_chip(row),
        "title": about(row.demand),
        "steps": words.order_way(row, told, mine=bool(shown["box"])),
        "waits": WAITS.get(row.status, ""),
        "lines": [(line, row.certificates.get(str(line.position), ""), line.position in row.blocked_for) for line in row.lines.all()],
        "price": words.money(row.price),
        "samples": list(row.samples.all()),
        "reports": [words.report_card(one) for one in reports.order_by("-version")],
        "checks_today": _today(request, row),
        "demand_url": reverse("desk:nqi_demand", args=[row.demand_id]) if inside else "",
        "papers": _papers(row),
        "history": told,
        "undo": undo_offer(request.user, f"nqi.order:{row.pk}"),
        "crumbs": [(_("Orders of services"), reverse("desk:nqi_orders")), (row.number, "")],
    }  # fmt: skip


def _today(request: HttpRequest, row: Order) -> list[Any]:
    report = current(row)
    return words.check_lines(report, checked_now(report)) if report and row.status == "reported" else []


def _papers(row: Order) -> list[tuple[str, str]]:
    found = [
        (_("Entrustment agreement, PDF"), reverse("desk:nqi_paper", args=["agreement", row.pk, words.paper_lang()]))
    ]
    found += [
        (
            _("Sample receipt %(number)s, PDF") % {"number": one.number},
            reverse("desk:nqi_paper", args=["sample", one.pk, words.paper_lang()]),
        )
        for one in row.samples.all()
    ]
    return found
