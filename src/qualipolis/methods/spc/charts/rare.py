"""Charts of rare events: units (g) or time (t) between them.

g: the number of units up to and with the next event is geometric with p = 1/ḡ, σ = √(ḡ(ḡ − 1)) (count 1 at least);
with ``counts_event=False`` the event itself is not counted (count 0 at least) and σ = √(ḡ(ḡ + 1)).
t: times between events of a Poisson process are exponential; x^(1/3.6) is nearly normal and is charted as individual
values, its limits taken back to the scale of time.

Three-sigma limits of so skewed a law have no lower side; probability limits use its quantiles. A point below the lower
limit says that events come too often.

Source: J. C. Benneyan (2001), "Number-between g-type statistical quality control charts for monitoring adverse events",
Health Care Management Science 4, 305-318; L. S. Nelson (1994), "A control chart for parts-per-million nonconforming
items", Journal of Quality Technology 26, 239-240.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.individuals import individual_sigma
from qualipolis.methods.spc.charts.result import ControlChart, Floats, Limits, calibrated, series

NELSON_POWER = 3.6


def _between(values: ArrayLike, least: float) -> Floats:
    x = series(values)
    if np.nanmin(x) < least:
        at = int(np.argwhere(x < least)[0][-1]) + 1
        what = msg("Point %(n)s is below %(least)s.")
        raise InputError([Problem("too_small", what, "", {"n": at, "least": f"{least:g}"}, "values")])
    return x


def g_chart(
    units_between: ArrayLike,
    *,
    center: ArrayLike | None = None,
    counts_event: bool = True,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of units between events.

    Parameters
    ----------
    units_between : (..., m) units from one event to the next
    center : known mean (a frozen phase); the mean of the calibration points unless given
    counts_event : whether the unit of the event itself is counted, so that the least count is 1 and not 0
    sigmas, confidence : width of the limits, as a multiple of σ or as a probability of the geometric law
    calibration : points that the mean comes from, a mask or positions from 0

    >>> chart = g_chart([3, 5, 4])
    >>> round(float(chart.upper[0]), 4)
    14.3923
    """
    least = 1.0 if counts_event else 0.0
    x = _between(units_between, least)
    used = calibrated(x.shape[-1], calibration)
    mean = np.nanmean(x[..., used], axis=-1) if center is None else np.asarray(center, dtype=np.float64)
    limits = Limits(sigmas, confidence)
    line = np.asarray(mean)[..., None]
    spread = np.sqrt(np.maximum(line * (line - 1) if counts_event else line * (line + 1), 0.0))
    lower, upper = np.maximum(line - limits.width * spread, 0.0), line + limits.width * spread
    if confidence is not None:
        from scipy.stats import geom

        law = geom(1 / line if counts_event else 1 / (line + 1))
        lower, upper = (np.asarray(law.ppf(p) - (1 - least)) for p in (limits.tail, 1 - limits.tail))
    words: dict[str, object] = {"law": "geometric", "counts_event": counts_event} | limits.words()
    return ControlChart("g", x, line, lower, upper, spread, None, None, used, words)


def t_chart(
    time_between: ArrayLike,
    *,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of times between events, with limits of the transformed times taken back to time.

    >>> chart = t_chart([2.0, 8.0, 5.0, 1.0])
    >>> bool(chart.lower[0] >= 0), chart.kind
    (True, 't')
    """
    x = _between(time_between, 0.0)
    used = calibrated(x.shape[-1], calibration)
    y = x ** (1 / NELSON_POWER)
    mean = np.nanmean(y[..., used], axis=-1)[..., None]
    spread = np.asarray(individual_sigma(y, "mr", 2, used))[..., None]
    limits = Limits(sigmas, confidence)
    low, high = np.maximum(mean - limits.width * spread, 0.0), mean + limits.width * spread
    line = mean**NELSON_POWER
    # zones of the rules live on the scale that is nearly normal; near the centre line they are stretched alike
    slope = NELSON_POWER * mean ** (NELSON_POWER - 1)
    words: dict[str, object] = {"law": "exponential", "power": NELSON_POWER} | limits.words()
    return ControlChart(
        "t", x, line, low**NELSON_POWER, high**NELSON_POWER, spread * slope, None, spread[..., 0], used, words
    )
