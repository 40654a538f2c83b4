"""Where one unit stands among the others: a distribution with this unit marked, and the two-way quadrant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qualipolis.faces.desk.charts.labels import place as _labels
from qualipolis.faces.desk.charts.svg import (
    at,
    box,
    chart,
    el,
    line,
    number,
    percent,
    plot,
    text,
    ticks,
    title,
)

STRIP = 34  # pixels kept free at top and bottom for the words in the corners
DOTS = 60  # above this many values bars are drawn instead of dots


def _bins(values: Sequence[float], low: float, high: float, count: int) -> list[list[int]]:
    groups: list[list[int]] = [[] for _k in range(count)]
    for i, value in enumerate(values):
        k = int((value - low) / (high - low) * count) if high > low else count // 2
        groups[min(k, count - 1)].append(i)
    return groups


def distribution(
    values: Sequence[float],
    *,
    label: str,
    mine: float | None = None,
    mine_name: str = "",
    unit: str = "",
    names: Sequence[str] = (),
) -> SafeString:
    """Dots stacked over a scale (bars when there are many); this unit is filled, the median is a dashed line."""
    known = [v for v in values if v is not None]
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    low, high = _reach([*known, *([] if mine is None else [mine])])
    count = 32 if len(known) <= DOTS else 40
    groups = _bins(known, low, high, count)
    tallest = max(len(group) for group in groups)
    top = 34.0
    base = top + max(22.0, min(tallest * 11, 110))
    step = min(11, (base - top) / tallest)

    def x(value: float) -> str:
        return percent(100 * (value - low) / (high - low))

    parts: list[str] = [line("0%", base, "100%", base, "axis")]
    own = known.index(mine) if mine is not None and mine in known else None
    for k, group in enumerate(groups):
        parts += _column(k, group, count, base, step, known, own, names, unit)
    middle = median(known)
    parts.append(line(x(middle), top - 6, x(middle), base, "ref"))
    parts += [text(x(t), base + 16, f"{t:g}", anchor="middle") for t in ticks(low, high)]
    if mine is not None:
        spot = x(mine) if len(known) > DOTS or own is None else _centre(mine, low, high, count)
        parts.append(line(spot, top - 14, spot, base + 3, "own"))
    heads = _heads((mine, mine_name), middle, low, high, unit)
    return box(chart(base + 22, label, plot(4, 4, *parts, *heads), cls="distribution"))


def _reach(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low - 0.5, high + 0.5) if low == high else (low, high)


def _centre(value: float, low: float, high: float, count: int) -> str:
    k = min(int((value - low) / (high - low) * count), count - 1)
    return percent(100 * (k + 0.5) / count)


def _column(k, group, count, base, step, known, own, names, unit) -> list[str]:  # type: ignore[no-untyped-def]
    centre = 100 * (k + 0.5) / count
    if len(known) > DOTS:
        height = len(group) * step
        bar = el(
            "rect",
            title(str(len(group))),
            x=percent(100 * k / count),
            y=base - height,
            width=percent(92 / count),
            height=number(height),
            class_="c5",
        )
        return [bar] if group else []
    drawn = []
    ordered = sorted(group, key=lambda i: i != own)
    for level, i in enumerate(ordered):
        hint = f"{names[i]} {known[i]:g}{unit}" if i < len(names) else f"{known[i]:g}{unit}"
        cls = "c1" if i == own else "c5"
        dot = el("circle", title(hint), r=number(min(4.6, step / 2)), class_=cls)
        drawn.append(at(percent(centre), base - step * (level + 0.5) - 1, dot))
    return drawn


def _anchor(share: float) -> str:
    return "start" if share < 0.2 else "end" if share > 0.8 else "middle"


def _heads(mine: tuple[float | None, str], middle: float, low: float, high: float, unit: str) -> list[str]:
    heads = []
    share = (middle - low) / (high - low)
    value, name = mine
    near = value is not None and abs((value - low) / (high - low) - share) < 0.35
    if value is not None:
        own = (value - low) / (high - low)
        heads.append(text(percent(100 * own), 12, f"{name} {value:g}{unit}".strip(), "on", _anchor(own)))
    words = _("median %(value)s") % {"value": f"{middle:g}{unit}"}
    heads.append(text(percent(100 * share), 26 if near else 12, words, "", _anchor(share)))
    return heads


@dataclass(frozen=True)
class Dot:
    """One unit in the quadrant; ``strong`` for the unit the page is about."""

    name: str
    x: float
    y: float
    href: str = ""
    strong: bool = False


def quadrant(
    dots: Sequence[Dot],
    *,
    label: str,
    x_name: str,
    y_name: str,
    corners: tuple[str, str, str, str] = ("", "", "", ""),
    split: tuple[float, float] | None = None,
    height: int = 360,
) -> SafeString:
    """Result against input, cut at ``split`` (default: the medians). Corners: top left, top right, bottom left, right."""
    if not dots:
        return chart(40, label, text("0%", 24, "—"))
    xs, ys = [d.x for d in dots], [d.y for d in dots]
    split = split or (median(xs), median(ys))
    (x0, x1), (y0, y1) = (_room([*xs, split[0]]), _room([*ys, split[1]]))

    def y(value: float) -> float:
        return STRIP + (height - 2 * STRIP) * (1 - (value - y0) / (y1 - y0))

    points = [(100 * (d.x - x0) / (x1 - x0), y(d.y)) for d in dots]
    cut = 100 * (split[0] - x0) / (x1 - x0), y(split[1])
    parts: list[str] = [el("rect", width="100%", height=height, class_="grid")]
    parts += [line(percent(cut[0]), 0, percent(cut[0]), height, "ref"), line("0%", cut[1], "100%", cut[1], "ref")]
    parts += [word for place, words in enumerate(corners) if words for word in _corner(place, words, height)]
    parts += _dots(dots, points, height)
    parts += [text(percent(100 * (t - x0) / (x1 - x0)), height + 17, f"{t:g}", anchor="middle") for t in ticks(x0, x1)]
    scale = [text("6.5%", 26 + y(t), f"{t:g}", anchor="end") for t in ticks(y0, y1)]
    frame = [text("0%", 12, y_name, "ink-2"), text("98%", height + 58, x_name, "ink-2", "end")]
    role = "group" if any(d.href for d in dots) else "img"
    return box(chart(height + 64, label, *frame, *scale, plot(8, 2, *parts, y=22), cls="quadrant", role=role))


def _corner(place: int, words: str, height: float) -> list[str]:
    """The words of a corner: one line when there is room, else broken after their comma."""
    x, anchor = (("1%", "start"), ("99%", "end"))[place % 2]
    low = place > 1
    head, comma, tail = words.partition("，" if "，" in words else ", ")
    lines = [head + comma.strip(), tail] if tail else [words]
    first = height - 8 - 14 * (len(lines) - 1) if low else 15
    broken = [text(x, first + 14 * k, part, "narrow", anchor) for k, part in enumerate(lines)]
    return [text(x, height - 8 if low else 15, words, "wide", anchor), *broken]


def _room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    reach = (high - low) * 0.06 or 1.0
    return low - reach, high + reach


def _dots(dots: Sequence[Dot], points: list[tuple[float, float]], height: float) -> list[str]:
    order = sorted(range(len(dots)), key=lambda i: (not dots[i].strong, -abs(points[i][1] - height / 2)))
    names = [d.name for d in dots]
    wide, narrow = _labels(points, names, order, 640, height), _labels(points, names, order, 250, height)
    drawn = []
    for i, (dot, point) in enumerate(zip(dots, points, strict=True)):
        inside: list[str] = [
            title(f"{dot.name}: {dot.x:g}, {dot.y:g}"),
            el("circle", r="6.5" if dot.strong else "4.5", class_="c1" if dot.strong else "c5 dot"),
        ]
        for places, cls in ((wide, "wide"), (narrow, "narrow")):
            if i in places:
                dx, dy, anchor = places[i]
                inside.append(text(number(dx), dy, dot.name, f"{'strong' if dot.strong else 'ink'} {cls}", anchor))
        body = (
            el("a", *inside, href=dot.href, aria_label=f"{dot.name}: {dot.x:g}, {dot.y:g}")
            if dot.href
            else "".join(inside)
        )
        drawn.append(at(percent(point[0]), point[1], body))
    return drawn
