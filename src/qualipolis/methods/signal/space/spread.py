"""Few cases spread over many cells by chance, faster than a multinomial draw cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 16  # the first bits of a random word look its cell up; only where a bucket holds a border is it searched
CHUNK = 128  # maps at once, so that the work stays in the cache


class Spreader:
    """Throws each case at a cell with probability ``share``, given as multiples of 2⁻³².

    >>> found = Spreader(np.array([0.5, 0.0, 0.5]))(np.random.default_rng(1), 4, 10)
    >>> found.sum(axis=1).tolist(), found[:, 1].tolist()
    ([10, 10, 10, 10], [0, 0, 0, 0])
    """

    def __init__(self, share: NDArray[np.float64]) -> None:
        self.cells = len(share)
        self.last = int(np.flatnonzero(share > 0)[-1])
        borders = np.minimum(np.floor(np.cumsum(share) * 2.0**32), 2.0**32 - 1)
        self.borders = borders.astype(np.uint32)
        buckets = np.arange(1 << BITS, dtype=np.uint64) << np.uint64(32 - BITS)
        self.first = self._searched(buckets.astype(np.uint32))
        ends = buckets + np.uint64((1 << (32 - BITS)) - 1)
        self.mixed = self.first != self._searched(ends.astype(np.uint32))

    def _searched(self, words: NDArray[np.uint32]) -> NDArray[np.intp]:
        return np.minimum(np.searchsorted(self.borders, words, side="right"), self.last)

    def __call__(self, rng: np.random.Generator, maps: int, total: int) -> NDArray[Any]:
        """Return counts (maps by cells) of ``total`` cases each."""
        found = np.empty((maps, self.cells), dtype=np.int32)
        for start in range(0, maps, CHUNK):
            count = min(CHUNK, maps - start)
            words = rng.integers(0, 1 << 32, size=count * total, dtype=np.uint32)
            bucket = (words >> np.uint32(32 - BITS)).astype(np.intp)
            cell = self.first.take(bucket)
            border = np.flatnonzero(self.mixed.take(bucket))
            cell[border] = self._searched(words[border])
            cell = (cell.reshape(count, total) + np.arange(count)[:, None] * self.cells).ravel()
            tallied = np.bincount(cell, minlength=count * self.cells)
            found[start : start + count] = tallied.reshape(count, self.cells)
        return found
