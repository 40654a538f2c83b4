"""Forms of the people page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.roles import Role


class PersonForm(forms.ModelForm):
    """Someone new."""

    class Meta:
        model = Person
        fields = ["username", "display_name", "organisation"]
        help_texts = {"username": _("Letters, digits and @ . + - _")}
        labels = {"username": _("User name")}

    organisation = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=Organisation.Kind.ENTERPRISE), required=False, label=_("Organisation")
    )


class GrantForm(forms.ModelForm):
    """A role for a person."""

    class Meta:
        model = Grant
        fields = ["role", "scope", "valid_from", "valid_to"]
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    role = forms.ChoiceField(choices=Role.choices, label=_("Role"))
    scope = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=Organisation.Kind.ENTERPRISE),
        required=False,
        label=_("For the organisation"),
        empty_label=_("The whole city"),
    )


class ReasonForm(forms.Form):
    """Why: one line."""

    reason = forms.CharField(max_length=200, required=False, label=_("Reason"))


class LedgerFilter(forms.Form):
    """Narrows the list of events."""

    who = forms.CharField(max_length=150, required=False, label=_("Who"))
    verb = forms.CharField(max_length=80, required=False, label=_("Step"))
    thing = forms.CharField(max_length=120, required=False, label=_("Thing"))
