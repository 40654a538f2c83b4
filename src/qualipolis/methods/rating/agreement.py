"""How far two independent reviewers of the same item are apart, counted, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Agreement:
    """Pairs of independent scores of the same item: how many, how far apart.

    ``exact``, ``within_10`` and ``within_20`` are shares of the pairs; None when there is no pair.
    """

    pairs: int
    mean_distance: float | None
    exact: float | None
    within_10: float | None
    within_20: float | None


def agreement(
    applicants: Sequence[str], items: Sequence[str], reviewers: Sequence[str], scores: Sequence[float]
) -> Agreement:
    """Return how far every pair of reviewers of the same item of the same applicant is apart.

    ``D = mean |y_r - y_s|`` over all pairs ``r < s``; the shares count pairs with ``|y_r - y_s|`` of 0, up to 10 and up
    to 20 per cent points.

    Parameters
    ----------
    applicants, items, reviewers, scores : columns of equal length, one row for each score in per cent

    Raises
    ------
    InputError
        columns of different length

    >>> agreement(["a", "a", "a"], ["x", "x", "x"], ["A", "B", "C"], [40, 45, 65])
    Agreement(pairs=3, mean_distance=16.666666666666668, exact=0.0, within_10=0.3333333333333333, within_20=0.6666666666666666)
    """
    if len({len(applicants), len(items), len(reviewers), len(scores)}) != 1:
        raise InputError([Problem("lengths", msg("The columns do not have the same length."))])
    cells: dict[tuple[str, str], list[float]] = {}
    for applicant, item, score in zip(applicants, items, scores, strict=True):
        cells.setdefault((applicant, item), []).append(float(score))
    apart = [abs(a - b) for values in cells.values() for a, b in combinations(values, 2)]
    if not apart:
        return Agreement(0, None, None, None, None)
    n = len(apart)
    shares = [sum(d <= most for d in apart) / n for most in (0.0, 10.0, 20.0)]
    return Agreement(n, sum(apart) / n, *shares)
