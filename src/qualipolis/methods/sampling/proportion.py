"""Intervals for a proportion of counted cases."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Interval:
    """A proportion with its interval; all three between 0 and 1."""

    estimate: float
    low: float
    high: float
    n: int
    level: float

    def __str__(self) -> str:
        return f"{self.estimate:.4f} [{self.low:.4f}, {self.high:.4f}] ({self.level:.0%}, n = {self.n})"


def wilson(successes: int, n: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of ``successes`` out of ``n``.

    With ``p = x/n`` and ``z`` the normal quantile of ``(1 + level)/2``::

        (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    It assumes independent cases with one common probability; it never leaves [0, 1] and has a width above zero when
    all cases agree, which the textbook interval has not.

    Parameters
    ----------
    successes : number of cases with the property, 0 to n
    n : number of cases, at least 1
    level : confidence level, between 0 and 1

    Raises
    ------
    InputError
        n below 1, successes outside [0, n], level outside (0, 1)

    References
    ----------
    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212.

    >>> print(wilson(4, 4))
    1.0000 [0.5101, 1.0000] (95%, n = 4)
    >>> print(wilson(1854, 1951))
    0.9503 [0.9397, 0.9591] (95%, n = 1951)
    """
    _check(successes, n, level)
    low, high = wilson_many([successes], [n], level)
    return Interval(successes / n, float(low[0]), float(high[0]), int(n), level)


def wilson_many(
    successes: ArrayLike, n: ArrayLike, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper Wilson bounds of many proportions at once; NaN where ``n`` is 0 or missing.

    The formula and its source are those of :func:`wilson`; a fraction outside [0, 1] gives NaN.

    >>> low, high = wilson_many([4, 0], [4, 0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.5101, nan], [1.0, nan])
    """
    x, cases = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = float(NormalDist().inv_cdf((1 + level) / 2))
    sound = (cases > 0) & (x >= 0) & (x <= cases)
    total = np.where(sound, cases, np.nan)
    p = x / total
    scale = 1 + z**2 / total
    middle = (p + z**2 / (2 * total)) / scale
    half = z * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / scale
    low = np.where(x == 0, np.where(sound, 0.0, np.nan), middle - half)
    high = np.where(x == cases, np.where(sound, 1.0, np.nan), middle + half)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _check(successes: int, n: int, level: float) -> None:
    problems = []
    if n < 1:
        problems.append(Problem("no_cases", msg("There are no cases."), msg("Give n of at least 1."), place="n"))
    elif not 0 <= successes <= n:
        problems.append(
            Problem(
                "count_outside",
                msg("%(x)s of %(n)s is no count of cases."),
                msg("Give a count between 0 and n."),
                {"x": successes, "n": n},
                place="successes",
            )
        )
    if not 0 < level < 1:
        problems.append(
            Problem(
                "bad_level",
                msg("The confidence level %(level)s is not between 0 and 1."),
                msg("Use 0.90 or 0.95, for example."),
                {"level": level},
                place="level",
            )
        )
    if problems:
        raise InputError(problems)
