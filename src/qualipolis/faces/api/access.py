"""One way to declare an operation: its path, who may call it, whether its answer belongs to a release."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from ninja import Router
from ninja.throttling import BaseThrottle

from qualipolis.city.assess.models import Release
from qualipolis.city.core.policy import may_enter, roles_of
from qualipolis.city.core.roles import INSIDE

WINDOW = 60
MOST_PUBLIC, MOST_STAFF = 600, 1200


class Refused(Exception):
    """The caller may not use this operation: 401 without a session, 403 with one of another role."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Calm(BaseThrottle):
    """So many calls a minute for one address, or for one person who is signed in."""

    def allow_request(self, request: Any) -> bool:
        """Count this call and say whether it is one too many."""
        person = getattr(request.user, "pk", None)
        most = MOST_STAFF if person else MOST_PUBLIC
        key = f"api-calls-{person or 'at'}-{self._address(request)}-{int(time.time()) // WINDOW}"
        cache.add(key, 0, WINDOW * 2)
        try:
            return int(cache.incr(key)) <= most
        except ValueError:
            return True

    def _address(self, request: Any) -> str:
        """The address of the caller; behind the city's own proxy the last one that it wrote down."""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
        found = forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
        return sha256(found.encode()).hexdigest()[:16]

    def wait(self) -> float:
        """Return the seconds until the next window begins."""
        return WINDOW - time.time() % WINDOW


def is_staff(request: Any) -> bool:
    """Whether the caller holds a role of the staff for which nothing published is held back."""
    return bool(roles_of(request.user) & set(INSIDE))


def operation(
    router: Router, path: str, *roles: str, response: Any, released: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as a GET operation; its name is the operation id, its docstring the description.

    The roles stay on the function as ``access``. ``released``: the answer follows from releases alone, so that it
    carries an ETag and a date, and is not sent again to who has it.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            if not may_enter(request.user, roles):
                raise Refused(403 if request.user.is_authenticated else 401)
            if released and (kept := unchanged(request)):
                return kept
            return function(request, *args, **kwargs)

        guarded.access = tuple(roles)  # type: ignore[attr-defined]
        first, _blank, rest = (function.__doc__ or "").strip().partition("\n")
        router.get(
            path,
            response=response,
            by_alias=True,
            operation_id=function.__name__,
            url_name=function.__name__,
            summary=first.rstrip("."),
            description=" ".join(rest.split()) or " ",
            throttle=Calm(),
            openapi_extra={"x-access": list(roles)},
        )(guarded)
        return guarded

    return decorate


def unchanged(request: Any) -> Any:
    """Return 304 when the caller has this answer already; else remember its tag for the answer."""
    rows = Release.objects.order_by("pk").values_list("release_hash", "assessment__status")
    state = repr([tuple(row) for row in rows]) + request.get_full_path() + request.LANGUAGE_CODE
    request.api_etag = f'"{sha256((state + str(is_staff(request))).encode()).hexdigest()[:32]}"'
    latest = Release.objects.aggregate(published=Max("published_at"), withdrawn=Max("withdrawn_at"))
    moments = [moment for moment in latest.values() if isinstance(moment, datetime)]
    request.api_changed = max(moments) if moments else None
    return get_conditional_response(request, etag=request.api_etag)


def stamp(request: Any, answer: Any) -> None:
    """Write the tag and the date of released data onto the answer."""
    if getattr(request, "api_etag", "") and answer.status_code == 200:
        answer["ETag"] = request.api_etag
        if request.api_changed:
            answer["Last-Modified"] = http_date(request.api_changed.timestamp())
        if not is_staff(request):
            answer["Cache-Control"] = "public, max-age=60"
