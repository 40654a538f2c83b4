"""Versions side by side: two or many results of the same node (COINr ``compare_coins``, ``_multi``, ``_corr``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.comparison.parts import unknown_choice
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.ranks import rank_ascending
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

KINDS = ("ranks", "scores")


def compare(a: CompositeResult, b: CompositeResult, node: str | None = None, kind: str = "ranks") -> pl.DataFrame:
    """Return unit, both ranks (or scores), their difference first - second and its absolute size, largest first.

    Units of either result; null where one has no score.

    Raises InputError for an unknown kind, or a node that one of them does not have.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> compare(result, result.replay({"weigh.weights": {"b": 3.0}})).rows()
    [('u', 2.0, 1.0, 1.0, 1.0), ('w', 1.0, 2.0, -1.0, 1.0), ('v', 3.0, 3.0, 0.0, 0.0)]
    """
    import polars as pl

    table = compare_many({"first": a, "second": b}, node, kind, sort=False)
    gap = pl.col("first") - pl.col("second")
    frame = table.with_columns(gap.alias("difference"), gap.abs().alias("absolute"))
    return frame.sort("absolute", descending=True, nulls_last=True, maintain_order=True)


def compare_many(
    results: Mapping[str, CompositeResult], node: str | None = None, kind: str = "ranks", sort: bool = True
) -> pl.DataFrame:
    """Return unit and one column of ranks or scores for each named result, best by the first one on top.

    Raises InputError without results, for an unknown kind, or a node that one of them does not have.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]]))
    >>> compare_many({"plain": result, "z": result.replay({"normalise.method": "zscore"})}).rows()
    [('v', 1.0, 1.0), ('u', 2.0, 2.0)]
    """
    import polars as pl

    if kind not in KINDS:
        raise InputError([unknown_choice("kind", kind, KINDS)])
    if not results:
        raise InputError([Problem("no_results", msg("There is nothing to compare."), msg("Give at least one result."))])
    units = tuple(dict.fromkeys(unit for result in results.values() for unit in result.units))
    columns: dict[str, Floats] = {}
    for name, result in results.items():
        code = result.framework.roots[0] if node is None else node
        values = result.ranks(code) if kind == "ranks" else result.score(code)
        known = dict(zip(result.units, values.tolist(), strict=True))
        columns[name] = np.array([known.get(unit, np.nan) for unit in units])
    frame = pl.DataFrame({"unit": units} | columns).with_columns(pl.selectors.float().fill_nan(None))
    first = next(iter(columns))
    return frame.sort(first, descending=kind == "scores", nulls_last=True, maintain_order=True) if sort else frame


def compare_correlation(
    a: CompositeResult, b: CompositeResult, nodes: tuple[str, ...] | None = None, kind: str = "ranks"
) -> pl.DataFrame:
    """Return node, n and the Pearson correlation between two results, of ranks (so Spearman's) or scores.

    Over the units that both have; null with fewer than 3 of them or without variation. ``nodes``: the aggregates that
    both have, from the root down.

    Raises InputError for an unknown kind, or a node that one of them does not have.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> compare_correlation(result, result.replay({"weigh.weights": {"b": 3.0}})).rows()
    [('X', 3, 0.5)]
    """
    import polars as pl

    tree = a.framework
    both = [code for code in reversed(tree.upward) if code in b.framework.aggregates]
    rows = []
    for node in both if nodes is None else nodes:
        table = compare_many({"a": a, "b": b}, node, kind).drop_nulls()
        x, y = table["a"].to_numpy(), table["b"].to_numpy()
        rows.append((node, len(x), correlation(x, y)))
    schema = {"node": pl.String, "n": pl.Int64, "correlation": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.selectors.float().fill_nan(None))


def correlation(x: Floats, y: Floats, method: str = "pearson") -> float:
    """Return the Pearson (or Spearman) correlation, NaN with fewer than 3 values or no variation.

    >>> round(correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])), 6)
    0.981981
    """
    if method == "spearman":
        x, y = _mid_ranks(x), _mid_ranks(y)
    if len(x) < 3:
        return float("nan")
    u, v = x - x.mean(), y - y.mean()
    below = float(np.sqrt((u @ u) * (v @ v)))
    return float(u @ v) / below if below > 0 else float("nan")


def _mid_ranks(x: Floats) -> Floats:
    low, high = rank_ascending(x), len(x) + 1 - rank_ascending(-x)
    return (low + high) / 2
