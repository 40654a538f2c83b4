"""Small multiples: the same drawing once for each unit or dimension, on one scale, so that eyes can compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from django.utils.html import escape
from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.lines import Values, _domain, _frame, _known, _points, _scale
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
    ticks,
    title,
)
from qualipolis.faces.desk.charts.tiers import fitted

HEIGHT = 64


@dataclass(frozen=True)
class Panel:
    """One small chart; ``note`` stands under its name, ``low`` and ``high`` are the ends of the interval."""

    name: str
    values: Values
    low: Values | None = None
    high: Values | None = None
    href: str = ""
    note: str = ""
    strong: bool = False


def _one(
    panel: Panel, periods: Sequence[str], reach: tuple[float, float], unit: str, digits: int, ref: float | None
) -> str:
    low, high = reach
    points = _points(panel.values, low, high, HEIGHT)
    inner: list[str] = []
    if panel.low and panel.high:
        inner.append(ribbon(_points(panel.high, low, high, HEIGHT), _points(panel.low, low, high, HEIGHT)))
    inner.append(path(points, "l1"))
    parts: list[str] = [line("0%", HEIGHT, "100%", HEIGHT, "grid")]
    if ref is not None and low <= ref <= high:
        y = HEIGHT * (1 - (ref - low) / (high - low))
        parts.append(line("0%", y, "100%", y, "ref"))
    parts.append(stretched(HEIGHT, *inner))
    ends = [i for i, p in enumerate(points) if p is not None]
    for i in ends:
        spot, hint = points[i], f"{periods[i]} {panel.values[i]:.{digits}f}{unit}{_interval(panel, i, digits)}"
        if spot is not None:
            dot = el("circle", title(hint), r="3.6" if i == ends[-1] else "2.2", class_="c1")
            parts.append(at(percent(spot[0]), spot[1], dot))
    words = []
    if ends:
        first, last = points[ends[0]], points[ends[-1]]
        if first is not None and last is not None:
            words = [text("13%", 6 + first[1] + 4, f"{panel.values[ends[0]]:.{digits}f}", anchor="end")]
            words.append(text("83%", 6 + last[1] + 4, f"{panel.values[ends[-1]]:.{digits}f}", "strong"))
    years = [text("16%", HEIGHT + 24, periods[0]), text("80%", HEIGHT + 24, periods[-1], anchor="end")]
    return chart(HEIGHT + 28, _spoken(panel, periods, ends, unit, digits), *words, plot(16, 20, *parts, y=6), *years)


def _interval(panel: Panel, i: int, digits: int) -> str:
    low, high = (panel.low or [])[i : i + 1], (panel.high or [])[i : i + 1]
    if not low or not high or low[0] is None or high[0] is None:
        return ""
    return f" ({low[0]:.{digits}f}–{high[0]:.{digits}f})"


def _spoken(panel: Panel, periods: Sequence[str], ends: Sequence[int], unit: str, digits: int) -> str:
    if not ends:
        return f"{panel.name} —"
    told = [f"{periods[i]} {panel.values[i]:.{digits}f}{unit}" for i in (ends[0], ends[-1])]
    return f"{panel.name}: {' – '.join(told)}"


def small_multiples(
    panels: Sequence[Panel],
    periods: Sequence[str],
    *,
    label: str,
    shared: bool = True,
    unit: str = "",
    digits: int = 1,
    reference: float | None = None,
) -> SafeString:
    """A list of small trends with their interval bands, on one scale unless ``shared`` is False."""
    known = _known(*(group for p in panels for group in (p.values, p.low, p.high)))
    if not known:
        return chart(40, label, text("0%", 24, "—"))
    items = []
    for panel in panels:
        own = _known(panel.values, panel.low, panel.high)
        reach = _domain(known if shared or not own else own)
        name = escape(panel.name)
        head = el("a", name, href=panel.href) if panel.href else el("b" if panel.strong else "span", name)
        note = el("small", escape(panel.note)) if panel.note else ""
        items.append(el("li", el("p", head, note), _one(panel, periods, reach, unit, digits, reference)))
    return el("ul", *items, class_="multiples", aria_label=label)


@dataclass(frozen=True)
class Run:
    """An estimate as the number of runs grows, with its interval; ``exact`` where the true value is known."""

    name: str
    values: Values
    low: Values | None = None
    high: Values | None = None
    exact: float | None = None


def _log(counts: Sequence[float]) -> list[float]:
    marks = [log10(max(c, 1e-9)) for c in counts]
    reach = marks[-1] - marks[0]
    return [100 * (m - marks[0]) / reach if reach else 50.0 for m in marks]


def _ends(finals: list[float], names: Sequence[str], height: float) -> list[str]:
    """The names at the ends of the lines, shortened where the box is narrow."""
    ys = spread(finals, 16, 10, height + 12)
    pairs = list(zip(ys, names, strict=True))
    found = [text("69.5%", y, fitted(name, 180), "ink wide") for y, name in pairs]
    return found + [text("69.5%", y, fitted(name, 96), "ink narrow") for y, name in pairs]


def convergence(
    counts: Sequence[int], runs: Sequence[Run], *, label: str, x_name: str = "", height: int = 220
) -> SafeString:
    """Estimates against the number of runs (logarithmic), their bands, and the exact values as dashed lines."""
    if len(runs) > 5:
        raise ValueError("at most five series are drawn; show the others in the table")
    known = _known(*(g for r in runs for g in (r.values, r.low, r.high, [r.exact])))
    if not known or not counts:
        return chart(40, label, text("0%", 24, "—"))
    low, high = _domain(known)
    xs = _log(counts)

    def points(values: Values) -> list[tuple[float, float] | None]:
        ys = _points(values, low, high, height)
        return [None if y is None else (x, y[1]) for x, y in zip(xs, ys, strict=True)]

    parts: list[str] = _frame(low, high, height, ticks(low, high))
    bands = [ribbon(points(r.high), points(r.low), f"b{k + 1}") for k, r in enumerate(runs) if r.low and r.high]
    parts.append(stretched(height, *bands, *(path(points(r.values), f"l{k + 1}") for k, r in enumerate(runs))))
    finals = []
    for k, run in enumerate(runs):
        spots = points(run.values)
        if run.exact is not None:
            y = height * (1 - (run.exact - low) / (high - low))
            parts.append(line("0%", y, "100%", y, "ref"))
        for count, value, spot in zip(counts, run.values, spots, strict=True):
            if spot is not None:
                parts.append(mark(percent(spot[0]), spot[1], k + 1, hint=f"{run.name}, {count}: {value:.3g}"))
        finals.append(next((p[1] for p in reversed(spots) if p is not None), height) + 12)
    names = _ends(finals, [run.name for run in runs], height)
    for k, count in enumerate(counts):
        cls = "" if (len(counts) - 1 - k) % 2 == 0 else "wide"
        parts.append(text(percent(xs[k]), height + 20, f"{count:,}", cls, "middle"))
    foot = [text("67%", height + 46, x_name, "ink-2", "end")] if x_name else []
    numbers = _scale(low, high, height, 8, ticks(low, high), 10)
    return box(chart(height + 52, label, *numbers, plot(11, 33, *parts, y=8), *names, *foot, cls="lines"))
