"""What would move a town's score most: a realistic step, the target, the next better peer, each tried in full."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qualipolis.city.assess.book import Book, NodeFacts
from qualipolis.city.assess.explain import Case, case
from qualipolis.city.assess.explain_trial import kinds
from qualipolis.city.assess.models import Release
from qualipolis.methods.composite import CompositeResult
from qualipolis.methods.composite.comparison.moves import Move, moves
from qualipolis.methods.composite.comparison.trial import trial_scores
from qualipolis.methods.composite.framework import Node
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending

PLAIN_STEP = 0.05
FEWEST_STEPS = 5


@dataclass(frozen=True)
class Reached:
    """One indicator at one other value: what the score gains, the rank then, and whether that lies outside the interval."""

    value: float
    gain: float
    rank: int
    beyond: bool | None


@dataclass(frozen=True)
class Lever:
    """One indicator: where it stands and what a step, the target and the next better peer would bring.

    ``observed`` says whether the step is what units improved by last year (their median) or a plain share of the
    way between the goalposts; ``done`` that the score of the indicator is full already.
    """

    code: str
    node: NodeFacts
    value: float | None
    cases: float | None
    size: float | None
    observed: bool
    done: bool
    step: Reached | None
    target: Reached | None
    next: Reached | None
    effort: float | None = None

    @property
    def per_effort(self) -> float | None:
        """Points of the step for one unit of effort."""
        return self.step.gain / self.effort if self.step and self.effort else None


def levers(made: Case, effort: Mapping[str, float] | None = None) -> list[Lever]:
    """Return what every indicator could bring, by gain for effort where the effort is known, then by gain.

    All others and all other units stay as they are; every line is a full trial through the pipeline, not a derivative.
    """
    costs = effort or {}
    found = _of_release(made.release.pk, made.release.release_hash, made.before.pk if made.before else 0, made.unit)
    return sorted((replace(one, effort=costs.get(one.code)) for one in found), key=_order)


@lru_cache(maxsize=64)
def _of_release(pk: int, release_hash: str, before: int, unit: str) -> tuple[Lever, ...]:
    """The trials of one unit, made once: a release never changes, and ``before`` says which one the steps are taken from."""
    release = Release.objects.select_related("assessment__round__set").get(pk=pk, release_hash=release_hash)
    made = case(release, unit)
    return () if made is None else _tried(made)


def _tried(made: Case) -> tuple[Lever, ...]:
    result = made.base.result
    usual, counts = usual_steps(made.read, made.earlier), {c for c, kind in kinds(made).items() if kind == "count"}
    plans = [_plan(result, plan, usual, counts) for plan in moves(result, made.unit, PLAIN_STEP, "range", made.group)]
    cells = [(plan.indicator, value) for plan, _ in plans for value in plan.values if value is not None]
    scores = trial_scores(result, cells, made.unit, made.root)
    row = result.units.index(made.unit)
    gains = scores[:, row] - result.score(made.root)[row]
    ranks = rank_descending(scores, SCORE_TIES)[:, row] if cells else np.zeros(0, dtype=np.int32)
    tried = iter(zip(gains.tolist(), ranks.tolist(), strict=True))
    found = []
    for plan, observed in plans:
        reached = [None if value is None else _reached(made, value, *next(tried)) for value in plan.values]
        if (node := made.node(plan.indicator)) is not None:
            found.append(_lever(made, node, plan, observed, reached))
    return tuple(found)


def _reached(made: Case, value: float, gain: float, rank: int) -> Reached | None:
    return None if np.isnan(gain) else Reached(value, gain, int(rank), made.beyond(int(rank)))


def _lever(made: Case, fact: NodeFacts, plan: Move, observed: bool, reached: list[Reached | None]) -> Lever:
    node = made.base.result.framework.node(plan.indicator)
    step, target, _best, following = reached
    full = plan.now is not None and plan.values[1] is None and (node.direction == 0 or node.target is not None)
    size = None if step is None or plan.now is None else abs(step.value - plan.now)
    return Lever(
        code=plan.indicator,
        node=fact,
        value=plan.now,
        cases=made.read.value("denominator", made.unit, plan.indicator) if fact.proportion else None,
        size=None if full else size,
        observed=observed,
        done=full,
        step=None if full else step,
        target=target,
        next=None if full else following,
    )


def _order(lever: Lever) -> tuple[bool, float, bool, float, str]:
    ratio, gain = lever.per_effort, lever.step.gain if lever.step else None
    return ratio is None, -(ratio or 0.0), gain is None, -(gain or 0.0), lever.code


def _plan(
    result: CompositeResult, plan: Move, usual: Mapping[str, float], counts: Collection[str]
) -> tuple[Move, bool]:
    """Replace the plain step by what units usually improve by in a year, never beyond the target; counts by whole ones."""
    node, size = result.framework.node(plan.indicator), usual.get(plan.indicator)
    if plan.now is None or plan.values[0] is None or node.direction == 0:
        following = None if plan.now is None else plan.values[3]
        return Move(plan.indicator, plan.now, (*plan.values[:2], None, following)), False
    step = abs(plan.values[0] - plan.now) if size is None else size
    step = float(math.ceil(step)) if plan.indicator in counts else step
    moved = Move(plan.indicator, plan.now, (plan.now + node.direction * step, plan.values[1], None, plan.values[3]))
    return _stopped(node, moved), size is not None


def _stopped(node: Node, plan: Move) -> Move:
    step, target = plan.values[0], plan.values[1]
    if step is None or target is None or node.direction == 0 or (step - target) * node.direction <= 0:
        return plan
    return Move(plan.indicator, plan.now, (target, *plan.values[1:]))


def usual_steps(read: Book, earlier: Book | None) -> dict[str, float]:
    """Return by indicator the median improvement of the units that improved since the year before.

    Only where at least five did, so that the step says nothing of any one of them.
    """
    if earlier is None:
        return {}
    both = [unit for unit in read.rows if unit in earlier.rows]
    here, there = [read.rows[unit] for unit in both], [earlier.rows[unit] for unit in both]
    found = {}
    for code, column in read.columns.items():
        fact, last = read.nodes.get(code), earlier.columns.get(code)
        if fact is None or fact.level != 1 or fact.direction == 0 or last is None:
            continue
        moved = (read.values["value"][here, column] - earlier.values["value"][there, last]) * fact.direction
        better = moved[moved > 0]
        if len(better) >= FEWEST_STEPS:
            found[code] = float(np.median(better))
    return found
