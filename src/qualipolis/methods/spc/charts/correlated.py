"""Charts of values that depend on those before: of forecast errors, and around a wandering centre line.

Which, and why. Where the process has a fixed mean that it returns to (|φ| clearly below 1), chart the errors of its
first-order model: they are independent, so every rule keeps its false-alarm rate. Where the mean wanders (φ near 1,
tanks and furnaces), no limits around a fixed mean exist: chart each value around the EWMA of those before, which says
where it was expected. Wider limits around a fixed mean keep the false alarms of one point, not those of runs of points,
and are not offered.

    xᵢ = μ + φ(xᵢ₋₁ − μ) + eᵢ        eᵢ charted at 0 ± k σ_e
    xᵢ charted at zᵢ₋₁ ± k σ_p,       zᵢ = λxᵢ + (1 − λ)zᵢ₋₁

(μ, φ) by exact likelihood, missing points included; a gap of g points has the correlation φᵍ. λ minimises the squared
forecast errors.

Source: L. C. Alwan and H. V. Roberts (1988), "Time-series modeling for statistical process control", J. Business &
Economic Statistics 6, 87-95; D. C. Montgomery and C. M. Mastrangelo (1991), "Some statistical process control methods for
autocorrelated data", Journal of Quality Technology 23, 179-193; D. C. Montgomery (2013), 7th ed., section 10.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, Limits, calibrated, series

LEAST = 20
DIFFERS = msg(
    "Minitab asks for the residuals of a model fitted elsewhere; qcc has none. Here the model is fitted by exact"
    " likelihood to the calibration points only."
)


@dataclass(frozen=True)
class FirstOrder:
    """A first-order autoregression: mean, φ, standard deviation of the errors and of the values, and points used."""

    mean: float
    phi: float
    error_sd: float
    points: int

    @property
    def sd(self) -> float:
        """Standard deviation of the values themselves, σ_e/√(1 − φ²)."""
        return float(self.error_sd / np.sqrt(1 - self.phi**2))


@dataclass(frozen=True, eq=False, repr=False)
class ForecastChart(ControlChart):
    """A chart of dependent values: ``forecast`` of each point from those before, and the model or the weight behind it."""

    forecast: Floats | None = None
    model: FirstOrder | None = None
    weight: float | None = None


def first_order(values: ArrayLike, calibration: ArrayLike | None = None) -> FirstOrder:
    """Return the first-order autoregression of a series, by exact likelihood; NaN is a missing point.

    >>> rng = np.random.default_rng(3)
    >>> from scipy.signal import lfilter
    >>> found = first_order(lfilter([1], [1, -0.7], rng.normal(0, 1, 2000)) + 5)
    >>> round(found.phi, 2), round(found.error_sd, 2)
    (0.71, 0.99)
    """
    from scipy.optimize import minimize_scalar

    x = _single(values)
    kept = ~np.isnan(x) & calibrated(len(x), calibration)
    position, y = np.flatnonzero(kept), x[kept]
    if len(y) < LEAST or np.ptp(y) == 0:
        what = msg("A model of dependence needs at least %(least)s different values; there are %(n)s.")
        raise InputError([Problem("few_values", what, "", {"n": len(y), "least": LEAST}, "values")])
    gaps = np.diff(position)

    def cost(phi: float) -> float:
        _, squares, log_scale = _profile(phi, gaps, y)
        return float(len(y) * np.log(squares) + log_scale)

    grid = np.linspace(-0.99, 0.999, 60)
    best = int(np.argmin([cost(phi) for phi in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    phi = float(minimize_scalar(cost, bounds=(low, high), method="bounded", options={"xatol": 1e-10}).x)
    mean, squares, _ = _profile(phi, gaps, y)
    return FirstOrder(mean, phi, float(np.sqrt(squares / (len(y) - 2))), len(y))


def _single(values: ArrayLike) -> Floats:
    x = series(values)
    if x.ndim != 1:
        raise InputError(
            [Problem("many_series", msg("Give one series of values in the order of time."), place="values")]
        )
    return x


def _profile(phi: float, gaps: np.ndarray, y: Floats) -> tuple[float, float, float]:
    """Return the best mean for φ, the squares in units of σ_e², and the sum of the logarithms of the scales."""
    carried = np.concatenate([[0.0], phi**gaps])
    scale = (1 - carried**2) / (1 - phi**2)
    weight = 1 / np.sqrt(scale)
    before = np.concatenate([[0.0], y[:-1]])
    target, slope = (y - carried * before) * weight, (1 - carried) * weight
    mean = float(slope @ target / (slope @ slope))
    left = target - mean * slope
    return mean, float(left @ left), float(np.sum(np.log(scale)))


def residual_chart(
    values: ArrayLike,
    *,
    model: FirstOrder | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ForecastChart:
    """Return the chart of the forecast errors of a first-order model: for a process that returns to its mean.

    Each error has its own σ: the first, and those after a gap, are less certain. A shift of the mean by δ shows as δ at
    once and as (1 − φ)δ from then on, so with positive φ later points are less telling: look at the first.

    Parameters
    ----------
    values : (m,) in the order of time; NaN is a missing point
    model : a known model (a frozen phase); fitted to the calibration unless given
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : points that the model comes from, a mask or positions from 0

    Raises
    ------
    InputError
        Fewer than 20 values, or no spread.

    >>> from scipy.signal import lfilter
    >>> x = lfilter([1], [1, -0.8], np.random.default_rng(1).normal(0, 1, 300))
    >>> chart = residual_chart(x)
    >>> int(chart.beyond.sum()), chart.model.points
    (2, 300)
    """
    x = _single(values)
    used = calibrated(len(x), calibration)
    found = first_order(x, used) if model is None else model
    if not -1 < found.phi < 1 or not found.error_sd > 0:
        what = msg("A model has φ between -1 and 1 and a standard deviation above 0.")
        raise InputError([Problem("bad_model", what, place="model")])
    forecast, scale = _forecasts(x, found)
    limits = Limits(sigmas, confidence)
    each = found.error_sd * scale
    words: dict[str, object] = {"model": "given" if model is not None else "AR(1), exact likelihood"}
    words |= {"phi": found.phi, "differs": DIFFERS} | limits.words()
    return ForecastChart(
        "e", x - forecast, np.zeros(1), -limits.width * each, limits.width * each, each, None,
        np.asarray(found.error_sd), used, words, forecast, found,
    )  # fmt: skip


def _forecasts(x: Floats, model: FirstOrder) -> tuple[Floats, Floats]:
    """Return the forecast of each point from the last one measured, and √(variance of its error) in units of σ_e."""
    position = np.arange(len(x))
    known = ~np.isnan(x)
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(known, position, -1))[:-1]])
    carried = np.where(last >= 0, model.phi ** np.maximum(position - last, 1), 0.0)
    before = np.where(last >= 0, x[np.maximum(last, 0)], model.mean)
    forecast = model.mean + carried * (before - model.mean)
    return forecast, np.sqrt((1 - carried**2) / (1 - model.phi**2))


def wandering_chart(
    values: ArrayLike,
    *,
    weight: float | None = None,
    start: float | None = None,
    std: float | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ForecastChart:
    """Return values around the EWMA of those before: for a mean that wanders and has nowhere to return to.

    It finds jumps, not slow drifts: those are what the centre line follows. Exact where changes of the mean are
    random steps (an IMA(1, 1) process with θ = 1 − λ).

    Parameters
    ----------
    values : (m,) in the order of time; NaN is a missing point
    weight, start, std : known λ, first forecast and σ of the forecast errors (a frozen phase); estimated unless given
    sigmas, confidence, calibration : as for :func:`residual_chart`

    >>> rng = np.random.default_rng(4)  # λ²/(1 − λ) = 0.4², so λ = 0.33
    >>> chart = wandering_chart(np.cumsum(rng.normal(0, 0.4, 1000)) + rng.normal(0, 1, 1000))
    >>> round(chart.weight, 2), int(chart.beyond.sum())
    (0.33, 1)
    """
    x = _single(values)
    used = calibrated(len(x), calibration)
    kept = used & ~np.isnan(x)
    if kept.sum() < LEAST or np.ptp(x[kept]) == 0:
        what = msg("A model of dependence needs at least %(least)s different values; there are %(n)s.")
        params = {"n": int(kept.sum()), "least": LEAST}
        raise InputError([Problem("few_values", what, "", params, "values")])
    if (weight is not None and not 0 < weight <= 1) or (std is not None and not std > 0):
        what = msg("The weight lies above 0 and at most at 1, and the standard deviation above 0.")
        raise InputError([Problem("bad_weight", what, place="weight")])
    first = float(x[kept][: LEAST // 4].mean()) if start is None else float(start)
    share = _best_weight(x, first, kept) if weight is None else float(weight)
    forecast = _before(x, first, share)
    errors = (x - forecast)[kept]
    spread = float(np.sqrt(np.mean(errors**2))) if std is None else float(std)
    limits = Limits(sigmas, confidence)
    words: dict[str, object] = {"weight": share, "sigma": "given" if std is not None else "forecast errors"}
    words |= {"differs": DIFFERS} | limits.words()
    return ForecastChart(
        "MCEWMA", x, forecast, forecast - limits.width * spread, forecast + limits.width * spread, np.full(1, spread),
        None, np.asarray(spread), used, words, forecast, None, share,
    )  # fmt: skip


def _before(x: Floats, start: float, weight: float) -> Floats:
    """Return the EWMA of the values before each point; a missing one leaves it as it was."""
    found, last = np.empty(len(x)), start
    for i, value in enumerate(x.tolist()):
        found[i] = last
        if value == value:
            last += weight * (value - last)
    return found


def _best_weight(x: Floats, start: float, kept: Bools) -> float:
    """Return λ with the smallest squared forecast errors of the points that set the limits."""
    from scipy.optimize import minimize_scalar

    def cost(weight: float) -> float:
        errors = (x - _before(x, start, weight))[kept]
        return float(errors @ errors)

    grid = np.linspace(0.025, 1.0, 20)
    best = int(np.argmin([cost(float(weight)) for weight in grid]))
    bounds = (float(grid[max(best - 1, 0)]) if best else 0.005, float(grid[min(best + 1, 19)]))
    return float(minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 1e-6}).x)
