"""The words of a signal configuration, with every word that is unknown or of the wrong kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from qualipolis.lake.pipelines import read_toml
from qualipolis.methods.problems import InputError, Problem, msg

VOICES = ("series", "share", "pairs", "space")
LEVELS = ("pair", "hazard", "product", "place")


@dataclass(frozen=True)
class Columns:
    """Names of the columns of the table of reports; an empty one is not there."""

    date: str = "date"
    product: str = "product"
    hazard: str = ""
    place: str = ""
    report: str = ""
    count: str = ""


@dataclass(frozen=True)
class Reading:
    """How the table is read: the sign between several hazards, the word for what nobody stated, the last day known.

    ``fold``: words that differ in width, case or spaces alone are one, in the spelling used most often. ``missing``: a
    day of each week in which nobody could report: no verdict falls on it, and it is no zero for those after it.
    """

    separator: str = ";"
    not_stated: str = "not stated"
    until: str = ""
    day_first: bool = False
    fold: bool = True
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judging:
    """What counts as a signal: share of false ones, how methods and keys are joined, which methods speak.

    ``levels``: what is judged: each ``pair`` of product and hazard, each ``hazard`` over all products, each ``product``
    over all hazards, each pair in each ``place``.
    """

    alpha: float = 0.05
    within: str = "bonferroni"
    across: str = "by"
    voices: tuple[str, ...] = ("series", "share", "space")
    levels: tuple[str, ...] = ("pair", "hazard", "place")
    weeks: int = 1
    least: int = 2
    recent: int = 8


@dataclass(frozen=True)
class Space:
    """The table of places and how clusters are looked for."""

    file: str = ""
    id: str = "id"
    x: str = ""
    y: str = ""
    neighbours: str = ""
    population: str = ""
    separator: str = "|"
    model: str = "permutation"
    distance: str = "great_circle"
    weeks: int = 52
    longest: int = 8
    share: float = 0.5
    largest: int = 4
    simulations: int = 999
    scans: int = 200
    least: int = 3
    tail: str = "gumbel"


@dataclass(frozen=True)
class Config:
    """One configuration: ``[columns]``, ``[reading]``, ``[signals]``, ``[series]``, ``[space]`` and a ``seed``.

    ``series`` holds ``method`` and the settings of that detector; without, each week is compared with the half-year
    before.
    """

    columns: Columns = Columns()
    reading: Reading = Reading()
    signals: Judging = Judging()
    series: Mapping[str, Any] = field(default_factory=dict)
    space: Space = Space()
    seed: int = 0

    @property
    def method(self) -> str:
        """Name of the detector of the series."""
        return str(self.series.get("method", "auto"))

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the detector."""
        return {key: value for key, value in self.series.items() if key != "method"}


PARTS = {"columns": Columns, "reading": Reading, "signals": Judging, "space": Space}
CHOICES = {
    ("signals", "within"): ("bonferroni", "cauchy", "fisher"),
    ("signals", "across"): ("by", "bh"),
    ("space", "model"): ("permutation", "poisson"),
    ("space", "distance"): ("great_circle", "euclidean"),
    ("space", "tail"): ("gumbel", "exact"),
}
LISTS = {("signals", "voices"): VOICES, ("signals", "levels"): LEVELS}
BOUNDS = {
    ("signals", "weeks"): (1, 260), ("signals", "least"): (1, 1000), ("signals", "recent"): (1, 520),
    ("signals", "alpha"): (1e-9, 0.5), ("space", "weeks"): (2, 520), ("space", "longest"): (1, 260),
    ("space", "simulations"): (99, 99_999), ("space", "scans"): (0, 5000), ("space", "largest"): (1, 100), ("space", "least"): (2, 10_000),
    ("space", "share"): (0.01, 1.0),
}  # fmt: skip


def read_config(content: bytes, name: str) -> Config:
    """Return the configuration in a TOML file.

    >>> read_config(b'seed = 3\\n[columns]\\ndate = "day"\\nproduct = "what"', "c.toml").columns.product
    'what'
    """
    words = read_toml(content, name)
    problems: list[Problem] = []
    known = (*PARTS, "series", "seed")
    problems += [_unknown(key, known, name) for key in words if key not in known]
    parts = {key: _part(kind, key, words.get(key, {}), name, problems) for key, kind in PARTS.items()}
    series, seed = words.get("series", Config().series), words.get("seed", 0)
    if not isinstance(series, Mapping):
        problems.append(_wrong("series", name))
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        problems.append(_wrong("seed", name))
    if problems:
        raise InputError(problems)
    assert isinstance(series, Mapping) and isinstance(seed, int)
    return Config(**parts, series=dict(series), seed=seed)


def _part(kind: type, key: str, words: object, name: str, problems: list[Problem]) -> Any:
    """Return one table of the file as its dataclass; its usual values stand where a word is wrong."""
    if not isinstance(words, Mapping):
        problems.append(_wrong(key, name))
        return kind()
    usual = {one.name: getattr(kind(), one.name) for one in fields(kind)}
    given: dict[str, Any] = {}
    for word, value in words.items():
        if word not in usual:
            problems.append(_unknown(f"{key}.{word}", [f"{key}.{one}" for one in usual], name))
            continue
        value = tuple(value) if isinstance(value, list) else value
        if not _like(value, usual[word]):
            problems.append(_wrong(f"{key}.{word}", name))
            continue
        given[word] = value
    problems += _out_of_range(key, given, name)
    return kind(**given)


def _like(value: object, usual: object) -> bool:
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, float):
        return isinstance(value, int | float)
    return isinstance(value, type(usual))


def _out_of_range(key: str, given: Mapping[str, Any], name: str) -> list[Problem]:
    problems = []
    for word, value in given.items():
        if (key, word) in CHOICES and value not in CHOICES[key, word]:
            problems.append(_unknown(str(value), CHOICES[key, word], name))
        low, high = BOUNDS.get((key, word), (value, value))
        if not isinstance(value, str | tuple) and not low <= value <= high:
            what = msg("“%(key)s” is %(value)s; it must lie between %(low)s and %(high)s.")
            params = {"key": f"{key}.{word}", "value": value, "low": low, "high": high}
            problems.append(Problem("out_of_bounds", what, "", params, name))
        if (key, word) in LISTS:
            problems += [_unknown(str(one), LISTS[key, word], name) for one in value if one not in LISTS[key, word]]
            if not value:
                problems.append(_wrong(f"{key}.{word}", name))
    return problems


def _unknown(word: str, known: Any, place: str) -> Problem:
    what, remedy = msg("Unknown words: %(words)s."), msg("Known are: %(known)s.")
    return Problem("unknown_word", what, remedy, {"words": word[:60], "known": ", ".join(known)}, place)


def _wrong(key: str, place: str) -> Problem:
    what, remedy = msg("“%(key)s” has a value of the wrong kind."), msg("See the example file.")
    return Problem("wrong_kind", what, remedy, {"key": key}, place)
