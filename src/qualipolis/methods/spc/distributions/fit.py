"""Maximum-likelihood fits of the families: closed forms where there are some, else Newton with exact derivatives.

Forms with a threshold τ: the likelihood grows without bound as τ nears the smallest value, and for values that are close
to another law it has its top at infinity. What is taken is the highest top inside; where there is none, that is said.

Source: R. C. H. Cheng and N. A. K. Amin (1983), JRSS B 45, 394-403 (unbounded likelihoods); T. P. Minka (2002),
"Estimating a Gamma distribution"; W. Q. Meeker and L. A. Escobar (1998), chapter 11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.families import FAMILIES, Family, FoldedNormal, Gamma
from qualipolis.methods.spc.distributions.likelihood import climb
from qualipolis.methods.spc.reliability.distributions import SmallestExtreme

LEAST, SCAN = 3, 400


@dataclass(frozen=True, eq=False)
class Fitted:
    """A family with parameters: ``parameters`` by name, their likelihood, and what was given rather than estimated.

    ``inner`` are the inner parameters (a, b, τ) with their ``covariance`` (0 where given); ``warning`` is a message id or
    empty.
    """

    family: Family
    inner: Floats
    covariance: Floats
    likelihood: float
    n: int
    given: tuple[str, ...] = ()
    warning: str = ""

    @property
    def name(self) -> str:
        return self.family.name

    @property
    def parameters(self) -> Mapping[str, float]:
        return self.family.outer(self.inner)

    @property
    def estimated(self) -> int:
        """How many parameters were estimated."""
        return len(self.family.names) - len(self.given)

    @property
    def bic(self) -> float:
        return self.estimated * log(max(self.n, 1)) - 2 * self.likelihood

    def density(self, x: ArrayLike) -> Floats:
        return np.exp(self.family.log_density(np.asarray(x, dtype=np.float64), self.inner))

    def distribution(self, x: ArrayLike) -> Floats:
        return np.exp(self.family.log_distribution(np.asarray(x, dtype=np.float64), self.inner))

    def survival(self, x: ArrayLike) -> Floats:
        return np.exp(self.family.log_survival(np.asarray(x, dtype=np.float64), self.inner))

    def quantile(self, share: ArrayLike) -> Floats:
        return self.family.quantile(np.asarray(share, dtype=np.float64), self.inner)

    def sample(self, n: int, generator: np.random.Generator) -> Floats:
        return self.family.sample(n, self.inner, generator)

    def again(self, x: ArrayLike) -> Fitted:
        """Return the same family fitted to other values, with the same parameters given."""
        return fit(x, self.name, {name: self.parameters[name] for name in self.given})

    def moved(self, inner: Floats) -> Fitted:
        return Fitted(self.family, inner, self.covariance, self.likelihood, self.n, self.given)

    def error_of(self, number: Callable[[Fitted], float]) -> float:
        """Return the standard error of a number made from the parameters, by the delta method."""
        errors = np.sqrt(np.maximum(np.diag(self.covariance), 0))
        slopes = np.zeros(3)
        for place in np.flatnonzero(errors > 0):
            step = np.zeros(3)
            step[place] = 1e-3 * errors[place]
            slopes[place] = (number(self.moved(self.inner + step)) - number(self.moved(self.inner - step))) / (
                2 * step[place]
            )
        return float(np.sqrt(max(float(slopes @ self.covariance @ slopes), 0)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} = {value:.6g}" for name, value in self.parameters.items())
        return f"Fitted({self.name}: {shown}; n = {self.n})"


def fit(values: ArrayLike, family: str, given: Mapping[str, float] | None = None) -> Fitted:
    """Return the family fitted to the values by maximum likelihood.

    Parameters
    ----------
    values : numbers, NaN is not measured
    family : a name of ``FAMILIES``; ``weibull_3`` and the like have a threshold
    given : parameters known before, by name; the others are estimated beside them

    Raises
    ------
    InputError
        Unknown family or parameter, too few values, no spread, values outside the family's range, no top of the
        likelihood, or no convergence.

    >>> found = fit([2.1, 3.4, 1.7, 5.2, 4.0, 2.9], "weibull")
    >>> {name: round(value, 4) for name, value in found.parameters.items()}
    {'shape': 3.0119, 'scale': 3.6129}
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    x, known = x[~np.isnan(x)], dict(given or {})
    _refuse(x, family, known)
    chosen = FAMILIES[family]
    fixed = chosen.inner(known)
    free = tuple(f and place not in fixed for place, f in enumerate(chosen.free))
    if chosen.form == "exponential" and free[2]:
        return _above_smallest(x, chosen, fixed, tuple(known))
    origin, unit = _units(x, chosen)
    start = np.array([0.0, {"exponential": 1.0, "rayleigh": 0.5}.get(chosen.form, 1.0), 0.0])
    for place, value in _inward(fixed, chosen, origin, unit).items():
        start[place] = value
    scaled = (x - origin) / unit
    theta, point, found = _top(scaled, chosen, _start(scaled, chosen, start, free), free)
    if not found:
        what = msg("The fit of the distribution %(family)s has no top of its likelihood.")
        raise InputError([Problem("no_top", what, msg("Try another distribution."), {"family": family}, "values")])
    inner, covariance = _outward(theta, point[2], chosen, free, origin, unit)
    return Fitted(chosen, inner, covariance, point[0] - len(x) * log(unit), len(x), tuple(known))


def _refuse(x: Floats, family: str, known: Mapping[str, float]) -> None:
    if family not in FAMILIES:
        what, remedy = msg("There is no distribution called %(name)s."), msg("Choose one of: %(known)s.")
        raise InputError([Problem("unknown_family", what, remedy, {"name": family, "known": ", ".join(FAMILIES)})])
    chosen, wrong = FAMILIES[family], []
    for name, value in known.items():
        if name not in chosen.names:
            what, remedy = msg("The distribution has no parameter called %(name)s."), msg("Choose one of: %(known)s.")
            params = {"name": name, "known": ", ".join(chosen.names)}
            wrong.append(Problem("unknown_parameter", what, remedy, params, "given"))
        elif not np.isfinite(value) or (value <= 0 and name in ("sd", "scale", "shape", "log_sd")):
            what = msg("The given parameter %(name)s is not possible.")
            wrong.append(Problem("bad_parameter", what, "", {"name": name}, "given"))
    if len(x) < LEAST or not np.isfinite(x).all():
        what = msg("A fit needs at least %(least)s numbers.")
        wrong.append(Problem("few_values", what, "", {"least": LEAST}, "values"))
    elif np.ptp(x) == 0:
        what = msg("All values are equal: there is no spread to judge.")
        wrong.append(Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="values"))
    elif chosen.positive:
        wrong += _above(x, chosen, known)
    if wrong:
        raise InputError(wrong)


def _above(x: Floats, chosen: Family, known: Mapping[str, float]) -> list[Problem]:
    if chosen.threshold and "threshold" not in known:
        return []
    floor = float(known.get("threshold", 0.0))
    if x.min() > floor or (x.min() == floor and isinstance(chosen, FoldedNormal)):
        return []
    what = msg("The distribution %(family)s holds only for values above %(floor)s.")
    remedy = msg("Use one with a threshold, or another one.")
    return [Problem("out_of_range", what, remedy, {"family": chosen.name, "floor": floor}, "values")]


def _units(x: Floats, chosen: Family) -> tuple[float, float]:
    """Return origin and unit in which the fit is well scaled."""
    if chosen.threshold:
        return float(x.min()), float(x.std())
    if chosen.positive:
        return 0.0, float(np.exp(np.mean(np.log(x)))) if x.min() > 0 else float(np.sqrt(np.mean(x**2)))
    return float(x.mean()), float(x.std())


def _inward(fixed: Mapping[int, float], chosen: Family, origin: float, unit: float) -> dict[int, float]:
    """Return inner parameters carried to the scaled values."""
    found = {}
    for place, value in fixed.items():
        if place == 2:
            found[2] = (value - origin) / unit
        elif isinstance(chosen, Gamma):
            found[place] = value / unit if place == 1 else value
        elif chosen.scale == "log" and not isinstance(chosen, FoldedNormal):
            found[place] = value - log(unit) if place == 0 else value
        elif place == 0:
            found[0] = (value + origin if chosen.scale == "minus" else value - origin) / unit
        else:
            found[1] = value / unit
    return found


def _outward(
    theta: Floats, hessian: Floats, chosen: Family, free: tuple[bool, ...], origin: float, unit: float
) -> tuple[Floats, Floats]:
    """Return inner parameters of the values as they were, with their covariance."""
    scaled = _natural(theta, chosen)
    slopes = np.array([1.0, scaled[1], 1.0])
    inner = scaled.copy()
    if isinstance(chosen, Gamma):
        inner[1] *= unit
        slopes = np.array([scaled[0], inner[1], unit])
    elif chosen.scale == "log" and not isinstance(chosen, FoldedNormal):
        inner[0] += log(unit)
        slopes[2] = unit
    else:
        inner[0] = inner[0] * unit + (-origin if chosen.scale == "minus" else origin)
        inner[1] *= unit
        slopes *= unit
    inner[2] = scaled[2] * unit + (origin if chosen.threshold else 0.0)
    return inner, _covariance(hessian, free) * slopes[:, None] * slopes


def _covariance(hessian: Floats, free: tuple[bool, ...]) -> Floats:
    covariance, moving = np.zeros((3, 3)), np.flatnonzero(free)
    if len(moving):
        inner = -hessian[np.ix_(moving, moving)]
        size = 1 / np.sqrt(np.maximum(np.abs(np.diag(inner)), 1e-300))
        scaled = np.linalg.pinv(inner * size[:, None] * size, hermitian=True)
        covariance[np.ix_(moving, moving)] = scaled * size[:, None] * size
    return covariance


def _natural(theta: Floats, chosen: Family) -> Floats:
    first = np.exp(theta[0]) if isinstance(chosen, Gamma) else theta[0]
    return np.array([first, np.exp(theta[1]), theta[2]])


def _theta(p: Floats, chosen: Family) -> Floats:
    return np.array([np.log(p[0]) if isinstance(chosen, Gamma) else p[0], np.log(p[1]), p[2]])


def _start(x: Floats, chosen: Family, p: Floats, free: tuple[bool, ...]) -> Floats:
    """Return a start at (a, log b, τ) or (log a, log b, τ), exact where there is a closed form."""
    p = p.copy()
    if free[2]:
        return _theta(np.where(p == 0, 1.0, p) if isinstance(chosen, Gamma) else p, chosen)
    if isinstance(chosen, Gamma):
        return _theta(_gamma_start(x - p[2], p, free), chosen)
    if isinstance(chosen, FoldedNormal):
        return _theta(_folded_start(x, p, free), chosen)
    y = np.log(x - p[2]) if chosen.scale == "log" else (-x if chosen.scale == "minus" else x)
    if free[1]:
        p[1] = max(float(y.std()) * _SPREAD.get(type(chosen.law).__name__, 1.0), 1e-12)
    if free[0] and isinstance(chosen.law, SmallestExtreme):  # the top for this scale
        top = float(y.max())
        p[0] = top + p[1] * log(float(np.mean(np.exp((y - top) / p[1]))))
    elif free[0]:
        p[0] = float(y.mean())
    return _theta(p, chosen)


_SPREAD = {"Normal": 1.0, "Logistic": sqrt(3) / np.pi, "SmallestExtreme": sqrt(6) / np.pi}


def _gamma_start(y: Floats, p: Floats, free: tuple[bool, ...]) -> Floats:
    """Return k solving log k − ψ(k) = log ȳ − mean log y (without loss of digits), and θ = ȳ/k."""
    from scipy.special import digamma, polygamma

    mean = float(y.mean())
    if free[0] and free[1]:
        away = y / mean - 1
        gap = max(-float(np.mean(np.log1p(away))), 1e-300)
        p[0] = (3 - gap + sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
        for _ in range(8 if p[0] < 1e6 else 0):
            slope = 1 / p[0] - float(polygamma(1, p[0]))
            p[0] = 1 / (1 / p[0] + (log(p[0]) - float(digamma(p[0])) - gap) / (p[0] ** 2 * slope))
    elif free[0]:
        p[0] = mean / p[1]
    if free[1]:
        p[1] = mean / p[0]
    return p


def _folded_start(x: Floats, p: Floats, free: tuple[bool, ...]) -> Floats:
    """Return μ and σ where a normal value of four known moments would have them."""
    second, fourth = float(np.mean(x**2)), float(np.mean(x**4))
    if free[0]:
        p[0] = max((max(3 * second**2 - fourth, 0) / 2) ** 0.25, 0.05 * sqrt(second))
    if free[1]:
        p[1] = sqrt(max(second - p[0] ** 2, 0.01 * second))
    return p


def _top(
    x: Floats, chosen: Family, theta: Floats, free: tuple[bool, ...]
) -> tuple[Floats, tuple[float, Floats, Floats], bool]:
    if free[2]:
        start = _scan(x, chosen, theta, free)
        if start is None:
            return theta, (np.nan, np.zeros(3), np.zeros((3, 3))), False
        theta = start
    found, point, converged = climb(chosen.derivatives(x), theta, free)
    if isinstance(chosen, FoldedNormal):
        found = found.copy()
        found[0] = abs(found[0])
    return found, point, converged


def _scan(x: Floats, chosen: Family, theta: Floats, free: tuple[bool, ...]) -> Floats | None:
    """Return a start near the highest inner top of the likelihood along τ, seen on a thinned sample; None without one."""
    ordered = np.sort(x)
    thin = ordered[np.unique(np.linspace(0, len(x) - 1, min(len(x), SCAN)).round().astype(int))]
    inside, reach = (free[0], free[1], False), float(np.median(x) - ordered[0]) or 1.0
    steps = ordered[0] - reach * 10 ** np.linspace(-3.5, 2.5, 31)
    found = []
    for tau in steps:
        p = _natural(theta, chosen)
        p[2] = tau
        start = _start(thin, chosen, p, inside)
        at, point, _ = climb(chosen.derivatives(thin), start, inside)
        found.append((point[0], at))
    heights = np.array([height for height, _ in found])
    tops = [i for i in range(1, len(steps) - 1) if heights[i] >= heights[i - 1] and heights[i] > heights[i + 1]]
    return found[max(tops, key=lambda i: heights[i])][1] if tops else None


def _above_smallest(x: Floats, chosen: Family, fixed: Mapping[int, float], given: tuple[str, ...]) -> Fitted:
    """Return the exponential law above a threshold: τ is the smallest value, and nothing is Newton's here."""
    tau = float(x.min())
    scale = float(np.exp(fixed[0])) if 0 in fixed else float(x.mean() - tau)
    covariance = np.zeros((3, 3))
    covariance[0, 0] = 0.0 if 0 in fixed else 1 / len(x)
    height = -len(x) * log(scale) - float(np.sum(x - tau)) / scale
    words = msg("The threshold is the smallest value; its error is not in the intervals.")
    return Fitted(chosen, np.array([log(scale), 1.0, tau]), covariance, height, len(x), given, words)
