"""What the public gives to the federation: a clue, or the number and code of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qualipolis.city.registry.models import Unit

YES_NO = (("", gettext_lazy("I do not want to say")), ("no", gettext_lazy("no")), ("yes", gettext_lazy("yes")))


class ClueForm(forms.Form):
    """One clue: what happened, about whom; a name only for who wants to give one."""

    facts = forms.CharField(label=gettext_lazy("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
                            help_text=gettext_lazy("When, where, which product; what you saw yourself."))  # fmt: skip
    respondent_name = forms.CharField(
        label=gettext_lazy("About whom"), max_length=160, help_text=gettext_lazy("Name of the firm or shop.")
    )
    product_name = forms.CharField(label=gettext_lazy("Product"), max_length=120, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Town"), required=False)
    says_competitor = forms.ChoiceField(label=gettext_lazy("Are you a competitor of this firm?"), choices=YES_NO, required=False,
                                        help_text=gettext_lazy("Your clue is handled all the same."))  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
                           help_text=gettext_lazy("Leave it empty to stay anonymous."))  # fmt: skip
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=20, required=False,
                            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))  # fmt: skip
    pass_on = forms.BooleanField(label=gettext_lazy("If the clue goes to market regulation, my name may go along under seal"), required=False)  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("code")  # type: ignore[attr-defined]


class Tracking(forms.Form):
    """Number and code of a clue."""

    number = forms.CharField(
        label=gettext_lazy("Number of the clue"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "2026-XS17-K7Q4M"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Last four digits of your telephone, or the code you got"), max_length=4, min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
