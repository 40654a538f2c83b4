"""Figures of questions and papers: difficulty, discrimination, reliability with its interval, error of a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.proportion import Interval, wilson

Numbers = NDArray[np.float64]
GROUP = 0.27
TOO_EASY, TOO_HARD, WEAK = 0.95, 0.2, 0.2


@dataclass(frozen=True)
class ItemFigures:
    """One question: answers, share of right ones with its interval, discrimination, and what to look at."""

    code: str
    n: int
    difficulty: Interval
    discrimination: float | None
    upper_lower: float | None

    @property
    def flags(self) -> tuple[str, ...]:
        """Return what the figures ask the author to look at.

        A flag of difficulty is raised only when the whole interval lies beyond the limit: few answers raise none.
        """
        found = []
        if self.difficulty.low > TOO_EASY:
            found.append("too_easy")
        if self.difficulty.high < TOO_HARD:
            found.append("too_hard")
        if self.discrimination is not None and self.discrimination < 0:
            found.append("against_the_rest")
        elif self.discrimination is not None and self.discrimination < WEAK:
            found.append("weak")
        return tuple(found)


@dataclass(frozen=True)
class Reliability:
    """A coefficient of reliability with its interval; ``n`` candidates, ``k`` questions."""

    estimate: float
    low: float
    high: float
    n: int
    k: int
    level: float
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.estimate:.4f} [{self.low:.4f}, {self.high:.4f}] (n = {self.n}, k = {self.k})"


def item_figures(marks: ArrayLike, codes: Sequence[str], level: float = 0.95) -> tuple[ItemFigures, ...]:
    """Return the figures of every question; NaN stands for a question that a candidate was not asked.

    * difficulty: mean share of the points, with the Wilson interval (of the rounded count of full marks when partial
      points are given);
    * discrimination: correlation of the question with the mean of the *other* questions the same candidate was asked
      (item-rest), so that a question does not correlate with itself;
    * upper_lower: difference of the mean between the best and the worst 27 % by the rest score (Kelley 1939); None
      below 10 candidates.

    Parameters
    ----------
    marks : candidates x questions, shares between 0 and 1, NaN where not asked
    codes : code of each question

    References
    ----------
    L. Crocker, J. Algina (1986), "Introduction to classical and modern test theory", chapter 14;
    T. L. Kelley (1939), "The selection of upper and lower groups for the validation of test items".

    >>> figures = item_figures([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], ["a", "b", "c"])
    >>> [(one.code, one.difficulty.estimate, round(one.discrimination, 4)) for one in figures]
    [('a', 0.75, 0.5222), ('b', 0.5, 0.7071), ('c', 0.25, 0.5222)]
    """
    x = _matrix(marks, codes)
    found = []
    for column, code in enumerate(codes):
        asked = ~np.isnan(x[:, column])
        own = x[asked, column]
        if own.size == 0:
            continue
        rest = _rest(x, column)[asked]
        p = wilson(round(float(own.sum())), own.size, level)
        shown = Interval(float(own.mean()), p.low, p.high, own.size, level)
        found.append(ItemFigures(code, own.size, shown, _correlation(own, rest), _upper_lower(own, rest)))
    return tuple(found)


def _rest(x: Numbers, column: int) -> Numbers:
    others = np.delete(x, column, axis=1)
    counted = (~np.isnan(others)).sum(axis=1)
    return np.where(counted > 0, np.nansum(others, axis=1) / np.maximum(counted, 1), np.nan)


def _correlation(own: Numbers, rest: Numbers) -> float | None:
    known = ~np.isnan(rest)
    a, b = own[known], rest[known]
    if a.size < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _upper_lower(own: Numbers, rest: Numbers) -> float | None:
    known = ~np.isnan(rest)
    a, b = own[known], rest[known]
    if a.size < 10:
        return None
    size = max(1, round(GROUP * a.size))
    order = np.sort(b)
    low, high = b <= order[size - 1], b >= order[-size]
    if order[size - 1] >= order[-size]:
        return None
    return float(a[high].mean() - a[low].mean())


def kr20(marks: ArrayLike, level: float = 0.95) -> Reliability:
    """Return the reliability of a paper that every candidate sat, KR-20, with Feldt's interval.

    ``KR-20 = k/(k-1) · (1 − Σ p_j q_j / s²)`` with ``s²`` the variance of the sums (denominator n, as ``p q`` has). For
    partial points the same formula with the variances of the questions is Cronbach's alpha.

    The interval: ``1 − (1−r)·F(1−a/2)`` to ``1 − (1−r)·F(a/2)`` with F on n−1 and (n−1)(k−1) degrees of freedom. It
    assumes candidates drawn at random and a two-way model with normal errors.

    Parameters
    ----------
    marks : candidates x questions, no value missing; at least two of each
    level : confidence level

    Raises
    ------
    InputError
        a missing value, fewer than two candidates or questions, all candidates with the same sum

    References
    ----------
    G. F. Kuder, M. W. Richardson (1937), "The theory of the estimation of test reliability", Psychometrika 2, 151-160;
    L. S. Feldt, D. J. Woodruff, F. A. Salih (1987), "Statistical inference for coefficient alpha", Applied
    Psychological Measurement 11, 93-103.

    >>> print(kr20([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    KR-20 0.7500 [-0.6497, 0.9830] (n = 4, k = 3)
    """
    x = np.asarray(marks, dtype=np.float64)
    n, k = _crossed(x)
    variance = float(x.sum(axis=1).var())
    estimate = k / (k - 1) * (1 - float(x.var(axis=0).sum()) / variance)
    low, high = _feldt(estimate, n, (n - 1) * (k - 1), level)
    binary = bool(np.isin(x, (0.0, 1.0)).all())
    return Reliability(estimate, low, high, n, k, level, "KR-20" if binary else "alpha")


def nested_reliability(marks: Sequence[ArrayLike], level: float = 0.95) -> Reliability:
    """Return the reliability of papers of ``k`` questions that each candidate drew anew from a bank (KR-21's design).

    Candidates do not share questions, so questions are nested in candidates, and one-way analysis of variance gives
    ``r = 1 − MS(within)/MS(between)``: the expected correlation of the mark with that of another paper drawn in the same
    way. For right-or-wrong questions it is KR-21 with n−1 instead of n under the variance. KR-21 is at most KR-20: the
    luck of the draw counts as error.

    Parameters
    ----------
    marks : for each candidate the shares of the points of the ``k`` questions of the own paper

    Raises
    ------
    InputError
        papers of different length, fewer than two candidates or questions, all candidates with the same mean

    References
    ----------
    R. L. Brennan (2001), "Generalizability theory", section 4.4 (the i:p design);
    Kuder and Richardson (1937), formula 21.

    >>> print(nested_reliability([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    nested 0.7000 [-0.6248, 0.9794] (n = 4, k = 3)
    """
    lengths = {np.asarray(one).size for one in marks}
    if len(lengths) != 1:
        raise InputError([Problem("lengths", msg("The papers do not all have the same number of questions."))])
    x = np.asarray([np.asarray(one, dtype=np.float64) for one in marks])
    n, k = _crossed(x)
    between = k * float(x.mean(axis=1).var(ddof=1))
    within = float(x.var(axis=1, ddof=1).mean())
    estimate = 1 - within / between
    low, high = _feldt(estimate, n, n * (k - 1), level)
    return Reliability(estimate, low, high, n, k, level, "nested")


def _feldt(estimate: float, n: int, within: int, level: float) -> tuple[float, float]:
    from scipy.stats import f

    tail = (1 - level) / 2
    upper, lower = float(f.ppf(1 - tail, n - 1, within)), float(f.ppf(tail, n - 1, within))
    return 1 - (1 - estimate) * upper, 1 - (1 - estimate) * lower


def error_of_mark(reliability: Reliability, totals: ArrayLike) -> float:
    """Return the standard error of a mark, ``s·√(1−r)``, in the unit of ``totals``.

    >>> round(error_of_mark(kr20([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]), [3, 2, 1, 0]), 4)
    0.6455
    """
    deviation = float(np.asarray(totals, dtype=np.float64).std(ddof=1))
    return deviation * float(np.sqrt(max(0.0, 1 - reliability.estimate)))


@dataclass(frozen=True)
class Distractor:
    """How often an option was chosen, and the mean rest score of those who chose it."""

    option: int
    chosen: int
    share: float
    rest: float | None


def distractors(chosen: Sequence[int | None], rest: Sequence[float], options: int) -> tuple[Distractor, ...]:
    """Return for every option how many chose it and how well those did on the rest of the paper.

    >>> [(one.option, one.chosen, one.rest) for one in distractors([0, 0, 1, None], [0.75, 0.25, 0.25, 0.0], 3)]
    [(0, 2, 0.5), (1, 1, 0.25), (2, 0, None)]
    """
    found = []
    for option in range(options):
        mine = [score for one, score in zip(chosen, rest, strict=True) if one == option]
        mean = float(np.mean(mine)) if mine else None
        found.append(Distractor(option, len(mine), len(mine) / len(chosen) if chosen else 0.0, mean))
    return tuple(found)


def _matrix(marks: ArrayLike, codes: Sequence[str]) -> Numbers:
    x: Any = np.asarray(marks, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(codes) or x.shape[0] == 0:
        raise InputError([Problem("bad_shape", msg("One row for each candidate and one column for each question."))])
    if np.nanmin(x, initial=0.0) < 0 or np.nanmax(x, initial=1.0) > 1:
        raise InputError([Problem("bad_share", msg("Marks are shares of the points, from 0 to 1."))])
    return np.asarray(x)


def _crossed(x: Numbers) -> tuple[int, int]:
    if x.ndim != 2 or min(x.shape) < 2:
        raise InputError([Problem("too_small", msg("Reliability needs two candidates and two questions at least."))])
    if np.isnan(x).any():
        raise InputError([Problem("missing", msg("Every candidate has to have every question."))])
    if np.ptp(x.sum(axis=1)) < 1e-12:
        raise InputError([Problem("no_spread", msg("All candidates have the same sum: nothing tells them apart."))])
    return x.shape
