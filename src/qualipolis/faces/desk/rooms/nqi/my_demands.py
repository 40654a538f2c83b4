"""The firm on the phone: ask for help in one short form, see what is under way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import own_codes, page
from qualipolis.city.hospital.models import PrescriptionItem
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand, NeedType
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.prescribing import asked_by, prescribed_for
from qualipolis.city.nqi.services.work import FIRM, about
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.nqi import service_words as words

MOST = 60


class NeedForm(forms.Form):
    """What a firm needs: only the words are asked for; all else may be left to the steward."""

    text = forms.CharField(
        label=gettext_lazy("What do you need?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("In your own words, for example: a buyer abroad wants a test of our children's clothes."),
    )  # fmt: skip
    need_type = forms.ChoiceField(
        label=gettext_lazy("Kind of need"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("not sure; the steward will say")), *NeedType.choices],
    )  # fmt: skip
    product_name = forms.CharField(label=gettext_lazy("Product"), max_length=120, required=False)
    standard = forms.CharField(label=gettext_lazy("Standard number, if you know it"), max_length=60, required=False)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("How urgent"), choices=Demand.Urgency.choices, coerce=int, initial=Demand.Urgency.MIDDLE
    )
    contact_name = forms.CharField(label=gettext_lazy("Person to call"), max_length=80, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Telephone of the contact"), max_length=40, required=False)


def firms(user: Any) -> Any:
    """Return the firms for which somebody acts."""
    return Enterprise.objects.filter(credit_code__in=own_codes(user)).order_by("credit_code")


class OwnForm(NeedForm):
    """A demand of one's own firm; who acts for several chooses."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = firms(user)
        field = forms.ModelChoiceField(mine, label=_("Firm"), initial=mine.first(), empty_label=None)
        if mine.count() == 1:
            field.widget = forms.HiddenInput()
        self.fields["enterprise"] = field


@page("enterprise")
def my_demands(request: HttpRequest) -> HttpResponse:
    """What the firm asked for: what waits for it first."""
    rows = [_line(row) for row in queries.own_demands(request.user).prefetch_related("orders")[:MOST]]
    rows.sort(key=lambda one: (not one["next"], one["row"].ended, -one["row"].pk))
    shown = {
        "stage": "build", "rows": rows, "waiting": sum(bool(one["next"]) for one in rows),
        "crumbs": [(_("Quality services"), "")],
    }  # fmt: skip
    return render(request, "nqi/my_demands.html", shown)


def _line(row: Demand) -> dict[str, Any]:
    blocked = any(one.status == "blocked" for one in row.orders.all())
    next_ = str(FIRM[row.status][0]) if row.status in FIRM else ""
    if blocked:
        next_ = _("Choose another institution")
    return {"row": row, "title": about(row), "state": words.state_chip(row), "next": next_,
            "due": deadline(row.due_on) if next_ else None}  # fmt: skip


@page("enterprise")
def my_demand_new(request: HttpRequest) -> HttpResponse:
    """Ask for help; what the product hospital prescribed is filled in already."""
    item = prescribed_for(request.user, whole(request.GET.get("prescribed", "")))
    known = asked_by(item) if item else {}
    form = OwnForm(request.user, request.POST or None, initial=known)
    made: list[Demand] = []
    if request.method == "POST" and attempt(
        request,
        form,
        lambda said: made.append(_filed(request.user, dict(said), item)),
        _("Handed in. The station answers within one working day."),
    ):
        return redirect("desk:my_demand", made[0].pk)
    shown = {
        "stage": "build", "heading": _("Ask for a quality service"), "form": form, "button": _("Hand it in"),
        "lead": _("Asking, advice and comparing quotes cost nothing. You decide later whom you order from."),
        "facts": [(_("Prescribed by the product hospital"), item.action)] if item else [],
        "crumbs": [(_("Quality services"), reverse("desk:my_demands")), (_("Ask for a quality service"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _filed(actor: Any, said: dict[str, Any], item: PrescriptionItem | None) -> Demand:
    more = {"case": item.case, "prescribed": item, "product_class": item.case.product_class} if item else {}
    return service.file_demand(actor, said.pop("enterprise"), said.pop("text"), **said, **more)
