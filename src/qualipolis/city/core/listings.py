"""Lists that can be taken along: each room declares its lists once, and the faces write them as xlsx, csv or PDF."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

Params = Mapping[str, str]


@dataclass(frozen=True)
class Listing:
    """A list: its title, who may take it, its rows for an actor and filters, and the filters in words."""

    name: str
    title: Any
    roles: tuple[str, ...]
    frame: Callable[[Any, Params], pl.DataFrame]
    describe: Callable[[Params], list[str]]


LISTINGS: dict[str, Listing] = {}


def _no_filter(params: Params) -> list[str]:
    return []


def describing(
    shows: Mapping[str, Any] | Collection[tuple[str, Any]], *named: str, **said: Any
) -> Callable[[Params], list[str]]:
    """Return what says the filters of a list in words: which part is shown, other filters, and what is searched.

    ``shows`` names the parts (the empty key is all of them), ``named`` the filters that are said as they are given, and
    ``said`` gives words with a place ``%(text)s`` for others.
    """
    parts = {key: words for key, words in dict(shows).items() if key}

    def describe(params: Params) -> list[str]:
        found = [str(parts[show])] if (show := params.get("show", "")) in parts else []
        for name, words in (dict.fromkeys(named, "%(text)s") | said | {"q": _("search: %(text)s")}).items():
            if text := params.get(name, "").strip()[:80]:
                found.append(str(words) % {"text": text})
        return found

    return describe


def listing(
    name: str, title: Any, *, roles: Collection[str], describe: Callable[[Params], list[str]] = _no_filter
) -> Callable[[Callable[[Any, Params], pl.DataFrame]], Callable[[Any, Params], pl.DataFrame]]:
    """Declare ``frame(actor, params) -> polars frame`` (its columns carry the words of the header) as a list."""

    def decorate(frame: Callable[[Any, Params], pl.DataFrame]) -> Callable[[Any, Params], pl.DataFrame]:
        LISTINGS[name] = Listing(name, title, tuple(roles), frame, describe)
        return frame

    return decorate


def table(columns: Mapping[Any, tuple[Any, list[Any]]], *, strict: bool = True) -> pl.DataFrame:
    """Return a list as a frame: head -> (type, cells). Without ``strict`` a cell of another type becomes missing."""
    return pl.DataFrame(
        {str(head): pl.Series(cells, dtype=kind, strict=strict) for head, (kind, cells) in columns.items()}
    )
