"""Handing in the report of an order: what it says is asked for, because it is checked; the file goes with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import NeedType, Order, Signatory
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.reports import current
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import FileOfLimit, day_field
from qualipolis.faces.desk.rooms.nqi.service_words import check_lines
from qualipolis.faces.desk.rooms.supervise import after

VERDICTS = [
    ("", gettext_lazy("no verdict")),
    ("pass", gettext_lazy("meets the requirement")),
    ("fail", gettext_lazy("does not meet it")),
]


class ReportForm(forms.Form):
    """What a report says."""

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, certificates = order, sorted(set(order.certificates.values()))
        self.fields["report_no"] = after.line(_("Number of the report"), 80)()
        self.fields["tested_on"], self.fields["issued_on"] = day_field(), day_field()
        self.fields["tested_on"].label, self.fields["issued_on"].label = _("Day of the test"), _("Date of the report")
        self.fields["signatory"] = forms.ChoiceField(label=_("Authorised signatory"), choices=_signatories(order))
        self.fields["certificate"] = after.line(
            _("Certificate printed on it"), 40, False, initial=certificates[0] if certificates else ""
        )()
        if order.demand.need_type == NeedType.TESTING:
            self.fields["cma_mark"] = forms.BooleanField(label=_("The report carries the CMA mark"), required=False)
        for line in order.lines.all():
            self.fields[f"result-{line.pk}"] = after.line(_("Result: %(line)s") % {"line": line}, 400, False)()
            self.fields[f"verdict-{line.pk}"] = forms.ChoiceField(
                label=_("Verdict: %(line)s") % {"line": line}, choices=VERDICTS, required=False
            )
        self.fields["conclusion"] = after.area(_("Conclusion"), 2000, 2, False)()
        self.fields["file"] = FileOfLimit(label=_("Report"))

    def items(self, said: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the items as the report gives them: a line without a result is not reported."""
        by = dict(self.order.quote.lines.values_list("line", "subcontractor"))
        return [
            {"line": line.position, "standard": line.standard, "result": said[f"result-{line.pk}"],
             "verdict": said[f"verdict-{line.pk}"], "subcontractor": by.get(line.pk, "")}
            for line in self.order.lines.all() if said[f"result-{line.pk}"]
        ]  # fmt: skip


def _signatories(order: Order) -> list[tuple[str, str]]:
    today = timezone.localdate()
    rows = [one for one in Signatory.objects.filter(institution=order.institution) if one.valid_on(today)]
    return [(one.name, f"{one.name}{_(', ')}{one.fields}") for one in rows]


@page("laboratory")
def order_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the report of an order; the checks are told at once."""
    rows = queries.orders(request.user).filter(institution__in=own_institutions(request.user))
    row = get_object_or_404(rows, pk=pk)
    form = ReportForm(row, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and attempt(
        request, form, lambda said: _hand_in(request.user, row, form, said), _("Handed in and checked.")
    ):
        return redirect("desk:nqi_order", pk)
    last = row.reports.order_by("-version").first() if current(row) is None else None
    shown = {
        "stage": "build", "heading": _("Hand in the report of the service"), "form": form, "button": _("Hand in and check"),
        "lead": _("%(number)s, %(firm)s") % {"number": row.number, "firm": row.demand.enterprise.name},
        "facts": [(_("Sent back because"), last.replaced_why), *_failed(last)] if last else [],
        "crumbs": [(_("Orders of services"), reverse("desk:nqi_orders")), (row.number, reverse("desk:nqi_order", args=[pk])), (_("Report"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _failed(report: Any) -> list[tuple[str, str]]:
    return [(words, f"{chip.text} {why}") for words, chip, why in check_lines(report) if chip.kind == "bad"]


def _hand_in(actor: Any, row: Order, form: ReportForm, said: dict[str, Any]) -> Any:
    return service.hand_in_report(
        actor, row, said["report_no"], said["tested_on"], said["issued_on"], said["signatory"], certificate=said["certificate"],
        cma_mark=said.get("cma_mark", False), items=form.items(said), conclusion=said["conclusion"], file=said["file"],
    )  # fmt: skip
