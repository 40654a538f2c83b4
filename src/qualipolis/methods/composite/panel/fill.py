"""Filling gaps in time: the latest value, a constant, a straight line (COINr ``impute_panel``, ``approx_df``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.panel.data import TIME, UNIT, PanelData, key
from qualipolis.methods.composite.steps import State, Step, Table, choice_problem, range_problem, register
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

METHODS = ("latest", "constant", "linear", "linear_constant")


def fill_series(
    values: Floats, times: Floats, method: str = "latest", max_gap: int = 0
) -> tuple[Floats, NDArray[np.intp]]:
    r"""Fill the gaps of (times, series) along time; return the values and from which time each came.

    Parameters
    ----------
    method : ``latest`` the last value before. ``constant`` the last value before, and before the first one the first.
        ``linear`` a straight line between neighbours, :math:`y_0 + (y_1 - y_0)(t - t_0)/(t_1 - t_0)`, beyond the ends
        the nearest value; needs two values. ``linear_constant`` the same, and with one value that value
    max_gap : most time points between a filled cell and the nearest value it is taken from; 0: no limit

    The second array holds the position of the time the value was taken from (the nearer one for a line), -1 where the
    cell is still missing. Source: R ``approx`` with rule 2, as COINr 1.1.14 uses it.

    >>> y = np.array([[np.nan, 5.0], [1.0, np.nan], [np.nan, np.nan], [4.0, np.nan]])
    >>> fill_series(y, np.arange(4.0), "linear")[0].T.tolist()
    [[1.0, 1.0, 2.5, 4.0], [5.0, nan, nan, nan]]
    >>> fill_series(y, np.arange(4.0), "latest", max_gap=2)[0].T.tolist()
    [[nan, 1.0, 1.0, 4.0], [5.0, 5.0, 5.0, nan]]
    """
    there, at = ~np.isnan(values), np.arange(len(times))[:, None]
    left, right = _neighbours(there, method)
    y0, y1 = (np.where(p >= 0, np.take_along_axis(values, np.maximum(p, 0), axis=0), np.nan) for p in (left, right))
    span = times[right] - times[left]
    share = np.divide(times[at] - times[left], span, out=np.zeros(span.shape), where=span != 0)
    out = y0 + (y1 - y0) * share
    nearest = np.where(np.abs(at - left) <= np.abs(at - right), left, right)
    if method == "linear":
        out = np.where(there.sum(axis=0) > 1, out, np.nan)
    if max_gap:
        out = np.where(np.abs(at - nearest) > max_gap, np.nan, out)
    out = np.where(there, values, out)
    return out, np.where(np.isnan(out), -1, np.where(there, at, nearest))


def _neighbours(there: NDArray[np.bool_], method: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the two values that each cell lies between, -1 where there is none."""
    times = len(there)
    at = np.arange(times)[:, None]
    before = np.maximum.accumulate(np.where(there, at, -1), axis=0)
    after = np.minimum.accumulate(np.where(there, at, times)[::-1], axis=0)[::-1]
    after = np.where(after == times, -1, after)
    if method == "latest":
        return before, before
    left = np.where(before >= 0, before, after)
    return (left, left) if method == "constant" else (left, np.where(after >= 0, after, before))


@dataclass(frozen=True, eq=False)
class FilledPanel:
    """A panel with filled gaps and the list of what was filled: time, unit, node, value, taken_from (null: still missing)."""

    panel: PanelData
    filled: pl.DataFrame


def impute_panel(
    panel: PanelData, method: str = "latest", max_gap: int = 0, codes: tuple[str, ...] | None = None
) -> FilledPanel:
    """Fill the gaps of each unit's series by its own values at other times; see :func:`fill_series`.

    Only cells of units present at the time are filled: a unit that has left is not brought back.

    Raises InputError for an unknown method or indicator, or a negative gap.

    >>> panel = PanelData((2022, 2023, 2024), ("u",), ("a",), [[[1.0]], [[np.nan]], [[3.0]]], present=[[1], [1], [1]])
    >>> impute_panel(panel, "linear").filled.rows()
    [(2023, 'u', 'a', 2.0, 2022)]
    """
    import polars as pl

    step = ImputePanel(method, max_gap)
    chosen = panel.codes if codes is None else codes
    unknown = [code for code in chosen if code not in panel.codes]
    if unknown:
        text = msg("The data have no indicator %(name)s.")
        remedy = msg("Use one that is there.")
        raise InputError([Problem("unknown_indicator", text, remedy, {"name": code}) for code in unknown])
    values, rows = panel.values.copy(), []
    for code in chosen:
        column = panel.codes.index(code)
        out, source = fill_series(panel.values[:, :, column], panel.moments, step.method, step.max_gap)
        holes = np.isnan(panel.values[:, :, column]) & panel.present
        values[:, :, column] = np.where(holes, out, panel.values[:, :, column])
        for t, u in np.argwhere(holes):
            value, origin = float(out[t, u]), int(source[t, u])
            known = origin >= 0
            rows.append(
                (panel.times[t], panel.units[u], code, value if known else None, panel.times[origin] if known else None)
            )
    kind: type[pl.DataType] = pl.Int64 if isinstance(panel.times[0], int) else pl.String
    schema: dict[str, type[pl.DataType]] = {"time": kind, "unit": pl.String, "node": pl.String, "value": pl.Float64}
    schema["taken_from"] = kind
    return FilledPanel(panel.with_values(values), pl.DataFrame(rows, schema=schema, orient="row"))


@register
@dataclass(frozen=True)
class ImputePanel(Step):
    """Fill a cell of a stacked panel by the same unit's values at other times; see :func:`fill_series`.

    Parameters
    ----------
    method : ``latest``, ``constant``, ``linear`` or ``linear_constant``
    max_gap : most time points to reach; 0: no limit

    The data must carry the groupings ``time`` and ``unit``, as :attr:`.PanelData.stacked` does. ``details`` lists every
    cell filled.

    >>> ImputePanel("linear", 2).to_dict()
    {'step': 'impute_panel', 'method': 'linear', 'max_gap': 2}
    """

    method: str = "latest"
    max_gap: int = 0
    id: str = ""
    step: ClassVar[str] = "impute_panel"

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method or a negative gap."""
        if self.method not in METHODS:
            yield choice_problem(self.name, "method", self.method, METHODS)
        if self.max_gap < 0:
            yield range_problem(self.name, "max_gap", self.max_gap, ">= 0")

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield that the data are no panel."""
        if TIME not in data.groups or UNIT not in data.groups:
            yield no_panel(self.name)

    def apply(self, state: State) -> State:
        """Return the state with filled cells."""
        times, units = places(state)
        moments = _moments(list(times))
        rows = np.array([(times[t], units[u]) for t, u in _labels(state)])
        grid = np.full((len(times), len(units), *state.values.shape[:-2], state.values.shape[-1]), np.nan)
        grid[rows[:, 0], rows[:, 1]] = np.moveaxis(state.values, -2, 0)
        out, source = fill_series(grid.reshape(len(times), -1), moments, self.method, self.max_gap)
        back = out.reshape(grid.shape)[rows[:, 0], rows[:, 1]]
        values = np.where(np.isnan(state.values), np.moveaxis(back, 0, -2), state.values)
        if not state.single:
            return state.becomes(values=values)
        origin = source.reshape(grid.shape)[rows[:, 0], rows[:, 1]]
        return state.becomes(values=values, tables={self.name: _filled(state, values, origin, list(times))})


def places(state: State) -> tuple[dict[str, int], dict[str, int]]:
    """Return time -> place and unit -> place of a stacked panel, times in the order of the data.

    >>> from qualipolis.methods.composite.framework import Node
    >>> from qualipolis.methods.composite.pipeline import start
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> places(start(fw, PanelData((1, 2), ("u",), ("a",), [[[1]], [[2]]]).stacked))
    ({'1': 0, '2': 1}, {'u': 0})
    """
    times = dict.fromkeys(str(label) for label in state.data.groups[TIME])
    units = dict.fromkeys(str(label) for label in state.data.groups[UNIT])
    return {label: k for k, label in enumerate(times)}, {label: k for k, label in enumerate(units)}


def no_panel(step: str) -> Problem:
    """Return the problem of data without the groupings of a panel.

    >>> no_panel("impute_panel").code
    'no_panel'
    """
    return Problem(
        "no_panel",
        msg("The step %(step)s needs a panel: data with the groupings time and unit."),
        msg("Run it through run_panel."),
        {"step": step},
        place=f"PIPELINE {step}",
    )


def _labels(state: State) -> list[tuple[str, str]]:
    times, units = state.data.groups[TIME], state.data.groups[UNIT]
    return [(str(times[row]), str(units[row])) for row in state.rows]


def _moments(times: list[str]) -> Floats:
    try:
        return np.array([int(time) for time in times], dtype=np.float64)
    except ValueError:
        return np.arange(len(times), dtype=np.float64)


def _filled(state: State, values: Floats, origin: NDArray[np.intp], times: list[str]) -> Table:
    cells = np.argwhere(np.isnan(state.values) & ~np.isnan(values))
    labels, codes = _labels(state), state.framework.indicators
    columns: Mapping[str, list[object]] = {
        "unit": [key(labels[row][1], labels[row][0]) for row, _ in cells],
        "node": [codes[column] for _, column in cells],
        "value": [float(values[row, column]) for row, column in cells],
        "taken_from": [times[int(origin[row, column])] for row, column in cells],
    }
    return columns
