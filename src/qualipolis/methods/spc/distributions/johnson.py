"""Johnson's curves: z = γ + δ g((x − ξ)/λ) is standard normal, with g = sinh⁻¹ (SU), logit (SB), log (SL), identity (SN).

Three fits: five quantiles (Wheeler), four moments (solved exactly, where the usual programs stop at 1 %), and Slifker and
Shapiro's four quantiles at ±z and ±3z with the z and curve that are nearest to normal.

Source: N. L. Johnson (1949), Biometrika 36, 149-176; R. E. Wheeler (1980), Biometrika 67, 725-728; J. F. Slifker and S. S.
Shapiro (1980), Technometrics 22, 239-246; I. D. Hill, R. Hill and R. L. Holder (1976), Applied Statistics 25, 180-189.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acosh, asinh, exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.normality import anderson_darling

Curve = Literal["SU", "SB", "SL", "SN"]
Way = Literal["quantiles", "moments", "search"]
AT, CLOSE = 1.6448536269514722, 0.1


@dataclass(frozen=True)
class Johnson:
    """A curve with its four parameters, and how it was fitted."""

    curve: Curve
    gamma: float
    delta: float
    xi: float
    scale: float
    way: Way
    n: int

    @property
    def name(self) -> str:
        return f"johnson_{self.curve.lower()}"

    def transform(self, x: ArrayLike) -> Floats:
        """Return z; ±∞ beyond the ends of a bounded curve."""
        u = (np.asarray(x, dtype=np.float64) - self.xi) / self.scale
        with np.errstate(all="ignore"):
            if self.curve == "SU":
                g = np.arcsinh(u)
            elif self.curve == "SL":
                g = np.log(np.maximum(u, 0.0))
            elif self.curve == "SB":
                inside = np.clip(u, 0.0, 1.0)
                g = np.log(inside) - np.log1p(-inside)
            else:
                g = u
        return np.asarray(self.gamma + self.delta * g)

    def back(self, z: ArrayLike) -> Floats:
        g = (np.asarray(z, dtype=np.float64) - self.gamma) / self.delta
        return np.asarray(self.xi + self.scale * _shape(self.curve, g))

    def distribution(self, x: ArrayLike) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr(self.transform(x)))

    def survival(self, x: ArrayLike) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr(-self.transform(x)))

    def quantile(self, share: ArrayLike) -> Floats:
        from scipy.special import ndtri

        return self.back(ndtri(np.asarray(share, dtype=np.float64)))

    def sample(self, n: int, generator: np.random.Generator) -> Floats:
        return self.back(generator.standard_normal(n))

    def again(self, x: ArrayLike) -> Johnson:
        return fit_johnson(x, self.way)


def _shape(curve: Curve, g: Floats) -> Floats:
    with np.errstate(over="ignore"):
        if curve == "SU":
            return np.asarray(np.sinh(g))
        if curve == "SB":
            return np.asarray(1 / (1 + np.exp(-g)))
        return np.asarray(np.exp(g) if curve == "SL" else g)


def fit_johnson(values: ArrayLike, way: Way = "quantiles") -> Johnson:
    """Return the Johnson curve fitted by ``"quantiles"`` (Wheeler), ``"moments"`` or ``"search"`` (Slifker-Shapiro).

    Raises
    ------
    InputError
        Fewer than 10 values, no spread, or quantiles or moments that no curve has.

    >>> fit_johnson(np.random.default_rng(3).gamma(2, 1, 500)).curve
    'SB'
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    x = np.sort(x[~np.isnan(x)])
    if len(x) < 10 or not np.isfinite(x).all():
        what = msg("A fit needs at least %(least)s numbers.")
        raise InputError([Problem("few_values", what, "", {"least": 10}, "values")])
    if x[0] == x[-1]:
        what = msg("All values are equal: there is no spread to judge.")
        raise InputError([Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="values")])
    found = {"quantiles": _wheeler, "moments": _moments, "search": _search}[way](x)
    if found is None:
        what = msg("No Johnson curve has these quantiles or moments.")
        raise InputError([Problem("no_curve", what, msg("Try another distribution."), place="values")])
    return found


def _wheeler(x: Floats) -> Johnson | None:
    xn, xm, x0, xk, xp = np.quantile(x, [0.05, 0.206, 0.5, 0.794, 0.95])
    if not (xn < xm < x0 < xk < xp):
        return None
    t, tu = (xp - x0) / (x0 - xn), (xp - xn) / (xk - xm)
    tb = 0.5 * ((xk - x0) * (xp - xn) / ((xp - xk) * (x0 - xn)) + (x0 - xm) * (xp - xn) / ((xm - xn) * (xp - x0)))
    ratio = tb / tu
    if abs(ratio - 1) < CLOSE:
        curve: Curve = "SN" if abs(t - 1) < CLOSE else "SL"
        gamma, delta = 0.0, (1.0 if curve == "SN" else AT / log(t))
    else:
        curve = "SB" if ratio > 1 else "SU"
        half = (tb if curve == "SB" else tu) / 2
        if half <= 1:
            return None
        delta = AT / 2 / acosh(half)
        b = exp(AT / delta)
        if not 1 / b < t < b:
            return None
        gamma = -delta * log((t - b) / (1 - t * b)) if curve == "SB" else -0.5 * delta * log((1 - t * b) / (t - b))
    shape = _shape(curve, (AT * np.array([-1, -0.5, 0, 0.5, 1]) - gamma) / delta)
    slope, start = np.polyfit(shape, [xn, xm, x0, xk, xp], 1)
    return Johnson(curve, gamma, delta, float(start), float(slope), "quantiles", len(x))


def _moments(x: Floats) -> Johnson | None:
    mean, sd = float(x.mean()), float(x.std())
    centred = (x - mean) / sd
    skew, kurtosis = float(np.mean(centred**3)), float(np.mean(centred**4))
    if abs(skew) <= CLOSE and abs(kurtosis - 3) <= CLOSE:
        return Johnson("SN", 0.0, 1.0, mean, sd, "moments", len(x))
    square = skew**2
    u = (1 + square / 2 + sqrt(square + square**2 / 4)) ** (1 / 3)
    w = u + 1 / u - 1
    gap = w * w * (3 + w * (2 + w)) - 3 - kurtosis  # how far below the line of lognormal laws
    if abs(gap) < CLOSE and skew != 0:
        sign = 1.0 if skew > 0 else -1.0
        delta = 1 / sqrt(log(w))
        gamma = 0.5 * delta * log(w * (w - 1) / sd**2)
        return Johnson("SL", sign * gamma, sign * delta, mean - sign * sd / sqrt(w - 1), sign, "moments", len(x))
    return _solved("SU" if gap < 0 else "SB", mean, sd, skew, kurtosis, len(x))


def _standard(curve: Curve, gamma: float, delta: float) -> tuple[float, float, float, float]:
    """Return mean, standard deviation, skewness and kurtosis for ξ = 0, λ = 1, by the trapezoidal rule."""
    z = np.linspace(-12, 12, 1201)
    weight = np.exp(-(z**2) / 2)
    weight /= weight.sum()
    y = _shape(curve, (z - gamma) / delta)
    mean = float(weight @ y)
    away = y - mean
    sd = sqrt(float(weight @ away**2))
    return mean, sd, float(weight @ (away / sd) ** 3), float(weight @ (away / sd) ** 4)


def _solved(curve: Curve, mean: float, sd: float, skew: float, kurtosis: float, n: int) -> Johnson | None:
    from scipy.optimize import least_squares

    def missed(point: Floats) -> Floats:
        _, _, s, k = _standard(curve, float(point[0]), float(np.exp(point[1])))
        return np.array([s - skew, (k - kurtosis) / 2])

    best = None
    for start in ((-np.sign(skew) * 1.0, 0.7), (-np.sign(skew) * 3.0, 1.1), (0.0, 0.3)):
        first = np.array(start) if curve == "SU" else np.array([-start[0], start[1]])
        found = least_squares(missed, first, bounds=([-60, -1.6], [60, 4.0]), xtol=1e-13, ftol=1e-13, gtol=1e-13)
        best = found if best is None or found.cost < best.cost else best
        if best.cost < 1e-18:
            break
    if best is None or best.cost > 1e-12:
        return None
    gamma, delta = float(best.x[0]), float(np.exp(best.x[1]))
    middle, spread, _, _ = _standard(curve, gamma, delta)
    scale = sd / spread
    return Johnson(curve, gamma, delta, mean - scale * middle, scale, "moments", n)


def _search(x: Floats) -> Johnson | None:
    """Return the curve and z of 0.25 … 1.25 whose transformed values are nearest to normal by Anderson-Darling."""
    from scipy.special import ndtr

    best, least = None, np.inf
    n = len(x)
    for z in np.arange(25, 126) / 100:
        places = np.clip(n * ndtr(z * np.array([-3.0, -1.0, 1.0, 3.0])) - 0.5, 0, n - 1)
        four = np.interp(places, np.arange(n), x)
        for curve in _four_quantiles(four, float(z), n):
            y = curve.transform(x)
            if not np.isfinite(y).all() or not np.ptp(y) > 0:
                continue
            statistic = anderson_darling(ndtr((y - y.mean()) / y.std(ddof=1))).statistic
            if statistic < least:
                best, least = curve, statistic
    return best


def _four_quantiles(x: Floats, z: float, n: int) -> list[Johnson]:
    m, p, low = float(x[3] - x[2]), float(x[2] - x[1]), float(x[1] - x[0])
    if min(m, p, low) <= 0:
        return []
    found, centre = [], float(x[1] + x[2]) / 2
    a, b, over = m / p, low / p, m * low / p**2
    if over > 1 and a + b > 2:
        delta = 2 * z / acosh((a + b) / 2)
        gamma = delta * asinh((b - a) / (2 * sqrt(over - 1)))
        scale = 2 * p * sqrt(over - 1) / ((a + b - 2) * sqrt(a + b + 2))
        found.append(Johnson("SU", gamma, delta, centre + p * (b - a) / (2 * (a + b - 2)), scale, "search", n))
    c, d = 1 / a, 1 / b
    if c * d > 1 and (1 + c) * (1 + d) > 4:
        inside = (1 + c) * (1 + d)
        delta = z / acosh(0.5 * sqrt(inside))
        gamma = delta * asinh((d - c) * sqrt(inside - 4) / (2 * (c * d - 1)))
        scale = p * sqrt((inside - 2) ** 2 - 4) / (c * d - 1)
        found.append(
            Johnson("SB", gamma, delta, centre - scale / 2 + p * (d - c) / (2 * (c * d - 1)), scale, "search", n)
        )
    if a > 1:
        delta = 2 * z / log(a)
        gamma = delta * log((a - 1) / (p * sqrt(a)))
        found.append(Johnson("SL", gamma, delta, centre - p / 2 * (a + 1) / (a - 1), 1.0, "search", n))
    return found
