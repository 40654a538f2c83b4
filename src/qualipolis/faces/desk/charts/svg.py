"""The few SVG pieces every chart is made of.

Lengths along x are per cent of the box, lengths along y are pixels: a chart fills its place at any width and its
words keep their size. Colours come from classes that read the tokens, so the dark theme and print need no second
drawing, and no style attribute is ever written (strict CSP).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    1: "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z",
    2: "M0-5.5 5.5 0 0 5.5-5.5 0Z",
    3: "M-4-4H4V4H-4Z",
    4: "M0-5.2 5 4H-5Z",
    5: "M-5-1.3H5V1.3H-5Z",
}


def number(value: float) -> str:
    """At most three decimals, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(value: float) -> str:
    return f"{number(value)}%"


def el(tag: str, *children: str, **attributes: object) -> SafeString:
    """One element; ``class_`` is written ``class``, ``stroke_width`` is written ``stroke-width``; None is left out."""
    pairs = []
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        name = key.rstrip("_").replace("_", "-") if key != "viewBox" else key
        name = "preserveAspectRatio" if key == "preserve" else name
        pairs.append(f' {name}="{escape(number(value) if isinstance(value, float) else value)}"')
    inside = "".join(children)
    body = f">{inside}</{tag}>" if inside else "/>"
    return mark_safe(f"<{tag}{''.join(pairs)}{body}")  # noqa: S308 - every value above is escaped


def words(content: object) -> SafeString:
    return escape(content)


def title(content: str) -> SafeString:
    return el("title", words(content)) if content else mark_safe("")


def text(x: str, y: float, content: object, cls: str = "", anchor: str = "start", **more: object) -> SafeString:
    anchor_value = None if anchor == "start" else anchor
    return el("text", words(content), x=x, y=number(y), class_=cls, text_anchor=anchor_value, **more)


def line(x1: str, y1: str | float, x2: str, y2: str | float, cls: str) -> SafeString:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=cls)


def at(x: str, y: str | float, *children: str) -> SafeString:
    """Children drawn around the point (x, y)."""
    return el("svg", *children, x=x, y=y, overflow="visible", width="1", height="1")


def mark(x: str, y: str | float, shape: int = 1, cls: str = "", hint: str = "") -> SafeString:
    return at(x, y, el("path", title(hint), d=SHAPES[shape], class_=cls or f"c{shape}"))


def stretched(height: float, *children: str) -> SafeString:
    """A 100 × ``height`` drawing stretched along x only; strokes keep their width."""
    view = f"0 0 100 {number(height)}"
    return el("svg", *children, viewBox=view, preserve="none", width="100%", height=height, overflow="visible")


def path(points: Sequence[tuple[float, float] | None], cls: str) -> SafeString:
    """A line through the points, broken where one is missing; for use inside :func:`stretched`."""
    steps, pen_up = [], True
    for point in points:
        if point is None:
            pen_up = True
            continue
        steps.append(f"{'M' if pen_up else 'L'}{number(point[0])} {number(point[1])}")
        pen_up = False
    return el("path", d="".join(steps), class_=cls, vector_effect="non-scaling-stroke", fill="none")


def ribbon(
    upper: Sequence[tuple[float, float] | None], lower: Sequence[tuple[float, float] | None], cls: str = "band"
) -> SafeString:
    """The area between two lines, one polygon for each unbroken stretch."""
    shapes: list[str] = []
    run: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for high, low in [*zip(upper, lower, strict=True), (None, None)]:
        if high is not None and low is not None:
            run.append((high, low))
            continue
        if len(run) > 1:
            ring = [pair[0] for pair in run] + [pair[1] for pair in reversed(run)]
            shapes.append("M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z")
        run = []
    return el("path", d="".join(shapes), class_=cls) if shapes else mark_safe("")


def plot(left: float, right: float, *children: str, y: float = 0, height: float | None = None) -> SafeString:
    """The plotting area: ``left`` and ``right`` are the margins in per cent of the chart."""
    return el(
        "svg",
        *children,
        x=percent(left),
        y=number(y),
        width=percent(100 - left - right),
        height=height,
        overflow="visible",
    )


def chart(
    height: float, label: str, *children: str, cls: str = "", role: str = "img", width: str = "100%"
) -> SafeString:
    """The outer element. ``label`` is the sentence a screen reader speaks."""
    return el(
        "svg",
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"chart {cls}".strip(),
        role=role,
        aria_label=label,
        width=width,
        height=number(height),
    )


def box(drawing: str) -> SafeString:
    """Lets a chart choose between its wide and its narrow words by its own width."""
    return el("div", drawing, class_="chart-box")


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round steps (1, 2, 5 times a power of ten) inside [low, high]."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return [low]
    raw = (high - low) / max(1, most)
    power = 10.0 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = -floor(-low / step + 1e-9)
    return [round(step * k, 10) for k in range(int(first), floor(high / step + 1e-9) + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move label positions apart until no two are nearer than ``gap``, inside [low, high] where they fit."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    last = low - gap
    for i in order:
        placed[i] = max(wanted[i], last + gap)
        last = placed[i]
    limit = high
    for i in reversed(order):
        if placed[i] > limit:
            placed[i] = limit
        limit = placed[i] - gap
    return placed


def text_width(content: str, size: float = 12) -> float:
    """Rough width in pixels: a full-width character is one em, any other a little over half."""
    return sum(size if ord(character) > 0x2E7F else size * 0.56 for character in content)
