"""Rates over the years: each year an estimate of its own with its interval, so whiskers and no band between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import (
    at,
    box,
    chart,
    el,
    line,
    mark,
    path,
    percent,
    plot,
    stretched,
    text,
    ticks,
    title,
)

SIDE = 7.0


@dataclass(frozen=True)
class YearRate:
    """One year in per cent; ``provisional`` draws it hollow, ``weighted`` False as a square: a share, no estimate."""

    year: str
    value: float | None
    low: float | None = None
    high: float | None = None
    provisional: bool = False
    weighted: bool = True


def rate_series(
    years: Sequence[YearRate], *, label: str, goal: float | None = None, goal_name: str = "", height: int = 220
) -> SafeString:
    """Draw the rates; years of different kinds (estimate, plain share) are not joined by a line."""
    known = [v for y in years for v in (y.value, y.low, y.high) if v is not None]
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    if goal is not None:
        known.append(goal)
    reach = (max(known) - min(known)) or 1.0
    low, high = max(0.0, min(known) - 0.1 * reach), min(100.0, max(known) + 0.16 * reach)
    last = max(1, len(years) - 1)

    def x(i: int) -> float:
        return SIDE + (100 - 2 * SIDE) * i / last if len(years) > 1 else 50.0

    def y(value: float) -> float:
        return height * (1 - (value - low) / (high - low))

    marks = ticks(low, high)
    parts: list[str] = [line("0%", y(t), "100%", y(t), "grid") for t in marks]
    if goal is not None:
        parts += [line("0%", y(goal), "100%", y(goal), "ref"), text("100%", y(goal) - 5, goal_name, "ink-2", "end")]
    parts.append(stretched(height, *_joined(years, x, y)))
    for i, one in enumerate(years):
        parts += _year(one, percent(x(i)), y)
        parts.append(text(percent(x(i)), height + 20, one.year, anchor="middle"))
    numbers = [text("8%", 12 + y(t), f"{t:g}%", anchor="end") for t in marks]
    return box(chart(height + 36, label, *numbers, plot(9, 1, *parts, y=8), cls="rates"))


def _joined(years: Sequence[YearRate], x, y) -> list[SafeString]:  # type: ignore[no-untyped-def]
    drawn = []
    for i, (one, after) in enumerate(pairwise(years)):
        if one.value is not None and after.value is not None and one.weighted == after.weighted:
            drawn.append(path([(x(i), y(one.value)), (x(i + 1), y(after.value))], "lead"))
    return drawn


def _year(one: YearRate, x: str, y) -> list[str]:  # type: ignore[no-untyped-def]
    if one.value is None:
        return []
    parts: list[str] = []
    hint = f"{one.year} {one.value:.2f}%"
    if one.low is not None and one.high is not None:
        hint += f" ({one.low:.2f}–{one.high:.2f}%)"
        parts.append(line(x, y(one.low), x, y(one.high), "whisk"))
        parts += [at(x, y(end), el("path", d="M-5 0H5", class_="cap")) for end in (one.low, one.high)]
    shape = 1 if one.weighted else 3
    parts.append(mark(x, y(one.value), shape, "c1", hint))
    if one.provisional:
        parts.append(at(x, y(one.value), el("circle", title(hint), r="7.5", class_="prev")))
    parts.append(
        text(x, y(one.high if one.high is not None else one.value) - 8, f"{one.value:.2f}", "strong", "middle")
    )
    return parts
