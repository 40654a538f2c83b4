"""Maximum-likelihood fits of lifetimes with every kind of censoring, with Wald and likelihood-ratio limits.

The log-likelihood sums log f − log σ − log t over failures seen, log S over suspensions, log F over those found failed,
and log(F_b − F_a) over failures between two looks, with z = (log t − μ)/σ. Newton's method on (μ, log σ) with the exact
second derivatives finds the maximum; when it does not converge that is said, and nothing is guessed.

Source: W. Q. Meeker and L. A. Escobar (1998), *Statistical Methods for Reliability Data*, Wiley, chapters 7-8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.reliability.distributions import LAWS, Law, Name
from qualipolis.methods.spc.reliability.lifetimes import Lifetimes

STEPS, EXACT = 100, 1e-10


@dataclass(frozen=True, eq=False)
class LifeFit:
    """A fitted law: ``location`` μ and ``scale`` σ of log time, their covariance (of μ and log σ), and the likelihood.

    For the Weibull law ``shape`` is 1/σ and ``characteristic`` exp(μ).
    """

    name: Name
    location: float
    scale: float
    covariance: Floats
    likelihood: float
    life: Lifetimes

    @property
    def shape(self) -> float:
        """Weibull shape β: below 1 infant failures, 1 random ones, above 1 wear-out."""
        return 1 / self.scale

    @property
    def characteristic(self) -> float:
        """exp(μ): the Weibull characteristic life η, the median of the other laws, the mean of the exponential."""
        return float(np.exp(self.location))

    def shape_limits(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the Wald limits of the shape on the log scale."""
        half = _z(confidence) * float(np.sqrt(self.covariance[1, 1]))
        return float(self.shape * np.exp(-half)), float(self.shape * np.exp(half))

    def characteristic_limits(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the Wald limits of exp(μ) on the log scale."""
        half = _z(confidence) * float(np.sqrt(self.covariance[0, 0]))
        return float(self.characteristic * np.exp(-half)), float(self.characteristic * np.exp(half))

    def life_at(self, share: float, confidence: float = 0.95) -> tuple[float, float, float]:
        """Return the time by which ``share`` have failed (B10 for 0.1) with its Wald limits on the log scale."""
        q = float(LAWS[self.name].quantile(np.asarray(share, dtype=np.float64)))
        gradient = np.array([1.0, q * self.scale])
        error = float(np.sqrt(gradient @ self.covariance @ gradient))
        middle, half = self.location + q * self.scale, _z(confidence) * error
        return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))

    def reliability(self, time: float, confidence: float = 0.95) -> tuple[float, float, float]:
        """Return the share alive at ``time`` with its limits, found on the scale of z."""
        z = (np.log(time) - self.location) / self.scale
        gradient = np.array([-1 / self.scale, -z])
        half = _z(confidence) * float(np.sqrt(gradient @ self.covariance @ gradient))
        law = LAWS[self.name]
        middle, low, high = (float(np.exp(law.log_survival(np.asarray(v)))) for v in (z, z + half, z - half))
        return middle, low, high

    def likelihood_limits(self, share: float, confidence: float = 0.95) -> tuple[float, float]:
        """Return the likelihood-ratio limits of the time by which ``share`` have failed: safer than Wald for few failures.

        The life t is given each value in turn, σ is fitted beside it, and the limits are where twice the loss of
        log-likelihood reaches the χ² quantile with one degree of freedom.
        """
        return _profile(self, share, confidence)


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def fit_life(life: Lifetimes, law: Name = "weibull") -> LifeFit:
    """Return the law fitted by maximum likelihood.

    Raises
    ------
    InputError
        No failure, all failures at one time (σ would be 0), or no convergence.

    >>> from qualipolis.methods.spc.reliability.lifetimes import lifetimes
    >>> found = fit_life(lifetimes([30, 45, 60, 80, 100], [1, 1, 1, 1, 0]))
    >>> round(found.shape, 2), round(found.characteristic, 1)
    (2.24, 75.9)
    """
    _refuse(life, law)
    free = law != "exponential"
    theta = _start(life, LAWS[law], free)
    value, gradient, hessian = _derivatives(life, LAWS[law], theta)
    for _ in range(STEPS):
        theta, value, gradient, hessian, moved = _step(life, LAWS[law], theta, value, gradient, hessian, free)
        if moved < EXACT:
            break
    else:
        what = msg("The fit of the law %(law)s did not converge.")
        raise InputError([Problem("no_convergence", what, msg("Try another law."), {"law": law}, "time")])
    size = 2 if free else 1
    covariance = np.zeros((2, 2))
    covariance[:size, :size] = np.linalg.inv(-hessian[:size, :size])
    return LifeFit(law, float(theta[0]), float(np.exp(theta[1])), covariance, value, life)


def _refuse(life: Lifetimes, law: str) -> None:
    wrong = []
    if law not in LAWS:
        what, remedy = msg("There is no law of lifetimes called %(name)s."), msg("Choose one of: %(known)s.")
        wrong.append(Problem("unknown_law", what, remedy, {"name": law, "known": ", ".join(LAWS)}, "law"))
    if not life.failures:
        what = msg("Nothing has failed: a law cannot be fitted.")
        wrong.append(Problem("no_failures", what, msg("Use the success run, or a shape known before."), place="time"))
    elif law != "exponential" and life.exact.all() and np.ptp(life.lower) == 0:
        wrong.append(Problem("one_time", msg("All failures happened at one time."), place="time"))
    if wrong:
        raise InputError(wrong)


def _start(life: Lifetimes, law: Law, free: bool) -> Floats:
    """Return a start near the middle of what is known."""
    high = np.where(np.isinf(life.upper), life.lower, life.upper)
    low = np.where(life.lower > 0, life.lower, high / 2)
    y = np.log(np.sqrt(low * high))
    location = float(np.log(np.sum(np.exp(y)) / life.failures)) if not free else float(y.mean())
    spread = max(float(y.std()), 0.05) if free else 1.0
    return np.array([location, np.log(spread)])


def _step(
    life: Lifetimes, law: Law, theta: Floats, value: float, gradient: Floats, hessian: Floats, free: bool
) -> tuple[Floats, float, Floats, Floats, float]:
    """Return the next point: Newton's step, made shorter until the likelihood does not fall."""
    size = 2 if free else 1
    inner = -hessian[:size, :size]
    lift = 0.0
    while True:  # a direction that climbs, also where the likelihood is not concave
        try:
            np.linalg.cholesky(inner + lift * np.eye(size))
            break
        except np.linalg.LinAlgError:
            lift = max(2 * lift, 1e-3 * max(1.0, float(np.abs(inner).max())))
    direction = np.zeros(2)
    direction[:size] = np.linalg.solve(inner + lift * np.eye(size), gradient[:size])
    direction = np.clip(direction, -2, 2)
    share = 1.0
    while share > 1e-12:
        point = theta + share * direction
        found = _derivatives(life, law, point)
        if np.isfinite(found[0]) and found[0] >= value - 1e-12 * abs(value):
            return point, *found, float(np.abs(share * direction).max())
        share /= 2
    return theta, value, gradient, hessian, 0.0


class _Sum:
    """Log-likelihood with gradient and second derivatives at (μ, log σ), added up from its parts."""

    def __init__(self, scale: float) -> None:
        self.scale, self.total = scale, 0.0
        self.gradient, self.hessian = np.zeros(2), np.zeros((2, 2))

    def add(self, z: Floats, first: Floats, second: Floats) -> None:
        """Add terms with these derivatives by z: z_μ = −1/σ, z_s = −z, z_μs = 1/σ, z_ss = z."""
        self.gradient += np.array([-first.sum() / self.scale, -(first @ z)])
        mixed = ((second @ z) + first.sum()) / self.scale
        self.hessian += np.array([[second.sum() / self.scale**2, mixed], [mixed, second @ z**2 + first @ z]])

    def add_both(self, a: Floats, b: Floats, cross: Floats) -> None:
        """Add what belongs to two bounds of one life together."""
        mixed = (cross @ (a + b)) / self.scale
        both = np.array([[2 * cross.sum() / self.scale**2, mixed], [mixed, 2 * (cross * a) @ b]])
        self.hessian += both


def _derivatives(life: Lifetimes, law: Law, theta: Floats) -> tuple[float, Floats, Floats]:
    """Return log-likelihood, gradient and second derivatives at (μ, log σ)."""
    location, log_scale = float(theta[0]), float(theta[1])
    found = _Sum(float(np.exp(log_scale)))

    exact, right, left, low, high = ((y - location) / found.scale for y in life.logs)
    with np.errstate(all="ignore"):
        if len(exact):
            found.total += float(law.log_density(exact).sum() - len(exact) * log_scale - life.logs[0].sum())
            found.gradient[1] -= len(exact)
            found.add(exact, law.slope(exact), law.curvature(exact))
        if len(right):
            _tail(found, law, law.log_survival, -1, right)
        if len(left):
            _tail(found, law, law.log_distribution, 1, left)
        if len(low):
            _between(found, law, low, high)
    return found.total, found.gradient, found.hessian


def _tail(found: _Sum, law: Law, log_part: Callable[[Floats], Floats], sign: int, z: Floats) -> None:
    value = log_part(z)
    ratio = np.exp(law.log_density(z) - value)
    found.total += float(value.sum())
    found.add(z, sign * ratio, sign * ratio * law.slope(z) - ratio**2)


def _between(found: _Sum, law: Law, a: Floats, b: Floats) -> None:
    """Add log(F_b − F_a), written through the survival so that late intervals keep their digits."""
    log_a, log_b = law.log_survival(a), law.log_survival(b)
    value = log_a + np.log(-np.expm1(log_b - log_a))
    fa, fb = (np.exp(law.log_density(z) - value) for z in (a, b))
    found.total += float(value.sum())
    found.add(a, -fa, -fa * law.slope(a) - fa**2)
    found.add(b, fb, fb * law.slope(b) - fb**2)
    found.add_both(a, b, fa * fb)


def _profile(fit: LifeFit, share: float, confidence: float) -> tuple[float, float]:
    from scipy.optimize import brentq, minimize_scalar
    from scipy.stats import chi2

    law, q = LAWS[fit.name], float(LAWS[fit.name].quantile(np.asarray(share)))
    drop = float(chi2.ppf(confidence, 1)) / 2

    def best(log_life: float) -> float:
        """Return the largest likelihood with this life: μ = log t − qσ."""

        def loss(s: float) -> float:
            return -_derivatives(fit.life, law, np.array([log_life - q * np.exp(s), s]))[0]

        if fit.name == "exponential":
            return -loss(0.0)
        middle = np.log(fit.scale)
        return -float(
            minimize_scalar(loss, bounds=(middle - 4, middle + 4), method="bounded", options={"xatol": 1e-9}).fun
        )

    centre = fit.location + q * fit.scale
    step = max(0.05, 0.5 * np.log(fit.life_at(share, confidence)[2] / fit.life_at(share, confidence)[0]))
    found = []
    for sign in (-1, 1):
        reach = step
        while fit.likelihood - best(centre + sign * reach) < drop and reach < 50:
            reach *= 1.7
        root = brentq(lambda d, sign=sign: fit.likelihood - best(centre + sign * d) - drop, 0.0, reach, xtol=1e-10)
        found.append(float(np.exp(centre + sign * root)))
    return found[0], found[1]
