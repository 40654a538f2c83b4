"""The three short steps of a letter of the public: what happened, with whom, and how to reach the sender."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.listen.intake import photographs
from qualipolis.city.listen.intake.said import BOTH, COMPLAINT, ID_KINDS, REPORT
from qualipolis.city.registry.queries import units
from qualipolis.faces.desk.rooms.supervise.result_forms import ManyFiles

TRACKS = (
    (COMPLAINT, gettext_lazy("Help me settle it: refund, exchange, damages"), gettext_lazy("A complaint. We mediate between you and the firm.")),
    (REPORT, gettext_lazy("Look into this firm"), gettext_lazy("A report of a violation. We check it; nobody tells the firm who you are.")),
    (BOTH, gettext_lazy("Both"), gettext_lazy("Two matters, each handled on its own.")),
)  # fmt: skip
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


def _line(label: Any, most: int, hint: Any = "", *, required: bool = False, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required, widget=widget)


class Photos(forms.FileField):
    """A few photos or papers; what they are is told by their content when they are kept."""

    def __init__(self, **kwargs: Any) -> None:
        accept = {"accept": "image/jpeg,image/png,.pdf", "multiple": True}
        super().__init__(widget=ManyFiles(attrs=accept), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check how many there are and how large."""
        many = data if isinstance(data, list) else [data] if data else []
        if len(many) > photographs.MOST:
            raise forms.ValidationError(_("At most %(n)s photos.") % {"n": photographs.MOST})
        if any(one.size > photographs.LIMIT for one in many):
            raise forms.ValidationError(_("Each file may have %(n)s MB at most.") % {"n": photographs.LIMIT // 2**20})
        return many


class Matter(forms.Form):
    """Step 1: what happened, and what the sender wants."""

    title, step = gettext_lazy("What happened?"), 1
    facts = forms.CharField(
        label=gettext_lazy("Tell it in your own words"),
        max_length=4000,
        help_text=gettext_lazy("When, where, what, and what was said. As you would tell a friend."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Say what happened.")},
    )
    injured = forms.ChoiceField(
        label=gettext_lazy("Was somebody hurt?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    track = forms.ChoiceField(
        label=gettext_lazy("What do you want us to do?"),
        choices=[(code, label) for code, label, _hint in TRACKS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you want.")},
    )


class Dealer(forms.Form):
    """Step 2: the firm, the product, and for a complaint what is asked for."""

    title, step = gettext_lazy("Where was it?"), 2
    respondent_name = _line(
        gettext_lazy("Name of the shop or firm"), 160,
        gettext_lazy("As on the receipt, the licence on the wall, or the shop online."), required=True,
    )  # fmt: skip
    respondent_place = _line(gettext_lazy("Street and number"), 200)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Town"), queryset=None, required=False, empty_label=gettext_lazy("I do not know")
    )
    platform = _line(gettext_lazy("Bought online? On which platform"), 120)
    product_name = _line(gettext_lazy("Product or service"), 120)
    brand = _line(gettext_lazy("Brand and model"), 80)
    bought_on = forms.DateField(
        label=gettext_lazy("Bought on"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    price = forms.DecimalField(
        label=gettext_lazy("Price in yuan"),
        required=False,
        min_value=0,
        max_value=10**9,
        decimal_places=2,
        max_digits=12,
    )
    order_no = _line(gettext_lazy("Order number"), 80)
    claim = forms.CharField(
        label=gettext_lazy("What do you ask the firm for?"), max_length=1000, required=False,
        help_text=gettext_lazy("For example: take it back and refund 299 yuan."), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, track: str = COMPLAINT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["bought_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        self.fields["price"].widget.attrs["inputmode"] = "decimal"
        if track == REPORT:
            del self.fields["claim"]
        else:
            self.fields["claim"].required = True
            self.fields["claim"].error_messages["required"] = _("Say what you ask for.")


class Sender(forms.Form):
    """Step 3: photos, and how to reach the sender; a report may stay without a name."""

    title, step = gettext_lazy("How do we reach you?"), 3
    photos = Photos(label=gettext_lazy("Photos: receipt, product, chat"))
    name = _line(gettext_lazy("Your name"), 40, autocomplete="name")
    phone = _line(
        gettext_lazy("Mobile number"), 20, gettext_lazy("Its last four digits open the page of your letter."),
        type="tel", inputmode="tel", autocomplete="tel",
    )  # fmt: skip
    address = _line(gettext_lazy("Address for letters"), 160, autocomplete="street-address")
    id_kind = forms.ChoiceField(label=gettext_lazy("Proof of identity"), choices=(), required=False)
    id_number = _line(gettext_lazy("Its number"), 30, gettext_lazy("You may give it later; a complaint needs it before it is accepted."))  # fmt: skip

    def __init__(self, *args: Any, track: str = COMPLAINT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_kind"].choices = [("", "—"), *((code, _(words)) for code, words in ID_KINDS.items())]  # type: ignore[attr-defined]
        for name in ("name", "phone") if track != REPORT else ():
            self.fields[name].required = True
        if track == REPORT:
            del self.fields["id_kind"], self.fields["id_number"], self.fields["address"]


STEPS = (Matter, Dealer, Sender)


class Tracking(forms.Form):
    """Number and code of a letter."""

    number = forms.CharField(
        label=gettext_lazy("Number of the letter"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "2026-L17-K7Q4M"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Last four digits of your mobile number, or the code you got"), max_length=4, min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
