"""From a table and what its columns mean to alerts; what is wrong is said with its place, and nothing is lost in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qualipolis.lake.alerts import figures, values
from qualipolis.lake.alerts.dates import days_of
from qualipolis.lake.alerts.fields import KNOWN, parts
from qualipolis.lake.alerts.mapping import Mapping, checked, fingerprint
from qualipolis.lake.alerts.rows import NOT_STATED, AlertBatch, AlertRow, Finding, counted
from qualipolis.lake.alerts.source import Opened, opened
from qualipolis.lake.alerts.suggesting import suggest_mapping
from qualipolis.lake.cells import Place
from qualipolis.lake.encodings import Limits
from qualipolis.lake.grids import Grid
from qualipolis.methods.problems import InputError, Problem, msg

SAMPLE = 10
SPELLED = ("categories", "hazards", "hazard_kinds", "origins", "notifying")
LISTED = 200
PRODUCT = 300
_CUT_NUMBER = re.compile(r"(\d{4})\.(\d{1,3})")
_DEFAULT = Limits()


@dataclass(frozen=True)
class Preview:
    """What a file would become: shown to a person who confirms or changes the mapping before anything is kept."""

    kind: str
    mapping: Mapping
    confidence: float
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    rows: tuple[AlertRow, ...]
    total: int
    problems: tuple[Problem, ...]
    fingerprint: str
    sheet: str = ""
    sheets: tuple[str, ...] = ("",)


def preview(
    data: Path | str | bytes,
    name: str = "",
    *,
    sheet: str | None = None,
    mapping: Mapping | None = None,
    limits: Limits = _DEFAULT,
) -> Preview:
    """Return what a file holds, what its columns probably mean, and its first alerts read so.

    Parameters
    ----------
    data, name : the file or its bytes, and its name (which says csv, xlsx, json; each may be packed as .gz)
    sheet : the sheet; ``None`` takes the one whose columns fit best
    mapping : the mapping remembered for this fingerprint, or the one being changed; ``None`` suggests one

    Raises
    ------
    InputError
        the file cannot be read at all, or ``mapping`` belongs to another table
    """
    found = opened(data, name, sheet, _fit, limits)
    grid = found.grid
    given = suggest_mapping(grid.headers, grid.rows) if mapping is None else _fitting(mapping, grid)
    few = replace(grid, rows=grid.rows[:SAMPLE], numbers=grid.numbers[:SAMPLE])
    batch = _batch(few, given)
    problems = (*found.problems, *_unsure(given, grid), *batch.problems)
    return Preview(
        given.kind,
        given,
        given.confidence,
        grid.headers,
        few.rows,
        batch.rows,
        len(grid.rows),
        problems,
        fingerprint(grid.headers),
        grid.sheet,
        found.sheets,
    )


def read(
    path: Path | str | bytes,
    mapping: Mapping | None = None,
    *,
    name: str = "",
    sheet: str | None = None,
    limits: Limits = _DEFAULT,
) -> AlertBatch:
    """Return the alerts of a file, read as ``mapping`` says; without one as would be suggested.

    A row without product, number and hazard is refused with its place; a date or figure that cannot be read leaves the
    row in, empty there, and a warning. A hazard that is not told is :data:`~qualipolis.lake.alerts.rows.NOT_STATED`.

    Raises
    ------
    InputError
        the file cannot be read at all, or ``mapping`` belongs to another table
    """
    found: Opened = opened(path, name, sheet, _fit, limits)
    given = suggest_mapping(found.grid.headers, found.grid.rows) if mapping is None else _fitting(mapping, found.grid)
    batch = _batch(found.grid, given)
    return replace(batch, problems=(*found.problems, *batch.problems))


def _fit(headers: tuple[str, ...]) -> float:
    return sum(any(part in KNOWN for part in parts(name)) for name in headers)


def _fitting(mapping: Mapping, grid: Grid) -> Mapping:
    missing = [column.header for column in mapping.columns if column.fields and column.header not in grid.headers]
    if missing:
        what = msg("The table has no column %(columns)s, which the mapping needs.")
        remedy = msg("Map the columns of this table anew.")
        params = {"columns": ", ".join(missing[:5])}
        raise InputError([Problem("other_table", what, remedy, params, Place(grid.file, grid.sheet))])
    return checked(mapping)


def _unsure(mapping: Mapping, grid: Grid) -> list[Problem]:
    """Return a warning where no column tells the product or the hazard."""
    needed = {"product": ("product", "description", "models"), "hazards": ("hazards",)}
    what = {
        "product": msg("No column was recognised as the product."),
        "hazards": msg("No column was recognised as the hazard; every alert would say “not stated”."),
    }
    return [
        Problem(f"no_{field}", what[field], msg("Choose the column."), {}, Place(grid.file, grid.sheet), "warning")
        for field, any_of in needed.items()
        if not any(mapping.of(one) for one in any_of)
    ]


class _Sheet:
    """The columns of a table by field, and the problems found while they are read."""

    def __init__(self, grid: Grid, mapping: Mapping) -> None:
        self.grid, self.mapping = grid, mapping
        self.problems: list[Problem] = []
        at = {name: place for place, name in enumerate(grid.headers)}
        self.columns = {
            field: [(at[column.header], column) for column in mapping.of(field)]
            for column in mapping.columns
            for field in column.fields
        }
        self.joined = [(at[c.header], c) for c in mapping.columns if len(c.fields) > 1]

    def text(self, row: Sequence[str], field: str) -> str:
        """Return what the columns of a field say, the first in front."""
        if not (columns := self.columns.get(field)):
            return ""
        said = [values.text(row[at]) for at, column in columns if len(column.fields) == 1]
        return "; ".join(dict.fromkeys(one for one in said if one))

    def raw(self, row: Sequence[str], field: str) -> tuple[str, str]:
        """Return the cell of a field as it stands, and the mark that parts its values."""
        for at, column in self.columns.get(field, ()):
            if len(column.fields) == 1:
                return row[at], column.separator
        return "", ""

    def many(self, row: Sequence[str], field: str) -> tuple[str, ...]:
        columns = self.columns.get(field, ())
        found = (one for at, column in columns for one in values.listed(row[at], column.separator))
        return tuple(dict.fromkeys(found))

    def warn(self, code: str, what: str, remedy: str, params: dict, row: int, field: str) -> None:
        at = self.columns[field][0][0] if field in self.columns else None
        self.problems.append(Problem(code, what, remedy, params, self.grid.place(row, at), "warning"))


def _batch(grid: Grid, mapping: Mapping) -> AlertBatch:
    sheet = _Sheet(grid, mapping)
    days = _days(sheet)
    rows: list[AlertRow] = []
    refused = 0
    for at, cells in enumerate(grid.rows):
        row = _row(sheet, at, cells)
        if not (row.product or row.number or row.hazard_stated):
            what = msg("The row names neither product nor number nor hazard.")
            remedy = msg("Complete the row, or delete it.")
            sheet.problems.append(Problem("empty_alert", what, remedy, {}, grid.place_of(grid.number(at))))
            refused += 1
            continue
        day, text = days[at]
        rows.append(replace(row, date=day, date_text=text))
    rows = _spelled(_whole_numbers(rows, sheet))
    _repeated(rows, sheet)
    return AlertBatch(tuple(rows), tuple(_few(sheet.problems, grid)), counted(rows, refused))


def _spelled(rows: list[AlertRow]) -> list[AlertRow]:
    """Return the rows with one spelling, the commonest, for what differs in capitals only, so that it counts as one."""
    for field in SPELLED:
        known = values.spellings(one for row in rows for one in getattr(row, field))
        if any(name != best for name, best in known.items()):
            said = [getattr(row, field) for row in rows]
            best = [tuple(dict.fromkeys(known[one] for one in names)) for names in said]
            rows = [
                row if new == old else replace(row, **{field: new})
                for row, new, old in zip(rows, best, said, strict=True)
            ]
    return rows


def _days(sheet: _Sheet) -> list[tuple]:
    texts = [sheet.text(row, "date") for row in sheet.grid.rows]
    days, wrong, either = days_of(texts, sheet.mapping.day_first)
    what = msg("“%(text)s” is not a date; the alert is kept without one.")
    remedy = msg("Write the date as 2024-03-01.")
    for at in sorted(wrong):
        sheet.warn("no_date", what, remedy, {"text": texts[at][:40]}, at, "date")
    if either:
        what = msg("Dates such as %(text)s could begin with the month or the day; they are read with the month first.")
        first = next(at for at, text in enumerate(texts) if "/" in text)
        remedy = msg("Say in the mapping which is right.")
        sheet.warn("day_or_month", what, remedy, {"text": texts[first][:40]}, first, "date")
    return list(zip(days, texts, strict=True))


def _row(sheet: _Sheet, at: int, cells: Sequence[str]) -> AlertRow:
    found, names, kinds = _dangers(sheet, at, cells)
    brands, models = sheet.many(cells, "brands"), sheet.many(cells, "models")
    described = sheet.text(cells, "description")
    units, hurt = sheet.text(cells, "units"), sheet.text(cells, "injuries")
    return AlertRow(
        source=sheet.mapping.source or sheet.mapping.kind,
        number=sheet.text(cells, "number"),
        product=sheet.text(cells, "product") or _product(brands, models, described),
        categories=sheet.many(cells, "category"),
        description=described,
        brands=brands,
        models=models,
        batch=sheet.text(cells, "batch"),
        barcodes=sheet.many(cells, "barcodes"),
        firms=sheet.many(cells, "firms"),
        sellers=sheet.many(cells, "sellers"),
        place=sheet.text(cells, "place"),
        origins=_countries(sheet.many(cells, "origins")),
        notifying=_countries(sheet.many(cells, "notifying")),
        hazards=names,
        hazard_kinds=kinds,
        findings=found,
        measure=sheet.text(cells, "measure"),
        risk=sheet.text(cells, "risk"),
        url=_address(sheet.text(cells, "url")),
        units=figures.units(units) if units else None,
        units_text=units,
        injuries=figures.injuries(hurt) if hurt else None,
        injuries_text=hurt,
        row=sheet.grid.number(at),
    )


def _product(brands: tuple[str, ...], models: tuple[str, ...], described: str) -> str:
    """Return words for a product that no column names: brand and model, else the beginning of its description."""
    named = " ".join((*brands[:1], ", ".join(models[:5]))).strip() if models else ""
    return named or described[:PRODUCT]


def _countries(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values.country(name) for name in names))


def _address(text: str) -> str:
    """Return an address on the web; anything else is not shown as a link."""
    return text if re.match(r"https?://[^\s]+$", text, re.I) else ""


def _dangers(
    sheet: _Sheet, at: int, cells: Sequence[str]
) -> tuple[tuple[Finding, ...], tuple[str, ...], tuple[str, ...]]:
    """Return findings, hazards and kinds of a row."""
    cell, mark = sheet.raw(cells, "hazards")
    kinds, other = sheet.raw(cells, "hazard_kinds")
    names, sorts = values.hazards(cell, kinds, mark or other)
    found: list[Finding] = []
    for place, column in sheet.joined:
        some, whole = values.findings(cells[place], column.fields)
        found += some
        if not whole:
            what = msg("The joined cell has not the %(count)s parts of its header; the item was kept.")
            sheet.warn("joined_cell", what, "", {"count": len(column.fields)}, at, column.fields[0])
    if found:
        joined, _ = values.hazards("\n".join(one.item for one in found), "", "\n")
        names = joined if names == (NOT_STATED,) else tuple(dict.fromkeys((*names, *joined)))
    elif names != (NOT_STATED,) and (result := sheet.text(cells, "result")) + (limit := sheet.text(cells, "limit")):
        found = [Finding("、".join(names), result, limit)]
    return tuple(found), names, sorts


def _whole_numbers(rows: list[AlertRow], sheet: _Sheet) -> list[AlertRow]:
    """Return rows whose numbers of the form 2024.0350 have got back the zeros that a spreadsheet took off."""
    if sheet.mapping.kind != "rasff":
        return rows
    taken = {row.number for row in rows}
    found, mended = [], 0
    for row in rows:
        cut = _CUT_NUMBER.fullmatch(row.number)
        whole = f"{cut[1]}.{cut[2].ljust(4, '0')}" if cut else row.number
        mend = cut is not None and whole not in taken
        found.append(replace(row, number=whole) if mend else row)
        mended += mend
    if mended:
        what = msg(
            "%(count)s numbers had lost zeros at their end, as figures do in a spreadsheet; they were completed."
        )
        place = Place(sheet.grid.file, sheet.grid.sheet)
        sheet.problems.append(Problem("cut_numbers", what, "", {"count": mended}, place, "warning"))
    return found


def _repeated(rows: Sequence[AlertRow], sheet: _Sheet) -> None:
    counts = Counter(row.number for row in rows if row.number)
    often = [number for number, count in counts.items() if count > 1]
    if often:
        what = msg("%(count)s numbers stand in more than one row (%(first)s); each row is kept.")
        params = {"count": len(often), "first": ", ".join(often[:3])[:120]}
        place = Place(sheet.grid.file, sheet.grid.sheet)
        sheet.problems.append(Problem("repeated_number", what, "", params, place, "warning"))


def _few(problems: Sequence[Problem], grid: Grid) -> list[Problem]:
    """Return at most so many problems of each sort, and how many more there are."""
    seen: Counter[str] = Counter()
    found = []
    for problem in problems:
        seen[problem.code] += 1
        if seen[problem.code] <= LISTED:
            found.append(problem)
    for count in (count - LISTED for count in seen.values() if count > LISTED):
        what = msg("%(count)s more rows have the same problem.")
        found.append(Problem("more", what, "", {"count": count}, Place(grid.file, grid.sheet), "warning"))
    return found
