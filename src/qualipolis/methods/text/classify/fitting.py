"""Weights of a linear classifier: support vectors, and support vectors on log-count ratios, averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.text.classify.features import Rows

LONGEST_RATIO = 4.0
Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """How weights are fitted.

    Parameters
    ----------
    cost : price of an error of the plain support vectors (``C``)
    ratio_share : how much of the weights comes from the support vectors on log-count ratios, 0 to 1
    ratio_cost : their price of an error
    smoothing : counts added to each run before the ratio is taken
    balanced : whether an error in a small class costs more, in inverse proportion to its size
    """

    cost: float = 1.0
    ratio_share: float = 0.5
    ratio_cost: float = 0.3
    smoothing: float = 0.1
    balanced: bool = False


def solve(rows: Rows, numbers: Numbers, classes: int, recipe: Recipe = Recipe()) -> tuple[Matrix, Matrix]:
    """Return the weights (runs x classes) and the constants (classes) of linear scores, one class against the rest.

    For each class the squared hinge loss with an L2 penalty is minimised twice: on the rows as they are, and on the rows
    times ``|r|`` with ``r = ln(p/|p|_1) - ln(q/|q|_1)``, ``p`` and ``q`` being how many texts of the class and of the
    rest have each run, plus ``smoothing``; ``r`` is held within 4. The weights of the two are averaged with
    ``ratio_share``; both are margins, so their scales are one.

    References
    ----------
    S. Wang and C. D. Manning (2012), "Baselines and bigrams: simple, good sentiment and topic classification", ACL,
    90-94. R.-E. Fan et al. (2008), "LIBLINEAR: a library for large linear classification", JMLR 9, 1871-1874.
    """
    matrix = sparse(rows)
    weights, constants = np.zeros((rows.width, classes)), np.zeros(classes)
    share = recipe.ratio_share
    if share < 1:
        plain, at = _plain(matrix, numbers, classes, recipe)
        weights += (1 - share) * plain
        constants += (1 - share) * at
    if share > 0:
        having = (matrix > 0).astype(np.float64)
        for number in range(classes):
            ratio = log_count_ratio(having, numbers == number, recipe.smoothing)
            one, bias = _one(matrix.multiply(np.abs(ratio)).tocsr(), numbers == number, recipe)
            weights[:, number] += share * one * np.abs(ratio)
            constants[number] += share * bias
    return weights, constants


def sparse(rows: Rows) -> Any:
    """Return rows as a scipy matrix, for fitting only."""
    from scipy.sparse import csr_matrix

    return csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows), rows.width))


def log_count_ratio(having: Any, inside: NDArray[np.bool_], smoothing: float) -> Matrix:
    """Return for each run the log of its share in a class over its share in the rest, held within 4."""
    chosen = inside.astype(np.float64)
    p = having.T @ chosen + smoothing
    q = having.T @ (1 - chosen) + smoothing
    return np.asarray(np.clip(np.log(p / p.sum()) - np.log(q / q.sum()), -LONGEST_RATIO, LONGEST_RATIO))


def _plain(matrix: Any, numbers: Numbers, classes: int, recipe: Recipe) -> tuple[Matrix, Matrix]:
    if classes == 2:
        one, at = _machine(matrix, numbers == 1, recipe.cost, recipe.balanced)
        return np.column_stack([-one, one]), np.array([-at, at])
    made = _machines(recipe.cost, recipe.balanced).fit(matrix, numbers)
    return made.coef_.T, made.intercept_


def _one(matrix: Any, inside: NDArray[np.bool_], recipe: Recipe) -> tuple[Matrix, float]:
    return _machine(matrix, inside, recipe.ratio_cost, recipe.balanced)


def _machine(matrix: Any, inside: NDArray[np.bool_], cost: float, balanced: bool) -> tuple[Matrix, float]:
    made = _machines(cost, balanced).fit(matrix, inside)
    return made.coef_[0], float(made.intercept_[0])


def _machines(cost: float, balanced: bool) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=cost, class_weight="balanced" if balanced else None, random_state=0, tol=1e-3)


def folds(numbers: Numbers, count: int, seed: int) -> Numbers:
    """Return a fold for each text, 0 to ``count - 1``: every class dealt out evenly, in an order the seed gives.

    >>> sorted(folds(np.array([0, 0, 0, 1, 1, 1]), 3, 1)[:3].tolist())
    [0, 1, 2]
    """
    generator = np.random.default_rng(seed)
    found = np.zeros(len(numbers), np.int64)
    offset = 0
    for number in np.unique(numbers):
        at = generator.permutation(np.flatnonzero(numbers == number))
        found[at] = (np.arange(len(at)) + offset) % count
        offset += len(at)
    return found


def chosen(rows: Rows, which: Sequence[int] | Numbers) -> Rows:
    """Return the rows ``which`` names, in that order."""
    which = np.asarray(which, np.int64)
    lengths = np.diff(rows.starts)[which]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(rows.starts[which] - starts[:-1], lengths) + np.arange(int(lengths.sum()))
    return Rows(starts, rows.columns[at], rows.values[at], rows.width, rows.known[which])
