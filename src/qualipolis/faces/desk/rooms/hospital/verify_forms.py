"""Forms of the verification: where the numbers before and after come from, and the judgement."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.hospital.models import Case, Examination, MeasurementFile, PrescriptionItem
from qualipolis.city.hospital.treatment.phases import (
    MOST_VALUES,
    Counts,
    OfExaminations,
    OfFile,
    Pasted,
    Source,
    phase_names,
)
from qualipolis.faces.desk.rooms.flow_page import SeveralOf, day_field

Measure = PrescriptionItem.Measure
COUNTED = (Measure.SHARE, Measure.COUNT)
NUMBER = re.compile(r"[\s,;，；、]+")


class ValuesField(forms.CharField):
    """Numbers in the order of time, apart by blanks, commas or new lines."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "inputmode": "decimal"})
        super().__init__(max_length=40_000, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the numbers; what is none is named."""
        words = [word for word in NUMBER.split(super().clean(value)) if word]
        found = []
        for word in words:
            try:
                number = float(word)
            except ValueError:
                number = math.nan
            if not math.isfinite(number):
                raise forms.ValidationError(_("“%(word)s” is not a number.") % {"word": word[:20]})
            found.append(number)
        if len(found) > MOST_VALUES:
            raise forms.ValidationError(_("At most %(most)s values.") % {"most": MOST_VALUES})
        return tuple(found)


class SourceForm(forms.Form):
    """Where the numbers come from; each kind says how to make its source."""

    kind = ""
    title: Any = ""
    days = True

    def __init__(self, item: PrescriptionItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{self.kind}{item.pk}", **kwargs)
        if self.days:
            self.fields["effect_on"] = day_field()
            self.fields["effect_on"].label = _("First day of the measurements after")

    def source(self) -> Source:
        """Return the source of the numbers."""
        raise TypeError(self.kind)


class FileForm(SourceForm):
    """Two phases of a measurement file of the case."""

    kind, title = "file", gettext_lazy("Two phases of a measurement file")
    phases = forms.ChoiceField(label=gettext_lazy("File and phases"))

    def __init__(self, item: PrescriptionItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(item, *args, **kwargs)
        rows = MeasurementFile.objects.filter(case=item.case_id).select_related("attachment").order_by("-pk")
        self.files = {one.pk: one for one in rows}
        choice = self.fields["phases"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [pair for one in rows for pair in _pairs(one)]
        day = self.fields["effect_on"]
        day.required, day.help_text = False, _("Only for a file without times; times in the file stand above it.")

    def source(self) -> Source:
        """Return the chosen phases."""
        pk, before, after = (int(one) for one in self.cleaned_data["phases"].split(":"))
        return OfFile(self.files[pk], before, after)


def _pairs(file: MeasurementFile) -> list[tuple[str, str]]:
    """Return every two neighbouring phases of a file, and the first against the last."""
    names = [(n, label or _("phase %(n)s") % {"n": n + 1}) for n, label in phase_names(file)]
    wanted = list(pairwise(names))
    wanted += [(names[0], names[-1])] if len(names) > 2 else []
    words = _("%(file)s: %(before)s against %(after)s")
    return [
        (f"{file.pk}:{a[0]}:{b[0]}", words % {"file": file.attachment.name, "before": a[1], "after": b[1]})
        for a, b in wanted
    ]


class ExaminationForm(SourceForm):
    """The same item in two examinations."""

    kind, title, days = "exam", gettext_lazy("Two examinations of a laboratory"), False
    before = forms.ModelChoiceField(Examination.objects.none(), label=gettext_lazy("Before"))
    after = forms.ModelChoiceField(Examination.objects.none(), label=gettext_lazy("After"))
    name = forms.ChoiceField(label=gettext_lazy("Item of the report"))

    def __init__(self, item: PrescriptionItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(item, *args, **kwargs)
        rows = Examination.objects.filter(case=item.case_id, status="reported")
        self.count = rows.count()
        for place in ("before", "after"):
            choice = self.fields[place]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = rows
        names = dict.fromkeys(r.get("item", "") for one in rows for r in one.readings if len(r.get("values") or ()) > 1)
        items = self.fields["name"]
        assert isinstance(items, forms.ChoiceField)
        items.choices = [(name, name) for name in names]

    def source(self) -> Source:
        """Return the two examinations."""
        said = self.cleaned_data
        return OfExaminations(said["name"], said["before"], said["after"])


class PastedForm(SourceForm):
    """Values that are written down somewhere else."""

    kind, title = "pasted", gettext_lazy("Single values, typed or pasted")
    before = ValuesField(label=gettext_lazy("Values before, in the order of time"))
    after = ValuesField(label=gettext_lazy("Values after, in the order of time"))
    lower = forms.FloatField(label=gettext_lazy("Lower limit"), required=False)
    upper = forms.FloatField(label=gettext_lazy("Upper limit"), required=False)

    def source(self) -> Source:
        """Return the values."""
        said = self.cleaned_data
        return Pasted(said["before"], said["after"], said["lower"], said["upper"])


class CountsForm(SourceForm):
    """Pieces counted before and after."""

    kind, title = "counts", gettext_lazy("Counts before and after")
    events_before = forms.IntegerField(
        label=gettext_lazy("Nonconforming or defects before"), min_value=0, max_value=10**9
    )
    units_before = forms.IntegerField(label=gettext_lazy("Pieces looked at before"), min_value=1, max_value=10**9)
    events_after = forms.IntegerField(
        label=gettext_lazy("Nonconforming or defects after"), min_value=0, max_value=10**9
    )
    units_after = forms.IntegerField(label=gettext_lazy("Pieces looked at after"), min_value=1, max_value=10**9)

    def source(self) -> Source:
        """Return the counts."""
        said = self.cleaned_data
        before = (float(said["events_before"]), float(said["units_before"]))
        return Counts(before, (float(said["events_after"]), float(said["units_after"])))


def sources_for(item: PrescriptionItem, data: Any = None, kind: str = "") -> list[SourceForm]:
    """Return the forms that fit the measure of an item; ``data`` goes to the one of this kind."""
    kinds: list[type[SourceForm]] = [FileForm]
    kinds += [CountsForm] if item.measure in COUNTED else [ExaminationForm]
    kinds += [PastedForm] if item.measure != Measure.COUNT else []
    made = [one(item, data if one.kind == kind else None) for one in kinds]
    return [one for one in made if _has_any(one)]


def _has_any(form: SourceForm) -> bool:
    if isinstance(form, FileForm):
        return bool(form.fields["phases"].choices)  # type: ignore[attr-defined]
    return not isinstance(form, ExaminationForm) or (form.count > 1 and bool(form.fields["name"].choices))  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    """The judgement of the treatment: cured, improved, without effect, or before a panel."""

    reason = forms.CharField(
        label=gettext_lazy("Reason or remark"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when it has no effect: the firm reads what to do again."),
    )
    items = SeveralOf(
        PrescriptionItem.objects.none(),
        label=gettext_lazy("Items to be done again"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a choice: those whose effect is not proven."),
    )

    def __init__(self, case: Case, items: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["items"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = items
        choice.label_from_instance = lambda one: one.action[:80]  # type: ignore[method-assign]
