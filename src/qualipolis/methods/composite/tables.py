"""Tables that people ask for: ranks by group, the summary of a unit, its strengths and weaknesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.normalise import COMPAT, towards_better
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending
from qualipolis.methods.composite.result import CompositeResult, Stage
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


def group_ranks(result: CompositeResult, group: str, nodes: tuple[str, ...] | None = None) -> pl.DataFrame:
    """Return ranks inside each group: unit, group, node, score, rank (null without score or group).

    Parameters
    ----------
    group : name of the grouping
    nodes : nodes to rank, the aggregates by default

    Raises InputError when the data have no such grouping.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]], groups={"g": ("p", "p", "q")})
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> group_ranks(result, "g")["rank"].to_list()
    [1, 2, 1]
    """
    import polars as pl

    if group not in result.data.groups:
        raise InputError([_unknown("group", group)])
    labels = [result.data.groups[group][row] for row in result.runs[-1].state.rows]
    frames = []
    for node in result.framework.aggregates if nodes is None else nodes:
        scores = result.score(node)
        ranks = np.zeros(len(labels), dtype=np.int32)
        for label in dict.fromkeys(labels):
            inside = np.array([one == label for one in labels])
            if label is not None:
                ranks[inside] = rank_descending(scores[inside], SCORE_TIES)
        frames.append(
            pl.DataFrame(
                {"unit": result.units, "group": labels, "node": [node] * len(labels), "score": scores, "rank": ranks},
                schema_overrides={"group": pl.String, "rank": pl.Int64},
            )
        )
    return _nulls(pl.concat(frames))


def unit_summary(result: CompositeResult, unit: str, nodes: tuple[str, ...] | None = None) -> pl.DataFrame:
    """Return the scores and ranks of one unit: node, name, level, score, rank; aggregates from the root down.

    Raises InputError when the unit was not scored.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]], groups={"g": ("p", "p", "q")})
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> unit_summary(result, "w").rows()
    [('X', '', 2, 75.0, 1)]
    """
    import polars as pl

    row = _row(result, unit)
    tree = result.framework
    chosen = sorted(tree.aggregates, key=lambda code: -tree.node(code).level) if nodes is None else list(nodes)
    frame = pl.DataFrame(
        {
            "node": chosen,
            "name": [tree.node(code).name_en or tree.node(code).name_zh for code in chosen],
            "level": [tree.node(code).level for code in chosen],
            "score": [float(result.score(code)[row]) for code in chosen],
            "rank": [int(rank_descending(result.score(code), SCORE_TIES)[row]) for code in chosen],
        }
    )
    return _nulls(frame)


def strengths(result: CompositeResult, unit: str, count: int = 5, stage: str | None = None) -> pl.DataFrame:
    """Return the indicators on which a unit ranks best, best first: node, name, parent, rank, of, value, unit.

    An indicator on which it shares the worst value is no strength, whatever its rank.

    Parameters
    ----------
    count : how many
    stage : the data to rank and show; by default after ``denominate``, else ``raw``

    Raises InputError for a unit that was not scored, or an unknown stage.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]], groups={"g": ("p", "p", "q")})
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> strengths(result, "u")["node"].to_list(), weaknesses(result, "u")["node"].to_list()
    (['b'], ['a'])
    """
    return _extremes(result, unit, count, stage, best=True)


def weaknesses(
    result: CompositeResult, unit: str, count: int = 5, stage: str | None = None, compat: str = ""
) -> pl.DataFrame:
    """Return the indicators on which a unit ranks worst, worst first; columns as :func:`strengths`.

    An indicator on which it shares the best value is no weakness. ``compat="coinr-1.1.14"`` does as ``get_str_weak``,
    which leaves out the indicators on which the unit is last of all (as it rightly does for strengths), and may so name
    one on which it is first.

    Raises InputError for a unit that was not scored, an unknown stage or ``compat``.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]], groups={"g": ("p", "p", "q")})
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> weaknesses(result, "w").select("node", "rank", "of").rows()
    [('b', 2, 3)]
    """
    if compat not in ("", COMPAT):
        raise InputError([choice_problem("weaknesses", "compat", compat, ("", COMPAT))])
    return _extremes(result, unit, count, stage, best=False, last_too=not compat)


def _extremes(
    result: CompositeResult, unit: str, count: int, stage: str | None, best: bool, last_too: bool = True
) -> pl.DataFrame:
    import polars as pl

    data = _stage(result, stage)
    row = _row(result, unit, data.units)
    nodes = [result.framework.node(code) for code in data.codes]
    better = towards_better(data.values, nodes)
    ranks = rank_descending(better.T)[:, row]
    edge = _edge(better, best or not last_too)
    usable = (ranks > 0) & (better[row] != edge)
    order = np.argsort(np.where(usable, ranks, np.iinfo(np.int32).max if best else -1), kind="stable")
    chosen = (order if best else order[::-1])[: min(count, int(usable.sum()))]
    present = (~np.isnan(better)).sum(axis=0)
    return pl.DataFrame(
        {
            "node": [nodes[i].code for i in chosen],
            "name": [nodes[i].name_en or nodes[i].name_zh for i in chosen],
            "parent": [nodes[i].parent for i in chosen],
            "rank": ranks[chosen].tolist(),
            "of": present[chosen].tolist(),
            "value": data.values[row, chosen].tolist(),
            "unit": [nodes[i].unit for i in chosen],
        },
        schema_overrides={"rank": pl.Int64, "of": pl.Int64, "value": pl.Float64},
    )


def _edge(better: Floats, best: bool) -> Floats:
    filled = np.where(np.isnan(better), np.inf if best else -np.inf, better)
    return filled.min(axis=0) if best else filled.max(axis=0)


def _stage(result: CompositeResult, stage: str | None) -> Stage:
    if stage is None:
        divided = [one for one in result.runs if one.kind == "denominate"]
        return divided[-1] if divided else result.runs[0]
    if stage not in result.stages:
        raise InputError([_unknown("stage", stage)])
    return result.stages[stage]


def _row(result: CompositeResult, unit: str, units: tuple[str, ...] | None = None) -> int:
    known = result.units if units is None else units
    if unit not in known:
        raise InputError([_unknown("unit", unit)])
    return known.index(unit)


def _unknown(kind: str, name: str) -> Problem:
    texts = {
        "group": msg("The data have no grouping %(name)s."),
        "stage": msg("The result has no stage %(name)s."),
        "unit": msg("The unit %(name)s was not scored."),
    }
    return Problem(f"unknown_{kind}", texts[kind], msg("Use one that is there."), {"name": name})


def _nulls(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    rank = pl.when(pl.col("rank") > 0).then("rank").cast(pl.Int64).alias("rank")
    return frame.with_columns(pl.col("score").fill_nan(None), rank)
