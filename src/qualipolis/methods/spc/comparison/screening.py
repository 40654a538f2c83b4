"""Many possible causes at once: which of them go with the response, at a stated share of false discoveries.

Each factor is tested by itself: numbers by the correlation with the response, names by Welch's analysis of variance (the
classical one where a group has no spread). The p-values are then adjusted together: Benjamini-Hochberg keeps the expected
share of false discoveries at α for independent or positively dependent tests, Benjamini-Yekutieli for any.

What is found goes with the response; whether it is the cause, only a trial shows.

Source: Y. Benjamini and Y. Hochberg (1995), J. Royal Statistical Society B 57, 289-300; Y. Benjamini and D. Yekutieli (2001),
Annals of Statistics 29, 1165-1188.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.many import compare_means
from qualipolis.methods.spc.comparison.result import samples

Adjust = Literal["bh", "by", "holm"]


def adjusted(p: ArrayLike, method: Adjust = "bh") -> Floats:
    """Return p-values adjusted for being many; NaN stays NaN and counts as no test.

    >>> adjusted([0.01, 0.02, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.04, 0.04, 0.5]
    """
    given = np.asarray(p, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(given))
    wrong = given.ndim != 1 or np.any((given[tested] < 0) | (given[tested] > 1))
    refuse([Problem("bad_p", msg("A p-value lies between 0 and 1."), place="p")] if wrong else [])
    m = len(tested)
    found = np.full(len(given), np.nan)
    order = tested[np.argsort(given[tested], kind="stable")]
    rank = np.arange(1, m + 1)
    if method == "holm":
        found[order] = np.minimum(1.0, np.maximum.accumulate((m - rank + 1) * given[order]))
        return found
    cost = float(np.sum(1 / rank)) if method == "by" else 1.0
    stepped = given[order] * m * cost / rank
    found[order] = np.minimum(1.0, np.minimum.accumulate(stepped[::-1])[::-1])
    return found


@dataclass(frozen=True)
class Suspect:
    """A factor: how it was tested, its p-value, the adjusted one, the share of variance it explains, and n.

    ``p`` is NaN where the factor could not be tested; ``why`` then says so.
    """

    factor: str
    test: str
    p: float
    adjusted: float
    explained: float
    n: int
    why: str = ""


@dataclass(frozen=True)
class Screening:
    """Factors in the order of their p-values, untested ones last; ``found`` are those at or below α."""

    suspects: tuple[Suspect, ...]
    alpha: float
    method: str

    @property
    def found(self) -> tuple[str, ...]:
        """Names of the factors that go with the response."""
        return tuple(s.factor for s in self.suspects if s.adjusted <= self.alpha)


def screen(
    response: ArrayLike,
    factors: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]],
    *,
    alpha: float = 0.05,
    adjust: Adjust = "bh",
) -> Screening:
    """Return which factors go with the response.

    Parameters
    ----------
    response : (n,) numbers, NaN where missing
    factors : columns of n numbers (NaN missing) or names (None or "" missing)
    alpha : the share of false discoveries that is accepted
    adjust : ``"bh"``, ``"by"`` (any dependence) or ``"holm"`` (no false discovery at all, with probability 1 − α)

    >>> found = screen([1.0, 1.2, 2.1, 2.0, 3.1, 2.9], {"t": [1, 1, 2, 2, 3, 3], "cavity": list("ababab")})
    >>> found.found
    ('t',)
    """
    y = np.asarray(response, dtype=np.float64)
    wrong = [
        Problem("columns", msg("The factor has another number of rows than the response."), place=name)
        for name, column in factors.items()
        if y.ndim != 1 or len(column) != len(y)
    ]
    if not factors:
        wrong.append(Problem("no_factors", msg("There is no factor to look at."), place="factors"))
    if not 0 < alpha < 1:
        wrong.append(Problem("bad_alpha", msg("The error probability lies between 0 and 1."), place="alpha"))
    refuse(wrong)
    samples({"response": y}, least=3)
    tested = [_one(y, name, column) for name, column in factors.items()]
    q = adjusted([s.p for s in tested], adjust)
    done = [Suspect(s.factor, s.test, s.p, float(a), s.explained, s.n, s.why) for s, a in zip(tested, q, strict=True)]
    return Screening(tuple(sorted(done, key=lambda s: (np.isnan(s.p), s.p, -s.explained))), alpha, adjust)


def _one(y: Floats, name: str, column: Sequence[Any] | np.ndarray[Any, Any]) -> Suspect:
    x = np.asarray(column)
    if x.dtype.kind in "fiu":
        return _number(y, name, x.astype(np.float64))
    return _names(y, name, list(column))


def _nothing(name: str, test: str, n: int, why: str) -> Suspect:
    return Suspect(name, test, float("nan"), float("nan"), float("nan"), n, why)


def _number(y: Floats, name: str, x: Floats) -> Suspect:
    from scipy.special import stdtr

    kept = np.isfinite(x) & np.isfinite(y)
    a, b, n = x[kept], y[kept], int(kept.sum())
    if n < 4 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return _nothing(name, "correlation", n, msg("Too few values, or all of them equal."))
    r = float(np.clip(np.corrcoef(a, b)[0, 1], -1, 1))
    left = 1 - r * r
    t = np.inf if left <= 0 else abs(r) * np.sqrt((n - 2) / left)
    return Suspect(name, "correlation", float(2 * stdtr(n - 2, -t)), float("nan"), r * r, n)


def _names(y: Floats, name: str, column: list[Any]) -> Suspect:
    found: dict[Any, list[float]] = {}
    for key, value in zip(column, y, strict=True):
        if key not in (None, "") and np.isfinite(value):
            found.setdefault(key, []).append(float(value))
    groups = {key: values for key, values in found.items() if len(values) > 1}
    n = sum(map(len, groups.values()))
    if len(groups) < 2:
        return _nothing(name, "groups", n, msg("Fewer than two groups of two values."))
    flat = any(min(v) == max(v) for v in groups.values())
    try:
        test = compare_means(groups, equal_variances=flat)
    except InputError:
        return _nothing(name, "groups", n, msg("No group has any spread."))
    return Suspect(name, "classical" if flat else "Welch", test.p, float("nan"), test.omega_squared, n)
