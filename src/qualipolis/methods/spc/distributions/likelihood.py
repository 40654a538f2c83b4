"""Log-likelihoods of the families of distributions with exact first and second derivatives, and the climb to their top.

A family has up to three inner parameters (a, b, τ); the climb works on (a, log b, τ) or (log a, log b, τ):
location-scale laws on x, −x or log(x − τ): a location, b scale;  gamma: a shape, b scale;  folded normal: a location, b scale.

Source: W. Q. Meeker and L. A. Escobar (1998), *Statistical Methods for Reliability Data*, Wiley, chapters 4, 8 and 11;
F. C. Leone, L. S. Nelson and R. B. Nottingham (1961), "The folded normal distribution", Technometrics 3, 543-550.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.reliability.distributions import Law

Scale = Literal["x", "minus", "log"]
Point = tuple[float, Floats, Floats]
Derivatives = Callable[[Floats], Point]
STEPS, NEAR = 200, 1e-11


def dot(a: Floats, b: Floats) -> float:
    """Return Σ aᵢbᵢ without threads, whose waiting costs more than vectors of this size."""
    return float(np.einsum("i,i->", a, b))


def of_law(x: Floats, law: Law, scale: Scale) -> Derivatives:
    """Return the log-likelihood of a location-scale law at (μ, log σ, τ), with its derivatives."""

    def at(theta: Floats) -> Point:
        sigma = float(np.exp(theta[1]))
        with np.errstate(all="ignore"):
            y = np.log(x - theta[2]) if scale == "log" else (-x if scale == "minus" else x)
            z = (y - theta[0]) / sigma
            first, second = law.slope(z), law.curvature(z)
            value = float(np.sum(law.log_density(z))) - len(x) * float(theta[1])
            gradient = np.array([-first.sum() / sigma, -dot(first, z) - len(x), 0.0])
            hessian = np.zeros((3, 3))
            hessian[0, 0] = second.sum() / sigma**2
            hessian[0, 1] = hessian[1, 0] = (dot(second, z) + first.sum()) / sigma
            hessian[1, 1] = dot(second, z**2) + dot(first, z)
            if scale == "log":
                value -= float(y.sum())
                _threshold(x - theta[2], sigma, z, first, second, gradient, hessian)
        return value, gradient, hessian

    return at


def _threshold(
    above: Floats, sigma: float, z: Floats, first: Floats, second: Floats, gradient: Floats, hessian: Floats
) -> None:
    """Add the derivatives by τ: z_τ = −1/(σ(x − τ))."""
    v = 1 / above
    rest = v * (1 - first / sigma)
    gradient[2] = rest.sum()
    hessian[2, 2] = dot(v, rest) + dot(v**2, second) / sigma**2
    hessian[0, 2] = hessian[2, 0] = dot(v, second) / sigma**2
    hessian[1, 2] = hessian[2, 1] = dot(v, second * z + first) / sigma


def of_gamma(x: Floats) -> Derivatives:
    """Return the log-likelihood of the gamma law at (log k, log θ, τ), with its derivatives."""
    from scipy.special import digamma, gammaln, polygamma

    def at(theta: Floats) -> Point:
        k, scale, n = float(np.exp(theta[0])), float(np.exp(theta[1])), len(x)
        with np.errstate(all="ignore"):
            y = x - theta[2]
            logs, total = float(np.log(y).sum()), float(y.sum()) / scale
            value = (k - 1) * logs - total - n * (k * float(theta[1]) + float(gammaln(k)))
            inverse, square = float(np.sum(1 / y)), float(np.sum(y**-2.0))
            by_k = logs - n * (float(theta[1]) + float(digamma(k)))
            gradient = np.array([k * by_k, total - n * k, n / scale - (k - 1) * inverse])
            kk = k * by_k - n * k * k * float(polygamma(1, k))
            hessian = np.array(
                [
                    [kk, -n * k, -k * inverse],
                    [-n * k, -total, -n / scale],
                    [-k * inverse, -n / scale, -(k - 1) * square],
                ]
            )
        return value, gradient, hessian

    return at


def of_folded_normal(x: Floats) -> Derivatives:
    """Return the log-likelihood of the folded normal law at (μ, log σ), with its derivatives."""

    def at(theta: Floats) -> Point:
        mu, c, n = float(theta[0]), float(np.exp(-2 * theta[1])), len(x)
        w = x * mu * c
        t = np.tanh(w)
        bend = 1 - t**2
        squares = dot(x, x) + n * mu**2
        value = float(np.sum(np.logaddexp(w, -w))) - c * squares / 2 - n * (float(theta[1]) + 0.5 * np.log(2 * np.pi))
        xt, xxb = dot(x, t), dot(x**2, bend)
        gradient = np.array([c * (xt - n * mu), c * squares - n - 2 * mu * c * xt, 0.0])
        cross = 2 * c * (n * mu - xt) - 2 * mu * c**2 * xxb
        hessian = np.zeros((3, 3))
        hessian[0, 0], hessian[0, 1], hessian[1, 0] = c**2 * xxb - n * c, cross, cross
        hessian[1, 1] = -2 * c * squares + 4 * mu * c * xt + 4 * (mu * c) ** 2 * xxb
        return value, gradient, hessian

    return at


def climb(at: Derivatives, theta: Floats, free: tuple[bool, ...]) -> tuple[Floats, Point, bool]:
    """Return the top found by Newton's method over the free parameters, what stands there, and whether it is one."""
    moving = np.flatnonzero(free)
    point = at(theta)
    if not len(moving):
        return theta, point, True
    for _ in range(STEPS):
        direction = _direction(point, moving)
        gain = float(point[1][moving] @ direction) / 2
        theta, point, moved = _move(at, theta, point, moving, direction)
        if gain < NEAR or not moved:
            return theta, point, gain < 1e-6
    return theta, point, False


def _direction(point: Point, moving: np.typing.NDArray[np.int64]) -> Floats:
    """Return Newton's direction, bent until it climbs where the likelihood is not concave."""
    inner, gradient = -point[2][np.ix_(moving, moving)], point[1][moving]
    size = 1 / np.sqrt(np.maximum(np.abs(np.diag(inner)), 1e-300))
    scaled = inner * size[:, None] * size
    lift = 0.0
    while True:
        try:
            np.linalg.cholesky(scaled + lift * np.eye(len(moving)))
            break
        except np.linalg.LinAlgError:
            lift = max(3 * lift, 1e-4)
    return np.asarray(size * np.linalg.solve(scaled + lift * np.eye(len(moving)), size * gradient))


def _move(
    at: Derivatives, theta: Floats, point: Point, moving: np.typing.NDArray[np.int64], direction: Floats
) -> tuple[Floats, Point, bool]:
    """Return the next point: the step is made shorter until the likelihood does not fall."""
    share = min(1.0, 3.0 / float(np.abs(direction[moving < 2]).max(initial=1e-9)))
    while share > 1e-13:
        step = np.zeros(3)
        step[moving] = share * direction
        found = at(theta + step)
        finite = np.isfinite(found[0]) and np.isfinite(found[1]).all() and np.isfinite(found[2]).all()
        if finite and found[0] >= point[0] - 1e-12 * abs(point[0]):
            return theta + step, found, True
        share /= 2
    return theta, point, False
