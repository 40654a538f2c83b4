"""How the values of one indicator are spread over the units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST_BINS = 12


@dataclass(frozen=True)
class Distribution:
    """Five numbers, the mean, how many there are, and a histogram (edges are one more than counts)."""

    n: int
    missing: int
    low: float
    first_quarter: float
    median: float
    third_quarter: float
    high: float
    mean: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]


def distribution(values: Sequence[float], missing: int) -> Distribution | None:
    """Return how ``values`` are spread, or None when there are none.

    >>> found = distribution([1.0, 2.0, 3.0, 4.0], 1)
    >>> found.median, found.first_quarter, sum(found.counts), found.missing
    (2.5, 1.75, 4, 1)
    """
    if not values:
        return None
    array = np.asarray(values, dtype=np.float64)
    bins = max(1, min(MOST_BINS, int(np.ceil(np.sqrt(len(array))))))
    counts, edges = np.histogram(array, bins=bins)
    low, first, median, third, high = np.quantile(array, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Distribution(
        n=len(array),
        missing=missing,
        low=low,
        first_quarter=first,
        median=median,
        third_quarter=third,
        high=high,
        mean=float(array.mean()),
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
    )
