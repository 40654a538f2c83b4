"""Who may be drawn, and how surely: risk tiers with known probabilities, frequency limits, permanent random numbers.

A tier changes how likely a unit is drawn, never whether the probability is known: so pass rates stay estimable. Tiers of
100 % are certain and said so. Units left out by a frequency limit are no part of the frame; the estimate is about the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.design.allocation import whole
from qualipolis.methods.sampling.draws.tickets import uniforms

if TYPE_CHECKING:
    import polars as pl

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class TierDesign:
    """For each tier: units in the frame, units drawn, inclusion probability, weight of a unit in an estimate."""

    tiers: tuple[str, ...]
    population: tuple[int, ...]
    n: tuple[int, ...]

    @property
    def pi(self) -> tuple[float, ...]:
        """Return the inclusion probability of a unit of each tier (0 where a tier is empty)."""
        return tuple(n / size if size else 0.0 for n, size in zip(self.n, self.population, strict=True))

    def to_frame(self) -> pl.DataFrame:
        """Return the design as a table."""
        import polars as pl

        weight = [1.0 / p if p else None for p in self.pi]
        table = {"tier": self.tiers, "population": self.population, "n": self.n, "pi": self.pi, "weight": weight}
        return pl.DataFrame(table)

    def __repr__(self) -> str:
        parts = (f"{t}: {n}/{size}" for t, n, size in zip(self.tiers, self.n, self.population, strict=True))
        return f"TierDesign({', '.join(parts)})"


def tiered(
    population: Mapping[str, int],
    rates: Mapping[str, float],
    n: int | None = None,
    least: int = 0,
    most: int | None = None,
) -> TierDesign:
    """Return how many units of each risk tier are drawn.

    Each tier gets ``rate * N`` (rounded up). With ``n`` the rates say only the relation of the tiers: tiers with rate 1 are
    taken whole, the others are scaled to the n in all, none above its population.

    Parameters
    ----------
    population : units by tier
    rates : rate by tier, above 0 and at most 1
    n : units in all
    least, most : bounds for each tier that is not taken whole

    Raises
    ------
    InputError
        a rate that is missing or outside (0, 1]; an n that does not fit

    >>> tiered({"A": 500, "B": 300, "C": 80, "D": 12}, {"A": 0.02, "B": 0.05, "C": 0.25, "D": 1})
    TierDesign(A: 10/500, B: 15/300, C: 20/80, D: 12/12)
    >>> tiered({"A": 500, "D": 12}, {"A": 0.02, "D": 1}, n=40).n
    (28, 12)
    """
    bad = [tier for tier in population if not 0 < rates.get(tier, 0) <= 1]
    if bad:
        what, remedy = (
            msg("No rate above 0 and at most 1 for tier %(tiers)s."),
            msg("Every tier needs a known probability."),
        )
        raise InputError([Problem("bad_rate", what, remedy, {"tiers": ", ".join(bad)}, place="rates")])
    tiers, size = tuple(population), np.array(list(population.values()), dtype=np.float64)
    rate = np.array([rates[tier] for tier in tiers], dtype=np.float64)
    all_of = rate == 1.0
    low = np.where(all_of, size, np.minimum(least, size))
    high = np.where(all_of, size, np.minimum(size, np.inf if most is None else most))
    if n is None:
        drawn = np.clip(np.ceil(size * rate - 1e-9), low, high)
        return TierDesign(tiers, _ints(size), _ints(drawn))
    left, weight = n - float(size[all_of].sum()), np.where(all_of, 0.0, size * rate)
    share = np.where(all_of, size, weight * max(left, 0.0) / max(float(weight.sum()), 1e-300))
    return TierDesign(tiers, _ints(size), _ints(whole(share, n, low, high)))


def _ints(values: NDArray[np.generic]) -> tuple[int, ...]:
    return tuple(int(v) for v in values.tolist())


@dataclass(frozen=True)
class Limits:
    """Who is left out of a campaign's frame, and why; ``reasons`` are codes: ``recent``, ``often``, ``superior``."""

    allowed: tuple[str, ...]
    reasons: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Limits(allowed={len(self.allowed)}, left_out={len(self.reasons)})"


def within_limits(
    keys: Sequence[str],
    visits: Mapping[str, Sequence[date]],
    today: date,
    months: int = 6,
    most_in_year: int | None = None,
    superior: frozenset[str] = frozenset(),
) -> Limits:
    """Return the units that may be drawn now, and why the others may not.

    Left out: visited in the last ``months`` months (the same product is not sampled twice within six months), visited
    ``most_in_year`` times in the last year, or sampled by a superior authority. Follow-up and emergency checks are
    exempt: do not ask this function for them.

    >>> visits = {"a": [date(2026, 8, 1)], "b": [date(2026, 1, 31)]}
    >>> within_limits(["a", "b", "c"], visits, date(2026, 11, 22)).reasons
    {'a': 'recent'}
    """
    since, year = _months_before(today, months), _months_before(today, 12)
    reasons: dict[str, str] = {}
    for key in keys:
        past = [day for day in visits.get(key, ()) if day <= today]
        if any(day > since for day in past):
            reasons[key] = "recent"
        elif most_in_year is not None and sum(day > year for day in past) >= most_in_year:
            reasons[key] = "often"
        elif key in superior:
            reasons[key] = "superior"
    return Limits(tuple(key for key in keys if key not in reasons), reasons)


def _months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))


def permanent_numbers(keys: Sequence[str], register: str) -> Numbers:
    """Return one number in (0, 1) for each unit that stays with it over all campaigns: from ``SHA-256(register LF key)``.

    ``register`` names the roster and is public; the numbers are no secret and no randomness: a campaign gets its own
    start point by public randomness (:func:`coordinated`).

    >>> permanent_numbers(["91441900MA4W0AAA1X"], "2026").round(4).tolist()
    [0.4266]
    """
    words = [int.from_bytes(sha256(f"{register}\n{key}".encode()).digest()[:8], "big") for key in keys]
    return uniforms(np.array(words, dtype=np.uint64))


def coordinated(numbers: Numbers, start: float, n: int) -> NDArray[np.intp]:
    """Return the n units whose permanent numbers come first after a start point, going round.

    Over all numbers a unit has the probability n / N; for the numbers as they are, :func:`start_probabilities`. Campaigns with starts half a turn apart hit different units as
    long as both together take less than half of the frame each (negative coordination); the same start hits the
    same units (positive coordination). New and closed units change only their own places.

    References
    ----------
    K. R. W. Brewer, L. J. Early and S. F. Joyce (1972), Australian J. Statistics 14, 231-238; E. Ohlsson (1995), in
    Business Survey Methods, Wiley, chapter 9.

    >>> u = np.array([0.1, 0.4, 0.6, 0.9])
    >>> coordinated(u, 0.5, 2).tolist(), coordinated(u, 0.0, 2).tolist()
    ([2, 3], [0, 1])
    """
    distance = (numbers - start) % 1.0
    return np.argsort(distance, kind="stable")[:n]


def start_probabilities(numbers: Numbers, n: int) -> Numbers:
    """Return each unit's probability when the start point is random: the way from the n-th unit before it to itself.

    >>> start_probabilities(np.array([0.1, 0.4, 0.6, 0.9]), 2).round(6).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    order = np.argsort(numbers, kind="stable")
    placed = numbers[order]
    found = np.ones(len(numbers))
    if n < len(numbers):
        found[order] = (placed - np.roll(placed, n)) % 1.0
    return found


def starts(first: float, campaigns: int) -> Numbers:
    """Return start points spread evenly over the circle from a first, random one: as few common units as can be.

    >>> starts(0.9, 2).round(6).tolist()
    [0.9, 0.4]
    """
    return np.asarray((first + np.arange(campaigns) / campaigns) % 1.0)
