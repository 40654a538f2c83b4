"""Trying other values: the same units and pipeline run again on changed data, one run or a batch of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.pipeline import start
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.screen import Screen, fixed
from qualipolis.methods.composite.steps import State, Step
from qualipolis.methods.problems import InputError, Problem, msg

BATCH_CELLS = 3_000_000


def what_if(result: CompositeResult, unit: str, values: Mapping[str, float | None]) -> CompositeResult:
    """Return the result had one unit other raw values, everything recomputed for all units (None: missing).

    Raises InputError for an unknown unit or indicator, or what running meets.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> result.ranks("X").tolist(), what_if(result, "u", {"a": 3.0}).ranks("X").tolist()
    ([2.0, 3.0, 1.0], [1.0, 3.0, 2.0])
    """
    data = result.data
    errors = [unknown_unit(unit)] * (unit not in data.units)
    errors += [unknown_indicator(code) for code in values if code not in data.codes]
    if errors:
        raise InputError(errors)
    table = data.values.copy()
    for code, value in values.items():
        table[data.units.index(unit), data.codes.index(code)] = np.nan if value is None else value
    return result.pipeline.run(result.framework, with_values(data, table))


def with_values(data: IndicatorData, values: Floats, denominators: Mapping[str, Floats] | None = None) -> IndicatorData:
    """Return the data with other values, and other denominators where given.

    >>> with_values(IndicatorData(("u",), ("a",), [[1]]), np.array([[2.0]])).values.tolist()
    [[2.0]]
    """
    below = data.denominators if denominators is None else denominators
    return IndicatorData(data.units, data.codes, values, data.names, data.groups, below)


def replaced_row(onto: CompositeResult, unit: str, source: CompositeResult, source_unit: str) -> IndicatorData:
    """Return the data of ``onto`` with the unit's values and denominators taken from ``source`` where it has them.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> one, two = (DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[x], [9]])) for x in (1, 2))
    >>> replaced_row(one, "u", two, "u").values.tolist()
    [[2.0], [9.0]]
    """
    row, other = onto.data.units.index(unit), source.data.units.index(source_unit)
    values = onto.data.values.copy()
    for place, code in enumerate(onto.data.codes):
        if code in source.data.codes:
            values[row, place] = source.data.values[other, source.data.codes.index(code)]
    below = {name: column.copy() for name, column in onto.data.denominators.items()}
    for name, column in below.items():
        if name in source.data.denominators:
            column[row] = source.data.denominators[name][other]
    return with_values(onto.data, values, below)


def fixed_steps(result: CompositeResult) -> Iterator[Step]:
    """Yield the steps before the aggregation, every screen leaving out the units it leaves out in the result.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [np.nan]]))
    >>> [step.exclude for step in fixed_steps(result) if isinstance(step, Screen)]
    [('v',)]
    """
    for before, after, step in zip(result.runs, result.runs[1:], result.pipeline.steps[:-1], strict=False):
        yield fixed(step, before.state, after.state) if isinstance(step, Screen) else step


def rerun(result: CompositeResult, data: IndicatorData, values: Floats | None = None) -> State:
    """Return the state before the aggregation with other data, or with a batch of values (R, units, data columns).

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]]))
    >>> rerun(result, result.data, np.array([[[3.0], [2.0]]])).values.tolist()
    [[[100.0], [0.0]]]
    """
    state = start(result.framework, data, values)
    for step in fixed_steps(result):
        state = step.apply(state)
    return state


def trial_scores(result: CompositeResult, cells: list[tuple[str, float]], unit: str, node: str) -> Floats:
    """Return the scores of a node, (trials, units of the result), each trial with one other raw value for one unit.

    ``cells`` are (indicator, value); a trial in which a mean cannot be taken is NaN. In batches of bounded memory.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]]))
    >>> trial_scores(result, [("a", 1.0), ("a", 3.0)], "u", "X").tolist()
    [[0.0, 100.0], [100.0, 0.0]]
    """
    data = result.data
    row, size = data.units.index(unit), max(1, BATCH_CELLS // data.values.size)
    out = np.full((len(cells), len(result.units)), np.nan)
    for first in range(0, len(cells), size):
        part = cells[first : first + size]
        values = np.empty((data.values.shape[1], len(part), data.values.shape[0]))
        values[:] = data.values.T[:, None]
        for at, (code, value) in enumerate(part):
            values[data.codes.index(code), at, row] = value
        state = rerun(result, data, np.moveaxis(values, 0, -1))
        tree = result.pipeline.aggregate.scores(state, (node,))
        block = np.broadcast_to(tree.scores[node], (len(part), len(state.rows))).copy()
        block[np.broadcast_to(tree.bad, len(part))] = np.nan
        out[first : first + size] = block
    return out


def row_of(result: CompositeResult, unit: str, node: str) -> int:
    """Return the position of a unit in a result; InputError when it is not there or has no score of the node.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> row_of(DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]])), "v", "X")
    1
    """
    if unit not in result.units:
        raise InputError([unknown_unit(unit)])
    row = result.units.index(unit)
    if np.isnan(result.score(node)[row]):
        raise InputError(
            [
                Problem(
                    "no_score",
                    msg("%(unit)s has no score of %(node)s."),
                    msg("Complete its data or choose another node."),
                    {"unit": unit, "node": node},
                )
            ]
        )
    return row


def unknown_unit(unit: str) -> Problem:
    """Return the problem of a unit that was not scored.

    >>> unknown_unit("u").code
    'unknown_unit'
    """
    return Problem(
        "unknown_unit", msg("The unit %(name)s was not scored."), msg("Use one that is there."), {"name": unit}
    )


def unknown_indicator(code: str) -> Problem:
    """Return the problem of an indicator that the data do not have.

    >>> unknown_indicator("a").code
    'unknown_indicator'
    """
    return Problem(
        "unknown_indicator", msg("The data have no indicator %(name)s."), msg("Use one that is there."), {"name": code}
    )
