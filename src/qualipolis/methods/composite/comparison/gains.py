"""What would move a score most: steps and goals for each indicator, recomputed and not derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.comparison.moves import Move, moves
from qualipolis.methods.composite.comparison.trial import row_of, trial_scores
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

GOALS = ("step", "target", "best", "next")


@dataclass(frozen=True)
class Gain:
    """One indicator moved to one value: its raw ``value``, the ``gain`` in score and the ``rank`` then."""

    value: float
    gain: float
    rank: int


@dataclass(frozen=True)
class Lever:
    """What one indicator could bring a unit.

    Parameters
    ----------
    indicator : its code
    value : raw value now, None where missing
    step, target, best, next : small step, full score, best peer, next better unit; None where there is no such goal or
        the unit has reached it
    effort : cost of the step, where costs are given
    """

    indicator: str
    value: float | None
    step: Gain | None
    target: Gain | None
    best: Gain | None
    next: Gain | None
    effort: float | None = None

    @property
    def per_effort(self) -> float | None:
        """Gain of the step for one unit of cost."""
        return self.step.gain / self.effort if self.step and self.effort else None


@dataclass(frozen=True, eq=False, repr=False)
class Gains:
    """All levers of a unit, the most rewarding first (by gain for effort where costs are given, else by step)."""

    unit: str
    node: str
    score: float
    rank: int
    levers: tuple[Lever, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return indicator, value, then for each goal its value, gain and rank; effort and gain_per_effort."""
        import polars as pl

        columns: dict[str, list[object]] = {
            "indicator": [lever.indicator for lever in self.levers],
            "value": [lever.value for lever in self.levers],
        }
        schema: dict[str, type[pl.DataType]] = {"indicator": pl.String, "value": pl.Float64}
        for goal in GOALS:
            for name, kind in (("value", pl.Float64), ("gain", pl.Float64), ("rank", pl.Int64)):
                found = [getattr(lever, goal) for lever in self.levers]
                columns[f"{goal}_{name}"] = [getattr(one, name) if one else None for one in found]
                schema[f"{goal}_{name}"] = kind
        columns["effort"] = [lever.effort for lever in self.levers]
        columns["gain_per_effort"] = [lever.per_effort for lever in self.levers]
        return pl.DataFrame(columns, schema=schema | {"effort": pl.Float64, "gain_per_effort": pl.Float64})

    def __repr__(self) -> str:
        lines = [f"{self.unit}: {self.node} {self.score:.4f}, rank {self.rank}; gain by one step"]
        for lever in self.levers[:10]:
            gain = f"{lever.step.gain:+9.4f}" if lever.step else "        -"
            lines.append(f"{gain}  {lever.indicator}")
        return "\n".join(lines)


def marginal_gains(
    result: CompositeResult,
    unit: str,
    node: str | None = None,
    step: float = 0.01,
    by: str = "range",
    group: str | None = None,
    effort: Mapping[str, float] | None = None,
) -> Gains:
    """Return what each indicator would bring a unit, all others and all other units unchanged.

    Parameters
    ----------
    step, by : the small step: with ``by="range"`` that share of the way between the goalposts (of the observed range
        where there are none); with ``"unit"`` that many units of the raw measure. Towards better; with direction 0
        towards the target interval and not beyond it
    group : peers for best and next are the units of the same group, by default all
    effort : indicator -> cost of one raw unit, to sort by gain for effort

    Every goal is a full trial through the pipeline (denominators, outlier treatment, a scale that moves with the unit's
    own value, clamping, means), in batches, not a derivative. Ranks are those among all units after the trial.

    Raises InputError when the unit has no score, or an argument is unknown.

    >>> from qualipolis.methods.composite import CITY_PIPELINE, Framework, IndicatorData, Node
    >>> leaf = lambda code, weight: Node(code, parent="X", weight=weight, floor=0.0, target=10.0)
    >>> fw = Framework((leaf("a", 1.0), leaf("b", 3.0), Node("X", level=2, kind="aggregate")))
    >>> result = CITY_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a", "b"), [[4, 5], [8, 10]]))
    >>> lever = marginal_gains(result, "u").levers[0]
    >>> lever.indicator, round(lever.step.gain, 6), lever.target.gain, lever.target.rank
    ('b', 0.75, 37.5, 2)
    """
    code = result.framework.roots[0] if node is None else node
    row = row_of(result, unit, code)
    _check(result, by, step, group, effort)
    inside = frozenset(result.framework.leaves(code))
    plans = [plan for plan in moves(result, unit, step, by, group) if plan.indicator in inside]
    now, own = float(result.score(code)[row]), int(result.ranks(code)[row])
    return Gains(unit, code, now, own, _levers(result, (unit, code, row), plans, effort))


def _levers(
    result: CompositeResult, place: tuple[str, str, int], plans: list[Move], effort: Mapping[str, float] | None
) -> tuple[Lever, ...]:
    unit, code, row = place
    cells = [(plan.indicator, value) for plan in plans for value in plan.values if value is not None]
    scores = trial_scores(result, cells, unit, code)
    ranks = rank_descending(scores, SCORE_TIES)
    found = _gains(scores[:, row] - result.score(code)[row], ranks[:, row].tolist(), cells)
    costs = effort or {}
    levers = [_lever(plan, found, costs.get(plan.indicator)) for plan in plans]
    levers.sort(key=lambda lever: _order(lever, bool(effort)))
    return tuple(levers)


def _gains(gains: Floats, ranks: list[int], cells: list[tuple[str, float]]) -> Iterator[Gain | None]:
    for gain, rank, (_, value) in zip(gains.tolist(), ranks, cells, strict=True):
        yield None if np.isnan(gain) else Gain(value, gain, rank)


def _lever(plan: Move, found: Iterator[Gain | None], cost: float | None) -> Lever:
    step, target, best, following = (next(found) if value is not None else None for value in plan.values)
    moved = None
    if cost is not None and step is not None and plan.now is not None:
        moved = cost * abs(step.value - plan.now)
    return Lever(plan.indicator, plan.now, step, target, best, following, moved)


def _order(lever: Lever, by_effort: bool) -> tuple[bool, float]:
    key = lever.per_effort if by_effort else (lever.step.gain if lever.step else None)
    return key is None, -(key or 0.0)


def _check(
    result: CompositeResult, by: str, step: float, group: str | None, effort: Mapping[str, float] | None
) -> None:
    errors: list[Problem] = []
    wanted = msg("Give a number above 0.")
    if by not in ("range", "unit"):
        text = msg("%(parameter)s cannot be %(value)s.")
        known = {"parameter": "by", "value": by, "known": "range, unit"}
        errors.append(Problem("unknown_choice", text, msg("Use one of: %(known)s."), known))
    if not step > 0:
        errors.append(Problem("bad_step", msg("The step is %(step)s."), wanted, {"step": step}))
    if group is not None and group not in result.data.groups:
        text = msg("The data have no grouping %(name)s.")
        errors.append(Problem("unknown_group", text, msg("Use one that is there."), {"name": group}))
    for code, cost in (effort or {}).items():
        if not cost > 0:
            text = msg("The effort of %(code)s is %(cost)s.")
            errors.append(Problem("bad_effort", text, wanted, {"code": code, "cost": cost}))
    if errors:
        raise InputError(errors)
