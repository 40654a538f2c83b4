"""What a factory file said: characteristics with their limits, the values in order, and what was understood of it.

The values stand in columns, one array for each characteristic, so that ten million of them fit in memory. Missing is
NaN with ``valid`` false, never zero; a value written as ``<0.05`` is 0.05 with ``censored`` -1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import BLANKS
from qualipolis.methods.problems import Problem, msg

EXACT, BELOW, ABOVE = 0, -1, 1


@dataclass(frozen=True, eq=False)
class Labels:
    """A text for each value, stored once: ``names[codes[i]]`` belongs to value i; a code of -1 is no text.

    >>> list(Labels.of(["A", "B", "", "A"]))
    ['A', 'B', '', 'A']
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32] = field(repr=False)

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Labels:
        """Return the labels of ``texts``; empty ones are missing."""
        known: dict[str, int] = {}
        codes = [known.setdefault(text, len(known)) if text else -1 for text in texts]
        return cls(tuple(known), np.array(codes, dtype=np.int32))

    @classmethod
    def column(cls, texts: pl.Series, forward: bool = False) -> Labels:
        """Return the labels of a column of texts, many at once; ``forward`` lets a text hold for blank cells below it."""
        runs = texts.rle()
        values = runs.struct.field("value").str.strip_chars(BLANKS).replace("", None)
        values = values.fill_null(strategy="forward") if forward else values
        names = values.drop_nulls().unique(maintain_order=True)
        codes = values.cast(pl.Enum(names)).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
        return cls(tuple(names.to_list()), np.repeat(codes, runs.struct.field("len").to_numpy()))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: int) -> str:
        code = int(self.codes[index])
        return self.names[code] if code >= 0 else ""

    @property
    def empty(self) -> bool:
        """Whether no value has a text."""
        return not self.names


@dataclass(frozen=True, eq=False)
class Readings:
    """The values of one characteristic in the order of the file; each array has one entry for each value.

    Parameters
    ----------
    value : the numbers; NaN where missing, the limit where censored, the count of defectives for attributes
    censored : ``BELOW`` (-1, written ``<x``), ``ABOVE`` (1, written ``>x``), else 0
    valid : false for missing values and for those that the file marks as invalid
    row : row or line of the file
    subgroup, batch, machine, operator, cavity, event, gauge, part, trial : texts, or None when the file has none
    time : ``datetime64[us]``, NaT where missing, or None
    inspected : number of units inspected (attributes), or None
    uncertainty, coverage : expanded uncertainty and its factor k (calibration certificates), or None
    lower, upper : limits of each value where they differ from value to value, or None
    further : texts under other keys or names, by key
    """

    value: NDArray[np.float64] = field(repr=False)
    censored: NDArray[np.int8] = field(repr=False)
    valid: NDArray[np.bool_] = field(repr=False)
    row: NDArray[np.int32] = field(repr=False)
    subgroup: Labels | None = None
    time: NDArray[np.datetime64] | None = field(default=None, repr=False)
    batch: Labels | None = None
    machine: Labels | None = None
    operator: Labels | None = None
    cavity: Labels | None = None
    event: Labels | None = None
    gauge: Labels | None = None
    part: Labels | None = None
    trial: Labels | None = None
    inspected: NDArray[np.float64] | None = field(default=None, repr=False)
    uncertainty: NDArray[np.float64] | None = field(default=None, repr=False)
    coverage: NDArray[np.float64] | None = field(default=None, repr=False)
    lower: NDArray[np.float64] | None = field(default=None, repr=False)
    upper: NDArray[np.float64] | None = field(default=None, repr=False)
    further: Mapping[str, Labels] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.value)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which values are valid and not missing."""
        return self.valid & ~np.isnan(self.value)


@dataclass(frozen=True)
class Characteristic:
    """What is measured: its name, unit, nominal value and limits, and the readings.

    ``lower_natural`` and ``upper_natural`` say that a limit is a natural boundary (such as 0 for a flatness), not a
    tolerance. ``kind`` is ``"variable"``, ``"attribute"`` or ``"errors"`` (a list of defects). ``names`` has the name
    by language where the file gives several.
    """

    key: str
    name: str
    unit: str = ""
    nominal: float | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    lower_natural: bool = False
    upper_natural: bool = False
    decimals: int | None = None
    gauge: str = ""
    resolution: float | None = None
    kind: str = "variable"
    subgroup_size: int | None = None
    part: str = ""
    group: str = ""
    role: str = ""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    details: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    readings: Readings = field(default=None, compare=False, repr=False)  # type: ignore[assignment]


@dataclass(frozen=True)
class Part:
    """What was made or calibrated."""

    key: str
    number: str = ""
    name: str = ""
    revision: str = ""
    machine: str = ""
    operation: str = ""
    plant: str = ""
    manufacturer: str = ""
    model: str = ""


@dataclass(frozen=True)
class Certificate:
    """What a calibration certificate says of itself; ``signature`` is ``"absent"`` or ``"present, not verified"``."""

    identifier: str
    begin: str
    end: str
    laboratory: str
    customer: str
    languages: tuple[str, ...]
    mandatory_languages: tuple[str, ...]
    schema: str
    signature: str
    statements: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """The file: its name, kind (``table``, ``aqdef``, ``qif``, ``dcc``), version, size, encoding and SHA-256."""

    name: str
    kind: str
    size: int
    encoding: str
    sha256: str
    version: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Note:
    """One sentence of the preview. ``about`` is ``"read"``, ``"assumed"`` or ``"ignored"``."""

    about: str
    what: str
    params: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the sentence in the language of ``translate``."""
        return Problem("note", self.what, "", self.params, self.place).text(translate)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Measurements:
    """Everything read from one file, and in ``understood`` the preview: what was read, assumed and ignored."""

    origin: Origin
    characteristics: tuple[Characteristic, ...]
    parts: tuple[Part, ...] = ()
    understood: tuple[Note, ...] = ()
    warnings: tuple[Problem, ...] = ()
    certificate: Certificate | None = None

    @cached_property
    def by_key(self) -> Mapping[str, Characteristic]:
        """The characteristics by their key."""
        return {c.key: c for c in self.characteristics}

    @property
    def count(self) -> int:
        """How many values were read, missing ones included."""
        return sum(len(c.readings) for c in self.characteristics)

    def preview(self, translate: Callable[[str], str] = msg) -> str:
        """Return the preview, one sentence in each line."""
        return "\n".join(note.text(translate) for note in (*self.understood, *self.warnings))


def read_note(what: str, place: str = "", **params: object) -> Note:
    """Return a note of what was read."""
    return Note("read", what, params, place)


def assumed(what: str, place: str = "", **params: object) -> Note:
    """Return a note of what was taken for granted because the file does not say it."""
    return Note("assumed", what, params, place)


def ignored(what: str, place: str = "", **params: object) -> Note:
    """Return a note of what was not used."""
    return Note("ignored", what, params, place)


def listed(names: Sequence[str], shown: int = 12) -> str:
    """Return the first names with commas, and a sign that there are more.

    >>> listed(["a", "b", "c"], 2)
    'a, b …'
    """
    return ", ".join(names[:shown]) + (" …" if len(names) > shown else "")
