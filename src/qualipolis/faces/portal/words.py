"""The pages of words: how the index is made, who runs this site, and the small files that machines ask for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import book, release_page
from qualipolis.city.core.queries import city
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.data import licence
from qualipolis.law.rules import rule_on


@frame.released("methods")
def methods(request: HttpRequest, release: Release) -> HttpResponse:
    """How the index is made, in plain words."""
    read = release_page(release)
    context = {
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "read": read,
        "replicates": f"{read.replicates:,}",
        "indicators": len(book(release).indicators),
        "grades": _grades(date(frame.year_of(release), 12, 31)),
        "weights": _weights(release),
        "crumbs": [frame.home_crumb(), (_("Methods"), "")],
    }
    return frame.show(request, "methods", "methods", context)


def _grades(day: date) -> list[tuple[str, str]]:
    bands: Any = rule_on("grade.bands", day).value
    found, ceiling = [], 100.0
    for position, (grade, floor) in enumerate(bands):
        last = _("%(low)s to %(high)s") if not position else _("%(low)s to under %(high)s")
        found.append((str(grade), last % {"low": f"{floor:g}", "high": f"{ceiling:g}"}))
        ceiling = float(floor)
    return found


def _weights(release: Release) -> parts.Table:
    read = book(release)
    columns = [
        parts.Column("name", _("Part of the index"), title=True),
        parts.Column("parent", _("belongs to")),
        parts.Column("weight", _("Weight there"), numeric=True),
        parts.Column("count", _("Indicators"), numeric=True),
    ]
    rows = []
    for fact in sorted(read.nodes.values(), key=lambda fact: -fact.level):
        if fact.level < 2 or fact.parent is None:
            continue
        beside = sum(one.weight for one in read.nodes.values() if one.parent == fact.parent) or 1.0
        count = sum(1 for one in read.nodes.values() if one.parent == fact.code and one.level == 1)
        rows.append(
            {
                "name": fact.name,
                "parent": read.nodes[fact.parent].name,
                "weight": f"{fact.weight / beside:.0%}",
                "count": count or None,
            }
        )
    return parts.Table(_("Weights of the sub-indices and dimensions"), columns, rows)


@frame.open_page
def about(request: HttpRequest) -> HttpResponse:
    """Who runs this, what is public, how accessible it is."""
    context = {
        "licence": licence(),
        "contact": settings.PUBLIC_CONTACT,
        "crumbs": [frame.home_crumb(), (_("About"), "")],
    }
    return frame.show(request, "about", "", context)


@frame.open_page
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be found; a synthetic city may not, since its figures are invented."""
    here = city()
    closed = ["/"] if here is None or here.synthetic else ["/desk/", "/account/", "/lists/", "/ledger/", "/people/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@frame.open_page
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116), once the city has named a contact."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    until = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {until}", "Preferred-Languages: zh, en"]
    lines.append("Canonical: " + request.build_absolute_uri(reverse("portal:security")))
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
