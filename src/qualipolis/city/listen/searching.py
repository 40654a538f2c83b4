"""Searching what the city has heard: an index on disk beside the data, of which everybody gets back only what they see.

There are two indexes. What the desk alone works with (letters, complaints) lies in one that pages of nobody else ask, so
that not even a count, a mended word or the time of an answer tells others of it; everything else lies in the other. The
texts are indexed without their sender, reports are not indexed at all, and each answer is filtered row by row by the
policy of its rows. The index is never the record: it can be thrown away, the next tick builds it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.listen import search_index
from qualipolis.city.listen.search_sources import DESK, SOURCES, Source, facts_shown
from qualipolis.lake.search import Correction, Hits
from qualipolis.methods.problems import InputError

MOST, PAGE, LOOKED_AT = 60, 100, 600
READERS = ("complaint_desk", "mediator", "department", "planner", "inspector", "leader", "auditor", "hospital_desk",
           "hospital_manager", "expert")  # fmt: skip
OF_DESK = ("complaint_desk", "mediator")


@dataclass(frozen=True)
class Found:
    """One row that was found: what it is, its words for a list, and which words of the query stand in it."""

    kind: str
    row: Model
    title: str
    about: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What was found for somebody; ``more`` where the list was cut, ``ready`` False while there is no index yet."""

    found: tuple[Found, ...] = ()
    corrected: tuple[Correction, ...] = ()
    more: bool = False
    ready: bool = True

    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind, in the order of the kinds."""
        return {kind: n for kind in SOURCES if (n := sum(one.kind == kind for one in self.found))}


def search(actor: Any, query: str, kind: str = "") -> Answer:
    """Return what ``query`` finds among the rows that somebody sees, the best of each index first.

    A word may be typed in pinyin or with a slip; that it was read otherwise is told only where somebody sees a text with
    the word that was meant.
    """
    said = query.strip()[:200]
    if not said:
        return Answer()
    parts = [_in(part, actor, said, kind) for part in _parts(actor)]
    found = tuple(one for part in parts for one in part.found)
    corrected = {one.typed: one for part in parts for one in part.corrected}
    return Answer(found[: 2 * MOST], tuple(corrected.values()), any(p.more for p in parts), all(p.ready for p in parts))


def _parts(actor: Any) -> tuple[str, ...]:
    """Return the indexes that somebody asks at all."""
    roles = roles_of(actor)
    return (DESK, search_index.OPEN) if roles & set(OF_DESK) else (search_index.OPEN,)


def _in(part: str, actor: Any, query: str, kind: str) -> Answer:
    try:
        index = search_index.opened(part)
    except InputError:
        return Answer(ready=False)
    found: list[Found] = []
    corrected: tuple[Correction, ...] = ()
    filters = {"kind": kind} if kind in SOURCES else None
    for offset in range(0, LOOKED_AT, PAGE):
        hits = index.search(query, filters, PAGE, offset)
        found += _seen(actor, hits)
        corrected = hits.corrected
        if len(hits) < PAGE or len(found) > MOST:
            break
    told = tuple(one for one in corrected if any(one.meant in " ".join(hit.why) for hit in found))
    return Answer(tuple(found[:MOST]), told, len(found) > MOST)


def _seen(actor: Any, hits: Hits) -> Iterator[Found]:
    """Yield the hits that somebody sees, in their order; one query for each kind."""
    keys: dict[str, list[int]] = {}
    for hit in hits.hits:
        kind, _colon, pk = hit.key.partition(":")
        if kind in SOURCES and pk.isdigit():
            keys.setdefault(kind, []).append(int(pk))
    rows = {
        f"{kind}:{row.pk}": row for kind, pks in keys.items() for row in _rows(actor, SOURCES[kind]).filter(pk__in=pks)
    }
    for hit in hits.hits:
        if (row := rows.get(hit.key)) is not None:
            kind = hit.key.partition(":")[0]
            source = SOURCES[kind]
            yield Found(kind, row, source.title(row), facts_shown(actor, kind, row), hit.why)


def _rows(actor: Any, source: Source) -> QuerySet[Any]:
    return visible(actor, source.rows())


def kinds(actor: Any) -> Mapping[str, Source]:
    """Return the kinds of rows that somebody may find at all."""
    parts = _parts(actor)
    return {kind: source for kind, source in SOURCES.items() if source.part in parts}
