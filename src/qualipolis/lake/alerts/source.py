"""A table of alerts opened: csv, xlsx or JSON, packed or not, with a title above its header or not; always bounded."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import polars as pl

from qualipolis.lake.cells import BLANKS, Place, letter_of
from qualipolis.lake.encodings import Limits, load
from qualipolis.lake.factory.bounds import text_of
from qualipolis.lake.grids import MOST_SHEETS, Grid, grid_of, unguarded
from qualipolis.lake.headers import LOOKED_AT, header_problems, header_row
from qualipolis.lake.tables import TEXT_NAMES, Table, read_table, sheet_names, sniff
from qualipolis.lake.workbook import open_workbook
from qualipolis.methods.problems import InputError, Problem, msg

JSON_NAMES = (".json", ".jsonl", ".ndjson")
LISTS = ("results", "data", "records", "items", "recalls", "alerts", "rows")
DEPTH = 4
LONGEST = 20_000
CONTROL = bytes(set(range(1, 32)) - {9, 10, 13})
_DEFAULT = Limits()


@dataclass(frozen=True)
class Opened:
    """A table that was read, the sheets of its file, and what a person should know about how it was read."""

    grid: Grid
    sheets: tuple[str, ...] = ("",)
    problems: tuple[Problem, ...] = ()


def opened(
    source: Path | str | bytes,
    name: str = "",
    sheet: str | None = None,
    fits: Callable[[tuple[str, ...]], float] = len,
    limits: Limits = _DEFAULT,
) -> Opened:
    """Return the table of ``source``; of several sheets the one whose column names fit best, unless one is named.

    Raises
    ------
    InputError
        the file is not what its name says, too large, damaged, or holds no table
    """
    path = Path(source) if isinstance(source, str) else source
    name = name or (path.name if isinstance(path, Path) else "table")
    data, name = _unpacked(load(path, name, limits), name, limits)
    ending = Path(name.lower()).suffix
    if ending in JSON_NAMES:
        return Opened(_json_grid(data, name, limits))
    if ending in TEXT_NAMES:
        return _text(data, name, limits)
    return _book(data, name, sheet, fits, limits)


def _unpacked(data: bytes, name: str, limits: Limits) -> tuple[bytes, str]:
    """Return what a .gz file holds, never more than may be read."""
    if not name.lower().endswith(".gz"):
        return data, name
    inflate = zlib.decompressobj(31)
    try:
        found = inflate.decompress(data, limits.bytes + 1)
        whole = inflate.eof or len(found) > limits.bytes
    except zlib.error:
        whole, found = False, b""
    if not whole:
        what, remedy = msg("The file is cut off or damaged."), msg("Send the file again; it did not arrive whole.")
        raise InputError([Problem("truncated_zip", what, remedy, place=Place(name))])
    return load(found, name, limits), name[:-3]


def _clean(data: bytes, name: str) -> tuple[bytes, list[Problem]]:
    """Return text without the few control characters that pasted texts bring along; many, or a NUL, are left to be refused."""
    few = data.translate(None, CONTROL)
    count = len(data) - len(few)
    if not count or b"\x00" in data or count > max(20, len(data) // 1000):
        return data, []
    what = msg("%(count)s control characters in the text were read as spaces.")
    problem = Problem("control_characters", what, "", {"count": count}, Place(name), "warning")
    return data.translate(bytes.maketrans(CONTROL, b" " * len(CONTROL))), [problem]


def _text(data: bytes, name: str, limits: Limits) -> Opened:
    data, problems = _clean(data, name)
    text, encoding, guessed = text_of(data, name)
    if guessed:
        what = msg("The text was read as %(encoding)s, which is a guess.")
        remedy = msg("Look at accents and Chinese characters; if they are wrong, save the table as CSV UTF-8.")
        problems.append(Problem("guessed_encoding", what, remedy, {"encoding": encoding}, Place(name), "warning"))
    text = text.removeprefix("\ufeff")
    above = _title_lines(text)
    body = "".join(text.splitlines(keepends=True)[above:]) if above else text
    table = read_table(body.encode(), name=name, limits=limits)
    if above:
        table = replace(table, header_row=table.header_row + above, rows=table.rows + above)
        problems.append(_skipped(name, "", above))
    return Opened(grid_of(table), problems=tuple(problems))


def _title_lines(text: str) -> int:
    """Return how many lines stand above the header: a title, which fills one cell of many."""
    head = text[:200_000].splitlines(keepends=True)[: LOOKED_AT + 1]
    try:
        rows = list(islice(csv.reader(io.StringIO("".join(head), newline=""), delimiter=sniff(text)), LOOKED_AT))
    except csv.Error:
        return 0
    cells = [[cell.strip(BLANKS) for cell in row] for row in rows]
    start = header_row(cells)
    above = cells[:start]
    simple = all(not any("\n" in cell for cell in row) for row in above)
    return start if above and simple and all(sum(map(bool, row)) <= 1 for row in above) else 0


def _skipped(name: str, sheet: str, rows: int) -> Problem:
    what = msg("The %(rows)s rows above the header were taken for a title and not read.")
    return Problem("title_skipped", what, "", {"rows": rows}, Place(name, sheet), "warning")


def _book(
    data: bytes, name: str, sheet: str | None, fits: Callable[[tuple[str, ...]], float], limits: Limits
) -> Opened:
    titles = sheet_names(data, name=name, limits=limits)
    wanted = titles[:MOST_SHEETS] if sheet is None else (sheet,)
    found: list[Opened] = []
    problems: list[Problem] = []
    for title in wanted:
        try:
            found.append(_sheet(data, name, title, titles, limits))
        except InputError as error:
            problems += error.problems
    if not found:
        raise InputError(problems or [Problem("empty_file", msg("The file is empty."), place=Place(name))])
    best = max(found, key=lambda one: fits(one.grid.headers))
    return replace(best, problems=(*best.problems, *(replace(problem, severity="warning") for problem in problems)))


def _sheet(data: bytes, name: str, title: str, titles: tuple[str, ...], limits: Limits) -> Opened:
    """Read one sheet; rows above the header that are a title are left out, and said so."""
    try:
        return Opened(grid_of(read_table(data, name=name, sheet=title, limits=limits)), titles)
    except InputError as error:
        if {problem.code for problem in error.problems} - {"title_rows", "merged_header"} or title not in titles:
            raise
        start = int(str(error.problems[0].params["row"]))
    return Opened(grid_of(_below(data, name, title, start, limits)), titles, (_skipped(name, title, start - 1),))


def _below(data: bytes, name: str, title: str, start: int, limits: Limits) -> Table:
    """Return the table of a sheet whose header is in row ``start``."""
    grid = open_workbook(data, name, limits).grid(title)
    frame = grid.frame.select(pl.all().str.strip_chars(BLANKS).replace("", None))
    keep = (grid.rows >= start) & ~frame.select(pl.all_horizontal(pl.all().is_null()).alias("f"))["f"]
    frame, rows = frame.filter(keep), grid.rows.filter(keep)
    used = [i for i, column in enumerate(frame.columns) if frame[column].null_count() < frame.height]
    frame = frame.select(frame.columns[i] for i in used)
    letters = tuple(letter_of(grid.first_column + i) for i in used)
    _, problems = header_problems(frame, rows, letters, grid, name)
    problems += grid.problems
    if frame.height < 2:
        problems.append(Problem("no_rows", msg("There is a header but no row below it."), place=Place(name, title)))
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    columns = tuple(" ".join(str(value).split()) for value in frame.row(0))
    body = frame[1:]
    body.columns = list(columns)
    return Table(name, title, columns, body, start, rows[1:], letters)


def _json_grid(data: bytes, name: str, limits: Limits) -> Grid:
    """Return records as a grid: nested names joined by a point, several values by ``|``."""
    text, _, _ = text_of(data, name)
    records = _records(text.removeprefix("\ufeff"), name)
    if len(records) > limits.rows:
        what = msg("The file holds %(count)s records; at most %(most)s are read.")
        raise InputError(
            [Problem("table_too_large", what, "", {"count": len(records), "most": limits.rows}, Place(name))]
        )
    flat = [_flat(record) for record in records]
    headers = tuple(dict.fromkeys(key for record in flat for key in record))
    if len(headers) > limits.columns or len(headers) * len(flat) > limits.cells or not headers:
        what = msg("The records have %(count)s different fields; 1 to %(most)s are read.")
        raise InputError([Problem("records", what, "", {"count": len(headers), "most": limits.columns}, Place(name))])
    rows = tuple(tuple(unguarded(record.get(key, "")) for key in headers) for record in flat)
    letters = tuple(letter_of(at) for at in range(len(headers)))
    return Grid(name, "", headers, letters, rows, tuple(range(1, len(rows) + 1)))


def _records(text: str, name: str) -> list[Mapping[str, object]]:
    """Return the records of a JSON list, of an object that holds one, or of one object on each line."""
    try:
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            said = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        what, remedy = msg("The file is not JSON."), msg("Send a JSON list of records, or one record on each line.")
        raise InputError([Problem("json", what, remedy, place=Place(name))]) from None
    if isinstance(said, dict):
        lists = [said[key] for key in said if key.lower() in LISTS and isinstance(said[key], list)]
        said = lists[0] if lists else [said]
    found = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    if not found or len(found) != len(said):
        what = msg("The JSON is not a list of records.")
        remedy = msg("Send a JSON list of records, or one record on each line.")
        raise InputError([Problem("json", what, remedy, place=Place(name))])
    return [one["fields"] if isinstance(one.get("fields"), dict) else one for one in found]


def _flat(record: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    _walk(record, "", found, 0)
    return {key: "|".join(dict.fromkeys(values))[:LONGEST] for key, values in found.items()}


def _walk(value: object, key: str, found: dict[str, list[str]], depth: int) -> None:
    if isinstance(value, Mapping) and depth < DEPTH:
        for name, inner in value.items():
            _walk(inner, f"{key}.{name}" if key else str(name)[:100], found, depth + 1)
    elif isinstance(value, list) and depth < DEPTH:
        for inner in value:
            _walk(inner, key, found, depth + 1)
    else:
        said = "" if value is None or isinstance(value, (Mapping, list)) else str(value).strip(BLANKS)
        found.setdefault(key, []).extend([said] if said else [])
