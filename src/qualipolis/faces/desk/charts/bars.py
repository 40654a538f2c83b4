"""Bars: what a score is made of, and what moved it since last year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import at, chart, el, line, number, percent, plot, text, title
from qualipolis.faces.desk.charts.tiers import fitted

ROW = 28
BAR = 14


@dataclass(frozen=True)
class Bar:
    """One row; ``value`` in the unit of the chart, ``note`` is written after the number, ``href`` leads to the trace."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    href: str = ""


def signed(value: float, digits: int = 1) -> str:
    rounded = round(value, digits)
    if rounded == 0:
        return f"{0:.{digits}f}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.{digits}f}"


def _name(row: Bar, y: float) -> list[str]:
    drawn = []
    for room, cls in ((210, "wide"), (104, "narrow")):
        word = text("33%", y + 4, fitted(row.name, room), f"ink {cls}", "end")
        drawn.append(el("a", title(row.name), word, href=row.href) if row.href else word)
    return drawn


def _whisker(row: Bar, x, y: float) -> list[str]:  # type: ignore[no-untyped-def]
    if row.low is None or row.high is None:
        return []
    ends = [at(x(end), y, el("path", d="M0-4.5V4.5", class_="reach")) for end in (row.low, row.high)]
    halo = line(x(row.low), y, x(row.high), y, "halo-line")
    return [halo, line(x(row.low), y, x(row.high), y, "reach"), *ends]


def contributions(rows: Sequence[Bar], *, label: str, unit: str = "", digits: int = 1, plus: bool = True) -> SafeString:
    """Horizontal bars from zero, to the right above it and to the left below; the number stands at the right."""
    if not rows:
        return chart(40, label, text("0%", 24, "—"))
    every = [0.0, *(v for r in rows for v in (r.value, r.low, r.high) if v is not None)]
    low, high = min(every), max(every)
    reach = (high - low) or 1.0

    def x(value: float) -> str:
        return percent(100 * (value - low) / reach)

    parts, outer = [line(x(0), 0, x(0), ROW * len(rows), "axis")], []
    for i, row in enumerate(rows):
        y = ROW * (i + 0.5)
        left, width = min(0.0, row.value), abs(row.value)
        written = (signed(row.value, digits) if plus else f"{row.value:.{digits}f}") + unit
        tone = "bar-up" if row.value >= 0 else "bar-down"
        size = percent(100 * width / reach)
        hint = title(f"{row.name} {written} {row.note}".strip())
        parts.append(el("rect", hint, x=x(left), y=number(y - BAR / 2), width=size, height=str(BAR), class_=tone))
        parts += _whisker(row, x, y)
        outer += [*_name(row, y), text("99%", y + 4, f"{written} {row.note}".strip(), "strong", "end")]
    drawing = chart(ROW * len(rows), label, plot(35, 16, *parts), *outer, cls="bars", role=_role(rows))
    return el("div", drawing, class_="chart-box")


def _role(rows: Sequence[Bar]) -> str:
    return "group" if any(row.href for row in rows) else "img"


def _move(hint: str, x: str, y: float, width: float, row: Bar, total: bool) -> str:
    """A total is a mark, not a bar, because the scale does not start at zero; a move of nothing is a thin line."""
    if total:
        return at(x, y, el("path", title(hint), d="M-6-6H6V6H-6Z", class_="bar-total"))
    if width < 0.05:
        return line(x, y - BAR / 2, x, y + BAR / 2, "reach")
    tone = "bar-up" if row.value >= 0 else "bar-down"
    return el("rect", title(hint), x=x, y=number(y - BAR / 2), width=percent(width), height=str(BAR), class_=tone)


def waterfall(start: Bar, moves: Sequence[Bar], end: Bar, *, label: str, unit: str = "", digits: int = 1) -> SafeString:
    """From last year's score to this year's, one bar for each thing that moved it. The scale does not start at zero."""
    levels = [start.value]
    for move in moves:
        levels.append(levels[-1] + move.value)
    low, high = min([*levels, end.value]), max([*levels, end.value])
    room = (high - low) * 0.12 or 1.0
    low, reach = low - room, (high - low) + 2 * room

    def x(value: float) -> str:
        return percent(100 * (value - low) / reach)

    rows = [start, *moves, end]
    parts, outer = [], []
    for i, row in enumerate(rows):
        y = ROW * (i + 0.5)
        total = i in (0, len(rows) - 1)
        begin, stop = (row.value, row.value) if total else (levels[i - 1], levels[i])
        written = (f"{row.value:.{digits}f}" if total else signed(row.value, digits)) + unit
        parts.append(
            _move(f"{row.name} {written}", x(min(begin, stop)), y, 100 * abs(stop - begin) / reach, row, total)
        )
        if i < len(rows) - 1:
            parts.append(line(x(stop), y + BAR / 2, x(stop), y + ROW - BAR / 2, "lead"))
        outer += [*_name(row, y), text("99%", y + 4, written, "strong" if total else "ink", "end")]
    drawing = chart(ROW * len(rows), label, plot(35, 14, *parts), *outer, cls="bars waterfall", role=_role(rows))
    return el("div", drawing, class_="chart-box")
