"""What a ranking is worth: measured on inspections it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.disproportionality.ratios import Z95
from qualipolis.methods.signal.ranking.columns import Floats


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RankingQuality:
    """How well a ranking puts first what is found, over ``n`` inspections with ``found`` findings.

    ``auc`` the probability that a finding ranks before a non-finding (ties a half; DeLong interval); ``precision``
    average precision; ``first_half`` and ``first_tenth`` the share of all findings in that part of the order (Wilson
    interval), by luck 0.5 and 0.1; ``days_earlier`` how many days sooner a finding is made on average when the same
    inspection days are given out in the order of the ranking, by luck below 0 to 0 (None without days).
    """

    n: int
    found: int
    auc: Estimate
    precision: float
    first_half: Estimate
    first_tenth: Estimate
    days_earlier: Estimate | None


def evaluate_ranking(score: ArrayLike, found: ArrayLike, days: ArrayLike | None = None) -> RankingQuality:
    """Return the quality of a ranking (the higher the score, the sooner) on inspections it was not learnt from.

    Equal scores are ties: each takes the mean over the places they share.

    Raises
    ------
    InputError
        columns of unequal length, missing scores, outcomes other than 0 and 1, nothing or everything found

    >>> evaluate_ranking([0.9, 0.8, 0.3, 0.1], [1, 1, 0, 0], [4, 3, 2, 1]).days_earlier.value
    2.0
    >>> evaluate_ranking([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 1]).first_half.value
    0.5
    """
    s, y = np.asarray(score, dtype=np.float64).ravel(), np.asarray(found, dtype=np.float64).ravel()
    when = None if days is None else np.asarray(days, dtype=np.float64).ravel()
    _check(s, y, when)
    hit = y == 1
    half, tenth = (_share_before(s, hit, int(part * len(s))) for part in (0.5, 0.1))
    earlier = None if when is None else _days_earlier(s, hit, when)
    return RankingQuality(len(s), int(hit.sum()), _auc(s, hit), _average_precision(s, hit), half, tenth, earlier)


def _check(s: Floats, y: Floats, when: Floats | None) -> None:
    problems = []
    if len(s) != len(y) or (when is not None and len(when) != len(s)):
        what = msg("Scores, outcomes and days have different lengths.")
        problems.append(Problem("unequal_lengths", what, msg("Give one of each for every inspection."), place="score"))
    if not np.all(np.isfinite(s)) or (when is not None and not np.all(np.isfinite(when))):
        what = msg("A score or a day is missing.")
        problems.append(Problem("missing", what, msg("Every inspection that is judged has both."), place="score"))
    if not np.all(np.isin(y, (0.0, 1.0))):
        what = msg("The outcome of an inspection is 0 or 1, never missing.")
        problems.append(Problem("bad_outcome", what, msg("Leave out inspections without a result."), place="found"))
    elif len(y) == 0 or y.min() == y.max():
        what = msg("A ranking can be judged only where something was found and something was not.")
        problems.append(Problem("one_outcome", what, msg("Take a longer period."), place="found"))
    refuse(problems)


def _auc(s: Floats, hit: np.ndarray) -> Estimate:
    """The area under the curve with the interval of DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837."""
    m, k = int(hit.sum()), int((~hit).sum())
    ranks, inner, outer = rankdata(s), rankdata(s[hit]), rankdata(s[~hit])
    above, below = (ranks[hit] - inner) / k, 1 - (ranks[~hit] - outer) / m
    value = float(above.mean())
    variance = (above.var(ddof=1) / m if m > 1 else 0.0) + (below.var(ddof=1) / k if k > 1 else 0.0)
    width = Z95 * float(np.sqrt(variance))
    return Estimate(value, max(0.0, value - width), min(1.0, value + width))


def _average_precision(s: Floats, hit: np.ndarray) -> float:
    order = np.argsort(-s, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(s[order])), len(s) - 1)
    hits = np.cumsum(hit[order])[ends]
    return float(np.sum(np.diff(hits, prepend=0) * hits / (ends + 1)) / hit.sum())


def _share_before(s: Floats, hit: np.ndarray, places: int) -> Estimate:
    """The share of the findings within the first places; a tie across the border counts by its part inside."""
    first, last = rankdata(-s, method="min"), rankdata(-s, method="max")
    inside = np.clip((places - first + 1) / (last - first + 1), 0.0, 1.0)
    n = int(hit.sum())
    share = float(inside[hit].sum()) / n
    z = Z95**2
    middle, width = share + z / (2 * n), Z95 * float(np.sqrt(share * (1 - share) / n + z / (4 * n * n)))
    return Estimate(share, (middle - width) / (1 + z / n), (middle + width) / (1 + z / n))


def _days_earlier(s: Floats, hit: np.ndarray, days: Floats) -> Estimate:
    slots = np.sort(days)
    first, last = (rankdata(-s, method=kind).astype(np.int64) for kind in ("min", "max"))
    total = np.concatenate([[0.0], np.cumsum(slots)])
    given = (total[last] - total[first - 1]) / (last - first + 1)
    gain = (days - given)[hit]
    value = float(gain.mean())
    width = Z95 * float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else float("nan")
    return Estimate(value, value - width, value + width)
