"""Maps as chance alone would draw them, and the largest likelihood ratio on each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.signal.space.likelihood import Likelihood
from qualipolis.methods.signal.space.spread import Spreader
from qualipolis.methods.signal.space.zones import Zones

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], NDArray[Any]]
Row = tuple[int, NDArray[np.float32]]
BLOCK_BYTES = 1 << 26
BLOCK = 5000  # simulated maps in one block: their running sums stay in the second-level cache
WORKERS = 2
KEPT = 1 << 24  # entries of tables that are kept for all blocks
FEW = 6  # cases for each cell up to which they are thrown one by one
MOST_THINGS = 10**9  # above, cases are so rare among things counted that a multinomial draw is the same
CHUNK = 1 << 18  # entries computed at once


@dataclass(frozen=True, eq=False)
class Space:
    """What is scanned: zones, windows in time, the size (expected or counted) of every area and period, the ratio."""

    zones: Zones
    windows: Sequence[tuple[int, int]]
    size: Floats
    likelihood: Likelihood

    @property
    def whole(self) -> float:
        """Size of all areas and periods together."""
        return float(self.size.sum())

    @property
    def rate(self) -> float:
        """Cases for one unit of size."""
        return self.likelihood.total / self.whole

    def window_sizes(self) -> Iterator[tuple[tuple[int, int], Floats]]:
        """Give each window with the size of every step of the zones."""
        for start, end in self.windows:
            yield (start, end), self.zones.sums(self.size[:, start:end].sum(axis=1))


def multinomial(size: Floats, total: int) -> Draw:
    """Spread ``total`` cases over cells in proportion to ``size``: the Poisson model given the total."""
    flat = size.ravel() / size.sum()
    spreader = Spreader(flat) if total <= FEW * len(flat) else None

    def draw(rng: np.random.Generator, maps: int) -> NDArray[Any]:
        found = spreader(rng, maps, total) if spreader else rng.multinomial(total, flat, size=maps)
        return found.reshape(maps, *size.shape)

    return draw


def hypergeometric(size: Floats, total: int) -> Draw:
    """Mark ``total`` of the counted things at random: the binomial model given the total."""
    things = size.ravel().astype(np.int64)

    def draw(rng: np.random.Generator, maps: int) -> NDArray[Any]:
        found = rng.multivariate_hypergeometric(things, total, size=maps, method="marginals")
        return found.reshape(maps, *size.shape)

    return draw


def permuted(cases: NDArray[np.int64]) -> Draw:
    """Shuffle the periods among the cases: totals of areas and of periods stay (Kulldorff and others 2005)."""
    areas, periods = cases.shape
    cell = np.repeat(np.arange(cases.size), cases.ravel())
    where, when = cell // periods, cell % periods

    def draw(rng: np.random.Generator, maps: int) -> NDArray[Any]:
        shuffled = rng.permuted(np.broadcast_to(when, (maps, len(when))), axis=1)
        return _tallied(where * periods + shuffled, areas * periods).reshape(maps, areas, periods)

    return draw


def _tallied(cells: NDArray[Any], count: int) -> NDArray[Any]:
    maps = len(cells)
    flat = (cells + np.arange(maps)[:, None] * count).ravel()
    return np.bincount(flat, minlength=maps * count).reshape(maps, count)


def largest_ratios(space: Space, draw: Draw, maps: int, rng: np.random.Generator) -> Floats:
    """Return the largest ratio over all zones and windows on each of ``maps`` simulated maps, the same for one seed.

    Ratios are compared in single precision: seven digits, on numbers that are read to four.
    """
    cells = space.size.size + space.size.shape[0]
    block = int(min(BLOCK, max(BLOCK_BYTES // (8 * cells), 1), maps))
    sizes = [block] * (maps // block) + ([maps % block] if maps % block else [])
    tables = [(window, Tables(space, sums[space.zones.kept])) for window, sums in space.window_sizes()]
    if sum(table.entries for _, table in tables) <= KEPT:
        tables = [(window, list(table)) for window, table in tables]  # type: ignore[misc]

    def one(job: tuple[np.random.Generator, int]) -> NDArray[np.float32]:
        return _block(space, tables, draw(*job))

    with ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1, len(sizes))) as pool:
        return np.concatenate(list(pool.map(one, zip(rng.spawn(len(sizes)), sizes, strict=True)))).astype(np.float64)


class Tables:
    """For each zone its lowest count and its ratio for every count from there that can occur.

    Counts that can occur lie within eight standard deviations and thirty cases of what is expected; one beyond, which
    chance does not draw in 10¹⁴ maps, is given the ratio of the last.
    """

    def __init__(self, space: Space, sizes: Floats) -> None:
        self.space, self.sizes = space, sizes
        middle = sizes * space.rate
        reach = 8 * np.sqrt(middle) + 30
        bottom = middle if space.likelihood.direction == "high" else np.maximum(middle - reach, 0)
        self.low = bottom.astype(np.int64)
        top = np.minimum(np.ceil(middle + reach).astype(np.int64), space.likelihood.total)
        self.width = np.maximum(top - self.low + 1, 1)
        self.entries = int(self.width.sum())

    def __iter__(self) -> Iterator[Row]:
        ends = np.cumsum(self.width)
        start = 0
        while start < len(ends):
            before = int(ends[start] - self.width[start])
            end = max(int(np.searchsorted(ends, before + CHUNK, side="right")), start + 1)
            yield from self._rows(slice(start, end))
            start = end

    def _rows(self, part: slice) -> Iterator[Row]:
        width, low = self.width[part], self.low[part]
        starts = np.cumsum(width) - width
        counts = np.arange(int(width.sum())) + np.repeat(low - starts, width)
        sizes = np.repeat(self.sizes[part], width)
        ratios = self.space.likelihood.listed(counts, sizes, self.space.whole).astype(np.float32)
        for first, count, lowest in zip(starts.tolist(), width.tolist(), low.tolist(), strict=True):
            yield lowest, ratios[first : first + count]


def _block(
    space: Space, tables: Sequence[tuple[tuple[int, int], Iterable[Row]]], drawn: NDArray[Any]
) -> NDArray[np.float32]:
    """Return the largest ratios on the maps ``drawn`` (maps by areas by periods)."""
    kind = np.int16 if space.likelihood.total < 32_000 else np.int32
    maps, areas, periods = drawn.shape
    carried = np.zeros((periods + 1, areas, maps), dtype=kind)
    np.cumsum(drawn.transpose(2, 1, 0), axis=0, dtype=kind, out=carried[1:])
    best = np.zeros(maps, dtype=np.float32)
    for (start, end), table in tables:
        counts = carried[end] - carried[start] if start else carried[end]
        _walk(space.zones, counts, iter(table), best)
    return best


def _walk(zones: Zones, counts: NDArray[Any], tables: Iterator[Row], best: NDArray[np.float32]) -> None:
    """Carry the sums of all maps along the zones and raise the best ratio of each map where one is larger."""
    maps, kind = counts.shape[1], counts.dtype.type
    sums = np.zeros((int(zones.slot.max(initial=0)) + 1, maps), dtype=counts.dtype)
    place, ratio = np.empty(maps, dtype=counts.dtype), np.empty(maps, dtype=np.float32)
    source = zones.slot[np.maximum(zones.parent, 0)].tolist()
    columns = (zones.area, zones.parent, zones.slot, zones.kept)
    for area, parent, slot, kept, before in zip(*(column.tolist() for column in columns), source, strict=True):
        row = sums[slot]
        if parent < 0:
            row[:] = counts[area]
        else:
            np.add(sums[before], counts[area], out=row)
        if kept:
            low, table = next(tables)
            np.subtract(row, kind(low), out=place)
            table.take(place, out=ratio, mode="clip")
            np.maximum(best, ratio, out=best)
