"""Accounts are made by the administrator; nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class ClosedSignup(DefaultAccountAdapter):
    """An allauth adapter without open registration."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False


def address_of(request: Any) -> str:
    """Return where a sign-in comes from: behind the city's own proxy the last address that it wrote down.

    Without HTTPS there is no such proxy, and what a caller writes into a header is not believed.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip()[:45] or str(request.META.get("REMOTE_ADDR", ""))


def name_tried(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name of a sign-in, as the lockout counts it: the form's field is called ``login``."""
    said = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    return str(said or "").strip().casefold()[:150]
