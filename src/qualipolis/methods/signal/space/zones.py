"""Windows of a scan in space: closed discs around each area, and connected sets of neighbouring areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg, refuse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_ZONES = 200_000
EARTH_KM = 6371.0088


@dataclass(frozen=True, eq=False)
class Zones:
    """Sets of areas, each written as another set and one area more, in an order in which sums can be carried along.

    Step ``s`` stands for the set of step ``parent[s]`` (-1: the empty one) with ``area[s]`` added. ``slot[s]`` is the
    register that holds its running sum: one for a disc that grows, one for each size in a tree of connected sets.
    Steps with ``kept`` are zones that are compared; the others repeat a set, pass a bound or split a tie.
    ``closed`` counts the zones before repeats were left out.
    """

    area: Ints
    parent: Ints
    slot: Ints
    kept: NDArray[np.bool_]
    shape: str
    closed: int
    largest: int

    def __len__(self) -> int:
        return int(self.kept.sum())

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the sum of ``values`` (areas first) over the set of every step."""
        found = np.asarray(values)[self.area]
        depth = self.sizes()
        order = np.argsort(depth, kind="stable")
        ends = np.searchsorted(depth[order], np.arange(2, depth.max(initial=0) + 2))
        for start, end in pairwise(ends):
            steps = order[start:end]
            found[steps] = found[self.parent[steps]] + found[steps]
        return found

    def sizes(self) -> Ints:
        """Return the number of areas in the set of every step."""
        depth = np.ones(len(self.area), dtype=np.int64)
        first = np.flatnonzero(self.parent < 0)
        if self.shape == "discs":
            starts = np.repeat(first, np.diff(np.append(first, len(depth))))
            return np.arange(len(depth)) - starts + 1
        return self.slot + 1

    def members(self, step: int) -> tuple[int, ...]:
        """Return the areas of one step in the order in which they were added."""
        found = []
        while step >= 0:
            found.append(int(self.area[step]))
            step = int(self.parent[step])
        return tuple(reversed(found))


def distances(coordinates: Floats, distance: str = "euclidean") -> Floats:
    """Return distances between areas: in the unit of the coordinates, or in km from degrees of longitude and latitude.

    >>> distances(np.array([[0.0, 0.0], [3.0, 4.0]]))[0].tolist()
    [0.0, 5.0]
    >>> round(float(distances(np.array([[113.0, 23.0], [114.0, 23.0]]), "great_circle")[0, 1]), 1)
    102.4

    Raises
    ------
    InputError : a place beyond the poles, as when latitude and longitude change places
    """
    if distance == "euclidean":
        return np.asarray(np.sqrt(((coordinates[:, None, :] - coordinates[None, :, :]) ** 2).sum(axis=-1)))
    outside = np.flatnonzero((np.abs(coordinates) > (360, 90)).any(axis=1))
    what, remedy = msg("Place %(row)s lies at no longitude and latitude."), msg("Give degrees, the longitude first.")
    refuse([Problem("no_degrees", what, remedy, {"row": int(one) + 1}, "coordinates") for one in outside[:50]])
    lon, lat = np.radians(coordinates).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half = half + np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def discs(between: Floats, size: Floats, share: float, radius: float = np.inf, ties: str = "together") -> Zones:
    """Return the discs around every area that hold at most ``share`` of ``size`` and reach at most ``radius``.

    Areas at the same distance enter together, because a closed disc holds them all and the order of rows means
    nothing; ``ties="one_by_one"`` lets them enter in the order of rows, as SpatialEpi does.

    >>> found = discs(distances(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]])), np.ones(3), 0.7)
    >>> [found.members(step) for step in np.flatnonzero(found.kept)]
    [(0,), (0, 1), (1,), (2,), (2, 1)]
    """
    order = np.argsort(between, axis=1, kind="stable")
    far = np.take_along_axis(between, order, axis=1)
    held = np.cumsum(size[order], axis=1) / size.sum()
    inside = (held <= share * (1 + 1e-12)) & (far <= radius)
    inside = np.logical_and.accumulate(inside, axis=1)
    last = np.ones_like(inside)
    if ties == "together":
        last[:, :-1] = np.diff(far, axis=1) > 1e-9 * max(float(far.max(initial=0.0)), 1e-300)
    area = order[inside]
    first = np.zeros_like(inside)
    first[:, 0] = inside[:, 0]
    starts = first[inside]
    parent = np.where(starts, -1, np.arange(len(area)) - 1)
    slot = np.zeros(len(area), dtype=np.int64)
    return _distinct(area, parent, slot, last[inside], "discs")


def connected(neighbours: Sequence[frozenset[int]], size: Floats, share: float, largest: int | None = None) -> Zones:
    """Return every connected set of at most ``largest`` areas that holds at most ``share`` of ``size``, each once.

    Without ``largest`` sets grow until one area more would give over 20,000 of them. Enumeration as in S. Wernicke
    (2006), "Efficient detection of network motifs", IEEE/ACM TCBB 3, 347-359; sets as in T. Tango and K. Takahashi
    (2005), "A flexibly shaped spatial scan statistic for detecting clusters", Int. J. Health Geographics 4:11.

    Raises
    ------
    InputError
        more than 200,000 sets

    >>> found = connected([frozenset({1}), frozenset({0, 2}), frozenset({1})], np.ones(3), 0.7, 2)
    >>> [found.members(step) for step in np.flatnonzero(found.kept)]
    [(0,), (0, 1), (1,), (1, 2), (2,)]
    """
    if largest is not None:
        found = _sets(neighbours, size, share * float(size.sum()), largest, MOST_ZONES)
        if found is None:
            what = msg("There are more than %(most)s connected sets of up to %(largest)s areas.")
            params = {"most": MOST_ZONES, "largest": largest}
            raise InputError([Problem("too_many_zones", what, msg("Choose a smaller size."), params, "largest")])
        return found
    kept = _sets(neighbours, size, share * float(size.sum()), 1, MOST_ZONES)
    for reach in range(2, len(neighbours) + 1):
        found = _sets(neighbours, size, share * float(size.sum()), reach, MOST_ZONES // 10)
        if found is None or (kept is not None and len(found) == len(kept)):
            break
        kept = found
    assert kept is not None
    return kept


def _sets(near: Sequence[frozenset[int]], size: Floats, limit: float, largest: int, most: int) -> Zones | None:
    """Enumerate connected sets depth first; None when there are more than ``most``."""
    area: list[int] = []
    parent: list[int] = []
    slot: list[int] = []
    weights = size.tolist()
    masks = [sum(1 << j for j in found) for found in near]
    limit = limit * (1 + 1e-12)
    for root, weight in enumerate(weights):
        if weight > limit:
            continue
        above = ~((1 << (root + 1)) - 1)
        stack = [(root, -1, 0, weight, masks[root] & above, masks[root] | (1 << root))]
        while stack:
            last, before, depth, held, border, seen = stack.pop()
            number = len(area)
            area.append(last)
            parent.append(before)
            slot.append(depth)
            if number >= most:
                return None
            if depth + 1 < largest:
                while border:
                    bit = border & -border
                    border ^= bit
                    one = bit.bit_length() - 1
                    if held + weights[one] <= limit:
                        fresh = masks[one] & above & ~seen
                        stack.append(
                            (one, number, depth + 1, held + weights[one], border | fresh, seen | masks[one] | bit)
                        )
    areas, parents, slots = (np.array(column, dtype=np.int64) for column in (area, parent, slot))
    kept = np.ones(len(area), dtype=bool)
    return Zones(areas, parents, slots, kept, "connected", len(area), int(slots.max(initial=-1)) + 1)


def _distinct(area: Ints, parent: Ints, slot: Ints, whole: NDArray[np.bool_], shape: str) -> Zones:
    """Keep the first of zones that hold the same areas, told by sums of fixed random words of 64 bits."""
    zones = Zones(area, parent, slot, whole, shape, int(whole.sum()), 0)
    words = np.random.default_rng(20111).integers(0, 2**63, size=(int(area.max(initial=-1)) + 1), dtype=np.uint64)
    marks = zones.sums(words)
    steps = np.flatnonzero(whole)
    kept = np.zeros(len(area), dtype=bool)
    kept[steps[np.unique(marks[steps], return_index=True)[1]]] = True
    return Zones(area, parent, slot, kept, shape, int(whole.sum()), int(zones.sizes()[kept].max(initial=0)))
