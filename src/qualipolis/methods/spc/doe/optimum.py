"""The best setting for one result or several at once, by desirability.

    more is better: d = ((y − low)/(high − low))^w      less is better: d = ((high − y)/(high − low))^w
    a target: the first up to it, the second beyond      D = (Π d^r)^{1/Σ r}, r the importance of each result

D is 0 as soon as one result is not acceptable. The settings stay within what was tried: beyond it the model is not known.

Source: G. Derringer and R. Suich (1980), "Simultaneous optimization of several response variables", Journal of Quality
Technology 12, 214-219.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.doe.experiment import Experiment


@dataclass(frozen=True)
class Goal:
    """What a result is to be: at least ``low`` and best at ``high`` (``"more"``), the other way round (``"less"``), or best
    at ``target`` between them; ``weight`` bends the way there, ``importance`` weighs it against other results."""

    kind: str
    low: float
    high: float
    target: float | None = None
    weight: float = 1.0
    importance: float = 1.0

    def desirability(self, y: Floats) -> Floats:
        """Return how desirable results are, from 0 to 1.

        >>> Goal("target", 0.0, 10.0, target=4.0).desirability(np.array([0.0, 2.0, 4.0, 7.0])).tolist()
        [0.0, 0.5, 1.0, 0.5]
        """
        top = self.high if self.kind == "more" else self.low if self.kind == "less" else self.target
        assert top is not None
        up = np.clip((y - self.low) / (top - self.low), 0, 1) if top > self.low else np.ones(len(y))
        down = np.clip((self.high - y) / (self.high - top), 0, 1) if top < self.high else np.ones(len(y))
        found = up if self.kind == "more" else down if self.kind == "less" else np.minimum(up, down)
        return np.asarray(found**self.weight)


@dataclass(frozen=True)
class Optimum:
    """The setting, the results predicted there, the desirability of each, and of all together."""

    settings: Mapping[str, Any]
    predicted: Mapping[str, float]
    each: Mapping[str, float]
    overall: float


def optimum(experiments: Mapping[str, Experiment], goals: Mapping[str, Goal], *, seed: int = 0) -> Optimum:
    """Return the most desirable setting within what was tried; confirm it by runs of its own.

    Parameters
    ----------
    experiments : the analysis of each result, of the same factors
    goals : what each is to be
    seed : of the search

    Raises
    ------
    InputError
        A goal without its result, limits the wrong way round, a target outside them, different factors.

    >>> from qualipolis.methods.spc.doe import experiment
    >>> found = experiment({"A": [-1, 1, -1, 1], "B": [-1, -1, 1, 1]}, [1.0, 3, 2, 4.2])
    >>> best = optimum({"y": found}, {"y": Goal("more", 1.0, 4.2)})
    >>> [round(v, 3) for v in best.settings.values()], round(best.overall, 3)
    ([1.0, 1.0], 1.0)
    """
    _refuse(experiments, goals)
    first = next(iter(experiments.values()))
    numbers = [n for n in first.factors if n not in first.names]
    names = [n for n in first.factors if n in first.names]
    box = [(float(first.factors[n].min()), float(first.factors[n].max())) for n in numbers]
    best: tuple[float, dict[str, Any]] = (-1.0, {})
    for levels in product(*(np.unique(first.factors[n]).tolist() for n in names)):
        fixed = dict(zip(names, levels, strict=True))
        place = _climb(experiments, goals, numbers, box, fixed, seed)
        if place[0] > best[0] + 1e-12:
            best = place
    predicted = {n: float(e.predict(best[1])[0]) for n, e in experiments.items()}
    each = {n: float(goals[n].desirability(np.array([y]))[0]) for n, y in predicted.items()}
    return Optimum(best[1], predicted, each, best[0])


def _refuse(experiments: Mapping[str, Experiment], goals: Mapping[str, Goal]) -> None:
    wrong = []
    if set(goals) != set(experiments) or len({tuple(e.factors) for e in experiments.values()}) != 1:
        what = msg("Each result has a goal, and all results come from the same factors.")
        wrong.append(Problem("goals", what, place="goals"))
    for name, goal in goals.items():
        inside = goal.target is not None and goal.low <= goal.target <= goal.high
        known = goal.kind in ("more", "less") or (goal.kind == "target" and inside)
        if not known or not goal.low < goal.high or not goal.weight > 0 or not goal.importance > 0:
            what = msg("A goal is more, less or a target between its limits, with weight and importance above 0.")
            wrong.append(Problem("bad_goal", what, place=name))
    refuse(wrong)


def _climb(
    experiments: Mapping[str, Experiment],
    goals: Mapping[str, Goal],
    numbers: list[str],
    box: list[tuple[float, float]],
    fixed: Mapping[str, Any],
    seed: int,
) -> tuple[float, dict[str, Any]]:
    """Return the best desirability and setting for given names."""
    from scipy.optimize import differential_evolution, minimize

    weights = np.array([goals[n].importance for n in experiments])

    def overall(x: Floats) -> Floats:
        points = np.atleast_2d(x)
        settings = {n: points[:, i] for i, n in enumerate(numbers)}
        settings |= {n: np.full(len(points), level) for n, level in fixed.items()}
        each = np.stack([goals[n].desirability(e.predict(settings)) for n, e in experiments.items()])
        return np.asarray(np.prod(each ** weights[:, None], axis=0) ** (1 / weights.sum()))

    if not numbers:
        return float(overall(np.zeros((1, 0)))[0]), dict(fixed)

    def ours(x: Any) -> Any:
        return -overall(np.asarray(x).T) if np.ndim(x) == 2 else -float(overall(np.asarray(x))[0])

    search: Any = {"maxiter": 60, "popsize": 12, "polish": False, "vectorized": True, "updating": "deferred"}
    closer: Any = {"xatol": 1e-9, "fatol": 1e-13}
    found = differential_evolution(ours, box, rng=seed, **search).x
    better = minimize(ours, found, bounds=box, method="Nelder-Mead", options=closer)
    x = np.asarray(better.x)
    return float(overall(x)[0]), dict(zip(numbers, x.tolist(), strict=True)) | dict(fixed)
