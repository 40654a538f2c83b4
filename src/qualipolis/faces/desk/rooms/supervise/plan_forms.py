"""Forms of plans, detailed rules, campaigns and inspectors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.registry.models import Institution, Unit
from qualipolis.city.supervise.models import (
    HigherLevelTask,
    PlanLine,
    Purpose,
    RuleItem,
    SamplingRule,
    Stage,
)
from qualipolis.faces.desk.rooms.flow_page import SeveralOf
from qualipolis.faces.desk.rooms.measure.pieces import NumberField
from qualipolis.faces.desk.rooms.upload import Bounded

ORGANISERS = (Organisation.Kind.BUREAU, Organisation.Kind.BRANCH, Organisation.Kind.DEPARTMENT)


def day(required: bool = True, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=required, widget=widget, **more)


def text(rows: int, most: int, lang: str = "", **more: Any) -> forms.CharField:
    """Return a field for several lines, in another language than the page when ``lang`` says so."""
    attrs: dict[str, Any] = {"rows": rows} | ({"lang": lang} if lang else {})
    return forms.CharField(max_length=most, widget=forms.Textarea(attrs=attrs), **more)


class Doing(forms.Form):
    """A form that says which of the forms of a page it is."""

    DO = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{self.DO}_%s")
        super().__init__(*args, **kwargs)
        self.fields["do"] = forms.CharField(widget=forms.HiddenInput, initial=self.DO)

    @property
    def said(self) -> dict[str, Any]:
        """What was given, without the name of the form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "do"}


class PlanForm(Doing):
    """What a plan begins with."""

    DO = "create"
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    organiser = forms.ModelChoiceField(label=_("Organiser"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, organisers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organiser"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = organisers, None
        self.fields["year"].initial = timezone.localdate().year + 1


class PlanHeadForm(Doing):
    """Names of a plan and what it rests on."""

    DO = "head"
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    basis = text(4, 4000, label=_("What it rests on"), required=False)


class LineForm(Doing):
    """One line of a plan."""

    DO = "line"
    category = forms.CharField(
        label=_("Product class"), max_length=60, widget=forms.TextInput(attrs={"list": "classes"})
    )
    standard = forms.CharField(label=_("Standard number"), max_length=60, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, initial=Purpose.RANDOM)
    stage = forms.ChoiceField(label=_("Sampled where"), choices=Stage.choices, initial=Stage.PRODUCTION)
    batches = forms.IntegerField(label=_("Batches"), min_value=1, max_value=100_000)
    quarter = forms.ChoiceField(label=_("Quarter"), choices=[(n, n) for n in (1, 2, 3, 4)], initial=1)
    budget = forms.DecimalField(label=_("Budget, CNY"), min_value=0, max_digits=12, decimal_places=2, initial=0)
    expected_rate = NumberField(
        label=_("Pass rate expected, %"), help_text=_("Left empty, that of the three years before is used.")
    )
    margin = NumberField(
        label=_("Margin wanted, percentage points"), help_text=_("Half the width of the 95 % interval.")
    )
    reason = forms.CharField(label=_("Why"), max_length=1000, required=False)

    @classmethod
    def of(cls, line: PlanLine) -> LineForm:
        """Return the form filled with a line."""
        start = {name: getattr(line, name) for name in cls.base_fields}
        for name in ("expected_rate", "margin"):
            start[name] = None if start[name] is None else f"{100 * start[name]:g}"
        return cls(initial=start)

    @property
    def said(self) -> dict[str, Any]:
        """The values of a line: shares for per cents."""
        found = super().said
        for name in ("expected_rate", "margin"):
            found[name] = None if found[name] is None else found[name] / 100
        return found | {"quarter": int(found["quarter"])}


class LinesFileForm(Bounded, Doing):
    """Lines of a plan as a table."""

    DO = "import"
    MOST, TOO_LARGE = 5 * 2**20, _("The file is over 5 MB; a plan is much smaller.")
    file = forms.FileField(
        label=_("File"), help_text=_("xlsx or csv; the first row holds the column names."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip
    replace = forms.BooleanField(label=_("Take the present lines out first"), required=False)


class HigherTaskForm(Doing):
    """What a higher level samples itself."""

    DO = "higher"
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    level = forms.ChoiceField(label=_("Level"), choices=HigherLevelTask.Level.choices)
    category = forms.CharField(
        label=_("Product class"), max_length=60, widget=forms.TextInput(attrs={"list": "classes"})
    )
    standard = forms.CharField(label=_("Standard number"), max_length=60, required=False)
    stage = forms.ChoiceField(label=_("Sampled where"), choices=[("", _("anywhere")), *Stage.choices], required=False)
    document = forms.CharField(label=_("Number of the document"), max_length=80)


class RuleForm(Doing):
    """Detailed rules without their items."""

    DO = "rule"
    category = forms.CharField(
        label=_("Product class"), max_length=60, widget=forms.TextInput(attrs={"list": "classes"})
    )
    standard = forms.CharField(label=_("Product standard"), max_length=60)
    food = forms.BooleanField(label=_("Food, on its own clocks"), required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    method_zh = text(4, 4000, label=_("How it is sampled, Chinese"), required=False)
    method_en = text(4, 4000, "en", label=_("How it is sampled, English"), required=False)
    quantity_unit = forms.CharField(label=_("Unit of quantity"), max_length=20, initial="件")
    test_quantity = forms.IntegerField(label=_("Test sample"), min_value=1, max_value=100_000, initial=1)
    backup_quantity = forms.IntegerField(label=_("Backup sample"), min_value=0, max_value=100_000, initial=1)
    least_stock = forms.IntegerField(label=_("Least stock to sample from"), min_value=0, max_value=100_000, initial=0)


class ItemForm(forms.Form):
    """One test item; a row without a name is left out."""

    name_zh = forms.CharField(label=_("Item"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=24, required=False)
    lower = NumberField(label=_("Lower limit"))
    upper = NumberField(label=_("Upper limit"))
    requirement = forms.CharField(label=_("Requirement in words"), max_length=200, required=False)
    clause = forms.CharField(label=_("Clause of the standard"), max_length=80, required=False)
    method = forms.CharField(label=_("Test method"), max_length=80, required=False)
    decision = forms.ChoiceField(label=_("Decision rule"), choices=RuleItem.Decision.choices, required=False)
    safety = forms.BooleanField(label=_("Safety item"), required=False)


class CampaignForm(Doing):
    """What a campaign is made of; fields that no longer change are left out by ``only``."""

    DO = "campaign"
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    stage = forms.ChoiceField(label=_("Sampled where"), choices=Stage.choices)
    size = forms.IntegerField(label=_("Batches to sample"), min_value=1, max_value=100_000)
    reserve = forms.IntegerField(label=_("Units on the reserve list"), min_value=0, max_value=100_000)
    sampling_body = forms.ModelChoiceField(
        label=_("Sampling body"), queryset=Organisation.objects.none(), required=False
    )
    laboratory = forms.ModelChoiceField(label=_("Laboratory"), queryset=Institution.objects.none(), required=False)
    on_site_test = forms.BooleanField(label=_("Tested on site by those who sample"), required=False)
    budget = forms.DecimalField(label=_("Budget, CNY"), min_value=0, max_digits=12, decimal_places=2)
    begins_on = day(required=False, label=_("Begins on"))
    ends_on = day(required=False, label=_("Ends on"))
    scheme_zh = text(8, 8000, label=_("Scheme, Chinese"), required=False,
                     help_text=_("Range, who does what, and when; public before the sampling begins."))  # fmt: skip
    scheme_en = text(5, 8000, "en", label=_("Scheme, English"), required=False)

    def __init__(self, *args: Any, only: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (*ORGANISERS, Organisation.Kind.INSTITUTION)
        bodies = {
            "sampling_body": Organisation.objects.filter(kind__in=kinds).order_by("kind", "code"),
            "laboratory": Institution.objects.order_by("kind", "code"),
        }
        for name, rows in bodies.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        for name in list(self.fields):
            if only is not None and name not in (*only, "do"):
                del self.fields[name]


class NewCampaignForm(Doing):
    """Rules, organiser and size of a campaign outside the plan."""

    DO = "new"
    rule = forms.ModelChoiceField(label=_("Detailed rules"), queryset=SamplingRule.objects.none())
    organiser = forms.ModelChoiceField(label=_("Organiser"), queryset=Organisation.objects.none())
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    stage = forms.ChoiceField(label=_("Sampled where"), choices=Stage.choices)
    size = forms.IntegerField(label=_("Batches to sample"), min_value=1, max_value=100_000)

    def __init__(self, *args: Any, organisers: Any, rules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("organiser", organisers), ("rule", rules)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.fields["organiser"].empty_label = None  # type: ignore[attr-defined]


class InspectorForm(Doing):
    """What the draw of samplers knows of an inspector."""

    DO = "inspector"
    certificate_no = forms.CharField(label=_("Certificate number"), max_length=40)
    certified_until = day(label=_("Certified until"))
    regions = SeveralOf(
        label=_("Regions"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    recusals = forms.CharField(
        label=_("Firms to keep out of"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Credit codes, one a line."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["regions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Unit.objects.exclude(kind=Unit.Kind.CITY).order_by("code")
