"""Other indicator sets: drop or add indicators and run again (COINr ``change_ind``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Set
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.comparison.trial import unknown_indicator
from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.steps import Step
from qualipolis.methods.problems import InputError, Problem, msg

UNIT_PARAMETERS = ("include", "exclude")
LEVEL_PARAMETERS = ("levels", "powers", "min_share")


def drop_indicators(result: CompositeResult, codes: tuple[str, ...]) -> CompositeResult:
    """Return the result without some indicators, everything else as it was.

    The weights of the siblings keep their proportions. A group left empty vanishes, with a warning in ``problems``. The
    data keep the columns, so that :func:`add_indicators` can bring them back; parameters of steps that name a dropped
    indicator are taken out.

    Raises InputError for an unknown indicator, or when none is left.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> drop_indicators(result, ("b",)).ranks("X").tolist()
    [3.0, 2.0, 1.0]
    """
    tree = result.framework
    errors = [unknown_indicator(code) for code in codes if code not in tree.indicators]
    if errors:
        raise InputError(errors)
    framework, gone = without(tree, codes)
    levels = {str(level) for level in tree.levels if level not in framework.levels}
    pipeline = without_names(result.pipeline, {*codes, *gone}, levels)
    after = pipeline.run(framework, result.data)
    return dataclasses.replace(after, checked=after.checked + tuple(_vanished(node) for node in gone))


def add_indicators(
    result: CompositeResult, nodes: tuple[Node, ...], values: Mapping[str, ArrayLike] | None = None
) -> CompositeResult:
    """Return the result with more indicators (and aggregates, where a new one has no parent yet).

    Parameters
    ----------
    nodes : rows of the framework to add; their weights count in proportion to those of their siblings
    values : indicator -> raw values in the order of ``result.data.units``, for those that the data do not have yet

    Raises InputError when the tree or the data do not hold.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a",), [[1], [2], [3]]))
    >>> add_indicators(result, (Node("b", parent="X"),), {"b": [5, 3, 4]}).ranks("X").tolist()
    [2.0, 3.0, 1.0]
    """
    data, new = result.data, dict(values or {})
    columns = {code: data.values[:, k] for k, code in enumerate(data.codes)}
    columns |= {code: np.asarray(column, dtype=np.float64) for code, column in new.items()}
    wrong = [code for code, column in columns.items() if np.shape(column) != (len(data.units),)]
    if wrong:
        raise InputError([_wrong_length(code, len(data.units)) for code in wrong])
    table = np.stack(list(columns.values()), axis=1)
    wider = IndicatorData(data.units, tuple(columns), table, data.names, data.groups, data.denominators)
    framework = Framework((*result.framework.nodes, *nodes))
    return result.pipeline.run(framework, wider)


def without(framework: Framework, codes: tuple[str, ...]) -> tuple[Framework, tuple[str, ...]]:
    """Return the framework without some indicators, and the aggregates that vanish because nothing is left in them.

    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> without(Framework((*fw.nodes, Node("b", parent="Y"), Node("Y", level=2, kind="aggregate"))), ("b",))[1]
    ('Y',)
    """
    out = set(codes)
    gone = [code for code in framework.upward if out.issuperset(framework.leaves(code))]
    out.update(gone)
    return Framework(tuple(node for node in framework.nodes if node.code not in out)), tuple(gone)


def without_names(pipeline: Pipeline, codes: set[str], levels: Set[str] = frozenset()) -> Pipeline:
    """Return the pipeline with the parameters that name one of the codes, or a level that is gone, taken out.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE
    >>> without_names(DEFAULT_PIPELINE.with_changes({"treat.skip": ["a", "b"]}), {"a"}).step("treat").skip
    ('b',)
    """
    return Pipeline(tuple(_clean(step, codes, levels) for step in pipeline.steps))


def _clean(step: Step, codes: set[str], levels: Set[str]) -> Step:
    changes = dict(_changes(step, codes, levels))
    return dataclasses.replace(step, **changes) if changes else step


def _changes(step: Step, codes: set[str], levels: Set[str]) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(step):
        if field.name not in UNIT_PARAMETERS:
            value = getattr(step, field.name)
            cleaned = _cleaned(value, codes | levels if field.name in LEVEL_PARAMETERS else codes)
            if cleaned != value:
                yield field.name, cleaned


def _cleaned(value: Any, codes: set[str]) -> Any:
    if isinstance(value, Mapping):
        return {k: _cleaned(v, codes) for k, v in value.items() if k not in codes}
    if isinstance(value, tuple):
        return tuple(item for item in value if not (isinstance(item, str) and item in codes))
    return value


def _vanished(node: str) -> Problem:
    return Problem(
        "group_vanished",
        msg("%(node)s has no indicator left and is taken out."),
        msg("Keep one of its indicators if it should count."),
        {"node": node},
        place=f"META {node}",
        severity="warning",
    )


def _wrong_length(code: str, units: int) -> Problem:
    return Problem(
        "wrong_shape",
        msg("The column %(code)s does not have one value for each of the %(units)s units."),
        msg("Give one value for each unit."),
        {"code": code, "units": units},
        place=f"DATA {code}",
    )
