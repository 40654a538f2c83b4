"""The multi-level structure test: does every aggregate hold together, and is each node in the right place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.correlation import pearson
from qualipolis.methods.composite.analysis.factors import FactorStructure, factor_structure
from qualipolis.methods.composite.analysis.reliability import cronbach_alpha
from qualipolis.methods.composite.analysis.selection import columns, family
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Aggregation:
    """How one aggregate holds together: ``dimensions`` among its children (0: no more than chance), the share ``explained``
    by the first, ``alpha``, whether all children point the same way (``same_sign``), and whether the test is passed. NaN
    and None: not testable."""

    node: str
    children: int
    n: int
    dimensions: int | None
    explained: float
    alpha: float
    same_sign: bool | None
    passed: bool | None


@dataclass(frozen=True)
class Place:
    """How one node fits its parent: correlation with it (without its own part), and with the best other of that level."""

    node: str
    parent: str
    own: float
    best_other: str | None
    other: float


@dataclass(frozen=True, eq=False, repr=False)
class StructureTest:
    """What :func:`structure_test` returns."""

    aggregations: tuple[Aggregation, ...]
    places: tuple[Place, ...]
    problems: tuple[Problem, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each aggregate: node, children, n, dimensions, explained, alpha, same_sign, passed."""
        import polars as pl

        rows = [vars(one) for one in self.aggregations]
        kinds = {"dimensions": pl.Int64, "same_sign": pl.Boolean, "passed": pl.Boolean}
        return pl.DataFrame(rows, schema_overrides=kinds).with_columns(pl.selectors.float().fill_nan(None))

    def places_frame(self) -> pl.DataFrame:
        """Return one line for each node with a parent: node, parent, own, best_other, other."""
        import polars as pl

        rows = [vars(one) for one in self.places]
        frame = pl.DataFrame(rows, schema_overrides={"best_other": pl.String})
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        passed = sum(one.passed is True for one in self.aggregations)
        return f"StructureTest({passed} of {len(self.aggregations)} aggregates have one dimension)"


def structure_test(
    result: CompositeResult, missing: str = "complete", seed: int = 0, draws: int = 200
) -> StructureTest:
    """Return whether the children of every aggregate form one dimension, and whether each node sits under the right parent.

    An aggregate passes when one eigenvalue of its children's correlations exceeds 1, this one is above chance (parallel
    analysis), and all children load on the first component with the same sign. For its place, a node is correlated with the mean of its siblings and with each other
    aggregate of its parent's level. What cannot be tested (one child, constant children, too few units) has None.

    Source: OECD/JRC (2008) Handbook, step 4; JRC (2019) audit practice (one dimension per pillar, own pillar first).

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> rows = [[1, 2], [2, 4], [3, 6.1], [4, 8]]
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w", "x"), ("a", "b"), rows))
    >>> [(one.node, one.dimensions, one.passed) for one in structure_test(result).aggregations]
    [('X', 1, True)]
    """
    found = [_aggregation(result, node, missing, seed, draws) for node in result.framework.aggregates]
    places = tuple(_places(result))
    problems = [problem for _, problem in found if problem is not None]
    problems += [_better_elsewhere(place) for place in places if _elsewhere(place)]
    return StructureTest(tuple(one for one, _ in found), places, tuple(problems))


def _aggregation(
    result: CompositeResult, node: str, missing: str, seed: int, draws: int
) -> tuple[Aggregation, Problem | None]:
    children = result.framework.children(node)
    nothing = Aggregation(node, len(children), 0, None, float("nan"), float("nan"), None, None)
    if len(children) < 2:
        return nothing, None
    try:
        found = factor_structure(result, under=node, factors=1, missing=missing, seed=seed, draws=draws)
    except InputError:
        return nothing, _not_testable(node)
    first = found.rotated[:, 0]
    strong = np.abs(first) > 1e-9
    same = bool((first[strong] > 0).all())
    alpha = cronbach_alpha(result, under=node).alpha
    count = max(found.by_kaiser, 1) if found.by_parallel else 0
    passed = count == 1 and same
    one = Aggregation(node, len(children), found.n, count, float(found.explained[0]), alpha, same, passed)
    return one, None if passed else _several(node, count, same, found)


def _places(result: CompositeResult) -> Iterator[Place]:
    tree = result.framework
    for node in tree.nodes:
        if node.parent is None:
            continue
        siblings = [code for code in tree.children(node.parent) if code != node.code]
        others = [code for code in family(tree, tree.node(node.parent).level, None) if code != node.parent]
        rest = _mean(columns(result, codes=siblings).values) if siblings else np.full(len(result.units), np.nan)
        table = np.column_stack([result.score(node.code), rest, columns(result, codes=others).values])
        r = pearson(table)[0]
        known = np.where(np.isnan(r[2:]), -np.inf, r[2:])
        best = int(np.argmax(known)) if np.isfinite(known).any() else None
        yield Place(
            node.code,
            node.parent,
            float(r[1]),
            None if best is None else others[best],
            float("nan") if best is None else float(known[best]),
        )


def _mean(values: Floats) -> Floats:
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    return np.where(count > 0, np.where(there, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _elsewhere(place: Place) -> bool:
    return place.other > max(place.own, 0.0) + 0.2 and place.other > 0.5


def _several(node: str, count: int, same: bool, found: FactorStructure) -> Problem:
    if count == 0:
        return Problem(
            "no_dimension",
            msg("The parts of %(node)s hardly go together: no more than chance would do."),
            msg("That may be meant so; then do not read its score as one thing."),
            {"node": node},
            place=f"META {node}",
            severity="warning",
        )
    if not same:
        against = [code for code, loading in zip(found.codes, found.rotated[:, 0], strict=True) if loading < 0]
        return Problem(
            "opposite_children",
            msg("Under %(node)s, these point the other way from the rest: %(against)s."),
            msg("Check their directions, or whether they belong here."),
            {"node": node, "against": ", ".join(against)},
            place=f"META {node}",
            severity="warning",
        )
    return Problem(
        "several_dimensions",
        msg("%(node)s holds %(count)s dimensions, not one: its score mixes different things."),
        msg("Divide it, or say why these things belong together."),
        {"node": node, "count": count},
        place=f"META {node}",
        severity="warning",
    )


def _not_testable(node: str) -> Problem:
    return Problem(
        "structure_not_testable",
        msg("The structure of %(node)s cannot be tested: too few units with data for all its children."),
        msg("Fill the gaps, or test with pairwise correlations."),
        {"node": node},
        place=f"META {node}",
        severity="warning",
    )


def _better_elsewhere(place: Place) -> Problem:
    return Problem(
        "better_elsewhere",
        msg("%(node)s goes with %(other)s (correlation %(r).2f) more than with its own group %(parent)s (%(own).2f)."),
        msg("Think about moving it, if the meaning allows."),
        {"node": place.node, "other": place.best_other, "r": place.other, "parent": place.parent, "own": place.own},
        place=f"META {place.node}",
        severity="warning",
    )
