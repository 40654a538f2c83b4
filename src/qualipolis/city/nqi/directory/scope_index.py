"""The index of scopes on disk: what the registry holds, built anew when a scope has changed."""

from __future__ import annotations

import fcntl
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Max, QuerySet

from qualipolis.city.core.sweeps import sweep
from qualipolis.city.registry.models import Institution, Qualification, QualificationPause, ScopeItem, ScopeSource
from qualipolis.lake.scopes.index import OPEN_END, Coded, coded, day_number
from qualipolis.lake.scopes.search import ScopeSearch

AT_ONCE = 30_000
CHUNK = 20_000
_OPEN: dict[str, ScopeSearch] = {}


def folder() -> Path:
    """Return where the index lies."""
    return Path(settings.HOME) / "scopes"


def stamp() -> str:
    """Return what the registry holds now in a few numbers: a new line, source, certificate or body changes it."""
    models: tuple[Any, ...] = (ScopeItem, ScopeSource, Qualification, Institution)
    return ".".join(str(model.objects.aggregate(last=Max("pk"))["last"] or 0) for model in models)


def engine() -> ScopeSearch:
    """Return the search, with an index made or brought up to date where that takes a moment only.

    A large index that is behind still answers; the next sweep, or the end of an import, makes it anew.
    """
    found = _OPEN.setdefault(str(folder()), ScopeSearch(folder()))
    known, now = found.stamp, stamp()
    small = int(now.split(".")[0]) <= AT_ONCE
    if known is None or (known != now and small):
        rebuild()
    return found


def behind() -> bool:
    """Whether the index does not know all of the registry yet."""
    return _OPEN.setdefault(str(folder()), ScopeSearch(folder())).stamp != stamp()


def rebuild() -> int:
    """Build the index anew from the registry; one process at a time; return how many lines there are."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _OPEN.setdefault(str(place), ScopeSearch(place))
        now = stamp()
        if found.stamp == now:
            return found.index.meta.lines
        return found.build(scopes(), now).lines


@sweep("nqi.scope_index")
def keep_up(now: datetime) -> int:
    """Bring the index up to date once a day; an import does it at once."""
    return rebuild() if behind() else 0


def scopes() -> Coded:
    """Return all lines of scopes of the registry as the index takes them."""
    items = ScopeItem.objects.order_by("pk")
    columns = ("product", "parameter", "standard", "qualification_id", "pk", "valid_from", "valid_to")
    lines = _frame(items, columns, ("product", "parameter", "standard", "certificate", "line", "begins", "ends"))
    held = _frame(
        Qualification.objects.order_by("pk"),
        ("pk", "institution_id", "valid_from", "valid_to"),
        ("key", "holder", "begins", "ends"),
    )
    return coded(lines, held, _holders())


def _frame(rows: QuerySet[Any], columns: tuple[str, ...], names: tuple[str, ...]) -> pl.DataFrame:
    """Return rows as a frame, in pieces; days become numbers, an open end the last one."""
    schema = [(name, pl.String if name in ("product", "parameter", "standard") else pl.Int64) for name in names]
    parts, piece = [pl.DataFrame(schema=schema, orient="row")], []
    for row in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        piece.append((*row[:-2], day_number(row[-2]), day_number(row[-1], OPEN_END)))
        if len(piece) == CHUNK:
            parts.append(pl.DataFrame(piece, schema=schema, orient="row"))
            piece = []
    return pl.concat([*parts, pl.DataFrame(piece, schema=schema, orient="row")])


def _holders() -> pl.DataFrame:
    rows = Institution.objects.order_by("pk").values_list("pk", "unit__longitude", "unit__latitude")
    schema = [("key", pl.Int64), ("longitude", pl.Float64), ("latitude", pl.Float64)]
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def barred(on: date) -> frozenset[int]:
    """Return the certificates that the index may think valid on the day and that are not: suspended, ended early."""
    ended = Qualification.objects.filter(ended_on__lte=on)
    paused = QualificationPause.objects.filter(starts_on__lte=on).exclude(ends_on__lt=on)
    return frozenset([*ended.values_list("pk", flat=True), *paused.values_list("qualification", flat=True)])
