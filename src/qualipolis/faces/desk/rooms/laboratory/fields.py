"""Fields of the laboratory's forms: pictures from a camera, how each seal was found, limits and values in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.supervise.laboratory.bench import MOST_PHOTOS
from qualipolis.city.supervise.laboratory.queries import LabSample
from qualipolis.city.supervise.models import SampleReceipt, Seal
from qualipolis.faces.desk.rooms.cycle.town import FILES, too_large

SEALS = "seal_"


class ManyFiles(forms.ClearableFileInput):
    """Takes several files; on a phone the camera opens."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Pictures or documents, each within the limit of evidence files; gives (name, chunks) pairs."""

    def __init__(self, *, camera: bool = True, **kwargs: Any) -> None:
        attrs = {"multiple": True, "accept": "image/*" if camera else FILES}
        super().__init__(widget=ManyFiles(attrs=attrs | ({"capture": "environment"} if camera else {})), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, Any]]:
        """Return the files; a file over the limit is named."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("At most %(most)s pictures are kept with one step.") % {"most": MOST_PHOTOS})
        cleaned = [super(PhotosField, self).clean(one, initial) for one in files]
        if not cleaned:
            super().clean(None, initial)
        for one in cleaned:
            if words := too_large(one):
                raise forms.ValidationError(words)
        return [(one.name, one.chunks()) for one in cleaned]


def day_of_receipt() -> forms.Field:
    """Return the field for the day of receipt."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Received on"), widget=widget, initial=timezone.localdate)


def receipt_fields(sample: LabSample, *, complete: bool) -> Mapping[str, Callable[[], forms.Field]]:
    """Return the fields of a receipt check: day, appearance, quantity, each seal, pictures.

    Without ``complete`` (a refusal) only the day is asked for; the rest may stay empty.
    """
    fields: dict[str, Callable[[], forms.Field]] = {"received_on": day_of_receipt}
    for position, seal in enumerate(sample.seals):
        fields[f"{SEALS}{position}"] = _seal_field(seal.number, complete)
    fields["appearance"] = lambda: forms.CharField(
        label=_("Appearance of the sample and its packing"), max_length=400, required=complete
    )
    words = _("The form says %(n)s %(unit)s.") % {"n": sample.quantity, "unit": sample.quantity_unit}
    fields["quantity"] = lambda: forms.IntegerField(
        label=_("Quantity that arrived"), min_value=0, max_value=1_000_000, required=complete, help_text=words
    )
    fields["photos"] = lambda: PhotosField(
        label=_("Pictures of appearance and seals"),
        required=False,
        help_text=_("Up to 12; the camera opens on a phone."),
    )
    return fields


def _seal_field(number: str, complete: bool) -> Callable[[], forms.Field]:
    choices = [("", _("not looked at")), *((value, str(words)) for value, words in Seal.Found.choices)]
    return lambda: forms.ChoiceField(
        label=_("Seal %(number)s was found") % {"number": number}, choices=choices, required=complete
    )


def receipt_said(sample: LabSample, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the receipt verbs from what a form says."""
    found = {seal.number: said.get(f"{SEALS}{n}", "") for n, seal in enumerate(sample.seals)}
    return {
        "received_on": said["received_on"],
        "appearance": said["appearance"],
        "quantity": said["quantity"],
        "seals": {number: how for number, how in found.items() if how},
        "photos": said["photos"],
    }


def licence_field() -> forms.Field:
    """Return the choice of what was seen of the licence."""
    choices = [(value, str(words)) for value, words in SampleReceipt.Licence.choices]
    label = gettext_lazy("Production licence or compulsory certificate")
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
