"""Which inspections to make first, from what is known of the firms and of nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.ranking.columns import Column, Encoding, Floats, check_columns, encoding
from qualipolis.methods.signal.ranking.identity import refuse_identity

LEAST_FOUND = 10
FOREST_SEEDS = 3


@dataclass(frozen=True)
class Reason:
    """One feature's part in a row's log odds, against the average inspection of the past."""

    feature: str
    value: str
    part: float


@dataclass(frozen=True)
class InspectionRanking:
    """The plan, one entry a row of ``due``.

    ``probability`` of finding something; ``rank`` 1 first, equal probabilities share the best rank; ``weights`` the
    change of the log odds for one standard deviation of each column (logistic; empty for boosting). Learnt from ``n``
    inspections of which ``found`` found something.
    """

    probability: Floats
    rank: Floats
    method: str
    n: int
    found: int
    weights: Mapping[str, float]
    encoding: Encoding
    matrix: Floats

    @property
    def order(self) -> np.ndarray:
        """The rows, the most urgent first; equal ones in their given order."""
        return np.argsort(-self.probability, kind="stable")

    def reasons(self, row: int, top: int = 3) -> tuple[Reason, ...]:
        """Return the features that moved this row most, strongest first (logistic only)."""
        parts = [
            Reason(name, kind, float(x) * weight)
            for (name, kind), x, weight in zip(
                self.encoding.names, self.matrix[row], self.weights.values(), strict=False
            )
        ]
        return tuple(sorted(parts, key=lambda one: -abs(one.part))[:top])

    def __repr__(self) -> str:
        return f"InspectionRanking({len(self.rank):,} due, {self.method}, learnt from {self.n:,} with {self.found:,} found)"


def rank_inspections(
    past: Mapping[str, Column],
    found: ArrayLike,
    due: Mapping[str, Column],
    *,
    method: Literal["logistic", "boosting"] = "logistic",
    penalty: float = 0.15,
    seed: int = 0,
) -> InspectionRanking:
    """Rank the inspections that are due by how probably something is found.

    ``logistic`` is a ridge-penalised logistic regression on standardised features: every place in the order can be
    explained (:meth:`InspectionRanking.reasons`). ``boosting`` is the mean of three gradient-boosted forests of shallow
    trees. Columns that say who inspected or tested are refused by name; whether others give them away is told by
    :func:`traces_of_identity`. The features must be what is known on the day the plan is made (:func:`past_record`).

    Parameters
    ----------
    past, found : (n,) features and 0/1 outcome of inspections made; words are categories, NaN is missing
    due : (m,) the same features of the inspections to be ranked
    penalty : of the ridge (``logistic``), as a share of what n inspections tell about one feature, ``n·ȳ·(1-ȳ)``; features
        that say nearly the same then share the weight instead of taking opposite signs

    Raises
    ------
    InputError
        columns that name inspectors or laboratories, features of one side only, fewer than ten inspections with or
        without findings

    >>> rng = np.random.default_rng(0)
    >>> record = rng.random(400)
    >>> plan = rank_inspections({"past_fail": record}, rng.random(400) < record, {"past_fail": [0.1, 0.9, 0.9]})
    >>> plan.rank.tolist()
    [3.0, 1.0, 1.0]
    """
    outcome = np.asarray(found, dtype=np.float64).ravel()
    refuse_identity([*past, *(name for name in due if name not in past)])
    check_columns(past, due, len(outcome))
    _check_outcome(outcome)
    learnt = encoding(past)
    train, rows = learnt.matrix(past), learnt.matrix(due)
    if method == "logistic":
        chance, weights = _logistic(train, outcome, rows, penalty)
    elif method == "boosting":
        chance, weights = _boosted(train, outcome, rows, seed), np.zeros(0)
    else:
        what = msg("There is no ranking method called %(method)s.")
        refuse([Problem("unknown_method", what, msg("Choose logistic or boosting."), {"method": method}, "method")])
    named = {
        f"{name}={kind}" if kind else name: float(w) for (name, kind), w in zip(learnt.names, weights, strict=False)
    }
    rank = rankdata(-chance, method="min").astype(np.float64)
    return InspectionRanking(chance, rank, method, len(outcome), int(outcome.sum()), named, learnt, rows)


def _check_outcome(outcome: Floats) -> None:
    problems = []
    if not np.all(np.isin(outcome, (0.0, 1.0))):
        what = msg("The outcome of an inspection is 0 or 1, never missing.")
        problems.append(Problem("bad_outcome", what, msg("Leave out inspections without a result."), place="found"))
    least = int(min(outcome.sum(), len(outcome) - outcome.sum())) if len(outcome) else 0
    if not problems and least < LEAST_FOUND:
        what = msg("A ranking is learnt from at least %(least)s inspections with and %(least)s without findings.")
        problems.append(Problem("few_found", what, msg("Take a longer past."), {"least": LEAST_FOUND}, "found"))
    refuse(problems)


def _logistic(train: Floats, outcome: Floats, rows: Floats, penalty: float) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    told = len(outcome) * outcome.mean() * (1 - outcome.mean())
    model = LogisticRegression(C=1 / (max(penalty, 1e-9) * told), max_iter=1000).fit(train, outcome)
    return np.asarray(model.predict_proba(rows)[:, 1], dtype=np.float64), np.asarray(model.coef_[0], dtype=np.float64)


def _boosted(train: Floats, outcome: Floats, rows: Floats, seed: int) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier

    shape = {"max_iter": 120, "learning_rate": 0.05, "max_leaf_nodes": 8, "max_features": 0.5}
    guard = {"min_samples_leaf": max(5, min(80, len(outcome) // 50)), "l2_regularization": 5.0, "early_stopping": False}
    parts = [
        HistGradientBoostingClassifier(**shape, **guard, random_state=seed + k).fit(train, outcome).predict_proba(rows)
        for k in range(FOREST_SEEDS)
    ]
    return np.asarray(np.mean(parts, axis=0)[:, 1], dtype=np.float64)
