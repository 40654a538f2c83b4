"""Reports that are still on their way: what a late week will hold once all have come in.

Source: J. F. Lawless (1994), "Adjustments for reporting delays and the prediction of occurred but not reported events",
Canadian J. Statistics 22, 15-31 (reverse-time hazards of the delay); the interval is that of the unseen rest, a negative
binomial count given what is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.bounds import count_quantile
from qualipolis.methods.signal.series.counts import Floats, number, open_share


@dataclass(frozen=True)
class Nowcast:
    """By week: ``seen`` so far, ``share`` of reports expected to have come, ``estimate`` of all, and its interval.

    ``n`` is the number of reports the delays were learned from; a ``share`` of nan has no basis in the past.
    """

    seen: Floats
    share: Floats
    estimate: Floats
    low: Floats
    high: Floats
    n: int
    method: str = "reverse-time hazards"


def nowcast(by_delay: ArrayLike, alpha: float = 0.05, memory: int = 26) -> Nowcast:
    """Complete the last weeks from how late reports came before.

    Formula: ``g(d) = reports with delay d / reports with delay ≤ d`` over the ``memory`` latest weeks whose delay d is
    already known; share after ``d`` weeks ``F(d) = Π_{j>d} (1 - g(j))``; estimate ``(seen + 1/2)/F - 1/2``; the unseen
    rest is negative binomial with size ``seen + 1/2`` and chance ``F``, from which the interval ``1 - alpha``.

    Parameters
    ----------
    by_delay : (weeks, delays): reports of week t that came d weeks later; ``nan`` (or anything) where t + d lies beyond
        the last week. The last column holds the longest delay that counts
    memory : number of weeks the delays are learned from

    Raises
    ------
    InputError : no table, negative counts, settings out of range

    >>> table = np.array([[4.0, 4.0]] * 9 + [[5.0, np.nan]])
    >>> late = nowcast(table)
    >>> float(late.share[-1]), float(late.estimate[-1]), float(late.seen[-1])
    (0.5, 10.5, 5.0)
    """
    table = np.array(by_delay, dtype=np.float64)
    shaped = table.ndim == 2 and table.size > 0 and table.shape[0] >= table.shape[1]
    refuse([open_share("alpha", alpha), number("memory", memory, 1), None if shaped else _no_triangle()])
    weeks, delays = table.shape
    known = np.arange(weeks)[:, None] + np.arange(delays) < weeks
    refuse([None if bool((table[known] >= 0).all()) else _no_triangle()])
    cells = np.where(known, np.nan_to_num(table), 0.0)
    hazard = _hazards(cells, memory)
    kept = np.append(np.cumprod((1 - hazard)[::-1])[::-1][1:], 1.0)
    share = kept[np.minimum(np.arange(weeks)[::-1], delays - 1)]
    seen = cells.sum(axis=1)
    with np.errstate(all="ignore"):
        size, rest = seen + 0.5, (1 - share) / share
        estimate = np.where(share < 1, seen + size * rest, seen)
        edges = [count_quantile(level, size * rest, 1 / share) for level in (alpha / 2, 1 - alpha / 2)]
    low, high = (np.where(share < 1, seen + edge, seen) for edge in edges)
    return Nowcast(seen, share, estimate, low, high, int(cells.sum()))


def _hazards(cells: Floats, memory: int) -> Floats:
    """Share of the reports with delay up to d that came with delay d, from the weeks for which d is over."""
    weeks, delays = cells.shape
    hazard = np.zeros(delays)
    for d in range(1, delays):
        rows = cells[max(0, weeks - d - memory) : weeks - d, : d + 1]
        total = rows.sum()
        hazard[d] = rows[:, d].sum() / total if total > 0 else np.nan
    return hazard


def _no_triangle() -> Problem:
    return Problem(
        "no_delays",
        msg("This is no table of reports by week and delay."),
        msg("Give one row for each week and one column for each week of delay, with counts of 0 or more."),
        place="by_delay",
    )
