"""Laws of lifetimes: log T = μ + σZ with Z smallest-extreme-value (Weibull), normal or logistic.

Each gives, at z, log f, log S and the slope of log f with its derivative; everything else follows from those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from qualipolis.methods.spc.charts.result import Floats

Name = Literal["weibull", "lognormal", "loglogistic", "exponential"]


class Law(Protocol):
    """A standard law on the scale of log time."""

    def log_density(self, z: Floats) -> Floats: ...
    def log_survival(self, z: Floats) -> Floats: ...
    def log_distribution(self, z: Floats) -> Floats: ...
    def slope(self, z: Floats) -> Floats: ...
    def curvature(self, z: Floats) -> Floats: ...
    def quantile(self, p: Floats) -> Floats: ...


@dataclass(frozen=True)
class SmallestExtreme:
    """Z = log of a standard exponential value: T is Weibull with shape 1/σ and scale exp(μ)."""

    def log_density(self, z: Floats) -> Floats:
        return np.asarray(z - np.exp(z))

    def log_survival(self, z: Floats) -> Floats:
        return np.asarray(-np.exp(z))

    def log_distribution(self, z: Floats) -> Floats:
        return np.asarray(np.log(-np.expm1(-np.exp(z))))

    def slope(self, z: Floats) -> Floats:
        return np.asarray(1 - np.exp(z))

    def curvature(self, z: Floats) -> Floats:
        return np.asarray(-np.exp(z))

    def quantile(self, p: Floats) -> Floats:
        return np.asarray(np.log(-np.log1p(-p)))


@dataclass(frozen=True)
class Normal:
    """Z is standard normal: T is lognormal."""

    def log_density(self, z: Floats) -> Floats:
        return np.asarray(-(z**2) / 2 - 0.5 * np.log(2 * np.pi))

    def log_survival(self, z: Floats) -> Floats:
        from scipy.special import log_ndtr

        return np.asarray(log_ndtr(-z))

    def log_distribution(self, z: Floats) -> Floats:
        from scipy.special import log_ndtr

        return np.asarray(log_ndtr(z))

    def slope(self, z: Floats) -> Floats:
        return np.asarray(-z)

    def curvature(self, z: Floats) -> Floats:
        return np.full(np.shape(z), -1.0)

    def quantile(self, p: Floats) -> Floats:
        from scipy.special import ndtri

        return np.asarray(ndtri(p))


@dataclass(frozen=True)
class Logistic:
    """Z is standard logistic: T is loglogistic."""

    def log_density(self, z: Floats) -> Floats:
        return np.asarray(z - 2 * np.logaddexp(0, z))

    def log_survival(self, z: Floats) -> Floats:
        return np.asarray(-np.logaddexp(0, z))

    def log_distribution(self, z: Floats) -> Floats:
        return np.asarray(-np.logaddexp(0, -z))

    def slope(self, z: Floats) -> Floats:
        return np.asarray(-np.tanh(z / 2))

    def curvature(self, z: Floats) -> Floats:
        return np.asarray(-0.5 / np.cosh(z / 2) ** 2)

    def quantile(self, p: Floats) -> Floats:
        return np.asarray(np.log(p) - np.log1p(-p))


LAWS: dict[str, Law] = {
    "weibull": SmallestExtreme(),
    "lognormal": Normal(),
    "loglogistic": Logistic(),
    "exponential": SmallestExtreme(),
}
