"""What the weights really do: variances after normalising act as weights of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.correlation import covariance, pearson
from qualipolis.methods.composite.analysis.selection import columns
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class ImplicitWeight:
    """One node in its family.

    ``nominal`` share of weight; ``spread`` share of weight times standard deviation; ``variance`` share of the parent's
    variance; ``correlation`` with the parent; ``importance`` its squared correlation as a share of the family's.
    """

    node: str
    parent: str
    nominal: float
    sd: float
    spread: float
    variance: float
    correlation: float
    importance: float

    @property
    def ratio(self) -> float:
        """Importance over nominal weight: 1 when the node counts for what its weight says."""
        return self.importance / self.nominal if self.nominal > 0 else float("nan")


@dataclass(frozen=True, eq=False, repr=False)
class ImplicitWeights:
    """What :func:`implicit_weights` returns."""

    rows: tuple[ImplicitWeight, ...]
    problems: tuple[Problem, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each node with a parent: the fields of :class:`ImplicitWeight` and ratio."""
        import polars as pl

        rows = [vars(row) | {"ratio": row.ratio} for row in self.rows]
        return pl.DataFrame(rows).with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        return f"ImplicitWeights({len(self.rows)} nodes, {len(self.problems)} far from their nominal weight)"


def implicit_weights(result: CompositeResult, node: str | None = None, factor: float = 2.0) -> ImplicitWeights:
    r"""Return for every node what it really contributes to its parent, beside its nominal weight.

    .. math:: spread_i = \frac{w_i s_i}{\sum_j w_j s_j}, \quad
              variance_i = \frac{w_i\, cov(x_i, y)}{\sum_j w_j\, cov(x_j, y)}, \quad
              importance_i = \frac{r_{iy}^2}{\sum_j r_{jy}^2}

    for the children x of y with weights w (their share of the siblings' weights) and standard deviations s after
    normalising. For an arithmetic mean of complete data the ``variance`` shares are the exact decomposition of the
    variance of y; a negative one means the node holds its parent's differences down. Squared correlations are the linear
    main effects of Paruolo, Saisana and Saltelli (2013), JRSS A 176: what a planner believes a weight to be.

    Parameters
    ----------
    node : only the children of this aggregate; all families by default
    factor : a problem names the nodes whose importance is this many times more, or less, than their weight

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> rows = [[1, 5], [2, 5.1], [3, 9], [4, 5.2], [5, 5.3]]
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("t", "u", "v", "w", "x"), ("a", "b"), rows))
    >>> [(row.node, row.nominal, round(row.variance, 2)) for row in implicit_weights(result).rows]
    [('a', 0.5, 0.47), ('b', 0.5, 0.53)]
    """
    parents = result.framework.aggregates if node is None else (node,)
    rows = tuple(row for parent in parents for row in _family(result, parent))
    return ImplicitWeights(rows, tuple(_problems(rows, factor)))


def _family(result: CompositeResult, parent: str) -> Iterator[ImplicitWeight]:
    children = result.framework.children(parent)
    values = columns(result, codes=(*children, parent)).values
    raw = result.runs[-1].state.weights[[result.framework.index(child) for child in children]]
    weights = raw / raw.sum()
    matrix = covariance(values)
    sd = np.sqrt(np.diag(matrix)[:-1])
    r = pearson(values)[:-1, -1]
    spread, variance = _share(weights * sd), _share(weights * matrix[:-1, -1])
    importance = _share(r**2)
    for i, child in enumerate(children):
        numbers = (weights[i], sd[i], spread[i], variance[i], r[i], importance[i])
        yield ImplicitWeight(child, parent, *(float(number) for number in numbers))


def _share(
    parts: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    total = np.nansum(parts)
    return parts / total if total > 0 else np.full(parts.shape, np.nan)


def _problems(rows: tuple[ImplicitWeight, ...], factor: float) -> Iterator[Problem]:
    for row in rows:
        who = {"node": row.node, "group": row.parent, "nominal": 100 * row.nominal, "real": 100 * row.importance}
        if row.ratio > factor:
            what = msg("%(node)s has %(nominal).0f %% of the weight in %(group)s but %(real).0f %% of the influence.")
            yield _problem("counts_more", what, who)
        elif row.ratio < 1 / factor:
            what = msg(
                "%(node)s has %(nominal).0f %% of the weight in %(group)s but only %(real).0f %% of the influence."
            )
            yield _problem("counts_less", what, who)


def _problem(code: str, what: str, who: dict[str, object]) -> Problem:
    remedy = msg("Choose weights by influence (optimised weights), or say openly what the weight means.")
    return Problem(code, what, remedy, who, place=f"META {who['node']}", severity="warning")
