"""Two figures of each unit against each other, with their intervals, and names that keep out of each other's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.labels import Box, place
from qualipolis.faces.desk.charts.svg import (
    SHAPES,
    at,
    box,
    chart,
    el,
    line,
    number,
    percent,
    plot,
    stretched,
    text,
    ticks,
    title,
)

STRIP = 14


@dataclass(frozen=True)
class Point:
    """One unit: two figures, each with its interval where there is one; ``group`` 1 to 5 chooses marker and colour."""

    name: str
    x: float
    y: float
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None
    href: str = ""
    strong: bool = False
    group: int = 1

    @property
    def words(self) -> str:
        """The point as its hint says it."""
        return f"{self.name}: {_with(self.x, self.x_low, self.x_high)}; {_with(self.y, self.y_low, self.y_high)}"


def _with(value: float, low: float | None, high: float | None) -> str:
    return f"{value:.4g}" if low is None or high is None else f"{value:.4g} ({low:.4g}–{high:.4g})"


@dataclass(frozen=True)
class _Scale:
    x0: float
    x1: float
    y0: float
    y1: float
    height: float

    def x(self, value: float) -> float:
        return 100 * (value - self.x0) / (self.x1 - self.x0)

    def y(self, value: float) -> float:
        return STRIP + (self.height - 2 * STRIP) * (1 - (value - self.y0) / (self.y1 - self.y0))


def _reach(values: Sequence[float | None]) -> tuple[float, float]:
    known = [v for v in values if v is not None]
    low, high = min(known), max(known)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return low - room, high + room


def _scale(points: Sequence[Point], height: float) -> _Scale:
    xs = _reach([v for p in points for v in (p.x, p.x_low, p.x_high)])
    ys = _reach([v for p in points for v in (p.y, p.y_low, p.y_high)])
    return _Scale(*xs, *ys, height)


def _bars(point: Point, scale: _Scale) -> list[str]:
    """The intervals of one point, as lines through it."""
    x, y = percent(scale.x(point.x)), scale.y(point.y)
    found = []
    if point.x_low is not None and point.x_high is not None:
        found.append(line(percent(scale.x(point.x_low)), y, percent(scale.x(point.x_high)), y, "span"))
    if point.y_low is not None and point.y_high is not None:
        found.append(line(x, scale.y(point.y_low), x, scale.y(point.y_high), "span"))
    return found


def _obstacles(points: Sequence[Point], scale: _Scale, width: float) -> list[Box]:
    found: list[Box] = []
    for p in points:
        x, y = scale.x(p.x) * width / 100, scale.y(p.y)
        if p.x_low is not None and p.x_high is not None:
            found.append((scale.x(p.x_low) * width / 100, y - 1, scale.x(p.x_high) * width / 100, y + 1))
        if p.y_low is not None and p.y_high is not None:
            found.append((x - 1, scale.y(p.y_high), x + 1, scale.y(p.y_low)))
    return found


def _marks(points: Sequence[Point], scale: _Scale) -> list[str]:
    spots = [(scale.x(p.x), scale.y(p.y)) for p in points]
    names = [p.name for p in points]
    order = sorted(range(len(points)), key=lambda i: (not points[i].strong, -abs(spots[i][1] - scale.height / 2)))
    places = {
        kind: place(spots, names, order, width, scale.height, obstacles=_obstacles(points, scale, width))
        for kind, width in (("wide", 640), ("narrow", 250))
    }
    drawn = []
    for i, (p, spot) in enumerate(zip(points, spots, strict=True)):
        grow = {"transform": "scale(1.4)"} if p.strong else {}
        inside: list[str] = [title(p.words), el("path", d=SHAPES[p.group], class_=f"c{p.group} dot", **grow)]
        for kind, found in places.items():
            if i in found:
                dx, dy, anchor = found[i]
                inside.append(text(number(dx), dy, p.name, f"{'strong' if p.strong else 'ink'} {kind}", anchor))
        body = el("a", *inside, href=p.href, aria_label=p.words) if p.href else "".join(inside)
        drawn.append(at(percent(spot[0]), spot[1], body))
    return drawn


def _lines(scale: _Scale, diagonal: bool, fit: tuple[float, float] | None) -> str:
    """The lines of equal values and of a fit (intercept, slope), as far as they run inside the frame."""
    found = []
    for intercept, slope, cls in [*([(0.0, 1.0, "ref")] if diagonal else []), *([(*fit, "l5")] if fit else [])]:
        ends = [(v, intercept + slope * v) for v in (scale.x0, scale.x1)]
        if slope:
            ends += [((v - intercept) / slope, v) for v in (scale.y0, scale.y1)]
        inside = sorted(
            (x, y)
            for x, y in ends
            if scale.x0 - 1e-9 <= x <= scale.x1 + 1e-9 and scale.y0 - 1e-9 <= y <= scale.y1 + 1e-9
        )
        if len(inside) > 1:
            (xa, ya), (xb, yb) = inside[0], inside[-1]
            d = f"M{number(scale.x(xa))} {number(scale.y(ya))}L{number(scale.x(xb))} {number(scale.y(yb))}"
            found.append(el("path", d=d, class_=cls, vector_effect="non-scaling-stroke", fill="none"))
    return stretched(scale.height, *found) if found else ""


def scatter(
    points: Sequence[Point],
    *,
    label: str,
    x_name: str,
    y_name: str,
    height: int = 360,
    diagonal: bool = False,
    fit: tuple[float, float] | None = None,
) -> SafeString:
    """Points with their interval bars; ``diagonal`` draws the line of equal values, ``fit`` (intercept, slope) a grey line."""
    if not points:
        return chart(40, label, text("0%", 24, "—"))
    scale = _scale(points, height)
    parts: list[str] = [el("rect", width="100%", height=height, class_="grid")]
    parts += [line("0%", scale.y(t), "100%", scale.y(t), "grid") for t in ticks(scale.y0, scale.y1)]
    parts.append(_lines(scale, diagonal, fit))
    parts += [bar for p in sorted(points, key=lambda p: p.strong) for bar in _bars(p, scale)]
    parts += _marks(points, scale)
    parts += [text(percent(scale.x(t)), height + 17, f"{t:g}", anchor="middle") for t in ticks(scale.x0, scale.x1)]
    numbers = [text("7%", 26 + scale.y(t), f"{t:g}", anchor="end") for t in ticks(scale.y0, scale.y1)]
    frame = [text("0%", 12, y_name, "ink-2"), text("98%", height + 56, x_name, "ink-2", "end")]
    role = "group" if any(p.href for p in points) else "img"
    return box(chart(height + 62, label, *frame, *numbers, plot(8, 2, *parts, y=22), cls="quadrant scatter", role=role))
