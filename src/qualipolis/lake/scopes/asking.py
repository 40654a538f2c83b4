"""Asking the index: who can test this, to this standard, on this day.

Three rules come before any score: a standard that is named binds, with its edition when one is given; the line and its
certificate are valid on the day; a parameter or product that is named must be the line's own, or one above or below it.
What misses the second half of the last rule is shown apart, as near. Among equals the nearer comes first, then the key:
the order is no recommendation.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.scopes.index import Index, day_number
from qualipolis.lake.scopes.numbers import Number
from qualipolis.lake.scopes.reading import Question
from qualipolis.lake.scopes.terms import terms
from qualipolis.lake.scopes.values import Words, words_in

Scores = NDArray[np.float32]
Array = NDArray[Any]
LIKE, EVERY, LEAST = 0.6, 0.62, 0.45
TOLD, TIE = 0.35, 0.05
OTHER_PRODUCT, OTHER_PARAMETER = 0.45, 0.3
MOST_ENTRIES, MOST_POSTS = 400, 400_000
LINES_SHOWN = 4
EARTH = 6371.0
RULES = ("open", "dated")


@dataclass(frozen=True)
class Line:
    """A line of a scope that answers: the row it comes from, its words, its certificate, its days, and how well it fits."""

    line: int
    certificate: int
    product: str
    parameter: str
    standard: str
    score: float
    begins: int
    ends: int
    edition: str = "same"


@dataclass(frozen=True)
class Found:
    """An institution that answers, with its best lines; ``covered`` of ``wanted`` things asked; ``distance`` in km."""

    holder: int
    score: float
    covered: int
    wanted: int
    lines: tuple[Line, ...]
    distance: float | None = None


@dataclass(frozen=True)
class Answer:
    """Who can (``found``), who nearly can (``near``: another product or parameter), who lists another edition (``others``).

    ``total`` institutions were found in all.
    """

    question: Question
    found: tuple[Found, ...] = ()
    near: tuple[Found, ...] = ()
    others: tuple[Found, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Wish:
    """On which day, from where, and how many are shown; ``only`` narrows to some institutions (their keys)."""

    on: datetime.date
    place: tuple[float, float] | None = None
    top: int = 20
    only: frozenset[int] | None = None
    bars: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class _Scored:
    """Entries with a score each, best first."""

    entries: Array
    scores: Scores


def ask(index: Index, question: Question, wish: Wish) -> Answer:
    """Return who answers ``question`` on the day of ``wish``.

    Parameters
    ----------
    wish : ``bars`` are certificates (keys) that are not valid on the day for a reason the index does not know
    """
    if question.empty:
        return Answer(question)
    table = _Table(index, question)
    each = [table.scored(one) for one in table.wants]
    found, total = _holders(index, [one.full for one in each], wish)
    near: tuple[Found, ...] = ()
    if not found:
        near, _ = _holders(index, [one.part for one in each], wish)
    others: tuple[Found, ...] = ()
    if any(one.year for one in question.standards):
        others, _ = _holders(index, [one.other for one in each], wish, table.edition)
    return Answer(question, found, near, others, total)


@dataclass(frozen=True)
class _Want:
    parameter: str = ""
    standards: tuple[Number, ...] = ()


@dataclass(frozen=True)
class _Each:
    full: _Scored
    part: _Scored
    other: _Scored


class _Table:
    """The scores of all values for one question, computed once."""

    def __init__(self, index: Index, question: Question) -> None:
        self.index, self.question = index, question
        words = words_in(question.text)
        self.order = {code: at for at, code in enumerate(terms().by_code)}
        self.said_product = index.products.said(words)
        self.said_parameter = index.parameters.said(words)
        self.product = self._terms(index.products, question.products, self.said_product)
        self.wants = self._wants()

    def edition(self, standard: int) -> str:
        """Return how a listed standard's edition stands to the one asked."""
        fits = self._fits(self.question.standards)
        return {3: "same", 2: "open", 1: "other"}.get(int(fits[standard]), "same")

    def _wants(self) -> tuple[_Want, ...]:
        named, codes = self.question.standards, self.question.parameters
        if len(codes) > 1:
            return tuple(_Want(code, named) for code in codes)
        if len(named) > 1:
            return tuple(_Want(codes[0] if codes else "", (one,)) for one in named)
        return (_Want(codes[0] if codes else "", named),)

    def _terms(self, words: Words, codes: tuple[str, ...], said: Scores) -> Scores:
        """Return how well each value is what the terms ask for; a value of no term at all may still say it in letters."""
        if not codes:
            return np.where(said >= LIKE, said, 0.0).astype(np.float32)
        close: dict[int, float] = {}
        for asked in codes:
            for listed, at in self.order.items():
                if share := terms().closeness(asked, listed):
                    close[at] = max(close.get(at, 0.0), share)
        found = words.with_terms(close)
        return np.maximum(found, np.where((said >= 0.9) & ~words.termed(), 0.8 * said, 0.0)).astype(np.float32)

    def scored(self, want: _Want) -> _Each:
        """Return the entries that fit in full, in part, and but for the edition."""
        entry = self.index.entry
        codes = (want.parameter,) if want.parameter else ()
        q_value = self._terms(self.index.parameters, codes, self.said_parameter)
        p, q = self.product[entry["product"]], q_value[entry["parameter"]]
        every = self.index.parameters.every[entry["parameter"]]
        tie = self._tie(entry)
        if want.standards:
            return self._numbered(want, p, q, every, tie)
        if codes:
            q = np.where(every & (p >= LEAST), EVERY, q)
        full, part = self._worded(bool(codes), p, q, tie)
        return _Each(_best(full), _best(part), _best(np.zeros(0, np.float32)))

    def _tie(self, entry: dict[str, Array]) -> Scores:
        """Return what decides between equals: words in common, less for an edition of which others list a newer one."""
        told = self.said_product[entry["product"]] + self.said_parameter[entry["parameter"]]
        older = self.index.standards.older[entry["standard"]]
        return np.asarray(TIE * (told / 2 - 0.5 * older) + TIE / 2, np.float32)

    def _numbered(self, want: _Want, p: Scores, q: Scores, every: Array, tie: Scores) -> _Each:
        """Score entries where a standard is named: only its own lines count."""
        fits = self._fits(want.standards)[self.index.entry["standard"]]
        asked_q = bool(want.parameter)
        says = self.question.products or self.question.unread
        q = np.where(every, EVERY + 0.2, q) if asked_q else np.maximum(q, 0.6)
        base = 0.5 + 0.3 * q + (0.15 * p if says else 0.15) + tie
        ok = q >= LEAST if asked_q else np.ones(len(q), bool)
        full = np.where((fits >= 2) & ok, base - 0.03 * (fits == 2), 0.0)
        part = np.where((fits >= 2) & ~ok, 0.3 + tie, 0.0)
        other = np.where((fits == 1) & ok, base, 0.0)
        return _Each(_best(full), _best(part), _best(other))

    def _worded(self, asked_q: bool, p: Scores, q: Scores, tie: Scores) -> tuple[Scores, Scores]:
        """Score entries by words alone: product and parameter both, where both are asked."""
        asked_p, rest = bool(self.question.products), bool(self.question.unread)
        zero = np.zeros(len(p), np.float32)
        if asked_p and asked_q:
            both = (p >= LEAST) & (q >= LEAST)
            full = np.where(both, 0.45 * p + 0.5 * q + tie, zero)
            part = np.where(q >= LEAST, OTHER_PRODUCT * q + tie, np.where(p >= LEAST, OTHER_PARAMETER * p + tie, zero))
            return full, part
        if asked_q:
            return np.where(q >= LEAST, 0.85 * q + 0.1 * p + tie, zero), zero
        if asked_p and not rest:
            return np.where(p >= LEAST, 0.85 * p + tie, zero), zero
        told = self._told()
        if asked_p:
            full = np.where((p >= LEAST) & (told >= TOLD), 0.45 * p + 0.5 * told + tie, zero)
            return full, np.where(p >= LEAST, OTHER_PARAMETER * p + tie, zero)
        return np.where(told >= LIKE, 0.8 * told + tie, zero), zero

    def _told(self) -> Scores:
        """Return how much of the words that no term explains each entry says, by their rarity."""
        index, unread = self.index, [words_in(word) for word in self.question.unread]
        found = np.zeros(len(index.entry["product"]), np.float32)
        for words in unread:
            one = np.zeros(len(found), np.float32)
            for word in words:
                p, q = index.products.has(word), index.parameters.has(word)
                one += p[index.entry["product"]] | q[index.entry["parameter"]]
            found += one / max(len(words), 1)
        return found / max(len(unread), 1)

    def _fits(self, named: tuple[Number, ...]) -> Array:
        """Return for each standard: 3 the edition asked, 2 an edition is not said, 1 another edition, 0 another standard."""
        standards = self.index.standards
        found = np.zeros(len(standards), np.int8)
        for one in named:
            rows = _rows(self.index, one)
            year = standards.year[rows]
            asked = int(one.year or 0)
            fit = np.where((year == asked) & (year > 0), 3, np.where((asked == 0) | (year == 0), 2, 1))
            np.maximum.at(found, standards.value[rows], fit.astype(np.int8))
        return found


def _rows(index: Index, one: Number) -> Array:
    """Return the rows of a standard; those of its parts where the number itself is listed nowhere."""
    standards = index.standards
    lo = bisect_left(standards.families, one.key)
    if lo < len(standards.families) and standards.families[lo] == one.key:
        start, stop = np.searchsorted(standards.family, [lo, lo + 1])
        return np.arange(start, stop)
    hi = bisect_left(standards.families, f"{one.key}/")
    parts = [at for at in range(lo, hi) if standards.families[at][len(one.key)] in ".-"]
    if not parts:
        return np.zeros(0, np.int64)
    start, stop = np.searchsorted(standards.family, [parts[0], parts[-1] + 1])
    return np.arange(start, stop)


def _best(scores: Scores) -> _Scored:
    """Return the entries with a score, the best four hundred; ties in the order of the index."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > MOST_ENTRIES:
        rows = rows[np.argpartition(-scores[rows], MOST_ENTRIES)[:MOST_ENTRIES]]
    rows = rows[np.lexsort((rows, -scores[rows]))]
    return _Scored(rows, np.asarray(scores[rows], np.float32))


def _holders(
    index: Index, wants: list[_Scored], wish: Wish, edition: Callable[[int], str] | None = None
) -> tuple[tuple[Found, ...], int]:
    """Return the institutions that list the entries under a valid certificate, by what they cover and how well."""
    size = len(index.holder["key"])
    whole, covered = np.zeros(size, np.float32), np.zeros(size, np.int16)
    kept: list[tuple[Array, Array, Array, Scores]] = []
    for one in wants:
        posts, entries, scores, holders = _valid(index, one, wish)
        best = np.zeros(size, np.float32)
        np.maximum.at(best, holders, scores)
        whole += best
        covered += best > 0
        kept.append((posts, entries, holders, scores))
    rows = np.flatnonzero(whole > 0)
    if not len(rows):
        return (), 0
    away = _away(index, wish)
    score = np.round(whole[rows] / len(wants), 2)
    first = np.lexsort((index.holder["key"][rows], away[rows], -score, -covered[rows]))[: wish.top]
    made = tuple(
        _found(index, int(rows[at]), (float(score[at]), int(covered[rows[at]])), kept, away, edition) for at in first
    )
    return made, len(rows)


def _valid(index: Index, one: _Scored, wish: Wish) -> tuple[Array, Array, Scores, Array]:
    """Return the posts of entries that are valid on the day, with entry, score and institution of each."""
    posts, at = index.posts(one.entries)
    posts, at = posts[:MOST_POSTS], at[:MOST_POSTS]
    day = day_number(wish.on)
    held = index.post["certificate"][posts]
    certificate = index.certificate
    ok = (index.post["begins"][posts] <= day) & (index.post["ends"][posts] >= day)
    ok &= (certificate["begins"][held] <= day) & (certificate["ends"][held] >= day)
    if wish.bars:
        ok &= ~np.isin(certificate["key"][held], np.fromiter(wish.bars, np.int64))
    holders = certificate["holder"][held]
    if wish.only is not None:
        ok &= np.isin(index.holder["key"][holders], np.fromiter(wish.only, np.int64))
    return posts[ok], one.entries[at[ok]], one.scores[at[ok]], holders[ok]


def _found(
    index: Index,
    holder: int,
    said: tuple[float, int],
    kept: list[tuple[Array, Array, Array, Scores]],
    away: Scores,
    edition: Callable[[int], str] | None,
) -> Found:
    each: list[list[Line]] = []
    for posts, entries, holders, scores in kept:
        mine = np.flatnonzero(holders == holder)
        mine = mine[np.lexsort((posts[mine], -scores[mine]))][: max(1, LINES_SHOWN // len(kept))]
        each.append([_line(index, int(posts[at]), int(entries[at]), float(scores[at]), edition) for at in mine])
    distance = None if not np.isfinite(away[holder]) else round(float(away[holder]), 1)
    lines = [one for group in zip_longest(*each) for one in group if one is not None]
    unique = tuple({one.line: one for one in lines}.values())
    return Found(int(index.holder["key"][holder]), said[0], said[1], len(kept), unique, distance)


def _line(index: Index, post: int, entry: int, score: float, edition: Callable[[int], str] | None) -> Line:
    table, column = index.entry, index.post
    standard = int(table["standard"][entry])
    return Line(
        int(column["line"][post]), int(index.certificate["key"][column["certificate"][post]]),
        index.products.texts[int(table["product"][entry])], index.parameters.texts[int(table["parameter"][entry])],
        index.standards.texts[standard], round(score, 3), int(column["begins"][post]), int(column["ends"][post]),
        edition(standard) if edition else "same",
    )  # fmt: skip


def _away(index: Index, wish: Wish) -> Scores:
    """Return how far each institution is in km on a great circle; infinite where it is not known."""
    size = len(index.holder["key"])
    if wish.place is None:
        return np.full(size, np.inf, np.float32)
    east, north = np.radians(index.holder["longitude"]), np.radians(index.holder["latitude"])
    own_east, own_north = np.radians(wish.place[0]), np.radians(wish.place[1])
    half = np.sin((north - own_north) / 2) ** 2 + np.cos(own_north) * np.cos(north) * np.sin((east - own_east) / 2) ** 2
    return np.asarray(np.nan_to_num(2 * EARTH * np.arcsin(np.sqrt(half)), nan=np.inf), np.float32)
