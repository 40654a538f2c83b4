"""Comparisons row by row: what a weight says against what it does, and ranks under several methods side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.bars import WIDE, Layout, both, role_of
from qualipolis.faces.desk.charts.intervals import DIAMOND, WIDE_DIAMOND
from qualipolis.faces.desk.charts.svg import (
    at,
    chart,
    el,
    line,
    path,
    percent,
    plot,
    spread,
    stretched,
    text,
    text_width,
    ticks,
    title,
)
from qualipolis.faces.desk.charts.tiers import fitted


@dataclass(frozen=True)
class Influence:
    """Nominal weight of an indicator and its importance, in per cent of the whole, with the interval of the latter."""

    name: str
    nominal: float
    importance: float
    low: float | None = None
    high: float | None = None
    href: str = ""

    @property
    def words(self) -> str:
        """The row as its hint says it."""
        interval = "" if self.low is None or self.high is None else f" ({self.low:.1f}–{self.high:.1f})"
        return f"{self.name}: {self.nominal:.1f} % → {self.importance:.1f} %{interval}"


def _influence(row: Influence, x, y: float) -> list[str]:  # type: ignore[no-untyped-def]
    found: list[str] = [line(x(row.nominal), y, x(row.importance), y, "lead")]
    if row.low is not None and row.high is not None:
        found.append(line(x(row.low), y, x(row.high), y, "whisk"))
        found += [at(x(end), y, el("path", d="M0-4.5V4.5", class_="cap")) for end in (row.low, row.high)]
    near = abs(float(x(row.nominal)[:-1]) - float(x(row.importance)[:-1])) < 1.6
    found.append(at(x(row.nominal), y, el("path", d=WIDE_DIAMOND if near else DIAMOND, class_="prev")))
    found.append(at(x(row.importance), y, el("circle", title(row.words), r="4.8", class_="c1")))
    return found


def importance(rows: Sequence[Influence], *, label: str, unit: str = " %") -> SafeString:
    """One row an indicator: a hollow diamond for its weight, a dot with its interval for what it does to the result."""
    if not rows:
        return chart(40, label, text("0%", 24, "—"))
    every = [0.0, *(v for r in rows for v in (r.nominal, r.importance, r.low, r.high) if v is not None)]
    low, reach = min(every), (max(every) - min(every)) * 1.03 or 1.0

    def x(value: float) -> str:
        return percent(100 * (value - low) / reach)

    def draw(layout: Layout) -> SafeString:
        height = layout.row * len(rows)
        parts: list[str] = [line(x(t), 0, x(t), height, "axis" if t == 0 else "grid") for t in ticks(low, low + reach)]
        parts += [
            text(x(t), height + 16, f"{t:g}{unit if t == 0 else ''}", anchor="middle") for t in ticks(low, low + reach)
        ]
        outer = []
        for i, row in enumerate(rows):
            parts += _influence(row, x, layout.row * i + layout.bar)
            outer += _row_words(row, layout, layout.row * i + layout.word)
        return chart(
            height + 22,
            label,
            plot(layout.left, layout.right, *parts),
            *outer,
            cls=f"bars {layout.cls}",
            role=role_of(rows),
        )  # type: ignore[arg-type]

    return both(draw)


def _row_words(row: Influence, layout: Layout, y: float) -> list[str]:
    x, anchor = ("33%", "end") if layout is WIDE else ("1%", "start")
    name = text(x, y, fitted(row.name, layout.room), "ink", anchor)
    if row.href:
        name = el("a", title(row.name), name, href=row.href)
    shown = f"{row.nominal:.1f} → {row.importance:.1f}"
    return [name, text("99%", y, shown, "ink", "end")]


@dataclass(frozen=True)
class Slope:
    """A unit with its rank under each method; None where it has none."""

    name: str
    ranks: Sequence[float | None]
    strong: bool = False
    href: str = ""


STEP = 17


def _rank(value: float) -> str:
    return f"{value:g}"


def _slope_lines(rows: Sequence[Slope], xs: Sequence[float], y, height: float) -> tuple[list[str], list[str]]:  # type: ignore[no-untyped-def]
    drawn, dots = [], []
    for row in sorted(rows, key=lambda r: r.strong):
        points = [None if v is None else (x, y(v)) for x, v in zip(xs, row.ranks, strict=True)]
        drawn.append(path(points, "l1" if row.strong else "l5 thin"))
        told = " – ".join("—" if v is None else _rank(v) for v in row.ranks)
        for p in points:
            if p is not None:
                dot = el(
                    "circle",
                    title(f"{row.name}: {told}"),
                    r="4.2" if row.strong else "3",
                    class_="c1" if row.strong else "c5",
                )
                dots.append(at(percent(p[0]), p[1], dot))
    return drawn, dots


def _side(rows: Sequence[Slope], column: int, y, height: float, x: str, anchor: str, room: float) -> list[str]:  # type: ignore[no-untyped-def]
    """The names at one side, each with its rank, pushed apart where ranks are tied."""
    here = [(row, row.ranks[column]) for row in rows if row.ranks[column] is not None]
    wanted = [y(rank) + 4 for _row, rank in here]
    beside = max(32.0, 16 + max((text_width(_rank(rank)) for _row, rank in here), default=0.0))
    found = []
    for (row, rank), place in zip(here, spread(wanted, 14, 8, height + 8), strict=True):
        name = fitted(row.name, room)
        sign, cls = -1 if anchor == "end" else 1, "strong" if row.strong else "ink"
        number = text(str(9 * sign), 0, _rank(rank), "strong" if row.strong else "", anchor)
        drawn = at(x, place, number, text(f"{beside * sign:g}", 0, name, cls, anchor))
        found.append(el("a", title(row.name), drawn, href=row.href) if row.href else drawn)
    return found


def _method_names(methods: Sequence[str], xs: Sequence[float], margin: tuple[float, float], wide: bool) -> list[str]:
    """The names over the columns, on two lines by turns where one is too short."""
    inside = (100 - margin[0] - margin[1]) / 100
    room = (760 if wide else 300) * inside / max(1, len(methods) - 1)
    stagger = any(text_width(m) > (room - 6 if wide else 0.6 * room) for m in methods)
    found = []
    for k, (name, x) in enumerate(zip(methods, xs, strict=True)):
        up = 14 if not stagger or k % 2 else 30
        anchor = "middle" if wide else "start" if k == 0 else "end" if k == len(methods) - 1 else "middle"
        shown = fitted(name, 2 * room if stagger else room + 40)
        found.append(text(percent(margin[0] + x * inside), up, shown, "ink-2", anchor))
    return found


def slopes(rows: Sequence[Slope], methods: Sequence[str], *, label: str) -> SafeString:
    """Ranks under several methods, the first rank on top; what the page is about is drawn strong, the rest grey."""
    known = [v for row in rows for v in row.ranks if v is not None]
    if not known or len(methods) < 2:
        return chart(40, label, text("0%", 24, "—"))
    last, height, top = max(known), STEP * max(len(rows), 2), 40.0
    xs = [100 * k / (len(methods) - 1) for k in range(len(methods))]

    def y(rank: float) -> float:
        return 6 + (height - 12) * (rank - 1) / max(1.0, last - 1)

    def below(rank: float) -> float:
        return y(rank) + top

    def draw(layout: Layout) -> SafeString:
        wide = layout is WIDE
        margin = (22.0, 22.0) if wide else (33.0, 10.0)
        parts: list[str] = [line(percent(x), 0, percent(x), height, "grid") for x in xs]
        drawn, dots = _slope_lines(rows, xs, y, height)
        parts += [stretched(height, *drawn), *dots]
        outer = _side(rows, 0, below, height + top, percent(margin[0]), "end", 125 if wide else 62)
        if wide:
            outer += _side(rows, -1, below, height + top, percent(100 - margin[1]), "start", 125)
        outer += _method_names(methods, xs, margin, wide)
        role = "group" if any(r.href for r in rows) else "img"
        body = plot(*margin, *parts, y=top)
        return chart(height + top + 6, label, body, *outer, cls=f"slopes {layout.cls}", role=role)

    return both(draw)
