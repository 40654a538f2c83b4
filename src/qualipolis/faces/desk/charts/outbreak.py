"""Counts by week against what was expected: the band of what chance does, its upper end, weeks above it, the week called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import (
    at,
    box,
    chart,
    el,
    line,
    mark,
    number,
    path,
    percent,
    plot,
    ribbon,
    spread,
    stretched,
    text,
    ticks,
    words,
)

LEFT, RIGHT, TOP = 8.0, 15.0, 22.0
Values = Sequence[float | None]


@dataclass(frozen=True)
class Weekly:
    """Weeks by name with counts, expected numbers and upper ends; None where too little came before to say."""

    names: Sequence[str]
    counts: Sequence[int]
    expected: Values
    bound: Values


def outbreak(
    told: Weekly, *, label: str, called: int | None = None, called_name: str = "", expected_name: str = "",
    bound_name: str = "", height: int = 200,
) -> SafeString:  # fmt: skip
    """Draw the weeks; a week above its upper end is a triangle, the week that was called has a line and its name."""
    if not told.counts:
        return chart(40, label, text("0%", 24, "—"))
    top = 1.12 * max([1.0, *told.counts, *(v for v in told.bound if v is not None)])
    marks = [v for v in ticks(0, top) if v == int(v)]

    def x(i: int) -> float:
        return 100 * i / max(1, len(told.counts) - 1)

    def y(value: float) -> float:
        return height * (1 - value / top)

    def points(values: Values) -> list[tuple[float, float] | None]:
        return [None if v is None else (x(i), y(v)) for i, v in enumerate(values)]

    floor = [None if v is None else 0.0 for v in told.bound]
    lines = [ribbon(points(told.bound), points(floor)), path(points(told.bound), "l5 thin")]
    lines += [path(points(told.expected), "ref"), path(points(list(told.counts)), "l1")]
    parts: list[str] = [line("0%", y(v), "100%", y(v), "grid") for v in marks]
    if called is not None:
        anchor = "end" if x(called) > 60 else "start" if x(called) < 20 else "middle"
        parts.append(line(percent(x(called)), -4.0, percent(x(called)), height, "ref"))
        parts.append(text(percent(x(called)), -8, called_name, "strong", anchor))
    parts += [stretched(height, *lines), *_dots(told, x, y)]
    names = _ends(told, y, expected_name, bound_name)
    scale = [text(percent(LEFT - 1.5), TOP + y(v) + 4, f"{v:g}", anchor="end") for v in marks]
    body = plot(LEFT, RIGHT, *parts, *_weeks(told.names, x, height), y=TOP)
    return box(chart(height + TOP + 28, label, *scale, body, *names, cls="outbreak"))


def _dots(told: Weekly, x, y) -> list[str]:  # type: ignore[no-untyped-def]
    """The weeks themselves: triangles above the upper end, small dots below it."""
    found = []
    for i, (name, count, bound) in enumerate(zip(told.names, told.counts, told.bound, strict=True)):
        hint = f"{name}: {count}" + ("" if bound is None else f" (≤ {bound:g})")
        if bound is not None and count > bound:
            found.append(mark(percent(x(i)), y(count), 4, "c2", hint))
        else:
            found.append(at(percent(x(i)), y(count), el("circle", el("title", hint), r="2.4", class_="c1")))
    return found


def _weeks(names: Sequence[str], x, height: float) -> list[str]:  # type: ignore[no-untyped-def]
    """The names of some weeks: five in a wide box, three in a narrow one."""
    last = len(names) - 1
    found = []
    for most, cls in ((4, "wide"), (2, "narrow")):
        shown = sorted({round(last * k / most) for k in range(most + 1)})
        for i in shown:
            anchor = "start" if i == 0 else "end" if i == last else "middle"
            found.append(text(percent(x(i)), height + 19, names[i], cls, anchor))
    return found


def _ends(told: Weekly, y, expected_name: str, bound_name: str) -> list[str]:  # type: ignore[no-untyped-def]
    """The names of the lines at their right end."""
    wanted = [
        (values[-1], name)
        for values, name in ((told.bound, bound_name), (told.expected, expected_name))
        if values[-1] is not None and name
    ]
    placed = spread([TOP + y(value) + 4 for value, _name in wanted], 15, 10, TOP + y(0) + 4)
    found = []
    for at_, (value, name) in zip(placed, wanted, strict=True):
        wide = el("tspan", words(f"{name} "), class_="wide")
        found.append(el("text", wide, words(f"{value:.3g}"), x=percent(101 - RIGHT), y=number(at_), class_="ink-2"))
    return found
