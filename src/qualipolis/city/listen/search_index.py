"""The indexes on disk, and how they keep step with the ledger: a tick takes in what events have touched since the last."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max

from qualipolis.city.core.models import Event
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.listen.models import Alert, Complaint, Letter
from qualipolis.city.listen.search_sources import DESK, LABELS, OPEN, documents
from qualipolis.lake.search import Document, Index
from qualipolis.methods.problems import InputError

PARTS = (DESK, OPEN)
CODES, NUMBERS = ("kind",), ("day",)
MOST_EVENTS, AT_ONCE, STEP = 20_000, 300, 500
_OPEN: dict[str, Index] = {}


def folder(part: str = "") -> Path:
    """Return where the indexes lie, or one of them."""
    return Path(settings.HOME) / "search" / part if part else Path(settings.HOME) / "search"


def opened(part: str) -> Index:
    """Return an index that stands, opened once; ``InputError`` while there is none."""
    place = str(folder(part))
    if place not in _OPEN or not (folder(part) / "current").is_file():
        _OPEN.pop(place, None)
        _OPEN[place] = Index.open(place)
    return _OPEN[place]


def last_event() -> int:
    """Return the last event of the ledger."""
    return int(Event.objects.aggregate(last=Max("seq"))["last"] or 0)


def _seen() -> int | None:
    """Return the event up to which the indexes know, None where they were never built."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return int(json.loads((folder() / "state.json").read_text("utf-8"))["event"])
    return None


def _write(event: int) -> None:
    fresh = folder() / "state.new"
    fresh.write_text(json.dumps({"event": event}), "utf-8")
    fresh.replace(folder() / "state.json")


def rebuild() -> int:
    """Build both indexes anew beside the old ones, which answer until then; return how many rows there are."""
    with _alone(wait=True):
        return _rebuild()


def _rebuild() -> int:
    event, count = last_event(), 0
    for part in PARTS:
        try:
            made = Index.create(folder(part), CODES, NUMBERS)
        except InputError:
            shutil.rmtree(folder(part), ignore_errors=True)  # of another version: it is built from the rows anyway
            made = Index.create(folder(part), CODES, NUMBERS)
        count += made.rebuild(documents(part))
    _write(event)
    return count


def catch_up(*, wait: bool = True, most: int = MOST_EVENTS) -> int:
    """Take in what events have touched since the last time; return how many rows were looked at.

    With ``wait=False`` nothing is done while another process writes, or where more than ``most`` events are missing.
    """
    with _alone(wait=wait) as mine:
        if not mine:
            return 0
        seen, event = _seen(), last_event()
        if seen is None or seen > event or event - seen > MOST_EVENTS or not _readable():
            return _rebuild() if wait else 0
        if event == seen or event - seen > most:
            return 0
        touched = _touched(seen, event)
        for part in PARTS:
            _take_in(part, touched)
        _write(event)
        return sum(len(keys) for keys in touched.values())


def _readable() -> bool:
    try:
        return all(opened(part) is not None for part in PARTS)
    except InputError:
        return False


def _touched(since: int, until: int) -> dict[str, set[int]]:
    """Return the rows that events name, by kind; a letter brings its complaint, a batch its alerts."""
    found: dict[str, set[int]] = {}
    things = Event.objects.filter(seq__gt=since, seq__lte=until).values_list("thing", flat=True).distinct()
    for thing in things:
        label, _colon, key = thing.partition(":")
        if key.isdigit() and (label in LABELS or label == "listen.alertbatch"):
            found.setdefault(label, set()).add(int(key))
    letters, complaints = found.get("listen.letter", set()), found.get("listen.complaint", set())
    complaints |= set(Complaint.objects.filter(letter__in=letters).values_list("pk", flat=True)) if letters else set()
    letters |= (
        set(Letter.objects.filter(complaint__in=complaints).values_list("pk", flat=True)) if complaints else set()
    )
    batches = found.pop("listen.alertbatch", set())
    alerts = set(Alert.objects.filter(batch__in=batches).values_list("pk", flat=True)) if batches else set()
    found |= {"listen.letter": letters, "listen.complaint": complaints}
    found["listen.alert"] = found.get("listen.alert", set()) | alerts
    return {label: keys for label, keys in found.items() if keys}


def _take_in(part: str, touched: dict[str, set[int]]) -> None:
    """Write the rows of one index anew; rows that no longer belong there leave it."""
    mine = {label: keys for label, keys in touched.items() if LABELS[label].part == part}
    if not mine:
        return
    index, gone = opened(part), []
    fresh: list[Document] = []
    for label, keys in mine.items():
        source, there = LABELS[label], set()
        for row in _rows(source.rows(), sorted(keys)):
            there.add(row.pk)
            fresh.append(source.document(row))
        gone += [f"{source.kind}:{key}" for key in keys - there]
    if fresh:
        index.add(fresh)
    if gone:
        index.delete(*gone)


def _rows(rows: Any, keys: list[int]) -> Iterable[Any]:
    for start in range(0, len(keys), STEP):
        yield from rows.filter(pk__in=keys[start : start + STEP])


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Let one process write at a time; tells whether this one may."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True


@sweep("listen.search")
def sweep_search(now: datetime) -> int:
    """Bring the indexes in step with the ledger; build them where there are none."""
    return catch_up()
