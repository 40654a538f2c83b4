"""Every address of the site with its classification: from the view itself, or from the tables here for libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.core.roles import STAFF

SIGNED_IN = tuple(STAFF)
LIBRARIES: dict[str, tuple[str, ...]] = {
    "account_login": (ANYONE,),
    "account_logout": (ANYONE,),
    "account_inactive": (ANYONE,),
    "account_signup": (),
    "account_email": (),
    "account_email_verification_sent": (),
    "account_confirm_email": (),
    "account_set_password": (),
    "account_confirm_login_code": (),
    "account_reset_password": (ANYONE,),
    "account_reset_password_done": (),
    "account_reset_password_from_key": (),
    "account_reset_password_from_key_done": (),
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": (ANYONE,),
    "mfa_trust": (ANYONE,),
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_login_webauthn": (ANYONE,),
    "mfa_signup_webauthn": (),
}
EXAMPLES = {
    "pk": "1", "seq": "1", "code": "441900003", "unit": "441900003", "year": "2021", "number": "2021-R1", "form": "csv",
    "name": "ledger", "slug": "assess", "key": "MQ", "uidb36": "1", "kind": "units", "indicator": "PQ01",
    "run": "1", "rule": "1", "draw": "1", "step": "1", "file": "1",
}  # fmt: skip
# what an operation of the API cannot answer without
ASKED = {"api:api-1:scope_search": "?asked=x", "api:api-1:list_certificates": "?certificate=x"}


@dataclass(frozen=True)
class Address:
    """One address: its name, a path that fits it, and who may open it (None: nobody said)."""

    name: str
    route: str
    path: str
    access: tuple[str, ...] | None


def addresses() -> list[Address]:
    """Return every address of the site."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: Any, prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name or ''}"
            yield Address(
                name, route, example(route) + ASKED.get(name, ""), classified(pattern.callback, pattern.name or "")
            )


def classified(view: Any, name: str) -> tuple[str, ...] | None:
    """Return the roles of a view: what it says of itself, or what the table says of a library's view."""
    said = getattr(view, "access", None)
    if said is not None:
        return tuple(said)
    operations = _operations(view)
    if operations is not None:
        found = [getattr(one, "access", None) for one in operations]
        return None if None in found else tuple(sorted({role for roles in found for role in roles}))
    return LIBRARIES.get(name) if view.__module__.startswith("allauth") else None


def _operations(view: Any) -> list[Any] | None:
    """Return the functions behind an address of the API, each of which says who may call it."""
    behind = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
    paths = [one for one in behind if type(one).__name__ == "PathView"]
    return [operation.view_func for one in paths for operation in one.operations] or None


def example(route: str) -> str:
    """Return a path that fits the route."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: EXAMPLES.get(m[1], "x"), route)
    route = re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: EXAMPLES.get(m[2], "1" if m[1] == "int" else "x"), route)
    return "/" + route.replace("^", "").replace("$", "").replace("\\Z", "").replace(".+", "x").replace("\\", "")
