"""In the demo, choose a role and you are in. Nowhere else, in no way.

All of this has to hold for each request, or the address does not exist: the process was started by
``qualipolis demo``; the city says of itself that it is synthetic; the request comes from a loopback address, asks
for a loopback name, and carries no header of a proxy.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.core.queries import city
from qualipolis.city.core.roles import Role
from qualipolis.site.loopback import came_from_here

BACKEND = "django.contrib.auth.backends.ModelBackend"


def allowed(request: Any) -> bool:
    """Whether the demo sign-in exists for this request."""
    if not settings.DEMO_LOGIN or settings.HTTPS or not came_from_here(request):
        return False
    served = city()
    return served is not None and served.synthetic


def offered(request: Any) -> dict[str, Any]:
    """Tell the templates whether to offer the demo sign-in."""
    return {"demo_login": allowed(request)}


@page(ANYONE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any) -> HttpResponse:
    """Show the roles; sign in as the one chosen."""
    if not allowed(request):
        raise Http404
    people = Person.objects.filter(is_active=True).exclude(demo_role="").select_related("organisation")
    if request.method == "POST":
        person = get_object_or_404(people, demo_role=request.POST.get("role", ""))
        login(request, person, backend=BACKEND)
        return redirect(_next(request))
    shown = list(people.order_by("pk"))
    for person in shown:
        role, _, number = person.demo_role.partition("-")
        person.role_name = f"{dict(Role.choices).get(role, role)} {number}".strip()
    return render(request, "site/demo_login.html", {"people": shown, "next": _next(request)})


def _next(request: Any) -> str:
    """Return where to go then: an address of this site, or the start page of the role."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if safe else str(settings.LOGIN_REDIRECT_URL)
