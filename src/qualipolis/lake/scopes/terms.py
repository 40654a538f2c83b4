"""The words of testing: products and parameters with their synonyms in Chinese and English, and what is a kind of what.

The list (``terms.csv``) was written for this project. A term is read the same way in a line of a scope and in a question,
so that 童装 finds 婴幼儿及儿童纺织产品 and "kids' clothing" finds both. A word the list does not know is still compared
letter by letter; the list adds, it never forbids.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from qualipolis.methods.text.normalise import normalise

KINDS = ("product", "parameter")
BROADER = {"product": 0.85, "parameter": 0.75}
NARROWER = {"product": 0.8, "parameter": 0.9}
STEP = 0.1
LATIN = re.compile(r"[a-z0-9]+(?:['’]s?)?(?![a-z0-9])|[a-z0-9]+")
GAP = re.compile(r"[\s\-,.()/&:+]*")
KEPT = frozenset(
    [
        "gas",
        "glass",
        "brass",
        "class",
        "mass",
        "press",
        "loss",
        "less",
        "process",
        "access",
        "abs",
        "pus",
        "ips",
        "gps",
        "bus",
        "plus",
        "stress",
    ]
)


@dataclass(frozen=True)
class Term:
    """One thing that is tested or measured, whatever it is called."""

    code: str
    kind: str
    broader: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def name(self, language: str) -> str:
        """Return the usual name in ``"zh"`` or ``"en"``."""
        return (self.zh if language.startswith("zh") else self.en)[0]


@dataclass(frozen=True)
class Spot:
    """A term found in a text and where."""

    term: str
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms with their names as they are looked up; made by :func:`terms`."""

    by_code: Mapping[str, Term]
    chinese: Mapping[str, tuple[str, ...]]
    latin: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: tuple[int, int]
    version: str

    def found(self, text: str) -> tuple[Spot, ...]:
        """Return the terms in a normalised text, the longest names first, none within another.

        >>> known = terms()
        >>> [one.term for one in known.found("儿童服装甲醛含量")], [one.term for one in known.found("kids' shoes phthalates")]
        (['children_textile', 'formaldehyde'], ['children_shoes', 'phthalates'])
        """
        taken = [*self._chinese(text), *self._latin(text)]
        best: list[tuple[int, int, tuple[str, ...]]] = []
        for start, stop, codes in sorted(taken, key=lambda one: (one[0] - one[1], one[0])):
            if all(stop <= other or start >= end for other, end, _ in best):
                best.append((start, stop, codes))
        return tuple(Spot(code, start, stop) for start, stop, codes in sorted(best) for code in codes)

    def closeness(self, asked: str, listed: str) -> float:
        """Return 1 for the same term, less for one above or below it, 0 for another.

        >>> known = terms()
        >>> known.closeness("children_textile", "textile"), known.closeness("lead", "food")
        (0.75, 0.0)
        """
        if asked == listed:
            return 1.0
        kind = self.by_code[asked].kind
        if listed in (up := self.above(asked)):
            return BROADER[kind] - STEP * up.index(listed)
        if asked in (up := self.above(listed)):
            return NARROWER[kind] - STEP * up.index(asked)
        return 0.0

    def above(self, code: str) -> tuple[str, ...]:
        """Return the terms of which this one is a kind, the nearest first."""
        found: list[str] = []
        while (code := self.by_code[code].broader) and code not in found:
            found.append(code)
        return tuple(found)

    def _chinese(self, text: str) -> Iterable[tuple[int, int, tuple[str, ...]]]:
        for start in range(len(text)):
            for size in range(min(self.longest[0], len(text) - start), 0, -1):
                if (codes := self.chinese.get(text[start : start + size])) and _whole(text, start, start + size):
                    yield start, start + size, codes
                    break

    def _latin(self, text: str) -> Iterable[tuple[int, int, tuple[str, ...]]]:
        words = [(one.start(), one.end(), stem(one[0])) for one in LATIN.finditer(text)]
        for at in range(len(words)):
            for size in range(min(self.longest[1], len(words) - at), 0, -1):
                codes = self.latin.get(tuple(word for _, _, word in words[at : at + size]))
                if codes and _together(text, words[at : at + size]):
                    yield words[at][0], words[at + size - 1][1], codes
                    break


def stem(word: str) -> str:
    """Return an English word without the s of many or of whose.

    >>> [stem(one) for one in ("kids'", "child's", "toys", "batteries", "boxes", "glass", "adhesives")]
    ['kid', 'child', 'toy', 'battery', 'box', 'glass', 'adhesive']
    """
    said = word.replace("’", "'").replace("'s", "").replace("'", "")
    if len(said) < 4 or said in KEPT or said.endswith(("ss", "us", "is")) or not said.endswith("s"):
        return said
    if said.endswith("ies") and len(said) > 4:
        return f"{said[:-3]}y"
    return said[:-2] if said.endswith(("xes", "ches", "shes", "sses")) else said[:-1]


@lru_cache(maxsize=1)
def terms() -> Terms:
    """Return the terms of this package, read once."""
    raw = files("qualipolis.lake.scopes").joinpath("terms.csv").read_bytes()
    rows = csv.DictReader(raw.decode().splitlines())
    made = [Term(r["code"], r["kind"], r["broader"], _names(r["zh"]), _names(r["en"])) for r in rows]
    chinese: dict[str, list[str]] = {}
    latin: dict[tuple[str, ...], list[str]] = {}
    for one in made:
        for name in dict.fromkeys(normalise(name) for name in (*one.zh, *one.en)):
            if name.isascii():
                latin.setdefault(tuple(stem(word) for word in LATIN.findall(name)), []).append(one.code)
            else:
                chinese.setdefault(name, []).append(one.code)
    longest = (max(map(len, chinese)), max(map(len, latin)))
    return Terms(
        {one.code: one for one in made},
        {name: tuple(dict.fromkeys(codes)) for name, codes in chinese.items()},
        {name: tuple(dict.fromkeys(codes)) for name, codes in latin.items()},
        longest,
        hashlib.sha256(raw).hexdigest()[:12],
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("|") if name.strip())


def _whole(text: str, start: int, stop: int) -> bool:
    """Whether Latin letters at the edges of a mixed name are not cut out of a longer word."""
    before = start > 0 and text[start].isascii() and text[start - 1].isascii() and text[start - 1].isalnum()
    behind = stop < len(text) and text[stop - 1].isascii() and text[stop].isascii() and text[stop].isalnum()
    return not before and not behind


def _together(text: str, words: list[tuple[int, int, str]]) -> bool:
    return all(GAP.fullmatch(text[a[1] : b[0]]) for a, b in pairwise(words))
