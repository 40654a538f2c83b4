"""Which column of a table fills which field: kept as JSON, remembered by the fingerprint of the column names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from qualipolis.lake.alerts.fields import MANY, SYNONYMS, header
from qualipolis.methods.problems import InputError, Problem, msg

FORMAT = 1
LONGEST = 200_000
MOST_COLUMNS = 500
CONFIDENT = 0.8
SEPARATORS = ("", "|", ";", "；", "、", ",", "\n")
DAY_ORDERS = (None, True, False)


@dataclass(frozen=True)
class Column:
    """One column: its name, the fields it fills (several when it joins them), how sure that is, and why.

    ``separator`` parts several values in one cell; empty where a cell holds one.
    """

    header: str
    fields: tuple[str, ...] = ()
    confidence: float = 0.0
    reason: str = ""
    separator: str = ""

    @property
    def sure(self) -> bool:
        """Whether a person need not look at it first."""
        return self.confidence >= CONFIDENT


@dataclass(frozen=True)
class Mapping:
    """What a table's columns mean. A person confirms it; a column without fields is not read.

    ``day_first`` says how dates such as 02/03/2024 are read; ``None`` lets the dates themselves decide.
    """

    kind: str
    source: str
    columns: tuple[Column, ...]
    day_first: bool | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the table it belongs to."""
        return fingerprint(column.header for column in self.columns)

    @property
    def confidence(self) -> float:
        """The confidence of the least sure column that is used; 0 when product and hazard are both not found."""
        used = [column.confidence for column in self.columns if column.fields]
        told = {field for column in self.columns for field in column.fields}
        return min(used) if used and told & {"product", "hazards", "description"} else 0.0

    def of(self, field: str) -> tuple[Column, ...]:
        """Return the columns that fill ``field``."""
        return tuple(column for column in self.columns if field in column.fields)

    def changed(self, name: str, *fields: str, separator: str | None = None) -> Mapping:
        """Return the mapping with what a person said about the column ``name``; without fields it is not read."""
        if name not in {column.header for column in self.columns}:
            what = msg("There is no column called %(column)s.")
            raise InputError(
                [Problem("no_column", what, msg("Choose one of the columns of the table."), {"column": name})]
            )
        columns = tuple(
            replace(
                c,
                fields=tuple(fields),
                confidence=1.0,
                reason=CONFIRMED,
                separator=c.separator if separator is None else separator,
            )
            if c.header == name
            else c
            for c in self.columns
        )
        return checked(replace(self, columns=columns))

    def to_json(self) -> str:
        """Return the mapping as JSON, to be kept and read again by :meth:`from_json`."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Mapping:
        """Return the mapping kept in ``text``.

        Raises
        ------
        InputError
            it is no mapping of this form, or names fields or separators that do not exist
        """
        try:
            said = json.loads(text) if isinstance(text, str) and len(text) <= LONGEST else None
            if not isinstance(said, dict) or said.get("format") != FORMAT or len(said["columns"]) > MOST_COLUMNS:
                raise ValueError
            columns = tuple(_column(column) for column in said["columns"])
            kind, source, order = said["kind"], said["source"], said["day_first"]
            if not isinstance(kind, str) or not isinstance(source, str) or order not in DAY_ORDERS:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            what = msg("The kept mapping of columns is damaged.")
            raise InputError([Problem("mapping", what, msg("Map the columns again."))]) from None
        return checked(Mapping(kind[:40], source[:80], columns, order))


CONFIRMED = msg("a person said so")


def _column(said: dict) -> Column:
    words = (said["header"], said["reason"], said["separator"], *said["fields"])
    if not all(isinstance(word, str) for word in words) or isinstance(said["confidence"], bool):
        raise ValueError
    sure = float(said["confidence"])
    if not 0 <= sure <= 1:
        raise ValueError
    return Column(said["header"], tuple(said["fields"]), sure, said["reason"], said["separator"])


def checked(mapping: Mapping) -> Mapping:
    """Return ``mapping``, or raise with every field that does not exist or is filled twice."""
    problems = []
    filled: dict[str, str] = {}
    for column in mapping.columns:
        if column.separator not in SEPARATORS:
            what = msg("Several values in one cell are not parted by %(mark)s.")
            problems.append(Problem("separator", what, "", {"mark": column.separator[:10]}, place=column.header))
        for field in column.fields:
            if field not in SYNONYMS:
                what = msg("There is no field called %(field)s.")
                problems.append(Problem("no_field", what, "", {"field": field[:40]}, place=column.header))
            elif field in filled and field not in MANY:
                what = msg("The columns %(first)s and %(second)s would both fill %(field)s.")
                params = {"first": filled[field], "second": column.header, "field": field}
                problems.append(Problem("filled_twice", what, msg("Choose one of them."), params))
            filled.setdefault(field, column.header)
    if problems:
        raise InputError(problems)
    return mapping


def fingerprint(headers: Iterable[object]) -> str:
    """Return what a table is remembered by: its column names in any order, as they are compared.

    >>> fingerprint(["Product", "Date"]) == fingerprint(["date ", "PRODUCT"])
    True
    """
    names = sorted(header(name) for name in headers)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]
