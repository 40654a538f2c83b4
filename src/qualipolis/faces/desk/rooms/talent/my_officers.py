"""The firm's own page of its chief quality officer: who holds the office, name somebody, the quality department."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import own_codes, page
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Officer
from qualipolis.city.talent.officers import queries
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import FileOfLimit
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import officer_words
from qualipolis.faces.desk.rooms.talent.officer_acts import choices, years_field
from qualipolis.law.talent.conditions import BARS, EDUCATION, SIZES, TITLES, conditions_on, size_of

NEXT = {
    "returned": gettext_lazy("Hand in again"),
    "certified": gettext_lazy("Confirm that the officer has taken up the post"),
    "filed": gettext_lazy("Enrol for the course"),
    "lapsed": gettext_lazy("Enrol for a refresher"),
}
NONE = "none"


def firms_of(user: Any) -> Any:
    """Return the firms for which somebody acts."""
    return Enterprise.objects.filter(credit_code__in=own_codes(user)).order_by("credit_code")


def accounts_of(user: Any) -> Any:
    """Return the accounts of these firms."""
    return Person.objects.filter(
        grants__scope__code__in=own_codes(user), grants__role="enterprise", is_active=True
    ).distinct()


def firm_field(user: Any) -> forms.Field:
    """Return the field of the firm; one that acts for a single firm is not asked."""
    firms = firms_of(user)
    field = forms.ModelChoiceField(firms, label=_("Firm"), initial=firms.first(), empty_label=None)
    if firms.count() == 1:
        field.widget = forms.HiddenInput()
    return field


@page("enterprise")
def my_officers(request: HttpRequest) -> HttpResponse:
    """Who holds the office, what is asked of the firm now, the department, what the officer decided."""
    rows = list(queries.of_own_firm(request.user))
    lines = [_line(row) for row in rows]
    lines.sort(key=lambda one: (not one["next"], one["row"].ended, -one["row"].pk))
    owed = queries.refiling(request.user).first()
    form = _department_form(request)
    if request.method == "POST" and attempt(request, form, lambda said: _report(request, said), _("Reported.")):
        return redirect("desk:my_officers")
    shown = {
        "stage": "build", "officers": lines, "owed": owed, "owed_due": deadline(owed.due_on) if owed else None,
        "holder": next((row for row in rows if row.status == "active"), None), "form": form,
        "departments": queries.departments(request.user).filter(enterprise__in=firms_of(request.user)),
        "vetoes": queries.acts(request.user, {"show": "standing"})[:20], "crumbs": [(_("Our chief quality officer"), "")],
    }  # fmt: skip
    return render(request, "talent/my_officers.html", shown, status=400 if form.errors else 200)


def _line(row: Officer) -> dict[str, Any]:
    next_ = str(NEXT.get(row.status, ""))
    training = row.status in ("filed", "lapsed")
    url = reverse("desk:my_training") if training else reverse("desk:talent_officer", args=[row.pk])
    return {"row": row, "state": officer_words.state_chip(row), "next": next_, "url": url, "until": queries.holds_until(row),
            "due": deadline(row.due_on) if not row.ended else None}  # fmt: skip


class DepartmentForm(forms.Form):
    """The quality department of the firm."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"] = firm_field(user)
        self.fields["name"] = after.line(_("Name of the department"), 120)()
        self.fields["people"] = forms.IntegerField(
            label=_("People in it"), min_value=1, max_value=100_000, required=False
        )
        self.fields["established_on"] = after.day(_("Established on"), initial=timezone.localdate)()


def _department_form(request: HttpRequest) -> DepartmentForm:
    return DepartmentForm(request.user, request.POST) if request.method == "POST" else DepartmentForm(request.user)


def _report(request: HttpRequest, said: dict[str, Any]) -> Any:
    return service.report_department(
        request.user, said["enterprise"], said["name"], said["established_on"], people=said["people"]
    )


class NominationForm(forms.Form):
    """Name an officer: the person, the conditions, the paper."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firm = firms_of(user).first()
        self.fields["enterprise"] = firm_field(user)
        self.fields["name"] = after.line(_("Name"), 80)()
        self.fields["id_number"] = after.line(
            _("Number of the identity card or passport"), 24,
            help_text=_("Kept as a key only: it shows whether the same person is on file elsewhere."))()  # fmt: skip
        self.fields["account"] = forms.ModelChoiceField(
            accounts_of(user), label=_("Account of the person"), required=False,
            help_text=_("With it the person signs in to the course and the examination."))  # fmt: skip
        self.fields["education"] = forms.ChoiceField(label=_("Education"), choices=choices(EDUCATION))
        self.fields["title"] = forms.ChoiceField(label=_("Professional title"), choices=choices(TITLES))
        self.fields["years"] = years_field()()
        if firm is None or size_of(firm.employees) == "unknown":
            self.fields["size"] = forms.ChoiceField(label=_("Size of the firm"), choices=choices(SIZES))
        self.fields["appointed_on"] = after.day(_("Appointed on"), initial=timezone.localdate)()
        self.fields["document_no"] = after.line(_("Number of the appointment"), 60, False)()
        self.fields["paper"] = FileOfLimit(label=_("Paper of appointment"), required=False,
                                           help_text=_("Signed by the legal representative. It is filed only with this paper."))  # fmt: skip
        self.fields["bars"] = forms.MultipleChoiceField(
            label=_("Declaration"), choices=[(NONE, _("none of these stands against the person")), *choices(BARS)],
            widget=forms.CheckboxSelectMultiple)  # fmt: skip

    def clean_bars(self) -> list[str]:
        """Return the bars that were declared; none and some together contradict each other."""
        said = self.cleaned_data["bars"]
        if NONE in said and len(said) > 1:
            raise forms.ValidationError(_("Either none of them, or those that stand against the person."))
        return [one for one in said if one != NONE]


@page("enterprise")
def my_officer_new(request: HttpRequest) -> HttpResponse:
    """Name a chief quality officer."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NominationForm(request.user, *posted)
    made: list[Officer] = []
    if posted and attempt(request, form, lambda said: made.append(_named(request.user, said)), _("Handed in.")):
        return redirect("desk:talent_officer", made[0].pk)
    shown = {
        "stage": "build", "heading": _("Name a chief quality officer"), "form": form, "button": _("Hand in"),
        "lead": _("The legal representative appoints, the office of your town files. The person is then trained and takes an examination."),
        "facts": _conditions(), "facts_title": _("Conditions"),
        "crumbs": [(_("Our chief quality officer"), reverse("desk:my_officers")), (_("Name a chief quality officer"), "")],
    }  # fmt: skip
    return render(request, "talent/form.html", shown, status=400 if form.errors else 200)


def _conditions() -> list[tuple[str, str]]:
    found = conditions_on(timezone.localdate())
    lines = []
    for one in found.requirements:
        sizes = _(", ").join(_(SIZES[size]) for size in one.sizes)
        level = _(EDUCATION[one.education]) + (
            _(" or %(title)s") % {"title": _(TITLES[one.or_title])} if one.or_title else ""
        )
        lines.append(
            (sizes, _("%(level)s, %(years)s years of quality work") % {"level": level, "years": f"{one.years:g}"})
        )
    return [*lines, (_("Source"), f"{_(found.source)}{_('. ')}{_(found.note)}")]


def _named(actor: Any, said: dict[str, Any]) -> Officer:
    person = service.register_learner(
        actor, said["enterprise"], name=said["name"], id_number=said["id_number"], education=said["education"],
        title=said["title"], account=said["account"],
    )  # fmt: skip
    return service.nominate_officer(
        actor, said["enterprise"], person, appointed_on=said["appointed_on"], years=said["years"], bars=said["bars"],
        document_no=said["document_no"], size=said.get("size", ""), paper=after.uploaded(said["paper"]),
    )  # fmt: skip
