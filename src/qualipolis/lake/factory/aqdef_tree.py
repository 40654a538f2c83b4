"""The groups of an AQDEF file: nodes of parts, characteristics and groups, and who stands under whom."""

from __future__ import annotations

from collections.abc import Sequence


def groups(structure: Sequence[tuple[str, int, str]]) -> dict[int, str]:
    """Return the name of the group of each characteristic that stands under one.

    K5112/node and K5113/node say which characteristic or group a node is; K5103/node gives it a node as child,
    K5102/node a characteristic.

    >>> groups([("K5002", 1, "bore"), ("K5113", 4, "1"), ("K5102", 4, "3")])
    {3: 'bore'}
    """
    names = {index: value for key, index, value in structure if key == "K5002"}
    nodes = {index: (key, _whole(value)) for key, index, value in structure if key in ("K5111", "K5112", "K5113")}
    above: dict[int, int] = {}
    under: dict[int, int] = {}
    for key, index, value in structure:
        if key == "K5103":
            above[_whole(value)] = index
        elif key == "K5102":
            under[_whole(value)] = index
    for node, (key, number) in nodes.items():
        if key == "K5112" and number not in under and node in above:
            under[number] = above[node]
    found = {}
    for characteristic, node in under.items():
        name = _group(node, nodes, above, names)
        if name:
            found[characteristic] = name
    return found


def _group(node: int, nodes: dict[int, tuple[str, int]], above: dict[int, int], names: dict[int, str]) -> str:
    """Return the name of the first group from ``node`` upwards; a circle ends the search."""
    seen: set[int] = set()
    while node not in seen:
        seen.add(node)
        key, number = nodes.get(node, ("", 0))
        if key == "K5113":
            return names.get(number, str(number))
        if node not in above:
            return ""
        node = above[node]
    return ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
