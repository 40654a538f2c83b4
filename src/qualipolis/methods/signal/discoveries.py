"""Control of false discoveries: over many series at once, and over the weeks of a watch that never ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg, refuse

Floats = NDArray[np.float64]
METHODS = ("each_week", "spend", "batch_bh")


def adjust(p: ArrayLike, method: str = "by") -> Floats:
    """Return p-values adjusted for false discoveries: calling all with ``q <= α`` keeps the false share at ``α``.

    ``q_(i) = min_{j >= i} c m p_(j) / j`` with ``c = 1`` (``"bh"``, independent or positively dependent) or
    ``c = 1 + 1/2 + … + 1/m`` (``"by"``, any dependence). NaN stays NaN and is not counted in ``m``.

    References
    ----------
    Y. Benjamini, Y. Hochberg (1995), JRSS B 57, 289-300; Y. Benjamini, D. Yekutieli (2001), Ann. Statist. 29, 1165-1188.

    >>> adjust([0.01, 0.04, 0.03, float("nan")], "bh").round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    given = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(given))
    found = np.full(given.shape, np.nan)
    m = len(known)
    if m == 0:
        return found
    order = known[np.argsort(given[known], kind="stable")]
    factor = m * (float(np.sum(1 / np.arange(1, m + 1))) if method == "by" else 1.0)
    steps = given[order] * factor / np.arange(1, m + 1)
    found[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return found


@dataclass(frozen=True)
class Week:
    """What one week gave: the level it was tested at, adjusted p-values, and which keys are discoveries."""

    number: int
    level: float
    q: Floats
    found: NDArray[np.bool_]


@dataclass(frozen=True)
class Watch:
    """A watch over weeks that keeps the share of false discoveries; :meth:`week` gives the next state.

    ``each_week``: every week's list has at most the share ``alpha`` false on average; whatever the dependence between
    keys and between weeks. That is what an officer needs who works through one list.
    ``spend``: of everything called in all weeks together at most ``alpha`` is false, whatever the dependence: week
    ``t`` is tested at ``alpha γ_t``, with ``γ_t ∝ 1/(t log²(t+1))`` summing to at most 1. Safe, and weak after a year.
    ``batch_bh``: the same promise for weeks that are independent; discoveries earn level for later weeks (T. Zrnic,
    D. Jiang, A. Ramdas, M. Jordan 2020, "The power of batching in multiple hypothesis testing", AISTATS).

    >>> watch = Watch("each_week", 0.05)
    >>> watch, first = watch.week([0.0001, 0.4, 0.9])
    >>> first.found.tolist(), first.level
    ([True, False, False], 0.05)
    """

    method: str = "each_week"
    alpha: float = 0.05
    levels: tuple[float, ...] = ()
    called: tuple[int, ...] = ()
    reach: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        if self.method not in METHODS:
            params = {"given": self.method, "known": ", ".join(METHODS)}
            raise InputError([Problem("unknown_option", what, remedy, params, "method")])
        if not 0 < self.alpha < 1:
            raise InputError([Problem("bad_alpha", msg("The accepted share lies between 0 and 1."), place="alpha")])

    def week(self, p: ArrayLike) -> tuple[Watch, Week]:
        """Return the watch after one more week of p-values (NaN: not looked at), and what that week gave."""
        given = np.asarray(p, dtype=np.float64)
        if np.any((given < 0) | (given > 1)):
            refuse([Problem("bad_p", msg("A p-value lies between 0 and 1."), place="p")])
        count = int(np.isfinite(given).sum())
        number = len(self.levels) + 1
        level = self._level(number, count)
        q = adjust(given, "bh" if self.method == "batch_bh" else "by")
        with np.errstate(invalid="ignore"):
            found = q <= level if level > 0 else np.zeros(given.shape, dtype=bool)
        called = int(found.sum())
        reach = _reach(given, level) if self.method == "batch_bh" and count else called
        after = replace(self, levels=(*self.levels, level), called=(*self.called, called), reach=(*self.reach, reach))
        return after, Week(number, level, q, found)

    def _level(self, number: int, count: int) -> float:
        if self.method == "each_week":
            return self.alpha
        if self.method == "spend":
            return self.alpha * float(GAMMA(number))
        if count == 0:
            return 0.0
        total = sum(self.called)
        earned = sum(self.alpha * float(GAMMA(week)) for week in range(1, number + 1))
        spent = sum(
            level * reach / max(reach + total - called, 1)
            for level, called, reach in zip(self.levels, self.called, self.reach, strict=True)
        )
        return max(min((earned - spent) * (count + total) / count, self.alpha), 0.0)


def _reach(p: Floats, level: float) -> int:
    """Return the most discoveries of the week if any one p-value had been 0."""
    known = np.sort(p[np.isfinite(p)])[:-1]  # the largest becomes 0: no other choice leaves smaller ones
    return int(np.sum(adjust(np.append(0.0, known), "bh") <= level))


def _weights() -> Callable[[int], float]:
    """Return ``γ_t ∝ 1/(t log²(t+1))``, scaled so that all weeks to come sum to 1."""
    t = np.arange(1, 200_001, dtype=np.float64)
    total = float(np.sum(1 / (t * np.log(t + 1) ** 2))) + 1 / float(np.log(200_001.0))
    return lambda week: 1 / (week * float(np.log(week + 1.0)) ** 2) / total


GAMMA = _weights()


def watch(weeks: Sequence[ArrayLike], method: str = "each_week", alpha: float = 0.05) -> tuple[Week, ...]:
    """Return what every week of a series of weeks gave; see :class:`Watch`.

    >>> [int(one.found.sum()) for one in watch([[0.001, 0.2], [0.9, 0.0001]], "spend")]
    [1, 1]
    """
    state, found = Watch(method, alpha), []
    for p in weeks:
        state, one = state.week(p)
        found.append(one)
    return tuple(found)
