"""The table of reports: day, product, hazard, place of each, with every cell that cannot be read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.factory.dates import time_of, times_of
from qualipolis.lake.signals.config import Config
from qualipolis.lake.tables import Table, numbers, read_table
from qualipolis.methods.problems import InputError, Problem, msg

Days = NDArray[np.datetime64]
Words = NDArray[np.str_]
LISTED = 200
LONGEST_NAME = 300


@dataclass(frozen=True, eq=False)
class Reports:
    """One entry for each hazard that a report names; ``report`` numbers the reports, ``count`` is 1 without a column.

    ``rows`` counts the rows of the file, ``later`` those after the last day known, which are not used.
    """

    name: str
    day: Days
    report: NDArray[np.int64]
    product: Words
    hazard: Words
    place: Words
    count: NDArray[np.float64]
    counted: bool
    rows: int
    later: int
    until: np.datetime64

    def __len__(self) -> int:
        return len(self.day)


def read_reports(source: Path | bytes, config: Config, *, name: str = "") -> Reports:
    """Return the reports of a csv or xlsx table.

    An empty product or hazard is a value of its own, the word of ``reading.not_stated``: it is never dropped and never
    read as none. A day that is missing or no day is a problem with its place.
    """
    table = read_table(source, name=name)
    problems = _columns(table, config)
    if problems:
        raise InputError(problems)
    day = _days(table, config, problems)
    count = _counts(table, config, problems)
    until = _until(config, day, problems)
    columns, reading = config.columns, config.reading
    hazards = [_split(one, reading.separator, reading.not_stated) for one in _texts(table, columns.hazard)]
    problems += _long_names(table, config, hazards)
    if problems:
        raise InputError(problems[:LISTED])
    kept = np.flatnonzero(day <= until)
    entry = np.array([row for row in kept for _ in hazards[row]], dtype=np.int64)
    if not len(entry):
        what = msg("No report lies on or before %(day)s.")
        raise InputError([Problem("no_reports", what, params={"day": str(until)}, place=table.name)])
    product = _words(table, columns.product, reading.not_stated)[entry]
    hazard = np.array([one for row in kept for one in hazards[row]])
    place = _words(table, columns.place, reading.not_stated if columns.place else "")[entry]
    if reading.fold:
        product, hazard, place = (folded(column) for column in (product, hazard, place))
    number = np.unique(_words(table, columns.report, ""), return_inverse=True)[1] if columns.report else None
    report = np.arange(len(table)) if number is None else _alone(table, columns.report, number)
    return Reports(
        table.name, day[entry], report[entry], product, hazard, place, count[entry], bool(columns.count), len(table),
        len(table) - len(kept), until,
    )  # fmt: skip


def _columns(table: Table, config: Config) -> list[Problem]:
    """Name every column that the configuration wants and the table lacks."""
    what, remedy = msg("The table has no column “%(name)s”."), msg("It has: %(known)s. Write its name under [columns].")
    named = vars(config.columns)
    lacking = [
        name for key, name in named.items() if (name or key in ("date", "product")) and name not in table.columns
    ]
    known = ", ".join(table.columns[:20])
    return [Problem("no_column", what, remedy, {"name": one, "known": known}, table.name) for one in lacking]


def _texts(table: Table, column: str) -> list[str | None]:
    return table.frame[column].to_list() if column else [None] * len(table)


def _words(table: Table, column: str, empty: str) -> Words:
    return np.array([one or empty for one in _texts(table, column)], dtype=str)


def folded(column: Words) -> Words:
    """Return words that differ in width, case or spaces alone as one, in the spelling used most often.

    >>> folded(np.array(["Lead", "lead ", "LEAD", "lead"])).tolist()
    ['lead', 'lead', 'lead', 'lead']
    """
    texts, code, times = np.unique(column, return_inverse=True, return_counts=True)
    plain = [" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts.tolist()]
    best: dict[str, tuple[int, str]] = {}
    for key, text, count in zip(plain, texts.tolist(), times.tolist(), strict=True):
        said = " ".join(text.split())
        best[key] = max(best.get(key, (0, "")), (count, said))
    return np.array([best[key][1] for key in plain])[code]


def _alone(table: Table, column: str, number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let every row without a report's name be a report of its own."""
    blank = np.array([not one for one in _texts(table, column)])
    return np.where(blank, number.max(initial=0) + 1 + np.arange(len(number)), number)


def _split(text: str | None, separator: str, empty: str) -> list[str]:
    """Return the different hazards of one cell."""
    parts = (text or "").split(separator) if separator else [text or ""]
    found = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return found or [empty]


def _long_names(table: Table, config: Config, hazards: list[list[str]]) -> list[Problem]:
    """Name every cell whose product, hazard or place is no name but a text: all names take the room of the longest."""
    what = msg("A name has %(length)s characters; at most %(most)s are read.")
    remedy = msg("Write the class of the product or hazard there, not the words of the report.")
    columns = config.columns
    names = {columns.hazard: [max(len(one) for one in cell) for cell in hazards]}
    names |= {one: [len(text or "") for text in _texts(table, one)] for one in (columns.product, columns.place)}
    return [
        Problem("long_name", what, remedy, {"length": length, "most": LONGEST_NAME}, table.place(row, column))
        for column, lengths in names.items()
        if column
        for row, length in enumerate(lengths)
        if length > LONGEST_NAME
    ]


def _days(table: Table, config: Config, problems: list[Problem]) -> Days:
    column = config.columns.date
    texts = table.frame[column].to_list()
    found, wrong = times_of(texts, config.reading.day_first, serial=True)
    what, remedy = msg("“%(text)s” is no day."), msg("Write it as 2024-03-12.")
    for row, text in wrong.items():
        problems.append(Problem("no_day", what, remedy, {"text": text[:40]}, table.place(row, column)))
    what = msg("The day is missing.")
    problems += [
        Problem("missing_day", what, remedy, place=table.place(row, column))
        for row, text in enumerate(texts)
        if not text
    ]
    return np.asarray(found.astype("datetime64[D]"))


def _counts(table: Table, config: Config, problems: list[Problem]) -> NDArray[np.float64]:
    column = config.columns.count
    if not column:
        return np.ones(len(table))
    found, bad = numbers(table, column)
    problems += bad[:LISTED]
    values: Any = found.to_numpy().astype(np.float64)
    known = {str(problem.place) for problem in bad}
    what, remedy = msg("A count is missing, below 0 or no whole number."), msg("Fill it in, or leave the row out.")
    for row in np.flatnonzero(~((values >= 0) & (values == np.floor(values)))):
        place = table.place(int(row), column)
        if str(place) not in known:
            problems.append(Problem("bad_count", what, remedy, place=place))
    return np.asarray(values)


def _until(config: Config, day: Days, problems: list[Problem]) -> np.datetime64:
    """Return the last day known: the one given, else the last of the table."""
    if not config.reading.until:
        known = day[~np.isnat(day)]
        return known.max() if len(known) else np.datetime64("1970-01-01")
    found = time_of(config.reading.until)
    if found is None:
        what, remedy = msg("“%(text)s” is no day."), msg("Write it as 2024-03-12.")
        problems.append(Problem("no_day", what, remedy, {"text": config.reading.until[:40]}, "reading.until"))
        return np.datetime64("1970-01-01")
    return np.datetime64(found.date(), "D")
