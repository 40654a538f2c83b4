"""Impute: fill missing cells from the column, the unit's group, the unit's other indicators, or a regression.

Handbook step 3; COINr ``Impute``. An imputer of your own, on whole tables, is a registered step:

>>> from qualipolis.methods.composite import REGISTRY, Framework, IndicatorData, Node, Pipeline, Normalise, Aggregate
>>> @register
... @dataclass(frozen=True)
... class Worst(Step):
...     id: str = ""
...     step: ClassVar[str] = "worst"
...
...     def apply(self, state: State) -> State:
...         worst = np.nanmin(state.values, axis=-2, keepdims=True)
...         return state.becomes(values=np.where(np.isnan(state.values), worst, state.values))
>>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
>>> data = IndicatorData(("u", "v", "w"), ("a",), [[4], [float("nan")], [6]])
>>> Pipeline((Worst(), Normalise(), Aggregate())).run(fw, data).score("X").tolist()
[0.0, 0.0, 100.0]
>>> del REGISTRY["worst"]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.impute_model import predictive
from qualipolis.methods.composite.impute_rows import families, predictive_rows
from qualipolis.methods.composite.steps import State, Step, Table, choice_problem, range_problem, register
from qualipolis.methods.problems import Problem, msg

METHODS = ("mean", "median", "group_mean", "group_median", "row_mean", "row_median", "regression", "none")


@register
@dataclass(frozen=True)
class Impute(Step):
    """Replace a missing cell by what the other cells say.

    Parameters
    ----------
    method : ``mean``, ``median`` of the column over all units; ``group_mean``, ``group_median`` over the units of the
        same group; ``row_mean``, ``row_median`` of the unit's own other indicators; ``regression``: from all other
        indicators (ridge, chained equations, see :func:`.impute_model.predictive`); ``none`` fills nothing
    group : name of the grouping, for the group methods; ``regression`` takes it as a further predictor
    level : for the row methods, only indicators below the same node of this level; None: all indicators
    normalise_first : for the row methods, min-max to "more is better" first and back afterwards, so that cells of
        different units of measurement can stand for each other; false after a normalise step

    Cells of a group, a row or a column without any value stay missing (weights are renormalised later) and are named in
    a warning. All methods may stand before or after normalising. Imputed cells shrink the variance and, without
    :meth:`predictive`, carry no doubt; the cells filled are listed in ``details["impute"]``.

    >>> Impute("group_mean", group="park").method
    'group_mean'
    """

    method: str = "mean"
    group: str | None = None
    level: int | None = None
    normalise_first: bool = True
    id: str = ""
    step: ClassVar[str] = "impute"

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method, a group method without group, or a level below 2."""
        if self.method not in METHODS:
            yield choice_problem(self.name, "method", self.method, METHODS)
        elif self.method.startswith("group") and not self.group:
            yield Problem(
                "group_needed",
                msg("The method %(method)s needs a group."),
                msg("Name the grouping."),
                {"method": self.method},
                place=f"PIPELINE {self.name}",
            )
        if self.level is not None and self.level < 2:
            yield range_problem(self.name, "level", self.level, ">= 2")

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield a grouping or a level that is not there, and indicators that a row cannot fill."""
        if self._grouped and self.group not in data.groups:
            yield Problem(
                "unknown_group",
                msg("The data have no grouping %(group)s."),
                msg("Add the column or name another grouping."),
                {"group": self.group},
                place=f"PIPELINE {self.name}",
            )
        if not self.method.startswith("row"):
            return
        if self.level is not None and self.level not in framework.levels:
            highest = max(framework.levels)
            yield range_problem(self.name, "level", self.level, f"2 .. {highest}")
        if self.normalise_first and any((step.phase or 0) >= 4 for step in before):
            yield _already(self.name)
        elif self.normalise_first:
            yield from self._without_way_back(framework, data)

    def _without_way_back(self, framework: Framework, data: IndicatorData) -> Iterator[Problem]:
        for code in framework.indicators:
            missing = code in data.codes and bool(np.isnan(data.column(code)).any())
            if missing and framework.node(code).direction == 0:
                yield Problem(
                    "no_way_back",
                    msg("%(code)s is best inside an interval: its value cannot be told from the unit's other scores."),
                    msg("Impute by column or by group, or after normalising with normalise_first = false."),
                    {"code": code},
                    place=f"PIPELINE {self.name}",
                )

    def apply(self, state: State) -> State:
        """Return the state with filled cells."""
        if self.method == "none" or not np.isnan(state.values).any():
            return state
        values = state.values.copy()
        flat = values.reshape(-1, *values.shape[-2:])
        for replicate in flat:
            replicate[:] = self._predictive(state, replicate)[0]
        values = flat.reshape(values.shape)
        if not state.single:
            return state.becomes(values=values)
        table = _filled(state, values)
        return state.becomes(
            values=values, tables={self.name: table}, problems=list(_unfilled(state, values, self.name))
        )

    def predictive(self, state: State) -> tuple[Floats, Floats]:
        """Return the filled values and the predictive standard deviation of each cell, 0 where it was observed.

        Both (units, indicators), of a single run. Draws from them carry the doubt about the imputed cells on: multiple
        imputation. A cell that cannot be filled stays NaN.
        """
        if self.method == "none":
            return state.values.copy(), np.where(np.isnan(state.values), np.nan, 0.0)
        return self._predictive(state, state.values)

    def _predictive(self, state: State, values: Floats) -> tuple[Floats, Floats]:
        if self.method.startswith("row"):
            nodes = [state.framework.node(code) for code in state.framework.indicators]
            together = families(state.framework, self.level)
            return predictive_rows(values, together, nodes if self.normalise_first else None, self._median)
        return predictive(values, self.method, members_of(state, self.group) if self.group and self._grouped else None)

    @property
    def _grouped(self) -> bool:
        return self.method.startswith("group") or (self.method == "regression" and bool(self.group))

    @property
    def _median(self) -> bool:
        return self.method.endswith("median")


def members_of(state: State, group: str) -> list[NDArray[np.bool_]]:
    """Return one mask of the units still in for each group, in the order of first appearance.

    >>> from qualipolis.methods.composite.framework import Node
    >>> from qualipolis.methods.composite.pipeline import start
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v"), ("a",), [[1], [2]], groups={"g": ["n", "s"]})
    >>> [mask.tolist() for mask in members_of(start(fw, data), "g")]
    [[True, False], [False, True]]
    """
    labels = [state.data.groups[group][row] for row in state.rows]
    return [np.array([label == one for label in labels]) for one in dict.fromkeys(labels) if one is not None]


def impute_columns(values: Floats, members: list[NDArray[np.bool_]], statistic: str = "mean") -> Floats:
    """Fill NaN by the mean or median of each column (..., units, columns) inside each set of member units.

    >>> impute_columns(np.array([[1.0], [np.nan], [3.0]]), [np.array([True, True, True])]).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    out = values.copy().reshape(-1, *values.shape[-2:])
    for replicate in out:
        replicate[:] = predictive(replicate, f"group_{statistic}", members)[0]
    return out.reshape(values.shape)


def _already(step: str) -> Problem:
    return Problem(
        "already_normalised",
        msg("The data are normalised already: directions would count twice."),
        msg("Set normalise_first to false."),
        place=f"PIPELINE {step}",
    )


def _filled(state: State, values: Floats) -> Table:
    cells = np.argwhere(np.isnan(state.values) & ~np.isnan(values))
    units, codes = state.units, state.framework.indicators
    return {
        "unit": [units[row] for row, _ in cells],
        "node": [codes[column] for _, column in cells],
        "value": [float(values[row, column]) for row, column in cells],
    }


def _unfilled(state: State, values: Floats, step: str) -> Iterator[Problem]:
    for column, count in enumerate(np.isnan(values).sum(axis=0).tolist()):
        if count:
            yield Problem(
                "still_missing",
                msg("%(count)s cells of %(code)s stay missing: there is nothing to fill them from."),
                msg("Complete the data, or use a method that looks at all units."),
                {"code": state.framework.indicators[column], "count": count, "step": step},
                place=f"DATA {state.framework.indicators[column]}",
                severity="warning",
            )
