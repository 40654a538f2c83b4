"""An indicator set as the framework that the methods compute with."""

from __future__ import annotations

from collections.abc import Collection

from qualipolis.city.measure.models import Indicator, IndicatorSet
from qualipolis.methods.composite.framework import Framework, Node


def framework_of(thing: IndicatorSet, codes: Collection[str] | None = None) -> Framework:
    """Return the tree of a set; with ``codes`` only those indicators and the aggregates that still hold one.

    Raises
    ------
    InputError
        the tree or its weights do not hold together
    """
    leaves = [_leaf(row) for row in thing.indicators.select_related("dimension").order_by("position", "code")]
    if codes is not None:
        leaves = [leaf for leaf in leaves if leaf.code in codes]
    nodes = [
        Node(row.code, row.name_en, row.name_zh, row.parent and row.parent.code, row.weight, row.level, "aggregate")
        for row in thing.dimensions.select_related("parent").order_by("position", "code")
    ]
    if codes is not None:
        needed = _ancestors({leaf.parent for leaf in leaves}, {node.code: node.parent for node in nodes})
        nodes = [node for node in nodes if node.code in needed]
    return Framework((*leaves, *nodes))


def _ancestors(codes: set[str | None], parents: dict[str, str | None]) -> set[str | None]:
    found = set(codes)
    while more := {parents.get(code or "") for code in found} - found - {None}:
        found |= more
    return found


def _leaf(row: Indicator) -> Node:
    interval = row.direction == Indicator.Direction.TARGET
    return Node(
        row.code,
        row.name_en,
        row.name_zh,
        row.dimension.code,
        row.weight,
        1,
        "indicator",
        int(row.direction),
        row.unit_en,
        None,
        row.floor,
        row.ceiling if interval else row.target,
        row.target_low,
        row.target_high,
    )
