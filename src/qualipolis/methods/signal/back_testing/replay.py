"""History told again, week by week: what would the detector have said, knowing only what was known then?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Alarms, Bools, Floats, blank, count_matrix, long_enough

Detector = Callable[[Floats], Alarms]


@dataclass(frozen=True)
class Replay:
    """Verdicts as they would have fallen, (series, weeks): ``judged`` has one, ``alarm`` is a bad one.

    ``strength`` grows with how unusual the week is: -log10 of the p-value where the detector states one, else its
    score. ``first`` is the first week that was told again.
    """

    method: str
    alarm: Bools
    strength: Floats
    judged: Bools
    first: int


def strength_of(result: Alarms) -> Floats:
    """How unusual each week is, on a scale on which thresholds can be moved."""
    with np.errstate(divide="ignore", invalid="ignore"):
        by_p = -np.log10(np.maximum(result.p_value, 1e-300))
    return np.asarray(np.where(np.isnan(result.p_value), result.score, by_p))


def replay(history: ArrayLike, detector: Detector, first: int) -> Replay:
    """Hand the detector the history up to each week and keep what it says of that last week alone.

    The detector is handed a copy cut off after the week, so it cannot look ahead, whatever it does. A detector that
    looks back only from each week gives the same in one run over the whole history (:func:`looks_ahead` tells).

    Parameters
    ----------
    history : (weeks,) or (series, weeks)
    detector : a function of the counts so far, for example ``lambda y: bayes(y, alpha=0.001)``
    first : first week to tell again, from 0; the detector must be able to judge it

    >>> from qualipolis.methods.signal.series import bayes
    >>> told = replay([0, 1, 0, 1, 0, 0, 1, 9, 0], lambda y: bayes(y, alpha=0.01), first=6)
    >>> told.alarm
    array([[False, False, False, False, False, False, False,  True, False]])
    """
    table, _ = count_matrix(history, "history")
    refuse([long_enough(table.shape[1], first)])
    alarm, judged = np.zeros(table.shape, dtype=bool), np.zeros(table.shape, dtype=bool)
    strength, method = blank(table), ""
    for week in range(first, table.shape[1]):
        said = detector(table[:, : week + 1].copy())
        _same_shape(said, table.shape[0], week + 1)
        method = said.method
        alarm[:, week], judged[:, week] = said.alarm[:, -1], said.judged[:, -1]
        strength[:, week] = strength_of(said)[:, -1]
    return Replay(method, alarm, strength, judged, first)


def in_one_run(history: ArrayLike, detector: Detector) -> Replay:
    """The same from a single run over the whole history: quick, and right for a detector that does not look ahead."""
    table, _ = count_matrix(history, "history")
    said = detector(table.copy())
    return Replay(said.method, said.alarm, strength_of(said), said.judged, said.start)


def looks_ahead(history: ArrayLike, detector: Detector, weeks: ArrayLike) -> bool:
    """Does any verdict of these weeks change with what came later?

    >>> from qualipolis.methods.signal.series import ears
    >>> looks_ahead([3, 1, 2, 4, 2, 3, 1, 9, 2, 1], ears, [7, 8])
    False
    """
    table, _ = count_matrix(history, "history")
    whole = in_one_run(table, detector)
    for week in np.atleast_1d(np.asarray(weeks, dtype=int)):
        then = in_one_run(table[:, : week + 1], detector)
        same = np.allclose(then.strength[:, week], whole.strength[:, week], rtol=1e-9, equal_nan=True)
        if not same or (then.alarm[:, week] != whole.alarm[:, week]).any():
            return True
    return False


def _same_shape(said: Alarms, series: int, weeks: int) -> None:
    if said.alarm.shape != (series, weeks):
        refuse(
            [
                Problem(
                    "bad_detector",
                    msg("The detector answered in another shape than the counts have."),
                    msg("Give a function of (series, weeks) that keeps the shape."),
                    place="detector",
                )
            ]
        )
