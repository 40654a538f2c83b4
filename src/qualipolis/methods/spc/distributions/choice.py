"""Which distribution describes the values: the first adequate one in an order stated before looking, with the reason.

Adequate: A² has p ≥ 0.05; for more than 1,000 values, where harmless departures are seen, the P-P plot correlates at
0.999 or more and 0.5 to 1.6 times the expected share lies in each tail of 2.5 %. The first adequate one is taken, not the
one with the best p: with a dozen of families the best p is luck. The order goes from laws with a mechanism to those
without: with a natural boundary folded normal, Rayleigh, Weibull, lognormal and gamma come before the normal law. Then
forms with a threshold, Box-Cox, Johnson. Values of two populations are to be split first.

Source: the practice of ISO 22514-4 and of automated capability studies; the order and limits are stated in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.families import FAMILIES
from qualipolis.methods.spc.distributions.fit import Fitted, fit
from qualipolis.methods.spc.distributions.goodness import Goodness, goodness
from qualipolis.methods.spc.distributions.johnson import Johnson, fit_johnson
from qualipolis.methods.spc.distributions.mixture import Mixture, two_populations
from qualipolis.methods.spc.distributions.power import PowerFit, fit_power
from qualipolis.methods.spc.normality import LEAST, anderson_darling

Shape = Fitted | PowerFit | Johnson
Bound = Literal["none", "zero"]
ORDERS: dict[str, tuple[str, ...]] = {
    "none": ("normal", "weibull", "lognormal", "smallest_extreme", "largest_extreme", "gamma", "logistic", "loglogistic",
             "exponential", "weibull_3", "lognormal_3", "gamma_3", "loglogistic_3", "box_cox", "johnson"),
    "zero": ("folded_normal", "rayleigh", "weibull", "lognormal", "gamma", "exponential", "normal", "largest_extreme",
             "logistic", "loglogistic", "weibull_3", "lognormal_3", "gamma_3", "loglogistic_3", "box_cox", "johnson"),
}  # fmt: skip
LARGE, ENOUGH, STRAIGHT, TAILS = 1000, 0.05, 0.999, (0.5, 1.6)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A distribution that was tried: how well it describes the values, or why it could not be fitted."""

    name: str
    shape: Shape | None
    goodness: Goodness | None
    adequate: bool
    reason: str


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen distribution (None when nothing is adequate or the values are mixed), why, and all that was tried."""

    chosen: Shape | None
    reason: str
    tried: tuple[Candidate, ...]
    mixture: Mixture | None
    n: int
    order: tuple[str, ...]


def fit_shape(values: ArrayLike, name: str) -> Shape:
    """Return a family, ``"box_cox"``, ``"yeo_johnson"`` or ``"johnson"`` fitted to the values."""
    if name == "johnson":
        return fit_johnson(values, "search")
    if name in ("box_cox", "yeo_johnson"):
        return fit_power(values, name)  # type: ignore[arg-type]
    return fit(values, name)


def shape_goodness(values: ArrayLike, shape: Shape) -> Goodness:
    """Return how well the distribution describes the values; transformed ones are judged as normal values are."""
    if isinstance(shape, Fitted):
        return goodness(values, shape)
    x = np.asarray(values, dtype=np.float64).ravel()
    y = shape.transform(x[~np.isnan(x)])
    if not np.isfinite(y).all():
        return Goodness(float("inf"), 0.0, 0.0, (0.0, 0.0), len(y))
    return _as_normal(np.sort(y))


def _as_normal(y: Floats) -> Goodness:
    from scipy.special import ndtr

    u, n = ndtr((y - y.mean()) / y.std(ddof=1)), len(y)
    test = anderson_darling(u)
    plot = float(np.corrcoef(u, (np.arange(1, n + 1) - 0.5) / n)[0, 1])
    return Goodness(
        test.statistic, test.p, plot, (float(np.mean(u < 0.025)) / 0.025, float(np.mean(u > 0.975)) / 0.025), n
    )


def choose(
    values: ArrayLike, *, bound: Bound = "none", order: Sequence[str] | None = None, every: bool = False
) -> Choice:
    """Return the first adequate distribution.

    Parameters
    ----------
    values : numbers, NaN is not measured
    bound : ``"zero"`` when the characteristic cannot be below 0: form, runout, roughness
    order : names to try instead of the stated order
    every : also try what comes after the first adequate one, to show the whole table

    >>> x = np.random.default_rng(6).normal(10, 1, 200)
    >>> choose(x).chosen.name
    'normal'
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    x = x[~np.isnan(x)]
    names = tuple(order or ORDERS[bound])
    known = {*FAMILIES, "box_cox", "yeo_johnson", "johnson"}
    wrong = [
        Problem("unknown_family", msg("There is no distribution called %(name)s."), "", {"name": name}, "order")
        for name in names
        if name not in known
    ]
    if len(x) < LEAST:
        what = msg("%(n)s values are too few to test a distribution; %(least)s are the least.")
        wrong.append(Problem("few_values", what, "", {"n": len(x), "least": LEAST}, "values"))
    if wrong:
        raise InputError(wrong)
    tried = []
    for name in names:
        tried.append(judged(x, name))
        if tried[-1].adequate and not every:
            break
    mixture = _mixture(x, tried)
    first = next((c for c in tried if c.adequate), None)
    if mixture is not None and mixture.mixed:
        reason = msg(
            "The values come from two populations: split them by their source before a distribution is chosen."
        )
        return Choice(None, reason, tuple(tried), mixture, len(x), names)
    reason = first.reason if first else msg("None of the distributions tried describes the values.")
    return Choice(first.shape if first else None, reason, tuple(tried), mixture, len(x), names)


def _mixture(x: Floats, tried: Sequence[Candidate]) -> Mixture | None:
    if len(x) < 50 or np.ptp(x) == 0:
        return None
    return two_populations(x, [c.shape for c in tried if isinstance(c.shape, Fitted)])


def judged(x: Floats, name: str) -> Candidate:
    """Return one distribution fitted to the values, with whether it is adequate and why."""
    try:
        shape = fit_shape(x, name)
    except InputError as error:
        return Candidate(name, None, None, False, error.problems[0].what)
    found = shape_goodness(x, shape)
    if found.n <= LARGE:
        adequate = found.p >= ENOUGH
        reason = (
            msg("The first in the order that the Anderson-Darling test does not contradict.")
            if adequate
            else msg("The Anderson-Darling test contradicts it.")
        )
        return Candidate(name, shape, found, adequate, reason)
    straight, tails = found.correlation >= STRAIGHT, all(TAILS[0] <= share <= TAILS[1] for share in found.tails)
    if straight and tails:
        reason = msg("The first in the order whose probability plot is straight and whose tails hold what they should.")
        return Candidate(name, shape, found, True, reason)
    reason = (
        msg("A tail holds more or less than it should.") if straight else msg("The probability plot is not straight.")
    )
    return Candidate(name, shape, found, False, reason)
