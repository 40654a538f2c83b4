"""Accounts are made by the administrator; nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    """An allauth adapter without open registration."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False


def name_tried(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name of a sign-in, as the lockout counts it: the form's field is called ``login``."""
    said = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    return str(said or "").strip().casefold()[:150]
