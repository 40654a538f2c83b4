"""Trends of single indicators (COINr ``get_trends``, ``CAGR``, ``prc_change``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.comparison.parts import unknown_choice
from qualipolis.methods.composite.data import Floats, unknown_indicator
from qualipolis.methods.composite.panel.data import PanelData
from qualipolis.methods.problems import InputError

if TYPE_CHECKING:
    import polars as pl

METHODS = ("cagr", "percent_change", "theil_sen")


def cagr(values: ArrayLike, times: ArrayLike) -> float:
    r"""Return the compound annual growth rate between the first and the latest value.

    .. math:: (y_1 / y_0)^{1/(t_1 - t_0)} - 1

    0 when both are the same, 0 to 0 too. NaN with fewer than two values, from 0 to anything else (COINr says infinite), or
    when first and latest do not have the same sign (a growth rate has no meaning). Source: COINr ``CAGR``.

    >>> round(cagr([10, 12, np.nan, 15], [2018, 2019, 2020, 2021]), 6)
    0.144714
    """
    y, t = _present(values, times)
    if len(y) > 1 and y[-1] == y[0]:
        return 0.0
    if len(y) < 2 or y[0] == 0 or y[-1] / y[0] < 0:
        return float("nan")
    return float((y[-1] / y[0]) ** (1 / (t[-1] - t[0])) - 1)


def percent_change(values: ArrayLike, times: ArrayLike) -> float:
    r"""Return the yearly change in percent of the first level, by least squares with three values or more.

    .. math:: 100\,\hat\beta / \hat y(t_0)

    with two values the line through both; 0 when all values are the same, all 0 too. NaN with fewer, or when the fitted
    first level is 0. Source: COINr ``prc_change``.

    >>> round(percent_change([10, 12, np.nan, 15], [2018, 2019, 2020, 2021]), 6)
    16.197183
    """
    y, t = _present(values, times)
    if len(y) < 2:
        return float("nan")
    if (y == y[0]).all():
        return 0.0
    centre = t - t.mean()
    slope = float(centre @ (y - y.mean()) / (centre @ centre))
    first = float(y.mean() + slope * centre[0])
    return 100 * slope / first if first != 0 else float("nan")


def theil_sen(values: ArrayLike, times: ArrayLike) -> float:
    """Return the median of the slopes of all pairs, in units of the indicator for one time; NaN with fewer than two.

    Up to 29 % of wrong values cannot carry it away. Source: Theil (1950); Sen (1968), JASA 63.

    >>> theil_sen([1, 2, 3, 4, 100], [1, 2, 3, 4, 5])
    1.0
    """
    y, t = _present(values, times)
    if len(y) < 2:
        return float("nan")
    one, two = np.triu_indices(len(y), 1)
    return float(np.median((y[two] - y[one]) / (t[two] - t[one])))


RATES = {"cagr": cagr, "percent_change": percent_change, "theil_sen": theil_sen}


def trends(
    panel: PanelData,
    units: tuple[str, ...] | None = None,
    codes: tuple[str, ...] | None = None,
    method: str = "cagr",
) -> pl.DataFrame:
    """Return one line for each unit and indicator: unit, node, method, rate, n, available, first, latest.

    ``available`` is the share of the times with a value; rate is null where there is none.

    Raises InputError for an unknown method, unit or indicator.

    >>> panel = PanelData((2022, 2023, 2024), ("u",), ("a",), [[[100.0]], [[110.0]], [[121.0]]])
    >>> trends(panel)["rate"].round(12).to_list()
    [0.1]
    """
    import polars as pl

    errors = [unknown_choice("method", method, METHODS)] * (method not in METHODS)
    errors += [unknown_indicator(code) for code in codes or () if code not in panel.codes]
    if errors:
        raise InputError(errors)
    rows = []
    for unit in panel.units if units is None else units:
        u = panel.unit_position(unit)
        for code in panel.codes if codes is None else codes:
            y = panel.values[:, u, panel.codes.index(code)]
            there = np.flatnonzero(~np.isnan(y))
            rate = RATES[method](y, panel.moments)
            ends = [panel.times[k] for k in (there[[0, -1]] if there.size else [])] or [None, None]
            known = None if np.isnan(rate) else rate
            rows.append((unit, code, method, known, len(there), len(there) / len(y), *ends))
    kind: type[pl.DataType] = pl.Int64 if isinstance(panel.times[0], int) else pl.String
    schema = {"unit": pl.String, "node": pl.String, "method": pl.String, "rate": pl.Float64, "n": pl.Int64}
    schema |= {"available": pl.Float64, "first": kind, "latest": kind}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _present(values: ArrayLike, times: ArrayLike) -> tuple[Floats, Floats]:
    y, t = np.asarray(values, dtype=np.float64), np.asarray(times, dtype=np.float64)
    there = ~np.isnan(y)
    return y[there], t[there]
