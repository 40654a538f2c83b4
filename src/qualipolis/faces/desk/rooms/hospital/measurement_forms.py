"""The forms of a measurement file: the file itself, how it is read, and what its readings are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.hospital.measurements.arrivals import LIMIT
from qualipolis.city.hospital.measurements.filing import MOST_SUBGROUP
from qualipolis.city.hospital.measurements.reading import Listed
from qualipolis.faces.desk.rooms.measure.pieces import NumberField
from qualipolis.lake.factory.bounds import ENCODINGS

ACCEPT = ".csv,.txt,.tsv,.xlsx,.dfq,.dfd,.dfx,.qif,.xml"
RULES = {
    "nelson": gettext_lazy("Nelson, eight rules"),
    "western_electric": gettext_lazy("Western Electric, four rules"),
    "minitab": gettext_lazy("as Minitab: rule 8 on either side"),
    "attribute": gettext_lazy("order and runs only, four rules"),
    "limits": gettext_lazy("limits only"),
}
DECIMALS = (("", gettext_lazy("recognise it")), (".", gettext_lazy("point: 1.5")), (",", gettext_lazy("comma: 1,5")))
LAYOUTS = (
    ("auto", gettext_lazy("recognise it")),
    ("columns", gettext_lazy("each column is a characteristic")),
    ("across", gettext_lazy("the columns are the readings of one subgroup")),
)


class Sent(forms.Form):
    """One file, or the two halves of a Q-DAS pair."""

    file = forms.FileField(
        label=gettext_lazy("Measurement file"),
        help_text=gettext_lazy(
            "As your machine writes it: csv, txt, xlsx, Q-DAS (dfq, dfd, dfx), QIF or a calibration certificate (xml); at "
            "most 256 MB. It stays as it is."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    other = forms.FileField(
        label=gettext_lazy("Second half of a Q-DAS pair"),
        help_text=gettext_lazy("Only when the description (dfd) and the values (dfx) are two files."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".dfd,.dfx"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse files over the limit before they are read."""
        said = super().clean() or {}
        for name in ("file", "other"):
            if said.get(name) and said[name].size > LIMIT:
                self.add_error(name, _("The file is over 256 MB. Split it and hand in the parts."))
        return said


class How(forms.Form):
    """What the file does not say itself, or says wrongly."""

    characteristic = forms.ChoiceField(label=gettext_lazy("Characteristic"), required=False)
    was = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    unit = forms.CharField(label=gettext_lazy("Unit of measurement"), required=False, max_length=20)
    lower = NumberField(label=gettext_lazy("Lower limit"))
    upper = NumberField(label=gettext_lazy("Upper limit"))
    target = NumberField(label=gettext_lazy("Target"))
    subgroup = forms.IntegerField(
        label=gettext_lazy("Readings in a subgroup"),
        help_text=gettext_lazy("How many were taken together; empty for one at a time."),
        required=False,
        min_value=1,
        max_value=MOST_SUBGROUP,
    )
    rules = forms.ChoiceField(label=gettext_lazy("Rules of the chart"), required=False, choices=tuple(RULES.items()))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["characteristic"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def reading(self) -> dict[str, Any]:
        """Return what was said as fields of a measurement file."""
        said = self.cleaned_data
        found = {key: said[key] for key in ("lower", "upper", "target", "subgroup", "unit", "characteristic")}
        return found | {"rules": said["rules"] or "nelson"}


class Understanding(forms.Form):
    """How the text of the file is read, where it was recognised wrongly."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=(("", gettext_lazy("recognise it")), *((one, one) for one in ENCODINGS)),
    )
    decimal = forms.ChoiceField(label=gettext_lazy("Decimal sign"), required=False, choices=DECIMALS)
    layout = forms.ChoiceField(label=gettext_lazy("Layout"), required=False, choices=LAYOUTS)
    sheet = forms.CharField(label=gettext_lazy("Sheet"), required=False, max_length=120)


def choices_of(listed: Iterable[Listed]) -> list[tuple[str, str]]:
    """Return the characteristics of a file to choose from, each with its unit and how many readings it has."""
    return [(one.key, _choice(one)) for one in listed]


def _choice(one: Listed) -> str:
    unit = _(" (%(words)s)") % {"words": one.unit} if one.unit else ""
    return _("%(name)s: %(n)s readings") % {"name": (one.name or one.key) + unit, "n": f"{one.values:,}"}
