"""Asking an index: a few words must all stand in a text, of a sentence the most telling tokens decide."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from qualipolis.lake.search.guessing import Vocabulary
from qualipolis.lake.search.schema import Schema
from qualipolis.lake.search.tokens import parts, units, weighed
from qualipolis.methods.problems import InputError, Problem, msg

MOST_TOP = 100
MOST_OFFSET = 10_000
SENTENCE = 12
FEW_WORDS = 5
TELLING = 64
LEAST_TELLING = 6
SHARE = 0.6
NARROW_SHARE = 0.15
TERM = re.compile(r'Term=Term\(field=1, type=Str, \\"(.*?)\\"\)')
__all__ = ["Correction", "Hit", "Hits", "Source", "ask"]


@dataclass(frozen=True)
class Correction:
    """A word of the query that was read otherwise: what was typed, what was searched, and how that was found."""

    typed: str
    meant: str
    how: str


@dataclass(frozen=True)
class Hit:
    """A document found: its key, its score (only comparable within one answer), and the words that found it."""

    key: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """An answer.

    ``total`` documents were found; where ``exact`` is False it is the least there are, for a sentence is not counted to
    the end. ``mode`` is ``"all"`` (every word stands in the text), ``"any"`` (the most telling words of it) or ``"filter"``
    (no words were given). ``corrected`` tells what was read otherwise than typed.
    """

    total: int
    exact: bool
    hits: tuple[Hit, ...]
    mode: str
    corrected: tuple[Correction, ...] = ()

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True)
class _Plan:
    mode: str
    query: Any
    pieces: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Source:
    """What is asked: a searcher of one commit, the fields, tantivy's form of them, and the words for mending."""

    searcher: Any
    schema: Schema
    built: Any
    vocabulary: Callable[[], Vocabulary] | None = None

    def term(self, token: str) -> Any:
        """Return the query of one token."""
        import tantivy

        return tantivy.Query.term_query(self.built, "text", token, "freq")

    def having(self, token: str) -> int:
        """Return how many texts have a token."""
        return int(self.searcher.doc_freq("text", token))


def ask(source: Source, query: str, filters: Mapping[str, Any], window: tuple[int, int]) -> Hits:
    """Return what ``query`` finds.

    Up to five words of together at most twelve characters must all stand in a text. A longer query is a sentence: any of
    its tokens counts by BM25, a pair of characters that reaches over the edge of a word three tenths as much; of more than
    64 tokens, or of tokens that stand in more than 60 % of all texts together, the most telling decide. A short query that finds nothing is tried as it may
    have been meant (with a vocabulary), then as a sentence.
    """
    top, offset = _window(window)
    said = units(query)
    must = source.schema.queries(source.built, filters)
    if not said:
        return _run(source, _everything(bool(query.strip())), must, top, offset)
    short = _short(said)
    found = _run(source, _all_of(source, said), must, top, offset) if short else None
    if found and found.total:
        return found
    mended, corrected = _mended(source, said)
    if corrected and _short(mended):
        again = _run(source, _all_of(source, mended), must, top, offset)
        if again.total:
            return replace(again, corrected=corrected)
    if found and sum(len(parts(one)) for one in mended) < 2:
        return found
    return replace(_run(source, _any_of(source, mended, bool(must)), must, top, offset), corrected=corrected)


def _window(window: tuple[int, int]) -> tuple[int, int]:
    top, offset = window
    if not (0 < top <= MOST_TOP and 0 <= offset <= MOST_OFFSET):
        what = msg("The page of the answer is out of reach: %(top)s from %(offset)s on.")
        remedy = msg("Ask for 1 to 100 results, from the first to the 10,000th.")
        raise InputError([Problem("search_page", what, remedy, {"top": top, "offset": offset})])
    return top, offset


def _short(said: Sequence[str]) -> bool:
    return len(said) <= FEW_WORDS and sum(len(one) if not one.isascii() else 2 for one in said) <= SENTENCE


def _everything(marks: bool) -> _Plan:
    """All documents where nothing was asked; none where only marks were typed."""
    import tantivy

    return _Plan("filter", tantivy.Query.empty_query() if marks else tantivy.Query.all_query(), ())


def _all_of(source: Source, said: Sequence[str]) -> _Plan:
    import tantivy

    clauses, pieces = [], []
    for unit in said:
        own = parts(unit)
        if len(unit) == 1 and not unit.isascii() and source.vocabulary:
            own = [unit, *source.vocabulary().containing(unit)]
            clauses.append((tantivy.Occur.Must, tantivy.Query.term_set_query(source.built, "text", own)))
        else:
            clauses += [(tantivy.Occur.Must, source.term(one)) for one in own]
            pieces.append(tuple(own))
    return _Plan("all", tantivy.Query.boolean_query(clauses), tuple(pieces))


def _any_of(source: Source, said: Sequence[str], narrowed: bool) -> _Plan:
    import tantivy

    asked = {token: weight for unit in said for token, weight in weighed(unit).items()}
    kept = _telling(source, asked, NARROW_SHARE if narrowed else SHARE)
    clauses = [
        (tantivy.Occur.Should, tantivy.Query.boost_query(source.term(one), weight)) for one, weight in kept.items()
    ]
    query = tantivy.Query.boolean_query(clauses) if clauses else tantivy.Query.empty_query()
    return _Plan("any", query, tuple(tuple(one for one in parts(unit) if one in kept) for unit in said))


def _telling(source: Source, asked: Mapping[str, float], share: float) -> dict[str, float]:
    """Return the tokens that stand in any text; where there are too many, or they stand in too many, the most telling.

    The commonest tokens are not asked once the others stand in ``share`` of all texts together: they cost most and tell
    least. Within a filter the share is less, for there every text with a token is looked at, where without one the
    hopeless are left out.
    """
    having = {one: count for one in asked if (count := source.having(one))}
    number = int(source.searcher.num_docs)
    best = sorted(having, key=lambda one: (-asked[one] * math.log1p(number / having[one]), one))[:TELLING]
    touched = list(accumulate(having[one] for one in best))
    kept = {one for at, one in enumerate(best) if at < LEAST_TELLING or touched[at] <= share * number}
    return {one: asked[one] for one in asked if one in kept}


def _run(source: Source, plan: _Plan, must: list[Any], top: int, offset: int) -> Hits:
    import tantivy

    query, exact = plan.query, plan.mode != "any"
    if must:
        narrowed = [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in must]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *narrowed])
    found = source.searcher.search(query, top, count=exact, offset=offset)
    addresses = [address for _, address in found.hits]
    keys = [source.searcher.doc(address).get_first("key") for address in addresses]
    reasons = _why(source, plan, addresses)
    hits = tuple(
        Hit(key, round(float(score), 4) if math.isfinite(score) else 0.0, why)
        for (score, _), key, why in zip(found.hits, keys, reasons, strict=True)
    )
    total = int(found.count) if exact else offset + len(hits)
    return Hits(total, exact or len(hits) < top, hits, plan.mode)


def _why(source: Source, plan: _Plan, addresses: Sequence[Any]) -> list[tuple[str, ...]]:
    """Return the words of the query that stand in each document found, neighbouring pairs joined again."""
    if plan.mode == "all":
        return [tuple(_joined(piece) for piece in plan.pieces)] * len(addresses)
    if not plan.pieces:
        return [()] * len(addresses)
    told = (plan.query.explain(source.searcher, address).to_json() for address in addresses)
    return [_held(plan.pieces, set(TERM.findall(text))) for text in told]


def _held(pieces: Sequence[tuple[str, ...]], holds: set[str]) -> tuple[str, ...]:
    told: list[str] = []
    for piece in pieces:
        run: list[str] = []
        for token in piece:
            if run and (token not in holds or run[-1][-1] != token[0]):
                told.append(_joined(run))
                run = []
            if token in holds:
                run.append(token)
        told += [_joined(run)] if run else []
    return tuple(dict.fromkeys(told))


def _joined(piece: Sequence[str]) -> str:
    return piece[0] + "".join(one[-1] for one in piece[1:]) if piece else ""


def _mended(source: Source, said: Sequence[str]) -> tuple[list[str], tuple[Correction, ...]]:
    """Return the units as they may have been meant; only one that stands in no text as it is is read otherwise."""
    if source.vocabulary is None:
        return list(said), ()
    meant: list[str] = []
    changed: list[Correction] = []
    for unit in said:
        lost = 1 < len(unit) <= SENTENCE * (4 if unit.isascii() else 1) and not all(
            source.having(one) for one in parts(unit)
        )
        guess = source.vocabulary().guess(unit) if lost else None
        meant.append(guess.text if guess else unit)
        changed += [Correction(unit, guess.text, guess.how)] if guess else []
    return meant, tuple(changed)
