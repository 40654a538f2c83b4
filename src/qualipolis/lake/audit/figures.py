"""Small drawings in the rows of a table: a rank with its interval, a bar with its error."""

from __future__ import annotations

WIDTH = 200.0
EDGE = 6.0
MIDDLE = 11.0
CAP = 5.0


def place_of(value: float, low: float, high: float) -> float:
    """Return where a value stands between the edges of a drawing.

    >>> place_of(1, 1, 3), place_of(3, 1, 3), place_of(5, 5, 5)
    (6.0, 194.0, 100.0)
    """
    if high <= low:
        return WIDTH / 2
    return round(EDGE + (min(max(value, low), high) - low) / (high - low) * (WIDTH - 2 * EDGE), 2)


def frame(inside: str) -> str:
    """Return a drawing that a screen reader passes over: its numbers stand beside it."""
    return f'<svg viewBox="0 0 {WIDTH:g} 22" preserveAspectRatio="none" aria-hidden="true">{inside}</svg>'


def line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """Return a line whose thickness does not stretch with the drawing."""
    ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
    return f'<line class="{name}" {ends} vector-effect="non-scaling-stroke"/>'


def whisker(low: float | None, high: float | None, at: float | None, size: int) -> str:
    """Return a rank among ``size`` with the ends of its interval; nothing is drawn of what is missing."""
    parts = [line(place_of(rank, 1, size), 0, place_of(rank, 1, size), 22, "rule") for rank in marks(size)]
    if low is not None and high is not None:
        left, right = place_of(low, 1, size), place_of(high, 1, size)
        parts.append(line(left, MIDDLE, right, MIDDLE, "span"))
        parts += [line(x, MIDDLE - CAP, x, MIDDLE + CAP, "span") for x in (left, right)]
    if at is not None:
        x = place_of(at, 1, size)
        parts.append(f'<rect class="dot" x="{x - 2.5:g}" y="{MIDDLE - 4:g}" width="5" height="8"/>')
    return frame("".join(parts))


def marks(size: int) -> tuple[float, ...]:
    """Return the ranks that get a faint rule: first, last and the quarters between.

    >>> marks(33), marks(2)
    ((1, 9.0, 17.0, 25.0, 33), (1, 2))
    """
    if size < 5:
        return tuple(range(1, size + 1))
    return (1, *(1 + (size - 1) * quarter / 4 for quarter in (1, 2, 3)), size)


def bar(value: float | None, low: float | None, high: float | None) -> str:
    """Return a share of 1 as a bar with the ends of its interval."""
    parts = [line(place_of(mark, 0, 1), 0, place_of(mark, 0, 1), 22, "rule") for mark in (0, 0.25, 0.5, 0.75, 1)]
    if value is not None:
        width = max(place_of(value, 0, 1) - EDGE, 0)
        parts.append(f'<rect class="soft" x="{EDGE:g}" y="5" width="{width:g}" height="12"/>')
        parts.append(line(EDGE + width, 5, EDGE + width, 17, "span"))
    if low is not None and high is not None:
        parts.append(line(place_of(low, 0, 1), MIDDLE, place_of(high, 0, 1), MIDDLE, "span"))
    return frame("".join(parts))
