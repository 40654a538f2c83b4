"""The catalogue of services for everyone: what is done, by whom, at which price and in how many days; where the stations are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.nqi.models import NeedType, ServiceItem, ServicePoint
from qualipolis.city.nqi.services import queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address
from qualipolis.faces.portal import frame

PLACE, PER_PAGE = "nqi", 30


@frame.open_page
def services(request: HttpRequest) -> HttpResponse:
    """The catalogue, under a kind and a search; in the order of kinds and names, never of prices."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:60]
    kind = kind if kind in NeedType.values else ""
    paged = Paginator(queries.catalogue({"kind": kind, "q": text}), PER_PAGE).get_page(request.GET.get("page"))
    kinds = [("", _("All")), *NeedType.choices]
    context = {
        "stage": "build", "paged": paged, "total": paged.paginator.count, "q": text, "kind": kind,
        "items": [_card(one) for one in paged],
        "kinds": [parts.Segment(str(label), address(request, kind=key or None, page=None), key == kind) for key, label in kinds],
        "crumbs": [frame.home_crumb(), (_("Services with price and days"), "")],
    }  # fmt: skip
    return frame.show(request, "nqi/services", PLACE, context)


def _card(row: ServiceItem) -> dict[str, Any]:
    about = " ".join(part for part in (row.product, row.parameter, row.standard) if part)
    body = row.institution
    return {
        "row": row, "about": about, "price": None if row.price is None else f"{row.price:,.2f}",
        "who": body.name if body else (row.point.name if row.point else _("every service station")),
        "where": body.unit.name if body else "",
        "url": reverse("portal:nqi_institution", args=[body.code]) if body else "",
    }  # fmt: skip


@frame.open_page
def stations(request: HttpRequest) -> HttpResponse:
    """The network of three levels: general platform, area centres, workstations, with the towns they serve."""
    rows = ServicePoint.objects.filter(closed_on=None).prefetch_related("units").order_by("code")
    levels = [(str(label), [one for one in rows if one.level == key]) for key, label in ServicePoint.Level.choices]
    context = {
        "stage": "build", "levels": [(label, found) for label, found in levels if found],
        "crumbs": [frame.home_crumb(), (_("Service stations"), "")],
    }  # fmt: skip
    return frame.show(request, "nqi/stations", PLACE, context)
