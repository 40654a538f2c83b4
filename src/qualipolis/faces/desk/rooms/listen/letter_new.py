"""An officer writes a letter down that came by telephone, by post, in person or from another authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from qualipolis.city.core.policy import page
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.intake.letters import Received, firm_named
from qualipolis.city.listen.intake.lists import TRACKS
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.intake.said import ID_KINDS
from qualipolis.city.registry.queries import units
from qualipolis.faces.desk.rooms.cycle.town import attempt

CHANNELS = [one for one in Letter.Channel.choices if one[0] != Letter.Channel.WEB]


def _line(label: Any, most: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class LetterForm(forms.Form):
    """A letter as an officer writes it down."""

    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=CHANNELS)
    received_on = _day(gettext_lazy("Received on"), required=True)
    track = forms.ChoiceField(
        label=gettext_lazy("What it opens"), choices=list(TRACKS.items()), widget=forms.RadioSelect
    )
    respondent_name = _line(gettext_lazy("About whom"), 160, required=True)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Town"), queryset=None, required=False, empty_label=gettext_lazy("not known")
    )
    respondent_place = _line(gettext_lazy("Street and number"), 200)
    product_name = _line(gettext_lazy("Product or service"), 120)
    brand = _line(gettext_lazy("Brand"), 80)
    bought_on = _day(gettext_lazy("Bought on"))
    price = forms.DecimalField(
        label=gettext_lazy("Price in yuan"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    facts = forms.CharField(
        label=gettext_lazy("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    claim = forms.CharField(
        label=gettext_lazy("What is asked for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name = _line(gettext_lazy("Name of the sender"), 40)
    phone = _line(gettext_lazy("Telephone of the sender"), 20)
    address = _line(gettext_lazy("Address of the sender"), 160)
    id_kind = forms.ChoiceField(label=gettext_lazy("Proof of identity"), choices=(), required=False)
    id_number = _line(gettext_lazy("Its number"), 30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["id_kind"].choices = [("", "—"), *((code, _(words)) for code, words in ID_KINDS.items())]  # type: ignore[attr-defined]
        for name in ("received_on", "bought_on"):
            self.fields[name].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"


@never_cache
@page("complaint_desk")
def letter_new(request: HttpRequest) -> HttpResponse:
    """Write a letter down for somebody; number and code are told to the sender."""
    form = LetterForm(request.POST if request.method == "POST" else None, initial={"received_on": timezone.localdate()})
    made: list[Received] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(_received(request, dict(said))), _("Received.")
    ):
        context = {"stage": "listen", "number": made[0].number, "code": made[0].code, "letter": made[0].letter,
                   "crumbs": _crumbs()}  # fmt: skip
        return render(request, "listen/letter_received.html", context)
    context = {
        "stage": "listen", "heading": _("Enter a letter"), "form": form, "button": _("Take it in"), "crumbs": _crumbs(),
        "lead": _("As it was told or written. Who sent it goes under seal at once."),
    }  # fmt: skip
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)


def _received(request: HttpRequest, said: dict[str, Any]) -> Received:
    identity = {name: said.pop(name, "") for name in secrecy.FIELDS}
    found: Received = service.receive_letter(
        request.user, None, identity=identity, enterprise=firm_named(said["respondent_name"]), **said
    )
    return found


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Letters received"), reverse("desk:listen_letters")), (_("Enter a letter"), "")]
