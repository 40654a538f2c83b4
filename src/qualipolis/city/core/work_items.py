"""One line of somebody's work, the same for every room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


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
