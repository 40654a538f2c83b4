"""The truth: for every unit, year and indicator a true score and the true value it stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.city.measure.catalogue import BY_CODE, INDICATORS, NODES, path_weights
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS, Scale
from qualipolis.demo.streams import stream

CODES = tuple(indicator.code for indicator in INDICATORS)
COLUMN = {code: position for position, code in enumerate(CODES)}
DIMENSIONS = tuple(node.code for node in NODES if node.level == 2)
_PERSISTENCE = 0.85
_BASE = {"product": 0.76, "satisfaction": 0.74, "safety": 0.86, "engineering": 0.85, "governance": 0.8, "funds": 0.78}
# a count can be no larger than a share of the unit's firms (plus one)
_AT_MOST = {"MB01": 0.03, "MB04": 0.15, "MB05": 0.3, "MB07": 0.4, "NI05": 0.05}
PASS_RATE_FIRST, PASS_RATE_STEP = 94.6, 0.2


@dataclass(frozen=True)
class Levels:
    """True scores and values, (unit, year, indicator)."""

    scores: np.ndarray
    values: np.ndarray

    def of(self, code: str) -> np.ndarray:
        """True values of one indicator, (unit, year)."""
        return self.values[:, :, COLUMN[code]]

    def composite(self) -> np.ndarray:
        """True composite of 0 to 100, (unit, year)."""
        weights = path_weights()
        return 100 * self.scores @ np.array([weights[code] for code in CODES])

    def dimension(self, code: str) -> np.ndarray:
        """True level of one dimension, 0 to 1, (unit, year)."""
        weights = np.array([i.weight if i.dimension == code else 0.0 for i in INDICATORS])
        return self.scores @ (weights / weights.sum())


def make_levels(seed: int, places: Places, scale: Scale) -> Levels:
    """Draw the true levels: a unit factor and one AR(1) path for each dimension, and a lasting offset by indicator."""
    scores = np.empty((places.count, len(YEARS), len(CODES)))
    for unit in range(places.count):
        rng = stream(seed, "levels", unit)
        common = _path(rng, 1)[:, 0]
        own = _path(rng, len(DIMENSIONS))
        offset = rng.normal(0, 0.06, len(CODES))
        for column, indicator in enumerate(INDICATORS):
            position = DIMENSIONS.index(indicator.dimension)
            base = _BASE.get(indicator.dimension, 0.69)
            trend = 0.012 * (np.arange(len(YEARS)) - 2.5)
            drift = 0.17 * (0.75 * common + 0.66 * own[:, position])
            scores[unit, :, column] = base + trend + drift + offset[column]
    scores = np.clip(scores, 0.04, 0.97)
    first, second = places.twins
    nearing = np.array([0.2, 0.35, 0.5, 0.65, 0.85, 1.0])[:, None]
    scores[second] = nearing * scores[first] + (1 - nearing) * scores[second]
    values = np.stack([_values(code, scores[:, :, column]) for column, code in enumerate(CODES)], axis=2)
    levels = _calibrate(Levels(scores, values), batch_plan(places, scale.samples_random))
    for code, share in _AT_MOST.items():
        levels = with_values(levels, code, np.minimum(levels.of(code), 1 + share * places.firms[:, None]))
    return levels


def with_values(levels: Levels, code: str, values: np.ndarray) -> Levels:
    """Return the truth with the values of one indicator set, for example from a full count (a register)."""
    score = np.vectorize(BY_CODE[code].score, otypes=[float])
    new = Levels(levels.scores.copy(), levels.values.copy())
    new.values[:, :, COLUMN[code]] = values
    new.scores[:, :, COLUMN[code]] = score(values)
    return new


def batch_weight(places: Places) -> np.ndarray:
    """How the batches of a year spread over the units."""
    weight = places.firms.astype(float) ** 0.8
    weight[places.tiny] = 0.0
    return weight


def batch_plan(places: Places, total: int) -> np.ndarray:
    """Random batches of a year by unit; the tiny unit gets four."""
    share = batch_weight(places)
    plan = np.maximum(3, np.rint(share / share.sum() * (total - 4))).astype(np.int64)
    plan[places.tiny] = 4
    return plan


def city_pass_rate(year: int) -> float:
    """True pass rate of the whole place in a year, percent."""
    return PASS_RATE_FIRST + PASS_RATE_STEP * (year - YEARS[0])


def _calibrate(levels: Levels, plan: np.ndarray) -> Levels:
    """Shift the true pass rates so that the batch-weighted rate of each year is the stated one; no incident is true."""
    values = levels.of("PQ01").copy()
    for position, year in enumerate(YEARS):
        for _ in range(50):
            gap = city_pass_rate(year) - np.average(values[:, position], weights=plan)
            values[:, position] = np.clip(values[:, position] + gap, 80.0, 99.4)
    return with_values(with_values(levels, "PQ01", values), "SR06", np.zeros_like(values))


def _path(rng: np.random.Generator, width: int) -> np.ndarray:
    """Stationary AR(1) paths with variance 1, (year, width)."""
    path = np.empty((len(YEARS), width))
    path[0] = rng.normal(0, 1, width)
    for step in range(1, len(YEARS)):
        path[step] = _PERSISTENCE * path[step - 1] + np.sqrt(1 - _PERSISTENCE**2) * rng.normal(0, 1, width)
    return path


def _values(code: str, score: np.ndarray) -> np.ndarray:
    """The value on the goalposts that has this score."""
    indicator = BY_CODE[code]
    top = indicator.interval[0] if indicator.interval else indicator.target
    return indicator.floor + score * (top - indicator.floor)
