"""Goalposts: a score against fixed ends and not against the other units, so that years can be compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Node
from qualipolis.methods.problems import Problem, msg


def goalposts(values: Floats, nodes: list[Node], clamp: bool = True) -> Floats:
    """Return the share of the way from floor to target of (..., units, columns).

    Direction +1: (x - floor) / (target - floor). Direction -1: (ceiling - x) / (ceiling - target) with the ceiling, the
    worst value, in ``floor``. Direction 0: 1 inside [target_low, target_high], falling in a line to 0 at ``floor``
    below and at ``target`` above (left out, each lies one interval width away). With ``clamp`` cut to [0, 1].

    >>> goalposts(np.array([[80.0], [95.0], [120.0]]), [Node("a", floor=80.0, target=100.0)]).ravel().tolist()
    [0.0, 0.75, 1.0]
    """
    out = np.empty_like(values)
    for position, node in enumerate(nodes):
        x = values[..., position]
        if node.direction == 0:
            low, high, zero_low, zero_high = interval_ends(node)
            share = np.minimum((x - zero_low) / (low - zero_low), (zero_high - x) / (zero_high - high))
            share = np.minimum(share, 1.0)
        else:
            assert node.floor is not None
            assert node.target is not None
            share = x - node.floor
            share /= node.target - node.floor
        if clamp:
            np.clip(share, 0.0, 1.0, out=out[..., position])
        else:
            out[..., position] = share
    return out


def interval_ends(node: Node) -> tuple[float, float, float, float]:
    """Return target_low, target_high and the two values at which the score has fallen to 0.

    >>> interval_ends(Node("a", direction=0, target_low=10.0, target_high=12.0))
    (10.0, 12.0, 8.0, 14.0)
    """
    assert node.target_low is not None
    assert node.target_high is not None
    width = node.target_high - node.target_low
    zero_low = node.target_low - width if node.floor is None else node.floor
    zero_high = node.target_high + width if node.target is None else node.target
    return node.target_low, node.target_high, zero_low, zero_high


def goalpost_problems(node: Node) -> Iterator[Problem]:
    """Yield goalposts that are missing, equal, or contrary to the direction."""
    if node.direction == 0:
        low, high, zero_low, zero_high = interval_ends(node)
        wrong = not (zero_low < low and high < zero_high)
        text = msg("The goalposts of %(code)s do not lie outside its target interval.")
        remedy = msg("Give floor below target_low and target above target_high.")
    elif node.floor is None or node.target is None:
        wrong = True
        text = msg("%(code)s has no goalposts.")
        remedy = msg("Give floor (score 0) and target (full score).")
    else:
        wrong = not (node.target - node.floor) * node.direction > 0
        text = msg(
            "The goalposts of %(code)s are equal or contrary to its direction: floor %(floor)s, target %(target)s."
        )
        remedy = msg("With direction 1 the target lies above the floor, with direction -1 below it.")
    if wrong:
        params = {"code": node.code, "floor": node.floor, "target": node.target}
        yield Problem("bad_goalposts", text, remedy, params, place=f"META {node.code}")
