"""The wizard of a risk assessment: ways in which someone is hurt, step by step; looked at first, kept when it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.findings import MOST_SCENARIOS, POPULATIONS, scenario_of
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, may_change
from qualipolis.city.listen.models import Investigation, RiskAssessment
from qualipolis.faces.desk.rooms.listen import investigation_risk_shown as showing
from qualipolis.faces.desk.rooms.listen.investigation import investigation_of
from qualipolis.faces.desk.rooms.listen.investigation_marks import products_of
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.methods.problems import InputError, Problem
from qualipolis.methods.signal.risk import SEVERITIES, Risk, assess_risk

STEPS = 8
STEP = ("what", "probability", "low", "high")


class AboutRisk(forms.Form):
    """The product, who is at risk, and what is uncertain."""

    populations = forms.MultipleChoiceField(
        label=gettext_lazy("Who is at risk"), choices=list(POPULATIONS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    uncertainty = forms.CharField(
        label=gettext_lazy("What is uncertain"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Where the numbers come from, and what would have to be measured to know better."),
    )  # fmt: skip

    def __init__(self, row: Investigation, data: Any, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=initial)
        rows = products_of(row)
        first = rows.first() if rows.count() == 1 else None
        self.fields["product"] = forms.ModelChoiceField(rows, label=_("Product"), initial=first)
        self.order_fields(("product", "populations", "uncertainty"))


@page(*INVESTIGATORS)
def risk_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the scenarios, look at the result, keep it."""
    row = investigation_of(request, pk)
    if not may_change(request.user, row):
        raise PermissionDenied(_("Only the owner and the teams with the right to edit may do this."))
    do = request.POST.get("do", "")
    said = _said(request.POST)
    scenarios = [one for one in said if _written(one)]
    form = AboutRisk(row, request.POST if do == "save" else None, _initial(request))
    result, problems = _looked(scenarios) if do in ("look", "save") else (None, [])
    if do == "save" and form.is_valid() and result is not None:
        made, problems = _kept(request, row, form.cleaned_data, scenarios)
        if made is not None:
            return redirect("desk:listen_risk", made.pk)
    count = min(MOST_SCENARIOS, max(1, len(said)) + (do == "more"))
    shown = {
        "stage": "listen", "row": row, "form": form, "errors": [("", words) for words in problems],
        "scenarios": [_fields(number, said) for number in range(count)], "count": count, "more": count < MOST_SCENARIOS,
        "severities": [(number, _(words)) for number, words in SEVERITIES.items()],
        "result": showing.shown(result) if result is not None else None,
        "crumbs": [(_("Investigations"), reverse("desk:listen_investigations")),
                   (row.number, reverse("desk:listen_investigation", args=[pk])), (_("Assess the risk"), "")],
    }  # fmt: skip
    return render(request, "listen/investigation_risk.html", shown, status=400 if problems or form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what was chosen when another scenario is added, and the product of the address."""
    said: dict[str, Any] = {"product": request.POST.get("product") or request.GET.get("product", "")[:18] or None}
    if request.POST:
        said |= {"populations": request.POST.getlist("populations"), "uncertainty": request.POST.get("uncertainty", "")}
    return {name: value for name, value in said.items() if value}


def _said(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the scenarios as they were typed, also those that are empty."""
    given = data.get("scenarios", "")
    count = min(MOST_SCENARIOS, int(given)) if given.isascii() and given.isdigit() and len(given) < 3 else 0
    found = []
    for number in range(count):
        texts = {name: data.get(f"s{number}-{name}", "").strip() for name in ("name", "severity", "people")}
        steps = [{name: data.get(f"s{number}-{at}-{name}", "").strip() for name in STEP} for at in range(STEPS)]
        found.append(texts | {"factors": steps})
    return found


def _written(one: dict[str, Any]) -> bool:
    """Whether anything stands in a scenario; its empty steps are left out."""
    one["factors"] = [step for step in one["factors"] if any(step.values())]
    return bool(one["name"] or one["severity"] or one["factors"])


def _looked(scenarios: list[dict[str, Any]]) -> tuple[Risk | None, list[str]]:
    try:
        return assess_risk([scenario_of(one) for one in scenarios]), []
    except InputError as error:
        return None, [_placed(problem) for problem in error.problems]


def _placed(problem: Problem) -> str:
    words = problem_words(problem)
    return f"{problem.place}{_(': ')}{words}" if problem.place.strip(" ,") else words


def _kept(
    request: HttpRequest, row: Investigation, said: dict[str, Any], scenarios: list[dict[str, Any]]
) -> tuple[RiskAssessment | None, list[str]]:
    try:
        with transaction.atomic():
            return service.assess_risk(
                request.user, said["product"], scenarios, investigation=row, populations=said["populations"],
                uncertainty=said["uncertainty"],
            ), []  # fmt: skip
    except InputError as error:
        return None, [_placed(problem) for problem in error.problems]


def _fields(number: int, said: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the inputs of one scenario with what was typed."""
    one = said[number] if number < len(said) else {"factors": []}
    steps = []
    for at in range(STEPS):
        given = one["factors"][at] if at < len(one["factors"]) else {}
        steps.append([{"name": f"s{number}-{at}-{name}", "field": name, "value": given.get(name, "")} for name in STEP])
    return {"number": number + 1, "prefix": f"s{number}", "said": one, "steps": steps}
