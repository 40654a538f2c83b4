"""Normalise: bring all indicators to one scale on which more is better (Handbook step 5; COINr ``Normalise``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from qualipolis.methods.composite import scales
from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.denominate import unknown_indicators
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.composite.goalposts import goalposts
from qualipolis.methods.composite.normalise_checks import column_warnings, node_problems, reference_missing, spec_faults
from qualipolis.methods.composite.steps import State, Step, register, step_from_dict
from qualipolis.methods.problems import InputError, Problem

COMPAT = "coinr-1.1.14"
"""The name of the behaviour of COINr 1.1.14 where it differs from ours."""


@register
@dataclass(frozen=True)
class Normalise(Step):
    """Turn every column so that more is better, then bring it to one scale.

    Below, x is the turned value: x for direction +1, -x for -1, minus the distance to the target interval for 0.

    Parameters
    ----------
    method : one of the following; lo and hi stand for ``low`` and ``high``
        ``minmax``: lo + (hi - lo) (x - min) / (max - min). ``dist2max`` is the same, under COINr's name.
        ``zscore``: mean + sd (x - mean(x)) / sd(x), with n - 1.
        ``goalposts``: lo + (hi - lo) (x - floor) / (target - floor), see :mod:`.goalposts`.
        ``scaled``: the same between two given ``posts``, never clamped.
        ``rank``: ascending, 1 for the worst. ``borda``: rank - 1.
        ``percentile``: lo + (hi - lo) (rank - 1) / (n - 1).
        ``dist2ref``: lo + (hi - lo) (x - min) / (x of the ``reference`` unit - min).
        ``dist2targ``: lo + (hi - lo) (x - min) / (target - min); all full marks where even the worst is past the target.
        ``fracmax``: lo + (hi - lo) x / max(x); "less is better" is read in a mirror first, min + max - value.
        ``none``: x as it is
    low, high : range of all methods but ``zscore``, ``rank``, ``borda`` and ``none``; give low above 0 before a
        geometric mean
    mean, sd : of ``zscore``
    clamp : keep ``goalposts`` inside [low, high]
    indicators : indicator -> parameters of its own, for example ``{"rate": {"method": "goalposts", "direction": -1}}``
    posts : raw values between which ``goalposts`` and ``scaled`` run, (lower, upper), whatever the direction; for
        ``goalposts`` over the framework's floor and target. A third number is the score at the end: range 0 .. it
    target : raw value, over the framework's target
    reference : code of the unit that ``dist2ref`` measures against
    cap : ``dist2ref`` and ``dist2targ`` give no more than ``high``
    ties : ``min`` or ``average``, of ``rank``, ``percentile`` and ``borda``
    direction : -1, 0 or 1, over the framework's
    compat : ``"coinr-1.1.14"`` repeats what COINr does and should not: ``fracmax`` divides negative values by their
        maximum, so that the worst comes out best; ``posts`` are compared with -x where less is better; ``dist2targ``
        turns the order round where all are past the target; ``dist2ref`` divides by 0; constant columns are ranked

    A column with one single value tells units apart in no relative method: it becomes missing with a warning, and the
    weights beside it are renormalised. Goalposts, ``scaled`` and ``dist2targ`` keep it. Ranks and percentiles run over
    the values present. Sources: OECD/JRC Handbook (2008) step 5; Mazziotta and Pareto (2016) for goalposts; Becker and
    others (2022), COINr, JOSS 7(78).

    >>> Normalise("minmax", 1, 100).to_dict()["low"]
    1.0
    >>> Normalise("goalposts", posts=(0, 50)).of("a").posts
    (0.0, 50.0)
    """

    method: str = "minmax"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    clamp: bool = True
    indicators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    posts: tuple[float, ...] = ()
    target: float | None = None
    reference: str = ""
    cap: bool = False
    ties: str = "min"
    direction: int | None = None
    compat: str = ""
    id: str = ""
    step: ClassVar[str] = "normalise"
    phase: ClassVar[int | None] = 4

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown choice, an empty range, what a method lacks, or faults of an indicator's own parameters."""
        yield from spec_faults(self)
        for code in self.indicators:
            try:
                self.of(code)
            except InputError as error:
                yield from error.problems

    def of(self, code: str) -> Normalise:
        """Return the specification that holds for one indicator."""
        if not self.indicators:
            return self
        own = self.indicators.get(code)
        base = replace(self, indicators={})
        if not own:
            return base
        merged = step_from_dict({**base.to_dict(), **own})
        assert isinstance(merged, Normalise)
        return merged

    @property
    def range(self) -> tuple[float, float]:
        """The scores at the two ends: ``low`` and ``high``, or 0 and the third of ``posts``."""
        return (0.0, self.posts[2]) if len(self.posts) == 3 else (self.low, self.high)

    def lowest(self, code: str) -> float | None:
        """Return the lowest value the column can take, or None where there is no bound."""
        spec = self.of(code)
        if spec.method in ("rank", "borda"):
            return 1.0 if spec.method == "rank" else 0.0
        if spec.method in ("zscore", "scaled", "fracmax", "none") or (spec.method == "goalposts" and not spec.clamp):
            return None
        return spec.range[0]

    def node(self, node: Node) -> Node:
        """Return a node with this specification's direction, posts and target over its own.

        >>> Normalise("goalposts", posts=(0, 50)).node(Node("a", direction=-1)).floor
        50.0
        """
        changes: dict[str, Any] = {}
        direction = node.direction if self.direction is None else self.direction
        if direction != node.direction:
            changes["direction"] = direction
        if self.posts and self.method in ("goalposts", "scaled"):
            lower, upper = self.posts[:2]
            changes |= {"floor": upper, "target": lower} if direction == -1 else {"floor": lower, "target": upper}
        if self.target is not None:
            changes["target"] = self.target
        return replace(node, **changes) if changes else node

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield missing or unusable goalposts, targets and reference units, and unknown indicators."""
        yield from unknown_indicators(self, framework, self.indicators)
        for code in framework.indicators:
            yield from node_problems(self.of(code), framework.node(code), data.units, self.name)

    def apply(self, state: State) -> State:
        """Return the state with normalised columns; InputError when the reference unit was screened out."""
        codes = state.framework.indicators
        groups: dict[str, list[int]] = {}
        specs: dict[str, Normalise] = {}
        for position, code in enumerate(codes):
            spec = self.of(code)
            key = repr(spec)
            specs[key] = spec
            groups.setdefault(key, []).append(position)
        out = None if len(specs) == 1 else np.empty_like(state.values)
        for key, positions in groups.items():
            spec = specs[key]
            nodes = [spec.node(state.framework.node(codes[p])) for p in positions]
            row = _row(state, spec, self.name)
            if out is None:
                out = normalise_columns(state.values, nodes, spec, row)
                break
            out[..., positions] = normalise_columns(state.values[..., positions], nodes, spec, row)
        assert out is not None
        found = list(column_warnings(self, state, out)) if state.single else []
        return state.becomes(values=out, problems=found)


def normalise_columns(values: Floats, nodes: list[Node], spec: Normalise, reference: int | None = None) -> Floats:
    """Normalise (..., units, columns) by one specification; ``reference`` is the row of its reference unit.

    >>> nodes = [Node("a", direction=-1)]
    >>> normalise_columns(np.array([[1.0], [2.0], [5.0]]), nodes, Normalise()).ravel().tolist()
    [100.0, 75.0, 0.0]
    """
    low, high = spec.range
    if spec.method in ("goalposts", "scaled"):
        return scales.onto(_between_posts(values, nodes, spec), low, high)
    x = towards_better(values, nodes)
    raw, average = spec.compat == COMPAT, spec.ties == "average"
    if spec.method in ("minmax", "dist2max"):
        return scales.spread(x, low, high)
    if spec.method == "zscore":
        return scales.zscore(x, spec.mean, spec.sd)
    if spec.method == "rank":
        return scales.ranked(x, average, keep_constant=raw)
    if spec.method == "borda":
        return scales.ranked(x, average, keep_constant=raw) - 1
    if spec.method == "percentile":
        return scales.percentile(x, low, high, average, keep_constant=raw)
    return x if spec.method == "none" else scales.onto(_against_one(x, nodes, spec, reference), low, high)


def _between_posts(values: Floats, nodes: list[Node], spec: Normalise) -> Floats:
    clamp = spec.clamp and spec.method == "goalposts"
    if spec.compat == COMPAT and spec.posts:
        lower, upper = spec.posts[:2]
        plain = [replace(node, direction=1, floor=lower, target=upper) for node in nodes]
        return goalposts(towards_better(values, nodes), plain, clamp)
    return goalposts(values, nodes, clamp)


def _against_one(x: Floats, nodes: list[Node], spec: Normalise, reference: int | None) -> Floats:
    """Return shares of the way to a reference unit, to the target, or to the best value."""
    raw = spec.compat == COMPAT
    if spec.method == "dist2ref":
        assert reference is not None
        return scales.distance_to_reference(x, x[..., reference : reference + 1, :], spec.cap, raw)
    if spec.method == "dist2targ":
        targets = np.array([0.0 if node.direction == 0 else node.target for node in nodes], dtype=np.float64)
        return scales.distance_to_target(x, targets * [node.direction or 1 for node in nodes], spec.cap, raw)
    if not raw:
        less = np.array([node.direction != 1 for node in nodes])
        if less.any():
            x[..., less] = scales.mirrored(-x[..., less])
    return scales.share_of_best(x, raw)


def _row(state: State, spec: Normalise, step: str) -> int | None:
    if spec.method != "dist2ref":
        return None
    if spec.reference not in state.units:
        raise InputError([reference_missing(spec.reference, step)])
    return state.units.index(spec.reference)


def towards_better(values: Floats, nodes: list[Node]) -> Floats:
    """Return values on which more is better: x, -x, or minus the distance to the target interval.

    >>> towards_better(np.array([[9.0], [14.0]]), [Node("a", direction=0, target_low=10, target_high=12)]).tolist()
    [[-1.0], [-2.0]]
    """
    out = values * np.array([node.direction for node in nodes], dtype=np.float64)
    for position, node in enumerate(nodes):
        if node.direction == 0:
            x = values[..., position]
            assert node.target_low is not None
            assert node.target_high is not None
            out[..., position] = -np.maximum(np.maximum(node.target_low - x, x - node.target_high), 0.0)
    return out
