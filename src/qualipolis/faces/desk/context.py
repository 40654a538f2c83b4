"""What every page knows: the city, the loop, and how the person likes to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.utils.functional import cached_property

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.queries import city
from qualipolis.city.core.roles import Role
from qualipolis.faces.desk import loop

THEMES = ("light", "dark")
TYPES = ("large",)
FRAME_LINKS = {
    "work": ("desk:home", "desk:work"),
    "search": ("desk:search", "search"),
    "portal": ("portal:home",),
    "login": ("account_login",),
    "logout": ("account_logout",),
    "security": ("mfa_index",),
    "roles": ("demo_login",),
    "people": ("core:people",),
    "ledger": ("core:ledger",),
    "components": ("desk:components",),
}


@dataclass(frozen=True)
class Stop:
    """A stop as it is drawn for this page and this person."""

    slug: str
    name: Any
    url: str
    count: int
    current: bool


class Desk:
    """The ``desk`` of a template; everything that asks the database is asked once, and only when drawn."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def theme(self) -> str:
        return self._cookie("qp-theme", THEMES)

    @cached_property
    def type(self) -> str:
        return self._cookie("qp-type", TYPES)

    def _cookie(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.request.COOKIES.get(name, "")
        return value if value in allowed else ""

    @cached_property
    def stage(self) -> str:
        return loop.stage_of(getattr(self.request, "resolver_match", None))

    @cached_property
    def counts(self) -> dict[str, int]:
        try:
            return loop.counts(self.user)
        except DatabaseError:
            return {}

    def stops(self, current: str = "") -> list[Stop]:
        here = current or self.stage
        return [
            Stop(s.slug, s.name, loop.stop_address(s.slug, self.user), self.counts.get(s.slug, 0), s.slug == here)
            for s in loop.STAGES
        ]

    def rooms(self, current: str = "") -> list[tuple[str, Any, bool]]:
        """The rooms beside this page, on the desk of a signed-in person."""
        match = getattr(self.request, "resolver_match", None)
        if match is None or match.namespace != "desk" or not self.signed_in:
            return []
        return loop.rooms(current or self.stage, self.user, match.url_name or "")

    def root(self, current: str = "") -> tuple[str, Any] | None:
        """The home of a stage with rooms, which every trail of crumbs begins with."""
        found = self.rooms(current)
        home = loop.stop_address("supervise", self.user) if found else ""
        return next(((url, label) for url, label, _here in found if url == home and url != self.request.path), None)

    @cached_property
    def signed_in(self) -> bool:
        return bool(getattr(self.user, "is_authenticated", False))

    @cached_property
    def name(self) -> str:
        return str(self.user) if self.signed_in else ""

    @cached_property
    def initial(self) -> str:
        return self.name[:1].upper()

    @cached_property
    def roles(self) -> list[str]:
        held = roles_of(self.user) if self.signed_in else set()
        return [str(role.label) for role in Role if role.value in held]

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Pages that the frame links to: those that exist and that this person may open."""
        return {key: next((u for u in map(self._open_to_me, options) if u), "") for key, options in FRAME_LINKS.items()}

    def _open_to_me(self, url_name: str) -> str:
        found = loop.address(url_name)
        return found if loop.open_to(self.user, found) else ""


def desk(request: Any) -> dict[str, Any]:
    """Return the city for the header and the demo label, and the frame's own ``desk``."""
    try:
        here = city()
    except DatabaseError:
        here = None
    return {"city": here, "desk": Desk(request)}
