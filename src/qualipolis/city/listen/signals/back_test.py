"""How well the city's own listening would have worked: outbreaks planted in its history, and false alarms without any.

The rule of the board lets a lone rise speak when its p-value, times the methods asked and the price of looking at so many
series, is at most the share of false signals. That is the first threshold; the others show what looser ones would cost.
Only the voice of the series is tried: what shares and clusters add comes on top, so the power is a lower bound.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from qualipolis.city.listen.models import Signal
from qualipolis.methods.signal.back_testing import Event, in_one_run, power, timeliness

HALF_YEAR, YEAR, WITHIN, VOICES, SEED = 26, 52, 4, 3, 20260101
SIZES = (4.0, 8.0, 12.0, 20.0, 32.0)
USUAL = 12.0  # extra records of the outbreak by which thresholds are compared
LOOSER = (1e-4, 1e-3, 0.01, 0.05)
PLANTED, LEAST_WEEKS = 200, 40


def lone_threshold(tests: int, alpha: float) -> float:
    """Return the p-value at which one series alone becomes a signal among ``tests`` (Bonferroni, Benjamini-Yekutieli).

    >>> round(lone_threshold(10, 0.05), 6)
    0.000569
    """
    return alpha / (VOICES * tests * sum(1 / n for n in range(1, tests + 1)))


def back_test(heard: Any, alpha: float) -> dict[str, Any]:
    """Return the back-test of the history that the engine has just heard, as plain values; empty where it is too short."""
    weeks = heard.counts.shape[1]
    rows = [n for n, (product, hazard, place) in enumerate(heard.keys) if product and hazard and not place]
    if weeks < LEAST_WEEKS or not rows:
        return {}
    history = heard.counts[rows]
    half = min(HALF_YEAR, weeks // 2)
    rule = lone_threshold(max(1, heard.latest.tests), alpha)
    known = _events([heard.keys[n] for n in rows], heard.weeks)
    return {
        "weeks": weeks, "series": len(rows), "tests": heard.latest.tests, "half_width": half, "within": WITHIN,
        "planted": PLANTED, "usual": USUAL, "seed": SEED, "events": len(known), "rule": rule,
        "power": [_power(history, rule, size, half) for size in SIZES],
        "curve": _curve(history, known, (rule, *(one for one in LOOSER if one > rule)), half),
    }  # fmt: skip


def _detector(alpha: float, half: int) -> Any:
    from qualipolis.methods.signal.series import bayes

    return lambda counts: bayes(counts, half_width=half, alpha=alpha)


def _power(history: Any, alpha: float, size: float, half: int) -> dict[str, Any]:
    found = power(history, _detector(alpha, half), [size], first=half, length=WITHIN, n=PLANTED, seed=SEED)[0]
    return {"size": size, "n": found.n, "found": found.detected, "low": found.low, "high": found.high,
            "delay": _plain(found.median_delay)}  # fmt: skip


def _curve(history: Any, known: list[Event], thresholds: tuple[float, ...], half: int) -> list[dict[str, Any]]:
    """Return for each threshold the false alarms a year, and what it would find of one usual outbreak."""
    told = in_one_run(history, _detector(0.05, half))
    points = timeliness(told.strength, told.judged, known, [-np.log10(one) for one in thresholds], seed=SEED)
    return [
        {"p": one, "false_year": point.per_week * YEAR, "false": point.false_alarms,
         "weeks_with_any": _plain(point.weeks_with_any), "known_found": int(np.sum(~np.isnan(point.delays))),
         **_power(history, one, USUAL, half)}
        for one, point in zip(thresholds, points, strict=True)
    ]  # fmt: skip


def _events(keys: list[tuple[str, str, str]], weeks: Any) -> list[Event]:
    """Return the confirmed signals as events, so that their alarms are not counted as false: from eight weeks before on."""
    found, last = [], len(weeks) - 1
    for row in Signal.objects.filter(status="confirmed").exclude(kind=Signal.Kind.ABROAD):
        column = int((np.datetime64(row.week, "D") - weeks[0]).astype(int)) // 7
        for number, (product, hazard, _place) in enumerate(keys):
            same = product == row.product_class and (not row.hazard or hazard == row.hazard)
            if same and 0 <= column <= last:
                found.append(Event(number, max(0, column - 8), min(last, column + 4), row.number))
    return found


def _plain(value: float) -> float | None:
    return None if value != value else float(value)
