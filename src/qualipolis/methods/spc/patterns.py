"""From a pattern on a chart to its first suspects: seeds for a fishbone, not a diagnosis.

Each pattern has suspects in six categories: machine, method, material, man, measurement, milieu. Patterns are read off the
signals of rules by what a rule looks at (so a plant's own rules count too), and off the series itself:

- a cycle: Fisher's g-test of the largest ordinate of the periodogram, p ≤ k (1 − g)^(k−1), for at least three periods;
- few distinct values and values that stop at a limit: as in :mod:`.cards`;
- batches: the overall standard deviation 1.5 times or more that within subgroups;
- two groups: a mixture of two normal laws is clearly better than one.

Source: Western Electric (1956), *Statistical Quality Control Handbook*, part B; R. A. Fisher (1929), "Tests of significance
in harmonic analysis", Proc. Royal Society A 125, 54-59.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, msg
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.cards import FEW, truncated
from qualipolis.methods.spc.charts.result import ControlChart, Floats
from qualipolis.methods.spc.charts.variables import Subgroups, within_sigma
from qualipolis.methods.spc.distributions.mixture import two_populations
from qualipolis.methods.spc.rules import Rule, Signals

Category = Literal["machine", "method", "material", "man", "measurement", "milieu"]
CATEGORIES: Mapping[Category, str] = {
    "machine": msg("Machine"),
    "method": msg("Method"),
    "material": msg("Material"),
    "man": msg("People"),
    "measurement": msg("Measurement"),
    "milieu": msg("Environment"),
}
SURE, RATIO = 0.01, 1.5


@dataclass(frozen=True)
class Suspect:
    """A cause to look at first, with its category; ``words`` is a message id."""

    category: Category
    words: str


@dataclass(frozen=True)
class Pattern:
    """A pattern, its suspects, and how to confirm it; all words are message ids."""

    code: str
    label: str
    suspects: tuple[Suspect, ...]
    confirm: str = ""


@dataclass(frozen=True)
class Sighting:
    """A pattern seen: at which points (from 0; none when the whole series is meant), and a number behind it."""

    pattern: Pattern
    points: tuple[int, ...] = ()
    statistic: float | None = None


def _pattern(code: str, label: str, *suspects: tuple[Category, str], confirm: str = "") -> Pattern:
    return Pattern(code, label, tuple(Suspect(category, words) for category, words in suspects), confirm)


_TABLE = (
    _pattern(
        "single", msg("A single point far out"),
        ("method", msg("wrong set-up")), ("measurement", msg("chip or dirt in the gauge")), ("man", msg("typing error")),
        ("milieu", msg("drop of the power supply")), ("material", msg("damaged part")),
        confirm=msg("Measure the part again before anything is adjusted."),
    ),
    _pattern(
        "shift", msg("A lasting shift"),
        ("material", msg("new batch")), ("machine", msg("tool change")), ("man", msg("new operator or shift")),
        ("measurement", msg("gauge set to zero again")), ("method", msg("offset in the program")),
        confirm=msg("Look in the log for what changed at the first point of the run."),
    ),
    _pattern(
        "trend", msg("A steady trend"),
        ("machine", msg("tool wear")), ("material", msg("bath used up")), ("milieu", msg("slow change of temperature")),
        ("measurement", msg("gauge drift")),
        confirm=msg("Measure a master part: if it drifts too, it is the gauge."),
    ),
    _pattern(
        "alternation", msg("Up and down in turn"),
        ("machine", msg("two machines or cavities in turn")), ("material", msg("two suppliers in turn")),
        ("man", msg("adjusting after every part")),
        confirm=msg("Plot each stream by itself."),
    ),
    _pattern(
        "small_shift", msg("Many points off to one side"),
        ("machine", msg("beginning of wear")), ("material", msg("slightly different batch")),
        ("method", msg("small change of a setting")),
        confirm=msg("Confirm with an EWMA chart."),
    ),
    _pattern(
        "hugging", msg("Points hug the centre line"),
        ("method", msg("each subgroup mixes different streams")), ("method", msg("limits computed from an old spread")),
        ("man", msg("rounded or edited values")),
        confirm=msg("Compare the spread within subgroups with that of their means."),
    ),
    _pattern(
        "mixture", msg("Points avoid the centre, or two peaks"),
        ("machine", msg("cavities or fixtures mixed")), ("material", msg("suppliers mixed")),
        ("man", msg("too much adjusting")),
        confirm=msg("Split by cavity, fixture and supplier."),
    ),
    _pattern(
        "cycle", msg("A cycle"),
        ("milieu", msg("temperature of day and shift")), ("machine", msg("turning spindle or fixture")),
        ("material", msg("batches in rotation")),
        confirm=msg("Compare the length of the cycle with shifts, fixtures and batches."),
    ),
    _pattern(
        "spread_up", msg("The spread grows, the mean stays"),
        ("machine", msg("loose fixture")), ("material", msg("material scatters more")), ("man", msg("new operator")),
        confirm=msg("Repeat measurements on one part: if they scatter too, it is the gauge."),
    ),
    _pattern(
        "spread_down", msg("The spread shrinks"),
        ("measurement", msg("gauge sticks")), ("measurement", msg("resolution too coarse")),
        confirm=msg("Measure two parts that are known to differ."),
    ),
    _pattern(
        "coarse", msg("Few different readings"),
        ("measurement", msg("resolution too coarse")), ("man", msg("rounded or edited values")),
        confirm=msg("Read the gauge to more places, or use a finer one."),
    ),
    _pattern(
        "truncated", msg("Values stop at a limit"),
        ("method", msg("all parts are sorted before they are measured")), ("man", msg("rounded or edited values")),
        confirm=msg("Take parts before they are sorted."),
    ),
    _pattern(
        "batches", msg("Quiet within, restless between subgroups"),
        ("material", msg("batches differ")), ("method", msg("set-ups differ")),
        confirm=msg("Take the variance apart by batch and set-up."),
    ),
)  # fmt: skip
PATTERNS: Mapping[str, Pattern] = {pattern.code: pattern for pattern in _TABLE}


def pattern_of(rule: Rule) -> Pattern:
    """Return what a rule looks for.

    >>> from qualipolis.methods.spc.rules import NELSON
    >>> [pattern_of(rule).code for rule in NELSON]
    ['single', 'shift', 'trend', 'alternation', 'small_shift', 'small_shift', 'hugging', 'mixture']
    """
    if rule.kind == "beyond":
        one = "single" if rule.window == 1 or rule.zone >= 3 else "small_shift"
        return PATTERNS[one if rule.side == "same" or rule.window == 1 else "mixture"]
    codes = {"one_side": "shift", "trend": "trend", "alternating": "alternation", "within": "hugging"}
    return PATTERNS[codes[rule.kind]]


def from_signals(signals: Signals) -> tuple[Sighting, ...]:
    """Return the patterns that rules found on one series, most points first.

    >>> from qualipolis.methods.spc.rules import judge
    >>> [seen.pattern.code for seen in from_signals(judge([0.1, 0.3, 4.0, -0.2]))]
    ['single']
    """
    seen: dict[str, set[int]] = {}
    for rule in signals.rules:
        if points := signals.points(rule.code):
            seen.setdefault(pattern_of(rule).code, set()).update(points)
    found = [Sighting(PATTERNS[code], tuple(sorted(points))) for code, points in seen.items()]
    return tuple(sorted(found, key=lambda sighting: -len(sighting.points)))


def from_chart(
    chart: ControlChart,
    *,
    spread: ControlChart | None = None,
    data: ArrayLike | None = None,
    specification: Specification | None = None,
    rules: str | Iterable[Rule] = "nelson",
) -> tuple[Sighting, ...]:
    """Return the patterns seen on a chart.

    Parameters
    ----------
    chart : of location: single values, means, counts
    spread : the chart of spread beside it (R, S, MR)
    data : the measured values behind it, (m,) or subgroups (m, n)
    specification, rules : limits of the drawing, and the rules to look by
    """
    found = [*from_signals(chart.signals(rules)), *_cyclic(chart.values)]
    if spread is not None:
        found += _spreads(spread, quiet=not chart.beyond.any())
    if data is not None:
        found += from_data(data, specification)
    kept = {sighting.pattern.code: sighting for sighting in reversed(found)}
    return tuple(sighting for sighting in found if kept[sighting.pattern.code] is sighting)


def from_data(data: ArrayLike, specification: Specification | None = None) -> tuple[Sighting, ...]:
    """Return the patterns seen in the values themselves: coarse, truncated, batches, two groups."""
    x = np.asarray(data, dtype=np.float64)
    flat = x[~np.isnan(x)]
    found = []
    if len(flat) and (distinct := len(np.unique(flat))) < FEW:
        found.append(Sighting(PATTERNS["coarse"], (), float(distinct)))
    if specification is not None:
        found += [Sighting(PATTERNS["truncated"], (), limit) for limit in truncated(flat, specification)]
    if x.ndim == 2 and x.shape[1] > 1 and len(flat) > 1:
        within = float(within_sigma(Subgroups(x), "pooled"))
        ratio = float(flat.std(ddof=1)) / within if within > 0 else float("inf")
        found += [Sighting(PATTERNS["batches"], (), ratio)] if ratio >= RATIO else []
    try:
        parts = two_populations(flat)
    except InputError:
        return tuple(found)
    return (*found, Sighting(PATTERNS["mixture"], (), parts.apart)) if parts.mixed else tuple(found)


def cycle(values: ArrayLike) -> tuple[float, float]:
    """Return the period of the strongest cycle in points, and its p-value; NaN and 1 where none can be looked for.

    >>> x = np.sin(np.arange(60) * 2 * np.pi / 6)
    >>> round(cycle(x)[0], 6), cycle(x)[1] < 0.001
    (6.0, True)
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    n = len(x)
    if n < 18 or np.isnan(x).any() or np.ptp(x) == 0:
        return float("nan"), 1.0
    time = np.arange(n) - (n - 1) / 2
    flat = x - x.mean() - time * (time @ x) / (time @ time)
    power = np.abs(np.fft.rfft(flat)[1 : (n - 1) // 2 + 1]) ** 2
    power[:2] = 0.0  # fewer than three periods are a bend, not a cycle
    if not power.sum() > 1e-20 * float(x @ x):
        return float("nan"), 1.0
    best, k = int(np.argmax(power)), len(power) - 2
    share = float(power[best] / power.sum())
    return n / (best + 1), float(min(1.0, k * (1 - share) ** (k - 1)))


def _cyclic(values: Floats) -> list[Sighting]:
    period, p = cycle(values)
    return [Sighting(PATTERNS["cycle"], (), period)] if p < SURE else []


def _spreads(chart: ControlChart, *, quiet: bool) -> list[Sighting]:
    """Return what the chart of spread says; wider is a pattern of its own while the location stays."""
    runs = chart.signals("attribute").any
    up = np.flatnonzero((chart.values > chart.upper) | (runs & (chart.z > 0)))
    down = np.flatnonzero((chart.values < chart.lower) | (runs & (chart.z < 0)))
    found = [Sighting(PATTERNS["spread_up"], tuple(up.tolist()))] if len(up) and quiet else []
    return found + ([Sighting(PATTERNS["spread_down"], tuple(down.tolist()))] if len(down) else [])
