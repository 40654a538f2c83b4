"""The directory on the desk: who can test this, the institutions, one of them, what the towns can do."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi.directory import queries
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.nqi import directory_pages as pages


@page(*STAFF)
@require_safe
def scope_search(request: HttpRequest) -> HttpResponse:
    """Who can test this, to this standard, on this day, near here."""
    context = pages.search_context(request, "desk")
    if can(request.user, "nqi.record_gap"):
        context["gap_url"] = f"{reverse('desk:nqi_gap_new')}?{urlencode({'q': context['q']})}"
    return render(request, "nqi/scope_search.html", context)


@page(*STAFF)
@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """The institutions under a filter."""
    context = pages.list_context(request, "desk")
    query = urlencode({name: value for name in ("q", "kind", "town") if (value := request.GET.get(name, ""))})
    context["exports"] = exports("nqi-institutions", query, context["total"])
    return render(request, "nqi/institutions.html", context)


@page(*STAFF)
@require_safe
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """One institution with its certificates and its scope."""
    body = pages.body_of(code)
    context = pages.body_context(request, "desk", body) | {"imports": list(queries.imports(request.user, body)[:10])}
    if can(request.user, "nqi.import_scope") and body.qualifications.exists():
        context["import_url"] = reverse("desk:nqi_scope_import", args=[body.code])
    return render(request, "nqi/institution.html", context)


@page(*STAFF)
@require_safe
def capability(request: HttpRequest) -> HttpResponse:
    """What the towns can do, on the map and as a table."""
    return render(request, "nqi/capability.html", pages.map_context(request, "desk"))
