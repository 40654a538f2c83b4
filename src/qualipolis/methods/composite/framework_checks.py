"""What can be wrong with the rows of a framework. Every check reports all it finds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    from qualipolis.methods.composite.framework import Node


def tree_problems(nodes: Sequence[Node]) -> list[Problem]:
    """Return every error in the rows; an empty list means that they make a tree (or several)."""
    if not nodes:
        return [Problem("empty_framework", msg("The framework is empty."), msg("Give at least one indicator."))]
    places = [f"META row {node.row or position + 2}" for position, node in enumerate(nodes)]
    found: list[Problem] = []
    for node, place in zip(nodes, places, strict=True):
        found.extend(_row_problems(node, place))
    found.extend(_code_problems(nodes, places))
    found.extend(_parent_problems(nodes, places))
    found.extend(_sibling_problems(nodes, places))
    if not any(node.kind == "indicator" for node in nodes):
        found.append(
            Problem("no_indicator", msg("The framework has no indicator."), msg("Give at least one indicator."))
        )
    return found


def _row_problems(node: Node, place: str) -> Iterator[Problem]:
    who = {"node": node.code}
    if node.kind not in ("indicator", "aggregate"):
        yield Problem(
            "unknown_kind",
            msg("%(node)s has the unknown kind %(kind)s."),
            msg("Write indicator or aggregate."),
            {**who, "kind": node.kind},
            place,
        )
    if not (isinstance(node.weight, int | float) and math.isfinite(node.weight) and node.weight >= 0):
        yield Problem(
            "bad_weight",
            msg("The weight of %(node)s is %(weight)s."),
            msg("A weight is a number, 0 or more."),
            {**who, "weight": node.weight},
            place,
        )
    if node.direction not in (-1, 0, 1):
        yield Problem(
            "unknown_direction",
            msg("The direction of %(node)s is %(direction)s."),
            msg("Write 1 (more is better), -1 (less is better) or 0 (best inside the target interval)."),
            {**who, "direction": node.direction},
            place,
        )
    elif node.kind == "aggregate" and node.direction != 1:
        yield Problem(
            "aggregate_direction",
            msg("The aggregate %(node)s has direction %(direction)s."),
            msg("Reverse its indicators instead; an aggregate has direction 1."),
            {**who, "direction": node.direction},
            place,
        )
    elif node.direction == 0:
        yield from _interval_problems(node, place)


def _interval_problems(node: Node, place: str) -> Iterator[Problem]:
    low, high = node.target_low, node.target_high
    if low is None or high is None or not low <= high:
        yield Problem(
            "bad_target_interval",
            msg("%(node)s has direction 0 but its target interval is missing or upside down."),
            msg("Give target_low and target_high with target_low not above target_high."),
            {"node": node.code},
            place,
        )


def _code_problems(nodes: Sequence[Node], places: Sequence[str]) -> Iterator[Problem]:
    counts = Counter(node.code for node in nodes)
    seen: set[str] = set()
    for node, place in zip(nodes, places, strict=True):
        if not node.code:
            yield Problem("missing_code", msg("The code is empty."), msg("Give every row a code."), {}, place)
        elif counts[node.code] > 1 and node.code in seen:
            yield Problem(
                "duplicate_code",
                msg("The code %(node)s is used %(count)s times."),
                msg("Give every row its own code."),
                {"node": node.code, "count": counts[node.code]},
                place,
            )
        seen.add(node.code)


def _parent_problems(nodes: Sequence[Node], places: Sequence[str]) -> Iterator[Problem]:
    by_code = {node.code: node for node in nodes}
    looped = set(_cycle_members({node.code: node.parent for node in nodes}))
    for node, place in zip(nodes, places, strict=True):
        who = {"node": node.code, "parent": node.parent}
        if node.parent is None:
            continue
        if node.parent not in by_code:
            yield Problem(
                "missing_parent",
                msg("The parent %(parent)s of %(node)s does not exist."),
                msg("Add a row for %(parent)s or correct the code."),
                who,
                place,
            )
        elif node.code in looped:
            yield Problem(
                "cycle",
                msg("%(node)s is its own ancestor."),
                msg("Correct the parents so that every path ends at a root."),
                who,
                place,
            )
        else:
            yield from _pair_problems(node, by_code[node.parent], place)


def _pair_problems(node: Node, parent: Node, place: str) -> Iterator[Problem]:
    who = {"node": node.code, "parent": parent.code, "level": node.level, "above": parent.level}
    if parent.kind == "indicator":
        yield Problem(
            "indicator_with_children",
            msg("%(parent)s is an indicator but %(node)s names it as parent."),
            msg("Make %(parent)s an aggregate or correct the parent."),
            who,
            place,
        )
    elif parent.level <= node.level:
        yield Problem(
            "level_order",
            msg("%(node)s has level %(level)s, not below the level %(above)s of its parent %(parent)s."),
            msg("Give the parent a higher level."),
            who,
            place,
        )


def _cycle_members(parents: dict[str, str | None]) -> Iterator[str]:
    for start in parents:
        seen: set[str] = set()
        at = parents[start]
        while at is not None and at not in seen and at != start:
            seen.add(at)
            at = parents.get(at)
        if at == start:
            yield start


def _sibling_problems(nodes: Sequence[Node], places: Sequence[str]) -> Iterator[Problem]:
    families: dict[str, list[float]] = {}
    for node in nodes:
        if node.parent is not None:
            families.setdefault(node.parent, []).append(node.weight)
    for node, place in zip(nodes, places, strict=True):
        weights = families.get(node.code, [])
        if node.kind == "aggregate" and not weights:
            yield Problem(
                "no_children",
                msg("The aggregate %(node)s has no children."),
                msg("Name it as parent of an indicator or remove the row."),
                {"node": node.code},
                place,
            )
        elif weights and all(weight == 0 for weight in weights):
            yield Problem(
                "zero_weights",
                msg("The weights under %(node)s are all zero."),
                msg("Give one child a weight above 0."),
                {"node": node.code},
                place,
            )
