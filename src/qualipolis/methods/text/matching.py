"""Who and what fits a demand or a case: institutions by their scope, standards, past cases, experts; each with reasons.

Hard rules come first and know no score: an institution whose scope is not valid on the day, a standard that is withdrawn,
an expert with a conflict of interest is left out and listed with the reason. Only then words are compared. A person
chooses from the list; nothing is assigned by it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import msg
from qualipolis.methods.text.normalise import normalise
from qualipolis.methods.text.retrieve.rankers import cover, tfidf
from qualipolis.methods.text.retrieve.words import shared

WEIGHTS = {"tfidf": 0.57, "cover": 0.43}
LEAST = 0.05
OTHER_EDITION = 0.6
IN_PLACE = 0.1
NUMBER = re.compile(r"^(.*?)(?:[-—–:](\d{4}))?$")
SOON = 30


@dataclass(frozen=True)
class Reason:
    """Why something was chosen or left out; ``what`` is a message id with places for ``params``."""

    code: str
    what: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the reason in the language of ``translate``."""
        return translate(self.what) % dict(self.params)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Need:
    """What is asked for: words, the numbers of standards recognised in them, the day, the place and who is a party."""

    text: str
    on: datetime.date
    standards: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    place: str = ""
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What an institution may do, from when to when; both days count. A day that is not known is None.

    ``suspended`` are the spans, both days included, an open end being None, in which it may not.
    """

    institution: str
    name: str
    kind: str
    words: str
    standards: tuple[str, ...] = ()
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    suspended: tuple[tuple[datetime.date, datetime.date | None], ...] = ()
    withdrawn: bool = False
    place: str = ""


@dataclass(frozen=True)
class Standard:
    """A standard of a catalogue: number, titles in one text, whether it is in force on the day, what replaced it."""

    number: str
    title: str
    in_force: bool
    replaced_by: str = ""


@dataclass(frozen=True)
class PastCase:
    """A case of the past: its words and its marks, such as class of product and defects."""

    key: str
    text: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expert:
    """An expert: what he knows in words, past cases, the firms he may not judge, and how many cases are open."""

    key: str
    words: str
    cases: tuple[str, ...] = ()
    conflicts: frozenset[str] = frozenset()
    available: bool = True
    open_cases: int = 0


@dataclass(frozen=True)
class Match:
    """One that fits: its key, a score from 0 to 1 within this answer, and why."""

    key: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Matches:
    """Those that fit, the best first, and those a hard rule left out, each with the rule that did."""

    found: tuple[Match, ...]
    left_out: tuple[Match, ...] = ()

    def __len__(self) -> int:
        return len(self.found)


def likeness(query: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return how much each text answers a query, 0 to 1: 0.57 of the tf-idf cosine and 0.43 of how much of it is said.

    The weights were learned on definitions of the national classification of industries and the names of its classes.

    >>> likeness("童装甲醛含量检测", ["童装、婴幼儿服装 甲醛", "钢筋 抗拉强度"]).round(2).tolist()
    [0.3, 0.0]
    """
    if not texts:
        return np.zeros(0)
    parts = WEIGHTS["tfidf"] * tfidf(texts).scores([query]) + WEIGHTS["cover"] * cover(texts).scores([query])
    return np.asarray(np.clip(parts[0].astype(float), 0.0, 1.0))


def same_standard(asked: str, listed: str) -> float:
    """Return 1 for the same standard, 0.6 for another edition of it, 0 for another; a number without year fits any.

    >>> same_standard("GB/T 2912.1-2009", "gb／t2912.1—2009"), same_standard("GB 31701-2015", "GB 31701-2025")
    (1.0, 0.6)
    >>> same_standard("GB 31701", "GB 31701-2015"), same_standard("GB 31701", "GB 3170")
    (1.0, 0.0)
    """
    (number, year), (other, edition) = _number(asked), _number(listed)
    if not number or number != other:
        return 0.0
    return 1.0 if not year or not edition or year == edition else OTHER_EDITION


def match_institutions(need: Need, scopes: Iterable[Scope], top: int = 10) -> Matches:
    """Return the institutions whose scope fits, one row for each institution, by its best scopes together.

    Hard rule: every scope counted is valid on ``need.on``: begun, not ended, not suspended, not withdrawn, its days known;
    and of a kind asked for. An institution with no such scope is not among the found, however well its words fit. The
    score is the mean of the share of the standards covered (another edition counts 0.6) and of the likeness of words
    where both are asked, and a tenth for an institution in the place of need.
    """
    rows = list(scopes)
    barred = [_barred(need, scope) for scope in rows]
    words = likeness(need.text, [one.words for one in rows])
    by: dict[str, list[int]] = {}
    for at, scope in enumerate(rows):
        if barred[at] is None:
            by.setdefault(scope.institution, []).append(at)
    found = [_institution(need, [rows[at] for at in places], words[places]) for places in by.values()]
    out: dict[str, Match] = {}
    for scope, reason, like in zip(rows, barred, words, strict=True):
        if reason is not None and scope.institution not in by and _wanted(need, scope, float(like)):
            out.setdefault(scope.institution, Match(scope.institution, round(float(like), 4), (reason,)))
    return Matches(_best([one for one in found if one is not None], top), _best(list(out.values()), top))


def match_standards(need: Need, standards: Sequence[Standard], top: int = 10) -> Matches:
    """Return the standards in force that fit: those recognised by number first, then by the words of their titles.

    A standard that is not in force is left out and its successor named.
    """
    words = likeness(need.text, [one.title for one in standards])
    found: list[Match] = []
    out: list[Match] = []
    for one, like in zip(standards, words, strict=True):
        named = max((same_standard(asked, one.number) for asked in need.standards), default=0.0)
        if named == 0 and like < LEAST:
            continue
        match = Match(one.number, round((named + float(like)) / 2, 4), _standard_reasons(need, one, named, float(like)))
        if one.in_force:
            found.append(match)
        else:
            out.append(Match(one.number, match.score, (_replaced(one),)))
    return Matches(_best(found, top), _best(out, top))


def match_cases(need: Need, cases: Sequence[PastCase], marks: frozenset[str] = frozenset(), top: int = 10) -> Matches:
    """Return the past cases most like the need: seven tenths by words, three tenths by the marks they share."""
    words = likeness(need.text, [one.text for one in cases])
    found = []
    for one, like in zip(cases, words, strict=True):
        both = marks & one.marks
        common = len(both) / len(marks | one.marks) if both else 0.0
        score = 0.7 * float(like) + 0.3 * common if marks and one.marks else float(like)
        reasons = _word_reasons(need.text, one.text)
        if both:
            what = msg("It has the same marks: %(marks)s.")
            reasons = (*reasons, Reason("marks", what, {"marks": ", ".join(sorted(both))}))
        if score >= LEAST and reasons:
            found.append(Match(one.key, round(score, 4), reasons))
    return Matches(_best(found, top))


def match_experts(need: Need, experts: Sequence[Expert], like: Mapping[str, float] | None = None,
                  top: int = 10) -> Matches:  # fmt: skip
    """Return the experts who fit, by what they know and by the like cases they treated; the less busy first among equals.

    ``like`` has how like past cases are (0 to 1), as :func:`match_cases` scores them. Hard rules: who has a conflict of
    interest with a party, and who is not available, is left out.
    """
    words = likeness(need.text, [one.words for one in experts])
    near = dict(like or {})
    found: list[tuple[Match, int]] = []
    out: list[tuple[Match, int]] = []
    for one, known in zip(experts, words, strict=True):
        treated = sorted((near[case] for case in one.cases if near.get(case, 0.0) >= LEAST), reverse=True)
        score = 0.6 * float(known) + 0.4 * (1 - float(np.prod([1 - share for share in treated])) if treated else 0.0)
        barred = _expert_barred(need, one)
        if score < LEAST:
            continue
        reasons = [*_word_reasons(need.text, one.words)] if known >= LEAST else []
        if treated:
            reasons.append(Reason("treated", msg("Treated %(n)s like cases."), {"n": len(treated)}))
        match = Match(one.key, round(score, 4), tuple(reasons) if barred is None else (barred,))
        (found if barred is None else out).append((match, one.open_cases))
    ordered = [match for match, _ in sorted(found, key=lambda pair: (-pair[0].score, pair[1], pair[0].key))]
    return Matches(tuple(ordered[:top]), _best([match for match, _ in out], top))


def _number(text: str) -> tuple[str, str]:
    said = re.sub(r"\s", "", normalise(text)).upper()
    found = NUMBER.match(said)
    return (found.group(1).rstrip("-:"), found.group(2) or "") if found else (said, "")


def _barred(need: Need, scope: Scope) -> Reason | None:
    """Return why a scope may not be used on the day; None where it may."""
    if need.kinds and scope.kind not in need.kinds:
        return Reason("kind", msg("It is not an institution of the kind asked for."))
    if scope.withdrawn:
        return Reason("withdrawn", msg("Its scope was withdrawn."))
    if scope.valid_from is None or scope.valid_to is None:
        return Reason("unknown", msg("From when to when its scope is valid is not known."))
    if need.on < scope.valid_from:
        return Reason("early", msg("Its scope begins on %(day)s only."), {"day": scope.valid_from.isoformat()})
    if need.on > scope.valid_to:
        return Reason("expired", msg("Its scope ended on %(day)s."), {"day": scope.valid_to.isoformat()})
    for begun, ended in scope.suspended:
        if begun <= need.on and (ended is None or need.on <= ended):
            return Reason("suspended", msg("Its scope is suspended since %(day)s."), {"day": begun.isoformat()})
    return None


def _wanted(need: Need, scope: Scope, like: float) -> bool:
    listed = any(same_standard(asked, own) for asked in need.standards for own in scope.standards)
    return (listed or like >= LEAST) and (not need.kinds or scope.kind in need.kinds)


def _institution(need: Need, scopes: Sequence[Scope], words: NDArray[np.float64]) -> Match | None:
    fits = {asked: max(((same_standard(asked, own), own) for scope in scopes for own in scope.standards), default=(0.0, ""))
            for asked in need.standards}  # fmt: skip
    covered = sum(share for share, _ in fits.values()) / len(fits) if fits else 0.0
    like = float(words.max(initial=0.0))
    if covered == 0 and like < LEAST:
        return None
    best = scopes[int(words.argmax())]
    base = (covered + like) / 2 if fits else like
    near = bool(need.place) and any(scope.place == need.place for scope in scopes)
    reasons = [*_covered(fits), *(_word_reasons(need.text, best.words) if like >= LEAST else ())]
    last = max(scope.valid_to for scope in scopes if scope.valid_to is not None)
    what = msg("Its scope is valid until %(day)s.")
    if (last - need.on).days <= SOON:
        what = msg("Its scope is valid, but only until %(day)s.")
    reasons.append(Reason("valid", what, {"day": last.isoformat()}))
    if near:
        reasons.append(Reason("place", msg("It is in the same place.")))
    score = round(min(1.0, (1 - IN_PLACE) * base + IN_PLACE * near), 4)
    return Match(scopes[0].institution, score, tuple(reasons))


def _covered(fits: Mapping[str, tuple[float, str]]) -> Iterable[Reason]:
    for asked, (share, own) in fits.items():
        if share == 1:
            yield Reason("standard", msg("Its scope lists %(number)s."), {"number": own})
        elif share:
            what = msg("Its scope lists another edition of %(asked)s: %(number)s.")
            yield Reason("edition", what, {"asked": asked, "number": own})
        else:
            yield Reason("missing", msg("Its scope does not list %(asked)s."), {"asked": asked})


def _word_reasons(query: str, text: str) -> tuple[Reason, ...]:
    words = shared(query, text)
    return (Reason("words", msg("Same words: %(words)s."), {"words": ", ".join(words)}),) if words else ()


def _standard_reasons(need: Need, one: Standard, named: float, like: float) -> tuple[Reason, ...]:
    reasons = _word_reasons(need.text, one.title) if like >= LEAST else ()
    if named == 1:
        return (Reason("named", msg("Its number stands in the text.")), *reasons)
    return (Reason("edition", msg("Another edition of it stands in the text.")), *reasons) if named else reasons


def _replaced(one: Standard) -> Reason:
    if one.replaced_by:
        return Reason("replaced", msg("It is not in force; %(number)s replaced it."), {"number": one.replaced_by})
    return Reason("not_in_force", msg("It is not in force."))


def _expert_barred(need: Need, one: Expert) -> Reason | None:
    if one.conflicts & set(need.parties):
        return Reason("conflict", msg("There is a conflict of interest with a party."))
    return None if one.available else Reason("away", msg("Not available."))


def _best(found: Sequence[Match], top: int) -> tuple[Match, ...]:
    return tuple(sorted(found, key=lambda one: (-one.score, one.key))[:top])
