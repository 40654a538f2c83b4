"""A risk assessment that was kept, with its result as the method gives it again from the scenarios."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen.investigations.findings import POPULATIONS, scenario_of
from qualipolis.city.listen.investigations.visibility import READERS
from qualipolis.city.listen.models import RiskAssessment
from qualipolis.faces.desk.rooms.listen import investigation_risk_shown as showing
from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.risk import Risk, assess_risk


@page(*READERS)
def risk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessment."""
    rows = RiskAssessment.objects.select_related("product", "investigation", "assessed_by")
    one = get_object_or_404(visible(request.user, rows), pk=pk)
    result = _again(one)
    crumbs = [(_("Investigations"), reverse("desk:listen_investigations"))]
    if one.investigation:
        crumbs.append((one.investigation.number, reverse("desk:listen_investigation", args=[one.investigation_id])))
    shown = {
        "stage": "listen", "one": one, "result": showing.shown(result) if result else None,
        "populations": [str(POPULATIONS.get(code, code)) for code in one.populations],
        "crumbs": [*crumbs, (_("Risk assessment"), "")],
    }  # fmt: skip
    return render(request, "listen/investigation_risk_page.html", shown)


def _again(one: RiskAssessment) -> Risk | None:
    try:
        return assess_risk([scenario_of(kept) for kept in one.scenarios])
    except InputError:
        return None
