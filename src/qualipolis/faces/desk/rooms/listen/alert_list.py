"""Alerts of other authorities: the list, the imports they came in, and the classes suggested for one import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.lists import SHOWS, hazard_words
from qualipolis.city.listen.alerts.models import Alert, AlertBatch
from qualipolis.city.listen.alerts.visibility import READERS
from qualipolis.city.listen.statistics.naming import PRODUCT, name_of
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address, open_to
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags.tongues import spoken

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("product", _("Product"), title=True),
        parts.Column("day", _("Day of the alert")),
        parts.Column("hazards", _("Dangers")),
        parts.Column("class", _("Class of product")),
        parts.Column("firm", _("Firm")),
    ]


def class_words(row: Alert) -> Any:
    """Return the class of an alert, or what is suggested, marked as a suggestion."""
    if row.product_class:
        return name_of(PRODUCT, row.product_class)
    code = str(row.suggested.get("class", ""))
    if not code:
        return "—"
    return format_html('<span>{}<br><span class="muted">{}</span></span>', name_of(PRODUCT, code), _("suggested"))


def _cells(row: Alert) -> Mapping[str, Any]:
    where = f"{row.source} {row.reference}"
    firm = row.enterprise.name if row.enterprise else ""
    beside = _("named as %(name)s") % {"name": row.firm} if firm and row.firm else ""
    return {
        "product": format_html('{}<br><span class="muted">{}</span>', spoken(row.product[:120]), spoken(where)),
        "day": after.day_cell(row.alerted_on),
        "hazards": spoken(hazard_words(row.hazards)[:160]),
        "class": class_words(row),
        "firm": format_html('<span>{}<br><span class="muted">{}</span></span>', firm, spoken(beside)) if firm else spoken(row.firm or "—"),
        "url": reverse("desk:listen_alert", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Alerts of other authorities"),
    gettext_lazy("What other authorities warn of or call back. An alert that names no danger says so: it is counted as such."),
    _columns, _cells, SHOW, "listen-alerts",
    (gettext_lazy("No alert yet"), gettext_lazy("Take in a table of another authority; what it means is suggested.")),
    search=True,
)  # fmt: skip


@page(*READERS)
def alerts(request: HttpRequest) -> HttpResponse:
    """The alerts under a filter."""
    rows = queries.alerts(request.user, request.GET.dict())
    tools = [(label, url, icon) for label, url, icon in _tools() if open_to(request.user, url)]
    crumbs = [(_("Alerts"), "")]
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=crumbs)


def _tools() -> list[tuple[str, str, str]]:
    return [
        (_("Take in a table"), address("desk:listen_alert_import"), "upload"),
        (_("Imports"), address("desk:listen_alert_batches"), "table"),
        (_("Doubtful pairs"), address("desk:listen_pairs"), "git-compare"),
    ]


def _batch_columns() -> list[parts.Column]:
    return [
        parts.Column("source", _("Source"), title=True),
        parts.Column("day", _("Taken in on")),
        parts.Column("rows", _("Rows of the table"), numeric=True),
        parts.Column("added", _("New"), numeric=True),
        parts.Column("known", _("Known already"), numeric=True),
        parts.Column("who", _("Taken in by")),
    ]


def _batch_cells(row: AlertBatch) -> Mapping[str, Any]:
    return {
        "source": format_html('{}<br><span class="muted">{}</span>', row.source, row.attachment.name),
        "day": after.day_cell(row.imported_at),
        "rows": f"{row.rows:,}",
        "added": f"{row.added:,}",
        "known": f"{row.known:,}",
        "who": str(row.imported_by or "—"),
        "url": reverse("desk:listen_alert_batch", args=[row.pk]),
    }


BATCHES = after.ListPage(
    gettext_lazy("Imports of alerts"),
    gettext_lazy("Each file is taken in whole or not at all. A number that is known already is counted, not doubled."),
    _batch_columns, _batch_cells, (), "listen-alert-batches",
    (gettext_lazy("Nothing has been taken in yet"), gettext_lazy("Each import appears here with its file.")),
)  # fmt: skip


@page(*READERS)
def batches(request: HttpRequest) -> HttpResponse:
    """The imports, the latest first."""
    tools = [one for one in _tools()[:1] if open_to(request.user, one[1])]
    crumbs = [(_("Alerts"), reverse("desk:listen_alerts")), (_("Imports"), "")]
    shown = {"stage": "listen", "tools": tools, "crumbs": crumbs}
    return after.list_page(request, BATCHES, queries.batches(request.user), **shown)


class ClassesForm(forms.Form):
    """The suggested classes that a person takes over."""

    def __init__(self, groups: list[queries.ClassGroup], data: Any = None) -> None:
        super().__init__(data)
        choices = [(one.code, _label(one)) for one in groups if one.code and one.sure]
        self.fields["classes"] = forms.MultipleChoiceField(
            label=_("Classes that are right"), choices=choices, initial=[code for code, _words in choices],
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


def _label(one: queries.ClassGroup) -> str:
    count = ngettext("%(n)s alert", "%(n)s alerts", one.sure) % {"n": f"{one.sure:,}"}
    return f"{name_of(PRODUCT, one.code)} ({count})"


@page(*READERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its figures, its file, and the classes of product that are suggested for it."""
    row = get_object_or_404(queries.batches(request.user), pk=pk)
    groups = queries.class_groups(row)
    may = can(request.user, "listen.confirm_classes", row)
    form = ClassesForm(groups, request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.confirm_classes(request.user, row, said["classes"])
    ):
        return redirect("desk:listen_alert_batch", row.pk)
    joined = row.rows - row.added - row.known
    context = {
        "stage": "listen", "row": row, "form": form if may and any(one.sure and one.code for one in groups) else None,
        "groups": [(name_of(PRODUCT, one.code) if one.code else _("no suggestion"), one) for one in groups],
        "open": sum(one.sure + one.doubtful for one in groups), "joined": max(0, joined),
        "silent": queries.not_stated(row), "history": history(row),
        "list_url": f"{reverse('desk:listen_alerts')}?batch={row.pk}",
        "crumbs": [(_("Alerts"), reverse("desk:listen_alerts")),
                   (_("Imports"), reverse("desk:listen_alert_batches")), (str(row), "")],
    }  # fmt: skip
    return render(request, "listen/alert_batch.html", context, status=400 if form.errors else 200)
