"""The three short steps of a registration: what is wrong, how bad it is, whom to call; in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.defects import DEFECTS
from qualipolis.city.registry.models import Enterprise, Product
from qualipolis.faces.desk.rooms.supervise.handling_acts import FirmField
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit

OTHER = "other"
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")), ("", gettext_lazy("I do not know")))
URGENT = (
    (Case.Urgency.HIGH.value, gettext_lazy("Today: we have stopped or customers are waiting")),
    (Case.Urgency.MIDDLE.value, gettext_lazy("This week")),
    (Case.Urgency.LOW.value, gettext_lazy("It can wait")),
)
SHARED = (
    (Case.Consent.ANONYMOUS.value, gettext_lazy("Yes, without our name; we read the text first")),
    (Case.Consent.NAMED.value, gettext_lazy("Yes, with our name; we read the text first")),
    (Case.Consent.NONE.value, gettext_lazy("No, it stays between us")),
)
PICTURES = {"accept": "image/jpeg,image/png,.pdf"}


def _photos(label: Any, **attrs: str) -> FilesOfLimit:
    found = FilesOfLimit(label=label, required=False)
    found.widget.attrs.update(PICTURES | attrs)
    return found


class Problem(forms.Form):
    """Step 1: the product and what is wrong with it, with photos."""

    product = forms.ChoiceField(
        label=gettext_lazy("Which product?"), choices=(), required=False, widget=forms.RadioSelect
    )
    product_name = forms.CharField(label=gettext_lazy("Name of the product"), max_length=120, required=False)
    problem_text = forms.CharField(
        label=gettext_lazy("Tell us what you see"),
        max_length=4000,
        help_text=gettext_lazy("In your own words, as you would tell a colleague."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    camera = _photos(gettext_lazy("Take a photo"), capture="environment")
    album = _photos(gettext_lazy("Photos or papers from this device"))

    def __init__(self, *args: Any, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.products = {str(one.pk): one for one in products}
        if products:
            chosen = [(str(one.pk), one.name) for one in products]
            self.fields["product"].choices = [*chosen, (OTHER, _("Another product"))]  # type: ignore[attr-defined]
            self.fields["product_name"].label = _("Name of the other product")
        else:
            del self.fields["product"]
            self.fields["product_name"].required = True

    def clean(self) -> dict[str, Any]:
        """A product is chosen or named."""
        said = super().clean() or {}
        known = "product" not in self.fields or self.products.get(said.get("product", "")) is not None
        if not known and not said.get("product_name", "").strip():
            self.add_error("product_name", _("Choose the product, or write its name."))
        return said

    def said(self) -> dict[str, Any]:
        """Return what the draft keeps of this step."""
        given = self.cleaned_data
        words = {"problem_text": given["problem_text"], "product_name": given["product_name"]}
        known = self.products.get(given.get("product", ""))
        if known is None:
            return words
        return words | {
            "product_name": known.name_zh[:120],
            "product_class": known.category[:60],
            "standard_no": known.standard,
        }

    def pictures(self) -> list[Any]:
        """Return the files of both buttons."""
        return [*self.cleaned_data.get("camera", []), *self.cleaned_data.get("album", [])]


class Facts(forms.Form):
    """Step 2: what kind of trouble, how much, where it is, how urgent; everything may stay open."""

    defect_codes = forms.MultipleChoiceField(
        label=gettext_lazy("What kind of trouble? Tick what fits."),
        choices=[*DEFECTS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    danger = forms.ChoiceField(
        label=gettext_lazy("Can somebody get hurt or fall ill?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    on_market = forms.ChoiceField(
        label=gettext_lazy("Has it been sold already?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    volume_affected = forms.IntegerField(
        label=gettext_lazy("About how many pieces?"), required=False, min_value=0, max_value=2_000_000_000
    )
    first_seen = forms.DateField(
        label=gettext_lazy("Since when, about?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("How urgent is it for you?"),
        choices=URGENT,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.fields["first_seen"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        self.fields["volume_affected"].widget.attrs["inputmode"] = "numeric"

    @staticmethod
    def told(case: Case) -> dict[str, Any]:
        """Return what a draft says, as this step writes it."""
        severe = case.severity == Case.Severity.DANGEROUS
        return {
            "defect_codes": case.defect_codes,
            "danger": "yes" if severe else "",
            "on_market": {True: "yes", False: "no", None: ""}[case.on_market],
            "volume_affected": case.volume_affected,
            "first_seen": case.first_seen,
            "urgency": case.urgency,
        }

    def said(self) -> dict[str, Any]:
        """Return what the draft keeps of this step; the desk decides on severity and urgency."""
        given = self.cleaned_data
        return {
            "defect_codes": given["defect_codes"],
            "severity": Case.Severity.DANGEROUS.value if given["danger"] == "yes" else None,
            "on_market": {"yes": True, "no": False}.get(given["on_market"]),
            "volume_affected": given["volume_affected"],
            "first_seen": given["first_seen"],
            "urgency": given["urgency"],
        }


class Contact(forms.Form):
    """Step 3: whom the desk calls, whether others may learn from the case, and that one knows who sees it."""

    contact_name = forms.CharField(label=gettext_lazy("Contact person"), max_length=80)
    contact_phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("May others learn from it once it is solved?"),
        choices=SHARED,
        initial=Case.Consent.NONE.value,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("You can still say no later."),
    )
    informed = forms.BooleanField(label=gettext_lazy("I have read who sees this case and who does not."))

    def __init__(self, *args: Any, behalf: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        if behalf:
            self.fields["informed"].label = _("I have told the firm who sees this case and who does not.")

    def said(self) -> dict[str, Any]:
        """Return what the draft keeps of this step."""
        return {name: self.cleaned_data[name] for name in ("contact_name", "contact_phone", "consent")}


class ForFirm(forms.Form):
    """The firm that an officer registers for."""

    firm = FirmField(
        label=gettext_lazy("Unified social credit code of the firm"),
        help_text=gettext_lazy("18 characters, on the business licence."),
    )

    def clean_firm(self) -> Enterprise:
        """Refuse a firm that is deregistered."""
        found: Enterprise = self.cleaned_data["firm"]
        if found.closed_on:
            raise forms.ValidationError(_("The firm is deregistered."))
        return found
