"""Normalise: bring all indicators to one scale on which more is better (Handbook step 5; COINr ``Normalise``)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.denominate import unknown_indicators
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.composite.goalposts import goalpost_problems, goalposts
from qualipolis.methods.composite.ranks import rank_ascending
from qualipolis.methods.composite.steps import State, Step, choice_problem, range_problem, register, step_from_dict
from qualipolis.methods.problems import InputError, Problem, msg

METHODS = ("minmax", "zscore", "goalposts", "rank", "percentile")


@register
@dataclass(frozen=True)
class Normalise(Step):
    """Multiply by the direction, then bring to one scale.

    Parameters
    ----------
    method : ``minmax``: low + (high - low) (x - min) / (max - min). ``zscore``: mean + sd (x - mean(x)) / sd(x), n - 1.
        ``goalposts``: low + (high - low) (x - floor) / (target - floor), see :mod:`.goalposts`.
        ``rank``: ascending, ties to the lowest. ``percentile``: low + (high - low) (rank - 1) / (n - 1)
    low, high : range of ``minmax``, ``goalposts`` and ``percentile``; give low above 0 before a geometric mean
    mean, sd : of ``zscore``
    clamp : keep ``goalposts`` inside [low, high]
    indicators : indicator -> parameters of its own, for example ``{"rate": {"method": "goalposts"}}``

    Direction 0 stands for minus the distance to the target interval. A column with one single value tells units apart
    in no relative method: it becomes missing with a warning, and the weights beside it are renormalised. Goalposts
    keep it. Sources: OECD/JRC Handbook (2008) step 5; Mazziotta and Pareto (2016) for goalposts.

    >>> Normalise("minmax", 1, 100).to_dict()["low"]
    1.0
    """

    method: str = "minmax"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    clamp: bool = True
    indicators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    id: str = ""
    step: ClassVar[str] = "normalise"
    phase: ClassVar[int | None] = 4

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method, an empty range, or faults of an indicator's own parameters."""
        if self.method not in METHODS:
            yield choice_problem(self.name, "method", self.method, METHODS)
        if not self.low < self.high:
            yield range_problem(self.name, "high", self.high, f"> {self.low}")
        if not self.sd > 0:
            yield range_problem(self.name, "sd", self.sd, "> 0")
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

    def lowest(self, code: str) -> float | None:
        """Return the lowest value the column can take, or None where there is no bound."""
        spec = self.of(code)
        if spec.method == "rank":
            return 1.0
        if spec.method == "zscore" or (spec.method == "goalposts" and not spec.clamp):
            return None
        return spec.low

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield missing or unusable goalposts and unknown indicators."""
        yield from unknown_indicators(self, framework, self.indicators)
        for code in framework.indicators:
            if self.of(code).method == "goalposts":
                yield from goalpost_problems(framework.node(code))

    def apply(self, state: State) -> State:
        """Return the state with normalised columns."""
        codes = state.framework.indicators
        groups: dict[str, list[int]] = {}
        specs: dict[str, Normalise] = {}
        for position, code in enumerate(codes):
            spec = self.of(code)
            key = repr(spec)
            specs[key] = spec
            groups.setdefault(key, []).append(position)
        if len(specs) == 1:
            nodes = [state.framework.node(code) for code in codes]
            out = normalise_columns(state.values, nodes, self.of(codes[0]))
            return state.becomes(values=out, problems=list(_constants(state, out)) if state.single else [])
        out = np.empty_like(state.values)
        for key, positions in groups.items():
            nodes = [state.framework.node(codes[p]) for p in positions]
            out[..., positions] = normalise_columns(state.values[..., positions], nodes, specs[key])
        return state.becomes(values=out, problems=list(_constants(state, out)) if state.single else [])


def normalise_columns(values: Floats, nodes: list[Node], spec: Normalise) -> Floats:
    """Normalise (..., units, columns) by one specification; see :class:`Normalise`.

    >>> nodes = [Node("a", direction=-1)]
    >>> normalise_columns(np.array([[1.0], [2.0], [5.0]]), nodes, Normalise()).ravel().tolist()
    [100.0, 75.0, 0.0]
    """
    if spec.method == "goalposts":
        shares = goalposts(values, nodes, spec.clamp)
        shares *= spec.high - spec.low
        shares += spec.low
        return shares
    x = towards_better(values, nodes)
    if spec.method == "minmax":
        return _spread(x, *_ends(x), spec)
    if spec.method == "zscore":
        return _zscore(x, spec)
    ranks = rank_ascending(np.moveaxis(x, -2, -1))
    flat = np.max(ranks, axis=-1, keepdims=True, initial=0.0, where=~np.isnan(ranks)) <= 1
    ranks = np.where(flat, np.nan, ranks)
    if spec.method == "percentile":
        n = (~np.isnan(ranks)).sum(axis=-1, keepdims=True)
        ranks = spec.low + (spec.high - spec.low) * (ranks - 1) / np.maximum(n - 1, 1)
    return np.moveaxis(ranks, -1, -2)


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


def _ends(x: Floats) -> tuple[Floats, Floats]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmin(x, axis=-2, keepdims=True), np.nanmax(x, axis=-2, keepdims=True)


def _spread(x: Floats, bottom: Floats, top: Floats, spec: Normalise) -> Floats:
    width = np.where(top > bottom, top - bottom, np.nan)
    out = x - bottom
    out /= width
    out *= spec.high - spec.low
    out += spec.low
    return out


def _zscore(x: Floats, spec: Normalise) -> Floats:
    bottom, top = _ends(x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        centre = np.nanmean(x, axis=-2, keepdims=True)
        width = np.nanstd(x, axis=-2, keepdims=True, ddof=1)
    return (x - centre) / np.where(top > bottom, width, np.nan) * spec.sd + spec.mean


def _constants(state: State, out: Floats) -> Iterator[Problem]:
    lost: NDArray[np.bool_] = ~np.isnan(state.values).all(axis=0) & np.isnan(out).all(axis=0)
    for position in np.flatnonzero(lost):
        code = state.framework.indicators[position]
        yield Problem(
            "constant_column",
            msg("All units have the same value of %(code)s: it tells nobody apart and does not count."),
            msg("Check the data, or take the indicator out, or give it goalposts."),
            {"code": code},
            place=f"DATA {code}",
            severity="warning",
        )
