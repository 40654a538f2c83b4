"""Pareto: what fails most, each with its share of all failures, and the line of the shares added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

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
    stretched,
    text,
    text_width,
    title,
)

ROW, TOP, BAR = 44, 24, 14
RIGHT = 4.0


@dataclass(frozen=True)
class Heap:
    """One cause with its number of failures; ``note`` is written after the number, ``strong`` marks safety items."""

    name: str
    count: int
    note: str = ""
    strong: bool = False


def cumulative(heaps: Sequence[Heap]) -> list[float]:
    """Return the shares added up, 0 to 1.

    >>> cumulative([Heap("a", 3), Heap("b", 1)])
    [0.75, 1.0]
    """
    total = sum(heap.count for heap in heaps) or 1
    return [part / total for part in accumulate(heap.count for heap in heaps)]


def pareto(heaps: Sequence[Heap], *, label: str) -> SafeString:
    """Bars and line on one scale, the share of all failures: names stand above their bars, so they fit any width."""
    if not heaps:
        return chart(40, label, text("0%", 24, "—"))
    total, sums = sum(heap.count for heap in heaps), cumulative(heaps)
    height = TOP + ROW * len(heaps)
    parts: list[str] = [line(percent(t), TOP, percent(t), height, "grid") for t in (0, 25, 50, 80, 100)]
    parts += [text(percent(t), 12, f"{t}%", anchor="middle") for t in (0, 25, 50, 80, 100)]
    points: list[tuple[float, float] | None] = [
        (100 * added, TOP + ROW * i + 22 + BAR / 2) for i, added in enumerate(sums)
    ]
    parts.append(stretched(height, path(points, "l5")))
    parts += [mark(percent(p[0]), p[1], 3, "c5") for p in points if p is not None]
    for i, (heap, added) in enumerate(zip(heaps, sums, strict=True)):
        parts += _row(heap, TOP + ROW * i, heap.count / total, added)
    return box(chart(height + 6, label, plot(RIGHT, RIGHT, *parts), cls="pareto"))


def _row(heap: Heap, y: float, share: float, added: float) -> list[str]:
    words = f"{heap.count} · {share:.0%} · Σ {added:.0%}{f' {heap.note}' if heap.note else ''}"
    width = text_width(words) + 6
    bar = el("rect", title(f"{heap.name} {words}"), x="0%", y=number(y + 22), width=percent(100 * share), height=str(BAR),
             class_="bar-down" if heap.strong else "bar-up")  # fmt: skip
    halo = at("100%", y, el("rect", x=number(-width), y="4", width=number(width + 2), height="15", class_="halo"))
    name = text("0%", y + 16, heap.name, "strong" if heap.strong else "ink")
    return [halo, name, bar, text("100%", y + 16, words, "ink-2", "end")]
