"""Whether values come from two normal populations mixed: two cavities, two suppliers, two shifts.

EM over a fine histogram gives two weights, means and standard deviations. Mixed is said when the criterion BIC gains more
than 10 over the best single law offered, and the means stand more than D = 2 apart, D = √2 |μ₁ − μ₂|/√(σ₁² + σ₂²)
(Ashman), and each part holds 5 % or more. Then no distribution is to be chosen before the values are split by their
source.

Source: G. McLachlan and D. Peel (2000), *Finite Mixture Models*, Wiley; K. M. Ashman, C. M. Bird and S. E. Zepf (1994),
Astronomical Journal 108, 2348-2361; R. E. Kass and A. E. Raftery (1995), JASA 90, 773-795 (differences of 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.fit import Fitted, fit

CELLS, STEPS, GAIN, APART, LEAST = 400, 400, 10.0, 2.0, 20


@dataclass(frozen=True)
class Mixture:
    """Two parts (weight, mean, standard deviation), lower mean first; ``gain`` in BIC over one law; ``apart`` is D."""

    weights: tuple[float, float]
    means: tuple[float, float]
    sds: tuple[float, float]
    gain: float
    apart: float
    n: int

    @property
    def mixed(self) -> bool:
        """Whether the values are to be split by their source first."""
        return self.gain > GAIN and self.apart > APART and min(self.weights) >= 0.05


def two_populations(values: ArrayLike, single: Iterable[Fitted] = ()) -> Mixture:
    """Return the mixture of two normal populations, held against the best of the ``single`` laws (a normal one is added).

    >>> rng = np.random.default_rng(5)
    >>> two_populations(np.concatenate([rng.normal(0, 1, 150), rng.normal(6, 1, 150)])).mixed
    True
    >>> two_populations(rng.normal(0, 1, 300)).mixed
    False
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    x = x[~np.isnan(x)]
    if len(x) < LEAST or not np.isfinite(x).all() or np.ptp(x) == 0:
        what = msg("Two populations are looked for in %(least)s numbers or more that are not all equal.")
        raise InputError([Problem("few_values", what, "", {"least": LEAST}, "values")])
    y, count = _cells((x - x.mean()) / x.std())
    best, height = None, -np.inf
    for share in (0.25, 0.5, 0.75):
        parts = _climb(y, count, share)
        found = _likelihood(y, count, parts)
        if found > height:
            best, height = parts, found
    assert best is not None
    bic = 5 * log(len(x)) - 2 * (height - len(x) * log(float(x.std())))
    one = min(law.bic for law in (fit(x, "normal"), *single))
    order = np.argsort(best[1])
    weights, means, sds = (tuple(float(v) for v in part[order]) for part in best)
    apart = float(np.sqrt(2) * abs(means[0] - means[1]) / np.hypot(sds[0], sds[1]))
    carried = tuple(x.mean() + x.std() * m for m in means), tuple(x.std() * s for s in sds)
    return Mixture(weights, carried[0], carried[1], one - bic, apart, len(x))  # type: ignore[arg-type]


def _cells(y: Floats) -> tuple[Floats, Floats]:
    """Return the values, or means and counts of fine cells when there are many."""
    if len(y) <= 2 * CELLS:
        return y, np.ones(len(y))
    cell = np.clip(((y - y.min()) / np.ptp(y) * CELLS).astype(int), 0, CELLS - 1)
    count = np.bincount(cell, minlength=CELLS).astype(float)
    total = np.bincount(cell, weights=y, minlength=CELLS)
    return total[count > 0] / count[count > 0], count[count > 0]


Parts = tuple[Floats, Floats, Floats]


def _logs(y: Floats, parts: Parts) -> Floats:
    weights, means, sds = parts
    return np.asarray(np.log(weights) - np.log(sds) - ((y[:, None] - means) / sds) ** 2 / 2 - 0.5 * np.log(2 * np.pi))


def _likelihood(y: Floats, count: Floats, parts: Parts) -> float:
    return float(count @ np.logaddexp.reduce(_logs(y, parts), axis=1))


def _climb(y: Floats, count: Floats, share: float) -> Parts:
    """Return the parts found by EM from a split at this quantile; a standard deviation stays above 5 % of the whole."""
    low = y <= np.quantile(np.repeat(y, count.astype(int)), share)
    owned = np.column_stack([low, ~low]).astype(float)
    height, n = -np.inf, float(count.sum())
    parts: Parts = (np.ones(2) / 2, np.zeros(2), np.ones(2))
    for _ in range(STEPS):
        held = owned * count[:, None]
        size = np.maximum(held.sum(axis=0), 1e-9)
        means = held.T @ y / size
        sds = np.sqrt(np.maximum((held * (y[:, None] - means) ** 2).sum(axis=0) / size, 0.0025))
        parts = (size / n, means, sds)
        logs = _logs(y, parts)
        whole = np.logaddexp.reduce(logs, axis=1)
        owned = np.exp(logs - whole[:, None])
        gained, height = float(count @ whole) - height, float(count @ whole)
        if gained < 1e-7 * n:
            break
    return parts
