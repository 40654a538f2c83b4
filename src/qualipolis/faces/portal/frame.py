"""What the public pages share: the plain links, the release that is shown, how a page is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import latest_release, releases_by_year
from qualipolis.city.core.policy import ANYONE, page
from qualipolis.faces.desk import parts

View = Callable[..., HttpResponse]


def open_page(view: View) -> View:
    """Declare a page of the portal: for everyone, to read."""
    return page(ANYONE)(require_safe(view))


def links(current: str) -> list[dict[str, Any]]:
    """Return the plain links that stand where the loop stands for staff."""
    places = (
        ("home", pgettext("portal", "City")),
        ("ranking", pgettext("portal", "Towns")),
        ("indicators", pgettext("portal", "Indicators")),
        ("supervision", pgettext("portal", "Sampling")),
        ("listen", pgettext("portal", "Complaints")),
        ("hospital", pgettext("portal", "Hospital")),
        ("nqi", pgettext("portal", "Services")),
        ("talent", pgettext("portal", "People")),
        ("data", pgettext("portal", "Data")),
    )
    return [{"label": label, "url": reverse(f"portal:{name}"), "current": name == current} for name, label in places]


def show(request: HttpRequest, template: str, place: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a public page under one of the links."""
    shared = {"portal_links": links(place), "stage": "assess"}
    answer = render(request, f"portal/{template}.html", shared | context, status=status)
    if not getattr(request.user, "is_authenticated", False):
        answer.headers.setdefault("Cache-Control", "no-cache")
    return answer


def nothing_yet(request: HttpRequest, place: str) -> HttpResponse:
    """Answer while the city has not published anything."""
    return show(request, "nothing", place, {})


def released(place: str) -> Callable[[View], View]:
    """Give a page the release of ``?year=`` (the latest without it) as second argument; say so when there is none."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            release = chosen(request)
            return nothing_yet(request, place) if release is None else view(request, release, *args, **kwargs)

        return open_page(wrapped)

    return decorate


def chosen(request: HttpRequest) -> Release | None:
    """Return the release of ``?year=``; for an unknown year the latest."""
    text = request.GET.get("year", "")
    found = releases_by_year()
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return found.get(year) or latest_release()


def year_of(release: Release) -> int:
    """Return the year a release assesses."""
    return int(release.assessment.round.set.year)


def years(request: HttpRequest, release: Release) -> list[parts.Segment]:
    """Return the years as choices that keep the other filters."""
    found = []
    for year, one in releases_by_year().items():
        query = request.GET.copy()
        query["year"] = str(year)
        found.append(parts.Segment(str(year), f"{request.path}?{query.urlencode()}", one.pk == release.pk))
    return found


def badge(release: Release) -> parts.Release:
    """Return the badge of a release, leading to its verification."""
    address = reverse("portal:release", args=[release.number])
    return parts.Release(release.number, release.release_hash, release.published_at, address)


def home_crumb() -> tuple[str, str]:
    """Return the first crumb of the pages below the start page."""
    return (_("Public pages"), reverse("portal:home"))
