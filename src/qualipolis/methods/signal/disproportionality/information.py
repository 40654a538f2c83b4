"""The information component: how many doublings a pair is reported more often than by chance."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, gammaincinv, zeta

from qualipolis.methods.signal.disproportionality.ratios import Z95, Ratio
from qualipolis.methods.signal.disproportionality.tables import Floats, Tables

LN2 = float(np.log(2.0))


def information_component(n: Floats, expected: Floats, *, shrink: float = 0.5, level: float = 0.95) -> Ratio:
    """Return ``IC = log₂[(n + ½) / (E + ½)]`` with its credible interval.

    The relative reporting rate has the posterior Gamma(n + ½, E + ½); the interval takes its quantiles. The half shrinks
    what rests on few reports towards 0 (no association).

    References
    ----------
    G. N. Norén, J. Hopstadius, A. Bate (2013), Statistical Methods in Medical Research 22, 57-69.

    >>> found = information_component(np.array([8.0]), np.array([2.0]))
    >>> found.estimate.round(3).tolist(), found.low.round(3).tolist(), found.high.round(3).tolist()
    ([1.766], [0.597], [2.594])
    """
    shape, rate = n + shrink, expected + shrink
    tail = (1 - level) / 2
    low, high = (np.log2(gammaincinv(shape, q) / rate) for q in (tail, 1 - tail))
    return Ratio(np.log2(shape / rate), low, high)


def bcpnn(tables: Tables) -> tuple[Floats, Floats, Floats]:
    """Return the mean of the IC in the Bayesian confidence propagation neural network, its variance and lower limit.

    Reports with left, with right and with both have Beta posteriors with means ``(a+b+1)/(N+2)``, ``(a+c+1)/(N+2)`` and
    ``(a+1)/(N+γ)``, ``γ = (N+2)² / [(a+b+1)(a+c+1)]`` so that the prior IC is 0. Mean and variance of the logarithms are
    exact (digamma and trigamma); the lower limit is the 2.5 % point of the normal distribution with them.

    References
    ----------
    A. Bate et al. (1998), European Journal of Clinical Pharmacology 54, 315-321; A. L. Gould (2003),
    Pharmacoepidemiology and Drug Safety 12, 559-574.

    >>> mean, variance, low = bcpnn(Tables([20], [80], [100], [9800]))
    >>> mean.round(3).tolist(), variance.round(4).tolist(), low.round(3).tolist()
    ([3.219], [0.139], [2.488])
    """
    total, row, column = tables.n, tables.a + tables.b + 1, tables.a + tables.c + 1
    prior = (total + 2) * ((total + 2) / (row * column))
    psi = digamma
    mean = psi(tables.a + 1) - psi(total + prior) - psi(row) - psi(column) + 2 * psi(total + 2)
    both = _trigamma(tables.a + 1) - _trigamma(total + prior)
    variance: Floats = both + _trigamma(row) + _trigamma(column) - 2 * _trigamma(total + 2)
    return mean / LN2, variance / LN2**2, (mean - Z95 * np.sqrt(variance)) / LN2


def _trigamma(x: Floats) -> Floats:
    # ψ'(x) = ζ(2, x), Hurwitz
    return np.asarray(zeta(2.0, x), dtype=np.float64)
