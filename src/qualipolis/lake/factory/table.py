"""A table of measurements in whichever layout: its columns become characteristics with their readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import BLANKS, letter_of
from qualipolis.lake.factory.bounds import Asked, Bounds
from qualipolis.lake.factory.figures import ABSENT, Figures, decimal_mark, figure, figures
from qualipolis.lake.factory.layout import Layout, Series, layout_of
from qualipolis.lake.factory.measurements import Characteristic, Labels, Measurements, Note, Origin, Readings
from qualipolis.lake.factory.sheets import Sheet
from qualipolis.lake.factory.table_notes import notes
from qualipolis.lake.factory.table_times import times
from qualipolis.lake.factory.words import FALSE, SUMMARY, plain, specified
from qualipolis.methods.problems import InputError, Problem, msg

LISTED = 20
_LABELS = ("subgroup", "batch", "machine", "operator", "cavity", "event", "part", "trial")
_NUMBERS = ("nominal", "target", "lower", "upper", "lower_allowance", "upper_allowance", "decimals")


@dataclass
class Work:
    """A table under way."""

    sheet: Sheet
    layout: Layout
    body: pl.DataFrame
    rows: NDArray[np.intp]
    asked: Asked
    decimal: str = "."
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    labels: dict[str, Labels] = field(default_factory=dict)
    time: NDArray[np.datetime64] | None = None
    valid: NDArray[np.bool_] | None = None
    faults: int = 0

    @property
    def exact(self) -> bool:
        """Whether a point is always decimal: numbers of a workbook are written so by its reader."""
        return not self.sheet.delimiter

    def problem(self, code: str, what: str, remedy: str, place: str, **params: object) -> None:
        """Note a problem; after the first of many only their number is kept."""
        self.faults += 1
        if len(self.problems) < LISTED:
            self.problems.append(Problem(code, what, remedy, params, place))

    def column(self, index: int) -> pl.Series:
        """Return the texts of a column below the head."""
        return self.body.to_series(index)


def read_measured(sheet: Sheet, origin: Origin, asked: Asked, bounds: Bounds, left: Sequence[str]) -> Measurements:
    """Return what a table says; ``left`` are the titles of the sheets that were not read."""
    layout = layout_of(sheet, asked.layout)
    work = Work(sheet, layout, *_body(sheet, layout), asked)
    if not work.body.height:
        what, remedy = msg("There is a header but no row below it."), msg("Add the rows and send the file again.")
        raise InputError([Problem("no_rows", what, remedy, place=sheet.place())])
    _drop_text(work)
    _decimal(work)
    work.time = times(work)
    _beside(work)
    found = tuple(_by_characteristic(work, bounds) if "characteristic" in layout.roles else _all(work, origin))
    if not found and not work.problems:
        what = msg("No column holds measurements.")
        remedy = msg("Put one name over each column and numbers below it; see the documentation for the layouts.")
        work.problem("no_values", what, remedy, sheet.place())
    if work.faults > len(work.problems):
        what, more = msg("%(count)s more cells have the same problem."), work.faults - len(work.problems)
        work.problems.append(Problem("more", what, "", {"count": more}, sheet.place()))
    if any(p.severity == "error" for p in work.problems):
        raise InputError(work.problems)
    understood = notes(work, found, left)
    return Measurements(origin, found, (), understood, tuple(work.problems))


def _body(sheet: Sheet, layout: Layout) -> tuple[pl.DataFrame, NDArray[np.intp]]:
    """Return the rows of data without those at the foot that sum them up or repeat the limits."""
    body = sheet.frame[layout.start :]
    rows = np.arange(layout.start, sheet.frame.height)
    tail = body.tail(40)
    kept = body.height
    for offset, row in reversed(list(enumerate(tail.rows(), start=body.height - tail.height))):
        first = next((c.strip(BLANKS) for c in row if c and c.strip(BLANKS)), "")
        if first and plain(first) not in SUMMARY and not specified(first):
            break
        if first and specified(first):
            layout.said.setdefault(
                specified(first), {i: (c or "").strip(BLANKS) for i, c in enumerate(row) if c and c != first}
            )
        if first:
            layout.left_rows.append(layout.start + offset)
        kept = offset
    return body.head(kept), rows[:kept]


def _drop_text(work: Work) -> None:
    """Leave out columns of words that no role claims; a column with some numbers is measured and must be sound."""
    kept = []
    for series in work.layout.series:
        first = [c for i in series.columns for c in work.column(i).drop_nulls().head(400).to_list() if c.strip(BLANKS)]
        filled = [f for c in first[:400] if (f := figure(c, ",", True)) is None or f[0] == f[0]]
        numbers = sum(1 for f in filled if f is not None)
        if first and 2 * numbers >= len(filled) and (numbers or series.named is False):
            kept.append(series)
        elif first:
            work.layout.left_columns += series.columns
    work.layout.series = kept


def _decimal(work: Work) -> None:
    """Find the decimal mark of the whole table; where it could be either, the sender must say."""
    texts: list[str] = []
    for i in {c for s in work.layout.series for c in s.columns}:
        column = work.column(i)
        commas = column.filter(column.str.contains(",", literal=True).fill_null(False))
        texts += [c.strip(BLANKS) for c in commas.unique().head(200).to_list()]
        texts += [c for c in column.drop_nulls().head(50).to_list() if "." in c]
    texts += [t for said in work.layout.said.values() for t in said.values() if figure(t, ",", True) is not None]
    mark = work.asked.decimal or decimal_mark(texts, work.sheet.delimiter == ";")
    if mark is None:
        what = msg("Numbers such as %(text)s may be thousands or decimals.")
        remedy = msg("Say which mark is decimal, or save the numbers without thousands marks.")
        work.problem("decimal", what, remedy, work.sheet.place(), text=next(t for t in texts if "," in t)[:20])
    work.decimal = mark or "."


def _beside(work: Work) -> None:
    """Read the columns of labels; a running number is none unless its numbers come back."""
    roles = work.layout.roles
    if "subgroup" not in roles and "order" in roles and not any(len(s.columns) > 1 for s in work.layout.series):
        order = work.column(roles["order"]).drop_nulls()
        if order.n_unique() < len(order):
            roles["subgroup"] = roles.pop("order")
    for role in _LABELS:
        if role in roles:
            labels = Labels.column(work.column(roles[role]), role == "subgroup" and _holds_below(work, roles[role]))
            if not labels.empty:
                work.labels[role] = labels
    if "valid" in roles:
        texts = work.column(roles["valid"]).str.strip_chars(BLANKS).str.to_lowercase().fill_null("")
        work.valid = ~texts.is_in(list(FALSE)).to_numpy()


def _holds_below(work: Work, column: int) -> bool:
    """Return whether a subgroup over merged or blank cells holds for the rows below it: each row is one value."""
    first = work.column(column).head(1).to_list()
    return all(len(s.columns) == 1 for s in work.layout.series) and bool(first[0] and first[0].strip(BLANKS))


def _all(work: Work, origin: Origin) -> list[Characteristic]:
    """Return one characteristic for each series of columns, over all rows."""
    found, every = [], np.arange(work.body.height)
    names: set[str] = set()
    for number, series in enumerate(work.layout.series, start=1):
        name = series.name or _unnamed(work, series, origin)
        if name in names:
            what = msg("The column name %(name)s is used twice.")
            place = work.sheet.place(work.layout.header, series.columns[0], name)
            work.problem("duplicate_column", what, msg("Give each column its own name."), place, name=name)
        names.add(name)
        said = {key: _told(series, texts, len(work.layout.series)) for key, texts in work.layout.said.items()}
        said |= {k: t for k, t in _constant(work, every, name).items() if t} if work.layout.said_columns else {}
        read = [figures(work.column(i), work.decimal, work.exact) for i in series.columns]
        _report(work, series, read, every)
        found.append(_characteristic(str(number), name, series, said, read, every, work))
    return found


def _unnamed(work: Work, series: Series, origin: Origin) -> str:
    """Return what a series without a name is called: like the file when it is the only one, else by its letter."""
    if len(work.layout.series) == 1:
        return PurePath(origin.name).stem
    return letter_of(work.sheet.first_column + series.columns[0])


def _by_characteristic(work: Work, bounds: Bounds) -> list[Characteristic]:
    """Return one characteristic for each name in the column of characteristics, with the rows that name it."""
    names = Labels.column(work.column(work.layout.roles["characteristic"]).str.strip_chars(BLANKS).fill_null(""))
    if (names.codes < 0).any():
        row = int(np.flatnonzero(names.codes < 0)[0])
        column = work.layout.roles["characteristic"]
        place = work.sheet.place(int(work.rows[row]), column, work.layout.names[column])
        work.problem("no_name", msg("The row names no characteristic."), msg("Fill the cell."), place)
    if len(names.names) > bounds.characteristics or not work.layout.series:
        what, remedy = msg("The file has more than %(most)s characteristics."), msg("Split the file.")
        if work.layout.series:
            work.problem("too_many", what, remedy, work.sheet.place(), most=bounds.characteristics)
        return []
    series = work.layout.series[0]
    read = [figures(work.column(i), work.decimal, work.exact) for i in series.columns]
    _report(work, series, read, np.arange(work.body.height))
    order = np.argsort(names.codes, kind="stable")
    ends = np.searchsorted(names.codes[order], np.arange(len(names.names) + 1))
    found = []
    for code, name in enumerate(names.names):
        rows = order[ends[code] : ends[code + 1]]
        part = [Figures(f.value[rows], f.censored[rows], f.bad[:0]) for f in read]
        said = _constant(work, rows, name)
        found.append(_characteristic(str(code + 1), name, series, said, part, rows, work))
    return found


def _told(series: Series, texts: dict[int, str], among: int) -> str:
    """Return what a row of specifications says of a series: over its columns, or alone beside its label."""
    over = [texts[c] for c in series.columns if c in texts]
    if not over and among == 1 and len(texts) == 1:
        over = list(texts.values())
    return over[0] if over else ""


def _constant(work: Work, rows: NDArray[np.intp], name: str) -> dict[str, str]:
    """Return what columns of specifications say of a characteristic: it must be the same in all its rows."""
    said = {}
    for key, column in work.layout.said_columns.items():
        texts = work.column(column).gather(rows).str.strip_chars(BLANKS).replace("", None).drop_nulls().unique()
        if len(texts) > 1:
            what = msg("%(name)s has different values in the column %(column)s: %(first)s and %(second)s.")
            place = work.sheet.place(None, column, work.layout.names[column])
            first, second = sorted(texts.head(2).to_list())
            params = {"name": name, "column": work.layout.names[column], "first": first[:20], "second": second[:20]}
            work.problem(
                "not_constant", what, msg("Split it into two characteristics, or mend the rows."), place, **params
            )
        said[key] = texts[0] if len(texts) else ""
    return said


def _report(work: Work, series: Series, read: list[Figures], rows: NDArray[np.intp]) -> None:
    """Report every cell that is no number, with its place."""
    for column, numbers in zip(series.columns, read, strict=True):
        texts = work.column(column)
        for at in numbers.bad.tolist():
            place = work.sheet.place(int(work.rows[rows[at]]), column, work.layout.names[column])
            what = msg('"%(text)s" is not a number.')
            remedy = msg("Write a number, a limit such as <0.05, or leave the cell empty when the value is missing.")
            work.problem("not_a_number", what, remedy, place, text=str(texts[at]).strip()[:40])


def _characteristic(
    key: str, name: str, series: Series, said: dict[str, str], read: list[Figures], rows: NDArray[np.intp], work: Work
) -> Characteristic:
    number = {k: _said_number(work, said.get(k, ""), k, name) for k in _NUMBERS}
    nominal = number["nominal"]
    for side in ("lower", "upper"):
        allowance = number[f"{side}_allowance"]
        if number[side] is None and allowance is not None and nominal is not None:
            number[side] = float(f"{nominal + allowance:.12g}")
    decimals = number["decimals"]
    return Characteristic(
        key=key,
        name=name,
        unit=said.get("unit", "") or series.unit,
        nominal=nominal,
        target=number["target"],
        lower=number["lower"],
        upper=number["upper"],
        decimals=int(decimals) if decimals is not None and 0 <= decimals < 20 else None,
        gauge=said.get("gauge", ""),
        subgroup_size=len(read) if len(read) > 1 else None,
        readings=_readings(read, rows, work),
    )


def _said_number(work: Work, text: str, key: str, name: str) -> float | None:
    if not text or text.casefold() in ABSENT:
        return None
    found = figure(text, work.decimal, work.exact)
    if found is None or found[1]:
        what, remedy = (
            msg('"%(text)s" is not a number (%(where)s).'),
            msg("Write a plain number, or leave the cell empty."),
        )
        work.problem("not_a_number", what, remedy, work.sheet.place(), text=text[:40], where=f"{name} {key}")
        return None
    return found[0] if found[0] == found[0] else None


def _readings(read: list[Figures], rows: NDArray[np.intp], work: Work) -> Readings:
    """Lay the columns of a series one row after the other; what stands beside a row holds for all its pieces."""
    wide = len(read)
    value = read[0].value if wide == 1 else np.column_stack([f.value for f in read]).ravel()
    censored = read[0].censored if wide == 1 else np.column_stack([f.censored for f in read]).ravel()
    at = rows if wide == 1 else np.repeat(rows, wide)
    whole = wide == 1 and len(rows) == work.body.height
    labels = {role: known if whole else Labels(known.names, known.codes[at]) for role, known in work.labels.items()}
    if wide > 1 and "subgroup" not in labels:
        names = tuple(str(i + 1) for i in range(len(rows)))
        labels["subgroup"] = Labels(names, np.repeat(np.arange(len(rows), dtype=np.int32), wide))
    valid = ~np.isnan(value)
    if work.valid is not None:
        valid &= work.valid[at]
    time = work.time if work.time is None or whole else work.time[at]
    row = work.sheet.rows.gather(work.rows[rows]).to_numpy().astype(np.int32)
    return Readings(value, censored, valid, row if wide == 1 else np.repeat(row, wide), time=time, **labels)
