"""One line of somebody's work, the same for every room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualipolis.city.core.policy import roles_of


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the stop of the loop, what, why, until when, where, and the verb it ends in."""

    stop: str
    title: str
    why: str
    due: date | None
    url_name: str
    url_args: tuple[Any, ...]
    verb: str
    count: int = 1


Makers = tuple[tuple[str, Callable[[Any], list[WorkItem]]], ...]


def gather(makers: Makers, actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor``: a maker for each of the roles; one that serves two roles is asked once."""
    roles = roles_of(actor)
    mine = dict.fromkeys(make for role, make in makers if role in roles)
    return [item for make in mine for item in make(actor)]
