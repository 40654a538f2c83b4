"""What the treatment did, as tables: one line for each column, and one for each value that was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import State, Table
from qualipolis.methods.composite.treat_rows import Moments, Recipe, Treated, fails

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Part:
    """The columns that were treated by one recipe."""

    columns: tuple[int, ...]
    recipe: Recipe
    done: Treated


def details(parts: list[Part], codes: tuple[str, ...]) -> Table:
    """Return one line for each treated column, in the order of the framework; None where a treatment was not reached.

    >>> from qualipolis.methods.composite.treat_rows import treat_by
    >>> row = np.array([[1.0, 2.0, 3.0, 4.0, 50.0]])
    >>> table = details([Part((0,), Recipe(), treat_by(row, Recipe()))], ("a",))
    >>> table["node"], table["winsorised"], table["passed"]
    (['a'], [1], [True])
    """
    columns: dict[str, list[Any]] = {}
    for part in parts:
        for name, values in _lines(part, codes).items():
            columns.setdefault(name, []).extend(values)
    order = np.argsort([position for part in parts for position in part.columns], kind="stable").tolist()
    return {name: [values[i] for i in order] for name, values in columns.items()}


def _lines(part: Part, codes: tuple[str, ...]) -> Table:
    done, recipe = part.done, part.recipe
    every = np.ones(len(part.columns), dtype=bool)
    tried, again = done.chosen & (recipe.first != "none"), done.transformed
    counted = recipe.first == "winsorise"
    return {
        "node": [codes[position] for position in part.columns],
        "passed_before": _passed(done.before, recipe, every),
        "skew_before": _shown(done.before[0], every),
        "kurtosis_before": _shown(done.before[1], every),
        "first": [recipe.first if one else None for one in tried],
        "winsorised": [int(n) if one and counted else None for n, one in zip(done.winsorised, tried, strict=True)],
        "passed_winsorised": _passed(done.after, recipe, tried),
        "skew_winsorised": _shown(done.after[0], tried),
        "kurtosis_winsorised": _shown(done.after[1], tried),
        "transformed": again.tolist(),
        "transform": [recipe.transform if one else None for one in again],
        "passed_transformed": _passed(done.last, recipe, again),
        "skew_transformed": _shown(done.last[0], again),
        "kurtosis_transformed": _shown(done.last[1], again),
        "passed": _passed(done.last, recipe, every),
    }


def _shown(values: Floats, where: Bools) -> list[float | None]:
    return [float(v) if w and not np.isnan(v) else None for v, w in zip(values, where, strict=True)]


def _passed(moments: Moments, recipe: Recipe, where: Bools) -> list[bool | None]:
    """Return whether each column passes; None where it was not asked, or has too few values to tell."""
    failed, known = fails(moments, recipe.skew, recipe.kurt), ~np.isnan(moments[1])
    return [not f if w and k else None for f, w, k in zip(failed.tolist(), where, known, strict=True)]


@dataclass(frozen=True, eq=False)
class Points(Mapping[str, list[Any]]):
    """The values that were changed, as a table that is written when somebody reads it.

    Columns: unit, node, ``winsorised`` (``high``, ``low`` or None: moved by the first treatment), ``first`` (a transform
    that stood in its place), ``transform`` (None when it was not reached), ``before`` and ``after``. Where the transform
    started from the original column, the winsorising beside it was tried and given up.
    """

    state: State
    treated: Floats
    parts: tuple[Part, ...]

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        lines = [line for part in self.parts for line in self._of(part)]
        units = {unit: i for i, unit in enumerate(self.state.units)}
        nodes = {code: i for i, code in enumerate(self.state.framework.indicators)}
        lines.sort(key=lambda line: (nodes[line[1]], units[line[0]]))
        names = ("unit", "node", "winsorised", "first", "transform", "before", "after")
        return {name: [line[at] for line in lines] for at, name in enumerate(names)}

    def _of(self, part: Part) -> Iterator[tuple[Any, ...]]:
        done, recipe = part.done, part.recipe
        winsorise = recipe.first == "winsorise"
        for row in np.flatnonzero(done.chosen | done.transformed).tolist():
            column = part.columns[row]
            before, after = self.state.values[:, column], self.treated[:, column]
            step = np.sign(done.first[row] - before)
            whole = recipe.first if done.chosen[row] and recipe.first not in ("winsorise", "none") else None
            again = recipe.transform if done.transformed[row] else None
            code = self.state.framework.indicators[column]
            for at, unit in enumerate(self.state.units):
                moved = {-1.0: "high", 1.0: "low"}.get(float(step[at])) if winsorise else None
                if moved or whole or again:
                    was, now = (None if np.isnan(x[at]) else float(x[at]) for x in (before, after))
                    yield unit, code, moved, whole, again, was, now

    def __getitem__(self, name: str) -> list[Any]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
