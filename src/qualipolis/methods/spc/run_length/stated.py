"""What a chart itself states: its average run length under control, from its limits and its law.

Points that do not depend on each other: 1/(1 − P(inside)), P from the normal law (means, values, deviations from nominal,
standardised values, forecast errors, a trend), the range of n normal values, χ² of a variance, the binomial, Poisson or
geometric law, or the exponential law. Where limits vary from point to point, the mean of P is taken. Moving ranges of two
share a value: L(x) = 1 + ∫_{|y−x| < U} L(y) φ(y) dy. EWMA and CUSUM: their integral equations. The parameters are taken as
known: limits estimated from m points alarm at a rate of their own, about that of known ones for m of 100 and more.

Source: S. V. Crowder (1987), "Computation of ARL for combined individual measurement and moving range charts", Journal of
Quality Technology 19, 98-102; and the sources of :mod:`.shewhart` and :mod:`.weighted`.
"""

from __future__ import annotations

from functools import cache
from math import gamma

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.rare import NELSON_POWER
from qualipolis.methods.spc.charts.result import ControlChart
from qualipolis.methods.spc.charts.weighted import CusumChart
from qualipolis.methods.spc.constants import range_cdf
from qualipolis.methods.spc.run_length.weighted import cusum_arl, ewma_arl

Floats = NDArray[np.float64]
NORMAL = ("xbar", "I", "DNOM", "Z", "e", "MCEWMA", "trend", "p′", "u′")
REACH, CELLS = 7.0, 1200


def stated_arl(chart: ControlChart | CusumChart) -> float:
    """Return the average number of points until a false alarm of the limits of a chart, parameters taken as known.

    Raises
    ------
    InputError
        A chart of many characteristics, moving ranges of more than two, or a kind that is not known here.

    >>> from qualipolis.methods.spc.charts import individuals_chart, np_chart
    >>> round(stated_arl(individuals_chart([1.0, 2.0, 1.5, 2.5])), 1)
    370.4
    >>> round(stated_arl(np_chart([4, 6, 5], 50)), 1)  # 3-sigma limits of a skewed law
    310.6
    """
    if isinstance(chart, CusumChart):
        return cusum_arl(chart.reference, chart.decision)
    if chart.values.ndim != 1:
        what, remedy = msg("This chart holds many characteristics."), msg("Take one of them first.")
        raise InputError([Problem("many_series", what, remedy, place="chart")])
    if chart.kind == "EWMA":
        words = chart.conventions
        return ewma_arl(float(str(words["weight"])), float(str(words["sigmas"])), varying=not words["steady"])
    if chart.kind in ("MR", "MR of Z"):
        return _moving_ranges(chart)
    return float(1 / np.mean(_outside(chart)))


def _outside(chart: ControlChart) -> Floats:
    """Return the probability of each point to lie outside."""
    from scipy.special import ndtr

    low, high, line, each = (
        np.asarray(v, dtype=np.float64) for v in (chart.lower, chart.upper, chart.center, chart.sigma)
    )
    if chart.kind in NORMAL:
        return np.asarray(ndtr((low - line) / each) + ndtr((line - high) / each))
    if chart.kind in ("R", "R/σ", "S"):
        return _spread(chart, low, high)
    if chart.kind in ("p", "np", "c", "u"):
        return _counts(chart, low, high, line)
    if chart.kind in ("g", "t"):
        return _between(chart, low, high, line)
    what = msg("The run length of a chart of kind %(kind)s is not computed here.")
    raise InputError([Problem("no_run_length", what, "", {"kind": chart.kind}, "chart")])


def _spread(chart: ControlChart, low: Floats, high: Floats) -> Floats:
    from scipy.stats import chi2

    assert chart.size is not None and chart.process_sigma is not None
    sizes = np.broadcast_to(chart.size, chart.values.shape)
    low, high = (np.broadcast_to(v / chart.process_sigma, sizes.shape) for v in (low, high))
    found = np.empty(sizes.shape)
    for n, a, b in {(int(n), float(a), float(b)) for n, a, b in zip(sizes, low, high, strict=True)}:
        at = (sizes == n) & (low == a) & (high == b)
        if chart.kind == "S":
            found[at] = chi2.cdf((n - 1) * a**2, n - 1) + chi2.sf((n - 1) * b**2, n - 1)
        else:
            found[at] = range_cdf(a, n) + 1 - range_cdf(b, n)
    return found


def _counts(chart: ControlChart, low: Floats, high: Floats, line: Floats) -> Floats:
    """Return P(x < lower) + P(x > upper) of the count behind each point."""
    from scipy.stats import binom, poisson

    assert chart.size is not None
    size = np.asarray(chart.size, dtype=np.float64)
    scale = 1.0 if chart.kind in ("np", "c") else size
    law = binom(size, line * scale / size) if chart.kind in ("p", "np") else poisson(line * scale)
    below, above = np.ceil(low * scale - 1e-9) - 1, np.floor(high * scale + 1e-9)
    return np.asarray(law.cdf(below) + law.sf(above))


def _between(chart: ControlChart, low: Floats, high: Floats, line: Floats) -> Floats:
    if chart.kind == "t":
        mean = (line ** (1 / NELSON_POWER) / gamma(1 + 1 / NELSON_POWER)) ** NELSON_POWER
        return np.asarray(-np.expm1(-low / mean) + np.exp(-high / mean))
    from scipy.stats import geom

    shift = 0.0 if chart.conventions["counts_event"] else 1.0
    law = geom(1 / (line + shift))
    return np.asarray(law.cdf(np.ceil(low - 1e-9) - 1 + shift) + law.sf(np.floor(high + 1e-9) + shift))


def _moving_ranges(chart: ControlChart) -> float:
    span = chart.conventions.get("span", 2)
    if span != 2 or float(np.max(chart.lower)) > 0:
        what = msg("The run length of moving ranges is computed for two values and no lower limit.")
        raise InputError([Problem("no_run_length", what, place="chart")])
    assert chart.process_sigma is not None
    return _of_ranges(float(np.max(chart.upper) / np.asarray(chart.process_sigma)))


@cache
def _of_ranges(limit: float) -> float:
    """Return the average number of moving ranges until one is above a limit in sigmas."""
    from scipy.special import ndtr

    edges = np.linspace(-REACH, REACH, CELLS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    low, high = np.maximum(edges[:-1], middle[:, None] - limit), np.minimum(edges[1:], middle[:, None] + limit)
    chance = np.where(high > low, ndtr(high) - ndtr(low), 0.0)
    found = np.linalg.solve(np.eye(CELLS) - chance, np.ones(CELLS))
    return float((ndtr(edges[1:]) - ndtr(edges[:-1])) @ found)
