"""Pages of the house itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.core.queries import city


@page(ANYONE)
@require_safe
def ask_administrator(request: Any) -> HttpResponse:
    """Who forgot the password asks the administrator: there is no mail to send a link with."""
    return render(request, "account/ask_administrator.html")


@page(ANYONE)
def closed(request: Any, **kwargs: Any) -> HttpResponse:
    """An address of the sign-in library that this site does not offer."""
    raise Http404


@page(ANYONE)
@require_safe
def health(request: Any) -> JsonResponse:
    """Whether the pages and the database answer, for the watch of whoever runs the server."""
    return JsonResponse({"ok": True, "city": getattr(city(), "code", None)})
