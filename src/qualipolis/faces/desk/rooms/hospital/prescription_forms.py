"""Forms of the treatment: a row of a prescription, a containment, the report of an item, and what the expert says of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.hospital.models import PrescriptionItem
from qualipolis.faces.desk.rooms.flow_page import day_field
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit

SPARE, MOST = 3, 40
Measure = PrescriptionItem.Measure


def area(rows: int, most: int, label: Any, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def line(most: int, label: Any, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field of one line."""
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


def day(label: Any, required: bool = True) -> forms.Field:
    """Return a field for a day without one filled in."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class ItemForm(forms.Form):
    """One row of a prescription."""

    action = area(2, 1000, _("What is done"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=PrescriptionItem.Kind.choices, initial="corrective")
    owner = line(80, _("Who is responsible"), required=False)
    finish_on = day(_("To be done until"), required=False)
    cost = forms.DecimalField(
        label=_("Estimated cost, yuan"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    criterion = area(
        2, 1000, _("Criterion of acceptance"), required=False, help_text=_("A number with a period, never “improve”.")
    )
    measure = forms.ChoiceField(label=_("Measured by"), choices=Measure.choices, initial=Measure.WORDS)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("", _("as the measure says")), *PrescriptionItem.Direction.choices],
        required=False,
    )
    target = forms.FloatField(
        label=_("Value to be reached"), required=False, help_text=_("A share as a number: 0.02 for 2%.")
    )
    unit = line(20, _("Unit of measure"), required=False)
    least_n = forms.IntegerField(label=_("Fewest readings"), required=False, min_value=1)

    def __init__(self, number: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"i{number}", use_required_attribute=False, **kwargs)
        self.number = number

    @property
    def filled(self) -> bool:
        """Whether a person wrote into the row what makes it one."""
        return any(str(self[name].value() or "").strip() for name in ("action", "owner", "criterion", "target"))

    @property
    def main(self) -> list[Any]:
        """The fields of the first line."""
        return [self[name] for name in ("kind", "owner", "finish_on", "cost")]

    @property
    def measured(self) -> list[Any]:
        """The fields of the measured criterion."""
        return [self[name] for name in ("measure", "direction", "target", "unit", "least_n")]


class AdviceForm(forms.Form):
    """What stands beside the rows of a prescription."""

    advice = area(3, 4000, _("Advice"), required=False)


class ContainmentForm(forms.Form):
    """A containment before any prescription (D3)."""

    action = area(2, 1000, _("What is done at once"))
    owner = line(80, _("Who is responsible"))
    finish_on = day(_("To be done until"))
    criterion = area(2, 1000, _("Criterion of acceptance"), help_text=_("How one sees that the customer is protected."))


class FinishForm(forms.Form):
    """The firm reports an item done."""

    report = area(3, 2000, _("What the firm did"))
    files = FilesOfLimit(label=_("Photos and papers"), required=False)

    def __init__(self, pk: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"f{pk}", **kwargs)
        self.fields["done_on"] = day_field()
        self.fields["done_on"].label = _("Done on")
        self.fields["done_on"].initial = timezone.localdate
        self.order_fields(["report", "done_on", "files"])


class RemarkForm(forms.Form):
    """What the expert says of an item that was reported."""

    reason = area(2, 1000, _("Remark or reason"), required=False, help_text=_("Needed to send it back or to drop it."))

    def __init__(self, pk: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"r{pk}", **kwargs)
