"""Is this one there already? One new row against many, in the time a person waits for a form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qualipolis.lake.entities.links import REVIEW, Pair, banded
from qualipolis.lake.entities.resolving import CROWD, RARE_RUNS
from qualipolis.lake.entities.weights import Weights, prior, scored, share, shipped
from qualipolis.lake.entities.words import COMPARISONS, Entity, Kind, compared, gazetteer, keys, one_word, runs

MOST_COMPARED = 3_000


@dataclass
class Index:
    """Existing rows made ready to be asked; made by :func:`index`, grown by :meth:`add`."""

    kind: Kind
    known: frozenset[str]
    keys: list[str] = field(default_factory=list)
    words: list[Mapping[str, str]] = field(default_factory=list)
    blocks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, row: Entity) -> None:
        """Take one more row in."""
        words = compared(row, self.kind, self.known)
        place = len(self.keys)
        self.keys.append(row.key)
        self.words.append(words)
        for key in (*keys(words, self.kind), *runs(words)):
            self.blocks[key].append(place)
        for comparison in COMPARISONS[self.kind]:
            if comparison.rare and words[comparison.column]:
                self.counts.setdefault(comparison.column, Counter())[words[comparison.column]] += 1

    def near(self, words: Mapping[str, str]) -> list[int]:
        """Return the places of rows that share a key with ``words`` that is not crowded."""
        fixed = [key for key in keys(words, self.kind) if key in self.blocks]
        good = [key for key in fixed if len(self.blocks[key]) < CROWD or key.startswith("c:")]
        rare = sorted((run for run in runs(words) if 0 < len(self.blocks.get(run, ())) < CROWD), key=self._rank)
        found: dict[int, None] = {}
        for key in (*good, *rare[:RARE_RUNS]):
            found.update(dict.fromkeys(self.blocks[key]))
        return list(found)[:MOST_COMPARED]

    def _rank(self, run: str) -> tuple[int, str]:
        return len(self.blocks[run]), run


def index(rows: Sequence[Entity], kind: Kind = "firm", places: frozenset[str] | None = None) -> Index:
    """Return ``rows`` made ready for :func:`candidates`; keep it as long as the rows stay."""
    made = Index(kind, gazetteer(rows) if places is None else places)
    for row in rows:
        made.add(row)
    return made


def stored_keys(row: Entity, kind: Kind, places: frozenset[str]) -> tuple[str, ...]:
    """Return the keys of a row for a column of a database: fetch the rows that share one and give them to ``candidates``.

    >>> from qualipolis.lake.entities.names import areas
    >>> stored_keys(Entity("1", "东莞华强电子有限公司"), "firm", areas())[:3]
    ('n:华强', 'wn:东莞华强电子有限公司', 'nt:华强电子')
    """
    return keys(compared(row, kind, places), kind)


def candidates(
    new_row: Entity,
    existing: Index | Sequence[Entity],
    kind: Kind = "firm",
    *,
    total: int | None = None,
    weights: Weights | None = None,
    most: int = 10,
    least: float = REVIEW,
) -> tuple[Pair, ...]:
    """Return the existing rows that ``new_row`` may be, the likeliest first; empty when it is new.

    The words, levels and weights are those of :func:`~qualipolis.lake.entities.resolving.resolve`, without splink.

    Parameters
    ----------
    new_row : the row about to be added; its key is the ``left`` of each pair
    existing : an :class:`Index` (answers at once), or rows, which are indexed first: a few hundred fetched by their
        :func:`stored_keys`
    kind : of the rows; an index knows its own
    total : how many rows there are where ``existing`` holds only those fetched
    most, least : at most so many pairs, none below this probability
    """
    held = existing if isinstance(existing, Index) else index([*existing], kind, gazetteer([*existing, new_row]))
    used = weights or shipped(held.kind)
    words = compared(new_row, held.kind, held.known)
    count = 1 + max(len(held), total or 0)
    part = total is not None and total > len(held)
    shares = {
        c: {words[c]: share(counts[words[c]] + 1, 1 + (total if part else counts.total()), used.of(c, "exact")[1])}
        for c, counts in held.counts.items()
    }
    found = []
    for place in held.near(words):
        if held.keys[place] == new_row.key:
            continue
        chance, why = scored(words, held.words[place], used, prior(count), shares)
        if chance >= least:
            band, note = banded(chance, why, one_word(held.kind, words))
            found.append(Pair(new_row.key, held.keys[place], round(chance, 9), band, why, note))
    return tuple(sorted(found, key=lambda pair: (-pair.probability, pair.right))[:most])
