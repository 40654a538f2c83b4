"""How soon against how often in vain: the curve on which a threshold is chosen.

Source: M. M. Wagner, F. C. Tsui, J. U. Espino et al. (2001), "The emerging science of very early detection of disease
outbreaks", J. Public Health Management & Practice 7(6), 51-59 (activity monitoring: timeliness against false alarms).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Bools, Floats

DRAWS = 500


@dataclass(frozen=True)
class Event:
    """Something that truly happened: the series, the first and the last week of it (from 0, both included).

    Alarms inside are true; every alarm outside all events is counted as false, whether something happened or not.
    """

    series: int
    first: int
    last: int
    name: str = ""


@dataclass(frozen=True)
class CurvePoint:
    """One threshold: what it costs and what it gives.

    ``false_share`` false alarms over ``weeks`` monitored series-weeks outside the events, with the interval
    ``false_low``..``false_high`` (series drawn with replacement); ``weeks_with_any`` share of calendar weeks with a
    false alarm in any series; ``per_week`` false alarms a calendar week; ``worst_series`` the largest share among
    series with ``established`` weeks or more. ``delays`` weeks from the start of each event to its first alarm, ``nan``
    when it is missed.
    """

    threshold: float
    false_alarms: int
    weeks: int
    false_share: float
    false_low: float
    false_high: float
    weeks_with_any: float
    per_week: float
    worst_series: float
    delays: tuple[float, ...]

    @property
    def detected(self) -> float:
        """Share of the events that were found."""
        return float(np.mean(~np.isnan(self.delays))) if self.delays else float("nan")


def timeliness(
    strength: Floats,
    monitored: Bools,
    events: Sequence[Event],
    thresholds: ArrayLike,
    *,
    established: int = 52,
    level: float = 0.95,
    seed: int = 20201012,
) -> tuple[CurvePoint, ...]:
    """Count true and false alarms at every threshold: an alarm is a monitored week with ``strength ≥ threshold``.

    Parameters
    ----------
    strength, monitored : (series, weeks), as of :func:`replay`; what is not monitored counts nowhere
    events : what truly happened
    thresholds : in the unit of the strength
    established : least number of monitored weeks of a series that may be the worst

    Raises
    ------
    InputError : shapes that do not agree, an event outside the table

    >>> strength = np.array([[0.0, 1.0, 3.0, 4.0], [2.0, 0.0, 0.0, 0.0]])
    >>> points = timeliness(strength, np.ones((2, 4), dtype=bool), [Event(0, 1, 3)], [2.0, 3.5], established=1)
    >>> [(p.false_alarms, p.weeks, p.delays) for p in points]
    [(1, 5, (1.0,)), (0, 5, (2.0,))]
    """
    _check(strength, monitored, events)
    inside = np.zeros(strength.shape, dtype=bool)
    for event in events:
        inside[event.series, event.first : event.last + 1] = True
    outside = monitored & ~inside
    weight = _draws(len(strength), seed)
    points = [
        _point(float(limit), strength, monitored, outside, events, established, weight, level)
        for limit in np.atleast_1d(np.asarray(thresholds, dtype=float))
    ]
    return tuple(points)


def _draws(series: int, seed: int) -> Floats:
    """How often each series is drawn, (draws, series)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(series, np.full(series, 1 / series), size=DRAWS).astype(np.float64)


def _point(
    limit: float,
    strength: Floats,
    monitored: Bools,
    outside: Bools,
    events: Sequence[Event],
    established: int,
    weight: Floats,
    level: float,
) -> CurvePoint:
    with np.errstate(invalid="ignore"):
        alarm = (strength >= limit) & monitored
    false = alarm & outside
    by_series = np.asarray(false.sum(axis=1), dtype=np.float64)
    weeks = np.asarray(outside.sum(axis=1), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = (weight @ by_series) / (weight @ weeks)
        shares = np.where(weeks >= established, by_series / weeks, 0.0)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    calendar = outside.any(axis=0)
    return CurvePoint(
        limit,
        int(false.sum()),
        int(weeks.sum()),
        int(false.sum()) / max(int(weeks.sum()), 1),
        float(low),
        float(high),
        float(false.any(axis=0)[calendar].mean()) if calendar.any() else float("nan"),
        int(false.sum()) / max(int(calendar.sum()), 1),
        float(shares.max(initial=0.0)),
        tuple(_delay(alarm, event) for event in events),
    )


def _delay(alarm: Bools, event: Event) -> float:
    hits = np.flatnonzero(alarm[event.series, event.first : event.last + 1])
    return float(hits[0]) if hits.size else float("nan")


def _check(strength: Floats, monitored: Bools, events: Sequence[Event]) -> None:
    problems: list[Problem | None] = []
    if strength.ndim != 2 or strength.shape != monitored.shape:
        problems.append(
            Problem(
                "shapes",
                msg("The tables of strength and of monitored weeks differ in shape."),
                msg("Give two tables of the same series and weeks."),
                place="monitored",
            )
        )
        refuse(problems)
    for event in events:
        there = 0 <= event.series < strength.shape[0] and 0 <= event.first <= event.last < strength.shape[1]
        problems.append(None if there else _outside(event))
    refuse(problems)


def _outside(event: Event) -> Problem:
    return Problem(
        "event_outside",
        msg("The event %(name)s lies outside the table."),
        msg("Give its series and weeks as rows and columns of the table, from 0."),
        {"name": event.name or event.series},
        place="events",
    )
