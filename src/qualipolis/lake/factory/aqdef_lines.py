"""The lines of an AQDEF file taken apart: keys with their indices, and rows of values between separators."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from qualipolis.lake.cells import Place
from qualipolis.lake.factory import aqdef_keys as keys
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.methods.problems import InputError, Problem, msg

BETWEEN_CHARACTERISTICS, BETWEEN_FIELDS = "\x0f", "\x14"
LISTED = 20
_KEY = re.compile(r"(K\d{4})(?:/(\d{1,9})(?:/(\d{1,9}))?)?(?:[ \t]+(.*))?", re.DOTALL)
_ATTRIBUTES = frozenset({"1", "5", "6"})


@dataclass
class Rows:
    """The values of one characteristic as text, with the line and row of each and what other lines add to it."""

    fields: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    more: dict[str, dict[int, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.fields)

    def add(self, cells: str, line: int, row: int) -> None:
        """Append one value."""
        self.fields.append(cells)
        self.lines.append(line)
        self.rows.append(row)


@dataclass
class Lines:
    """What the file says, by index and key, before it is given a meaning."""

    name: str
    bounds: Bounds
    file: dict[str, str] = field(default_factory=dict)
    parts: dict[int, dict[str, str]] = field(default_factory=dict)
    characteristics: dict[int, dict[str, str]] = field(default_factory=dict)
    of_part: dict[int, int] = field(default_factory=dict)
    for_all: dict[str, str] = field(default_factory=dict)
    structure: list[tuple[str, int, str]] = field(default_factory=list)
    values: dict[int, Rows] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)
    first_seen: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faults: int = 0
    part: int = 1
    row: int = 0
    count: int = 0
    order: tuple[int, ...] | None = None
    last_width: int = 0
    widest: int = 0

    def fault(self, code: str, what: str, remedy: str, line: int, **params: object) -> None:
        """Note a problem; after the first of many only their number is kept."""
        self.faults += 1
        if len(self.problems) < LISTED:
            self.problems.append(Problem(code, what, remedy, params, Place(self.name, "", line)))

    def read(self, text: str) -> None:
        """Take all lines of one text."""
        count = text.count("\n") + 1
        if count > self.bounds.lines:
            raise InputError([self._too_many(count)])
        for number, raw in enumerate(text.split("\n"), start=1):
            line = raw.rstrip("\r\x1a")
            if not line.strip():
                continue
            if line[0] == "K" and line[1:5].isdigit():
                self._key(line, number)
            else:
                self._values(line, number)
        self.order = None

    def _too_many(self, count: int) -> Problem:
        what = msg("The file has %(count)s lines or values; at most %(most)s are read.")
        params = {"count": count, "most": self.bounds.values}
        return Problem("too_many", what, msg("Split the file by date or by part."), params, Place(self.name))

    def _key(self, line: str, number: int) -> None:
        found = _KEY.fullmatch(line)
        if found is None:
            what = msg('The line "%(text)s" begins like a key but is none.')
            remedy = msg("A line reads K1001/1 value: key, stroke, index, one blank, value.")
            self.fault("bad_key", what, remedy, number, text=line[:40])
            return
        key, index, value = found[1], 1 if found[2] is None else int(found[2]), (found[4] or "").strip()
        if len(value) > self.bounds.text:
            what, remedy = msg("The value of %(key)s is too long to be read."), msg("Shorten it and send it again.")
            self.fault("too_long", what, remedy, number, key=key)
            return
        self._sort(key, index, value, number)

    def _sort(self, key: str, index: int, value: str, number: int) -> None:
        level = key[1]
        if key in keys.FILE:
            self.file[key] = value
        elif level == "0":
            self._value_key(key, index, value, number)
        elif level == "1":
            self.part = index or self.part
            self._keep(self.parts, key, index, value, number)
        elif level in "28" and key not in keys.PROPRIETARY and (level == "2" or key in keys.CHARACTERISTIC):
            self._describe(key, index, value, number)
        elif key in keys.STRUCTURE:
            self.structure.append((key, index, value))
        else:
            self._leave(key, number)

    def _describe(self, key: str, index: int, value: str, number: int) -> None:
        if index and index not in self.characteristics:
            if len(self.characteristics) >= self.bounds.characteristics:
                raise InputError([self._too_many(len(self.characteristics) + 1)])
            self.characteristics[index], self.order = {}, None
            self.of_part[index] = self.part
        self._keep(self.characteristics, key, index, value, number)

    def _keep(self, where: dict[int, dict[str, str]], key: str, index: int, value: str, number: int) -> None:
        if key not in keys.PART and key not in keys.CHARACTERISTIC and key not in keys.DETAILS:
            self._leave(key, number)
        if index == 0:
            self.for_all[key] = value
            return
        if len(where) >= self.bounds.characteristics and index not in where:
            raise InputError([self._too_many(len(where) + 1)])
        known = where.setdefault(index, {})
        if known.get(key, value) != value and key[1] != "1":
            what = msg("%(key)s/%(index)s is given twice with different values: %(first)s and %(second)s.")
            remedy = msg("Keep the right one; numbers must not depend on which line comes last.")
            params = {"key": key, "index": index, "first": known[key][:40], "second": value[:40]}
            self.fault("twice", what, remedy, number, **params)
        known[key] = value

    def _leave(self, key: str, number: int) -> None:
        counter = self.unused if key[1] in "12458" or key in keys.KNOWN_UNUSED else self.unknown
        counter[key] += 1
        self.first_seen.setdefault(key, number)

    def _value_key(self, key: str, index: int, value: str, number: int) -> None:
        """Give a value key to the last value of its characteristic; a value key of its own begins a new value."""
        if key not in keys.VALUE and key not in keys.FURTHER:
            self.unknown[key] += 1
            self.first_seen.setdefault(key, number)
        for at in (index,) if index else tuple(self.values) or (1,):
            rows = self.values.setdefault(at, Rows())
            if len(self.values) > self.bounds.characteristics:
                raise InputError([self._too_many(len(self.values))])
            begins = key in ("K0001", "K0020")
            if begins or not len(rows):
                self._grow(1)
                rows.add("", number, len(rows) + 1)
            rows.more.setdefault(key, {})[len(rows) - 1] = value

    def _grow(self, by: int) -> None:
        self.count += by
        if self.count > self.bounds.values:
            raise InputError([self._too_many(self.count)])

    def _values(self, line: str, number: int) -> None:
        """Take one row of values: the characteristics in the order of their indices."""
        if self.order is None:
            self.order = tuple(sorted(self.characteristics))
        cells = line.split(BETWEEN_CHARACTERISTICS)
        if len(cells) > len(self.order):
            what = msg("The line has values of %(count)s characteristics; %(described)s are described.")
            remedy = msg("Send the description (DFD) together with the values, or export the file again.")
            self.fault("not_described", what, remedy, number, count=len(cells), described=len(self.order))
            return
        self.row += 1
        self._grow(len(cells))
        self.last_width, self.widest = len(cells), max(self.widest, len(cells))
        for index, cell in zip(self.order, cells, strict=False):
            rows = self.values.get(index)
            if rows is None:
                rows = self.values[index] = Rows()
            rows.add(cell, number, self.row)


def keys_of(attribute_kind: str) -> tuple[str, ...]:
    """Return the keys of the fields of a value line for a characteristic of this type (K2004)."""
    return keys.ATTRIBUTE_LINE if attribute_kind in _ATTRIBUTES else keys.LINE
