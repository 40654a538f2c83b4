"""Funnel plot: the share of each place against its number of cases, between the limits of chance round the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.labels import place
from qualipolis.faces.desk.charts.svg import (
    SHAPES,
    at,
    box,
    chart,
    el,
    line,
    number,
    path,
    percent,
    plot,
    stretched,
    text,
    ticks,
    title,
)

EDGE = 12


@dataclass(frozen=True)
class Spot:
    """One place: cases, share in per cent, and how far out it lies: 0 inside, 1 outside the inner, 2 the outer limits."""

    name: str
    cases: int
    share: float
    outside: int = 0
    href: str = ""


@dataclass(frozen=True)
class Limits:
    """Limits at rising numbers of cases, in per cent."""

    cases: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def funnel(
    spots: Sequence[Spot],
    whole: float,
    inner: Limits,
    outer: Limits,
    *,
    label: str,
    x_name: str,
    y_name: str,
    height: int = 340,
) -> SafeString:
    """Draw the places; only those outside a limit are named, so that the eye does not rank the others."""
    if not spots:
        return chart(40, label, text("0%", 24, "—"))
    most = max(s.cases for s in spots) * 1.04
    bottom = min([s.share for s in spots] + [v for c, v in zip(inner.cases, inner.low, strict=True) if c >= 12])
    low, high = max(0.0, bottom - 2), 100.0 + (100 - bottom) * 0.02

    def x(value: float) -> float:
        return 100 * value / most

    def y(value: float) -> float:
        return EDGE + (height - 2 * EDGE) * (1 - (max(value, low) - low) / (high - low))

    marks = [t for t in ticks(low, 100) if t <= 100]
    parts: list[str] = [line("0%", y(t), "100%", y(t), "grid") for t in marks]
    parts.append(stretched(height, *_curves(inner, outer, x, y, low)))
    parts.append(line("0%", y(whole), "100%", y(whole), "ref"))
    parts += _spots(spots, x, y, height)
    parts += [text(percent(x(t)), height + 15, f"{t:g}", anchor="middle") for t in ticks(0, most) if t <= most * 0.97]
    numbers = [text("9%", 26 + y(t), f"{t:g}%", anchor="end") for t in marks]
    names = [text("0%", 12, y_name, "ink-2"), text("98%", height + 54, x_name, "ink-2", "end")]
    role = "group" if any(s.href for s in spots) else "img"
    return box(chart(height + 60, label, *names, *numbers, plot(10, 2, *parts, y=22), cls="quadrant funnel", role=role))


def _curves(inner: Limits, outer: Limits, x, y, low: float) -> list[SafeString]:  # type: ignore[no-untyped-def]
    drawn = []
    for limits, cls in ((outer, "l5"), (inner, "limit")):
        for side in (limits.low, limits.high):
            points = [
                (x(n), y(v)) if v >= low else None for n, v in zip(limits.cases, side, strict=True) if x(n) <= 100
            ]
            drawn.append(path(points, cls))
    return drawn


def _spots(spots: Sequence[Spot], x, y, height: int) -> list[str]:  # type: ignore[no-untyped-def]
    where = [(x(s.cases), y(s.share)) for s in spots]
    order = sorted((i for i, s in enumerate(spots) if s.outside), key=lambda i: -spots[i].outside)
    names = [s.name for s in spots]
    sizes = {"wide": 640, "narrow": 250}
    labels = {kind: place(where, names, order, width, height) for kind, width in sizes.items()}
    drawn = []
    for i, (spot, point) in enumerate(zip(spots, where, strict=True)):
        shape = {0: 1, 1: 2, 2: 4}[spot.outside]
        hint = f"{spot.name}: {spot.share:.1f}% (n = {spot.cases})"
        inside: list[str] = [title(hint), el("path", d=SHAPES[shape], class_=f"c{shape if spot.outside else 1} dot")]
        for kind, found in labels.items():
            if i in found:
                dx, dy, anchor = found[i]
                inside.append(text(number(dx), dy, spot.name, f"strong {kind}", anchor))
        body = el("a", *inside, href=spot.href, aria_label=hint) if spot.href else "".join(inside)
        drawn.append(at(percent(point[0]), point[1], body))
    return drawn
