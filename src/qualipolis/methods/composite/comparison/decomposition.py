"""Exact additive parts of a score, of the gap between two units, and of a change (Handbook step 8)."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.composite.comparison.pairs import Cross, Pair
from qualipolis.methods.composite.comparison.parts import Decomposition, Part
from qualipolis.methods.composite.comparison.splitting import Ledger, Side, split_level
from qualipolis.methods.composite.comparison.trial import replaced_row, rerun, row_of
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.more_means import Rule
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

BETWEEN_UNITS = ("copeland",)
"""Methods that compare units with each other: their scores have no parts of the unit's own."""


def contributions(result: CompositeResult, node: str, reference: float | None = None) -> Floats:
    r"""Return the part of each indicator in each unit's score of a node, (units, indicators); rows sum to the score.

    Parameters
    ----------
    node : the node
    reference : the level r the parts are measured against, above 0 where a mean is not arithmetic; None: each unit's own
        score, so that no level has to be chosen

    .. math:: c_i = \omega_i r + d_i(r), \qquad \sum_i d_i(r) = M - r

    with :math:`\omega_i` the effective weight over what the unit has and :math:`d_i` the exact split of
    :mod:`.splitting`. In a tree of arithmetic means :math:`c_i = \omega_i x_i` whatever r. Elsewhere an indicator far
    below the rest may have a negative part: it costs more than its weight brings. 0 for a missing cell; NaN in the row
    of a unit without score, or whose split does not exist (a Mazziotta-Pareto penalty divided by a mean of 0 on the way).

    Raises InputError when a mean at or below the node has no additive parts (an order such as Copeland's).

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
    >>> geometric = DEFAULT_PIPELINE.with_changes({"normalise.low": 1.0, "aggregate.method": "geometric"})
    >>> result = geometric.run(fw, data)
    >>> parts = contributions(result, "X", reference=1.0)
    >>> parts.round(3).tolist(), result.score("X").round(3).tolist()
    ([[0.5, 9.5], [6.606, 0.5], [38.338, 32.725]], [10.0, 7.106, 71.063])
    """
    side = side_of(result, node)
    score = result.score(node)
    rows = np.flatnonzero(np.isfinite(score))
    level = score[rows] if reference is None else np.full(len(rows), float(reference))
    columns = {code: k for k, code in enumerate(result.framework.indicators)}
    parts = np.full((len(score), len(columns)), np.nan)
    shares = result.shares(node)
    parts[rows] = shares[rows] * level[:, None]
    for leaf, points, at in split_level(side, node, level, rows, np.ones(len(rows))):
        parts[at, columns[leaf]] += points
    parts[~np.isfinite(parts).all(axis=1)] = np.nan
    return parts


def difference(result: CompositeResult, unit_a: str, unit_b: str, node: str | None = None) -> Decomposition:
    """Split the score of one unit minus the score of another into parts that sum to it exactly.

    Works for all means mixed in any tree: power means by secants (:mod:`.splitting`), the others by the Shapley value
    (:mod:`.games`). An
    indicator that only one of them has is of kind ``missing``; one that both miss has no part.

    Raises InputError when a unit has no score or a mean has no additive parts.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X", weight=3), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
    >>> difference(DEFAULT_PIPELINE.run(fw, data), "u", "w").by_indicator
    {'b': 37.5, 'a': -25.0}
    """
    code = result.framework.roots[0] if node is None else node
    side = side_of(result, code)
    at = [row_of(result, unit, code) for unit in (unit_a, unit_b)]
    first, second = (_one(side, row) for row in at)
    ledger = Pair(first, second, Ledger(1)).split(code)
    return settle(ledger, 0, code, (unit_a, unit_b), (result.score(code)[at[0]], result.score(code)[at[1]]))


def change(
    before: CompositeResult,
    after: CompositeResult,
    unit: str,
    node: str | None = None,
    labels: tuple[str, str] = ("after", "before"),
) -> Decomposition:
    """Split the score of a unit in one result minus its score in an earlier one into parts that sum to it exactly.

    The frameworks, weights, goalposts and means may differ: the kinds of the parts say what did it. For ``scale`` each
    pipeline is run once more with the unit's row of the other result, so that goalposts, outlier treatment and a scale
    relative to the other units count for what they do; value and scale share their interaction evenly.

    Raises InputError when the unit has no score in one of them or a mean has no additive parts.

    >>> from qualipolis.methods.composite import CITY_PIPELINE, IndicatorData, Node
    >>> def town(target, value):
    ...     fw = Framework((Node("a", parent="X", floor=0, target=target), Node("X", level=2, kind="aggregate")))
    ...     return CITY_PIPELINE.run(fw, IndicatorData(("u",), ("a",), [[value]]))
    >>> change(town(10.0, 5.0), town(20.0, 8.0), "u").by_kind
    {'scale': -32.5, 'value': 22.5}
    """
    code = after.framework.roots[0] if node is None else node
    sides = side_of(after, code), side_of(before, code)
    at = row_of(after, unit, code), row_of(before, unit, code)
    ours = _foreign(after, unit, before, unit), _foreign(before, unit, after, unit)
    cross = Cross(first_on_second=ours[1][None], second_on_first=ours[0][None])
    ledger = Pair(_one(sides[0], at[0]), _one(sides[1], at[1]), Ledger(1), cross).split(code)
    return settle(ledger, 0, code, labels, (after.score(code)[at[0]], before.score(code)[at[1]]))


def side_of(result: CompositeResult, node: str) -> Side:
    """Return all units of a result as one side of a split; InputError when a mean has no additive parts.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> side_of(DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]])), "X").rules["X"].method
    'arithmetic'
    """
    result.framework.index(node)
    rules = rules_of(result.pipeline, result.framework, node)
    return Side(result.framework, result.scores, result.runs[-1].state.weights, rules)


def rules_of(pipeline: Pipeline, framework: Framework, node: str) -> dict[str, Rule]:
    """Return the rule of the mean of every aggregate at or below a node; InputError for an order between units.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Node
    >>> rules_of(DEFAULT_PIPELINE, Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate"))), "X")["X"].method
    'arithmetic'
    """
    rules = pipeline.aggregate.rules(framework)
    found = {code: rules[code] for code in _below(framework, node)}
    errors = [_no_parts(code, rule.method) for code, rule in found.items() if rule.method in BETWEEN_UNITS]
    if errors:
        raise InputError(errors)
    return found


def settle(ledger: Ledger, row: int, node: str, labels: tuple[str, str], scores: tuple[float, float]) -> Decomposition:
    """Return one row of a ledger as a decomposition, its parts largest first.

    >>> settle(Ledger(1, {("a", "value", "a", "a"): np.array([2.0])}), 0, "X", ("u", "v"), (3.0, 1.0)).residual
    0.0
    """
    parts = [Part(*key, points=float(line[row])) for key, line in ledger.lines.items() if line[row] != 0]
    parts.sort(key=lambda part: -abs(part.points))
    return Decomposition(node, labels[0], labels[1], float(scores[0]), float(scores[1]), tuple(parts))


def _below(framework: Framework, node: str) -> tuple[str, ...]:
    children = framework.children(node)
    if not children:
        return ()
    return (node, *(code for child in children for code in _below(framework, child)))


def _one(side: Side, row: int) -> Side:
    return Side(side.framework, side.values[[row]], side.weights, side.rules)


def _foreign(onto: CompositeResult, unit: str, source: CompositeResult, source_unit: str) -> Floats:
    """Return the scores of the indicators of ``onto`` for the unit, had it the raw row it has in ``source``."""
    data = replaced_row(onto, unit, source, source_unit)
    state = rerun(onto, data)
    at = np.flatnonzero(state.rows == onto.data.units.index(unit))
    return np.asarray(state.values[at[0]])


def _no_parts(code: str, method: str) -> Problem:
    return Problem(
        "not_additive",
        msg("The score of %(node)s comes from the method %(method)s, which has no additive parts."),
        msg("Use a pipeline whose means take each unit by itself."),
        {"node": code, "method": method},
    )
