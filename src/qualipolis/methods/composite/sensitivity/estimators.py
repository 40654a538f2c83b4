"""Estimators of Sobol indices from the runs A, B and A with one factor from B, as functions of a few means.

Because an index depends on its rows only through means of products, bootstrap, jackknife and convergence cost one
matrix product each, and numerator and variance are always resampled together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError

ESTIMATORS = ("janon", "saltelli")
SHARED = 5
EACH = 4
Indexes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Moments:
    """Row-wise terms of all estimators, (n, 5 + 4 factors), of outputs less their mean."""

    rows: Floats

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def factors(self) -> int:
        """Number of factors."""
        return int(self.rows.shape[1] - SHARED) // EACH

    @classmethod
    def of(cls, a: Floats, b: Floats, mixed: Floats) -> Moments:
        """Return the terms of outputs ``a``, ``b`` (n,) and ``mixed`` (factors, n)."""
        centre = (a.mean() + b.mean()) / 2
        a, b, mixed = a - centre, b - centre, mixed - centre
        columns = [a, b, a * a, b * b, a * b]
        for z in mixed:
            columns += [z, z * z, b * z, a * z]
        return cls(np.stack(columns, axis=1))


def indices(means: Floats, estimator: str = "janon") -> Floats:
    r"""Return first-order and total indices, (..., 2, factors), from means (..., 5 + 4 factors) of :class:`Moments`.

    With :math:`z` the output of A with factor i from B, ``janon`` is the symmetric estimator on the pair (b, z),

    .. math:: S_i = \frac{\overline{bz} - m^2}{(\overline{b^2} + \overline{z^2})/2 - m^2}, \quad
              m = \frac{\bar b + \bar z}{2}

    which has the smallest asymptotic variance and stays within -1 and 1; ``saltelli`` is
    :math:`\overline{(b - \mu)(z - a)}/V` with the output centred, which the reference does not do. Both take Jansen's
    total :math:`T_i = \overline{(a - z)^2}/(2V)`, :math:`V` the variance of a and b together. 0 where nothing varies.

    Sources: Janon et al. (2014), "Asymptotic normality and efficiency of two Sobol index estimators", ESAIM P&S 18;
    Saltelli et al. (2010), Computer Physics Communications 181; Jansen (1999), ibid. 117.

    >>> a, b = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
    >>> indices(Moments.of(a, b, b[None]).rows.mean(axis=0)).tolist()
    [[1.0], [1.0]]
    """
    if estimator not in ESTIMATORS:
        raise InputError([choice_problem("sobol", "estimator", estimator, ESTIMATORS)])
    a, b, aa, bb, ab = np.moveaxis(means[..., :SHARED], -1, 0)[..., None]
    z, zz, bz, az = np.moveaxis(means[..., SHARED:].reshape(*means.shape[:-1], -1, EACH), -1, 0)
    centre = (a + b) / 2
    variance = (aa + bb) / 2 - centre**2
    if estimator == "janon":
        middle = (b + z) / 2
        top, below = bz - middle**2, (bb + zz) / 2 - middle**2
    else:
        top, below = bz - ab - centre * (z - a), variance
    first = np.divide(top, below, out=np.zeros_like(top), where=below > 1e-300)
    rest = (aa - 2 * az + zz) / 2
    total = np.divide(rest, variance, out=np.zeros_like(rest), where=variance > 1e-300)
    return np.stack([first, total], axis=-2)


def resampled(moments: Moments, times: int, rng: np.random.Generator, estimator: str = "janon") -> Floats:
    """Return indices of resampled rows, (times, 2, factors): a row keeps its a, b and all its mixed outputs.

    >>> resampled(Moments.of(np.arange(8.0), np.arange(8.0), np.arange(8.0)[None]), 3, np.random.default_rng(0)).shape
    (3, 2, 1)
    """
    drawn = rng.integers(0, moments.n, (times, moments.n))
    counts = np.stack([np.bincount(row, minlength=moments.n) for row in drawn]).astype(np.float64)
    return indices(counts @ moments.rows / moments.n, estimator)


def percentile_interval(found: Floats, boot: Floats, level: float) -> Floats:
    """Return the bias-corrected percentile interval of each index, (2, ...).

    With :math:`z_0` the normal quantile of the share of bootstrap values below the estimate, the ends are the quantiles
    at :math:`\\Phi(2 z_0 \\pm z_{\\alpha/2})`. Source: Efron (1987), JASA 82(397).

    >>> percentile_interval(np.array(0.5), np.linspace(0, 1, 101), 0.9).round(2).tolist()
    [0.05, 0.95]
    """
    below = ((boot < found).mean(axis=0) + (boot <= found).mean(axis=0)) / 2
    normal = NormalDist()
    shift = np.vectorize(normal.inv_cdf)(np.clip(below, 1 / (len(boot) + 1), 1 - 1 / (len(boot) + 1)))
    half = normal.inv_cdf((1 + level) / 2)
    ends = np.vectorize(normal.cdf)(np.stack([2 * shift - half, 2 * shift + half]))
    ordered = np.sort(boot, axis=0)
    at = ends * (len(boot) - 1)
    low = np.floor(at).astype(np.intp)
    left = np.take_along_axis(ordered, low, axis=0)
    right = np.take_along_axis(ordered, np.minimum(low + 1, len(boot) - 1), axis=0)
    out: Floats = left + (right - left) * (at - low)
    return out


def scramble_interval(moments: Moments, blocks: Indexes, level: float, estimator: str = "janon") -> Floats:
    """Return intervals from independent scrambles, (2, 2, factors): estimate +- t times the jackknife error.

    Points of one scrambled sequence depend on each other, by design, so resampling them overstates the error. The
    scrambles are independent: leaving out one at a time gives the error of the whole.

    Parameters
    ----------
    moments : of all rows
    blocks : (n,) number of the scramble of each row
    level : of the interval

    Source: Owen (1997), "Scrambled net variance for integrals of smooth functions", Annals of Statistics 25(4), for the
    replication; Quenouille (1956) and Tukey (1958) for the jackknife.

    >>> moments = Moments.of(np.arange(8.0), np.arange(8.0), np.arange(8.0)[None])
    >>> scramble_interval(moments, np.arange(8) // 2, 0.9).shape
    (2, 2, 1)
    """
    labels = np.unique(blocks)
    k = len(labels)
    sums = np.stack([moments.rows[blocks == label].sum(axis=0) for label in labels])
    sizes = np.array([(blocks == label).sum() for label in labels])
    without = indices((sums.sum(axis=0) - sums) / (moments.n - sizes)[:, None], estimator)
    whole = indices(sums.sum(axis=0) / moments.n, estimator)
    error = np.sqrt((k - 1) / k * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    half = student_quantile(level, k - 1) * error
    return np.stack([whole - half, whole + half])


def student_quantile(level: float, freedom: int) -> float:
    """Return t such that \\|T\\| < t with probability ``level``, for whole degrees of freedom, by bisection.

    Source: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.

    >>> round(student_quantile(0.90, 15), 6), round(student_quantile(0.95, 4), 6)
    (1.75305, 2.776445)
    """
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < level else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _inside(angle: float, freedom: int) -> float:
    """P(\\|T\\| < root(freedom) tan(angle))."""
    odd = freedom % 2
    sine, cosine = math.sin(angle), math.cos(angle)
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(2 + odd, freedom + 1, 2):
        total += term
        term *= (k - 1) / k * cosine**2
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
