"""Where each indicator of a unit could go: a small step, its target, the best peer, the next better one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.denominate import Denominate
from qualipolis.methods.composite.framework import Node
from qualipolis.methods.composite.goalposts import interval_ends
from qualipolis.methods.composite.normalise import towards_better
from qualipolis.methods.composite.result import CompositeResult


@dataclass(frozen=True)
class Move:
    """One indicator: raw value now, and the raw values of the goals (step, target, best, next); None where there is none."""

    indicator: str
    now: float | None
    values: tuple[float | None, ...]


def moves(result: CompositeResult, unit: str, step: float, by: str, group: str | None) -> Iterator[Move]:
    """Yield the moves of a unit, one for each indicator of the framework.

    Goalposts hold for the divided values: goals are multiplied back by the unit's denominator.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a",), [[1], [2], [5]]))
    >>> list(moves(result, "u", 0.25, "range", None))
    [Move(indicator='a', now=1.0, values=(2.0, None, 5.0, 2.0))]
    """
    tree, data = result.framework, result.data
    row = data.units.index(unit)
    peers = _peers(result, row, group)
    factors = _factors(result)
    for code in tree.indicators:
        node, raw = tree.node(code), data.column(code)
        factor = factors.get(code, np.ones(len(raw)))
        divided = raw / factor
        own = float(divided[row])
        goals = _goals(node, own, divided[peers], step if by == "range" else None)
        if by == "unit" and not np.isnan(own):
            goals[0] = _towards(node, own, step / float(factor[row]))
        back = [
            None if one is None or not np.isfinite(one * factor[row]) else float(one * factor[row]) for one in goals
        ]
        yield Move(code, None if np.isnan(raw[row]) else float(raw[row]), tuple(back))


def _goals(node: Node, own: float, peers: Floats, step: float | None) -> list[float | None]:
    peers = peers[~np.isnan(peers)]
    ladder = towards_better(peers[:, None], [node]).ravel()
    here = -np.inf if np.isnan(own) else float(towards_better(np.array([[own]]), [node])[0, 0])
    small = None
    if step is not None and not np.isnan(own):
        small = _towards(node, own, step * _width(node, peers))
    above = ladder > here
    best = float(peers[int(ladder.argmax())]) if above.any() else None
    following = float(peers[int(np.where(above, ladder, np.inf).argmin())]) if above.any() else None
    return [small, _target(node, own), best, following]


def _towards(node: Node, own: float, distance: float) -> float | None:
    """Return the value a distance further towards better; None inside a target interval, never beyond its edge."""
    if not distance > 0:
        return None
    if node.direction != 0:
        return own + node.direction * distance
    assert node.target_low is not None
    assert node.target_high is not None
    if own < node.target_low:
        return min(own + distance, node.target_low)
    return max(own - distance, node.target_high) if own > node.target_high else None


def _target(node: Node, own: float) -> float | None:
    if node.direction == 0:
        low, high, _, _ = interval_ends(node)
        goal = low if np.isnan(own) or own < low else high
        return None if low <= own <= high else goal
    if node.target is None:
        return None
    return None if (own - node.target) * node.direction >= 0 else node.target


def _width(node: Node, peers: Floats) -> float:
    if node.direction == 0:
        _, _, low, high = interval_ends(node)
        return high - low
    if node.floor is not None and node.target is not None:
        return abs(node.target - node.floor)
    return float(np.ptp(peers)) if peers.size else 0.0


def _peers(result: CompositeResult, row: int, group: str | None) -> list[int]:
    rows: list[int] = result.runs[-1].state.rows.tolist()
    if group is None:
        return rows
    labels = result.data.groups[group]
    return [k for k in rows if labels[k] == labels[row]]


def _factors(result: CompositeResult) -> dict[str, Floats]:
    """Return indicator -> raw value for one unit of the divided value, for each unit of the data."""
    found: dict[str, Floats] = {}
    for step in result.pipeline.steps:
        if isinstance(step, Denominate):
            for position, name in step.chosen(result.framework).items():
                code = result.framework.indicators[position]
                below = result.data.denominators[name]
                found[code] = np.where(below == 0, np.nan, below) / step.scale.get(code, 1.0)
    return found
