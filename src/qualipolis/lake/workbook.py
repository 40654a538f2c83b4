"""An .xlsx file from a stranger: looked through part by part before the spreadsheet reader sees any of it.

The zip is checked for what it declares and what it holds, every XML part for a DTD, every sheet for its extent, its
merged cells, its error values and formulas without a result. Then only the checked parts are packed anew and given to
fastexcel, so that what was looked at is what is read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import fastexcel
import polars as pl

from qualipolis.lake.cells import Place, index_of, letter_of
from qualipolis.lake.encodings import Limits
from qualipolis.methods.problems import InputError, Problem, msg

LISTED = 50
_FIXED = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)
_FRAME = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/relationships/officeDocument"/></Relationships>',
}
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DIGITS = re.compile(r"[0-9]{1,9}")
_AGAIN = msg("Open the file in a spreadsheet program, save it as a new .xlsx and send that.")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet as text: ``frame`` without a header, the place of its first column and of each row."""

    sheet: str
    frame: pl.DataFrame
    first_column: int
    rows: pl.Series
    merges: tuple[tuple[int, int, int, int], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class Workbook:
    """A checked workbook: the visible sheets with their part names, and the clean zip."""

    name: str
    limits: Limits
    sheets: dict[str, str]
    parts: dict[str, bytes] = field(default_factory=dict)

    def grid(self, sheet: str) -> Grid:
        """Return the cells of ``sheet``; raises :class:`InputError` when it is too large or unsafe."""
        scan = _Scan(self.name, sheet, self.limits, _shared_lengths(self))
        scan.run(self.parts[self.sheets[sheet]])
        try:
            frame, first = self._load(sheet)
        except Exception as error:
            raise InputError([_refuse("damaged_workbook", msg("The workbook is damaged."), self.name)]) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # the Rust reader's way to fail; not an Exception
                raise
            raise InputError([_refuse("damaged_workbook", msg("The workbook is damaged."), self.name)]) from None
        rows = pl.Series("row", range(1, frame.height + 1), dtype=pl.UInt32)
        return Grid(sheet, frame, first, rows, tuple(scan.merges), tuple(scan.problems()))

    def _load(self, sheet: str) -> tuple[pl.DataFrame, int]:
        """Read the sheet as text; numbers keep all their digits (the reader's own text has only nine decimals)."""
        reader = fastexcel.read_excel(_pack(self.parts))
        text = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        frame = text.to_polars()
        if frame.is_empty():
            return pl.DataFrame(), 0
        first = text.available_columns()[0].absolute_index
        exact = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float").to_polars()
        return pl.DataFrame([_exact(frame[c], exact[c]) for c in frame.columns]), first


def _exact(text: pl.Series, value: pl.Series) -> pl.Series:
    """Return ``text`` with every rounded number replaced by the shortest text of its full value."""
    differs = (text.cast(pl.Float64, strict=False) != value).fill_null(False)
    clean = text.str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
    if not differs.any():
        return clean
    return pl.select(
        pl.when(differs).then(value.map_elements(repr, return_dtype=pl.String)).otherwise(clean)
    ).to_series()


def _refuse(code: str, what: str, name: str, remedy: str = _AGAIN, **params: object) -> Problem:
    return Problem(code, what, remedy, params, place=Place(name))


def open_workbook(data: bytes, name: str, limits: Limits) -> Workbook:
    """Check the zip and the frame of the workbook and return it; no cell is read yet."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        what, remedy = msg("The file is cut off or damaged."), msg("Send the file again; it did not arrive whole.")
        raise InputError([_refuse("truncated_zip", what, name, remedy)]) from None
    with archive:
        infos = _declared(archive, name, limits)
        if "xl/workbook.xml" not in infos:
            what, remedy = (
                msg("The file is a zip archive but not an Excel workbook."),
                msg("Send an .xlsx or .csv file."),
            )
            raise InputError([_refuse("not_a_workbook", what, name, remedy)])
        book = Workbook(name, limits, {})
        for part in _FIXED:
            if part in infos:
                book.parts[part] = _read(archive, infos[part], name)
        book.sheets = _sheet_parts(book)
        for part in book.sheets.values():
            if part in infos:
                book.parts[part] = _read(archive, infos[part], name)
    book.sheets = {title: part for title, part in book.sheets.items() if part in book.parts}
    for part, content in book.parts.items():
        if part not in book.sheets.values():
            _parse(expat.ParserCreate(), content, name)
    return book


def _declared(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the entries by name after weighing what the zip says about itself."""
    entries = archive.infolist()
    infos = {e.filename: e for e in entries}
    total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    bomb = msg("The file would unpack to %(size)s MB, far more than a table needs.")
    if len(entries) > limits.parts or len(infos) != len(entries):
        raise InputError([_refuse("odd_zip", msg("The workbook has too many or repeated parts."), name)])
    if any(e.flag_bits & 1 for e in entries):
        what, remedy = msg("The workbook has a password."), msg("Save it without a password and send it again.")
        raise InputError([_refuse("password", what, name, remedy)])
    if total > limits.unpacked or (total > 10_000_000 and total > limits.ratio * max(packed, 1)):
        remedy = msg("Delete formatted but empty rows and columns, or send the table as .csv.")
        raise InputError([_refuse("zip_bomb", bomb, name, remedy, size=round(total / 1e6, 1))])
    return infos


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """Return one part; the zip module stops at the declared size and compares the checksum."""
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        what, remedy = msg("The file is cut off or damaged."), msg("Send the file again; it did not arrive whole.")
        raise InputError([_refuse("truncated_zip", what, name, remedy)]) from error


def _pack(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for part, content in (_FRAME | parts).items():
            archive.writestr(zipfile.ZipInfo(part), content)
    return buffer.getvalue()


class _Unsafe(Exception):
    """Raised inside a parser callback to stop at once."""


def _parse(parser: Any, content: bytes, name: str) -> None:
    """Run ``parser`` over one part; a DTD, an entity, another encoding or broken XML is refused."""

    def refuse(*_: object) -> None:
        raise _Unsafe

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise _Unsafe

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.XmlDeclHandler = declaration
    try:
        if b"\x00" in content[:64]:
            raise _Unsafe
        for start in range(0, len(content), 1 << 20):
            parser.Parse(content[start : start + (1 << 20)], False)
        parser.Parse(b"", True)
    except _Unsafe:
        what = msg("The workbook holds document type or entity declarations, which no spreadsheet needs.")
        raise InputError([_refuse("unsafe_xml", what, name)]) from None
    except expat.ExpatError as error:
        raise InputError([_refuse("damaged_workbook", msg("The workbook is damaged."), name)]) from error


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _sheet_parts(book: Workbook) -> dict[str, str]:
    """Return the part name of every visible worksheet by its title."""
    titles: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet" and attributes.get("state", "visible") == "visible":
            identity = next((v for k, v in attributes.items() if _local(k) == "id" and ":" in k), "")
            titles[attributes.get("name", "")] = identity

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    for part, handler in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", relation)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        _parse(parser, book.parts.get(part, b"<none/>"), book.name)
    return {title: targets[identity] for title, identity in titles.items() if identity in targets}


def _shared_lengths(book: Workbook) -> list[int]:
    """Return the length of every shared text: one long text used a million times is a bomb of its own."""
    lengths: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if "xl/sharedStrings.xml" in book.parts:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.CharacterDataHandler = start, text
        _parse(parser, book.parts["xl/sharedStrings.xml"], book.name)
    return lengths


class _Scan:
    """Walk over the cells of one sheet: extent, merged cells, error values, formulas without a result."""

    def __init__(self, name: str, sheet: str, limits: Limits, shared: list[int]) -> None:
        self.name, self.sheet, self.limits, self.shared = name, sheet, limits, shared
        self.row, self.column, self.type = 0, -1, ""
        self.row_text, self.known = "", dict[str, int]()
        self.last_row, self.first_column, self.last_column, self.text = 0, 1 << 20, -1, 0
        self.merges: list[tuple[int, int, int, int]] = []
        self.errors: list[tuple[int, int]] = []
        self.uncached: list[tuple[int, int]] = []
        self.counts = {"errors": 0, "uncached": 0}
        self.weigh = max(shared, default=0) * limits.cells > limits.text
        self.formula, self.value = False, ""
        self.parser: Any = expat.ParserCreate()
        self.handlers = {"row": self._row, "c": self._cell, "v": self._filled, "is": self._filled}
        self.handlers |= {"f": self._formula, "mergeCell": self._merge}

    def run(self, content: bytes) -> None:
        self.parser.StartElementHandler = self._start
        _parse(self.parser, content, self.name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        handler = self.handlers.get(tag) or (self.handlers.get(_local(tag)) if ":" in tag else None)
        if handler:
            handler(attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self.row = int(given) if _DIGITS.fullmatch(given) else self.row + 1
        self.row_text = given
        self.column = -1

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        letters = reference.rstrip("0123456789")
        if letters in self.known:
            self.column = self.known[letters]
            if reference[len(letters) :] != self.row_text:
                self._jump(reference)
        elif reference:
            self._jump(reference)
        else:
            self.column += 1
        self.type, self.formula = attributes.get("t", "n"), False
        if self.weigh and self.type == "s":
            self._listen()

    def _jump(self, reference: str) -> None:
        """Go to a cell in a column or row not met before."""
        found = _REF.fullmatch(reference)
        if not found:
            raise InputError([_refuse("damaged_workbook", msg("The workbook is damaged."), self.name)])
        self.known[found[1]] = self.column = index_of(found[1])
        self.row, self.row_text = int(found[2]), found[2]

    def _filled(self, _: dict[str, str]) -> None:
        """Count one cell that holds something and stop at once when the sheet is larger than is read."""
        if self.row > self.last_row or not self.first_column <= self.column <= self.last_column:
            self._grow()
        if self.type == "e":
            self._note("errors", self.errors)

    def _grow(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        self.first_column = min(self.first_column, self.column)
        extent = self.last_row * (self.last_column - self.first_column + 1)
        if self.last_column >= self.limits.columns or self.last_row > self.limits.rows or extent > self.limits.cells:
            raise InputError([too_large(self.name, self.sheet, self.last_row, self.last_column + 1, self.limits)])

    def _formula(self, _: dict[str, str]) -> None:
        if self.type != "str":
            self.formula = True
            self._listen()

    def _listen(self) -> None:
        """Collect the text of this cell's value until the cell ends."""
        self.value, inside = "", [False]

        def start(tag: str, attributes: dict[str, str]) -> None:
            inside[0] = _local(tag) in ("v", "t")
            self._start(tag, attributes)

        def text(data: str) -> None:
            self.value += data if inside[0] else ""

        def end(tag: str) -> None:
            inside[0] = False
            if _local(tag) == "c":
                parser.StartElementHandler, parser.EndElementHandler = self._start, None
                parser.CharacterDataHandler = None
                self._weighed()

        parser = self.parser
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text

    def _weighed(self) -> None:
        if self.formula and not self.value:
            self._note("uncached", self.uncached)
        if self.type == "s" and _DIGITS.fullmatch(self.value) and int(self.value) < len(self.shared):
            self.text += self.shared[int(self.value)]
            if self.text > self.limits.text:
                raise InputError([too_large(self.name, self.sheet, self.last_row, self.last_column + 1, self.limits)])

    def _note(self, kind: str, found: list[tuple[int, int]]) -> None:
        self.counts[kind] += 1
        if len(found) < LISTED:
            found.append((self.row, self.column))

    def _merge(self, attributes: dict[str, str]) -> None:
        ends = [_REF.fullmatch(part) for part in attributes.get("ref", "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1] and len(self.merges) < self.limits.rows:
            (a, b), (c, d) = ends[0].groups(), ends[1].groups()
            self.merges.append((int(b), index_of(a), int(d), index_of(c)))

    def problems(self) -> list[Problem]:
        """Return what was found in single cells."""
        error = msg("The cell shows an error value such as #DIV/0! or #N/A.")
        empty = msg("The formula in the cell has no stored result.")
        found = [
            Problem("error_value", error, msg("Write the value, or leave the cell empty."), place=self._place(cell))
            for cell in self.errors
        ]
        remedy = msg("Open the file in a spreadsheet program, let it calculate, save it and send it again.")
        found += [Problem("no_result", empty, remedy, place=self._place(cell)) for cell in self.uncached]
        more = sum(self.counts.values()) - len(found)
        if more > 0:
            place = Place(self.name, self.sheet)
            found.append(
                Problem("more", msg("%(count)s more cells have the same problem."), "", {"count": more}, place)
            )
        return found

    def _place(self, cell: tuple[int, int]) -> Place:
        return Place(self.name, self.sheet, cell[0], letter_of(cell[1]))


def too_large(name: str, sheet: str, rows: int, columns: int, limits: Limits) -> Problem:
    """Return the problem of a table beyond the limits."""
    what = msg(
        "The table reaches row %(rows)s and column %(columns)s; at most %(most)s rows, %(wide)s columns are read."
    )
    remedy = msg("Split the table, or delete what stands far below or to the right of it.")
    params = {"rows": rows, "columns": columns, "most": limits.rows, "wide": limits.columns}
    return Problem("table_too_large", what, remedy, params, place=Place(name, sheet))
