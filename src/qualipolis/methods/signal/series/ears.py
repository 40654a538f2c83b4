"""EARS C1, C2 and C3: is this week far above the few weeks just before it?

Source: L. Hutwagner, W. Thompson, G. M. Seeman, T. Treadwell (2003), "The bioterrorism preparedness and response Early
Aberration Reporting System (EARS)", J. Urban Health 80 (2 suppl. 1), i89-i96; M. Salmon, D. Schumacher, M. Höhle (2016),
"Monitoring count time series in R", J. Statistical Software 70(10), section 3.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import (
    Alarms,
    Floats,
    alarms,
    blank,
    count_matrix,
    long_enough,
    number,
    open_share,
    whole,
)

LAG = {"C1": 0, "C2": 2, "C3": 2}
LEAST = 3  # reported weeks a baseline needs
ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


def ears(
    counts: ArrayLike,
    method: str = "C1",
    baseline: int = 7,
    min_sigma: float = 0.0,
    alpha: float | None = None,
) -> Alarms:
    """Compare each week with the mean and standard deviation of ``baseline`` weeks before it.

    Formula: ``U = m + z(1-alpha)·max(s, min_sigma)`` with mean ``m`` and standard deviation ``s`` (divisor
    ``baseline - 1``) of the weeks ``t-baseline..t-1`` (C1) or ``t-baseline-2..t-3`` (C2). C3 adds what exceeded 1 in
    the two weeks before: ``U = y + max(s, min_sigma)·(z - Σ max(0, C2 - 1))``, never below 0.

    Parameters
    ----------
    counts : (weeks,) or (series, weeks); ``nan`` is a missing week: it is left out of the baselines,
        and a baseline with fewer than 3 weeks left gives no verdict
    method : ``"C1"``, ``"C2"`` or ``"C3"``
    baseline : number of weeks, 3 or more
    min_sigma : least standard deviation, in reports. With 0 the first report after silence is an alarm: rare hazards
        need a floor, 0.5 or 1
    alpha : one-sided level; default 0.001 (C1, C2) and 0.025 (C3)

    Raises
    ------
    InputError : unknown method, settings out of range, a series too short

    >>> result = ears([2, 3, 1, 2, 4, 2, 3, 9], baseline=7, alpha=0.01)
    >>> float(result.upperbound[7].round(3)), bool(result.alarm[7])
    (4.699, True)
    """
    table, single = count_matrix(counts)
    refuse([whole("baseline", baseline, LEAST)])
    level = ALPHA.get(method, 0.001) if alpha is None else alpha
    start = baseline + {"C1": 0, "C2": 2, "C3": 4}.get(method, 0)
    refuse(
        [
            None if method in LAG else _unknown(method),
            number("min_sigma", min_sigma, 0),
            open_share("alpha", level),
            long_enough(table.shape[1], start),
        ]
    )
    z = -float(ndtri(level))
    mean, sigma = _window(table, baseline, LAG[method])
    sigma = np.maximum(sigma, min_sigma)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (table - mean) / sigma
        upper = mean + z * sigma if method != "C3" else _cumulative(table, score, sigma, z)
    upper[:, :start] = np.nan
    upper[np.isnan(table)] = np.nan
    tail = ndtr(-score) if method != "C3" else None
    return alarms(
        f"EARS {method}",
        table,
        single,
        start,
        upper,
        expected=mean,
        score=score,
        p_value=tail,
        parameters={"baseline": baseline, "min_sigma": min_sigma, "alpha": level},
    )


def _unknown(method: str) -> Problem:
    return Problem(
        "unknown_method",
        msg("%(name)s is no known method."),
        msg("Give one of: %(known)s."),
        {"name": method, "known": ", ".join(LAG)},
        place="method",
    )


def _window(table: Floats, baseline: int, lag: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the ``baseline`` weeks that end ``lag + 1`` weeks before each week."""
    mean, sigma = blank(table), blank(table)
    windows = sliding_window_view(table, baseline, axis=1)
    weeks = table.shape[1] - baseline - lag
    mean[:, baseline + lag :], sigma[:, baseline + lag :] = _moments(windows[:, :weeks])
    return mean, sigma


def _moments(windows: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of what was reported in each window, if three weeks were."""
    there = ~np.isnan(windows)
    if there.all():
        return windows.mean(axis=2), windows.std(axis=2, ddof=1)
    n = there.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n >= LEAST, np.where(there, windows, 0.0).sum(axis=2) / n, np.nan)
        squares = (np.where(there, windows - mean[:, :, None], 0.0) ** 2).sum(axis=2)
        return mean, np.where(n >= LEAST, np.sqrt(squares / (n - 1)), np.nan)


def _cumulative(table: Floats, score: Floats, sigma: Floats, z: float) -> Floats:
    """C3's bound: this week's count less what the two weeks before already used up."""
    excess = np.where(np.isnan(table), 0.0, np.maximum(0.0, score - 1))
    used = blank(table)
    used[:, 2:] = excess[:, :-2] + excess[:, 1:-1]
    return np.maximum(0.0, table + sigma * (z - used))
