"""The families of distributions: what their parameters are called, where they live, and their three functions.

Inner parameters are (a, b, τ). Location-scale laws: F(x) = G((y − a)/b) with y = x, −x or log(x − τ). Weibull has shape
1/b and scale exp(a); the exponential law is Weibull with shape 1, the Rayleigh law Weibull with shape 2 and scale σ√2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

import numpy as np

from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.likelihood import Derivatives, Scale, of_folded_normal, of_gamma, of_law
from qualipolis.methods.spc.reliability.distributions import Law, Logistic, Normal, SmallestExtreme

SMALL = 1e-300


@dataclass(frozen=True)
class Family:
    """A family: ``names`` of its free parameters in the order (a, b, τ), and ``positive``: its values are above τ."""

    name: str
    names: tuple[str, ...]
    law: Law = field(default_factory=Normal)
    scale: Scale = "x"
    threshold: bool = False
    form: str = ""

    @property
    def positive(self) -> bool:
        return self.scale == "log"

    @property
    def free(self) -> tuple[bool, bool, bool]:
        """Which of (a, b, τ) are estimated."""
        only_scale = self.form in ("exponential", "rayleigh")
        return True, not only_scale, self.threshold

    def derivatives(self, x: Floats) -> Derivatives:
        return of_law(x, self.law, self.scale)

    def inner(self, given: Mapping[str, float]) -> dict[int, float]:
        """Return the inner parameters, by place, that these parameters fix."""
        places = self._places()
        return {places[name]: self._inward(places[name], float(value)) for name, value in given.items()}

    def outer(self, p: Floats) -> dict[str, float]:
        """Return the parameters by the names people use."""
        return {name: self._outward(place, float(p[place])) for name, place in self._places().items()}

    def _places(self) -> dict[str, int]:
        """Return where each named parameter stands in (a, b, τ)."""
        order = {"weibull": (1, 0, 2), "exponential": (0, 2), "rayleigh": (0,)}.get(self.form, (0, 1, 2))
        return dict(zip(self.names, order, strict=False))

    def _inward(self, place: int, value: float) -> float:
        if self.form == "weibull":
            return log(value) if place == 0 else (1 / value if place == 1 else value)
        if self.form in ("exponential", "rayleigh") and place == 0:
            return log(value * (sqrt(2) if self.form == "rayleigh" else 1))
        return -value if self.scale == "minus" and place == 0 else value

    def _outward(self, place: int, value: float) -> float:
        if self.form == "weibull":
            return exp(value) if place == 0 else (1 / value if place == 1 else value)
        if self.form in ("exponential", "rayleigh") and place == 0:
            return exp(value) / (sqrt(2) if self.form == "rayleigh" else 1)
        return -value if self.scale == "minus" and place == 0 else value

    def _z(self, x: Floats, p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            if self.scale == "log":
                above = np.asarray(x) - p[2]
                y = np.where(above > 0, np.log(np.maximum(above, SMALL)), -np.inf)
            else:
                y = -np.asarray(x) if self.scale == "minus" else np.asarray(x)
            return np.asarray((y - p[0]) / p[1])

    def log_density(self, x: Floats, p: Floats) -> Floats:
        z = self._z(x, p)
        with np.errstate(all="ignore"):
            value = self.law.log_density(z) - np.log(p[1])
            return np.asarray(value - np.log(np.asarray(x) - p[2]) if self.scale == "log" else value)

    def log_distribution(self, x: Floats, p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            z = self._z(x, p)
            return self.law.log_survival(z) if self.scale == "minus" else self.law.log_distribution(z)

    def log_survival(self, x: Floats, p: Floats) -> Floats:
        with np.errstate(all="ignore"):
            z = self._z(x, p)
            return self.law.log_distribution(z) if self.scale == "minus" else self.law.log_survival(z)

    def quantile(self, share: Floats, p: Floats) -> Floats:
        u = np.asarray(share, dtype=np.float64)
        y = p[0] + p[1] * self.law.quantile(1 - u if self.scale == "minus" else u)
        return np.asarray(p[2] + np.exp(y) if self.scale == "log" else (-y if self.scale == "minus" else y))

    def sample(self, n: int, p: Floats, generator: np.random.Generator) -> Floats:
        return self.quantile(generator.random(n), p)


@dataclass(frozen=True)
class Gamma(Family):
    """Density y^(k−1) e^(−y/θ)/(Γ(k) θ^k) with y = x − τ."""

    def derivatives(self, x: Floats) -> Derivatives:
        return of_gamma(x)

    def log_density(self, x: Floats, p: Floats) -> Floats:
        from scipy.special import gammaln

        with np.errstate(all="ignore"):
            y = (np.asarray(x) - p[2]) / p[1]
            return np.asarray((p[0] - 1) * np.log(y) - y - gammaln(p[0]) - np.log(p[1]))

    def log_distribution(self, x: Floats, p: Floats) -> Floats:
        from scipy.special import gammainc

        with np.errstate(all="ignore"):
            return np.asarray(np.log(gammainc(p[0], np.maximum((np.asarray(x) - p[2]) / p[1], 0))))

    def log_survival(self, x: Floats, p: Floats) -> Floats:
        from scipy.special import gammaincc

        with np.errstate(all="ignore"):
            return np.asarray(np.log(gammaincc(p[0], np.maximum((np.asarray(x) - p[2]) / p[1], 0))))

    def quantile(self, share: Floats, p: Floats) -> Floats:
        from scipy.special import gammainccinv, gammaincinv

        u = np.asarray(share, dtype=np.float64)
        return np.asarray(p[2] + p[1] * np.where(u < 0.5, gammaincinv(p[0], u), gammainccinv(p[0], 1 - u)))

    def sample(self, n: int, p: Floats, generator: np.random.Generator) -> Floats:
        return np.asarray(p[2] + generator.gamma(p[0], p[1], n))


@dataclass(frozen=True)
class FoldedNormal(Family):
    """The size of a normal value: deviations of form, of position, of runout, taken without their sign."""

    @property
    def positive(self) -> bool:
        return True

    def derivatives(self, x: Floats) -> Derivatives:
        return of_folded_normal(x)

    def log_density(self, x: Floats, p: Floats) -> Floats:
        x = np.asarray(x)
        one, two = (-(((x - sign * p[0]) / p[1]) ** 2) / 2 for sign in (1, -1))
        return np.asarray(np.where(x < 0, -np.inf, np.logaddexp(one, two) - np.log(p[1]) - 0.5 * np.log(2 * np.pi)))

    def log_distribution(self, x: Floats, p: Floats) -> Floats:
        from scipy.special import ndtr

        a, b = (np.asarray(x) - p[0]) / p[1], (np.asarray(x) + p[0]) / p[1]
        with np.errstate(all="ignore"):
            return np.asarray(np.where(np.asarray(x) > 0, np.log(ndtr(a) - ndtr(-b)), -np.inf))

    def log_survival(self, x: Floats, p: Floats) -> Floats:
        from scipy.special import log_ndtr

        x = np.maximum(np.asarray(x), 0)
        return np.asarray(np.logaddexp(log_ndtr((p[0] - x) / p[1]), log_ndtr(-(x + p[0]) / p[1])))

    def quantile(self, share: Floats, p: Floats) -> Floats:
        u = np.atleast_1d(np.asarray(share, dtype=np.float64))
        low, high = np.zeros(u.shape), np.full(u.shape, abs(p[0]) + 40 * p[1])
        for _ in range(90):
            middle = (low + high) / 2
            under = np.where(
                u < 0.5,
                np.exp(self.log_distribution(middle, p)) < u,
                np.exp(self.log_survival(middle, p)) > 1 - u,
            )
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2).reshape(np.shape(share))

    def sample(self, n: int, p: Floats, generator: np.random.Generator) -> Floats:
        return np.abs(generator.normal(p[0], p[1], n))


def _log(name: str, names: tuple[str, ...], law: Law, form: str = "") -> tuple[Family, Family]:
    """Return a law of positive values, and the same above a threshold."""
    third = (*names, "threshold")
    return Family(name, names, law, "log", False, form), Family(f"{name}_3", third, law, "log", True, form)


_EXTREME, _NORMAL, _LOGISTIC = SmallestExtreme(), Normal(), Logistic()
FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family("normal", ("mean", "sd"), _NORMAL),
        *_log("lognormal", ("log_mean", "log_sd"), _NORMAL),
        *_log("weibull", ("shape", "scale"), _EXTREME, "weibull"),
        Gamma("gamma", ("shape", "scale"), scale="log"),
        Gamma("gamma_3", ("shape", "scale", "threshold"), scale="log", threshold=True),
        Family("logistic", ("location", "scale"), _LOGISTIC),
        *_log("loglogistic", ("location", "scale"), _LOGISTIC),
        Family("exponential", ("scale",), _EXTREME, "log", False, "exponential"),
        Family("exponential_2", ("scale", "threshold"), _EXTREME, "log", True, "exponential"),
        Family("smallest_extreme", ("location", "scale"), _EXTREME),
        Family("largest_extreme", ("location", "scale"), _EXTREME, "minus"),
        FoldedNormal("folded_normal", ("location", "scale")),
        Family("rayleigh", ("scale",), _EXTREME, "log", False, "rayleigh"),
    )
}
