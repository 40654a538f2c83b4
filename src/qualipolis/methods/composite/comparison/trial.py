"""Trying other values: the same units and pipeline run again on changed data, one run or a batch of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.pipeline import start
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.screen import Screen
from qualipolis.methods.composite.steps import State, Step
from qualipolis.methods.problems import InputError, Problem, msg

BATCH_CELLS = 3_000_000
BY_COLUMNS = ("denominate", "impute_panel", "screen", "treat", "normalise", "weigh", "at_time")
COLUMN_METHODS = ("none", "mean", "median", "group_mean", "group_median")


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
        yield _fixed(step, before.state, after.state) if isinstance(step, Screen) else step


def _fixed(step: Screen, before: State, after: State) -> Screen:
    stay = set(after.units)
    return Screen(0.0, 0.0, exclude=tuple(unit for unit in before.units if unit not in stay), id=step.name)


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

    ``cells`` are (indicator, value); a trial in which a mean cannot be taken is NaN. In batches of bounded memory. Where
    every step before the aggregation treats each column by itself, trials of different indicators share one pass.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[1], [2]]))
    >>> trial_scores(result, [("a", 1.0), ("a", 3.0)], "u", "X").tolist()
    [[0.0, 100.0], [100.0, 0.0]]
    """
    out = np.full((len(cells), len(result.units)), np.nan)
    if not cells:
        return out
    values = _columns(result, cells, unit) if _by_columns(result) else None
    size = max(1, BATCH_CELLS // result.data.values.size)
    for first in range(0, len(cells), size):
        part = cells[first : first + size]
        state = (
            _trials(result, part, unit) if values is None else _assembled(result, part, values[first : first + size])
        )
        weights = np.broadcast_to(state.weights, (len(part), len(result.nodes)))
        tree = result.pipeline.aggregate.scores(state.becomes(weights=weights), (node,))
        block = np.broadcast_to(tree.scores[node], (len(part), len(state.rows))).copy()
        block[np.broadcast_to(tree.bad, len(part))] = np.nan
        out[first : first + size] = block
    return out


def _by_columns(result: CompositeResult) -> bool:
    """Return whether no step before the aggregation lets one column see another."""
    for step in result.pipeline.steps[:-1]:
        kind = step.step.removeprefix("each_time_")
        if kind not in BY_COLUMNS and not (kind == "impute" and getattr(step, "method", "") in COLUMN_METHODS):
            return False
    return True


def _trials(result: CompositeResult, cells: list[tuple[str, float]], unit: str) -> State:
    """Return the state before the aggregation with one cell changed in each replicate."""
    data = result.data
    values = np.empty((data.values.shape[1], len(cells), data.values.shape[0]))
    values[:] = data.values.T[:, None]
    for at, (code, value) in enumerate(cells):
        values[data.codes.index(code), at, data.units.index(unit)] = value
    return rerun(result, data, np.moveaxis(values, 0, -1))


def _columns(result: CompositeResult, cells: list[tuple[str, float]], unit: str) -> Floats:
    """Return the normalised column of each changed cell, (trials, units); the k-th cells of all indicators share a pass."""
    data, seen = result.data, Counter[str]()
    passes = []
    for code, _ in cells:
        passes.append(seen[code])
        seen[code] += 1
    values = np.empty((data.values.shape[1], max(seen.values()), data.values.shape[0]))
    values[:] = data.values.T[:, None]
    for (code, value), at in zip(cells, passes, strict=True):
        values[data.codes.index(code), at, data.units.index(unit)] = value
    state = rerun(result, data, np.moveaxis(values, 0, -1))
    places = [result.framework.indicators.index(code) for code, _ in cells]
    return np.asarray(state.values[passes, :, places])


def _assembled(result: CompositeResult, cells: list[tuple[str, float]], columns: Floats) -> State:
    """Return the state before the aggregation with one normalised column replaced in each replicate."""
    state = result.runs[-2].state
    values = np.empty((state.values.shape[1], len(cells), state.values.shape[0]))
    values[:] = state.values.T[:, None]
    for at, (code, _) in enumerate(cells):
        values[result.framework.indicators.index(code), at] = columns[at]
    return state.becomes(values=np.moveaxis(values, 0, -1))


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
