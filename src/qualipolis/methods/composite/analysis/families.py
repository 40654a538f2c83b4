"""Correlations along the tree: within a level, with the parent, with the whole family; and what they advise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.correlation import CorrelationMatrix, correlation_matrix
from qualipolis.methods.composite.analysis.selection import family
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

RELATIONS = ("all", "siblings", "parent", "ancestors")


@dataclass(frozen=True)
class Correlation:
    """One pair: ``group`` is the node both lie under (flags) or None; ``significant`` compares ``p`` with ``p_max``."""

    a: str
    b: str
    level_a: int
    level_b: int
    correlation: float
    p: float
    n: int
    significant: bool
    group: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Correlations:
    """What :func:`correlations` and :func:`correlation_flags` return: pairs, in the order of the framework."""

    method: str
    p_max: float
    pairs: tuple[Correlation, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each pair: group, a, b, level_a, level_b, correlation, p, n, significant."""
        import polars as pl

        names = ("group", "a", "b", "level_a", "level_b", "correlation", "p", "n", "significant")
        kinds = dict(
            zip(names, [pl.String] * 3 + [pl.Int64] * 2 + [pl.Float64] * 2 + [pl.Int64, pl.Boolean], strict=True)
        )
        rows = [tuple(getattr(pair, name) for name in names) for pair in self.pairs]
        frame = pl.DataFrame(rows, schema=kinds, orient="row")
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        return f"Correlations({self.method}, {len(self.pairs)} pairs)"


def correlations(
    result: CompositeResult,
    levels: tuple[int, int] | int = (1, 2),
    within: str = "parent",
    under: str | None = None,
    stage: str | None = None,
    method: str = "pearson",
    p_max: float = 1.0,
) -> Correlations:
    """Return the correlations between the nodes of two levels (``get_corr`` of COINr).

    Parameters
    ----------
    levels : the lower and the upper level; one number compares a level with itself
    within : ``all`` pairs; ``siblings`` only pairs under the same parent (of one level); ``parent`` only a node with its
        ancestor on the upper level; ``ancestors`` a node with each of its ancestors, whatever the upper level
    under : only nodes below this one
    stage : the data; above level 1 only the last stage has values
    method : ``pearson``, ``spearman`` or ``kendall``, see :func:`.correlation_matrix`
    p_max : pairs with a higher p are marked as not significant, not hidden

    Raises InputError for an unknown relation, method, stage or node, and for a level the stage does not have.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> [(pair.a, pair.b, round(pair.correlation, 3)) for pair in correlations(result).pairs]
    [('a', 'X', 0.5), ('b', 'X', 0.5)]
    """
    if within not in RELATIONS:
        raise InputError([choice_problem("correlations", "within", within, RELATIONS)])
    low, high = (levels, levels) if isinstance(levels, int) else (min(levels), max(levels))
    tree = result.framework
    lower = family(tree, low, under)
    pairs = [(a, b) for a in lower for b in _partners(tree, a, low, high, within, under)]
    if not pairs:
        return Correlations(method, p_max, ())
    codes = tuple(dict.fromkeys(code for pair in pairs for code in pair))
    found = correlation_matrix(result, method, stage, codes=codes)
    return Correlations(method, p_max, tuple(_pair(tree, found, a, b, p_max) for a, b in pairs))


def correlation_flags(
    result: CompositeResult,
    stage: str | None = None,
    level: int = 2,
    threshold: float | None = None,
    kind: str = "high",
    method: str = "pearson",
    of_level: int = 1,
) -> Correlations:
    """Return the pairs of nodes in the same group whose correlation is beyond a threshold (``get_corr_flags``).

    Parameters
    ----------
    stage : the data to correlate; by default the last stage, whose indicators are normalised
    level : two nodes are in the same group when they have the same ancestor on this level
    threshold : ``high`` takes correlations of at least this (0.9), ``low`` of at most this (-0.4)
    of_level : the level of the nodes compared

    Raises InputError for an unknown kind, method or stage.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 4], [3, 3]]))
    >>> [(pair.group, pair.a, pair.b) for pair in correlation_flags(result, kind="low").pairs]
    [('X', 'a', 'b')]
    """
    if kind not in ("high", "low"):
        raise InputError([choice_problem("correlation_flags", "kind", kind, ("high", "low"))])
    limit = (0.9 if kind == "high" else -0.4) if threshold is None else threshold
    tree = result.framework
    nodes = family(tree, of_level, None)
    found = correlation_matrix(result, method, stage, codes=nodes)
    above = {node: ancestor(tree, node, level) for node in nodes}
    flagged = []
    for i, j in zip(*np.triu_indices(len(nodes), 1), strict=True):
        r, group = found.r[i, j], above[nodes[i]]
        beyond = r >= limit if kind == "high" else r <= limit
        if group is not None and group == above[nodes[j]] and beyond:
            flagged.append(_pair(tree, found, nodes[i], nodes[j], 1.0, group))
    return Correlations(method, 1.0, tuple(flagged))


def correlation_advice(
    result: CompositeResult,
    stage: str | None = None,
    redundant: float = 0.9,
    opposed: float = -0.4,
    p_max: float = 0.05,
) -> tuple[Problem, ...]:
    """Return warnings for the planner: siblings that say the same, siblings that pull against each other, and nodes that
    fall when their parent rises.

    All aggregates are looked at, on the last stage (or, for the indicators only, on ``stage``). A pair needs p of at most
    ``p_max``. Source: OECD/JRC Handbook, steps 2 and 4; Saisana and Tarantola (2002) for 0.9.

    Raises InputError for an unknown stage.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> rows = [[1, 2], [2, 4], [3, 6.1], [4, 8]]
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w", "x"), ("a", "b"), rows))
    >>> print(correlation_advice(result)[0].what)
    %(a)s and %(b)s under %(group)s rise and fall together (correlation %(r).2f): the same thing is counted twice.
    """
    return tuple(_advice(result, stage, redundant, opposed, p_max))


def ancestor(framework: Framework, code: str, level: int) -> str | None:
    """Return the ancestor of a node on a level, or None.

    >>> from qualipolis.methods.composite.framework import Node
    >>> ancestor(Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate"))), "a", 2)
    'X'
    """
    return next((one for one in ancestors(framework, code) if framework.node(one).level == level), None)


def ancestors(framework: Framework, code: str) -> tuple[str, ...]:
    """Return the nodes above a node, nearest first."""
    found = []
    parent = framework.node(code).parent
    while parent is not None:
        found.append(parent)
        parent = framework.node(parent).parent
    return tuple(found)


def _partners(tree: Framework, a: str, low: int, high: int, within: str, under: str | None) -> tuple[str, ...]:
    if within == "ancestors":
        return ancestors(tree, a)
    if within == "parent":
        above = ancestor(tree, a, high)
        return () if above is None else (above,)
    others = family(tree, high, under) if high == low or under is None else _level(tree, high)
    if within == "siblings":
        return tuple(b for b in others if b != a and tree.node(b).parent == tree.node(a).parent)
    return others


def _level(tree: Framework, level: int) -> tuple[str, ...]:
    return tuple(node.code for node in tree.nodes if node.level == level)


def _pair(
    tree: Framework, found: CorrelationMatrix, a: str, b: str, p_max: float, group: str | None = None
) -> Correlation:
    i, j = found.codes.index(a), found.codes.index(b)
    p = float(found.p[i, j])
    levels = tree.node(a).level, tree.node(b).level
    return Correlation(a, b, *levels, float(found.r[i, j]), p, int(found.n[i, j]), p <= p_max, group)


def _advice(
    result: CompositeResult, stage: str | None, redundant: float, opposed: float, p_max: float
) -> Iterator[Problem]:
    tree = result.framework
    for node in tree.aggregates:
        children = tree.children(node)
        if stage is not None and any(tree.node(child).kind != "indicator" for child in children):
            continue
        found = correlation_matrix(result, stage=stage, codes=children)
        for i, j in zip(*np.triu_indices(len(children), 1), strict=True):
            who = {"a": children[i], "b": children[j], "group": node, "r": float(found.r[i, j])}
            if found.p[i, j] <= p_max and found.r[i, j] >= redundant:
                yield _redundant(who)
            if found.p[i, j] <= p_max and found.r[i, j] <= opposed:
                yield _opposed(who)
        if stage is None and len(children) > 1:
            yield from _against_parent(result, node, p_max)


def _against_parent(result: CompositeResult, node: str, p_max: float) -> Iterator[Problem]:
    children = result.framework.children(node)
    found = correlation_matrix(result, codes=(*children, node))
    for i, child in enumerate(children):
        if found.r[i, -1] < 0 and found.p[i, -1] <= p_max:
            yield Problem(
                "against_parent",
                msg("Units that are good at %(node)s tend to have a low score in %(group)s (correlation %(r).2f)."),
                msg("Check its direction, or move it to another place: as it stands, it works against its own group."),
                {"node": child, "group": node, "r": float(found.r[i, -1])},
                place=f"META {child}",
                severity="warning",
            )


def _redundant(who: dict[str, object]) -> Problem:
    return Problem(
        "redundant_pair",
        msg(
            "%(a)s and %(b)s under %(group)s rise and fall together (correlation %(r).2f): the same thing is counted twice."
        ),
        msg("Keep one of them, merge them, or halve their weights."),
        who,
        place=f"META {who['group']}",
        severity="warning",
    )


def _opposed(who: dict[str, object]) -> Problem:
    return Problem(
        "opposed_pair",
        msg(
            "%(a)s and %(b)s under %(group)s pull against each other (correlation %(r).2f): the mean hides the trade-off."
        ),
        msg("Check their directions, show them apart, or use a geometric mean."),
        who,
        place=f"META {who['group']}",
        severity="warning",
    )
