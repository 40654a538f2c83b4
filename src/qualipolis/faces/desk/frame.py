"""Pages and small posts of the frame itself: a stage, the appearance, the language, the gallery of components."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import loop
from qualipolis.faces.desk.context import THEMES, TYPES
from qualipolis.faces.desk.gallery import gallery

YEAR = 365 * 24 * 3600


@page(ANYONE)
def stage(request: HttpRequest, slug: str) -> HttpResponse:
    """What a stage of the loop holds, and which of its pages exist now."""
    here = loop.BY_SLUG.get(slug)
    if here is None:
        raise Http404
    crumbs = [(_("Quality loop"), ""), (here.name, "")]
    return render(
        request,
        "desk/stage.html",
        {"here": here, "stage": slug, "places": loop.places(slug, request.user), "crumbs": crumbs},
    )


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


@require_POST
@page(ANYONE)
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember theme and type size in a cookie; works with and without script."""
    answer = HttpResponseRedirect(_back(request))
    for field, allowed in (("theme", THEMES), ("type", TYPES)):
        if field not in request.POST:
            continue
        value = request.POST[field]
        if value in allowed:
            answer.set_cookie(
                f"qp-{field}", value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
        else:
            answer.delete_cookie(f"qp-{field}", samesite="Lax")
    return answer


@require_POST
@page(ANYONE)
def language(request: HttpRequest) -> HttpResponse:
    """One click, the same page in the other language."""
    return set_language(request)


@page(*STAFF)
def components(request: HttpRequest) -> HttpResponse:
    """Every component and chart on one page, for those who build pages."""
    context: dict[str, Any] = gallery()
    context["crumbs"] = [(_("Visual direction"), "")]
    return render(request, "desk/components.html", context)
