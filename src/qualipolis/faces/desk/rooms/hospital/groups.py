"""Group diseases: what was found by itself, and what the manager decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning import lists
from qualipolis.city.hospital.models import Case, GroupDisease
from qualipolis.city.hospital.reception.defects import words as defect_words
from qualipolis.city.listen.statistics.naming import PRODUCT, name_of
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise.after import area, state_cell
from qualipolis.law.terms import rule_number

READERS = lists.GROUP_READERS
ACTS = (
    Act("take_up", "hospital.take_up_group", lambda actor, row, said: service.take_up_group(actor, row, said["plan"]),
        {"plan": area(gettext_lazy("What will be done: consultation of the industry, advice, a campaign"), rows=4)},
        help=gettext_lazy("Who plans campaigns then sees class, defect and numbers; no case and no firm.")),
    Act("conclude", "hospital.conclude_group",
        lambda actor, row, said: service.conclude_group(actor, row, said["report"]),
        {"report": area(gettext_lazy("What came of it"), rows=4)}),
    Act("dismiss", "hospital.dismiss_group",
        lambda actor, row, said: service.dismiss_group(actor, row, said["reason"])),
)  # fmt: skip
PATH = (
    (gettext_lazy("Found"), (), ("hospital.propose_group",)),
    (gettext_lazy("Taken up"), ("proposed",), ("hospital.take_up_group",)),
    (gettext_lazy("Concluded"), ("taken_up",), ("hospital.conclude_group",)),
)


@page(*READERS)
def hospital_groups(request: HttpRequest) -> HttpResponse:
    """The group diseases somebody sees."""
    rows = list(lists.groups(request.user, request.GET.dict()))
    show = request.GET.get("show", "")
    columns = [
        parts.Column("number", _("Number"), title=True),
        parts.Column("class", _("Product class")),
        parts.Column("defect", _("Defect")),
        parts.Column("cases", _("Cases"), numeric=True),
        parts.Column("firms", _("Firms"), numeric=True),
        parts.Column("days", _("From – to")),
        parts.Column("state", _("State")),
    ]
    choices = (("", _("All of them")), ("open", _("Not concluded")))
    context = {
        "stage": "diagnose",
        "table": parts.Table(_("Group diseases"), columns, [_cells(row) for row in rows], links="url"),
        "filters": [parts.Segment(words, address(request, show=key or None), key == show) for key, words in choices],
        "total": len(rows),
        "filtered": bool(show),
        "rule": {"cases": rule_number("hospital.group_cases"), "days": rule_number("hospital.group_days")},
        "exports": exports("hospital-groups", request.GET.urlencode(), len(rows)),
        "crumbs": [(_("Group diseases"), "")],
    }
    return render(request, "hospital/groups.html", context)


def _cells(row: GroupDisease) -> dict[str, Any]:
    return {
        "number": row.number,
        "class": name_of(PRODUCT, row.product_class),
        "defect": defect_words([row.defect_code])[0],
        "cases": row.cases.count(),
        "firms": row.firms,
        "days": f"{row.first_on:%Y-%m-%d} – {row.last_on:%Y-%m-%d}",
        "state": state_cell(row),
        "url": reverse("desk:hospital_group", args=[row.pk]),
    }


@page(*READERS)
def hospital_group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group disease; its cases only for those who see them anyway."""
    row = get_object_or_404(visible(request.user, GroupDisease.objects.all()).distinct(), pk=pk)
    found = offers(request, row, ACTS, {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:hospital_group", pk)
    cases = visible(request.user, Case.objects.filter(group_diseases=row)).select_related("enterprise")
    told = history(row)
    context = page_of(request, row, found, "desk:hospital_group")
    mine = context["box"] is not None
    context |= {
        "stage": "diagnose",
        "class_name": name_of(PRODUCT, row.product_class),  # from a signal it comes as a code of listening
        "defect": defect_words([row.defect_code])[0],
        "cases": [(one, chip_of(one)) for one in cases.order_by("registered_on", "pk")],
        "count": row.cases.count(),
        "plans": bool(roles_of(request.user) & {"planner", "department"}) and row.status == "taken_up",
        "steps": progress(row, PATH, told, mine=mine) if row.status != "dismissed" else [],
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [(_("Group diseases"), reverse("desk:hospital_groups")), (row.number, "")],
    }
    return render(request, "hospital/group.html", context, status=400 if request.method == "POST" else 200)
