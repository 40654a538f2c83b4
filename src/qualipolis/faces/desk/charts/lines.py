"""Lines over time: the sparkline of a tile, the trend with its interval band, and up to five series."""

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
    path,
    percent,
    plot,
    ribbon,
    spread,
    stretched,
    text,
    text_width,
    ticks,
    title,
)

LEFT = 10.0  # margin of the scale, per cent
Values = Sequence[float | None]


@dataclass(frozen=True)
class Series:
    """One line; a missing value is None and leaves a gap."""

    name: str
    values: Values


def _known(*groups: Values | None) -> list[float]:
    return [value for group in groups if group for value in group if value is not None]


def _domain(values: list[float], room: float = 0.08, zero: bool = False) -> tuple[float, float]:
    low, high = min(values), max(values)
    if zero:
        low = min(low, 0.0)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    return low - room * reach, high + room * reach


def _points(values: Values, low: float, high: float, height: float) -> list[tuple[float, float] | None]:
    last = max(1, len(values) - 1)
    return [
        None if v is None else (100 * i / last if len(values) > 1 else 50.0, height * (1 - (v - low) / (high - low)))
        for i, v in enumerate(values)
    ]


def sparkline(
    values: Values,
    *,
    label: str,
    low: Values | None = None,
    high: Values | None = None,
    target: float | None = None,
    first: str = "",
    last: str = "",
    height: int = 46,
) -> SafeString:
    """Eight periods or so with their band; the first and the last value are written."""
    known = _known(values, low, high, [target])
    if not known:
        return chart(height, label, text("0%", height / 2, "—"), cls="spark")
    bottom, top = _domain(known, 0.1)
    points = _points(values, bottom, top, height)
    inner = []
    if low and high:
        inner.append(ribbon(_points(high, bottom, top, height), _points(low, bottom, top, height)))
    inner.append(path(points, "l1"))
    parts: list[str] = [stretched(height, *inner)]
    if target is not None:
        y = height * (1 - (target - bottom) / (top - bottom))
        parts.insert(0, line("0%", y, "100%", y, "ref"))
    drawn = [p for p in points if p is not None]
    end = drawn[-1]
    parts.append(at(percent(end[0]), end[1], el("circle", r="4", class_="c1")))
    outer = [plot(15, 27, *parts, height=height)]
    outer.append(text("13%", drawn[0][1] + 4, first, anchor="end") if first else "")
    outer.append(text("76%", end[1] + 5, last, "strong big") if last else "")
    return chart(height, label, title(label), *outer, cls="spark")


def _frame(low: float, high: float, height: float, marks: Sequence[float]) -> list[str]:
    lines = []
    for value in marks:
        y = height * (1 - (value - low) / (high - low))
        lines.append(line("0%", y, "100%", y, "grid"))
    return lines


def _scale(
    low: float, high: float, height: float, top: float, marks: Sequence[float], left: float, sign: int = 1
) -> list[str]:
    return [
        text(
            percent(left - 1.5),
            top + height * (1 - (value - low) / (high - low)) + 4,
            f"{value * sign:g}",
            anchor="end",
        )
        for value in marks
    ]


def _periods(labels: Sequence[str], y: float) -> list[str]:
    last = max(1, len(labels) - 1)
    every = -(-len(labels) // 12)
    return [
        text(percent(100 * i / last if len(labels) > 1 else 50), y, name, anchor="middle")
        for i, name in enumerate(labels)
        if i % every == 0 or i == last
    ]


def trend(
    labels: Sequence[str],
    values: Values,
    *,
    label: str,
    low: Values | None = None,
    high: Values | None = None,
    reference: Values | None = None,
    reference_name: str = "",
    end_label: str = "",
    unit: str = "",
    height: int = 190,
    reverse: bool = False,
) -> SafeString:
    """One line over the years with its interval band; ``reference`` is a grey context line; ranks use ``reverse``."""
    known = _known(values, low, high, reference)
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    sign = -1 if reverse else 1

    def turned(group: Values) -> list[float | None]:
        return [None if v is None else v * sign for v in group]

    bottom, top = _domain([v * sign for v in known])
    marks = [v for v in ticks(bottom, top) if not reverse or -v >= 1]
    inner: list[str] = []
    if low and high:
        inner.append(ribbon(_points(turned(high), bottom, top, height), _points(turned(low), bottom, top, height)))
    if reference:
        inner.append(path(_points(turned(reference), bottom, top, height), "l5"))
    points = _points(turned(values), bottom, top, height)
    inner.append(path(points, "l1"))
    parts: list[str] = [*_frame(bottom, top, height, marks), stretched(height, *inner)]
    parts += _dots(labels, points, values, low, high, unit)
    right = 12 if text_width(end_label) < 36 and not reference_name else 20
    context = _points(turned(reference), bottom, top, height) if reference else []
    ends = _ends(102 - right, points, end_label, context, reference_name, height)
    numbers = _scale(bottom, top, height, 8, marks, LEFT, sign)
    parts += _periods(labels, height + 20)
    return box(chart(height + 36, label, *numbers, plot(LEFT, right, *parts, y=8), *ends, cls="trend"))


def _dots(labels, points, values, low, high, unit) -> list[str]:  # type: ignore[no-untyped-def]
    drawn = []
    for i, point in enumerate(points):
        if point is not None:
            hint = _hint(labels[i], values[i], low[i] if low else None, high[i] if high else None, unit)
            drawn.append(mark(percent(point[0]), point[1], 1, hint=hint))
    return drawn


def _hint(period: str, value: float | None, low: float | None, high: float | None, unit: str) -> str:
    if value is None:
        return period
    words = f"{period} {value:g}{unit}"
    return words if low is None or high is None else f"{words} ({low:g}–{high:g})"


def _ends(
    x: float,
    points: list[tuple[float, float] | None],
    name: str,
    context: list[tuple[float, float] | None],
    other: str,
    height: float,
) -> list[str]:
    wanted, names = [], []
    for group, content, cls in ((points, name, "strong"), (context, other, "ink-2")):
        last = next((p for p in reversed(group) if p is not None), None)
        if last is not None and content:
            wanted.append(last[1] + 12)
            names.append((content, cls))
    placed = spread(wanted, 16, 10, height + 12)
    return [text(percent(x), y, content, cls) for y, (content, cls) in zip(placed, names, strict=True)]


def lines(labels: Sequence[str], series: Sequence[Series], *, label: str, height: int = 200) -> SafeString:
    """At most five series, each with its colour, its marker and its name at the end of the line."""
    if len(series) > 5:
        raise ValueError("a line chart holds at most five series; show the others in the table")
    known = _known(*(s.values for s in series))
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    low, high = _domain(known)
    marks = ticks(low, high)
    drawn = [_points(s.values, low, high, height) for s in series]
    parts: list[str] = _frame(low, high, height, marks)
    parts.append(stretched(height, *(path(points, f"l{i + 1}") for i, points in enumerate(drawn))))
    for i, (group, points) in enumerate(zip(series, drawn, strict=True)):
        for name, value, point in zip(labels, group.values, points, strict=True):
            if point is not None:
                parts.append(mark(percent(point[0]), point[1], i + 1, hint=f"{group.name}, {name} {value:g}"))
    parts += _periods(labels, height + 20)
    finals = [next((p for p in reversed(points) if p is not None), (100.0, height)) for points in drawn]
    ys = spread([p[1] + 12 for p in finals], 16, 10, height + 12)
    names = [text("81.5%", y, s.name, "ink") for y, s in zip(ys, series, strict=True)]
    numbers = _scale(low, high, height, 8, marks, 10)
    return box(chart(height + 36, label, *numbers, plot(11, 21, *parts, y=8), *names, cls="lines"))
