"""Accounts are made by the administrator; nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    """An allauth adapter without open registration."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
