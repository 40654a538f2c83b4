"""The roster of inspectors, and what the draw of samplers knows of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import can, page
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import InspectorProfile
from qualipolis.city.supervise.planning import queries as plan_queries
from qualipolis.city.supervise.planning.lists import ROSTER
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.measure.sets import exports
from qualipolis.faces.desk.rooms.supervise.plan_forms import InspectorForm
from qualipolis.faces.desk.rooms.supervise.plans import top
from qualipolis.methods.problems import InputError, Problem, msg

STAGE = "supervise"
SOON = 60


@page(*ROSTER)
def inspectors(request: HttpRequest) -> HttpResponse:
    """Everyone who may be drawn to take samples, with certificate, regions and load of the year."""
    rows = list(plan_queries.inspectors(request.user))
    without = Person.objects.filter(grants__role="inspector", inspector_profile=None, is_active=True).distinct()
    may = can(request.user, "supervise.save_inspector")
    context = {
        "stage": STAGE,
        "rows": [(row, certificate_chip(row)) for row in rows],
        "without": without.order_by("username") if may else [],
        "may_edit": may,
        "exports": exports("sampling-inspectors", "", len(rows)),
        "crumbs": [*top(), (_("Inspectors"), "")],
    }
    return render(request, "supervise/plan_inspectors.html", context)


def certificate_chip(row: InspectorProfile) -> parts.Chip:
    """Return whether the certificate holds today."""
    left = (row.certified_until - timezone.localdate()).days
    if left < 0:
        return parts.Chip("bad", _("certificate ended"))
    if left <= SOON:
        return parts.Chip("warn", _("ends in %(n)s days") % {"n": left}, "clock")
    return parts.Chip("ok", _("certified"), "certificate")


@page("planner", "admin")
def inspector(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draw knows of one inspector (by person): write it."""
    person = get_object_or_404(Person.objects.filter(grants__role="inspector").distinct(), pk=pk)
    row = InspectorProfile.objects.filter(person=person).first()
    form = InspectorForm(request.POST) if request.method == "POST" else InspectorForm(initial=_start(row))
    if request.method == "POST" and attempt(request, form, lambda said: _save(request.user, person, form.said)):
        return redirect("desk:inspectors")
    context = {
        "stage": STAGE,
        "person": person,
        "form": form,
        "history": history(row)[:12] if row else [],
        "crumbs": [*top(), (_("Inspectors"), reverse("desk:inspectors")), (str(person), "")],
    }
    return render(request, "supervise/plan_inspector.html", context, status=400 if request.method == "POST" else 200)


def _start(row: InspectorProfile | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "certificate_no": row.certificate_no,
        "certified_until": row.certified_until,
        "regions": list(row.regions.values_list("pk", flat=True)),
        "recusals": "\n".join(row.recusals.order_by("credit_code").values_list("credit_code", flat=True)),
    }


def _save(user: Any, person: Person, said: dict[str, Any]) -> InspectorProfile:
    codes = list(dict.fromkeys(said["recusals"].split()))
    firms = list(Enterprise.objects.filter(credit_code__in=codes))
    unknown = sorted(set(codes) - {firm.credit_code for firm in firms})
    if unknown:
        what = msg("No firm has the credit code %(code)s.")
        raise InputError([Problem("unknown_firm", what, params={"code": one}, place="recusals") for one in unknown[:5]])
    return service.save_inspector(
        user, person, said["certificate_no"], said["certified_until"], regions=said["regions"], recusals=firms
    )
