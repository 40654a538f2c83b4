"""A control chart as SVG: points, centre line, dashed limits per phase, the limits of the drawing, numbered signals.

Every mark differs by shape and not only by colour: a point beyond its limit is a diamond, a point of a run a square. A
number in a disc leads to the sentence below the chart. The drawing is thinned where there are more points than it can show;
no marked point is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from qualipolis.faces.report.chart_marks import (
    BAD,
    BRAND,
    INK_2,
    LINE,
    RUN,
    STRONG,
    WHITE,
    Scale,
    apart,
    document,
    element,
    halo,
    label,
    line,
    ticks,
    wide,
)
from qualipolis.methods.problems import msg
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.findings import Chart, PhaseLimits, Signal, thin

Translate = Callable[[str], str]
DISCS = 12
LARGE = 160  # points above which only marked ones have a mark of their own
DASH = "5 4"
SINGLE = ("I", "MCEWMA", "trend")


@dataclass(frozen=True)
class Drawing:
    """A chart under way: what is drawn, on which scales, in which words."""

    chart: Chart
    x: Scale
    y: Scale
    kept: np.ndarray
    decimals: int
    unit: str
    specification: Specification | None
    translate: Translate
    width: int
    height: int

    def shown(self, value: float) -> str:
        """Return a value as it is written beside its line."""
        return f"{value:.{self.decimals}f}"

    def at(self, point: int) -> tuple[float, float]:
        """Return where a point lies."""
        return self.x(point + 1), self.y(float(self.chart.values[point]))


def draw_chart(
    chart: Chart,
    translate: Translate = msg,
    *,
    decimals: int = 2,
    unit: str = "",
    specification: Specification | None = None,
    width: int = 760,
    height: int = 320,
    title: str = "",
    desc: str = "",
    lang: str = "",
) -> str:
    """Return the chart as an SVG document.

    Parameters
    ----------
    chart : of :func:`qualipolis.methods.spc.findings.study`
    decimals, unit : of the numbers written
    specification : drawn on charts of single values only: limits of parts say nothing about means and ranges
    title, desc : for those who cannot see it; the name of the chart and what signals unless given
    """
    limits = specification if chart.code in SINGLE and chart.size is None else None
    kept = thin(chart, width)
    low, high = _reach(chart, kept, limits)
    y = Scale(low, high, height - 42, 20)
    drawing = Drawing(chart, y, y, kept, decimals, unit, limits, translate, width, height)
    right = max(92.0, 14 + max((wide(text) * (1.08 if spec else 1) for text, _, spec in _named(drawing)), default=60.0))
    drawing = replace(drawing, x=Scale(0.5, len(chart) + 0.5, _left(y), width - right))
    parts = [
        *_frame(drawing),
        *_phases(drawing),
        *_limits(drawing),
        *_line(drawing),
        *_marks(drawing),
        *_discs(drawing),
    ]
    named = title or translate(chart.label)
    told = desc or translate(msg("%(n)s points, %(signals)s of them signal.")) % {
        "n": f"{len(chart):,}", "signals": f"{int(chart.flagged.sum()):,}",
    }  # fmt: skip
    return document(width, height, named, told, parts, lang)


def _reach(chart: Chart, kept: np.ndarray, limits: Specification | None) -> tuple[float, float]:
    """Return the least and greatest value on the axis, with some air."""
    values = [chart.values[kept], chart.lower[kept], chart.upper[kept], chart.center[kept]]
    values += [np.array([p.lower, p.upper], dtype=np.float64) for p in chart.earlier if p.lower is not None]
    known = np.concatenate(values)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    span = high - low or abs(high) or 1.0
    for limit in limits.judged.values() if limits is not None else ():
        if low - 1.5 * span <= limit <= high + 1.5 * span:
            low, high = min(low, limit), max(high, limit)
    air = 0.09 * ((high - low) or abs(high) or 1.0)
    floor = 0.0 if chart.code in ("R", "S", "MR", "p", "np", "c", "u", "p′", "u′", "g", "t") and low >= 0 else low - air
    return (floor if floor == 0.0 else low - air), high + air


def _left(y: Scale) -> float:
    """Return how much room the numbers of the value axis take."""
    return max(46.0, 16 + max((wide(text) for text in _axis(y)), default=30.0))


def _axis(y: Scale) -> list[str]:
    steps = ticks(y.low, y.high)
    places = max((len(f"{t:.10g}".partition(".")[2]) for t in steps), default=0)
    return [f"{t:.{places}f}" for t in steps]


def _frame(d: Drawing) -> Iterator[str]:
    """Yield the rules of the value axis and the ticks of the points."""
    left, right = d.x.start, d.x.stop
    for tick, text in zip(ticks(d.y.low, d.y.high), _axis(d.y), strict=True):
        at = d.y(tick)
        yield line(left, at, right, at, class_="cc-grid", stroke=LINE, stroke_width=1)
        yield label(text, left - 8, at + 4, text_anchor="end")
    base = d.y.start
    yield line(left, base, right, base, class_="cc-axis", stroke=STRONG, stroke_width=1)
    for tick in ticks(1, len(d.chart), 8 if d.width >= 500 else 4):
        if tick >= 1 and tick == int(tick):
            yield label(f"{int(tick):,}", d.x(tick), base + 17, text_anchor="middle")
    yield label(d.translate(msg("point no.")), right, base + 34, text_anchor="end")
    if d.unit and d.chart.code not in ("p", "p′", "u", "u′", "CUSUM+", "CUSUM−"):
        yield label(d.unit, left - 8, 12, text_anchor="end")


def _phases(d: Drawing) -> Iterator[str]:
    for phase in d.chart.phases[1:]:
        at = d.x(phase.start + 0.5)
        yield line(
            at, d.y.stop, at, d.y.start, class_="cc-phase", stroke=STRONG, stroke_width=1.4, stroke_dasharray="2 3"
        )
        if phase.label:
            yield halo(phase.label[:24], at + 5, 13, fill=INK_2)


def _limits(d: Drawing) -> Iterator[str]:
    """Yield centre and limits of every phase, those of the phase before drawn on, the drawing's limits, and their names."""
    for phase in d.chart.phases:
        yield from _phase_lines(d, phase)
    for phase in d.chart.earlier:
        yield _segment(d, phase, phase.center, class_="cc-center cc-earlier", stroke=STRONG, stroke_dasharray="1 4")
    for limit in _asked(d):
        at = d.y(limit)
        yield line(d.x.start, at, d.x.stop, at, class_="cc-spec", stroke=BAD, stroke_width=1.8)
    yield from _names_at_right(d)
    for phase in d.chart.phases[:-1]:
        yield from _names_inside(d, phase)


def _asked(d: Drawing) -> list[float]:
    if d.specification is None:
        return []
    return [limit for limit in d.specification.judged.values() if d.y.low <= limit <= d.y.high]


def _phase_lines(d: Drawing, phase: PhaseLimits) -> Iterator[str]:
    chart = d.chart
    for name, given in (("center", phase.center), ("lower", phase.lower), ("upper", phase.upper)):
        style = {"class_": f"cc-{name}", "stroke": STRONG if name != "center" else INK_2, "stroke_width": 1.1}
        style |= {} if name == "center" else {"stroke_dasharray": DASH}
        if given is not None:
            yield _segment(d, phase, given, **style)
            continue
        at = d.kept[(d.kept >= phase.start) & (d.kept < phase.stop)]
        steps = []
        for i in at.tolist():
            height = d.y(float(getattr(chart, name)[i]))
            steps += [f"{d.x(i + 0.5):g},{height:g}", f"{d.x(i + 1.5):g},{height:g}"]
        yield element("polyline", points=" ".join(steps), fill="none", **style)


def _segment(d: Drawing, phase: PhaseLimits, value: float | None, **style: object) -> str:
    if value is None:
        return ""
    at = d.y(value)
    return line(d.x(phase.start + 0.5), at, d.x(phase.stop + 0.5), at, **style)


def _named(d: Drawing) -> list[tuple[str, float, bool]]:
    """Return what is written at the right end: words, height, whether it is a limit of the drawing."""
    last, chart = d.chart.phases[-1], d.chart
    end = last.stop - 1
    named = [
        (msg("upper %(value)s"), float(last.upper if last.upper is not None else chart.upper[end]), False),
        (msg("centre %(value)s"), float(last.center if last.center is not None else chart.center[end]), False),
        (msg("lower %(value)s"), float(last.lower if last.lower is not None else chart.lower[end]), False),
    ]
    if d.specification is not None:
        shown = _asked(d)
        sides = {-1: msg("spec lower %(value)s"), 1: msg("spec upper %(value)s")}
        named += [(sides[s], v, True) for s, v in d.specification.judged.items() if v in shown]
    return [(d.translate(t) % {"value": d.shown(v)}, v, spec) for t, v, spec in named if np.isfinite(v)]


def _names_at_right(d: Drawing) -> Iterator[str]:
    named = _named(d)
    places = apart([d.y(value) for _, value, _ in named], 15, d.y.stop, d.y.start)
    for (text, _value, spec), at in zip(named, places, strict=True):
        bold = {"fill": BAD, "font_weight": 700, "class_": "cc-text cc-spec-name"} if spec else {"fill": INK_2}
        yield label(text, d.x.stop + 8, at + 4, **bold)


def _names_inside(d: Drawing, phase: PhaseLimits) -> Iterator[str]:
    """Yield the limits of an earlier phase, written over their lines at its left end."""
    if phase.upper is None or phase.lower is None or d.x(phase.stop) - d.x(phase.start) < 90:
        return
    at = d.x(phase.start + 0.5) + 6
    upper = d.translate(msg("upper %(value)s")) % {"value": d.shown(phase.upper)}
    lower = d.translate(msg("lower %(value)s")) % {"value": d.shown(phase.lower)}
    yield halo(upper, at, d.y(phase.upper) - 4, fill=INK_2)
    yield halo(lower, at, d.y(phase.lower) + 13, fill=INK_2)


def _line(d: Drawing) -> Iterator[str]:
    """Yield the points joined in the order of time, broken where one is missing and where a phase ends."""
    starts = {phase.start for phase in d.chart.phases[1:]}
    run: list[str] = []
    thinned = len(d.kept) < len(d.chart)
    for i in d.kept.tolist():
        missing = not np.isfinite(d.chart.values[i])
        if (missing or i in starts) and run:
            yield _joined(run, thinned)
            run = []
        if not missing:
            place = d.at(i)
            run.append(f"{place[0]:g},{place[1]:g}")
    if run:
        yield _joined(run, thinned)


def _joined(run: list[str], thinned: bool) -> str:
    thick = 0.7 if thinned else 1.2
    return element(
        "polyline",
        points=" ".join(run),
        fill="none",
        class_="cc-line",
        stroke=BRAND,
        stroke_width=thick,
        stroke_opacity=0.75,
    )


def _marks(d: Drawing) -> Iterator[str]:
    """Yield a mark for each point of a short series, and for each marked point of any: one for each place on paper."""
    beyond, runs = _kinds(d.chart)
    taken: set[tuple[int, int]] = set()
    few = len(d.chart) <= LARGE
    size = 4.0 if len(d.chart) <= 600 else 2.5
    for i in d.kept.tolist():
        if not np.isfinite(d.chart.values[i]) or not (few or d.chart.flagged[i]):
            continue
        x, y = d.at(i)
        place = (round(x), round(y))
        if not few and place in taken:
            continue
        taken.add(place)
        away, told = i in beyond, i in runs
        yield _mark(x, y, away, told or bool(d.chart.flagged[i]), size if few or away or told else 1.2)


def _kinds(chart: Chart) -> tuple[set[int], set[int]]:
    beyond, runs = (
        set(np.flatnonzero(chart.flagged & ((chart.values > chart.upper) | (chart.values < chart.lower))).tolist()),
        set(),
    )
    for signal in chart.signals:
        if signal.pattern != "single":
            runs.update(range(signal.first, signal.last + 1))
    return beyond, runs


def _mark(x: float, y: float, beyond: bool, run: bool, size: float) -> str:
    if beyond:
        r = 1.5 * size
        corners = f"{x:g},{y - r:g} {x + r:g},{y:g} {x:g},{y + r:g} {x - r:g},{y:g}"
        return element("polygon", points=corners, class_="cc-beyond", fill=BAD)
    if run:
        return element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, class_="cc-run", fill=RUN)
    return element("circle", cx=x, cy=y, r=2.8, class_="cc-point", fill=BRAND)


def _discs(d: Drawing) -> Iterator[str]:
    """Yield the numbers of the signals near the points they speak of, none over another."""
    taken: list[tuple[float, float]] = []
    told = sorted(d.chart.signals, key=lambda signal: -signal.strength)[:DISCS]
    for signal in sorted(told, key=lambda signal: signal.number):
        x, y = _disc_place(d, signal, taken)
        taken.append((x, y))
        single = signal.pattern == "single"
        colour = BAD if single else RUN
        kind = "cc-disc cc-disc-beyond" if single else "cc-disc cc-disc-run"
        yield element("circle", cx=x, cy=y, r=9, class_=kind, fill=colour)
        yield label(
            str(signal.number),
            x,
            y + 4,
            text_anchor="middle",
            fill=WHITE,
            font_weight=700,
            class_="cc-disc-number",
            font_size=11,
        )


def _disc_place(d: Drawing, signal: Signal, taken: list[tuple[float, float]]) -> tuple[float, float]:
    span = np.arange(signal.first, signal.last + 1)
    middle = signal.points[0] if signal.pattern == "single" else int(span[len(span) // 2])
    stretch = d.chart.values[span]
    known = stretch[np.isfinite(stretch)]
    if signal.pattern == "single":
        x, y = d.at(middle)
        down = signal.side < 0
        tries = [(x + 16, y), (x - 16, y), (x, y - 18 if not down else y + 18), (x + 16, y - 16), (x + 16, y + 16)]
    else:
        x, y = d.x(middle + 1), d.y(float(known.max() if signal.side >= 0 else known.min()))
        step = -18 if signal.side >= 0 else 18
        tries = [(x, y + step), (x, y + 2 * step), (x + 20, y + step), (x - 20, y + step), (x, y + 3 * step)]
    free = [p for p in tries if all((p[0] - a) ** 2 + (p[1] - b) ** 2 >= 400 for a, b in taken)]
    x, y = (free or tries)[0]
    return min(max(x, d.x.start + 10), d.x.stop - 10), min(max(y, 10), d.y.start - 10)
