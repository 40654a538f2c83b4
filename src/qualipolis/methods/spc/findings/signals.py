"""From marked points to signals one can point at: neighbouring points of one rule are one signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats
from qualipolis.methods.spc.findings.result import Chart, Signal
from qualipolis.methods.spc.patterns import pattern_of
from qualipolis.methods.spc.rules import Rule

MOST, TOLD = 100, (200, 40)  # signals of a rule looked at; of a short and of a long chart told one by one
LONG = 5000


def gathered(
    flags: Mapping[str, Bools], rules: tuple[Rule, ...], chart: ControlChart, start: int, phase: int, against: str
) -> list[Signal]:
    """Return the signals of one phase, whose first point is ``start``; flags and ``chart`` are of the phase."""
    found = []
    for rule in rules:
        at = np.flatnonzero(flags[rule.code])
        if not len(at):
            continue
        found += [_signal(rule, run, chart, start, phase, against) for run in _runs(at, chart, rule)]
    return found


def _runs(at: np.ndarray, chart: ControlChart, rule: Rule) -> list[np.ndarray]:
    """Return neighbouring marked points together; of very many the ``MOST`` that chance explains least."""
    breaks = np.flatnonzero(np.diff(at) > 1) + 1
    if len(breaks) < MOST:
        return np.split(at, breaks)
    first, last = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(at)]])
    weight = last - first if rule.window > 1 else np.maximum.reduceat(np.abs(np.nan_to_num(_z(chart, at))), first)
    kept = np.sort(np.argsort(-weight, kind="stable")[:MOST])
    return [at[first[i] : last[i]] for i in kept.tolist()]


def _z(chart: ControlChart, at: np.ndarray) -> Floats:
    """Return points in sigmas from their centre line, for some points only: a long series has many."""
    center, sigma = (line[at] if line.size > 1 else line for line in (chart.center, chart.sigma))
    found: Floats = (chart.values[at] - center) / np.where(sigma > 0, sigma, np.nan)
    return found


def _signal(rule: Rule, run: np.ndarray, chart: ControlChart, start: int, phase: int, against: str) -> Signal:
    first, last = max(0, int(run[0]) - rule.window + 1), int(run[-1])
    known = np.nan_to_num(_z(chart, np.arange(first, last + 1)))
    far = first + int(np.argmax(np.abs(known)))
    points = tuple((run + start).tolist())
    label, pattern, value, side = rule.label, pattern_of(rule).code, float(chart.values[far]), int(np.sign(known.sum()))
    strength = _strength(rule, float(abs(known[far - first])), len(run))
    return Signal(
        0, rule.code, label, pattern, first + start, last + start, points, value, side, against, phase, strength
    )


def _strength(rule: Rule, far: float, completed: int) -> float:
    """Return about how many powers of ten speak against chance: the tail beyond a point, a half for each point of a run."""
    if rule.window == 1:
        return 0.434 * far * far / 2 + 0.5
    each = {"one_side": 0.301, "trend": 0.6, "alternating": 0.2, "within": 0.166}.get(rule.kind, 0.7)
    return each * (completed + (rule.count or rule.window) - 1)


def numbered(found: list[Signal], points: int) -> tuple[Signal, ...]:
    """Return the signals in the order of time with their numbers.

    Of two signals of one pattern that share points, the one that says more (a point beyond its limit, else the longer
    run) is told; the marks of the other stay on the chart.
    """
    order = {"single": 0, "shift": 1, "trend": 1, "alternation": 1, "mixture": 2, "hugging": 2, "small_shift": 3}
    ranked = sorted(found, key=lambda s: (order.get(s.pattern, 4), s.against != "own", s.first - s.last))
    kept: list[Signal] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for signal in ranked:
        spans = taken.setdefault("runs" if signal.pattern != "single" else "single", [])
        others = taken.get("single", []) if signal.pattern == "small_shift" else []
        if _covered(signal, spans, others):
            continue
        spans.append((signal.first, signal.last))
        kept.append(signal)
    kept = sorted(kept, key=lambda signal: -signal.strength)[: TOLD[points > LONG]]
    kept.sort(key=lambda signal: (signal.points[0], signal.first))
    return tuple(replace(s, number=i) for i, s in enumerate(kept, start=1))


def _covered(signal: Signal, spans: list[tuple[int, int]], singles: list[tuple[int, int]]) -> bool:
    """Whether what a signal shows is shown already: inside a longer run, or two points of which one is beyond the limit."""
    if any(first <= signal.first and signal.last <= last for first, last in spans):
        return True
    return any(signal.first <= first and last <= signal.last for first, last in singles)


def marks(chart: Chart) -> dict[int, Signal]:
    """Return the first signal of each point that one marks."""
    found: dict[int, Signal] = {}
    for signal in chart.signals:
        for point in signal.points:
            found.setdefault(point, signal)
    return found
