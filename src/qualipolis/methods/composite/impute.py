"""Impute: fill missing cells by a column mean or median, over all units or inside a group (Handbook step 3)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.steps import State, Step, Table, choice_problem, register
from qualipolis.methods.problems import Problem, msg

METHODS = ("mean", "median", "group_mean", "group_median")


@register
@dataclass(frozen=True)
class Impute(Step):
    """Replace a missing cell by the mean or median of its column.

    Parameters
    ----------
    method : ``mean``, ``median`` over all units; ``group_mean``, ``group_median`` over the units of the same group
    group : name of the grouping, for the group methods

    Cells of a group without any value stay missing (weights are renormalised later). Allowed before or after
    normalising. Imputed cells shrink the variance; the cells filled are listed in ``details["impute"]``.

    >>> Impute("group_mean", group="park").to_dict()
    {'step': 'impute', 'method': 'group_mean', 'group': 'park'}
    """

    method: str = "mean"
    group: str | None = None
    id: str = ""
    step: ClassVar[str] = "impute"

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method or a group method without group."""
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

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield a grouping that the data do not have."""
        if self.method.startswith("group") and self.group not in data.groups:
            yield Problem(
                "unknown_group",
                msg("The data have no grouping %(group)s."),
                msg("Add the column or name another grouping."),
                {"group": self.group},
                place=f"PIPELINE {self.name}",
            )

    def apply(self, state: State) -> State:
        """Return the state with filled cells."""
        if not np.isnan(state.values).any():
            return state
        members = [np.ones(len(state.rows), dtype=bool)]
        if self.method.startswith("group"):
            assert self.group is not None
            labels = [state.data.groups[self.group][row] for row in state.rows]
            members = [np.array([label == one for label in labels]) for one in dict.fromkeys(labels) if one is not None]
        values = impute_columns(state.values, members, "median" if self.method.endswith("median") else "mean")
        table = _filled(state, values) if state.single else {}
        return state.becomes(values=values, tables={self.name: table} if table else {})


def impute_columns(values: Floats, members: list[NDArray[np.bool_]], statistic: str = "mean") -> Floats:
    """Fill NaN by the mean or median of each column (..., units, columns) inside each set of member units.

    >>> impute_columns(np.array([[1.0], [np.nan], [3.0]]), [np.array([True, True, True])]).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    out = values.copy()
    centre = np.nanmedian if statistic == "median" else np.nanmean
    for inside in members:
        part = out[..., inside, :]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            fill = centre(part, axis=-2, keepdims=True)
        out[..., inside, :] = np.where(np.isnan(part), fill, part)
    return out


def _filled(state: State, values: Floats) -> Table:
    cells = np.argwhere(np.isnan(state.values) & ~np.isnan(values))
    units, codes = state.units, state.framework.indicators
    return {
        "unit": [units[row] for row, _ in cells],
        "node": [codes[column] for _, column in cells],
        "value": [float(values[row, column]) for row, column in cells],
    }
