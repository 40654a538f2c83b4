"""Outbreaks planted into real history: how large must one be to be found?

Source: A. Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222, section 4 (simulated outbreaks added to
baselines); interval of a share: Wilson.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.proportion import wilson
from qualipolis.methods.signal.back_testing.replay import Detector
from qualipolis.methods.signal.series.counts import Bools, Floats, Ints, count_matrix, number

PROFILES = ("flat", "rising")


@dataclass(frozen=True)
class PowerPoint:
    """Outbreaks of one size: ``n`` planted, ``detected`` found in time, their share with its Wilson interval.

    ``by_chance`` is the share of the same windows that held an alarm without an outbreak; ``median_delay`` the weeks
    from its start to the alarm, among those found (``nan``: none).
    """

    size: float
    n: int
    detected: int
    share: float
    low: float
    high: float
    by_chance: float
    median_delay: float


def power(
    history: ArrayLike,
    detector: Detector,
    sizes: Sequence[float],
    *,
    first: int,
    length: int = 4,
    within: int | None = None,
    profile: str = "rising",
    n: int = 400,
    level: float = 0.95,
    seed: int = 7,
) -> tuple[PowerPoint, ...]:
    """Plant ``n`` outbreaks of each size into series and weeks drawn by lot, and count those that are found.

    ``size`` is the expected number of extra reports of one outbreak; the weeks get Poisson numbers, in equal parts
    (``flat``) or in parts that grow 1 : 2 : 3 … (``rising``). Found means an alarm in the first ``within`` weeks (default
    ``length``). The same series and weeks serve all sizes, so that the sizes can be compared.

    Parameters
    ----------
    history : (series, weeks); series are drawn with equal chance, a rare one as often as a frequent one
    detector : as in :func:`replay`; it must not look ahead
    first : first week an outbreak may begin

    Raises
    ------
    InputError : settings out of range

    >>> from qualipolis.methods.signal.series import bayes
    >>> quiet = np.zeros((3, 60)) + 2
    >>> small, large = power(quiet, lambda y: bayes(y, alpha=0.001), [1, 60], first=20, n=50)
    >>> small.share < 0.2, large.share, large.by_chance
    (True, 1.0, 0.0)
    """
    table, _ = count_matrix(history, "history")
    window = length if within is None else within
    refuse(
        [
            number("length", length, 1, table.shape[1]),
            number("within", window, 1, table.shape[1]),
            number("first", first, 0, table.shape[1] - max(length, window)),
            number("n", n, 1, 1_000_000),
            None if profile in PROFILES else _unknown(profile),
        ]
    )
    rng = np.random.default_rng(seed)
    rows = table[rng.integers(0, len(table), n)]
    begin = rng.integers(first, table.shape[1] - max(length, window) + 1, n)
    chance = _found(detector(rows.copy()).alarm, begin, window)[0].mean()
    parts = np.ones(length) if profile == "flat" else np.arange(1.0, length + 1)
    uniform = np.random.default_rng(seed + 1)
    draws = [uniform.poisson(size * parts / parts.sum(), size=(n, length)) for size in sizes]
    return tuple(
        _measured(size, rows, begin, extra, detector, window, float(chance), level)
        for size, extra in zip(sizes, draws, strict=True)
    )


def planted(rows: Floats, begin: Ints, extra: Ints) -> Floats:
    """The rows with ``extra`` (n, length) reports added from week ``begin`` on; a missing week stays missing.

    >>> planted(np.zeros((1, 4)), np.array([1]), np.array([[2, 3]]))
    array([[0., 2., 3., 0.]])
    """
    result = rows.copy()
    columns = begin[:, None] + np.arange(extra.shape[1])
    result[np.arange(len(rows))[:, None], columns] += extra
    return result


def _found(alarm: Bools, begin: Ints, window: int) -> tuple[Bools, Ints]:
    """Was there an alarm in the window, and after how many weeks?"""
    inside = alarm[np.arange(len(alarm))[:, None], begin[:, None] + np.arange(window)]
    return inside.any(axis=1), inside.argmax(axis=1)


def _measured(
    size: float,
    rows: Floats,
    begin: Ints,
    extra: Ints,
    detector: Detector,
    window: int,
    chance: float,
    level: float,
) -> PowerPoint:
    hit, delay = _found(detector(planted(rows, begin, extra)).alarm, begin, window)
    share = wilson(int(hit.sum()), len(hit), level)
    median = float(np.median(delay[hit])) if hit.any() else float("nan")
    return PowerPoint(size, len(hit), int(hit.sum()), share.estimate, share.low, share.high, chance, median)


def _unknown(profile: str) -> Problem:
    return Problem(
        "unknown_method",
        msg("%(name)s is no known method."),
        msg("Give one of: %(known)s."),
        {"name": profile, "known": ", ".join(PROFILES)},
        place="profile",
    )
