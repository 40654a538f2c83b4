"""From scores and replicates to scorecards: ranks, tiers, grades, quadrants. Numbers in, numbers out; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qualipolis.law.rules import grade_of, rule_on
from qualipolis.methods.composite import CompositeResult, RankIntervals
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending
from qualipolis.methods.composite.sensitivity.tiers import TIER_RULE as TIER_RULE
from qualipolis.methods.composite.sensitivity.tiers import certainties, tiers

Floats = NDArray[np.float64]
SMALLEST_PEER_GROUP = 5
FULL = 100.0
FULL_IMPROVEMENT = 10.0


@dataclass(frozen=True)
class Card:
    """What one scorecard says."""

    unit: str
    peer_group: str
    peer_rank: int | None
    score: float | None
    bonus: float
    final_score: float | None
    rank: int | None
    tier: int | None
    grade: str
    veto: str
    quadrant: str
    present: int
    tier_certainty: float | None = None
    improvement: float | None = None


def improvement_of(score: float | None, before: float | None) -> float | None:
    """Return the improvement score: no change or a loss is 0, ten points more than the year before is 100.

    >>> improvement_of(62.0, 58.0), improvement_of(50.0, 58.0), improvement_of(90.0, None)
    (40.0, 0.0, None)
    """
    if score is None or before is None:
        return None
    return FULL * min(max((score - before) / FULL_IMPROVEMENT, 0.0), 1.0)


def blended(score: float | None, improvement: float | None, share: float) -> float | None:
    """Return share x level + (1 - share) x improvement; the level alone where there is no year before.

    >>> blended(60.0, 40.0, 0.7), blended(60.0, None, 0.7)
    (54.0, 60.0)
    """
    return score if score is None or improvement is None else share * score + (1 - share) * improvement


def final_of(score: float | None, bonus: float, cap: float) -> tuple[float, float | None]:
    """Return the bonus after its cap, and the score with it, never above the full mark.

    >>> final_of(80.0, 7.0, 5.0), final_of(98.0, 3.0, 5.0), final_of(None, 1.0, 5.0)
    ((5.0, 85.0), (3.0, 100.0), (1.0, None))
    """
    granted = min(max(bonus, 0.0), cap)
    return granted, None if score is None else min(FULL, score + granted)


def quadrant(level: float | None, inputs: float | None, level_middle: float, input_middle: float) -> str:
    """Return which quarter a unit stands in: what came out against what was put in, each against the median.

    >>> quadrant(70, 40, 60, 50), quadrant(50, 60, 60, 50), quadrant(70, 60, 60, 50), quadrant(1, 1, 60, 50)
    ('check', 'diagnose', 'lead', 'build')
    """
    if level is None or inputs is None or np.isnan(level_middle) or np.isnan(input_middle):
        return ""
    high_level, high_input = level >= level_middle, inputs >= input_middle
    return {(True, True): "lead", (False, True): "diagnose", (True, False): "check", (False, False): "build"}[
        high_level, high_input
    ]


def node_errors(result: CompositeResult, errors: Floats) -> Floats:
    """Return the standard error from counting of every node score, (units, nodes).

    An indicator: its standard error over the distance of the goalposts, 0 where the score is cut at an end. An
    aggregate: the root of the sum of squares with the weights of what is present (independent errors).
    """
    tree, scores = result.framework, result.scores
    squared = np.zeros(scores.shape)
    order = [result.data.codes.index(code) for code in tree.indicators]
    for column, code in enumerate(tree.indicators):
        node, at = tree.node(code), tree.index(code)
        width = abs((node.target or 0.0) - (node.floor or 0.0)) if node.direction else _interval_width(code, result)
        inside = (scores[:, at] > 0) & (scores[:, at] < FULL)
        squared[:, at] = np.where(inside, (FULL * errors[:, order[column]] / width) ** 2, 0.0)
    weights = result.runs[-1].state.weights
    for code in tree.upward:
        children = [tree.index(child) for child in tree.children(code)]
        present = weights[children] * ~np.isnan(scores[:, children])
        total = present.sum(axis=1, keepdims=True)
        share = np.divide(present, total, out=np.zeros_like(present), where=total > 0)
        squared[:, tree.index(code)] = (share**2 * squared[:, children]).sum(axis=1)
    return np.where(np.isnan(scores), np.nan, np.sqrt(squared))


def _interval_width(code: str, result: CompositeResult) -> float:
    node = result.framework.node(code)
    return abs((node.target_low or 0.0) - (node.floor or 0.0)) or 1.0


def cards(
    result: CompositeResult,
    intervals: RankIntervals | None,
    peers: Mapping[str, str],
    bonus: Mapping[str, float],
    vetoes: Mapping[str, str],
    day: date,
    share: float = 1.0,
    before: Mapping[str, float] | None = None,
) -> list[Card]:
    """Return the scorecards of a run, in the order of its units.

    With a ``share`` below 1 the final score is that share of the level and the rest of the improvement on ``before``
    (unit -> composite of the year before); the composite itself, its tiers and its intervals speak of the level.
    """
    root = result.framework.roots[0]
    scores = [_or_none(score) for score in result.score(root)]
    cap = float(rule_on("bonus.cap", day).value)  # type: ignore[arg-type]
    last = before or {}
    gains = [improvement_of(s, last.get(unit)) for s, unit in zip(scores, result.units, strict=True)]
    counted = [blended(s, gain, share) for s, gain in zip(scores, gains, strict=True)]
    finals = [final_of(s, bonus.get(unit, 0.0), cap) for s, unit in zip(counted, result.units, strict=True)]
    total = np.array([np.nan if final is None else final for _granted, final in finals])
    groups = [peers.get(unit, "") for unit in result.units]
    columns = (
        groups,
        [int(rank) or None for rank in _inside_groups(total, groups)],
        [int(rank) or None for rank in rank_descending(total, SCORE_TIES)],
        _tiers(result, intervals, root),
        _quadrants(result, groups),
        _present(result),
    )
    made = [
        _card(unit, score, final, vetoes.get(unit, ""), day, *row)
        for unit, score, final, *row in zip(result.units, scores, finals, *columns, strict=True)
    ]
    return [replace(card, improvement=gain) for card, gain in zip(made, gains, strict=True)]


def _card(
    unit: str,
    score: float | None,
    final: tuple[float, float | None],
    veto: str,
    day: date,
    peer_group: str,
    peer_rank: int | None,
    rank: int | None,
    tier: tuple[int | None, float | None],
    quarter: str,
    present: int,
) -> Card:
    granted, total = final
    number, sure = tier
    grade = "D" if veto and total is not None else (grade_of(total, day) or "")
    return Card(unit, peer_group, peer_rank, score, granted, total, rank, number, grade, veto, quarter, present, sure)


def _present(result: CompositeResult) -> list[int]:
    leaves = [result.framework.index(code) for code in result.framework.indicators]
    return [int(n) for n in (~np.isnan(result.scores[:, leaves])).sum(axis=1)]


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _inside_groups(total: Floats, groups: Sequence[str]) -> NDArray[np.int32]:
    found = np.zeros(len(total), dtype=np.int32)
    labels = np.array(groups)
    for label in set(groups):
        inside = labels == label
        found[inside] = rank_descending(total[inside], SCORE_TIES)
    return found


def _tiers(
    result: CompositeResult, intervals: RankIntervals | None, root: str
) -> list[tuple[int | None, float | None]]:
    """The tier of each unit, and how often it ranks among the places of that tier."""
    if intervals is None:
        return [(None, None)] * len(result.units)
    ranks = result.ranks(root)
    order = [int(i) for i in np.argsort(ranks, kind="stable") if not np.isnan(ranks[i])]
    drawn = intervals.replicate_ranks[:, intervals.nodes.index(root)]
    found = tiers(order, drawn)
    sure = certainties(order, found, drawn)
    return [(found.get(unit), sure.get(unit)) for unit in range(len(result.units))]


def _quadrants(result: CompositeResult, groups: Sequence[str]) -> list[str]:
    """Against the medians of the peers; of all units where the group is small."""
    if not {"QDL", "NII"} <= set(result.framework.codes):
        return [""] * len(result.units)
    level, inputs = result.score("QDL"), result.score("NII")
    labels = np.array(groups)
    middles: dict[str, tuple[float, float]] = {}
    for label in set(groups):
        inside = labels == label
        if label == "" or inside.sum() < SMALLEST_PEER_GROUP:
            inside = np.ones(len(labels), dtype=bool)
        middles[label] = (_median(level[inside]), _median(inputs[inside]))
    return [quadrant(_or_none(level[i]), _or_none(inputs[i]), *middles[label]) for i, label in enumerate(groups)]


def _median(values: Floats) -> float:
    kept = values[~np.isnan(values)]
    return float(np.median(kept)) if len(kept) else float("nan")
