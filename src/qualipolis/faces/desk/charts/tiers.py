"""Cartogram: equal square cells in five steps, a cut corner where the tier is not certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qualipolis.faces.desk.charts.svg import chart, el, number, percent, text, text_width, title

CELL = 54  # pixels at full width
WIDE = 66  # for names that do not fit a square, as most English ones
GAP = 3


@dataclass(frozen=True)
class Cell:
    """One unit. ``step`` 1 (low) to 5 (high), None when there is no value; ``cut`` when it may belong to the next tier."""

    name: str
    col: int
    row: int
    value: str = ""
    step: int | None = None
    cut: bool = False
    href: str = ""
    hint: str = ""


def fitted(name: str, room: float) -> str:
    """The name, cut with … when it is wider than its cell (the full name is in the hint)."""
    if text_width(name, 12.5) <= room:
        return name
    while name and text_width(name + "…", 12.5) > room:
        name = name[:-1]
    return name.rstrip() + "…"


def _cell(cell: Cell, columns: int, breadth: int, first: tuple[int, int]) -> SafeString:
    width = 100 / columns
    x, y = (cell.col - first[0]) * width, (cell.row - first[1]) * CELL
    tone = f"q{cell.step}" if cell.step else "track-bar"
    ink = f"qt{cell.step}" if cell.step else "ink-2"
    inset = 100 * GAP / breadth
    shape = el("rect", width=percent(100 - inset), height=number(CELL - GAP), rx="3", class_=f"cell {tone}")
    corner = ""
    if cell.cut:
        fold = el("path", d="M-14 0H1V15Z", class_="halo")
        corner = el("svg", fold, x=percent(100 - inset), y="0", width="1", height="1", overflow="visible")
    middle = percent((100 - inset) / 2)
    names = [
        text(middle, 22, fitted(cell.name, breadth - GAP - 4), f"{ink} carto-name wide", "middle"),
        text(middle, 22, fitted(cell.name, 31), f"{ink} carto-name narrow", "middle"),
        text(middle, 40, cell.value or "—", f"{ink}", "middle"),
    ]
    inside = [title(cell.hint or f"{cell.name} {cell.value}".strip()), shape, corner, *names]
    drawing = el("a", *inside, href=cell.href, aria_label=cell.hint or cell.name) if cell.href else "".join(inside)
    return el("svg", drawing, x=percent(x), y=number(y), width=percent(width), height=number(CELL), overflow="visible")


def cartogram(cells: Sequence[Cell], *, label: str) -> SafeString:
    """The map of the units; always beside its table, never the only way in."""
    if not cells:
        return chart(40, label, text("0%", 24, _("No unit to draw")))
    first = min(c.col for c in cells), min(c.row for c in cells)
    columns = max(c.col for c in cells) - first[0] + 1
    rows = max(c.row for c in cells) - first[1] + 1
    ordered = sorted(cells, key=lambda c: (c.row, c.col))
    breadth = CELL if all(text_width(c.name, 12.5) <= CELL - GAP - 4 for c in cells) else WIDE
    drawn = [_cell(cell, columns, breadth, first) for cell in ordered]
    role = "group" if any(c.href for c in cells) else "img"
    body = chart(
        rows * CELL,
        label,
        *drawn,
        cls="carto-map many" if columns > 8 else "carto-map",
        role=role,
        width=str(columns * breadth),
    )
    return el("div", body, class_="chart-box")


def step_swatch(step: int | None, cut: bool = False) -> SafeString:
    """The sample square for the legend."""
    tone = f"q{step}" if step else "track-bar"
    fold = el("path", d="M9 0H16V7Z", class_="halo") if cut else ""
    square = el("rect", width="16", height="16", rx="2", class_=tone)
    return el("svg", square, fold, class_="chart", aria_hidden="true", width="16", height="16")
