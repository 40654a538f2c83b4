"""The preview of a table: its layout in words, what was assumed, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.lake.cells import letter_of
from qualipolis.lake.factory.measurements import ABOVE, BELOW, Characteristic, Note, assumed, ignored, listed, read_note
from qualipolis.methods.problems import msg

if TYPE_CHECKING:
    from qualipolis.lake.factory.table import Work

_ROLE_WORDS = {
    "subgroup": msg("subgroup"),
    "order": msg("running number"),
    "time": msg("time"),
    "date": msg("date"),
    "clock": msg("time of day"),
    "batch": msg("batch"),
    "machine": msg("machine"),
    "operator": msg("operator"),
    "cavity": msg("cavity"),
    "event": msg("event"),
    "part": msg("part"),
    "trial": msg("trial"),
    "characteristic": msg("characteristic"),
    "valid": msg("validity"),
}


class Word(str):
    """A word that a face translates before it stands in a sentence."""

    def text(self, translate: object) -> str:
        """Return the word in the language of ``translate``."""
        return str(translate(str(self))) if callable(translate) else str(self)


def notes(work: Work, found: Sequence[Characteristic], left: Sequence[str]) -> tuple[Note, ...]:
    """Return the sentences of the preview."""
    count = sum(len(c.readings) for c in found)
    what = msg("A table: %(characteristics)s characteristic(s), %(values)s value(s) in %(rows)s rows.")
    result = [read_note(what, work.sheet.place(), characteristics=len(found), values=count, rows=work.body.height)]
    result += _layout(work, found)
    result += _cells(work, found)
    result += work.notes
    result += _left(work, left)
    return tuple(result)


def _layout(work: Work, found: Sequence[Characteristic]) -> list[Note]:
    layout, result = work.layout, []
    if layout.header is None:
        result.append(assumed(msg("There is no row of names; the columns are called by their letters.")))
    else:
        row = int(work.sheet.rows[layout.header])
        result.append(read_note(msg("The names of the columns stand in row %(row)s."), row=row))
    for series in layout.series:
        if len(series.columns) > 1:
            ends = {"first": _letter(work, series.columns[0]), "last": _letter(work, series.columns[-1])}
            result.append(
                read_note(msg("Each row is one subgroup; its pieces stand in columns %(first)s to %(last)s."), **ends)
            )
            if series.guessed:
                what = msg(
                    "Columns %(first)s to %(last)s were taken for pieces of one subgroup because they are numbered; "
                    "if they are different characteristics, choose that layout."
                )
                result.append(assumed(what, **ends))
    for role, column in sorted(layout.roles.items()):
        if role in _ROLE_WORDS and column not in layout.left_columns and role != "order":
            what = msg("Column %(letter)s (%(name)s) is the %(role)s.")
            params = {
                "letter": _letter(work, column),
                "name": layout.names[column][:60],
                "role": Word(_ROLE_WORDS[role]),
            }
            result.append(read_note(what, **params))
    limits = sum(1 for c in found if c.lower is not None or c.upper is not None)
    if limits:
        result.append(read_note(msg("%(count)s characteristic(s) have limits in the file."), count=limits))
    return result


def _cells(work: Work, found: Sequence[Characteristic]) -> list[Note]:
    result = []
    if work.decimal == ",":
        word = read_note if work.asked.decimal else assumed
        result.append(word(msg("Commas were read as decimal marks.")))
    below = sum(int(np.count_nonzero(c.readings.censored == BELOW)) for c in found)
    above = sum(int(np.count_nonzero(c.readings.censored == ABOVE)) for c in found)
    if below or above:
        what = msg(
            "%(below)s value(s) lie below and %(above)s above a limit of measurement; they keep the limit and a mark."
        )
        result.append(read_note(what, below=below, above=above))
    missing = sum(int(np.count_nonzero(np.isnan(c.readings.value))) for c in found)
    if missing:
        result.append(read_note(msg("%(count)s value(s) are missing; they are not zero."), count=missing))
    invalid = sum(int(np.count_nonzero(~c.readings.valid & ~np.isnan(c.readings.value))) for c in found)
    if invalid:
        result.append(read_note(msg("%(count)s value(s) are marked as invalid in the file."), count=invalid))
    return result


def _left(work: Work, sheets: Sequence[str]) -> list[Note]:
    layout, result = work.layout, []
    if layout.left_rows:
        rows = [str(int(work.sheet.rows[i])) for i in sorted(layout.left_rows)]
        result.append(ignored(msg("Rows left out (titles, notes, summaries): %(rows)s."), rows=listed(rows)))
    columns = sorted(
        {*layout.left_columns, *layout.others, *([layout.roles["order"]] if "order" in layout.roles else [])}
    )
    if columns:
        names = [f"{_letter(work, i)} ({layout.names[i][:40]})" for i in columns]
        result.append(ignored(msg("Columns left out: %(columns)s."), columns=listed(names)))
    if sheets:
        result.append(ignored(msg("Sheets left out: %(sheets)s."), sheets=listed(list(sheets))))
    return result


def _letter(work: Work, column: int) -> str:
    return letter_of(work.sheet.first_column + column)
