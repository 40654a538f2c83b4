"""Any list as PDF: what is on the screen, with its filters, for the file or the wall.

>>> from datetime import UTC, datetime
>>> pdf = render_table("Units", "en", [TableColumn("Name"), TableColumn("Score", "right")], [("Alpha", 61.5)], (), {},
...                    False, created_at=datetime(2026, 1, 1, tzinfo=UTC))
>>> pdf[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from qualipolis.methods.problems import InputError, Problem, msg

from .typefaces import texts, tidy
from .typesetting import frame, moment, tidied, typeset
from .words import Lang, breakable, display_width, number, shorten, word

MAX_ROWS = 2000
MAX_COLUMNS = 20
PORTRAIT, LANDSCAPE = 162.0, 249.0  # mm between the margins
EM, GAP = 3.0, 3.4
WIDEST = 60.0
LONGEST_TOKEN = 12.0  # ems; a longer word without a space is broken

TOO_MANY_ROWS = msg("The list has %(rows)s rows; a PDF takes %(limit)s at most.")
TOO_MANY_COLUMNS = msg("The list has %(columns)s columns; a PDF takes %(limit)s at most.")
TOO_MANY_REMEDY = msg("Export it as xlsx or csv, or narrow the filter.")
NO_COLUMNS = msg("The list has no columns.")
NO_COLUMNS_REMEDY = msg("Choose at least one column.")
RAGGED = msg("The row has %(found)s cells; there are %(wanted)s columns.")
RAGGED_REMEDY = msg("Give every row one cell for each column.")


@dataclass(frozen=True)
class TableColumn:
    """A column: its head (with the unit), and on which side its cells stand. Numbers go to the right."""

    head: str
    align: Literal["left", "right", "center"] = "left"
    digits: int | None = None


def column_of(given: TableColumn | str, values: Sequence[object]) -> TableColumn:
    """Return the column; a bare head stands right when its cells are numbers.

    >>> column_of("n", [1, None, 2.5]).align, column_of("name", ["a"]).align
    ('right', 'left')
    """
    if isinstance(given, TableColumn):
        return given
    known = [v for v in values if v is not None and v != ""]
    numeric = bool(known) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in known)
    return TableColumn(given, "right" if numeric else "left")


def cell(value: object, column: TableColumn, lang: Lang = "zh", grouped: bool = False) -> str:
    """Write one value; nothing there is a dash.

    >>> [cell(v, TableColumn("x", "right", 1)) for v in (None, 1234.56, 7, True, "a")]
    ['—', '1,234.6', '7', '是', 'a']
    """
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, float):
        digits = column.digits
        return number(value, digits) if digits is not None else f"{value:,.6g}" if value == value else "—"
    if isinstance(value, int):
        return f"{value:,}" if grouped else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _has_large(column: TableColumn, values: Sequence[object]) -> bool:
    """Tell whether whole numbers of this column need thousands marks: years do not, counts above 9,999 do."""
    return column.align == "right" and any(isinstance(v, int) and abs(v) >= 10_000 for v in values)


def _problems(columns: Sequence[TableColumn | str], rows: Sequence[Sequence[object]]) -> list[Problem]:
    if not columns:
        return [Problem("no_columns", NO_COLUMNS, NO_COLUMNS_REMEDY)]
    found = []
    if len(rows) > MAX_ROWS:
        params = {"rows": f"{len(rows):,}", "limit": f"{MAX_ROWS:,}"}
        found.append(Problem("too_many_rows", TOO_MANY_ROWS, TOO_MANY_REMEDY, params))
    if len(columns) > MAX_COLUMNS:
        params = {"columns": len(columns), "limit": MAX_COLUMNS}
        found.append(Problem("too_many_columns", TOO_MANY_COLUMNS, TOO_MANY_REMEDY, params))
    for index, row in enumerate(rows[:MAX_ROWS], start=1):
        if len(row) != len(columns):
            params = {"found": len(row), "wanted": len(columns)}
            found.append(Problem("ragged_row", RAGGED, RAGGED_REMEDY, params, place=f"rows {index}"))
    return found[:20]


def wanted_widths(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the mm that each column would like for its cells on one line; a few very long cells may wrap."""
    wanted = []
    for index, column in enumerate(columns):
        cells = sorted((display_width(row[index]) for row in rows), reverse=True)
        longest = cells[len(cells) // 50] if cells else 0.0
        head = max((display_width(part) for part in column.head.split()), default=1.0)
        token = max((display_width(t) for row in rows for t in row[index].split() if t.isascii()), default=0.0)
        wanted.append(min(WIDEST, max(longest, min(head, 8.0), min(token, LONGEST_TOKEN)) * EM + GAP))
    return wanted


def shared_widths(wanted: Sequence[float], room: float) -> list[float]:
    """Share ``room`` mm between the columns: what is left evenly, what lacks from the wide ones.

    >>> shared_widths([20.0, 40.0], 100.0), shared_widths([20.0, 100.0], 100.0)
    ([40.0, 60.0], [18.7, 81.3])
    """
    if sum(wanted) <= room:
        return [round(width + (room - sum(wanted)) / len(wanted), 2) for width in wanted]
    least = min(14.0, room / len(wanted))
    spare = [max(0.0, width - least) for width in wanted]
    over = sum(wanted) - room
    return [round(w - over * s / (sum(spare) or 1), 2) for w, s in zip(wanted, spare, strict=True)]


def _document(
    title: str,
    lang: Lang,
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    filters: Sequence[str],
    synthetic: bool,
    created_at: datetime,
) -> dict[str, object]:
    colon, comma = word(lang, "colon"), word(lang, "comma")
    chosen = (";" if lang == "en" else "；").join(filters)
    made = word(lang, "list_made", f"{moment(created_at):%Y-%m-%d %H:%M %Z}")
    count = word(lang, "list_row" if len(rows) == 1 else "list_rows", f"{len(rows):,}")
    wanted = wanted_widths(columns, rows)
    wide = len(columns) > 8 or sum(wanted) > PORTRAIT * 1.2
    shares = shared_widths(wanted, LANDSCAPE if wide else PORTRAIT)
    base = frame(lang, title, "", synthetic, comma.join((shorten(title, 40), made)))
    return {
        "frame": base | {"header": shorten(title, 34 if lang == "zh" else 46)},
        "flipped": wide,
        "title": title,
        "said": comma.join(
            (count, f"{word(lang, 'list_filters')}{colon}{chosen}" if chosen else word(lang, "list_no_filters"))
        ),
        "widths": shares,
        "aligns": [column.align for column in columns],
        "heads": [column.head for column in columns],
        "rows": [[breakable(text, (w - GAP) / EM) for text, w in zip(row, shares, strict=True)] for row in rows],
        "empty": word(lang, "list_empty"),
        "notes": list(notes),
    }


def render_table(
    title: str,
    lang: Lang,
    columns: Sequence[TableColumn | str],
    rows: Sequence[Sequence[object]],
    notes: Sequence[str] = (),
    filters: Mapping[str, str] | Sequence[str] = (),
    synthetic: bool = False,
    *,
    created_at: datetime | None = None,
) -> bytes:
    """Return a list as PDF bytes, with its filters, its row count and the time it was made (now, unless given).

    Raises
    ------
    InputError : more than 2,000 rows or 20 columns, a ragged row, or a character without a shape in the fonts
    """
    problems = _problems(columns, rows)
    if problems:
        raise InputError(problems)
    made = created_at or datetime.now().astimezone()
    kinds = [column_of(column, [row[i] for row in rows]) for i, column in enumerate(columns)]
    groups = [_has_large(kind, [row[i] for row in rows]) for i, kind in enumerate(kinds)]
    said = [[cell(*given, lang, group) for *given, group in zip(row, kinds, groups, strict=True)] for row in rows]
    colon = word(lang, "colon")
    chosen = [f"{k}{colon}{v}" for k, v in filters.items()] if isinstance(filters, Mapping) else list(filters)
    outside = {"title": title, "columns": [k.head for k in kinds], "notes": list(notes), "filters": chosen}
    pairs = [*texts(outside), *texts(said, "rows")]
    data = tidied(_document(title, lang, kinds, said, notes, chosen, synthetic, made))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("table.typ", data, made, [(place, tidy(text)) for place, text in pairs])
