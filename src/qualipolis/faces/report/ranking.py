"""The figure of the first page: each unit's rank with its interval, drawn beside its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .findings import has_interval, move, ranked, whole
from .words import Lang, breakable, display_width, number, word

if TYPE_CHECKING:
    from .assessment import AssessmentReport, ReportUnit

PAGE_WIDTH = 162.0  # mm, A4 less the margins
EM = 3.0  # mm, the width of a Chinese character in a table
GAP = 3.0  # mm, both insets of a cell
SLACK = 1.06  # widths are estimated, and a name should not wrap for a hair
MIN_PLOT = 42.0
PLOT_PAD = 2.6  # mm, as in the template
FIT_AT_MOST = 40  # rows that can be made to end with the first page


@dataclass(frozen=True)
class Column:
    """A column of the ranking: its head, width in mm and side."""

    key: str
    head: str
    width: float
    align: str = "right"


def text_width(texts: Sequence[str], low: float, high: float) -> float:
    """Return the column width in mm that the longest of ``texts`` wants, kept between ``low`` and ``high``."""
    widest = max((display_width(text) for text in texts), default=0.0)
    return min(high, max(low, widest * EM * SLACK + GAP))


def ticks(size: int) -> list[int]:
    """Return about seven ranks to mark on the axis, with the first and the last.

    >>> ticks(33), ticks(5), ticks(1600)
    ([1, 5, 10, 15, 20, 25, 30, 33], [1, 2, 3, 4, 5], [1, 250, 500, 750, 1000, 1250, 1500, 1600])
    """
    if size <= 6:
        return list(range(1, size + 1))
    raw = size / 7
    unit = 10 ** math.floor(math.log10(raw))
    step = max(1, round(next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= raw)))
    inner = [r for r in range(step, size, step) if r > 1 and size - r >= step * 0.4]
    return [1, *inner, size]


def labels(marks: Sequence[int], width: float) -> list[int]:
    """Return those of ``marks`` whose numbers do not run into each other on an axis of ``width`` mm.

    >>> labels([1, 5, 10, 15, 20, 25, 30, 33], 40.0)
    [1, 5, 10, 15, 20, 25, 33]
    """
    scale = width / max(1, marks[-1] - marks[0])
    room = 1.6 * len(str(marks[-1])) + 1.6
    kept = [marks[0]]
    for mark in marks[1:-1]:
        if (mark - kept[-1]) * scale >= room and (marks[-1] - mark) * scale >= room:
            kept.append(mark)
    return kept + list(marks[-1:]) if len(marks) > 1 else kept


def rank_text(unit: ReportUnit) -> str:
    """Write a rank, a tie as ``7=``, none as a dash."""
    if unit.rank is None:
        return "—"
    return f"{unit.rank}=" if unit.tied else str(unit.rank)


def interval_text(unit: ReportUnit, lang: Lang) -> str:
    """Write the interval of a rank, or a dash."""
    if not has_interval(unit):
        return "—"
    return word(lang, "range", whole(unit.rank_lo), whole(unit.rank_hi))


def columns(report: AssessmentReport) -> list[Column]:
    """Return the columns that the data fill; what is left of the page becomes the plot."""
    lang, units = report.lang, report.unit_rows
    level = round(report.interval_level * 100)
    digits = len(str(max(1, len(units))))
    wide = digits * 1.75
    found = [Column("rank", word(lang, "rank"), max(9.5, wide + 5)), Column("name", word(lang, "unit"), 0, "left")]
    if any(u.group for u in units):
        head = word(lang, "group")
        found.append(Column("group", head, text_width([head, *(u.group for u in units)], 12, 27), "left"))
    scores = [number(u.score) for u in units]
    found.append(Column("score", word(lang, "score"), text_width([word(lang, "score"), *scores], 11, 24)))
    if any(u.grade for u in units):
        grades = [u.grade or "" for u in units]
        found.append(Column("grade", word(lang, "grade"), text_width([word(lang, "grade"), *grades], 9, 20), "center"))
    found.append(Column("plot", "", 0, "left"))
    if any(has_interval(u) for u in units):
        head = word(lang, "interval", level)
        found.append(Column("interval", head, max(16.5, wide * 2 + 8)))
        if any(u.rank_median is not None for u in units):
            found.append(Column("median", word(lang, "median"), max(11.5, wide + 6)))
    if any(u.prev_rank is not None for u in units):
        found.append(Column("prev", word(lang, "prev"), max(9, wide + 4)))
        if any(move(u) for u in units):
            found.append(Column("move", word(lang, "move"), 12.5 if lang == "zh" else 14, "left"))
    return fitted([with_head(c) for c in found], [marked_name(u) for u in units])


def marked_name(unit: ReportUnit) -> str:
    """Return the name with room for the number of its note."""
    return f"{unit.name} [00]" if unit.note else unit.name


def with_head(column: Column) -> Column:
    """Widen ``column`` until its head stands on one line; the plot and the names get their width later."""
    wanted = display_width(column.head) * EM + GAP + (1.5 if "%" in column.head else 0.5)
    return column if column.width == 0 else replace(column, width=max(column.width, min(wanted, 26.0)))


def fitted(found: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Give the names what they want, as long as the plot stays wide enough; the plot takes the rest."""
    fixed = sum(c.width for c in found)
    name = text_width(names, 20, max(24.0, min(50.0, PAGE_WIDTH - fixed - MIN_PLOT)))
    plot = PAGE_WIDTH - fixed - name
    if plot < MIN_PLOT and any(c.key == "median" for c in found):
        return fitted([c for c in found if c.key != "median"], names)
    widths = {"name": name, "plot": plot}
    return [Column(c.key, c.head, round(widths.get(c.key, c.width), 2), c.align) for c in found]


def row(unit: ReportUnit, report: AssessmentReport, marks: dict[str, int], wide: dict[str, float]) -> dict[str, object]:
    """Return one row: its words by column, and what the plot draws."""
    mark = marks.get(unit.code)
    said = {"name": marked_name(unit), "group": unit.group, "grade": unit.grade or ""}
    words = {"up": 1, "down": -1}
    step = move(unit)
    return {
        "rank": rank_text(unit),
        "name": breakable(unit.name, (wide["name"] - GAP) / EM),
        "mark": f"[{mark}]" if mark else "",
        "group": unit.group,
        "score": number(unit.score),
        "grade": unit.grade or "—",
        "interval": interval_text(unit, report.lang),
        "median": whole(unit.rank_median),
        "prev": whole(unit.prev_rank),
        "move": next((word(report.lang, k) for k, v in words.items() if v == step and step), ""),
        "step": step,
        "at": plain(unit.rank),
        "lo": plain(unit.rank_lo) if has_interval(unit) else None,
        "hi": plain(unit.rank_hi) if has_interval(unit) else None,
        "was": plain(unit.prev_rank) if unit.rank is not None else None,
        "none": word(report.lang, "no_score") if unit.rank is None else "",
        "long": [key for key, width in wide.items() if text_width([said[key]], 0, 999) > width - 0.5],
    }


def plain(value: float | None) -> float | None:
    """Return ``value`` as a plain float, whatever array library it came from; None when it is not a number."""
    return None if value is None or value != value else float(value)


def ordered(report: AssessmentReport) -> list[ReportUnit]:
    """Return the units by rank, those without one at the end."""
    return [*ranked(report), *(u for u in report.unit_rows if u.rank is None)]


def explanations(report: AssessmentReport, units: Sequence[ReportUnit]) -> list[str]:
    """Return the sentences under the figure."""
    lang, lines = report.lang, []
    if any(u.tied for u in units):
        lines.append(word(lang, "key_ties") + word(lang, "stop"))
    if any(u.prev_rank is not None for u in units) and any(has_interval(u) for u in units):
        lines.append(word(lang, "note_move"))
    if not any(has_interval(u) for u in units):
        lines.append(word(lang, "note_none"))
    if any(u.score is None or u.rank is None or None in u.dims for u in units):
        lines.append(word(lang, "note_missing"))
    return lines


def table(report: AssessmentReport) -> dict[str, object]:
    """Return the ranking figure for the template."""
    lang, units = report.lang, ordered(report)
    noted = [u for u in units if u.note]
    marks = {u.code: i for i, u in enumerate(noted, start=1)}
    level = round(report.interval_level * 100)
    certain = any(has_interval(u) for u in units)
    subject = f"{len(units):,}个{report.units_label}" if lang == "zh" else f"{len(units):,} {report.units_label}"
    size = max((x for u in units for x in map(plain, (u.rank, u.rank_hi, u.prev_rank)) if x is not None), default=1)
    cols, marked = columns(report), ticks(max(1, math.ceil(size)))
    wide = {c.key: c.width for c in cols if c.key in ("name", "group", "grade")}
    plot = next(c.width for c in cols if c.key == "plot")
    return {
        "title": word(lang, "plot_title", subject, level) if certain else word(lang, "plot_title_bare", subject),
        "columns": [{"key": c.key, "head": c.head, "width": c.width, "align": c.align} for c in cols],
        "rows": [row(u, report, marks, wide) for u in units],
        "ticks": marked,
        "labels": labels(marked, plot - 2 * PLOT_PAD),
        "size": max(1, math.ceil(size)),
        "key_now": word(lang, "key_interval", level) if certain else word(lang, "key_now"),
        "key_interval": certain,
        "key_prev": word(lang, "key_prev") if any(u.prev_rank is not None for u in units) else "",
        "explain": explanations(report, units),
        "notes": [f"[{marks[u.code]}] {u.name}{word(lang, 'colon')}{u.note}" for u in noted],
        "mark": 1.0 if len(units) <= 200 else 0.65,
        "height": 7.0 if len(units) <= 20 else 5.0,
        "fit": len(units) <= FIT_AT_MOST,
    }
