"""Forms of the consultation: a message, an order to a laboratory, a diagnosis, a panel, opinions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qualipolis.city.hospital.consultation.diagnoses import LENGTHS as DIAGNOSIS
from qualipolis.city.hospital.consultation.examinations import LENGTHS, VERDICTS
from qualipolis.city.hospital.models import Case, Expert, MeasurementFile, RootCause
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk.rooms.flow_page import FileOfLimit, SeveralOf, day_field
from qualipolis.faces.desk.rooms.hospital.experts import field_of
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit

ITEMS = 8
SURE = (("high", _("sure")), ("middle", _("fairly sure")), ("low", _("not sure yet")))


def area(rows: int, **attrs: str) -> forms.Textarea:
    """Return a field of several lines."""
    return forms.Textarea(attrs={"rows": rows} | attrs)


class SayForm(forms.Form):
    """A message with files; who treats the case may keep it among the experts."""

    words = forms.CharField(label=_("Message"), max_length=4000, widget=area(3))
    files = FilesOfLimit(label=_("Files"), required=False)
    doctors_only = forms.BooleanField(label=_("For the experts only; the firm does not read it"), required=False)

    def __init__(self, *args: Any, inside: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_say_%s", **kwargs)
        if not inside:
            del self.fields["doctors_only"]


class SecondOpinionForm(forms.Form):
    """Why the firm disputes the diagnosis."""

    ground = forms.CharField(
        label=_("Why do you dispute the diagnosis?"),
        max_length=2000,
        widget=area(4),
        help_text=_("An expert of another organisation looks at the case again."),
    )


class OrderForm(forms.Form):
    """An order: the laboratory, up to eight items, what is asked."""

    laboratory = forms.ModelChoiceField(Institution.objects.none(), label=_("Laboratory"))
    question = forms.CharField(
        label=_("What is asked"),
        max_length=2000,
        widget=area(3),
        required=False,
        help_text=_("The laboratory reads this. Name neither the firm nor a person."),
    )
    sample_mark = forms.CharField(
        label=_("Mark on the sample"),
        max_length=80,
        required=False,
        help_text=_("How the laboratory knows the sample, for example a number on its bag."),
    )
    for_proof = forms.BooleanField(label=_("It is to prove the effect of the treatment"), required=False)

    def __init__(self, laboratories: Sequence[tuple[Institution, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["laboratory"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Institution.objects.filter(pk__in=[one.pk for one, _lines in laboratories])
        for n in range(ITEMS):
            for key, most in LENGTHS.items():
                # a blank placeholder lets the style sheet see which rows are empty
                attrs = {"class": "input", "placeholder": " "} | ({"list": "known-items"} if key == "name" else {})
                widget = forms.TextInput(attrs=attrs)
                field = forms.CharField(max_length=most, required=False, widget=widget, label=COLUMNS[key])
                self.fields[f"{key}_{n}"] = field

    def rows(self) -> list[list[Any]]:
        """Return the fields of the items, row by row."""
        return [[self[f"{key}_{n}"] for key in LENGTHS] for n in range(ITEMS)]

    def items(self) -> list[dict[str, str]]:
        """Return the items that were named."""
        said = self.cleaned_data
        rows = [{key: said.get(f"{key}_{n}", "") for key in LENGTHS} for n in range(ITEMS)]
        return [row for row in rows if row["name"]]


COLUMNS = {
    "name": _("Item"),
    "standard": _("Standard or method"),
    "requirement": _("Required value"),
    "unit": _("Unit of the value"),
}


class DiagnosisForm(forms.Form):
    """The diagnosis (D4): cause, evidence, escape point."""

    root_cause = forms.ChoiceField(
        label=_("Category of the root cause"), choices=RootCause.choices, widget=forms.RadioSelect
    )
    statement = forms.CharField(
        label=_("Diagnosis"),
        max_length=DIAGNOSIS["statement"],
        widget=area(4),
        help_text=_("What goes wrong, where and why, in words the firm understands."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=DIAGNOSIS["evidence"],
        widget=area(4),
        help_text=_("Which reading, trial or record shows it: with number, sample size and date."),
    )
    escape_point = forms.CharField(
        label=_("Where it should have been caught"),
        max_length=DIAGNOSIS["escape_point"],
        widget=area(2),
        help_text=_("The check that should have stopped it, and why it did not."),
    )
    confidence = forms.ChoiceField(label=_("How sure is it"), choices=SURE, initial="middle")
    measurements = forms.ModelChoiceField(
        MeasurementFile.objects.none(), label=_("Measurements behind it"), required=False
    )

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = case.measurement_files.select_related("attachment")
        choice = self.fields["measurements"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = files
        if not files:
            del self.fields["measurements"]


class PanelForm(forms.Form):
    """Who sits in a panel, why and when."""

    reason = forms.CharField(label=_("Why the panel meets"), max_length=1000, widget=area(3))
    experts = SeveralOf(Expert.objects.none(), label=_("Members"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, experts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["experts"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = experts
        choice.label_from_instance = _expert_words  # type: ignore[method-assign]
        self.fields["meets_on"] = day_field()
        self.fields["meets_on"].label = _("Meets on")


def _expert_words(one: Expert) -> str:
    between = _(", ")
    return f"{one}{between}{one.organisation.name}{between}{field_of(one)}"


class ReportForm(forms.Form):
    """The report of a laboratory: one line for each item, the number, the paper."""

    def __init__(self, items: Sequence[Mapping[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(key, VERDICT_WORDS[key]) for key in VERDICTS]
        for n in range(len(items)):
            self.fields[f"value_{n}"] = forms.CharField(max_length=80, required=False, label=_("Value"))
            self.fields[f"verdict_{n}"] = forms.ChoiceField(
                choices=[("", "—"), *words], required=False, label=_("Verdict")
            )
            self.fields[f"values_{n}"] = forms.CharField(max_length=8000, required=False, label=_("Single values"))
            for key in ("value", "values"):
                self.fields[f"{key}_{n}"].widget.attrs["class"] = "input"
            self.fields[f"verdict_{n}"].widget.attrs["class"] = "input"
        self.count = len(items)
        self.fields["report_no"] = forms.CharField(max_length=80, label=_("Number of the report"))
        self.fields["reported_on"] = day_field()
        self.fields["reported_on"].label = _("Date of the report")
        self.fields["file"] = FileOfLimit(label=_("The report as a file"), required=False)
        self.fields["conclusion"] = forms.CharField(
            max_length=2000, required=False, widget=area(3), label=_("Conclusion")
        )

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each item."""
        return [(self[f"value_{n}"], self[f"verdict_{n}"], self[f"values_{n}"]) for n in range(self.count)]

    def plain(self) -> list[Any]:
        """Return the fields below the table."""
        return [self[name] for name in ("report_no", "reported_on", "file", "conclusion")]


VERDICT_WORDS = {
    "pass": _("passed"),
    "watch": _("to watch"),
    "fail": _("failed"),
    "none": _("not judged"),
}
