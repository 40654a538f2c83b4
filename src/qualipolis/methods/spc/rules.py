"""Rules of a control chart: when points that are all inside the limits speak against chance.

Every rule works on standardised points z = (x − centre) / σ of the plotted statistic, each point by its own limits, so
that charts with varying subgroup sizes are judged right. A point is flagged when the run or window that *ends* at it
fulfils the rule (``mark="completing"``); ``mark="whole"`` flags every point of such a run or window.

Conventions that change flags, and who uses them:

- rule 8 of Nelson: eight points beyond 1σ on *both* sides (Nelson 1984, qcc) or on *either* side (Minitab);
- run on one side: nine points (Nelson) or eight (Western Electric);
- the steady trend: six points, that is five rises (Nelson).

A point on the centre line ends a run on one side; a missing point ends every run and is in no window.

Source: Western Electric (1956), *Statistical Quality Control Handbook*; L. S. Nelson (1984), "The Shewhart control chart:
tests for special causes", Journal of Quality Technology 16, 237-239.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

Bools = NDArray[np.bool_]
Kind = Literal["beyond", "one_side", "trend", "alternating", "within"]
Side = Literal["same", "either", "both"]
Mark = Literal["completing", "whole"]
BLOCK = 1 << 17  # points judged at a time: the windows then stay in the cache


@dataclass(frozen=True)
class Rule:
    """One rule.

    Parameters
    ----------
    code : stable name, for example ``"nelson5"``
    kind : ``beyond``: ``count`` of ``window`` successive points lie beyond ``zone`` sigmas; ``one_side``: ``window``
        successive points lie on one side of the centre line; ``trend``: ``window`` successive points rise or fall
        steadily; ``alternating``: ``window`` successive points go up and down in turn; ``within``: ``window``
        successive points lie inside ``zone`` sigmas
    window : number of successive points looked at
    count : how many of them, for ``beyond``; all of them unless given
    zone : distance from the centre line in sigmas
    side : for ``beyond``: on the ``same`` side, on ``either`` side, or on ``both`` (at least one on each)
    label : message id of the rule in words, with its numbers
    """

    code: str
    kind: Kind
    window: int
    count: int = 0
    zone: float = 0.0
    side: Side = "same"
    label: str = ""

    def __post_init__(self) -> None:
        needed = {"trend": 3, "alternating": 3}.get(self.kind, 1)
        wrong = self.window < needed or self.window > 1000 or not 0 <= self.count <= self.window
        if wrong or (self.kind in ("beyond", "within") and not 0 < self.zone < 100):
            what = msg("The rule %(code)s has a window, count or zone that makes no sense.")
            raise InputError([Problem("bad_rule", what, "", {"code": self.code}, self.code)])


def _rule(
    code: str, kind: Kind, window: int, label: str, *, count: int = 0, zone: float = 0.0, side: Side = "same"
) -> Rule:
    return Rule(code, kind, window, count, zone, side, label)


_LIMIT = msg("1 point beyond 3 sigmas")
_TWO = msg("2 of 3 points beyond 2 sigmas on one side")
_FOUR = msg("4 of 5 points beyond 1 sigma on one side")
WESTERN_ELECTRIC = (
    _rule("we1", "beyond", 1, _LIMIT, zone=3.0),
    _rule("we2", "beyond", 3, _TWO, count=2, zone=2.0),
    _rule("we3", "beyond", 5, _FOUR, count=4, zone=1.0),
    _rule("we4", "one_side", 8, msg("8 points on one side of the centre line")),
)
_NELSON_8 = msg("8 points beyond 1 sigma on both sides, none inside")
NELSON = (
    _rule("nelson1", "beyond", 1, _LIMIT, zone=3.0),
    _rule("nelson2", "one_side", 9, msg("9 points on one side of the centre line")),
    _rule("nelson3", "trend", 6, msg("6 points steadily rising or falling")),
    _rule("nelson4", "alternating", 14, msg("14 points going up and down in turn")),
    _rule("nelson5", "beyond", 3, _TWO, count=2, zone=2.0),
    _rule("nelson6", "beyond", 5, _FOUR, count=4, zone=1.0),
    _rule("nelson7", "within", 15, msg("15 points within 1 sigma of the centre line"), zone=1.0),
    _rule("nelson8", "beyond", 8, _NELSON_8, zone=1.0, side="both"),
)
_EITHER = _rule("nelson8", "beyond", 8, msg("8 points beyond 1 sigma on either side"), zone=1.0, side="either")
MINITAB = (*NELSON[:7], _EITHER)
LIMITS_ONLY = NELSON[:1]
PROFILES: Mapping[str, tuple[Rule, ...]] = {
    "limits": LIMITS_ONLY,
    "western_electric": WESTERN_ELECTRIC,
    "nelson": NELSON,
    "minitab": MINITAB,
    # ranges, deviations and attribute counts are not symmetrical: only rules on order and runs are usual for them
    "attribute": NELSON[:4],
}


@dataclass(frozen=True, eq=False)
class Signals:
    """What rules found: ``flags[code]`` marks points with the shape of z; ``rules`` are those that were asked."""

    rules: tuple[Rule, ...]
    flags: Mapping[str, Bools]

    @property
    def any(self) -> Bools:
        """Points that at least one rule marks."""
        found: Bools = np.logical_or.reduce([self.flags[rule.code] for rule in self.rules])
        return found

    def points(self, code: str) -> list[int]:
        """Return the marked points of one series, counted from 0."""
        return [int(n) for n in np.flatnonzero(self.flags[code])]

    def found(self) -> dict[str, int]:
        """Return how many points each rule marks, for the rules that mark any."""
        counts = {rule.code: int(self.flags[rule.code].sum()) for rule in self.rules}
        return {code: count for code, count in counts.items() if count}


def rules_of(profile: str | Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules of a profile by name, or the rules given; each code once.

    >>> [rule.code for rule in rules_of("western_electric")]
    ['we1', 'we2', 'we3', 'we4']
    """
    if isinstance(profile, str):
        if profile not in PROFILES:
            what, remedy = msg("There are no rules called %(name)s."), msg("Choose one of: %(known)s.")
            params = {"name": profile, "known": ", ".join(PROFILES)}
            raise InputError([Problem("unknown_rules", what, remedy, params, "rules")])
        return PROFILES[profile]
    found = tuple(profile)
    codes = [rule.code for rule in found]
    if not found or len(set(codes)) < len(codes):
        what = msg("Give at least one rule, and each rule a code of its own.")
        raise InputError([Problem("bad_rules", what, place="rules")])
    return found


def judge(z: ArrayLike, rules: str | Iterable[Rule] = "nelson", *, mark: Mark = "completing") -> Signals:
    """Judge standardised points by rules.

    Parameters
    ----------
    z : (..., m) standardised points; the last axis is time, NaN is a missing point
    rules : name of a profile or the rules themselves
    mark : flag only the point that completes a run, or every point of it

    >>> judge([0.1, 2.1, -0.2, 2.5], "nelson").points("nelson5")
    [3]
    """
    asked = rules_of(rules)
    values = np.asarray(z, dtype=np.float64)
    if values.ndim == 0:
        raise InputError([Problem("no_points", msg("Give the points as a series."), place="z")])
    flags = {rule.code: np.zeros(values.shape, dtype=bool) for rule in asked}
    reach = max(rule.window for rule in asked) - 1
    for rows, start, stop in _blocks(values.shape):
        block = values[rows, max(0, start - reach) : stop] if values.ndim > 1 else values[max(0, start - reach) : stop]
        skip = start - max(0, start - reach)
        zones: dict[tuple[float, int], Bools] = {}
        for rule in asked:
            found = _ending(rule, block, zones)
            target = flags[rule.code]
            (target[rows] if values.ndim > 1 else target)[..., start:stop] = found[..., skip:]
    if mark == "whole":
        flags = {rule.code: _spread(flags[rule.code], rule) for rule in asked}
    return Signals(asked, flags)


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, int, int]]:
    """Yield pieces of a few points each: rows of the first axis, first and last point of the last."""
    m = shape[-1]
    each = int(np.prod(shape[1:])) if len(shape) > 1 else 1
    rows = max(1, BLOCK // max(1, each))
    for first in range(0, shape[0] if len(shape) > 1 else 1, rows):
        step = m if len(shape) > 1 else BLOCK
        for start in range(0, m, max(1, step)):
            yield slice(first, first + rows), start, min(m, start + step)


def _ending(rule: Rule, z: NDArray[np.float64], zones: dict[tuple[float, int], Bools]) -> Bools:
    """Return which windows fulfil the rule, marked at their last point."""

    def beyond(limit: float, sign: int) -> Bools:
        key = (limit, sign)
        if key not in zones:
            zones[key] = z > limit if sign > 0 else z < -limit
        return zones[key]

    if rule.kind == "beyond":
        return _beyond(rule, beyond(rule.zone, 1), beyond(rule.zone, -1))
    if rule.kind == "one_side":
        return _every(beyond(0.0, 1), rule.window) | _every(beyond(0.0, -1), rule.window)
    if rule.kind == "within":
        return _every(np.abs(z) < rule.zone, rule.window)
    rises, falls = (_steps(z, np.greater), _steps(z, np.less))
    if rule.kind == "trend":
        return _every(rises, rule.window - 1) | _every(falls, rule.window - 1)
    turns = np.zeros(z.shape, dtype=bool)
    turns[..., 1:] = (rises[..., 1:] & falls[..., :-1]) | (falls[..., 1:] & rises[..., :-1])
    return _every(turns, rule.window - 2)


def _steps(z: NDArray[np.float64], compare: np.ufunc) -> Bools:
    found = np.zeros(z.shape, dtype=bool)
    compare(z[..., 1:], z[..., :-1], out=found[..., 1:])
    return found


def _beyond(rule: Rule, above: Bools, below: Bools) -> Bools:
    count = rule.count or rule.window
    if rule.side == "same":
        return _at_least(above, count, rule.window) | _at_least(below, count, rule.window)
    found = _at_least(above | below, count, rule.window)
    if rule.side == "both":
        found &= _counted(above, rule.window, 1) & _counted(below, rule.window, 1)
    return found


def _every(marks: Bools, window: int) -> Bools:
    """Return where ``window`` successive marks end, by doubling the stretch that is known to be whole."""
    held, length = marks, 1
    while length < window:
        step = min(length, window - length)
        longer = np.zeros(marks.shape, dtype=bool)
        if marks.shape[-1] > step:
            np.logical_and(held[..., step:], held[..., :-step], out=longer[..., step:])
        held, length = longer, length + step
    return held


def _at_least(marks: Bools, count: int, window: int) -> Bools:
    """Return where at least ``count`` of the last ``window`` points are marked, the last one being marked."""
    return _every(marks, window) if count == window else _counted(marks, window, count) & marks


def _counted(marks: Bools, window: int, count: int) -> Bools:
    """Return where at least ``count`` of the last ``window`` points are marked; fewer points before are enough."""
    counts = np.zeros(marks.shape, dtype=np.int16)
    ones = marks.view(np.int8)
    for back in range(min(window, marks.shape[-1])):
        counts[..., back:] += ones[..., : marks.shape[-1] - back]
    found: Bools = counts >= count
    return found


def _spread(ends: Bools, rule: Rule) -> Bools:
    """Return every point of the windows that end at the marks."""
    found = ends.copy()
    for back in range(1, min(rule.window, ends.shape[-1])):
        found[..., :-back] |= ends[..., back:]
    return found
