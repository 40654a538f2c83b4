"""CUSUM of counts: small excesses add up until they are an alarm; and the design of its two numbers.

Sources: G. Rossi, L. Lampugnani, M. Marchi (1999), "An approximate CUSUM procedure for surveillance of health events",
Statistics in Medicine 18, 2111-2122; D. A. Pierce, D. W. Schafer (1986), "Residuals in generalized linear models",
J. Am. Statist. Ass. 81, 977-986 (Anscombe residuals); run lengths: ``qualipolis.methods.spc.run_length``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Alarms, Floats, alarms, blank, count_matrix, long_enough, number
from qualipolis.methods.spc.run_length.weighted import cusum_arl, cusum_decision

SCALES = ("standard", "rossi", "anscombe")


def cusum(
    counts: ArrayLike,
    start: int,
    k: float = 1.04,
    h: float = 2.26,
    mean: ArrayLike | None = None,
    scale: str = "standard",
    restart: bool = False,
) -> Alarms:
    """Sum what exceeds the mean by more than ``k``: ``C(t) = max(0, C(t-1) + z(t) - k)``, an alarm at ``C ≥ h``.

    Scales with ``m`` the mean: standard ``z = (y-m)/√m``; Rossi ``z = (y - 3m + 2√(ym))/(2√m)``; Anscombe
    ``z = 3/2·(y^⅔ - m^⅔)/m^(1/6)``. The upper bound is the count at which this week's sum reaches ``h`` (rounded up on
    the standard scale).

    Parameters
    ----------
    counts : (weeks,) or (series, weeks); a missing week leaves the sum where it is
    start : first week of the sum, from 0; the weeks before give the mean
    mean : one number, one for each series, or an array in the shape of the counts; default: of the weeks before start
    restart : begin at 0 again after an alarm (the reference goes on)

    >>> result = cusum([1, 2, 1, 2, 1, 2, 3, 4, 5], start=6)
    >>> result.alarm[6:], result.upperbound[6:]
    (array([False, False,  True]), array([6., 6., 5.]))
    """
    table, single = count_matrix(counts)
    given = mean is not None or start > 0
    problems = [long_enough(table.shape[1], start), number("k", k, 0), number("h", h, 1e-12)]
    refuse([*problems, None if scale in SCALES else _unknown(scale), None if given else _no_past()])
    m = level(table, start, mean)
    with np.errstate(all="ignore"):
        z = _standardised(table, m, scale)
    before, sums = _summed(z, start, k, h, restart)
    with np.errstate(all="ignore"):
        upper = np.nan_to_num(np.maximum(_bound(m, h + k - before, scale), 0.0), posinf=np.inf)
    silent = np.isnan(table) | np.isnan(m)
    silent[:, :start] = True
    upper[silent] = np.nan
    with np.errstate(invalid="ignore"):
        alarm = (sums >= h) & ~silent
    return alarms(
        f"CUSUM ({scale})",
        table,
        single,
        start,
        upper,
        alarm=alarm,
        expected=np.where(silent, np.nan, m),
        score=sums,
        parameters={"k": k, "h": h, "scale": scale, "restart": restart},
    )


def cusum_rossi(
    counts: ArrayLike, start: int, k: float = 1.04, h: float = 2.26, mean: ArrayLike | None = None
) -> Alarms:
    """:func:`cusum` on Rossi's scale, nearer to normal for small means.

    >>> round(float(cusum_rossi([1, 2, 1, 2, 1, 2, 3], start=6).upperbound[6]), 3)
    6.391
    """
    return cusum(counts, start, k, h, mean, "rossi")


@dataclass(frozen=True)
class CusumDesign:
    """Reference value ``k`` and decision value ``h`` in standard deviations, and the run lengths they give, in weeks."""

    k: float
    h: float
    in_control: float
    out_of_control: float


def design(in_control: float = 500.0, out_of_control: float = 7.0, *, spacing: float = 0.0) -> CusumDesign:
    """``k`` and ``h`` of a one-sided CUSUM of normal scores with the wanted run lengths, the latter at a shift of 2k.

    ``spacing`` is for comparison with ``find.kh`` of R's surveillance, which looks for the least squared error with a
    gradient by central differences of 0.001: its answer is where the errors at ``k ± spacing`` cancel, a little off.

    Raises
    ------
    InputError : run lengths that no design gives

    >>> found = design(500, 7)
    >>> round(found.k, 4), round(found.h, 4), round(found.out_of_control, 6)
    (0.5936, 3.8008, 7.0)
    """
    from scipy.optimize import brentq

    refuse([number("in_control", in_control, 5), number("out_of_control", out_of_control, 1.5, in_control / 2)])

    def late(k: float) -> float:
        return cusum_arl(k, cusum_decision(k, in_control, two_sided=False), 2 * k, two_sided=False) - out_of_control

    def error(k: float) -> float:
        return late(k) if spacing == 0 else late(k + spacing) + late(k - spacing)

    most = _largest_reference(in_control) - spacing
    grid = np.linspace(0.05, most, 16)
    signs = [error(k) > 0 for k in grid]
    turn = [i for i in range(len(grid) - 1) if signs[i] and not signs[i + 1]]
    refuse([None if turn else _no_design(in_control, out_of_control)])
    k = float(brentq(error, grid[turn[0]], grid[turn[0] + 1], xtol=1e-12))
    h = cusum_decision(k, in_control, two_sided=False)
    return CusumDesign(k, h, cusum_arl(k, h, two_sided=False), cusum_arl(k, h, 2 * k, two_sided=False))


def _largest_reference(in_control: float) -> float:
    """With h near 0 the sum alarms at every score above k, so k lies below this normal quantile."""
    from scipy.special import ndtri

    return float(ndtri(1 - 1 / in_control)) * 0.99


def level(table: Floats, start: int, mean: ArrayLike | None) -> Floats:
    """The mean under control in the shape of the table."""
    if mean is None:
        past = table[:, :start]
        there = (~np.isnan(past)).sum(axis=1)
        with np.errstate(all="ignore"):
            return np.broadcast_to((np.nansum(past, axis=1) / there)[:, None], table.shape).copy()
    given = np.asarray(mean, dtype=np.float64)
    if given.ndim == 1 and given.shape != (table.shape[1],):
        given = given[:, None]
    return np.broadcast_to(given, table.shape).copy()


def _standardised(y: Floats, m: Floats, scale: str) -> Floats:
    if scale == "rossi":
        return np.asarray((y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)))
    if scale == "anscombe":
        return np.asarray(1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6))
    return np.asarray((y - m) / np.sqrt(m))


def _summed(z: Floats, start: int, k: float, h: float, restart: bool) -> tuple[Floats, Floats]:
    """The sums before and after each week; one pass over the weeks for all series."""
    before, after = blank(z), blank(z)
    now = np.zeros(len(z))
    for week in range(start, z.shape[1]):
        before[:, week] = now
        moved = np.maximum(0.0, now + z[:, week] - k)
        now = np.where(np.isnan(moved), now, moved)
        after[:, week] = now
        if restart:
            now = np.where(now >= h, 0.0, now)
    return before, after


def _bound(m: Floats, room: Floats, scale: str) -> Floats:
    """The count at which the standardised value equals ``room``."""
    if scale == "rossi":
        root = np.sqrt(m)
        return np.asarray(2 * room * root + 5 * m - 2 * np.sqrt(4 * m**2 + 2 * m * root * room))
    if scale == "anscombe":
        return np.asarray(np.maximum(2 / 3 * m ** (1 / 6) * room + m ** (2 / 3), 0.0) ** 1.5)
    return np.asarray(np.ceil(np.sqrt(m) * room + m))


def _unknown(scale: str) -> Problem:
    return Problem(
        "unknown_method",
        msg("%(name)s is no known method."),
        msg("Give one of: %(known)s."),
        {"name": scale, "known": ", ".join(SCALES)},
        place="scale",
    )


def _no_past() -> Problem:
    return Problem(
        "no_reference",
        msg("There are no weeks before the first to take the mean from."),
        msg("Give the mean, or begin later."),
        place="start",
    )


def _no_design(in_control: float, out_of_control: float) -> Problem:
    return Problem(
        "no_design",
        msg("No CUSUM has run lengths of %(quiet)s weeks under control and %(late)s weeks after a change."),
        msg("Ask for a longer run length after the change or a shorter one under control."),
        {"quiet": in_control, "late": out_of_control},
        place="design",
    )
