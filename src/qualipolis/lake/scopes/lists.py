"""A list of scope lines as an institution has it, read into lines of one product, one parameter and one standard.

Titles, headings repeated on every page, section rows and notes at the foot are told from lines; what is merged or left
blank below the first is filled downwards; a cell with several standards is several lines. Every line keeps the row it
comes from, and every row that cannot be a line is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from qualipolis.lake.cells import Place
from qualipolis.lake.encodings import Limits
from qualipolis.lake.scopes.headers import (
    NEEDED,
    Guess,
    Heading,
    Reading,
    fingerprint,
    guess,
    heading,
    plain,
)
from qualipolis.lake.scopes.numbers import Placed, clean, placed
from qualipolis.lake.scopes.sheets import Sheet, sheets
from qualipolis.methods.problems import InputError, Problem, msg

WIDTHS = {"product": 120, "parameter": 120, "standard": 60, "field": 120, "limits": 400}
LACKING = {
    "product": msg("No column is the product."),
    "parameter": msg("No column is the item."),
    "standard": msg("No column is the standard."),
}
FOOT = re.compile(
    r"^(?:以下空白|以下无正文|注[:：]|备注[:：]|第\s*\d+\s*页|共\s*\d+\s*页|批准人|签发|编制|审核|end of|page \d+|note[:：])",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]+|[（(][一二三四五六七八九十\d]+[)）]|[A-Z]|\d+)\s*[、.．]?\s*(?=[^\d\s])"
)
TITLED = re.compile(r"[《〈].+?[》〉]|技术规范|规程|药典|公告|办法|指南|方法|pharmacopoeia|guideline", re.IGNORECASE)
CLAUSE = re.compile(
    r"^\s*([（(][^（()）]{1,60}[)）]|第[一二三四五六七八九十\d]+(?:法|篇|章|部分)|(?:method|clause)\s*[\w.]+)",
    re.IGNORECASE,
)
_DEFAULT = Limits()
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Line:
    """One line of a scope and the row it comes from."""

    row: int
    product: str
    parameter: str
    standard: str
    field: str = ""
    limits: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Listed:
    """A file as it was read.

    ``lines`` in the order of the file; ``problems`` with the place of each; ``skipped`` counts rows by what they were
    taken for (``title``, ``heading``, ``section``, ``foot``, ``blank``, ``repeated``); ``left`` are sheets without a heading.
    """

    name: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    reading: Reading
    guesses: tuple[Guess, ...]
    fingerprint: str
    skipped: Mapping[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    rows: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the list out."""
        return tuple(one for one in self.problems if one.severity == "error")


def read_list(
    source: Path | bytes,
    name: str = "",
    reading: Reading | None = None,
    *,
    limits: Limits = _DEFAULT,
    progress: Progress = lambda done, total: None,
) -> Listed:
    """Return what a list of scope lines says.

    Parameters
    ----------
    reading : what the columns mean as a person confirmed it; guessed from headings and cells unless given

    Raises
    ------
    InputError
        The file cannot be read, or no sheet has a heading with product, parameter and standard.
    """
    called = name or (source.name if isinstance(source, Path) else "table")
    found = [(sheet, heading(sheet)) for sheet in sheets(source, called, limits)]
    known = [(sheet, top) for sheet, top in found if top is not None]
    if not known:
        what = msg("No row was found that names a product, a parameter and a standard.")
        remedy = msg("Give the table a heading such as: product, parameter, standard number.")
        raise InputError([Problem("no_heading", what, remedy, place=Place(called))])
    guesses = _guesses(known)
    said = reading or Reading({one.name: one.field for one in guesses if one.field})
    work = _Work(called, said, sum(len(sheet.rows) for sheet, _ in known), progress)
    for sheet, top in known:
        work.read(sheet, top)
    left = tuple(sheet.title for sheet, top in found if top is None and any(any(row) for row in sheet.rows))
    names = [column for _, top in known for column in top.names]
    return Listed(
        called, tuple(work.lines), (*work.missing(), *work.problems), said, guesses, fingerprint(names), work.skipped, left,
        work.seen,
    )  # fmt: skip


def _guesses(known: Sequence[tuple[Sheet, Heading]]) -> tuple[Guess, ...]:
    made: dict[str, Guess] = {}
    for sheet, top in known:
        for one in guess(sheet, top):
            if one.name not in made or (one.field and not made[one.name].field):
                made[one.name] = one
    return tuple(made.values())


class _Work:
    """The reading of one file, sheet by sheet."""

    def __init__(self, name: str, reading: Reading, total: int, progress: Progress) -> None:
        self.name, self.reading, self.total, self.progress = name, reading, total, progress
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.skipped: dict[str, int] = {}
        self.keys: set[tuple[str, str, str]] = set()
        self.seen = 0

    def missing(self) -> list[Problem]:
        """Return the problem of each kind of column that no column is."""
        lacking = set(NEEDED) - set(self.reading.columns.values())
        remedy = msg("Say which column it is.")
        return [Problem("no_column", LACKING[one], remedy, place=Place(self.name)) for one in NEEDED if one in lacking]

    def read(self, sheet: Sheet, top: Heading) -> None:
        """Read the rows of one sheet below its heading."""
        self.problems += [one for one in sheet.problems if one.code != "merged_cells"]
        self.skipped["title"] = self.skipped.get("title", 0) + sum(any(row) for row in sheet.rows[: top.top])
        at = {self.reading.columns[name]: place for place, name in enumerate(top.names) if name in self.reading.columns}
        if set(NEEDED) - set(at):
            return
        limits = [place for place, name in enumerate(top.names) if self.reading.columns.get(name) == "limits"]
        heads = [tuple(map(plain, sheet.rows[row])) for row in range(top.top, top.bottom + 1)]
        carried: dict[str, str] = {}
        for place in range(top.bottom + 1, len(sheet.rows)):
            self.seen += 1
            self.progress(self.seen, self.total)
            row = sheet.rows[place]
            kind = _kind(row, place in sheet.wide, heads, at)
            if kind == "section":
                carried = {"field": SECTION.sub("", next(cell for cell in row if cell)).strip()[: WIDTHS["field"]]}
            if kind != "line":
                self.skipped[kind] = self.skipped.get(kind, 0) + 1
                continue
            more = "; ".join(dict.fromkeys(_one_line(row[column]) for column in limits if row[column]))
            self._line(sheet, sheet.numbers[place], row, at, carried, more)

    def _line(
        self, sheet: Sheet, number: int, row: Sequence[str], at: Mapping[str, int], carried: dict[str, str], more: str
    ) -> None:
        """Read one row: what is blank below its first is carried down, several standards are several lines."""
        said = {name: _one_line(row[place]) for name, place in at.items()} | {"limits": more}
        if said["product"] and said["product"] != carried.get("product"):
            carried.pop("parameter", None)
        for name in self.reading.carried:
            if said.get(name):
                carried[name] = said[name]
            elif name in carried:
                said[name] = carried[name]
        raw = row[at["standard"]]
        wrong = self._wrong(said, raw, sheet, number, at)
        if wrong:
            self.problems += wrong
            return
        for standard, clause in standards_in(raw):
            limits = "; ".join(dict.fromkeys(filter(None, (clause, more))))
            for parameter in self._parameters(said["parameter"]):
                self._keep(
                    Line(number, said["product"], parameter, standard, said.get("field", ""), limits, sheet.title)
                )

    def _parameters(self, text: str) -> list[str]:
        mark = self.reading.splits
        parts = [part.strip() for part in re.split(f"[{re.escape(mark)}]", text)] if mark else [text]
        return [part for part in parts if part]

    def _keep(self, line: Line) -> None:
        key = (plain(line.product), plain(line.parameter), plain(line.standard))
        if key in self.keys:
            self.skipped["repeated"] = self.skipped.get("repeated", 0) + 1
            return
        self.keys.add(key)
        self.lines.append(line)

    def _wrong(
        self, said: Mapping[str, str], raw: str, sheet: Sheet, number: int, at: Mapping[str, int]
    ) -> list[Problem]:
        """Return everything wrong with one row."""
        found = []

        def note(code: str, what: str, remedy: str, name: str, **params: object) -> None:
            letter = sheet.letters[at[name]]
            found.append(Problem(code, what, remedy, params, Place(self.name, sheet.title, number, letter)))

        for name, what in (
            ("product", msg("The product is missing.")),
            ("parameter", msg("The parameter is missing.")),
        ):
            if not said[name]:
                note(f"no_{name}", what, msg("Fill it in."), name)
        if not raw:
            note("no_standard", msg("The standard is missing."), msg("Fill it in."), "standard")
        elif not standards_in(raw):
            what = msg("No number of a standard can be read in “%(text)s”.")
            note(
                "unread_standard",
                what,
                msg("Write it with its letters, such as GB/T 2912.1-2009."),
                "standard",
                text=raw[:60],
            )
        for name, most in WIDTHS.items():
            if name in at and name != "standard" and len(said[name]) > most:
                what = msg("The text has %(n)s characters; at most %(most)s fit.")
                note("too_long", what, msg("Shorten it."), name, n=len(said[name]), most=most)
        return found


def _kind(row: Sequence[str], wide: bool, heads: Sequence[tuple[str, ...]], at: Mapping[str, int]) -> str:
    """Return what a row is: ``line``, ``section``, ``heading``, ``foot`` or ``blank``."""
    cells = [cell for cell in row if cell]
    if not cells:
        return "blank"
    if FOOT.match(cells[0]):
        return "foot"
    if len(cells) > 1 and any(all(not a or plain(a) == b for a, b in zip(row, head, strict=True)) for head in heads):
        return "heading"
    alone = len(set(cells)) == 1 and not standards_in(cells[0])
    if alone and (wide or (len(cells) == 1 and row[at["standard"]] == "" and row[at["parameter"]] == "")):
        return "section"
    return "line"


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


@lru_cache(maxsize=200_000)
def standards_in(cell: str) -> tuple[tuple[str, str], ...]:
    """Return the standards of a cell, each with the clause or method named behind it.

    >>> standards_in("食品安全国家标准 食品中铅的测定 GB 5009.12-2023（第一法）\\nGB/T 5750.6-2006")
    (('GB 5009.12-2023', '(第一法)'), ('GB/T 5750.6-2006', ''))
    >>> standards_in("《化妆品安全技术规范》（2015年版）"), standards_in("见附件")
    ((('《化妆品安全技术规范》(2015年版)', ''),), ())
    """
    text = clean(cell)
    found = placed(text)
    if not found:
        said = " ".join(text.split())
        return ((said, ""),) if TITLED.search(said) and len(said) <= WIDTHS["standard"] else ()
    return tuple(dict.fromkeys(_claused(text, found)))


def _claused(text: str, found: Sequence[Placed]) -> Iterator[tuple[str, str]]:
    for one in found:
        clause = CLAUSE.match(text[one.stop :])
        yield one.number.text[: WIDTHS["standard"]], clause[1].strip() if clause else ""


def grouped(problems: Sequence[Problem], most: int = 60) -> list[tuple[Problem, str]]:
    """Return one problem of each kind with all rows that have it, written as runs: every bad row is named.

    >>> from qualipolis.lake.cells import Place
    >>> [rows for _, rows in grouped([Problem("a", "x", place=Place("f", "", n)) for n in (3, 4, 5, 9)])]
    ['3–5, 9']
    """
    by: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        by.setdefault((one.code, one.what, getattr(one.place, "sheet", "")), []).append(one)
    made = [
        (group[0], _runs([row for one in group if (row := getattr(one.place, "row", None))])) for group in by.values()
    ]
    return made[:most]


def _runs(rows: Sequence[int]) -> str:
    said: list[str] = []
    ordered = sorted(set(rows))
    start = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or ordered[at] != ordered[at - 1] + 1:
            first, last = ordered[start], ordered[at - 1]
            said.append(str(first) if first == last else f"{first}–{last}" if last > first + 1 else f"{first}, {last}")
            start = at
    return ", ".join(said)
