"""Capability and performance of a normal process against its limits.

    Cp = (U − L)/(6σ̂_w)      Cpu = (U − x̄)/(3σ̂_w)      Cpl = (x̄ − L)/(3σ̂_w)      Cpk = min(Cpu, Cpl)
    Pp, Ppu, Ppl, Ppk: the same with the overall standard deviation s in place of the σ̂_w within subgroups.
    Cpm = (U − L)/(6 √(σ̂² + (x̄ − T)²))

Cp and Cpk speak of what a process in control could do, Pp and Ppk of what it did; a natural boundary (roughness cannot be
below 0) is no limit to miss, so only the other side is judged.

Source: ISO 22514-2:2017; S. Kotz and N. L. Johnson (1993), *Process Capability Indices*, Chapman & Hall; AIAG (2005),
*Statistical Process Control*, 2nd ed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability import bounds, freedom
from qualipolis.methods.spc.capability.bounds import Index
from qualipolis.methods.spc.capability.specification import Boundary, Specification
from qualipolis.methods.spc.charts.individuals import IndividualSigma, individual_sigma
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.charts.variables import Subgroups, SubgroupSigma, within_sigma

Freedom = Literal["effective", "total"]


@dataclass(frozen=True)
class Outside:
    """Share beyond a limit: observed with its exact interval, and expected within subgroups and overall."""

    observed: float
    low: float
    high: float
    within: float
    overall: float


@dataclass(frozen=True)
class CapabilityStudy:
    """Indices by name (``"Cp"``, ``"Cpk"``, ``"Ppk"`` …; an index that has no meaning here is absent), and their parts.

    ``below`` and ``above`` are shares outside the limits that can be missed; ``conventions`` name every choice that
    changes a number.
    """

    indices: Mapping[str, Index]
    mean: float
    within: float
    overall: float
    n: int
    freedom_within: float
    specification: Specification
    below: Outside | None
    above: Outside | None
    confidence: float
    conventions: Mapping[str, object]

    def __getitem__(self, name: str) -> Index:
        return self.indices[name]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {self.indices[name]}" for name in ("Cpk", "Ppk") if name in self.indices)
        return f"CapabilityStudy(n = {self.n}, {shown})"


def capability(
    data: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    boundary: Boundary = "",
    sigma: SubgroupSigma | IndividualSigma | None = None,
    confidence: float = 0.95,
    count_freedom: Freedom = "effective",
) -> CapabilityStudy:
    """Return the capability and performance of a characteristic.

    Parameters
    ----------
    data : (m,) individual values in the order of time, or (m, n) subgroups; NaN is not measured
    lower, upper : specification limits, at least one of them
    target : target value; Cpm is given only with it
    boundary : which of the limits is a natural boundary that cannot be missed
    sigma : how σ within is estimated: of :func:`within_sigma` for subgroups (``"rbar"``), of
        :func:`individual_sigma` for single values (``"mr"``)
    confidence : of the two-sided limits; one-sided bounds have it too
    count_freedom : degrees of freedom of σ within as its estimator has them, or n − 1 for every index, as some packages
        count (their limits are too narrow)

    >>> rng = np.random.default_rng(1)
    >>> study = capability(rng.normal(10, 1, (30, 5)), lower=6, upper=14)
    >>> sorted(study.indices)
    ['Cp', 'Cpk', 'Cpl', 'Cpu', 'Pp', 'Ppk', 'Ppl', 'Ppu']
    """
    asked = Specification(lower, upper, target, boundary)
    if not 0.5 <= confidence < 1:
        what = msg("The confidence lies between 0.5 and 1.")
        raise InputError([Problem("bad_confidence", what, place="confidence")])
    values, within, nu, how = _estimated(data, sigma)
    asked.check(values)
    n, mean, overall = len(values), float(values.mean()), float(values.std(ddof=1))
    if not within > 0 or not overall > 0:
        what = msg("All values are equal: there is no spread to judge.")
        raise InputError([Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="data")])
    nu = float(n - 1) if count_freedom == "total" else nu
    found: dict[str, Index] = {}
    for letter, spread, df in (("C", within, nu), ("P", overall, float(n - 1))):
        found |= _indices(letter, mean, spread, n, df, asked, confidence)
    outside = {sign: _outside(values, asked.judged[sign], sign, within, overall, confidence) for sign in asked.judged}
    words = {"sigma": how, "freedom": count_freedom, "cpm": "symmetric"}
    return CapabilityStudy(
        found, mean, within, overall, n, nu, asked, outside.get(-1), outside.get(1), confidence, words
    )


def _estimated(data: ArrayLike, sigma: str | None) -> tuple[Floats, float, float, str]:
    """Return all values, σ within, its degrees of freedom, and how it was estimated."""
    x = np.asarray(data, dtype=np.float64)
    if x.ndim == 2:
        groups, method = Subgroups(x), sigma or "rbar"
        within = float(within_sigma(groups, method))  # type: ignore[arg-type]
        return x[~np.isnan(x)], within, freedom.of_subgroups(groups.sizes, method), method
    kept = x[~np.isnan(x)] if x.ndim == 1 else x
    if kept.ndim != 1 or kept.size < 3 or not np.isfinite(kept).all():
        what, remedy = msg("A capability study needs at least three numbers."), msg("Use 100 values or more.")
        raise InputError([Problem("few_values", what, remedy, place="data")])
    method = sigma or "mr"
    nu = float(len(kept) - 1) if method.startswith("sd") else freedom.of_moving_ranges(len(kept))
    return kept, float(individual_sigma(x, method)), nu, method  # type: ignore[arg-type]


def _indices(
    letter: str, mean: float, spread: float, n: int, df: float, asked: Specification, confidence: float
) -> dict[str, Index]:
    found = {}
    for sign, limit in asked.judged.items():
        name = f"{letter}p{'u' if sign > 0 else 'l'}"
        found[name] = bounds.one_sided(sign * (limit - mean) / (3 * spread), n, df, confidence)
    if len(found) == 1:  # one side only: the index is that side's, and its limits are exact
        return found | {f"{letter}pk": next(iter(found.values()))}
    least = min(index.value for index in found.values())
    width = asked.judged[1] - asked.judged[-1]
    found[f"{letter}p"] = bounds.chi_square(width / (6 * spread), df, confidence)
    found[f"{letter}pk"] = bounds.approximate(least, n, df, confidence)
    if asked.target is not None:
        away = (mean - asked.target) / spread
        value = width / (6 * spread * sqrt(1 + away**2))
        found[f"{letter}pm"] = bounds.around_target(value, n, away, confidence)
    return found


def _outside(values: Floats, limit: float, sign: int, within: float, overall: float, confidence: float) -> Outside:
    from scipy.special import ndtr

    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    count = int(np.sum(sign * values > sign * limit))
    low, high = binomial_interval(count, len(values), confidence)
    away = sign * (float(values.mean()) - limit)
    expected = (float(ndtr(away / spread)) for spread in (within, overall))
    return Outside(count / len(values), float(low), float(high), *expected)
