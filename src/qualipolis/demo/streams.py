"""Random streams: one for each table, unit and year, so that no table depends on the size of another."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, table: str, unit: int = 0, year: int = 0) -> np.random.Generator:
    """Return the generator of one table, unit and year."""
    entropy = np.random.SeedSequence([seed, zlib.crc32(table.encode()), unit, year])
    return np.random.Generator(np.random.PCG64(entropy))


def apportion(weights: np.ndarray, total: int, least: int = 0) -> np.ndarray:
    """Whole numbers that sum to ``total``, near the weights (largest remainders), each at least ``least``."""
    share = weights / weights.sum() * (total - least * len(weights))
    counts = np.floor(share).astype(np.int64)
    order = np.argsort(-(share - counts), kind="stable")
    counts[order[: total - least * len(weights) - int(counts.sum())]] += 1
    return counts + least


def settle(
    counts: np.ndarray, total: int, movable: np.ndarray, top: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Move counts of ``movable`` units one by one, within [0, top], until they sum to ``total``."""
    counts = counts.copy()
    gap = total - int(counts.sum())
    while gap:
        step = 1 if gap > 0 else -1
        free = movable & (counts < top if step > 0 else counts > 0)
        places = np.flatnonzero(free)
        if not places.size:
            raise ValueError(f"no room to settle {gap} of {total}")
        chosen = rng.choice(places, size=min(abs(gap), places.size), replace=False)
        counts[chosen] += step
        gap = total - int(counts.sum())
    return counts


def dates(year: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days of a year, counted from 0, as numpy dates."""
    return (np.asarray(year) - 1970).astype("datetime64[Y]").astype("datetime64[D]") + np.asarray(day).astype(
        "timedelta64[D]"
    )
