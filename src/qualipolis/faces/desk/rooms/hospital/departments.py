"""Departments of the hospital as the desk sees them: what each treats, who works there, how many cases it has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Department
from qualipolis.city.hospital.reception import queries
from qualipolis.faces.desk.rooms.cycle.town import attempt

DESK = ("hospital_desk", "hospital_manager")
MANAGER = "hospital_manager"


class DepartmentForm(forms.Form):
    """A department; its code is given once."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=24)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=200, required=False)
    industries = forms.CharField(
        label=gettext_lazy("Industries, first digits of GB/T 4754"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Divided by spaces, such as 17 18."),
    )
    words = forms.CharField(
        label=gettext_lazy("Words that lead here"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Divided by spaces; a case that says one of them is suggested to this department."),
    )
    about_zh = forms.CharField(
        label=gettext_lazy("What it treats, in Chinese"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
    about_en = forms.CharField(
        label=gettext_lazy("What it treats, in English"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "en"})
    )  # fmt: skip
    open_ = forms.BooleanField(label=gettext_lazy("Takes cases"), required=False, initial=True)

    def __init__(self, *args: Any, row: Department | None, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", initial=_told(row), **kwargs)
        if row is not None:
            del self.fields["code"]


def _told(row: Department | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("name_zh", "name_en", "words", "about_zh", "about_en")
    return {name: getattr(row, name) for name in names} | {"industries": " ".join(row.industries), "open_": row.open}


@page(*DESK)
def hospital_departments(request: HttpRequest) -> HttpResponse:
    """The departments with their people and their open cases."""
    cases = queries.cases(request.user, {"show": "open"})
    rows = [
        {
            "row": one,
            "about": _about(one),
            "experts": queries.experts(request.user).filter(departments=one),
            "cases": cases.filter(department=one).count(),
        }
        for one in queries.departments(request.user)
    ]
    may = can(request.user, "hospital.save_department")
    context = {"stage": "diagnose", "rows": rows, "may": may, "crumbs": [(_("Departments"), "")]}
    return render(request, "hospital/departments.html", context)


def _about(row: Department) -> str:
    from django.utils.translation import get_language

    zh = (get_language() or "zh").startswith("zh")
    return (row.about_zh or row.about_en) if zh else (row.about_en or row.about_zh)


@page(MANAGER)
def hospital_department(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Open a department, or change one."""
    row = get_object_or_404(Department, pk=pk) if pk else None
    form = DepartmentForm(request.POST or None, row=row)

    def act(said: dict[str, Any]) -> None:
        given = dict(said) | {"industries": said["industries"].replace(",", " ").replace("、", " ").split()}
        service.save_department(request.user, row, **given)

    if request.method == "POST" and attempt(request, form, act, _("Saved.")):
        return redirect("desk:hospital_departments")
    heading = row.name if row else _("Open a department")
    context = {
        "stage": "diagnose",
        "heading": heading,
        "form": form,
        "button": _("Save"),
        "crumbs": [(_("Departments"), reverse("desk:hospital_departments")), (heading, "")],
    }
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)
