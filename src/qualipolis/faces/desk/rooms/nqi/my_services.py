"""The catalogue of one's own institution, or of the stations: what is offered, at which price, in how many days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page, roles_of
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import NeedType, ServiceItem
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.nqi.service_words import money

PER_PAGE = 50


class ServiceForm(forms.Form):
    """One service; a station's costs nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NeedType.choices, initial=NeedType.TESTING)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    product = forms.CharField(label=gettext_lazy("Product"), max_length=120, required=False)
    parameter = forms.CharField(label=gettext_lazy("Item"), max_length=120, required=False)
    standard = forms.CharField(label=gettext_lazy("Standard number"), max_length=60, required=False)
    price = forms.DecimalField(
        label=gettext_lazy("Price, yuan"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    days = forms.IntegerField(label=gettext_lazy("Working days"), min_value=1, max_value=400, required=False)
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=400, required=False)

    def __init__(self, institution: Institution | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if institution is None:
            del self.fields["price"]


@page("laboratory", "nqi_desk")
def my_services(request: HttpRequest) -> HttpResponse:
    """List a service, take one out; whoever serves the platform keeps the free services of the stations."""
    mine = own_institutions(request.user).order_by("code").first()
    rows = ServiceItem.objects.filter(institution=mine) if mine else ServiceItem.objects.filter(institution=None)
    if mine is None and "nqi_desk" not in roles_of(request.user):
        rows = rows.none()
    if request.method == "POST" and (pk := whole(request.POST.get("end", ""))):
        row = get_object_or_404(rows, pk=pk, ended_on=None)
        service.end_service(request.user, row)
        return redirect("desk:nqi_my_services")
    form = ServiceForm(mine, request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.list_service(request.user, mine, **said), _("Listed.")
    ):
        return redirect("desk:nqi_my_services")
    paged = Paginator(rows.order_by("ended_on", "kind", "name_zh"), PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "stage": "build", "form": form, "paged": paged, "mine": mine,
        "items": [(one, _("free of charge") if one.free else money(one.price)) for one in paged],
        "crumbs": [(_("Services offered"), "")],
    }  # fmt: skip
    return render(request, "nqi/my_services.html", shown, status=400 if form.errors else 200)
