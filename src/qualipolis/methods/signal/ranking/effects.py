"""Who finds more than others: a report on inspectors or laboratories, apart from any firm's risk."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, gammainc, gammaincinv

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.ranking.columns import Floats


@dataclass(frozen=True)
class Effect:
    """One inspector, group or laboratory: found against expected from the firms visited.

    ``ratio = found / expected`` with its exact 95 % Poisson interval, ``p`` two-sided, ``differs`` after control of
    false discoveries over all of them (Benjamini and Hochberg, 5 %). A ratio below 1 may mean better firms that the
    model does not know, or a milder eye: it is a reason for a joint inspection, not a verdict.
    """

    who: Hashable
    n: int
    found: int
    expected: float
    ratio: float
    low: float
    high: float
    p: float
    differs: bool


@dataclass(frozen=True)
class EffectReport:
    """All effects, greatest ratio first; ``heterogeneity`` is ``Σ (found - expected)² / Σ p(1-p)`` with its degrees and p,
    ``spread`` the standard deviation of the true log ratios (DerSimonian and Laird), chance taken out."""

    effects: tuple[Effect, ...]
    n: int
    found: int
    heterogeneity: float
    degrees: int
    p: float
    spread: float


def inspector_effects(who: Sequence[Hashable], found: ArrayLike, probability: ArrayLike | None = None) -> EffectReport:
    """Return who found more or fewer than expected from the firms alone.

    Parameters
    ----------
    who : (n,) inspector, group or laboratory of each inspection
    found : (n,) 0/1
    probability : (n,) the chance by the honest ranking, from features of the firm; scaled so that expected and found
        agree overall. None expects the same share everywhere.

    Raises
    ------
    InputError
        columns of unequal length, outcomes other than 0 and 1, nothing found, probabilities outside 0 to 1

    >>> report = inspector_effects(["Li"] * 100 + ["Wu"] * 100, [1] * 30 + [0] * 70 + [1] * 10 + [0] * 90)
    >>> [(one.who, round(one.expected, 1), round(one.ratio, 2), one.differs) for one in report.effects]
    [('Li', 20.0, 1.5, True), ('Wu', 20.0, 0.5, True)]
    """
    y = np.asarray(found, dtype=np.float64).ravel()
    chance = np.full(len(y), y.mean() if len(y) else 0.0)
    if probability is not None:
        chance = np.asarray(probability, dtype=np.float64).ravel()
    _check(len(who), y, chance)
    chance = chance * (y.sum() / chance.sum())
    names = list(dict.fromkeys(who))
    code = np.array([{name: i for i, name in enumerate(names)}[one] for one in who], dtype=np.int64)
    n, hits, expected = (np.bincount(code, x, len(names)) for x in (np.ones(len(y)), y, chance))
    p = _two_sided(hits, expected)
    differs = _discovered(p, 0.05)
    low, high = _interval(hits, expected)
    effects = [
        _effect(names[i], int(n[i]), int(hits[i]), (expected[i], low[i], high[i], p[i]), bool(differs[i]))
        for i in np.argsort(-hits / expected, kind="stable")
    ]
    variance = np.bincount(code, chance * (1 - np.minimum(chance, 1.0)), len(names))
    q = float(np.sum((hits - expected) ** 2 / np.maximum(variance, 1e-12)))
    degrees = len(names) - 1
    chance_of_q = float(chdtrc(degrees, q)) if degrees else 1.0
    return EffectReport(
        tuple(effects),
        len(y),
        int(y.sum()),
        q,
        degrees,
        chance_of_q,
        _spread(q, degrees, expected**2 / np.maximum(variance, 1e-12)),
    )


def _effect(who: Hashable, n: int, hits: int, numbers: tuple[float, float, float, float], differs: bool) -> Effect:
    expected, low, high, p = (float(x) for x in numbers)
    return Effect(who, n, hits, expected, hits / expected, low, high, p, differs)


def _spread(q: float, degrees: int, weight: Floats) -> float:
    scale = float(weight.sum() - np.sum(weight**2) / weight.sum())
    return float(np.sqrt(max(0.0, (q - degrees) / scale))) if degrees and scale > 0 else 0.0


def _interval(hits: Floats, expected: Floats) -> tuple[Floats, Floats]:
    low = np.where(hits > 0, gammaincinv(np.maximum(hits, 1), 0.025), 0.0) / expected
    return low, gammaincinv(hits + 1, 0.975) / expected


def _two_sided(hits: Floats, expected: Floats) -> Floats:
    upper = np.where(hits > 0, gammainc(np.maximum(hits, 1), expected), 1.0)
    lower = 1 - gammainc(hits + 1, expected)
    both: Floats = np.minimum(1.0, 2 * np.minimum(upper, lower))
    return both


def _discovered(p: Floats, level: float) -> np.ndarray:
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= level * np.arange(1, len(p) + 1) / len(p))
    found = np.zeros(len(p), dtype=bool)
    found[order[: passed.max() + 1 if len(passed) else 0]] = True
    return found


def _check(rows: int, y: Floats, chance: Floats) -> None:
    problems = []
    if not rows == len(y) == len(chance):
        what = msg("Names, outcomes and probabilities have different lengths.")
        problems.append(Problem("unequal_lengths", what, msg("Give one of each for every inspection."), place="who"))
    if not np.all(np.isin(y, (0.0, 1.0))) or not np.any(y == 1):
        what = msg("Outcomes are 0 or 1, and something was found at least once.")
        problems.append(Problem("bad_outcome", what, msg("Take a longer period."), place="found"))
    if not np.all(np.isfinite(chance) & (chance > 0) & (chance <= 1)):
        what = msg("A probability lies above 0 and not above 1.")
        problems.append(Problem("bad_probability", what, msg("Take it from the ranking."), place="probability"))
    refuse(problems)
