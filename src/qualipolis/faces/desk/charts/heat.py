"""Grids of coloured cells: units by indicators, correlations between indicators, units by ranks.

A cell below the middle of a diverging scale carries a minus, so the sign is read without colour. Each grid is drawn
twice; for a narrow box its columns are broken into pieces, so that no column falls below the width of a finger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import at, chart, el, line, number, percent, text, text_width, title
from qualipolis.faces.desk.charts.tiers import fitted

ROW = 20
LEAD = 18.0  # a line for the names of blocks over the names of columns
ASSUMED = {"wide": 760, "narrow": 300}  # pixels a box is taken to have
HEAD = 132.0  # pixels for a turned name over a column
PIECE = 8  # columns in one piece of the narrow drawing
Values = Sequence[float | None]


@dataclass(frozen=True)
class HeatRow:
    """One row of a heat map, one value a column; a missing value is None. ``strong`` for what the page is about."""

    name: str
    values: Values
    href: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Mark:
    """How one cell is drawn: class of the field, class and words of the text, hint; ``ringed`` draws its edge."""

    tone: str
    ink: str = "ink"
    words: str = ""
    hint: str = ""
    minus: bool = False
    ringed: bool = False


@dataclass(frozen=True)
class Grid:
    """A grid before it is drawn; ``blocks`` are the names of neighbouring columns with their count."""

    rows: Sequence[tuple[str, str, bool]]
    columns: Sequence[str]
    mark: Callable[[int, int], Mark | None]
    blocks: Sequence[tuple[str, int]] = ()
    stairs: bool = False


def sequential(value: float, low: float, high: float) -> int:
    """Step 1 to 5 of the sequential scale."""
    return 3 if high <= low else min(5, max(1, 1 + int(5 * (value - low) / (high - low))))


def diverging(distance: float, limits: Sequence[float]) -> int:
    """Step −3 to 3 of the diverging scale: how many limits the distance from the middle reaches."""
    steps = sum(abs(distance) >= limit - 1e-12 for limit in limits)
    return steps if distance >= 0 else -steps


def tone(step: int) -> tuple[str, str]:
    """The classes of field and text of a diverging step."""
    name = f"{'m' if step < 0 else 'p'}{abs(step)}"
    return f"v{name}", f"vt{name}"


def _head(columns: Sequence[str], left: float, right: float, room: float, y: float) -> tuple[list[str], bool]:
    """The names over the columns: upright when they fit, else turned; too many are thinned out."""
    each = room * (100 - left - right) / 100 / max(1, len(columns))
    turned = any(text_width(c) > each - 5 for c in columns)
    every = 1 if not turned or each >= 12 else -(-12 // max(1, int(each)))
    width = (100 - left - right) / max(1, len(columns))
    found: list[str] = []
    for k in range(0, len(columns), every):
        x = percent(left + width * (k + 0.5))
        word = fitted(columns[k], HEAD)
        if turned:
            turn = {"transform": "rotate(-90)"}
            found.append(at(x, y, el("g", title(columns[k]), text("2", 4, word, "ink-2", **turn))))
        else:
            found.append(text(x, y, word, "ink-2", "middle"))
    return found, turned


def _head_height(columns: Sequence[str], left: float, right: float, room: float) -> float:
    each = room * (100 - left - right) / 100 / max(1, len(columns))
    if all(text_width(c) <= each - 5 for c in columns):
        return 20.0
    return 10 + max(text_width(fitted(c, HEAD)) for c in columns)


def _cell(mark: Mark, x: float, width: float, hints: bool, written: bool) -> str:
    gap = min(0.15, width * 0.08)
    shape = {"x": percent(x), "width": percent(width - gap), "height": str(ROW - 2)}
    cls = f"cell {mark.tone}{' ringed' if mark.ringed else ''}"
    found = str(el("rect", title(mark.hint) if hints else "", class_=cls, **shape))
    middle = percent(x + (width - gap) / 2)
    if mark.words and (written or mark.words == "—"):
        found += text(middle, 13.5, mark.words, mark.ink, "middle")
    elif mark.minus:
        found += at(middle, 9, el("path", d="M-3 0H3", class_=f"minus {mark.ink}"))
    return found


def _piece(
    grid: Grid, first: int, last: int, top: float, kind: str, left: float, right: float
) -> tuple[list[str], float]:
    """The columns from ``first`` up to ``last``, without rows that a piece leaves empty; the drawing and its height."""
    room = ASSUMED[kind]
    columns = grid.columns[first:last]
    height = _head_height(columns, left, right, room)
    drawn, _turned = _head(columns, left, right, room, top + height - 6)
    width = (100 - left - right) / len(columns)
    pixels = width * room / 100
    marked = [[(k, grid.mark(i, k)) for k in range(first, last)] for i in range(len(grid.rows))]
    whole = last - first == len(grid.columns)
    shown = [i for i, marks in enumerate(marked) if whole or any(mark for _k, mark in marks)]
    for place, i in enumerate(shown):
        (name, href, strong), marks = grid.rows[i], marked[i]
        y = top + height + ROW * place
        words = text(percent(left - 1), 13.5, fitted(name, left * room / 100 - 8), "strong" if strong else "ink", "end")
        words = el("a", title(name), words, href=href) if href else el("g", title(name), words)
        written = all(text_width(m.words) <= pixels - 3 for _k, m in marks if m)
        cells = [_cell(m, left + width * (k - first), width, kind == "wide", written) for k, m in marks if m]
        drawn.append(el("svg", words, *cells, y=number(y), width="100%", height=ROW, overflow="visible"))
    return drawn, height + ROW * len(shown)


def _beside(grid: Grid, room: float, left: float) -> float:
    """The margin in per cent that the names of the last blocks need at the right of a staircase."""
    needed, at_column = 0.0, 0
    for name, count in grid.blocks if grid.stairs else ():
        at_column += count
        end = at_column / max(1, len(grid.columns))
        name_wide = 100 * (text_width(name) + 10) / room
        # left + end * (100 - left - margin) + name_wide <= 100
        needed = max(needed, (left + end * (100 - left) + name_wide - 100) / end)
    return min(needed, 22.0)


def _blocks(grid: Grid, left: float, right: float, top: float, room: float) -> list[str]:
    """Rules between neighbouring blocks; under a staircase the names stand in the empty half."""
    width = (100 - left - right) / max(1, len(grid.columns))
    found, at_column = [], 0
    for name, count in grid.blocks:
        x, y = left + width * at_column, top + ROW * at_column
        if grid.stairs:
            size = {"width": percent(width * count), "height": number(ROW * count - 2)}
            found.append(el("rect", title(name), x=percent(x), y=number(y), class_="block", **size))
            end = x + width * count
            space = (100 - end) * room / 100 - 6
            if space >= min(30.0, text_width(name, 12.5)):
                found.append(text(percent(end + 0.6), y + 13.5, fitted(name, space), "ink-2"))
        else:
            space = width * count * room / 100 - 4
            found += [text(percent(x), 11, fitted(name, space), "ink-2")] if space > 24 else []
            found += [line(percent(x), 0, percent(x), top + ROW * len(grid.rows), "axis")] if at_column else []
        at_column += count
    return found


def draw(grid: Grid, *, label: str, cls: str) -> SafeString:
    """Both drawings of a grid; a staircase is never broken into pieces."""
    if not grid.rows or not grid.columns:
        return chart(40, label, text("0%", 24, "—"))
    longest = max(text_width(name) for name, _href, _strong in grid.rows)
    role = "group" if any(href for _name, href, _strong in grid.rows) else "img"
    drawings = []
    for kind, room in ASSUMED.items():
        left = min(22.0 if kind == "wide" else 34.0, 100 * (longest + 16) / room)
        step = len(grid.columns)
        if kind == "narrow" and not grid.stairs and step > PIECE + 4:
            step = -(-step // -(-step // PIECE))  # pieces of about the same breadth
        right = _beside(grid, room, left)
        parts: list[str] = []
        whole = step == len(grid.columns)
        top = LEAD if grid.blocks and whole and not grid.stairs else 0.0
        for first in range(0, len(grid.columns), step):
            piece, height = _piece(grid, first, min(first + step, len(grid.columns)), top, kind, left, right)
            parts += piece
            top += height + 14
        if whole:
            head = _head_height(grid.columns, left, right, room) + (0.0 if grid.stairs else LEAD)
            parts += _blocks(grid, left, right, head, room)
        drawings.append(chart(top - 12, label, *parts, cls=f"{cls} chart-{kind}", role=role))
    return el("div", *drawings, class_="chart-box")


def _reordered(rows: Sequence[HeatRow], order: Sequence[int] | None) -> list[HeatRow]:
    return [rows[i] for i in order] if order is not None else list(rows)


def heat_map(
    rows: Sequence[HeatRow],
    columns: Sequence[str],
    *,
    label: str,
    low: float | None = None,
    high: float | None = None,
    middle: float | None = None,
    unit: str = "",
    digits: int = 0,
    order: Sequence[int] | None = None,
    column_order: Sequence[int] | None = None,
    blocks: Sequence[tuple[str, int]] = (),
) -> SafeString:
    """Units by indicators in five steps from ``low`` to ``high``; with ``middle`` in seven steps to both sides of it.

    ``order`` and ``column_order`` are permutations, as a clustering gives them; ``blocks`` names neighbouring columns.
    """
    lines = _reordered(rows, order)
    turn = list(column_order) if column_order is not None else list(range(len(columns)))
    known = [v for row in rows for v in row.values if v is not None]
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    bottom, top = min(known) if low is None else low, max(known) if high is None else high
    reach = 0.0 if middle is None else max(abs(bottom - middle), abs(top - middle)) or 1.0

    def mark(i: int, k: int) -> Mark:
        value, name = lines[i].values[turn[k]], f"{lines[i].name}, {columns[turn[k]]}"
        if value is None:
            return Mark("void", "ink-2", "—", f"{name} —")
        words, hint = f"{value:.{digits}f}".replace("-", "−"), f"{name} {value:.{max(digits, 1)}f}{unit}"
        if middle is None:
            step = sequential(value, bottom, top)
            return Mark(f"q{step}", f"qt{step}", words, hint)
        step = diverging(value - middle, (reach / 7, 3 * reach / 7, 5 * reach / 7))
        return Mark(*tone(step), words, hint, minus=step < 0)

    heads = [(row.name, row.href, row.strong) for row in lines]
    return draw(Grid(heads, [columns[k] for k in turn], mark, blocks), label=label, cls="heat")


def correlation_map(
    names: Sequence[str],
    matrix: Sequence[Values],
    *,
    label: str,
    order: Sequence[int] | None = None,
    blocks: Sequence[tuple[str, int]] = (),
    limits: tuple[float, float, float] = (0.3, 0.6, 0.9),
    flags: Sequence[tuple[int, int]] = (),
    full_names: Sequence[str] = (),
) -> SafeString:
    """The lower half of a correlation matrix; what lies below the first limit stays pale, ``flags`` are ringed.

    ``order`` permutes rows and columns alike, and ``blocks`` (name, count) frames groups of neighbours in that order.
    """
    turn = list(order) if order is not None else list(range(len(names)))
    ringed = {frozenset(pair) for pair in flags}
    spoken = full_names or names

    def mark(i: int, k: int) -> Mark | None:
        a, b = turn[i], turn[k]
        if k > i:
            return None
        if k == i:
            return Mark("void", "ink-2", "", spoken[a])
        value = matrix[a][b]
        if value is None or value != value:
            return Mark("void", "ink-2", "—", f"{spoken[a]}, {spoken[b]} —")
        told = f"{value:+.2f}".replace("-", "−")
        step, flag = diverging(value, limits), frozenset((a, b)) in ringed
        hint = f"{spoken[a]}, {spoken[b]} {told}"
        return Mark(*tone(step), told.replace("0.", "."), hint, value <= -limits[0], flag)

    short = [names[k] for k in turn]
    return draw(Grid([(name, "", False) for name in short], short, mark, blocks, True), label=label, cls="heat")


def acceptability(
    rows: Sequence[HeatRow], *, label: str, estimates: Sequence[int | None] = (), first: int = 1
) -> SafeString:
    """Units by ranks: how often (0 to 1) a unit took a rank in the runs; the published rank is ringed.

    A cell under one half per cent is left empty; ``first`` is the rank of the first column.
    """
    count = max((len(row.values) for row in rows), default=0)
    limits = (0.05, 0.15, 0.3, 0.6)

    def mark(i: int, k: int) -> Mark | None:
        share = rows[i].values[k] if k < len(rows[i].values) else None
        own = k < count and i < len(estimates) and estimates[i] == first + k
        if (share is None or share < 0.005) and not own:
            return None
        hint = f"{rows[i].name}, {first + k}: {100 * (share or 0.0):.0f} %"
        step = 1 + sum((share or 0.0) >= limit for limit in limits)
        words = "<1" if (share or 0.0) < 0.01 else f"{100 * (share or 0.0):.0f}"
        return Mark(f"q{step}" if share and share >= 0.005 else "void", f"qt{step}", words, hint, ringed=own)

    heads = [(row.name, row.href, row.strong) for row in rows]
    columns = [str(first + k) for k in range(count)]
    return draw(Grid(heads, columns, mark), label=label, cls="heat ranks")
