"""A small city to sample from: strata of enterprises with batches, failures clustered by enterprise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.sampling import estimation as est

STRATA, ENTERPRISES, BATCHES = 8, 60, 10
RATES = np.array([0.003, 0.01, 0.03, 0.1])


@dataclass(frozen=True)
class City:
    """Every batch there is, with its stratum, enterprise, town and whether it fails."""

    stratum: np.ndarray
    enterprise: np.ndarray
    town: np.ndarray
    fails: np.ndarray

    def truth(self) -> np.ndarray:
        return np.array([self.fails[self.town == t].mean() for t in range(RATES.size)])


def city(rng: np.random.Generator, clustering: float) -> City:
    enterprise = np.repeat(np.arange(STRATA * ENTERPRISES), BATCHES)
    stratum, town = enterprise // ENTERPRISES, rng.integers(0, RATES.size, enterprise.size)
    level = RATES.mean()
    size = (1 - clustering) / clustering
    firm = rng.beta(level * size, (1 - level) * size, STRATA * ENTERPRISES) / level
    chance = np.clip(RATES[town] * firm[enterprise], 0, 1)
    return City(stratum, enterprise, town, (rng.random(enterprise.size) < chance).astype(float))


def drawn(place: City, rng: np.random.Generator, take=(6, 12), batches=5):
    """A two-stage sample: enterprises by stratum at unequal rates, batches within; rows and design."""
    rows: list[int] = []
    for h in range(STRATA):
        for firm in rng.permutation(ENTERPRISES)[: take[h % len(take)]] + h * ENTERPRISES:
            chosen = firm * BATCHES + rng.permutation(BATCHES)[:batches]
            rows += chosen.tolist()
    rows = np.array(rows)
    sizes = [np.full(rows.size, ENTERPRISES), np.full(rows.size, BATCHES)]
    return rows, est.survey_design(strata=place.stratum[rows], clusters=[place.enterprise[rows], rows], fpc=sizes)
