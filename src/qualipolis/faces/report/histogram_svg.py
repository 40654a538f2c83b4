"""The histogram of the values as SVG: classes, what the chosen law expects, the limits of the drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from qualipolis.faces.report.chart_marks import (
    BAD,
    BRAND,
    LINE,
    STRONG,
    Scale,
    document,
    element,
    label,
    line,
    ticks,
)
from qualipolis.methods.problems import msg
from qualipolis.methods.spc.findings import Findings, Histogram

Translate = Callable[[str], str]
BAR = "#A9D3D0"


def draw_histogram(
    found: Findings,
    translate: Translate = msg,
    *,
    decimals: int = 2,
    width: int = 760,
    height: int = 240,
    lang: str = "",
) -> str:
    """Return the histogram of the findings as an SVG document; empty when there is none."""
    histogram = found.histogram
    if histogram is None:
        return ""
    limits = list(found.specification.judged.items()) if found.specification is not None else []
    low, high = float(histogram.edges[0]), float(histogram.edges[-1])
    span = high - low
    near = [(sign, v) for sign, v in limits if low - 2 * span <= v <= high + 2 * span]
    low, high = min([low, *(v for _, v in near)]), max([high, *(v for _, v in near)])
    air = 0.04 * (high - low)
    x = Scale(low - air, high + air, 56, width - 24)
    top = max(int(histogram.counts.max()), 0 if histogram.curve is None else float(np.nanmax(histogram.curve)))
    y = Scale(0, 1.08 * top, height - 34, 22)
    parts = [*_frame(x, y, found.unit), *_bars(histogram, x, y), *_curve(histogram, x, y)]
    parts += _limits(near, x, y, decimals, translate)
    title = translate(msg("Histogram"))
    told = translate(msg("%(n)s values in %(classes)s classes.")) % {
        "n": f"{int(histogram.counts.sum()):,}", "classes": len(histogram.counts),
    }  # fmt: skip
    return document(width, height, title, told, parts, lang)


def _frame(x: Scale, y: Scale, unit: str) -> Iterator[str]:
    for tick in ticks(0, y.high, 4):
        if tick == int(tick):
            yield line(x.start, y(tick), x.stop, y(tick), class_="cc-grid", stroke=LINE, stroke_width=1)
            yield label(f"{int(tick):,}", x.start - 8, y(tick) + 4, text_anchor="end")
    steps = ticks(x.low, x.high, 7)
    places = max((len(f"{t:.10g}".partition(".")[2]) for t in steps), default=0)
    for tick in steps:
        yield label(f"{tick:.{places}f}", x(tick), y.start + 17, text_anchor="middle")
    yield line(x.start, y.start, x.stop, y.start, class_="cc-axis", stroke=STRONG, stroke_width=1)
    if unit:
        yield label(unit, x.stop, y.start + 31, text_anchor="end")


def _bars(histogram: Histogram, x: Scale, y: Scale) -> Iterator[str]:
    for left, right, count in zip(histogram.edges[:-1], histogram.edges[1:], histogram.counts, strict=True):
        if count:
            wide = max(0.5, x(float(right)) - x(float(left)) - 1)
            yield element(
                "rect", x=x(float(left)), y=y(float(count)), width=wide, height=y.start - y(float(count)),
                class_="cc-bar", fill=BAR,
            )  # fmt: skip


def _curve(histogram: Histogram, x: Scale, y: Scale) -> Iterator[str]:
    if histogram.curve is None:
        return
    middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
    points = " ".join(
        f"{x(float(at)):g},{y(float(height)):g}" for at, height in zip(middles, histogram.curve, strict=True)
    )
    yield element("polyline", points=points, fill="none", class_="cc-curve", stroke=BRAND, stroke_width=1.8)


def _limits(near: list[tuple[int, float]], x: Scale, y: Scale, decimals: int, translate: Translate) -> list[str]:
    parts = []
    for sign, limit in near:
        at = x(limit)
        parts.append(line(at, y.stop - 4, at, y.start, class_="cc-spec", stroke=BAD, stroke_width=1.8))
        text = msg("spec lower %(value)s") if sign < 0 else msg("spec upper %(value)s")
        said = translate(text) % {"value": f"{limit:.{decimals}f}"}
        anchor = "end" if at > (x.start + x.stop) / 2 else "start"
        place = at - 5 if anchor == "end" else at + 5
        parts.append(
            label(said, place, 14, text_anchor=anchor, fill=BAD, font_weight=700, class_="cc-text cc-spec-name")
        )
    return parts
