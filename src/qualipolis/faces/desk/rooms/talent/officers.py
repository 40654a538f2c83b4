"""Chief quality officers on the desk: the list of the offices, one officer, acts, coverage by town and size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.talent.models import Officer, OfficerAct
from qualipolis.city.talent.officers import queries
from qualipolis.city.talent.officers.coverage import Share, coverage, targets
from qualipolis.city.talent.officers.facts import facts_of, unmet_of
from qualipolis.city.talent.officers.lists import ACT_SHOWS, OFFICER_SHOWS
from qualipolis.city.talent.officers.nominations import papers_of
from qualipolis.city.talent.officers.visibility import READERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import figure, history, problem_words, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import officer_acts, officer_words
from qualipolis.faces.desk.shares import percent
from qualipolis.faces.desk.templatetags import desk as tags

RELATED = ("enterprise__unit", "learner", "filing", "predecessor", "nominated_by", "filed_by")


def _columns() -> list[parts.Column]:
    return [
        parts.Column("firm", _("Firm"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("person", _("Quality officer")),
        parts.Column("until", _("Training holds until")),
    ]


def _chip(found: parts.Chip) -> Any:
    return tags.chip(found.kind, found.text, found.icon or None)


def _cells(row: Officer) -> Mapping[str, Any]:
    said = f"{row.number}{_(', ')}{row.enterprise.unit.name}"
    late = row.due_on if row.status in queries.LEFT and row.refiled_on is None else None
    return {
        "firm": format_html('{}<br><span class="muted">{}</span>', row.enterprise.name, said),
        "state": _chip(officer_words.state_chip(row)),
        "due": _("successor by %(day)s") % {"day": f"{late:%Y-%m-%d}"} if late else after.due_cell(row),
        "person": row.learner.name,
        "until": after.day_cell(queries.holds_until(row)),
        "url": reverse("desk:talent_officer", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Chief quality officers"),
    gettext_lazy("Named by the firm, filed here, trained, in post. What is due first stands first."),
    _columns, _cells, (("", gettext_lazy("All")), *OFFICER_SHOWS.items()), "talent-officers",
    (gettext_lazy("No officer has been named yet"), gettext_lazy("Firms name their officers on their own page; the office of the town files them.")),
    search=True,
)  # fmt: skip


@page(*READERS)
def officers(request: HttpRequest) -> HttpResponse:
    """The officers of one's towns, what is due first."""
    rows = queries.officers(request.user, request.GET.dict())
    tools = [
        (_("Coverage"), reverse("desk:talent_coverage"), "chart-bar"),
        (_("Vetoes and acts"), reverse("desk:talent_acts"), "list-check"),
    ]
    return after.list_page(request, LIST, rows, stage="build", tools=tools, crumbs=[(_("Chief quality officers"), "")])


@page(*READERS, "enterprise")
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one officer, for the offices and for the firm."""
    row = get_object_or_404(visible(request.user, Officer.objects.select_related(*RELATED)), pk=pk)
    found = offers(request, row, officer_acts.acts_of(request.user, row), facts_of(row))
    asked = after.marks(request, row, officer_acts.marks_of(row))
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, asked)):
        return redirect("desk:talent_officer", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "talent/officer.html", _context(request, row, found, asked), status=status)


def _context(request: HttpRequest, row: Officer, found: list[Any], asked: list[Any]) -> dict[str, Any]:
    lead = [one for one in found if one.act.step in officer_acts.LEAD]
    aside = [one for one in found if one not in lead and not one.blocked]
    shown, told = page_of(request, row, lead, "desk:talent_officer"), history(row)
    firm = "enterprise" in roles_of(request.user)
    waits = officer_words.WAITS_FIRM if firm else officer_words.WAITS_OFFICE
    home = "desk:my_officers" if firm else "desk:talent_officers"
    rows = row.acts.select_related("about").prefetch_related("answers")
    return shown | {
        "stage": "build",
        "state": officer_words.state_chip(row),
        "beside": [*shown["beside"], *aside],
        "asked": asked,
        "steps": officer_words.way(row, told, mine=bool(shown["box"])),
        "waits": str(waits.get(row.status, "")),
        "facts": officer_words.facts_of(row),
        "unmet": [problem_words(one) for one in unmet_of(row)] if row.status == "nominated" else [],
        "papers": papers_of(row),
        "acts": officer_words.act_lines(rows),
        "advices": row.advices.all(),
        "certificates": row.certificates.select_related("course"),
        "until": queries.holds_until(row),
        "late": queries.is_late(row),
        "owes": row.status in queries.LEFT and row.refiled_on is None and row.enterprise.closed_on is None,
        "history": told,
        "undo": undo_offer(request.user, f"talent.officer:{row.pk}"),
        "crumbs": [(_("Chief quality officers"), reverse(home)), (row.number, "")],
    }


def _act_columns() -> list[parts.Column]:
    return [
        parts.Column("act", _("Act"), title=True),
        parts.Column("on", _("Day")),
        parts.Column("firm", _("Firm")),
        parts.Column("product", _("Product")),
        parts.Column("said", _("What was decided")),
    ]


def _act_cells(row: OfficerAct) -> Mapping[str, Any]:
    product = f"{row.product} {row.batch}".strip()
    return {
        "act": format_html('{}<br><span class="muted">{}</span>', row.get_kind_display(), row.number),
        "on": after.day_cell(row.on),
        "firm": row.officer.enterprise.name,
        "product": product,
        "said": row.said[:120],
        "url": reverse("desk:talent_officer", args=[row.officer_id]),
    }


ACTS = after.ListPage(
    gettext_lazy("Vetoes and acts of officers"),
    gettext_lazy("Written once by the firm and never changed. A veto is lifted, and a mistake corrected, by a line of its own."),
    _act_columns, _act_cells, (("", gettext_lazy("All")), *ACT_SHOWS.items()), "talent-acts",
    (gettext_lazy("No act has been recorded yet"), gettext_lazy("Firms record what their officers decide.")), search=True,
)  # fmt: skip


@page(*READERS, "enterprise")
def acts(request: HttpRequest) -> HttpResponse:
    """What officers decided, the latest first."""
    rows = queries.acts(request.user, request.GET.dict())
    home = "desk:my_officers" if "enterprise" in roles_of(request.user) else "desk:talent_officers"
    crumbs = [(_("Chief quality officers"), reverse(home)), (str(ACTS.heading), "")]
    return after.list_page(request, ACTS, rows, stage="build", crumbs=crumbs)


def share_row(one: Share, target: float | None = None) -> dict[str, Any]:
    """Return a share as a row of a table."""
    return {
        "name": _(one.name), "firms": figure(one.firms, 0), "covered": figure(one.covered, 0),
        "share": percent(one.share) if one.share is not None else "—", "target": percent(target) if target else "",
    }  # fmt: skip


def coverage_context() -> dict[str, Any]:
    """Return what the pages of coverage show, on the desk and for the public."""
    found = coverage()
    aims = targets(found.on)
    head = [parts.Column("name", _("Class"), title=True), parts.Column("firms", _("Firms"), numeric=True),
            parts.Column("covered", _("with an officer"), numeric=True), parts.Column("share", _("Share"), numeric=True)]  # fmt: skip
    town = [parts.Column("name", _("Town"), title=True), *head[1:]]
    towns = sorted(found.by_town, key=lambda one: one.code)
    return {
        "found": found,
        "share": percent(found.total.share) if found.total.share is not None else "—",
        "sizes": parts.Table(_("By size"), head, [share_row(one) for one in found.by_size]),
        "towns": parts.Table(_("By town"), town, [share_row(one) for one in towns]),
        "aims": [
            (_("Large and medium firms"), share_row(found.large_medium, aims.get("large_medium")), _("Dongguan's plan of 2014 to 2015")),
            (_("Firms above designated size"), share_row(found.above_scale, aims.get("above_scale")), _("Hubei's target for 2025, for comparison only")),
        ],
        "today": timezone.localdate(),
    }  # fmt: skip


@page(*READERS)
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Coverage by town and by size."""
    crumbs = [(_("Chief quality officers"), reverse("desk:talent_officers")), (_("Coverage"), "")]
    return render(request, "talent/coverage.html", coverage_context() | {"stage": "build", "crumbs": crumbs})
