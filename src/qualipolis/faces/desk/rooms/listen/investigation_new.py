"""Open an investigation, and change its title, danger and summary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import page
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, teams_of
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen.investigation import investigation_of
from qualipolis.faces.desk.rooms.listen.investigation_words import class_choices


class AboutForm(forms.Form):
    """What an investigation is about."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=160, help_text=gettext_lazy("Product and danger, for example: heater, casing overheats.")
    )  # fmt: skip
    hazard = forms.ChoiceField(label=gettext_lazy("Kind of danger"), choices=(), required=False)
    summary = forms.CharField(
        label=gettext_lazy("What is known so far"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )  # fmt: skip

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["hazard"].choices = class_choices("hazard", (initial or {}).get("hazard", ""))  # type: ignore[attr-defined]


class NewForm(AboutForm):
    """A new investigation: whose it is, and where."""

    def __init__(self, actor: Any, data: Any = None) -> None:
        super().__init__(data)
        offices = Organisation.objects.filter(pk__in=teams_of(actor)).order_by("code")
        first = offices.first() if offices.count() == 1 else None
        self.fields["owner"] = forms.ModelChoiceField(offices, label=_("Owned by"), initial=first)
        units = Unit.objects.exclude(government=None)
        self.fields["unit"] = forms.ModelChoiceField(units, label=_("Town"), required=False)


class EditForm(AboutForm):
    """What may be changed later, with the reason why the risk cannot be assessed."""

    not_assessed_why = forms.CharField(
        label=gettext_lazy("Why the risk cannot be assessed"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("Only where no assessment is possible, for example because no sample is left."),
    )  # fmt: skip


@page(*INVESTIGATORS)
def investigation_new(request: HttpRequest) -> HttpResponse:
    """Open an investigation in the name of one's own office."""
    form = NewForm(request.user, request.POST or None)
    made: list[Any] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.open_investigation(request.user, said.pop("title"), said.pop("owner"), **said))
    ):  # fmt: skip
        return redirect("desk:listen_investigation", made[0].pk)
    shown = {
        "stage": "listen", "heading": _("Open an investigation"), "form": form, "button": _("Open it"),
        "lead": _("Your office owns it; other offices are asked to work along on its page."),
        "crumbs": [(_("Investigations"), reverse("desk:listen_investigations")), (_("Open an investigation"), "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", shown, status=400 if form.errors else 200)


@page(*INVESTIGATORS)
def investigation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what it is about."""
    row = investigation_of(request, pk)
    initial = {name: getattr(row, name) for name in EditForm.base_fields}
    form = EditForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.edit_investigation(request.user, row, **said)
    ):
        return redirect("desk:listen_investigation", pk)
    shown = {
        "stage": "listen", "heading": _("Change %(number)s") % {"number": row.number}, "form": form, "button": _("Save"),
        "crumbs": [(_("Investigations"), reverse("desk:listen_investigations")),
                   (row.number, reverse("desk:listen_investigation", args=[pk])), (_("Change it"), "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", shown, status=400 if form.errors else 200)
