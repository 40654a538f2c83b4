"""Weights from principal components: loadings of the first, or squared loadings of the rotated ones.

Weights from components reward what varies together, not what matters: use them where the indicators measure one thing,
never to settle what the law values. The sign of a component is the one that makes the sum of its loadings positive.

Sources: OECD/JRC (2008) Handbook, step 6; Nicoletti, Scarpetta and Boylaud (2000), OECD ECO/WKP(99)18.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.analysis.components import PrincipalComponents, principal_components
from qualipolis.methods.composite.analysis.factors import factor_structure
from qualipolis.methods.composite.analysis.selection import Columns, columns, family
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

METHODS = ("loadings", "squared", "nicoletti")
ALL = "all"


@dataclass(frozen=True, eq=False, repr=False)
class PcaWeights:
    """What :func:`pca_weights` returns.

    ``weights`` sum to 1 in each group and are ready for ``Weigh(weights=...)``; ``loadings`` are those of the first
    component (unit length in each group); ``components`` holds the whole analysis of each group; ``negative`` the nodes
    whose loading is negative.
    """

    method: str
    weights: Mapping[str, float]
    loadings: Mapping[str, float]
    components: Mapping[str, PrincipalComponents]
    negative: tuple[str, ...]
    problems: tuple[Problem, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each node: group, node, loading, weight."""
        import polars as pl

        rows = [(group, code) for group, found in self.components.items() for code in found.codes]
        return pl.DataFrame(
            {
                "group": [group for group, _ in rows],
                "node": [code for _, code in rows],
                "loading": [self.loadings[code] for _, code in rows],
                "weight": [self.weights[code] for _, code in rows],
            }
        )

    def __repr__(self) -> str:
        return f"PcaWeights({self.method}, {len(self.weights)} nodes, {len(self.negative)} negative loadings)"


def pca_weights(
    result: CompositeResult,
    level: int = 1,
    under: str | None = None,
    method: str = "loadings",
    by_family: bool = True,
    stage: str | None = None,
    missing: str = "complete",
) -> PcaWeights:
    r"""Return weights from the principal components of the nodes of a level.

    ``loadings``: the loadings v of the first component over their sum, a negative one counting 0 (it is named in a
    problem). ``squared``: :math:`v_i^2`, which sum to 1. ``nicoletti``: :func:`squared_loading_weights` of the
    varimax-rotated components with eigenvalue above 1.

    ``by_family``: one analysis for the children of each parent; else one for all nodes, whose weights sum to 1 together.
    A family that cannot be analysed (too few units, one child that varies) is named in a problem and gets no weights.

    Raises InputError for an unknown method, stage or node.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 3], [2, 5], [3, 4]]))
    >>> {node: round(weight, 6) for node, weight in pca_weights(result).weights.items()}
    {'a': 0.5, 'b': 0.5}
    """
    if method not in METHODS:
        raise InputError([choice_problem("pca_weights", "method", method, METHODS)])
    return _weighed(result, _groups(result, level, under, by_family), method, stage, missing)


def _weighed(
    result: CompositeResult,
    groups: Iterator[tuple[str, tuple[str, ...]]],
    method: str,
    stage: str | None,
    missing: str,
) -> PcaWeights:
    problems: list[Problem] = []
    weights: dict[str, float] = {}
    loadings: dict[str, float] = {}
    components: dict[str, PrincipalComponents] = {}
    for group, codes in groups:
        try:
            found = principal_components(_columns(result, stage, codes), missing=missing)
        except InputError:
            problems.append(_not_analysed(group))
            continue
        first = found.loadings[:, 0] * (-1.0 if found.loadings[:, 0].sum() < 0 else 1.0)
        components[group] = found
        loadings |= dict(zip(found.codes, first.tolist(), strict=True))
        share = _weights(result, stage, found, first, method, missing)
        weights |= dict(zip(found.codes, share.tolist(), strict=True))
        problems += [*found.problems, *_negatives(found.codes, first, group)]
    negative = tuple(code for code, loading in loadings.items() if loading < -1e-12)
    return PcaWeights(method, weights, loadings, components, negative, tuple(problems))


def squared_loading_weights(rotated: ArrayLike) -> Floats:
    r"""Return weights of (columns, factors) rotated loadings that sum to 1 (Nicoletti, Scarpetta and Boylaud 2000).

    Each column takes its squared loading on the factor it goes with (its largest positive loading, or without one its
    largest at all), as a share of the factor's sum of squares, times the factor's share of the variance explained by all;
    then all are scaled to 1. The two shares cancel, so that is :math:`l_i^2 / \sum_j l_j^2` with that loading l.

    >>> squared_loading_weights([[0.9, 0.1], [0.8, 0.3], [0.2, 0.7]]).round(3).tolist()
    [0.418, 0.33, 0.253]
    """
    loadings = np.asarray(rotated, dtype=np.float64)
    best = np.where((loadings > 0).any(axis=1), np.argmax(loadings, axis=1), np.argmax(np.abs(loadings), axis=1))
    part = loadings[np.arange(len(loadings)), best] ** 2
    found: Floats = part / part.sum()
    return found


def _groups(
    result: CompositeResult, level: int, under: str | None, by_family: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    tree = result.framework
    nodes = family(tree, level, under)
    if not by_family:
        yield (ALL, nodes)
        return
    for parent in dict.fromkeys(tree.node(code).parent for code in nodes):
        if parent is not None:
            yield parent, tuple(code for code in nodes if tree.node(code).parent == parent)


def _columns(result: CompositeResult, stage: str | None, codes: tuple[str, ...]) -> Columns:
    return columns(result, stage=stage, codes=codes)


def _weights(
    result: CompositeResult, stage: str | None, found: PrincipalComponents, first: Floats, method: str, missing: str
) -> Floats:
    if method == "nicoletti":
        table = _columns(result, stage, found.codes)
        count = max(int((found.eigenvalues > 1 + 1e-9).sum()), 1)
        return squared_loading_weights(factor_structure(table, factors=count, missing=missing, draws=1).rotated)
    part = first**2 if method == "squared" else np.maximum(first, 0.0)
    share: Floats = part / part.sum()
    return share


def _negatives(codes: tuple[str, ...], first: Floats, group: str) -> Iterator[Problem]:
    for code, loading in zip(codes, first, strict=True):
        if loading < -1e-12:
            yield Problem(
                "negative_loading",
                msg("%(node)s has a negative loading (%(loading).2f) on the first component of %(group)s."),
                msg("It runs against the others: check its direction and place before weighting by components."),
                {"node": code, "loading": float(loading), "group": group},
                place=f"META {code}",
                severity="warning",
            )


def _not_analysed(group: str) -> Problem:
    return Problem(
        "no_components",
        msg("The components of %(group)s cannot be computed, so its weights stay as they are."),
        msg("It needs two columns that vary and three units with data for all of them."),
        {"group": group},
        place=f"META {group}",
        severity="warning",
    )
