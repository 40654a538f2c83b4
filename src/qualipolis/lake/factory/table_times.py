"""The column of times of a table, in one or two columns, as text or as the serial numbers of a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import BLANKS
from qualipolis.lake.factory.dates import day_first, time_of, times_of
from qualipolis.lake.factory.measurements import Labels, assumed, read_note
from qualipolis.methods.problems import msg

if TYPE_CHECKING:
    from qualipolis.lake.factory.table import Work


def times(work: Work) -> NDArray[np.datetime64] | None:
    """Return the time of each row, or None; a column of times that holds words is left out, single errors are reported."""
    roles = work.layout.roles
    column = next((roles[r] for r in ("time", "date", "clock") if r in roles), None)
    if column is None:
        return None
    texts = work.column(column).str.strip_chars(BLANKS).fill_null("")
    if "date" in roles and "clock" in roles and column == roles["date"]:
        texts = _joined(texts, work.column(roles["clock"]).str.strip_chars(BLANKS).fill_null(""))
    labels = Labels.column(texts)
    if labels.empty:
        return None
    sample = list(labels.names[:500])
    first = day_first(list(labels.names[:50_000]))
    if sum(time_of(text, bool(first), True) is not None for text in sample) * 2 < len(sample):
        work.layout.left_columns.append(column)
        return None
    if first is None:
        what = msg("The dates may begin with the day or the month (%(text)s); they were left out.")
        work.notes.append(assumed(what, work.sheet.place(None, column, work.layout.names[column]), text=sample[0][:20]))
        return None
    return _parsed(work, labels, column, first)


def _joined(days: pl.Series, clocks: pl.Series) -> pl.Series:
    """Put a day and a time of day together; a spreadsheet writes them as whole and broken numbers, or with a zero date."""
    clocks = clocks.str.replace(r"^(1899-12-3[01]|1900-01-0[01])[ T]", "")
    days = days.str.replace(r"[ T]00:00:00$", "")
    serial = days.str.contains(r"^\d{5}$") & clocks.str.contains(r"^0?\.\d+$")
    words = pl.DataFrame({"d": days, "c": clocks, "s": serial})
    number = pl.col("d") + pl.col("c").str.replace(r"^0?", "")
    text = pl.when(pl.col("c") == "").then(pl.col("d")).otherwise(pl.col("d") + " " + pl.col("c"))
    return words.select(pl.when(pl.col("s")).then(number).otherwise(text).alias("t"))["t"]


def _parsed(work: Work, labels: Labels, column: int, first: bool) -> NDArray[np.datetime64]:
    moments, wrong = times_of(labels.names, first, serial=True)
    known = np.append(moments, np.datetime64("NaT", "us"))
    for code, text in list(wrong.items())[:1000]:
        row = int(np.flatnonzero(labels.codes == code)[0])
        place = work.sheet.place(int(work.rows[row]), column, work.layout.names[column])
        remedy = msg("Write dates as 2026-12-31 23:59:00.")
        work.problem("not_a_date", msg('"%(text)s" is not a date.'), remedy, place, text=text[:40])
    if any(
        text[:5].isdigit() and "-" not in text and len(text) < 18 and "." in text[5:] + "." for text in labels.names[:3]
    ):
        what = msg("Numbers in the column of times were read as the serial days of a spreadsheet (1900 system).")
        if all(text.replace(".", "").isdigit() for text in labels.names[:3]):
            work.notes.append(read_note(what))
    return np.asarray(known[labels.codes])
