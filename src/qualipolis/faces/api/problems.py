"""Errors in words (RFC 9457, application/problem+json): what is wrong, where, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from qualipolis.faces.api.access import Refused
from qualipolis.methods.problems import InputError


def problem(status: int, title: str, detail: str = "", errors: Iterable[dict[str, str]] = ()) -> HttpResponse:
    """Return a problem as an answer."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    found = list(errors)
    if found:
        body["errors"] = found
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json; charset=utf-8")


def missing(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """Answer that there is nothing here."""
    said = str(error) if error and error.args and isinstance(error.args[0], str) else ""
    hint = _("Nothing is known under this address. The list of operations is at /api/v1/.")
    return problem(404, _("Not found"), said or hint)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    if error.status == 401:
        return problem(
            401, _("Sign in first"), _("This operation is for staff. Sign in on the site and call it again.")
        )
    return problem(403, _("Not for your role"), _("Ask the administrator for a role that may read this."))


def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, _("Not for your role"), str(error))


def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = problem(429, _("Too many calls"), _("Wait a minute, or take the whole dataset from the open data."))
    answer["Retry-After"] = str(int(error.wait or 60) + 1)
    return answer


def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, _("The request cannot be answered"), str(error))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [{"where": ".".join(map(str, one["loc"])), "what": _words(one)} for one in error.errors]
    return problem(422, _("A parameter is not allowed"), _("Correct what is named below and call again."), found)


def _unsound(request: HttpRequest, error: InputError) -> HttpResponse:
    found = [{"where": str(one.place), "what": one.text(_)} for one in error.problems]
    return problem(422, _("This cannot be worked with"), _("Correct what is named below and call again."), found)


def _words(one: dict[str, Any]) -> str:
    context = one.get("ctx", {})
    known = {
        "greater_than_equal": _("Give %(ge)s or more."),
        "less_than_equal": _("Give %(le)s or less."),
        "int_parsing": _("Give a whole number."),
        "int_parsing_size": _("Give a whole number."),
        "string_too_long": _("Give at most %(max_length)s characters."),
        "string_pattern_mismatch": _("This holds characters that cannot stand here."),
        "missing": _("This parameter is needed."),
    }
    words = known.get(str(one.get("type")))
    return words % context if words else str(one.get("msg", ""))


def install(api: NinjaAPI) -> None:
    """Teach the API to answer errors in words."""
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(PermissionDenied, _denied)
    api.add_exception_handler(Throttled, _throttled)
    api.add_exception_handler(HttpError, _other)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(InputError, _unsound)
