"""Bars: what a score is made of, and what moved it since last year.

Each chart is drawn twice, with the names beside the bars and, for a narrow box, above them; the box shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from qualipolis.faces.desk.charts.svg import at, chart, el, line, number, percent, plot, text, text_width, title
from qualipolis.faces.desk.charts.tiers import fitted

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


@dataclass(frozen=True)
class Layout:
    row: int
    bar: float
    word: float
    left: float
    right: float
    room: float
    cls: str


WIDE = Layout(row=28, bar=14, word=18, left=35, right=15, room=210, cls="chart-wide")
NARROW = Layout(row=46, bar=30, word=15, left=1, right=1, room=215, cls="chart-narrow")


def signed(value: float, digits: int = 1) -> str:
    rounded = round(value, digits)
    if rounded == 0:
        return f"{0:.{digits}f}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.{digits}f}"


def in_two(name: str, room: float) -> tuple[str, str]:
    """Break a name that is wider than its room into two lines, between words where it has any."""
    if text_width(name, 12.5) <= room:
        return name, ""
    fits = [i for i in range(1, len(name)) if text_width(name[:i].rstrip(), 12.5) <= room]
    ends = [i for i in fits if name[i - 1] == " " or name[i] in "（("] or fits[-1:]
    return (name[: ends[-1]].rstrip(), fitted(name[ends[-1] :].lstrip(), room)) if ends else (fitted(name, room), "")


def _words(row: Bar, written: str, top: float, layout: Layout, strong: bool) -> list[str]:
    x, anchor = ("33%", "end") if layout is WIDE else ("1%", "start")
    above, below = in_two(row.name, layout.room) if layout is WIDE else (fitted(row.name, layout.room), "")
    name = text(x, top + layout.word - (6 if below else 0), above, "ink", anchor)
    if below:
        name += text(x, top + layout.word + 7, below, "ink", anchor)
    if row.href:
        name = el("a", title(row.name), name, href=row.href)
    value = text("99%", top + layout.word, written, "strong" if strong else "ink", "end")
    return [name, value]


def _bar(hint: str, x: str, y: float, width: float, value: float) -> SafeString:
    """The bar itself; a value of nothing is a thin line."""
    if width < 0.05:
        return line(x, y - BAR / 2, x, y + BAR / 2, "reach")
    tone = "bar-up" if value >= 0 else "bar-down"
    shape = {"x": x, "y": number(y - BAR / 2), "width": percent(width), "height": str(BAR)}
    return el("rect", title(hint), class_=tone, **shape)


def _whisker(row: Bar, x: Callable[[float], str], y: float) -> list[str]:
    if row.low is None or row.high is None:
        return []
    ends = [at(x(end), y, el("path", d="M0-4.5V4.5", class_="reach")) for end in (row.low, row.high)]
    halo = line(x(row.low), y, x(row.high), y, "halo-line")
    return [halo, line(x(row.low), y, x(row.high), y, "reach"), *ends]


def both(draw: Callable[[Layout], SafeString]) -> SafeString:
    return el("div", draw(WIDE), draw(NARROW), class_="chart-box")


def role_of(rows: Sequence[Bar]) -> str:
    return "group" if any(row.href for row in rows) else "img"


def contributions(
    rows: Sequence[Bar], *, label: str, unit: str = "", digits: int = 1, plus: bool = True, scale: float = 0.0
) -> SafeString:
    """Horizontal bars from zero, to the right above it and to the left below; the number stands at the right.

    The longest fills the box, or ``scale`` does where the values have a scale of their own.
    """
    if not rows:
        return chart(40, label, text("0%", 24, "—"))
    every = [0.0, scale, *(v for r in rows for v in (r.value, r.low, r.high) if v is not None)]
    low, reach = min(every), (max(every) - min(every)) or 1.0

    def x(value: float) -> str:
        return percent(100 * (value - low) / reach)

    def draw(layout: Layout) -> SafeString:
        height = layout.row * len(rows)
        parts, outer = [line(x(0), 0, x(0), height, "axis")], []
        for i, row in enumerate(rows):
            y = layout.row * i + layout.bar
            number_words = (signed(row.value, digits) if plus else f"{row.value:.{digits}f}") + unit
            written = f"{number_words} {row.note}".strip()
            width = 100 * abs(row.value) / reach
            parts.append(_bar(f"{row.name} {written}", x(min(0.0, row.value)), y, width, row.value))
            parts += _whisker(row, x, y)
            outer += _words(row, written, layout.row * i, layout, True)
        body = plot(layout.left, layout.right, *parts)
        return chart(height, label, body, *outer, cls=f"bars {layout.cls}", role=role_of(rows))

    return both(draw)


def merged(moves: Sequence[Bar], most: int) -> list[Bar]:
    """The ``most`` largest moves, gains before losses, and the rest as one bar; no move is lost from the sum."""
    order = sorted(range(len(moves)), key=lambda i: (-abs(moves[i].value), i))
    keep = set(order if len(moves) <= most + 1 else order[:most])
    shown = sorted((moves[i] for i in keep), key=lambda bar: -bar.value)
    rest = [moves[i] for i in range(len(moves)) if i not in keep]
    if rest:
        words = ngettext("%(n)s other", "%(n)s others", len(rest)) % {"n": len(rest)}
        shown.append(Bar(words, sum(bar.value for bar in rest)))
    return shown


def waterfall(
    start: Bar, moves: Sequence[Bar], end: Bar, *, label: str, unit: str = "", digits: int = 1, most: int = 0
) -> SafeString:
    """From last year's score to this year's, or from one unit to another, one bar for each thing that moved it.

    The scale does not start at zero, so the two totals are marks and not bars. With ``most`` the moves are sorted and
    what is not among the largest is merged into one bar.
    """
    moves = merged(moves, most) if most else moves
    levels = list(accumulate((move.value for move in moves), initial=start.value))
    low, high = min([*levels, end.value]), max([*levels, end.value])
    room = (high - low) * 0.12 or 1.0
    low, reach = low - room, (high - low) + 2 * room
    rows = [start, *moves, end]

    def x(value: float) -> str:
        return percent(100 * (value - low) / reach)

    def draw(layout: Layout) -> SafeString:
        parts, outer = [], []
        for i, row in enumerate(rows):
            y = layout.row * i + layout.bar
            total = i in (0, len(rows) - 1)
            begin, stop = (row.value, row.value) if total else (levels[i - 1], levels[i])
            written = (f"{row.value:.{digits}f}" if total else signed(row.value, digits)) + unit
            if total:
                mark = el("path", title(f"{row.name} {written}"), d="M-6-6H6V6H-6Z", class_="bar-total")
                parts.append(at(x(row.value), y, mark))
            else:
                width = 100 * abs(stop - begin) / reach
                parts.append(_bar(f"{row.name} {written}", x(min(begin, stop)), y, width, row.value))
            if i < len(rows) - 1:
                parts.append(line(x(stop), y + BAR / 2, x(stop), y + layout.row - BAR / 2, "lead"))
            outer += _words(row, written, layout.row * i, layout, total)
        body = plot(layout.left, layout.right, *parts)
        return chart(layout.row * len(rows), label, body, *outer, cls=f"bars {layout.cls}", role=role_of(rows))

    return both(draw)
