"""Power transformations that bring values close to a normal distribution.

Box-Cox: y = (xᵠ − 1)/φ, log x for φ = 0; φ maximises −(n/2) log σ̂²(φ) + (φ − 1) Σ log x, its interval is where twice the
loss stays below the χ²₁ quantile. Exponents beyond ±5 are not
looked for: values that ask for one have a spread that is small beside their size, where no power helps. Yeo-Johnson does the same for values of any sign.

Source: G. E. P. Box and D. R. Cox (1964), JRSS B 26, 211-252; I.-K. Yeo and R. A. Johnson (2000), Biometrika 87, 954-959.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

Kind = Literal["box_cox", "yeo_johnson"]
WIDEST = 5.0


@dataclass(frozen=True)
class PowerFit:
    """The exponent with its interval, mean and standard deviation (n − 1) of the transformed values, the likelihood."""

    kind: Kind
    power: float
    low: float
    high: float
    mean: float
    sd: float
    likelihood: float
    n: int
    shift: float = 0.0

    @property
    def name(self) -> str:
        return self.kind

    def transform(self, x: ArrayLike) -> Floats:
        """Return values carried to the scale where they are nearly normal; −∞ or the edge outside their range."""
        make = box_cox if self.kind == "box_cox" else yeo_johnson
        return make(np.asarray(x, dtype=np.float64) + self.shift, self.power)

    def back(self, y: ArrayLike) -> Floats:
        y = np.asarray(y, dtype=np.float64)
        if self.kind == "box_cox":
            return _box_cox_back(y, self.power) - self.shift
        high, low = (
            _box_cox_back(np.maximum(y, 0), self.power) - 1,
            1 - _box_cox_back(np.maximum(-y, 0), 2 - self.power),
        )
        return np.where(y >= 0, high, low) - self.shift

    def distribution(self, x: ArrayLike) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr((self.transform(x) - self.mean) / self.sd))

    def survival(self, x: ArrayLike) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr((self.mean - self.transform(x)) / self.sd))

    def quantile(self, share: ArrayLike) -> Floats:
        from scipy.special import ndtri

        return self.back(self.mean + self.sd * np.asarray(ndtri(np.asarray(share, dtype=np.float64))))

    def sample(self, n: int, generator: np.random.Generator) -> Floats:
        return self.back(generator.normal(self.mean, self.sd, n))

    def again(self, x: ArrayLike) -> PowerFit:
        return fit_power(x, self.kind, shift=self.shift)


def box_cox(x: ArrayLike, power: float) -> Floats:
    """Return (xᵠ − 1)/φ, continuous at φ = 0; values at 0 or below go to the lower edge.

    >>> box_cox([1.0, 4.0], 0.5).tolist()
    [0.0, 2.0]
    """
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(np.asarray(x, dtype=np.float64), 0.0))
    if abs(power) < 1e-12:
        return np.asarray(logs)
    return np.asarray(np.expm1(power * logs) / power)


def _box_cox_back(y: Floats, power: float) -> Floats:
    if abs(power) < 1e-12:
        return np.asarray(np.exp(y))
    with np.errstate(all="ignore"):
        inside = np.maximum(power * y, -1.0)
        return np.asarray(np.exp(np.log1p(inside) / power))


def yeo_johnson(x: ArrayLike, power: float) -> Floats:
    """Return the Yeo-Johnson transformation: Box-Cox of 1 + x, and of 1 − x with 2 − φ, its sign turned, below 0.

    >>> yeo_johnson([-1.0, 0.0, 6.0], 2.0).round(6).tolist()
    [-0.693147, 0.0, 24.0]
    """
    x = np.asarray(x, dtype=np.float64)
    high, low = box_cox(1 + np.maximum(x, 0), power), box_cox(1 + np.maximum(-x, 0), 2 - power)
    return np.where(x >= 0, high, -low)


def fit_power(
    values: ArrayLike,
    kind: Kind = "box_cox",
    *,
    power: float | None = None,
    shift: float = 0.0,
    confidence: float = 0.95,
) -> PowerFit:
    """Return the transformation with its likeliest exponent, or the one given.

    Raises
    ------
    InputError
        Too few values, no spread, or values at 0 or below for Box-Cox.

    >>> found = fit_power(np.exp(np.random.default_rng(2).normal(0, 1, 300)))
    >>> found.low < 0 < found.high
    True
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    x = x[~np.isnan(x)] + shift
    _refuse(x, kind)
    likelihood = _Likelihood(x, kind)
    best, low, high = (power, power, power) if power is not None else _interval(likelihood, confidence)
    y = box_cox(x, best) if kind == "box_cox" else yeo_johnson(x, best)
    if not np.isfinite(y).all() or not np.ptp(y) > 0:
        what = msg("The transformation does not spread the values.")
        raise InputError([Problem("no_spread", what, msg("Try a distribution instead."), place="values")])
    return PowerFit(kind, best, low, high, float(y.mean()), float(y.std(ddof=1)), likelihood(best), len(x), shift)


def _refuse(x: Floats, kind: Kind) -> None:
    wrong = []
    if len(x) < 3 or not np.isfinite(x).all():
        wrong.append(Problem("few_values", msg("A fit needs at least %(least)s numbers."), "", {"least": 3}, "values"))
    elif np.ptp(x) == 0:
        what = msg("All values are equal: there is no spread to judge.")
        wrong.append(Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="values"))
    elif kind == "box_cox" and x.min() <= 0:
        what = msg("The Box-Cox transformation holds only for values above 0.")
        wrong.append(
            Problem("out_of_range", what, msg("Use Yeo-Johnson, or add a shift that has a reason."), {}, "values")
        )
    if wrong:
        raise InputError(wrong)


class _Likelihood:
    """The profile likelihood of the exponent; values are scaled so that large exponents stay finite."""

    def __init__(self, x: Floats, kind: Kind) -> None:
        self.n, self.kind = len(x), kind
        self.logs = np.sign(x) * np.log1p(np.abs(x)) if kind == "yeo_johnson" else np.log(x)
        self.middle = float(self.logs.mean()) if kind == "box_cox" else 0.0
        self.logs = self.logs - self.middle

    def __call__(self, power: float) -> float:
        with np.errstate(all="ignore"):
            y = self._transformed(power)
            spread = float(y.var())
        rest = (power - 1) * float(self.logs.sum()) - self.n * self.middle
        constant = -self.n / 2 * (np.log(2 * np.pi) + 1)
        return float(constant - self.n / 2 * np.log(spread) + rest) if spread > 0 and np.isfinite(spread) else -np.inf

    def _transformed(self, power: float) -> Floats:
        def grown(logs: Floats, by: float) -> Floats:
            return np.asarray(np.expm1(by * logs) / by if abs(by) > 1e-12 else logs)

        if self.kind == "box_cox":
            return grown(self.logs, power)
        high, low = grown(np.maximum(self.logs, 0), power), grown(np.maximum(-self.logs, 0), 2 - power)
        return np.where(self.logs >= 0, high, -low)


def _interval(likelihood: _Likelihood, confidence: float) -> tuple[float, float, float]:
    from scipy.optimize import brentq, minimize_scalar
    from scipy.special import ndtri

    found = minimize_scalar(
        lambda p: -likelihood(p), bounds=(-WIDEST, WIDEST), method="bounded", options={"xatol": 1e-10}
    )
    best, top = float(found.x), -float(found.fun)
    drop = float(ndtri((1 + confidence) / 2)) ** 2 / 2

    def excess(power: float) -> float:
        return max(likelihood(power), -1e300) - top + drop

    edges = [float(brentq(excess, best, edge, xtol=1e-9)) if excess(edge) < 0 else edge for edge in (-WIDEST, WIDEST)]
    return best, edges[0], edges[1]
