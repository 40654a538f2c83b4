"""Someone who signs in with the password an administrator gave chooses their own first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_changed
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse

from qualipolis.city.core.models import Person

OPEN = ("account_change_password", "account_logout", "account_reauthenticate", "desk:language", "desk:appearance")


class FirstPassword:
    """Leads to the page for a new password until there is one."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        waiting = request.user.is_authenticated and request.user.must_change_password
        if waiting and request.path not in {reverse(name) for name in OPEN}:
            return redirect("account_change_password")
        return self.get_response(request)


@receiver(password_changed)
def has_their_own(request: Any, user: Person, **kwargs: Any) -> None:
    """The new password is theirs alone."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
