"""Fusion: several rankers made into one, with weights learned from queries whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.retrieve.rankers import Scores

DEEP = 200
PENALTY = 0.01
SHARPEST = 40.0
Marks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Fusion:
    """Weights of rankers, each first scaled to 1 at its best text; made by :func:`fit_fusion`.

    ``queries`` is the number of queries the weights were fitted on, ``alone`` the mean reciprocal rank of each ranker by
    itself on them and ``together`` that of the fusion.
    """

    names: tuple[str, ...]
    weights: NDArray[np.float64]
    queries: int
    alone: NDArray[np.float64]
    together: float

    def scores(self, found: Sequence[Scores]) -> Scores:
        """Return the fused scores of the rankers' scores, in the order of ``names``.

        >>> Fusion(("a", "b"), np.array([.75, .25]), 9, np.ones(2), 1.).scores([np.array([[4, 2]]), np.array([[0, 1]])])
        array([[0.75 , 0.625]], dtype=float32)
        """
        _fits(self.names, found)
        parts = [np.float32(weight) * scaled(one) for weight, one in zip(self.weights, found, strict=True) if weight]
        return np.asarray(sum(parts), np.float32)

    def shares(self, found: Sequence[Scores], query: int, text: int) -> dict[str, float]:
        """Return what each ranker gave of the score of one text for one query; together they are 1."""
        _fits(self.names, found)
        parts = [float(w * scaled(one[query : query + 1])[0, text]) for w, one in zip(self.weights, found, strict=True)]
        whole = sum(parts)
        return {name: part / whole if whole else 0.0 for name, part in zip(self.names, parts, strict=True)}

    def __str__(self) -> str:
        said = ", ".join(f"{name} {weight:.2f}" for name, weight in zip(self.names, self.weights, strict=True))
        return f"{said} (fitted on {self.queries} queries)"


def scaled(found: Scores) -> Scores:
    """Return scores divided by the best of their query, so that rankers of different units can be added.

    >>> scaled(np.array([[4, 2, 0]], np.float32)).tolist()
    [[1.0, 0.5, 0.0]]
    """
    best = found.max(axis=1, keepdims=True) if found.shape[1] else np.ones((len(found), 1))
    return np.asarray(found / np.where(best > 0, best, 1.0), np.float32)


def fit_fusion(names: Sequence[str], found: Sequence[Scores], relevant: Marks, penalty: float = PENALTY) -> Fusion:
    """Return the fusion whose weights make the relevant texts of the training queries likeliest.

    With ``s`` the weighted sum of the scaled scores, a text is drawn with ``p ∝ exp(s)`` among the 200 best of any ranker
    for the query; the weights (none below 0) minimise the mean of ``-ln Σ p`` over the relevant texts, and a small square
    penalty. A weak ranker thus gets a weight near 0 instead of an equal say, which would make things worse. Where the
    fusion ranks the training queries no better than the best ranker alone, that ranker gets all the weight.

    Queries without a relevant text teach nothing and are left out. Deterministic.

    Parameters
    ----------
    names, found : the rankers and their scores, each queries x texts
    relevant : queries x texts, whether the text answers the query

    References
    ----------
    Z. Cao, T. Qin, T.-Y. Liu, M.-F. Tsai and H. Li (2007), "Learning to rank: from pairwise approach to listwise
    approach", ICML, 129-136.

    >>> good, bad = np.array([[.9, .1, .2], [.1, .8, .2]]), np.array([[.4, .5, .1], [.5, .4, .1]])
    >>> fit_fusion(["good", "bad"], [good, bad], np.array([[1, 0, 0], [0, 1, 0]], bool)).weights.round(2).tolist()
    [1.0, 0.0]
    """
    _fits(names, found, relevant)
    taught = np.flatnonzero(relevant.any(axis=1))
    if not len(taught):
        what = msg("No training query has a text that answers it.")
        raise InputError([Problem("fusion_empty", what, msg("Give queries whose answers are among the texts."))])
    kept, marks = [np.asarray(one)[taught] for one in found], relevant[taught]
    lists = _lists([scaled(one) for one in kept], marks)
    start = np.full(len(names), SHARPEST / 4 / len(names))
    bounds = [(0.0, SHARPEST)] * len(names)
    fit = minimize(_loss, start, args=(*lists, penalty), jac=True, method="L-BFGS-B", bounds=bounds)
    alone = np.array([reciprocal(one, marks) for one in kept])
    weights = fit.x / fit.x.sum() if fit.x.sum() else np.eye(len(names))[alone.argmax()]
    together = reciprocal(Fusion(tuple(names), weights, 0, alone, 0.0).scores(kept), marks)
    if together <= alone.max():
        weights, together = np.eye(len(names))[alone.argmax()], float(alone.max())
    return Fusion(tuple(names), weights, len(taught), alone, together)


def reciprocal(found: Scores, relevant: Marks) -> float:
    """Return the mean reciprocal rank: 1 over the place of the first relevant text, 0 where there is none.

    >>> reciprocal(np.array([[3, 2, 1]], np.float32), np.array([[False, True, True]]))
    0.5
    """
    order = np.argsort(-found, axis=1, kind="stable")
    hit = np.take_along_axis(relevant, order, axis=1)
    return float(np.mean(np.where(hit.any(axis=1), 1.0 / (hit.argmax(axis=1) + 1), 0.0)))


def _lists(found: Sequence[Scores], relevant: Marks) -> tuple[NDArray[np.float64], NDArray[np.float64], Marks]:
    """Return features of the candidates of each query (queries x most candidates x rankers), a mask and the marks."""
    deep = min(DEEP, relevant.shape[1])
    best = [np.argpartition(-one, deep - 1, axis=1)[:, :deep] for one in found]
    picked = [np.unique(np.concatenate(places)) for places in zip(*best, strict=True)]
    most = max(len(one) for one in picked)
    features = np.zeros((len(picked), most, len(found)))
    mask, marks = np.full((len(picked), most), -np.inf), np.zeros((len(picked), most), bool)
    for row, places in enumerate(picked):
        mask[row, : len(places)] = 0.0
        marks[row, : len(places)] = relevant[row, places]
        for column, one in enumerate(found):
            features[row, : len(places), column] = one[row, places]
    told = marks.any(axis=1)
    return features[told], mask[told], marks[told]


def _loss(weights: NDArray[np.float64], features: NDArray[np.float64], mask: NDArray[np.float64], marks: Marks,
          penalty: float) -> tuple[float, NDArray[np.float64]]:  # fmt: skip
    said = features @ weights + mask
    said = np.exp(said - said.max(axis=1, keepdims=True))
    every = said / said.sum(axis=1, keepdims=True)
    right = np.where(marks, said, 0.0)
    whole = right.sum(axis=1, keepdims=True)
    wanted = right / np.where(whole > 0, whole, 1.0)
    loss = -np.log(np.maximum((every * marks).sum(axis=1), 1e-300)).mean() + penalty * float(weights @ weights) / 2
    slope = np.einsum("qc,qcr->r", every - wanted, features) / len(features) + penalty * weights
    return float(loss), slope


def _fits(names: Sequence[str], found: Sequence[Scores], relevant: Marks | None = None) -> None:
    shapes = {np.shape(one) for one in found} | ({np.shape(relevant)} if relevant is not None else set())
    if len(names) != len(found) or len(shapes) != 1 or not names:
        what = msg("The scores do not fit: %(names)s rankers are named, %(found)s tables of scores given.")
        remedy = msg("Give each ranker one table of queries by texts, all of one shape.")
        raise InputError([Problem("fusion_shape", what, remedy, {"names": len(names), "found": len(found)})])
