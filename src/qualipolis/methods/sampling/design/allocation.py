"""How many units each stratum gets: proportional, Neyman, by cost, and exactly optimal in whole numbers."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Allocation:
    """Numbers of units by stratum, ``n`` (H); ``variance`` is that of the estimated total where spreads are known."""

    n: Numbers
    variance: float | None = None

    @property
    def total(self) -> float:
        return float(self.n.sum())

    def to_frame(self, labels: ArrayLike | None = None) -> pl.DataFrame:
        """Return a table of strata and numbers."""
        import polars as pl

        names = np.arange(1, len(self.n) + 1) if labels is None else np.asarray(labels)
        return pl.DataFrame({"stratum": names.tolist(), "n": self.n.tolist()})

    def __repr__(self) -> str:
        shown = ", ".join(f"{x:g}" for x in self.n.round(2))
        return f"Allocation(total={self.total:g}, n=[{shown}])"


def variance_of_total(population: ArrayLike, spread: ArrayLike, n: ArrayLike) -> float:
    """Return the variance of the estimated total, ``sum N_h^2 S_h^2 (1/n_h - 1/N_h)``.

    Cochran (1977), Sampling Techniques, 3rd ed., theorem 5.3.

    >>> round(variance_of_total([10, 20], [2, 3], [5, 10]), 6)
    220.0
    """
    size, s, taken = (np.asarray(x, dtype=np.float64) for x in (population, spread, n))
    parts = np.divide(size**2 * s**2, taken, out=np.full(size.shape, np.inf), where=taken > 0)
    parts = np.where(s == 0, 0.0, parts)
    return float((parts - size * s**2).sum())


def proportional(
    weights: ArrayLike, n: float, least: ArrayLike | None = None, most: ArrayLike | None = None
) -> Allocation:
    """Return numbers proportional to weights (``N_h``, or the total size of a stratum), within bounds.

    Strata that would leave their bounds stay on them; the others share what is left.

    >>> proportional([4421, 755, 1018], 200).n.round(2).tolist()
    [142.75, 24.38, 32.87]
    """
    return Allocation(_boxed(np.asarray(weights, dtype=np.float64), n, least, most))


def neyman(
    population: ArrayLike,
    spread: ArrayLike,
    n: float,
    least: ArrayLike | None = None,
    most: ArrayLike | None = None,
    cost: ArrayLike | None = None,
) -> Allocation:
    """Return the allocation with the smallest variance of the total: ``n_h`` proportional to ``N_h S_h / sqrt(c_h)``.

    Parameters
    ----------
    population, spread : (H,) numbers of units and standard deviations
    n : units in all
    least, most : (H,) bounds; ``most`` is the population where it is not given
    cost : (H,) cost of one unit; equal where it is not given

    References
    ----------
    J. Neyman (1934), J. Royal Statist. Soc. 97, 558-606; Cochran (1977), section 5.5.

    >>> neyman([4421, 755, 1018], [105, 96, 98], 200).n.round(3).tolist()
    [145.873, 22.776, 31.35]
    """
    size, s = np.asarray(population, dtype=np.float64), np.asarray(spread, dtype=np.float64)
    weight = size * s if cost is None else size * s / np.sqrt(np.asarray(cost, dtype=np.float64))
    found = _boxed(weight, n, least, size if most is None else most)
    return Allocation(found, variance_of_total(size, s, found))


def for_budget(population: ArrayLike, spread: ArrayLike, cost: ArrayLike, budget: float) -> Allocation:
    """Return the allocation with the smallest variance for a budget: ``sum n_h c_h = budget``. Cochran (1977), (5.24).

    >>> for_budget([100, 100], [1, 1], [1, 4], 30).n.round(6).tolist()
    [10.0, 5.0]
    """
    size, s, c = (np.asarray(x, dtype=np.float64) for x in (population, spread, cost))
    _check(bool((c > 0).all() and budget > 0), "cost", msg("A cost is not above 0."), msg("Give every stratum a cost."))
    found = size * s / np.sqrt(c) * budget / float((size * s * np.sqrt(c)).sum())
    return Allocation(found, variance_of_total(size, s, found))


def for_variance(population: ArrayLike, spread: ArrayLike, cost: ArrayLike, variance: float) -> Allocation:
    """Return the cheapest allocation that reaches a variance of the total. Cochran (1977), (5.25).

    >>> round(for_variance([100, 100], [1, 1], [1, 1], 1800.0).variance, 6)
    1800.0
    """
    size, s, c = (np.asarray(x, dtype=np.float64) for x in (population, spread, cost))
    target = variance + float((size * s**2).sum())
    found = size * s / np.sqrt(c) * float((size * s * np.sqrt(c)).sum()) / target
    return Allocation(found, variance_of_total(size, s, found))


def optimal(
    population: ArrayLike, spread: ArrayLike, n: int, least: ArrayLike | None = None, most: ArrayLike | None = None
) -> Allocation:
    """Return the whole numbers with the smallest variance of the total, exactly; bounds are kept.

    Starting from the least, each further unit goes where it lowers the variance most: by ``N_h^2 S_h^2 / (k (k+1))``. The
    gains fall with k, so taking the largest first is optimal. Least is 1 where it is not given.

    References
    ----------
    T. Wright (2012), Statistics and Probability Letters 82, 1980-1987; (2017), Statistics and Probability Letters 129.

    >>> optimal([40, 200, 1000, 5000], [120, 60, 20, 5], 150, [5] * 4)
    Allocation(total=150, n=[12, 29, 48, 61])
    """
    size, s = np.asarray(population, dtype=np.float64), np.asarray(spread, dtype=np.float64)
    low, high = _bounds(len(size), np.minimum(1, size) if least is None else least, size if most is None else most)
    _fits(n, low, high)
    found = low.astype(np.int64)
    gain = [(-_gain(size[h], s[h], found[h]), h) for h in range(len(size)) if found[h] < high[h]]
    heapq.heapify(gain)
    for _ in range(int(n - found.sum())):
        _, h = heapq.heappop(gain)
        found[h] += 1
        if found[h] < high[h]:
            heapq.heappush(gain, (-_gain(size[h], s[h], found[h]), h))
    return Allocation(found.astype(np.float64), variance_of_total(size, s, found))


def _gain(size: float, spread: float, taken: float) -> float:
    return np.inf if taken == 0 else float((size * spread) ** 2 / (taken * (taken + 1.0)))


def whole(shares: ArrayLike, n: int, least: ArrayLike | None = None, most: ArrayLike | None = None) -> Counts:
    """Return whole numbers near shares with the sum n, within bounds: largest remainders, the first of equal ones.

    >>> whole([1.5, 1.5, 1.0], 4).tolist(), whole([0.2, 0.2, 3.6], 4, least=[1, 1, 1]).tolist()
    ([2, 1, 1], [1, 1, 2])
    """
    share = np.asarray(shares, dtype=np.float64)
    low, high = _bounds(len(share), least, most)
    _fits(n, low, high)
    found = np.clip(np.floor(share + 1e-9), low, high)
    while found.sum() != n:
        step = 1 if found.sum() < n else -1
        room = found < high if step > 0 else found > low
        rest = np.where(room, (share - found) * step, -np.inf)
        found[int(np.argmax(rest))] += step
    return found.astype(np.int64)


def _boxed(weight: Numbers, n: float, least: ArrayLike | None, most: ArrayLike | None) -> Numbers:
    """Share n by weights within bounds: ``clip(k * weight)`` with the k whose sum is n."""
    _check(
        weight.ndim == 1 and bool((weight >= 0).all()) and float(weight.sum()) > 0,
        "weights",
        msg("The weights of the strata are negative, missing or all 0."),
        msg("Give sizes or standard deviations of at least 0."),
    )
    low, high = _bounds(len(weight), least, most)
    _fits(n, low, high)
    free, found = np.ones(len(weight), dtype=bool), np.zeros(len(weight))
    while True:
        left = n - float(found[~free].sum())
        total = float(weight[free].sum())
        found[free] = weight[free] * left / total if total > 0 else left / max(int(free.sum()), 1)
        over, under = free & (found > high), free & (found < low)
        if not (over | under).any():
            return found
        excess = float((found - high)[over].sum() - (low - found)[under].sum())
        pinned = over if excess > 0 else under if excess < 0 else over | under
        found[pinned] = np.where(over, high, low)[pinned]
        free &= ~pinned


def _bounds(strata: int, least: ArrayLike | None, most: ArrayLike | None) -> tuple[Numbers, Numbers]:
    low = np.zeros(strata) if least is None else np.broadcast_to(np.asarray(least, dtype=np.float64), strata)
    high = np.full(strata, np.inf) if most is None else np.broadcast_to(np.asarray(most, dtype=np.float64), strata)
    return low, high


def _fits(n: float, low: Numbers, high: Numbers) -> None:
    if not (float(low.sum()) <= n <= float(high.sum()) and bool((low <= high).all())):
        what = msg("%(n)s units do not fit: the strata need at least %(least)s and take at most %(most)s.")
        remedy = msg("Change the number, the minimum or the cap.")
        words = {"n": n, "least": float(low.sum()), "most": float(high.sum())}
        raise InputError([Problem("does_not_fit", what, remedy, words, place="n")])


def _check(sound: bool, place: str, what: str, remedy: str) -> None:
    if not sound:
        raise InputError([Problem(f"bad_{place}", what, remedy, place=place)])
