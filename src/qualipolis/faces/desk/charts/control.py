"""A control chart: points, centre line, dashed limits for each phase, numbered discs at what rules found.

Only the limit of law or contract is a solid line in the colour of faults. However many points there are, every signalled
one has its mark: marks that would fall on the same pixel are one, and of the others least and greatest of each column stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qualipolis.faces.desk.charts.svg import (
    at,
    box,
    chart,
    el,
    line,
    mark,
    number,
    percent,
    plot,
    spread,
    stretched,
    text,
    ticks,
    words,
)
from qualipolis.methods.spc.findings import Chart, PhaseLimits, Signal, thin

LEFT, RIGHT, TOP = 9.0, 14.0, 26.0
COLUMNS, SINGLE, DISCS = 1000, 160, 16
FAR = 3.0  # a limit of the drawing this many times as far away as the rest is named at the edge, not drawn


@dataclass(frozen=True)
class Legal:
    """A limit of law or contract, with its words."""

    value: float
    name: str


@dataclass(frozen=True, eq=False)
class View:
    """The window of a chart that is drawn: points ``first`` … ``last`` (from 0, both shown) and the scale of values."""

    chart: Chart
    first: int
    last: int
    low: float
    high: float
    height: float
    unit: str = ""
    legal: Sequence[Legal] = field(default_factory=tuple)
    places: int | None = None
    told: bool = True

    def x(self, point: float) -> float:
        """Return where a point stands, per cent of the plot; points keep half a step from the edges."""
        return 100 * (point - self.first + 0.5) / (self.last - self.first + 1)

    def written(self, value: float) -> str:
        """Return a value with as many places as its spread gives sense to."""
        return written(value, self.places)

    def y(self, value: float) -> float:
        """Return the height of a value in pixels from the top."""
        return self.height * (1 - (value - self.low) / (self.high - self.low))


def control_chart(
    found: Chart, *, label: str, unit: str = "", legal: Sequence[Legal] = (), window: tuple[int, int] | None = None,
    height: float = 240.0, places: int | None = None, told: bool = True,
) -> SafeString:  # fmt: skip
    """Draw a chart of findings.

    Parameters
    ----------
    label : the sentence a screen reader speaks
    legal : limits of law or contract; those far away are named at the edge
    window : first and last point shown, from 0; all of them unless given
    places : decimals of the limits that are named
    told : whether what rules found is numbered and phases are named
    """
    first, last = window or (0, len(found) - 1)
    low, high, near, away = _scale(found, first, last, legal)
    view = View(found, first, last, low, high, height, unit, near, places, told)
    parts = [*_grid(view), *_phases(view), stretched(height, *_curves(view)), *_signalled(view)]
    parts += _discs(view) if told else []
    outside = [*_axis(view), *_ends(view), *_away(view, away)]
    drawn = chart(height + TOP + 30, label, *outside, plot(LEFT, RIGHT, *parts, y=TOP), cls="control")
    return box(drawn)


def _scale(
    found: Chart, first: int, last: int, legal: Sequence[Legal]
) -> tuple[float, float, list[Legal], list[tuple[Legal, bool]]]:
    """Return the range of values shown, the legal limits inside it, and those beyond it with whether they lie above."""
    part = slice(first, last + 1)
    arrays = [a[part] for a in (found.values, found.center, found.lower, found.upper)]
    known = np.concatenate([a[np.isfinite(a)] for a in arrays])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    near, away = [], []
    for one in legal:
        beyond = max(low - one.value, one.value - high)
        if beyond > FAR * reach:
            away.append((one, one.value > high))
        else:
            near.append(one)
    ends = [low, high, *(one.value for one in near)]
    low, high = min(ends), max(ends)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    return low - 0.08 * reach, high + 0.12 * reach, near, away


def _grid(view: View) -> list[str]:
    return [line("0%", view.y(v), "100%", view.y(v), "grid") for v in ticks(view.low, view.high)]


def _axis(view: View) -> list[str]:
    found = [text(percent(LEFT - 1.2), TOP + view.y(v) + 4, f"{v:g}", anchor="end") for v in ticks(view.low, view.high)]
    width = 100 - LEFT - RIGHT
    for point in _places(view.first + 1, view.last + 1):
        x = LEFT + width * view.x(point - 1) / 100
        anchor = "end" if view.x(point - 1) > 96 else "middle"
        found.append(text(percent(x), TOP + view.height + 20, f"{point:,}", anchor=anchor))
    found.append(text(percent(100 - RIGHT + 1), TOP + view.height + 20, _("point")))
    if view.unit:
        found.append(text(percent(LEFT - 1.2), 12, view.unit, anchor="end"))
    return found


def _places(first: int, last: int) -> list[int]:
    return [int(v) for v in ticks(first, last, 8) if v == int(v) and first <= v <= last] or [first]


def _inside(view: View, phases: Sequence[PhaseLimits]) -> Iterator[tuple[PhaseLimits, float, float]]:
    """Yield the phases in the window with their ends, per cent."""
    half = 50 / (view.last - view.first + 1)
    for phase in phases:
        if phase.stop > view.first and phase.start <= view.last:
            yield phase, max(0.0, view.x(phase.start) - half), min(100.0, view.x(phase.stop - 1) + half)


def _phases(view: View) -> list[str]:
    """Return centre line and limits of each phase, those of the phase before drawn on, and where phases begin."""
    found: list[str] = []
    for phase, left, right in _inside(view, view.chart.earlier):
        shown = (value for value in (phase.lower, phase.upper) if value is not None and view.low < value < view.high)
        found.extend(_level(view, left, right, value, "before") for value in shown)
    for phase, left, right in _inside(view, view.chart.phases):
        for value, cls in ((phase.center, "centre"), (phase.lower, "ref"), (phase.upper, "ref")):
            if value is not None:
                found.append(_level(view, left, right, value, cls))
        if phase.start > view.first:
            found.append(line(percent(left), 0.0, percent(left), view.height, "turn"))
        if view.told and phase.label and right - left > 4:
            found.append(
                text(percent(left + 0.6), view.height - 6, _shortened(phase.label, right - left), "ink-2 over")
            )
    found.extend(_level(view, 0.0, 100.0, one.value, "limit") for one in view.legal)
    return found + _earlier_names(view)


def _level(view: View, left: float, right: float, value: float, cls: str) -> SafeString:
    y = number(view.y(value))
    return line(percent(left), y, percent(right), y, cls)


def _shortened(label: str, room: float) -> str:
    most = max(4, int(room / 1.6))
    return label if len(label) <= most else label[: most - 1] + "…"


def _earlier_names(view: View) -> list[str]:
    """Return the names of the limits of all phases but the last, which is named at the end of its lines."""
    named = []
    for phase, left, right in list(_inside(view, view.chart.phases))[:-1]:
        if right - left < 12:
            continue
        for value, name, down in ((phase.upper, _("upper limit"), -5), (phase.lower, _("lower limit"), 14)):
            if value is not None and (value or view.told):
                named.append(text(percent(left + 0.6), view.y(value) + down, f"{name} {view.written(value)}", "over"))
    return named


def written(value: float, places: int | None = None) -> str:
    """Return a number with so many decimals, or with at most five places that count."""
    if places is not None:
        return f"{value:,.{places}f}"
    return f"{value:.5g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _ends(view: View) -> list[str]:
    """Return the names at the end of the lines: those of the last phase, and the limits of law or contract."""
    shown = list(_inside(view, view.chart.phases))
    names: list[tuple[float, str, str]] = [(one.value, one.name, "bad strong-bad") for one in view.legal]
    if shown and shown[-1][0].stop > view.last:
        phase = shown[-1][0]
        for value, name in ((phase.upper, _("upper")), (phase.center, _("centre")), (phase.lower, _("lower"))):
            if value is not None and (value or view.told):
                names.append((value, name, "ink-2"))
    placed = spread([view.y(value) + 4 for value, _name, _cls in names], 15, 8, view.height + 4)
    x, found = percent(100 - RIGHT + 1), []
    for y, (value, name, cls) in zip(placed, names, strict=True):
        wide = el("tspan", words(f"{name} "), class_="wide")
        found.append(el("text", wide, words(view.written(value)), x=x, y=number(TOP + y), class_=cls))
    return found


def _away(view: View, away: Sequence[tuple[Legal, bool]]) -> list[str]:
    """Return the limits that lie outside the picture, with the side on which they do."""
    found = []
    for one, above in away:
        words_ = f"{one.name} {one.value:g} {'↑' if above else '↓'}"
        found.append(text(percent(LEFT), 14 if above else TOP + view.height - 6, words_, "bad strong-bad"))
    return found


def _drawn(view: View) -> Any:
    """Return the points of the window that the line goes through."""
    kept = thin(view.chart, COLUMNS * len(view.chart) // max(1, view.last - view.first + 1))
    kept = kept[(kept >= view.first) & (kept <= view.last)]
    return np.arange(view.first, view.last + 1) if view.last - view.first < 2 * COLUMNS else kept


def _curves(view: View) -> list[str]:
    """Return the line through the points, the points themselves, and limits that vary from point to point."""
    at_ = _drawn(view)
    xs, ys = _places_of(view, at_, view.chart.values)
    found = [_path(xs, ys, "l1 thread")]
    if len(at_) <= 4 * SINGLE:
        keep = np.isfinite(ys) & ~view.chart.flagged[at_]
        found.append(_spots(xs[keep], ys[keep], "spots"))
    shown = [phase for phase, _left, _right in _inside(view, view.chart.phases)]
    for name, cls in (("center", "centre"), ("lower", "ref"), ("upper", "ref")):
        if any(getattr(phase, name) is None for phase in shown):
            found.append(_path(*_places_of(view, at_, getattr(view.chart, name)), cls))
    return found


def _places_of(view: View, points: Any, values: Any) -> tuple[Any, Any]:
    xs = 100 * (points - view.first + 0.5) / (view.last - view.first + 1)
    ys = view.height * (1 - (values[points] - view.low) / (view.high - view.low))
    return np.round(xs, 3), np.round(ys, 1)


def _path(xs: Any, ys: Any, cls: str) -> SafeString:
    """Return a line, broken where a value is missing; long ones are written fast."""
    steps, up = [], True
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        if not isfinite(y):
            up = True
            continue
        steps.append(f"{'M' if up else 'L'}{x:g} {y:g}")
        up = False
    return _raw("".join(steps), cls)


def _spots(xs: Any, ys: Any, cls: str) -> SafeString:
    """Return dots as one path of strokes without length, those of the same pixel once."""
    cells = np.unique(np.column_stack([np.round(xs * 10), np.round(ys)]), axis=0) if len(xs) > 4 * SINGLE else None
    pairs = zip(xs, ys, strict=True) if cells is None else ((x / 10, y) for x, y in cells)
    return _raw("".join(f"M{x:g} {y:g}h0" for x, y in pairs), cls)


def _raw(d: str, cls: str) -> SafeString:
    if not d:
        return mark_safe("")
    return mark_safe(f'<path d="{d}" class="{escape(cls)}" vector-effect="non-scaling-stroke" fill="none"/>')  # noqa: S308


def _signalled(view: View) -> list[str]:
    """Return a mark for every signalled point: a diamond beyond the limits, a square in a run."""
    points = np.flatnonzero(view.chart.flagged[view.first : view.last + 1]) + view.first
    if not len(points):
        return []
    values = view.chart.values[points]
    beyond = (values > view.chart.upper[points]) | (values < view.chart.lower[points])
    xs, ys = _places_of(view, points, view.chart.values)
    keep = np.isfinite(ys)
    found: list[str] = []
    for group, shape, cls in ((~beyond & keep, 3, "hit-run"), (beyond & keep, 2, "hit-out")):
        if int(group.sum()) > SINGLE:
            found.append(stretched(view.height, _spots(xs[group], ys[group], f"{cls}-spots")))
            continue
        for point, x, y in zip(points[group], xs[group], ys[group], strict=True):
            hint = _("Point %(n)s: %(value)s") % {
                "n": int(point) + 1,
                "value": view.written(float(view.chart.values[point])),
            }
            found.append(mark(percent(float(x)), float(y), shape, cls, hint))
    return found


def _discs(view: View) -> list[str]:
    """Return the numbered discs, above or below their points and out of each other's way."""
    shown = [one for one in view.chart.signals if one.last >= view.first and one.first <= view.last]
    found, used = [], []
    strongest = sorted(shown, key=lambda one: -one.strength)[:DISCS]
    for one in sorted(strongest, key=lambda one: one.number):
        x, y = _disc_place(view, one, used)
        used.append((x, y))
        kind = "disc-out" if one.pattern == "single" else "disc-run"
        ring = el("circle", r="9", class_=kind)
        content = el("text", words(one.number), y="4", text_anchor="middle", class_="disc-word")
        found.append(at(percent(x), y, ring, content))
    return found


def _disc_place(view: View, one: Signal, used: Sequence[tuple[float, float]]) -> tuple[float, float]:
    inside = [p for p in (*one.points, one.first, one.last) if view.first <= p <= view.last]
    point = inside[0] if inside else view.first
    near = view.chart.values[max(view.first, one.first) : min(view.last, one.last) + 1]
    known = near[np.isfinite(near)]
    x = view.x(point)
    if one.side < 0:
        y = view.y(float(known.min())) + 18 if known.size else view.height / 2
    else:
        y = view.y(float(known.max())) - 18 if known.size else view.height / 2
    step = 19 if one.side < 0 else -19
    for _try in range(8):
        if all(abs(x - a) > 2.6 or abs(y - b) > 18 for a, b in used):
            break
        y += step
    return min(99.0, max(1.0, x)), min(view.height + 8, max(-14.0, y))
