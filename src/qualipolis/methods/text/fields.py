"""Fields of a text: runs of characters and of words, as 64-bit keys with the place where each stands.

A text is read in several ways at once. A :class:`Field` names one: runs of characters over everything (``"char"``), runs
of characters inside words with their edges (``"inside"``), runs of words (``"word"``), runs of words after Chinese was
cut into words (``"segment"``). :func:`runs` reads many texts in one pass of numpy: no loop over characters.

A run is kept as a key of 64 bits (a polynomial over its code points, mixed), so a model needs no list of strings: what a
key says is read off the text it was found in. Two different runs among a million get the same key with a probability
below 3e-8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg

KINDS = ("char", "inside", "word", "segment")
LONGEST_RUN = 8
BASE = np.uint64(0x9E3779B97F4A7C15)
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SPACE, END = 32, 0
WORD = re.compile(r"[^\W_]+(?:['’&+.-][^\W_]+)*")
IDEOGRAPHS = re.compile(r"[㐀-鿿]")

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Field:
    """One way to read a text.

    Parameters
    ----------
    kind : ``"char"`` runs of characters over everything but the text's ends; ``"inside"`` runs of characters within
        words and their edges, an edge being written as a space; ``"word"`` runs of words; ``"segment"`` runs of words
        after Chinese was cut into words by rjieba
    smallest, largest : how many characters or words a run has, 1 to 8
    weight : what the field weighs beside the others, above 0

    >>> Field("char", 1, 3).name
    'char1-3'
    """

    kind: str
    smallest: int = 1
    largest: int = 2
    weight: float = 1.0

    def __post_init__(self) -> None:
        fits = self.kind in KINDS and 1 <= self.smallest <= self.largest <= LONGEST_RUN and self.weight > 0
        if not fits:
            what = msg("A field of a text is not one that can be read: %(field)s.")
            remedy = msg("Name char, inside, word or segment, sizes 1 to 8 and a weight above 0.")
            said = f"{self.kind}{self.smallest}-{self.largest}:{self.weight:g}"
            raise InputError([Problem("text_field", what, remedy, {"field": said})])

    @property
    def name(self) -> str:
        """Kind and sizes in one word."""
        return f"{self.kind}{self.smallest}-{self.largest}"


@dataclass(frozen=True, eq=False)
class Runs:
    """Every run of one field in many texts: its key, its text's number, and where it starts and stops in that text."""

    keys: Keys
    rows: Places
    starts: Places
    stops: Places

    def __len__(self) -> int:
        return len(self.keys)


def runs(texts: Sequence[str], field: Field) -> Runs:
    """Return every run that ``field`` reads in ``texts``, text by text; repeated runs are repeated.

    For ``"segment"`` the places count in the text with a space between its words, as :func:`spaced` gives it.

    >>> found = runs(["褪色", "色"], Field("char", 1, 2))
    >>> sorted(zip(found.rows.tolist(), found.starts.tolist(), found.stops.tolist()))
    [(0, 0, 1), (0, 0, 2), (0, 1, 2), (1, 0, 1)]
    >>> len(set(found.keys.tolist())), len(runs(["battery overheats"], Field("word", 1, 2)))
    (3, 3)
    """
    said = [spaced(text) for text in texts] if field.kind == "segment" else list(texts)
    if field.kind in ("word", "segment"):
        return _word_runs(said, field)
    return _character_runs(said, field)


def spaced(text: str) -> str:
    """Return ``text`` with its Chinese cut into words by spaces; other text as it is.

    >>> spaced("洗过三次褪色 fades")
    '洗 过 三次 褪色   fades'
    """
    if not IDEOGRAPHS.search(text):
        return text
    import rjieba

    return " ".join(rjieba.cut(text))


def mixed(keys: Keys, salt: int) -> Keys:
    """Return ``keys`` with every bit spread over all others (the finish of SplitMix64), apart for each ``salt``.

    References
    ----------
    G. L. Steele, D. Lea and C. H. Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA, 453-472.

    >>> mixed(np.array([1, 2], np.uint64), 7).tolist() != mixed(np.array([1, 2], np.uint64), 8).tolist()
    True
    """
    with np.errstate(over="ignore"):
        said = keys + np.uint64(salt) * BASE
        said = (said ^ (said >> np.uint64(30))) * MIX[0]
        said = (said ^ (said >> np.uint64(27))) * MIX[1]
    return np.asarray(said ^ (said >> np.uint64(31)), np.uint64)


def _codes(texts: Sequence[str], edge: str = "") -> tuple[Keys, Places, Places]:
    """Return the code points of all texts, each text closed by 0, with the text's number and the place of each."""
    whole = "".join(f"{edge}{text}{edge}\0" for text in texts)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + 2 * len(edge) + 1 for text in texts], np.int64)
    rows = np.repeat(np.arange(len(texts)), lengths)
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(texts) else np.zeros(0, np.int64)
    return codes, rows, np.arange(len(codes)) - np.repeat(first, lengths) - len(edge)


def _character_runs(texts: Sequence[str], field: Field) -> Runs:
    inside = field.kind == "inside"
    said = [text.replace("\0", " ") for text in texts]
    codes, rows, places = _codes(said, " " if inside else "")
    closed, space = codes == END, codes == SPACE
    parts: list[tuple[Keys, Places, Places, Places]] = []
    key = np.zeros(len(codes), np.uint64)
    open_ = np.ones(len(codes), bool)
    for size in range(1, field.largest + 1):
        last = len(codes) - size + 1
        if last <= 0:
            break
        with np.errstate(over="ignore"):
            key = key[:last] * BASE + codes[size - 1 :]
        open_ = open_[:last] & ~closed[size - 1 :]
        if inside and size > 2:
            open_ = open_ & ~space[size - 2 : size - 2 + last]
        if size < field.smallest:
            continue
        kept = open_ & ~(space[:last] & (size == 1))
        if inside and size == 2:
            kept = kept & ~(space[:last] & space[1 : last + 1])
        at = np.flatnonzero(kept)
        parts.append((mixed(key[at], 16 * KINDS.index(field.kind) + size), rows[at], places[at], places[at] + size))
    return _joined(parts)


def _word_runs(texts: Sequence[str], field: Field) -> Runs:
    found = [(row, *one.span()) for row, text in enumerate(texts) for one in WORD.finditer(text)]
    if not found:
        return _joined([])
    rows, starts, stops = (np.array(column, np.int64) for column in zip(*found, strict=True))
    words = _word_keys(texts, rows, starts, stops)
    parts: list[tuple[Keys, Places, Places, Places]] = []
    key = np.zeros(len(words), np.uint64)
    for size in range(1, field.largest + 1):
        last = len(words) - size + 1
        if last <= 0:
            break
        with np.errstate(over="ignore"):
            key = key[:last] * BASE + words[size - 1 :]
        if size < field.smallest:
            continue
        at = np.flatnonzero(rows[:last] == rows[size - 1 :])
        salted = mixed(key[at], 16 * KINDS.index("word") + size)
        parts.append((salted, rows[at], starts[at], stops[at + size - 1]))
    return _joined(parts)


def _word_keys(texts: Sequence[str], rows: Places, starts: Places, stops: Places) -> Keys:
    """Return one key for each word: the same for the same word wherever it stands."""
    codes, _, _ = _codes([text.replace("\0", " ") for text in texts])
    first = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])])[rows] + starts
    lengths = stops - starts
    bounds = np.cumsum(lengths) - lengths
    within = np.arange(int(lengths.sum())) - np.repeat(bounds, lengths)
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(int(lengths.max()) + 1, BASE, np.uint64))
        terms = codes[np.repeat(first, lengths) + within] * powers[within]
        return mixed(np.add.reduceat(terms, bounds), 3)


def _joined(parts: Sequence[tuple[Keys, Places, Places, Places]]) -> Runs:
    if not parts:
        empty = np.zeros(0, np.int64)
        return Runs(np.zeros(0, np.uint64), empty, empty, empty)
    keys, rows, starts, stops = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Runs(keys, rows, starts, stops)
