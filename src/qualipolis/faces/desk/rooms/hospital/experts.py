"""Experts as desk and manager see them: field, load, absence, ties, rating with its number; and the own absence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Grant, Person
from qualipolis.city.core.policy import can, page, roles_of
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation.parties import as_expert
from qualipolis.city.hospital.models import Department, Expert
from qualipolis.city.hospital.reception import queries
from qualipolis.city.hospital.reception.experts import away_on, in_term, load, rated
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import SeveralOf
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import day
from qualipolis.faces.desk.templatetags import desk as tags

DESK = ("hospital_desk", "hospital_manager")
MANAGER = "hospital_manager"


def _columns() -> list[parts.Column]:
    return [
        parts.Column("name", _("Expert"), title=True),
        parts.Column("field", _("Field of the expert")),
        parts.Column("departments", _("Departments")),
        parts.Column("load", _("Open cases"), numeric=True),
        parts.Column("rating", _("Rating")),
        parts.Column("state", _("State")),
    ]


def field_of(row: Expert) -> str:
    """Return the field of an expert in the language of the page."""
    zh = (get_language() or "zh").startswith("zh")
    return (row.field_zh or row.field_en) if zh else (row.field_en or row.field_zh)


def rating_words(row: Expert) -> str:
    """Return what firms say of an expert with the number of ratings; nothing is said of none."""
    found = rated(row)
    return _("%(mean).1f of 5, n = %(n)s") % {"mean": found.mean, "n": found.n} if found.mean is not None else ""


def _state(row: Expert) -> Any:
    today = timezone.localdate()
    if not in_term(row, today):
        return tags.chip("idle", _("not appointed"))
    if away_on(row, today):
        until = _("away until %(day)s") % {"day": row.away_to} if row.away_to else _("away")
        return tags.chip("warn", until)
    full = load(row) >= row.capacity
    return tags.chip("warn", _("full")) if full else tags.chip("ok", _("takes cases"))


def _cells(row: Expert) -> Mapping[str, Any]:
    return {
        "name": format_html('{}<br><span class="muted">{}</span>', row.person, row.organisation.name),
        "field": field_of(row),
        "departments": "; ".join(one.name for one in row.departments.all()),
        "load": _("%(load)s of %(capacity)s") % {"load": load(row), "capacity": row.capacity},
        "rating": rating_words(row),
        "state": _state(row),
        "url": reverse("desk:hospital_expert", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Experts"),
    gettext_lazy("Who treats what, who has room, who is away. A rating is shown with its number and never alone."),
    _columns,
    _cells,
    (),
    "hospital-experts",
    (gettext_lazy("No expert yet"), gettext_lazy("The manager of the hospital appoints the first one.")),
)


@page(*DESK)
def hospital_experts(request: HttpRequest) -> HttpResponse:
    """The experts."""
    tools = [(_("Departments"), reverse("desk:hospital_departments"), "sitemap")]
    if can(request.user, "hospital.save_expert"):
        tools.append((_("Appoint an expert"), reverse("desk:hospital_expert_new"), "plus"))
    rows, crumbs = queries.experts(request.user), [(str(LIST.heading), "")]
    return after.list_page(request, LIST, rows, stage="diagnose", tools=tools, crumbs=crumbs)


class ExpertForm(forms.Form):
    """An expert; the person is chosen once."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Person"),
        help_text=gettext_lazy("Who has the role of an expert; the administrator gives it."),
    )  # fmt: skip
    departments = SeveralOf(
        Department.objects.all(), label=gettext_lazy("Departments"), widget=forms.CheckboxSelectMultiple
    )
    field_zh = forms.CharField(label=gettext_lazy("Field, in Chinese"), max_length=200)
    field_en = forms.CharField(label=gettext_lazy("Field, in English"), max_length=200, required=False)
    qualifications = forms.CharField(label=gettext_lazy("Qualifications"), max_length=400, required=False)
    conflicts = forms.CharField(
        label=gettext_lazy("Ties: credit codes of firms"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Divided by spaces. The expert is never proposed for these firms."),
    )  # fmt: skip
    capacity = forms.IntegerField(label=gettext_lazy("Most open cases at a time"), min_value=1, max_value=50, initial=5)
    term_from = day(gettext_lazy("Appointed from"), initial=timezone.localdate)()
    term_to = day(gettext_lazy("Appointed until"), required=False)()

    def __init__(self, *args: Any, row: Expert | None, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", initial=_told(row), **kwargs)
        if row is not None:
            del self.fields["person"]
            return
        able = Grant.objects.filter(role="expert").values("person")
        free = Person.objects.filter(pk__in=able, hospital_expert=None, organisation__isnull=False)
        self.fields["person"].queryset = free.order_by("username")  # type: ignore[attr-defined]


def _told(row: Expert | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("field_zh", "field_en", "qualifications", "capacity", "term_from", "term_to")
    told = {name: getattr(row, name) for name in names}
    return told | {"departments": row.departments.all(), "conflicts": " ".join(row.conflicts)}


class AbsenceForm(forms.Form):
    """From when until when; empty means that the absence is over."""

    away_from = day(gettext_lazy("Away from"), required=False)()
    away_to = day(gettext_lazy("Away until"), required=False)()

    def __init__(self, *args: Any, row: Expert, **kwargs: Any) -> None:
        initial = {"away_from": row.away_from, "away_to": row.away_to}
        super().__init__(*args, auto_id="id_away_%s", initial=initial, **kwargs)


@page(MANAGER)
def hospital_expert_new(request: HttpRequest) -> HttpResponse:
    """Appoint an expert."""
    form = ExpertForm(request.POST or None, row=None)

    def act(said: dict[str, Any]) -> None:
        given = dict(said) | {"conflicts": said["conflicts"].split()}
        service.save_expert(request.user, None, organisation=said["person"].organisation, **given)

    if request.method == "POST" and attempt(request, form, act, _("Saved.")):
        return redirect("desk:hospital_experts")
    context = {
        "stage": "diagnose",
        "heading": _("Appoint an expert"),
        "form": form,
        "button": _("Appoint"),
        "crumbs": [(_("Experts"), reverse("desk:hospital_experts")), (_("Appoint an expert"), "")],
    }
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)


@page("expert", *DESK)
def hospital_expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert: load and rating for the desk, everything for the manager, the own absence for the expert."""
    row = get_object_or_404(queries.experts(request.user), pk=pk)
    own = getattr(as_expert(request.user), "pk", None) == row.pk
    if not own and not roles_of(request.user) & set(DESK):
        return redirect("desk:hospital_cases")
    manager = MANAGER in roles_of(request.user)
    absence = AbsenceForm(request.POST if "away_from" in request.POST else None, row=row) if manager or own else None
    edit = ExpertForm(request.POST if "capacity" in request.POST else None, row=row) if manager else None
    if request.method == "POST" and _saved(request, row, absence, edit):
        return redirect("desk:hospital_expert", pk)
    context = {
        "stage": "diagnose",
        "row": row,
        "field": field_of(row),
        "load": load(row),
        "rated": rated(row),
        "state": _state(row),
        "absence": absence,
        "edit": edit,
        "crumbs": [(_("Experts"), reverse("desk:hospital_experts")), (str(row), "")] if not own else [(str(row), "")],
    }
    return render(request, "hospital/expert.html", context)


def _saved(request: HttpRequest, row: Expert, absence: AbsenceForm | None, edit: ExpertForm | None) -> bool:
    if absence is not None and absence.is_bound:
        return attempt(request, absence, lambda said: service.set_absence(request.user, row, **said), _("Saved."))
    if edit is not None and edit.is_bound:
        return attempt(request, edit, lambda said: _edit(request.user, row, said), _("Saved."))
    return False


def _edit(actor: Any, row: Expert, said: dict[str, Any]) -> Expert:
    return service.save_expert(actor, row, **(dict(said) | {"conflicts": said["conflicts"].split()}))


@page("expert")
def my_absence(request: HttpRequest) -> HttpResponse:
    """The own page of an expert."""
    mine = as_expert(request.user)
    return redirect("desk:hospital_expert", mine.pk) if mine else redirect("desk:hospital_cases")
