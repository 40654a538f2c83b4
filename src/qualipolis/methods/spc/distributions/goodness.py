"""How well a fitted distribution describes its values: Anderson-Darling with its p-value, probability plot, tails.

A² = −n − Σ (2i − 1)/n (log F(x₍ᵢ₎) + log S(x₍ₙ₊₁₋ᵢ₎)). Its law, when parameters were estimated by maximum likelihood, is in
the limit that of Σ λⱼ χ²₁, where λⱼ are the eigenvalues of

    (min(s, t) − st − Ψ(s)ᵀ I⁻¹ Ψ(t)) / √(s(1 − s) t(1 − t)),     Ψ(s) = ∂F/∂θ at F⁻¹(s), I the information of one value

(Durbin); they are computed for the distribution as fitted, and the tail of the sum by Imhof's integral. Tables of
Stephens for the normal, extreme-value, logistic, exponential and gamma laws come out again. For n ≥ 8 the limit is close.

Source: J. Durbin (1973), Annals of Statistics 1, 279-290; M. A. Stephens (1976), Annals of Statistics 4, 357-369; J. P.
Imhof (1961), Biometrika 48, 419-426.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.families import FAMILIES, FoldedNormal, Gamma
from qualipolis.methods.spc.distributions.fit import Fitted

REACH, NODES, LEAST_P = 24.0, 241, 1e-7


@dataclass(frozen=True)
class Goodness:
    """A² with its p-value (never below 1e-7), the correlation of the P-P plot, and the tails.

    ``tails`` are the shares seen beyond the fitted 2.5 % and 97.5 % points, divided by 2.5 %: near 1 they are described.
    """

    statistic: float
    p: float
    correlation: float
    tails: tuple[float, float]
    n: int


def goodness(values: ArrayLike, fitted: Fitted) -> Goodness:
    """Return how well the fitted distribution describes the values.

    >>> from qualipolis.methods.spc.distributions.fit import fit
    >>> x = np.random.default_rng(1).weibull(1.5, 200)
    >>> goodness(x, fit(x, "normal")).p < 0.001
    True
    """
    x = np.sort(np.asarray(values, dtype=np.float64).ravel())
    x = x[~np.isnan(x)]
    n, i = len(x), np.arange(1, len(x) + 1)
    below = np.maximum(fitted.family.log_distribution(x, fitted.inner), -745.0)
    above = np.maximum(fitted.family.log_survival(x, fitted.inner), -745.0)
    statistic = float(-n - np.mean((2 * i - 1) * (below + above[::-1])))
    u = np.exp(below)
    plot = float(np.corrcoef(u, (i - 0.5) / n)[0, 1]) if np.ptp(u) > 0 else 0.0
    tails = (float(np.mean(u < 0.025)) / 0.025, float(np.mean(u > 0.975)) / 0.025)
    return Goodness(statistic, p_value(statistic, fitted), plot, tails, n)


def p_value(statistic: float, fitted: Fitted) -> float:
    """Return P(A² ≥ statistic) for values of the fitted distribution whose parameters were estimated as here."""
    return tail(statistic, eigenvalues(fitted))


def eigenvalues(fitted: Fitted) -> Floats:
    """Return the weights λ of the limiting law of A²."""
    free = tuple(fitted.covariance.diagonal() > 0)
    family = fitted.family
    if not isinstance(family, Gamma | FoldedNormal) and not free[2]:
        standard = {"exponential": "exponential", "rayleigh": "exponential"}.get(family.form, family.name)
        return _standard(standard, free[:2])
    return _weights(fitted, free)


@lru_cache(maxsize=64)
def _standard(name: str, free: tuple[bool, bool]) -> Floats:
    """Return the weights of a location-scale law: they do not depend on its parameters."""
    inner = np.array([0.0, 1.0, 0.0])
    return _weights(Fitted(FAMILIES[name], inner, np.zeros((3, 3)), 0.0, 0), (*free, False))


def _weights(fitted: Fitted, free: tuple[bool, ...]) -> Floats:
    t = np.linspace(-REACH, REACH, NODES)
    step = t[1] - t[0]
    u, rest = 1 / (1 + np.exp(-t)), 1 / (1 + np.exp(t))
    kernel = np.minimum(u[:, None], u) * np.minimum(rest[:, None], rest)  # min(s, t) − st, without loss of digits
    moving = np.flatnonzero(free)
    if len(moving):
        psi = np.column_stack([_slope(fitted, u, int(place)) for place in moving])
        score = np.gradient(psi, step, axis=0) / np.sqrt(u * rest)[:, None]
        information = score.T @ score * step
        kernel -= psi @ np.linalg.pinv(information, hermitian=True) @ psi.T
    found = np.linalg.eigvalsh(kernel * step)[::-1]
    return np.asarray(found[found > 1e-7 * found[0]])


def _slope(fitted: Fitted, u: Floats, place: int) -> Floats:
    """Return ∂F/∂θ at F⁻¹(u), by central differences on the smaller tail."""
    p, family = fitted.inner, fitted.family
    x = family.quantile(u, p)
    size = abs(p[1]) if place < 2 else abs(float(family.quantile(np.asarray(0.5), p)) - p[2])
    step = np.zeros(3)
    step[place] = 1e-5 * (abs(p[0]) if isinstance(family, Gamma) and place == 0 else size)
    with np.errstate(all="ignore"):
        low = np.exp(family.log_distribution(x, p + step)) - np.exp(family.log_distribution(x, p - step))
        high = np.exp(family.log_survival(x, p - step)) - np.exp(family.log_survival(x, p + step))
    return np.asarray(np.nan_to_num(np.where(u < 0.5, low, high)) / (2 * step[place]))


def tail(statistic: float, weights: Floats) -> float:
    """Return P(Σ λ χ²₁ ≥ statistic) by Imhof's integral, and by its leading exponential beyond a share of 1e-5."""
    far = 24.0 * float(weights[0]) + float(weights.sum())
    if statistic > far:
        return max(_imhof(far, weights) * exp(-(statistic - far) / (2 * float(weights[0]))), LEAST_P)
    return float(np.clip(_imhof(statistic, weights), LEAST_P, 1.0))


def _imhof(statistic: float, weights: Floats) -> float:
    x, w = _gauss()
    scale = 1 / float(weights[0])
    u = scale * x / (1 - x)  # (0, 1) → (0, ∞)
    jacobian = scale / (1 - x) ** 2
    lu = weights[:, None] * u
    angle = 0.5 * np.arctan(lu).sum(axis=0) - 0.5 * statistic * u
    size = np.exp(0.25 * np.log1p(lu**2).sum(axis=0))
    return 0.5 + float(w @ (np.sin(angle) / (u * size) * jacobian)) / np.pi


@lru_cache(maxsize=1)
def _gauss() -> tuple[Floats, Floats]:
    x, w = np.polynomial.legendre.leggauss(400)
    return (x + 1) / 2, w / 2
