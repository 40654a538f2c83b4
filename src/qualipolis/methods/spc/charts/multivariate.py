"""Charts of several characteristics at once: Hotelling's T² and the multivariate EWMA.

T² of individual vectors: (x − x̄)ᵀ S⁻¹ (x − x̄). In phase I, T² m/(m−1)² ~ Beta(p/2, (m−p−1)/2); a new vector has
T² ~ p(m+1)(m−1)/(m(m−p)) F(p, m−p). T² of subgroup means: n (x̄ᵢ − x̿)ᵀ S̄⁻¹ (x̄ᵢ − x̿), with the pooled covariance S̄; with
m subgroups of n, phase I: p(m−1)(n−1)/(mn−m−p+1) F(p, mn−m−p+1); new subgroups: (m+1) in place of (m−1).

Source: R. L. Mason and J. C. Young (2002), *Multivariate Statistical Process Control with Industrial Applications*,
SIAM; N. D. Tracy, J. C. Young and R. L. Mason (1992), Journal of Quality Technology 24, 88-95; C. A. Lowry et al. (1992),
"A multivariate exponentially weighted moving average control chart", Technometrics 34, 46-53.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Bools, Floats, calibrated


@dataclass(frozen=True, eq=False)
class MultivariateChart:
    """T² (or the MEWMA statistic) of each point, (m,), with its limit and what it was computed from.

    ``parts`` (m, p) are the amounts by which T² falls when a characteristic is left out: they say which one is to
    blame. ``prediction`` is the limit for points that did not take part in the estimates.
    """

    kind: str
    values: Floats
    limit: float
    prediction: float
    center: Floats
    covariance: Floats
    parts: Floats
    calibration: Bools
    confidence: float

    @property
    def beyond(self) -> Bools:
        """Points above the limit; points outside the calibration are held against the limit for new points."""
        found: Bools = self.values > np.where(self.calibration, self.limit, self.prediction)
        return found


def _vectors(data: ArrayLike, axes: int) -> Floats:
    x = np.asarray(data, dtype=np.float64)
    wrong = []
    if x.ndim != axes or x.shape[-1] < 2:
        what = msg("A multivariate chart needs at least two characteristics, one column for each.")
        wrong.append(Problem("few_characteristics", what, place="data"))
    elif not np.isfinite(x).all():
        what, remedy = msg("A value is missing or not a number."), msg("Leave the whole point out.")
        wrong.append(Problem("not_finite", what, remedy, place="data"))
    if wrong:
        raise InputError(wrong)
    return x


def _inverse(covariance: Floats, points: int) -> Floats:
    p = covariance.shape[0]
    if points <= p or np.linalg.matrix_rank(covariance) < p:
        what = msg("The characteristics depend on each other, or there are too few points for %(p)s of them.")
        remedy = msg("Leave a characteristic out that follows from the others, or bring more points.")
        raise InputError([Problem("singular", what, remedy, {"p": p}, "data")])
    return np.asarray(np.linalg.inv(covariance))


def _left_out(apart: Floats, inverse: Floats) -> Floats:
    """Return T² minus T² without each characteristic: (S⁻¹d)ⱼ² / (S⁻¹)ⱼⱼ."""
    return np.asarray((apart @ inverse) ** 2 / np.diag(inverse))


def _confidence(given: float | None, p: int) -> float:
    found = 0.9973**p if given is None else given
    if not 0 < found < 1:
        what = msg("The confidence lies between 0 and 1, for example 0.9973.")
        raise InputError([Problem("bad_confidence", what, place="confidence")])
    return found


def t2_chart(
    data: ArrayLike, *, confidence: float | None = None, calibration: ArrayLike | None = None
) -> MultivariateChart:
    """Return Hotelling's T² chart.

    Parameters
    ----------
    data : (m, p) individual vectors, or (m, n, p) subgroups of n vectors
    confidence : probability that a point under control lies below the limit; 0.9973ᵖ unless given
    calibration : points that estimates come from, a mask or positions from 0

    >>> rng = np.random.default_rng(1)
    >>> chart = t2_chart(rng.standard_normal((30, 3)))
    >>> chart.parts.shape, bool(np.all(chart.values >= chart.parts.max(axis=1) - 1e-9))
    ((30, 3), True)
    """
    grouped = np.ndim(data) == 3
    x = _vectors(data, 3 if grouped else 2)
    used, p = calibrated(len(x), calibration), x.shape[-1]
    level = _confidence(confidence, p)
    m = int(used.sum())
    if grouped:
        n = x.shape[1]
        if n < 2:
            raise InputError([Problem("no_subgroups", msg("Subgroups need at least two values each."), place="data")])
        means = x.mean(axis=1)
        apart = x - means[:, None]
        covariance = np.einsum("mni,mnj->ij", apart[used], apart[used]) / (m * (n - 1))
        inverse = _inverse(covariance, m * (n - 1) + 1)
        limit, prediction = _group_limits(m, n, p, level)
    else:
        n, means = 1, x
        covariance = np.atleast_2d(np.cov(x[used], rowvar=False))
        inverse = _inverse(covariance, m)
        limit, prediction = _single_limits(m, p, level)
    center = means[used].mean(axis=0)
    away = means - center
    values = n * np.einsum("mi,ij,mj->m", away, inverse, away)
    return MultivariateChart(
        "T²", values, limit, prediction, center, covariance, n * _left_out(away, inverse), used, level
    )


def _single_limits(m: int, p: int, level: float) -> tuple[float, float]:
    from scipy.stats import beta, f

    if m <= p + 1:
        what = msg("%(m)s points are too few for %(p)s characteristics.")
        raise InputError([Problem("few_points", what, "", {"m": m, "p": p}, "data")])
    limit = (m - 1) ** 2 / m * beta.ppf(level, p / 2, (m - p - 1) / 2)
    return float(limit), float(p * (m + 1) * (m - 1) / (m * (m - p)) * f.ppf(level, p, m - p))


def _group_limits(m: int, n: int, p: int, level: float) -> tuple[float, float]:
    from scipy.stats import f

    freedom = m * n - m - p + 1
    shared = p * (n - 1) / freedom * f.ppf(level, p, freedom)
    return float((m - 1) * shared), float((m + 1) * shared)


def mewma_chart(
    data: ArrayLike,
    *,
    weight: float = 0.1,
    limit: float,
    steady: bool = False,
    center: ArrayLike | None = None,
    covariance: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> MultivariateChart:
    """Return the multivariate EWMA chart: Zᵢ = λxᵢ + (1 − λ)Zᵢ₋₁, T²ᵢ = Zᵢᵀ Σ_Zᵢ⁻¹ Zᵢ, Σ_Zᵢ = λ(1 − (1−λ)²ⁱ)/(2−λ) Σ.

    Parameters
    ----------
    data : (m, p) vectors in the order of time
    weight : λ
    limit : h, chosen for the wanted run length under control (:func:`~qualipolis.methods.spc.run_length.mewma_arl`)
    steady : use the covariance of the steady state, λ/(2−λ) Σ, from the first point on
    center, covariance : known values; estimated from the calibration unless given

    >>> chart = mewma_chart([[0.0, 0.0], [3.0, 3.0]], limit=8.6, center=[0, 0], covariance=[[1, 0], [0, 1]])
    >>> round(float(chart.values[0]), 6), chart.beyond.tolist()
    (0.0, [False, True])
    """
    x = _vectors(data, 2)
    if not 0 < weight <= 1 or limit <= 0:
        what = msg("The weight lies above 0 and at most at 1, and the limit above 0.")
        raise InputError([Problem("bad_weight", what, place="weight")])
    used = calibrated(len(x), calibration)
    middle = x[used].mean(axis=0) if center is None else np.asarray(center, dtype=np.float64)
    spread = np.cov(x[used], rowvar=False) if covariance is None else np.asarray(covariance, dtype=np.float64)
    inverse = _inverse(np.asarray(spread), len(x) + x.shape[1])
    from scipy.signal import lfilter

    z = np.asarray(lfilter([weight], [1.0, weight - 1], x - middle, axis=0))
    growth = np.full(len(x), weight / (2 - weight))
    if not steady:
        growth *= 1 - (1 - weight) ** (2 * np.arange(1, len(x) + 1))
    values = np.einsum("mi,ij,mj->m", z, inverse, z) / growth
    parts = _left_out(z, inverse) / growth[:, None]
    return MultivariateChart("MEWMA", values, limit, limit, middle, np.asarray(spread), parts, used, float("nan"))
