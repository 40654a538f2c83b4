"""Finding an expert for a case: everybody in their rank with what speaks for and against; and handing a case over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, CaseLink, Expert
from qualipolis.city.hospital.reception.assignment import TREATED, Candidate, candidates
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.words import title_of

DESK = ("hospital_desk", "hospital_manager")
RELATED = ("enterprise", "unit", "department", "expert__person")


class ChooseForm(forms.Form):
    """The expert; a hand-over has its note."""

    expert = forms.ModelChoiceField(Expert.objects.all(), label=gettext_lazy("Expert"), widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Where the case stands, for the next expert"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The experts and the desk read it, the firm does not."),
    )

    def __init__(self, *args: Any, handing: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.fields["expert"].error_messages["required"] = _("Choose an expert.")
        if not handing:
            del self.fields["note"]


@page(*DESK)
def case_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a case to an expert, or hand one that is under treatment over to another."""
    case = get_object_or_404(visible(request.user, Case.objects.select_related(*RELATED)), pk=pk)
    handing = case.status in TREATED and can(request.user, "hospital.hand_over", case)
    if not handing and case.status not in ("triaged", "reopened"):
        return redirect("desk:hospital_case", pk)
    form = ChooseForm(request.POST or None, handing=handing)
    if request.method == "POST" and attempt(request, form, lambda said: _act(request.user, case, said, handing)):
        return redirect("desk:hospital_case", pk)
    rows = [one for one in candidates(case) if one.expert.pk != case.expert_id or not handing]
    context = {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "form": form,
        "handing": handing,
        "free": [one for one in rows if not one.barred],
        "barred": [one for one in rows if one.barred],
        "first": _best(rows),
        "crumbs": [(str(case), case_address(case)), (_("Find an expert"), "")],
    }
    return render(request, "hospital/assign.html", context, status=400 if form.errors else 200)


def _best(rows: list[Candidate]) -> int | None:
    return next((one.expert.pk for one in rows if not one.barred), None)


def case_address(case: Case) -> str:
    """Return the page of a case."""
    from django.urls import reverse

    return reverse("desk:hospital_case", args=[case.pk])


def _act(actor: Any, case: Case, said: dict[str, Any], handing: bool) -> None:
    if handing:
        service.hand_over(actor, case, said["expert"], said["note"])
    else:
        service.propose_expert(actor, case, said["expert"])


class LinkForm(forms.Form):
    """The other case by its number, and how the two belong together."""

    number = forms.CharField(label=gettext_lazy("Number of the other case"), max_length=24)
    kind = forms.ChoiceField(
        label=gettext_lazy("How they belong together"), choices=CaseLink.Kind.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("Remark on the link"), max_length=400, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.actor = actor

    def clean_number(self) -> Case:
        """Return the case; one that is not seen is not there."""
        found = visible(self.actor, Case.objects.filter(number=self.cleaned_data["number"].strip())).first()
        if found is None:
            raise forms.ValidationError(_("You see no case with this number."))
        return found


@page("expert", *DESK)
def case_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that two cases belong together."""
    case = get_object_or_404(visible(request.user, Case.objects.select_related(*RELATED)), pk=pk)
    form = LinkForm(request.POST or None, actor=request.user)

    def act(said: dict[str, Any]) -> None:
        service.link_cases(request.user, case, said["number"], said["kind"], said["note"])

    if request.method == "POST" and attempt(request, form, act):
        return redirect("desk:hospital_case", pk)
    context = {
        "stage": "diagnose",
        "heading": _("Link a case"),
        "lead": _("The firms learn nothing of each other from it."),
        "form": form,
        "button": _("Link the cases"),
        "crumbs": [(str(case), case_address(case)), (_("Link a case"), "")],
    }
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)
