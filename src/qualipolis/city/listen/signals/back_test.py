"""How well the city's own listening would have worked: outbreaks planted in its history, and false alarms without any.

The rule of the board lets a lone rise speak when its p-value, times the methods asked and the price of looking at so many
series, is at most the share of false signals. That is the first threshold; the others show what looser ones would cost.
Two of the methods are tried: this week against the half-year before, and the share of the recent weeks against all before.
Clusters come on top, so that the power is a lower bound.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from qualipolis.city.listen.models import Signal
from qualipolis.methods.sampling.proportion import wilson
from qualipolis.methods.signal.back_testing import Event, planted, timeliness

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
    history, half, recent = heard.counts[rows], min(HALF_YEAR, weeks // 2), heard.config.signals.recent
    whole = history.sum(axis=0)
    rule = lone_threshold(max(1, heard.latest.tests), alpha)
    known = _events([heard.keys[n] for n in rows], heard.weeks)
    tried = {size: _planted_p(history, whole, size, half, recent) for size in (*SIZES, USUAL)}
    p = _history_p(history, whole, half, recent)
    p[:, :half] = np.nan
    return {
        "weeks": weeks, "series": len(rows), "tests": heard.latest.tests, "half_width": half, "within": WITHIN,
        "planted": PLANTED, "usual": USUAL, "seed": SEED, "events": len(known), "rule": rule,
        "power": [_found(tried[size], rule, size) for size in SIZES],
        "curve": _curve(p, tried[USUAL], known, (rule, *(one for one in LOOSER if one > rule))),
    }  # fmt: skip


def _series_p(counts: Any, half: int) -> Any:
    """Return the p-value of each week against the half-year before; NaN where there is too little before."""
    from qualipolis.methods.signal.series import bayes

    return bayes(counts, half_width=half, alpha=0.05).p_value


def _share_p(now: Any, before: Any, all_now: Any, all_before: Any) -> Any:
    """Return the p-value of the share of recent weeks against all weeks before (Fisher)."""
    from qualipolis.methods.signal.disproportionality import Tables, exact_tail

    others = np.maximum(all_now - now, 0), np.maximum(all_before - before, 0)
    flat = [np.ravel(one).astype(np.float64) for one in (now, before, *others)]
    return exact_tail(Tables(*flat)).reshape(np.shape(now))


def _joined(series: Any, share: Any) -> Any:
    """Return the stronger of two p-values; NaN where neither says anything."""
    return np.fmin(series, share)


def _recent(counts: Any, recent: int) -> tuple[Any, Any]:
    """Return for every week the sum of the recent weeks with it, and of all weeks before those."""
    until = np.cumsum(counts, axis=-1)
    before = np.zeros_like(until)
    before[..., recent:] = until[..., :-recent]
    return until - before, before


def _history_p(history: Any, whole: Any, half: int, recent: int) -> Any:
    """Return the joined p-value of every series and week, each from what came until then."""
    now, before = _recent(history, recent)
    all_now, all_before = (np.broadcast_to(one, history.shape) for one in _recent(whole, recent))
    return _joined(_series_p(history, half), _share_p(now, before, all_now, all_before))


def _planted_p(history: Any, whole: Any, size: float, half: int, recent: int) -> Any:
    """Plant outbreaks of one size by lot, growing week by week, and return the p-values of their weeks, (outbreaks, weeks)."""
    chance = np.random.default_rng(SEED)
    series = chance.integers(0, len(history), PLANTED)
    begin = chance.integers(half, history.shape[1] - WITHIN + 1, PLANTED)
    parts = np.arange(1, WITHIN + 1) / np.arange(1, WITHIN + 1).sum()
    extra = chance.poisson(size * parts, (PLANTED, WITHIN))
    rows, all_rows = planted(history[series], begin, extra), planted(np.tile(whole, (PLANTED, 1)), begin, extra)
    columns = begin[:, None] + np.arange(WITHIN)
    at = np.arange(PLANTED)[:, None], columns
    (now, before), (all_now, all_before) = _recent(rows, recent), _recent(all_rows, recent)
    share = _share_p(now[at], before[at], all_now[at], all_before[at])
    return _joined(_series_p(rows, half)[at], share)


def _found(p: Any, alpha: float, size: float) -> dict[str, Any]:
    """Count the outbreaks that are found in time, with the interval of their share and the median delay."""
    hit = p <= alpha
    found = hit.any(axis=1)
    share = wilson(int(found.sum()), len(found))
    delay = float(np.median(hit.argmax(axis=1)[found])) if found.any() else None
    return {
        "size": size,
        "n": len(found),
        "found": int(found.sum()),
        "low": share.low,
        "high": share.high,
        "delay": delay,
    }


def _curve(p: Any, usual: Any, known: list[Event], thresholds: tuple[float, ...]) -> list[dict[str, Any]]:
    """Return for each threshold the false alarms a year, and what it would find of one usual outbreak."""
    judged = np.isfinite(p)
    strength = -np.log10(np.maximum(np.where(judged, p, 1.0), 1e-300))
    points = timeliness(strength, judged, known, [-np.log10(one) for one in thresholds], seed=SEED)
    return [
        {"p": one, "false_year": point.per_week * YEAR, "false": point.false_alarms,
         "weeks_with_any": _plain(point.weeks_with_any), "known_found": int(np.sum(~np.isnan(point.delays))),
         **_found(usual, one, USUAL)}
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
