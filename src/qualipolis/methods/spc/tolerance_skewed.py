"""Tolerance limits of Weibull and gamma values.

Weibull: y = log x has a smallest-extreme-value law; with likelihood estimates (ξ̂, δ̂) the quantities (ξ̂ − y_p)/δ̂ have a law
that depends on n only (they are pivots), so exp(ξ̂ ∓ k δ̂) is exact but for the simulation that gives k (seeded, 10,000
samples). The usual programs take k from a non-central t law instead, which is offered as ``"noncentral t"``.
Gamma: the cube roots of gamma values are nearly normal (Wilson and Hilferty); their normal limits are cubed.
Two sides of a Weibull law: each side holds (1 + P)/2 with confidence (1 + c)/2, which is on the safe side.

Source: J. F. Lawless (2003), *Statistical Models and Methods for Lifetime Data*, 2nd ed., chapter 5; L. J. Bain and M.
Engelhardt (1981), Technometrics 23, 15-20; K. Krishnamoorthy, T. Mathew and S. Mukherjee (2008), Technometrics 50, 69-78.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.fit import fit
from qualipolis.methods.spc.tolerance import Sides, ToleranceInterval, normal_tolerance

Way = Literal["pivotal", "noncentral t"]
DRAWS, SEED, STEPS = 10_000, 20_230_501, 60


def _positive(values: ArrayLike, least: int) -> Floats:
    x = np.asarray(values, dtype=np.float64).ravel()
    x = x[~np.isnan(x)]
    if len(x) < least or not np.isfinite(x).all() or x.min() <= 0:
        what = msg("The limits need at least %(least)s numbers above 0.")
        raise InputError([Problem("few_values", what, "", {"least": least}, "values")])
    return x


def gamma_tolerance(
    values: ArrayLike, *, share: float = 0.95, confidence: float = 0.95, sides: Sides = "two"
) -> ToleranceInterval:
    """Return the tolerance interval of gamma values, by their cube roots.

    >>> x = np.random.default_rng(1).gamma(3, 2, 100)
    >>> found = gamma_tolerance(x, sides="upper")
    >>> bool(found.high > np.quantile(x, 0.95))
    True
    """
    x = _positive(values, 3)
    roots = normal_tolerance(np.cbrt(x), share=share, confidence=confidence, sides=sides)
    low = max(roots.low, 0.0) ** 3 if np.isfinite(roots.low) else -np.inf
    return ToleranceInterval(low, roots.high**3, share, confidence, "gamma (cube root)", len(x))


def weibull_tolerance(
    values: ArrayLike, *, share: float = 0.95, confidence: float = 0.95, sides: Sides = "two", way: Way = "pivotal"
) -> ToleranceInterval:
    """Return the tolerance interval of Weibull values.

    Raises
    ------
    InputError
        Fewer than 5 values, values at 0 or below, no spread, or shares outside 0 … 1.

    >>> x = 10 * np.random.default_rng(1).weibull(2, 100)
    >>> found = weibull_tolerance(x, sides="lower")
    >>> bool(0 < found.low < np.quantile(x, 0.05))
    True
    """
    x = _positive(values, 5)
    if not (0 < share < 1 and 0 < confidence < 1):
        what = msg("Share and confidence lie between 0 and 1.")
        raise InputError([Problem("bad_share", what, place="share")])
    fitted = fit(x, "weibull")
    xi, delta = float(fitted.inner[0]), float(fitted.inner[1])
    p, c = ((1 + share) / 2, (1 + confidence) / 2) if sides == "two" else (share, confidence)
    factors = _by_t if way == "noncentral t" else _pivotal
    down, up = factors(len(x), p, c)
    low = -np.inf if sides == "upper" else float(np.exp(xi - down * delta))
    high = np.inf if sides == "lower" else float(np.exp(xi + up * delta))
    return ToleranceInterval(low, high, share, confidence, f"Weibull ({way})", len(x))


def _by_t(n: int, p: float, c: float) -> tuple[float, float]:
    """Return the factors below and above ξ̂ by the non-central t law."""
    from scipy.stats import nct

    far, near = (float(np.log(-np.log(v))) for v in (p, 1 - p))
    root = np.sqrt(n - 1)
    return float(nct.ppf(c, n - 1, -np.sqrt(n) * far)) / root, -float(nct.ppf(1 - c, n - 1, -np.sqrt(n) * near)) / root


def _pivotal(n: int, p: float, c: float) -> tuple[float, float]:
    """Return the factors below and above ξ̂ from simulated pivots."""
    xi, delta = _pivots(n)
    down, up = float(np.log(-np.log(p))), float(np.log(-np.log1p(-p)))
    return float(np.quantile((xi - down) / delta, c)), float(np.quantile((up - xi) / delta, c))


@lru_cache(maxsize=16)
def _pivots(n: int) -> tuple[Floats, Floats]:
    """Return likelihood estimates (ξ̂, δ̂) of simulated standard samples of size n, all at once."""
    draws = max(500, min(DRAWS, 4_000_000 // n))
    y = np.log(np.random.default_rng(SEED).exponential(size=(draws, n)))
    mean, delta = y.mean(axis=1), y.std(axis=1) * np.sqrt(6) / np.pi
    for _ in range(STEPS):
        weight = np.exp(y / delta[:, None])
        total = weight.sum(axis=1)
        first = (weight * y).sum(axis=1) / total
        second = (weight * y**2).sum(axis=1) / total
        slope = 1 + (second - first**2) / delta**2
        step = (delta + mean - first) / slope
        delta = np.maximum(delta - step, delta / 3)
        if float(np.abs(step).max()) < 1e-10:
            break
    return delta * np.log(np.exp(y / delta[:, None]).mean(axis=1)), delta
