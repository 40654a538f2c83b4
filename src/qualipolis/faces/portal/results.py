"""Published results for everyone: search by product, firm or batch, each publication with its versions, open data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.supervise.aftermath import publication_queries as queries
from qualipolis.city.supervise.aftermath.publication_queries import Version
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address
from qualipolis.faces.desk.rooms.supervise.changes import change_lines
from qualipolis.faces.desk.rooms.supervise.items import shown
from qualipolis.faces.portal import frame

PER_PAGE = 40
VERDICTS = (
    ("", gettext_lazy("All")),
    ("fail", gettext_lazy("Nonconforming")),
    ("pass", gettext_lazy("No nonconformity found")),
    ("voided", gettext_lazy("Voided")),
)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way to a page of results."""
    return [frame.home_crumb(), (_("Supervision sampling"), reverse("portal:supervision")), *more]


def links() -> list[tuple[str, str]]:
    """Return the pages that belong to results."""
    return [
        (_("Published results"), reverse("portal:supervision_results")),
        (_("How to object"), reverse("portal:how_to_object")),
        (_("Published penalties"), reverse("portal:penalties")),
    ]


@frame.open_page
def index(request: HttpRequest) -> HttpResponse:
    """The published results under search and filter, and the publications they stand in."""
    versions = queries.newest(queries.public_versions())
    standing = [one for one in versions if not one.gone]
    params = request.GET.dict()
    found = queries.published_rows(params)
    paged = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    verdict = request.GET.get("verdict", "")
    context = {
        "stage": "supervise",
        "shown": [(version, shown(row)) for version, row in paged],
        "paged": paged,
        "q": request.GET.get("q", "")[:60],
        "categories": sorted({row["category"] for one in standing for row in one.rows}),
        "category": request.GET.get("category", ""),
        "filters": [
            parts.Segment(str(words), address(request, verdict=key or None, page=None), key == verdict)
            for key, words in VERDICTS
        ],
        "filtered": any(params.get(name) for name in ("q", "verdict", "category")),
        "publications": versions,
        "links": links()[1:],
        "data": [(form, reverse("portal:supervision_results_data", args=[form])) for form in ("csv", "json")],
        "crumbs": crumbs((_("Published results"), "")),
    }
    return frame.show(request, "results", "supervision", context)


@frame.open_page
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One publication: the newest version, the corrections beside it; what came down says so without its content."""
    versions = queries.public_versions(number)
    if not versions:
        raise Http404
    newest = queries.newest(versions)[0]
    chosen = _chosen(request, versions) or newest
    context = {
        "stage": "supervise",
        "version": chosen,
        "newest": newest,
        "versions": [(one, _state(one, newest)) for one in sorted(versions, key=lambda one: -one.version)],
        "shown": [shown(row) for row in chosen.rows],
        "corrections": _corrections(versions),
        "links": links(),
        "crumbs": crumbs((_("Published results"), reverse("portal:supervision_results")), (number, "")),
    }
    return frame.show(request, "publication", "supervision", context)


def _chosen(request: HttpRequest, versions: list[Version]) -> Version | None:
    wanted = request.GET.get("version", "")
    return next((one for one in versions if str(one.version) == wanted), None)


def _state(version: Version, newest: Version) -> parts.Chip:
    if version.status == "withdrawn":
        return parts.Chip("warn", _("withdrawn"))
    if version.status == "taken_down":
        return parts.Chip("idle", _("taken down"))
    if version.version < newest.version:
        return parts.Chip("idle", _("corrected"))
    return parts.Chip("ok", _("in force"))


def _corrections(versions: list[Version]) -> list[tuple[Version, Any]]:
    """Return each correction that is shown with what it changed, the latest first."""
    standing = sorted((one for one in versions if not one.gone), key=lambda one: one.version)
    return [(now, change_lines(queries.changes(was.rows, now.rows))) for was, now in pairwise(standing)][::-1]
