"""Shapley importance: the variance of an index shared out fairly among children that go together.

Sources: Shapley (1953); Lindeman, Merenda and Gold (1980), *Introduction to Bivariate and Multivariate Analysis*;
Owen and Prieur (2017), "On Shapley value for measuring importance of dependent inputs", SIAM/ASA JUQ 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.importance import FEWEST_UNITS, family, few_units, nominal_weights
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

GAMES = ("explained", "variance")
MOST_CHILDREN = 15


@dataclass(frozen=True, eq=False)
class ShapleyImportance:
    """Shares of the children of a node in its variance.

    Parameters
    ----------
    node, children : the node and what is right below it
    weights : (children,) nominal weights, summing to 1
    shares : (children,) Shapley shares
    explained : share of the variance that all children explain together; the shares sum to it
    used : units with all scores

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> rng = np.random.default_rng(0)
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> values = rng.normal(size=(300, 1)) @ [[1.0, 0.0]] + rng.normal(size=(300, 2)) * [0.0, 1.0]
    >>> data = IndicatorData([f"u{k}" for k in range(300)], ("a", "b"), values)
    >>> shapley_importance(DEFAULT_PIPELINE.run(fw, data)).shares.round(1).tolist()
    [0.5, 0.5]
    """

    node: str
    children: tuple[str, ...]
    weights: Floats
    shares: Floats
    explained: float
    used: int

    def to_frame(self) -> pl.DataFrame:
        """Return child, weight, share, ratio (share over weight: above 1 it counts for more than it was meant to)."""
        import polars as pl

        ratio = [s / w if w > 0 else None for s, w in zip(self.shares.tolist(), self.weights.tolist(), strict=True)]
        return pl.DataFrame({"child": self.children, "weight": self.weights, "share": self.shares, "ratio": ratio})


def shapley_importance(result: CompositeResult, node: str | None = None, game: str = "explained") -> ShapleyImportance:
    r"""Return the exact Shapley shares of the children in the variance of a node's score.

    .. math:: \phi_i = \sum_{u \not\ni i} \frac{|u|!\,(d-|u|-1)!}{d!}\,(c(u \cup i) - c(u))

    ``explained``: c(u) is the R squared of the regression of the node on the children in u, so that shares are never
    negative and children that go together divide what they share (Lindeman, Merenda and Gold). Over all 2^d subsets, up
    to 15 children. ``variance``: c(u) is the variance of the sum of the weighted scores in u; the Shapley value then is
    :math:`w_i\,\mathrm{cov}(x_i, y) / V(y)` without any sum over subsets, for arithmetic means of complete scores, and
    is negative for a child that runs against the others.

    Parameters
    ----------
    result : a run
    node : aggregate, by default the first root
    game : ``explained`` or ``variance``

    Raises InputError when the node is an indicator, has more than 15 children (``explained``), is no arithmetic mean
    (``variance``), or fewer than 10 units have all scores.
    """
    chosen, children = family(result, node)
    errors = list(_problems(result, chosen, children, game))
    if errors:
        raise InputError(errors)
    scores = np.stack([result.score(code) for code in (*children, chosen)], axis=1)
    scores = scores[~np.isnan(scores).any(axis=1)]
    if len(scores) < FEWEST_UNITS:
        raise InputError([few_units(chosen, len(scores))])
    weights = nominal_weights(result, children)
    covariance = np.cov(scores, rowvar=False)
    variance = float(covariance[-1, -1])
    if variance <= 0:
        shares = np.zeros(len(children))
    elif game == "variance":
        shares = weights * covariance[:-1, -1] / variance
    else:
        shares = shapley_values(explained_shares(covariance))
    return ShapleyImportance(chosen, children, weights, shares, float(shares.sum()), len(scores))


def explained_shares(covariance: Floats) -> Floats:
    """Return R squared of the last variable on each subset of the others, (2^d,): bit i of the position is variable i.

    All subsets of one size are solved in one batch. Collinear variables are no obstacle: what is explained already adds
    nothing (eigenvalues below 1e-10 of the largest are left out).

    >>> explained_shares(np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8], [0.6, 0.8, 1.0]])).round(2).tolist()
    [0.0, 0.36, 0.64, 1.0]
    """
    d = len(covariance) - 1
    sd = np.sqrt(np.maximum(np.diag(covariance), 0))
    inverse = np.divide(1.0, sd, out=np.zeros_like(sd), where=sd > 0)
    table = covariance * inverse[:, None] * inverse
    out = np.zeros(2**d)
    sizes = np.array([subset.bit_count() for subset in range(2**d)])
    for size in range(1, d + 1):
        for subsets in np.array_split(np.flatnonzero(sizes == size), max(1, (sizes == size).sum() // 4096)):
            members = np.array([[i for i in range(d) if subset >> i & 1] for subset in subsets.tolist()])
            inner = table[members[:, :, None], members[:, None, :]]
            outer = table[members, d]
            values, vectors = np.linalg.eigh(inner)
            along = np.einsum("sij,si->sj", vectors, outer)
            usable = values > 1e-10 * values[:, -1:]
            out[subsets] = np.where(usable, along**2 / np.where(usable, values, 1.0), 0.0).sum(axis=1)
    return out


def shapley_values(worth: Floats) -> Floats:
    """Return the Shapley value of each player, (d,), from the worth of each subset, (2^d,), as bits.

    >>> shapley_values(np.array([0.0, 1.0, 2.0, 4.0])).tolist()
    [1.5, 2.5]
    """
    d = len(worth).bit_length() - 1
    subsets = np.arange(len(worth))
    sizes = np.array([subset.bit_count() for subset in range(len(worth))])
    chance = np.array([math.factorial(k) * math.factorial(d - k - 1) / math.factorial(d) for k in range(d)])
    out = np.empty(d)
    for player in range(d):
        without = subsets[(subsets >> player & 1) == 0]
        out[player] = (chance[sizes[without]] * (worth[without | 1 << player] - worth[without])).sum()
    return out


def _problems(result: CompositeResult, node: str, children: tuple[str, ...], game: str) -> list[Problem]:
    if game not in GAMES:
        return [choice_problem("shapley_importance", "game", game, GAMES)]
    if game == "explained" and len(children) > MOST_CHILDREN:
        return [
            Problem(
                "too_many_children",
                msg("%(node)s has %(count)s children; the subsets of more than %(most)s cannot be listed."),
                msg("Use the game of the variance, or group the children."),
                {"node": node, "count": len(children), "most": MOST_CHILDREN},
            )
        ]
    if game == "variance" and result.pipeline.aggregate.methods(result.framework)[node] != "arithmetic":
        return [
            Problem(
                "not_additive",
                msg("The score of %(node)s is no arithmetic mean: it has no additive parts."),
                msg("Use the game of what is explained."),
                {"node": node},
            )
        ]
    return []
