"""How R reads a likelihood interval off a profile: a spline through a few points, then straight lines between more.

Only the reference needs it; our own bounds are the roots.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import f as f_law
from scipy.stats import norm
from scipy.stats import t as t_law


def profile_interval(p, v, weights, has, df, level):
    """Return the bounds as R's ``svyciprop(method = "likelihood")`` gets them."""
    n, last = weights.size, last_but_one(weights / weights.mean(), has)
    inflation = v * n * last * (1 - last) / (p * (1 - p)) ** 2
    cut = t_law.ppf((1 - level) / 2, df) * np.sqrt(inflation)
    alpha = norm.cdf(cut) / 2
    most = np.sqrt(f_law.isf(alpha, 1, n - 1))
    middle, step = np.log(p / (1 - p)), most / 5 * np.sqrt(v) / (p * (1 - p))
    points = {0.0: middle}
    for side in (-1, 1):
        z, k = 0.0, 1
        while k < 10 and abs(z) < most:
            eta = middle + side * k * step
            z = side * np.sqrt(_deviance(eta, p, n) * (n - 1) / n)
            points[z] = eta
            k += 1
    zs = np.array(sorted(points))
    etas, taus = fmm(np.array([points[z] for z in zs]), zs, 3 * zs.size)
    bounds = np.interp([cut, -cut], taus, etas)
    return 1 / (1 + np.exp(-bounds))


def last_but_one(w, y):
    """The proportion before the last step of iterative fitting: R keeps the information matrix of that step."""
    mu = (w * y + 0.5) / (w + 1)
    deviance = -2 * (w * np.where(y == 1, np.log(mu), np.log(1 - mu))).sum()
    while True:
        slope = mu * (1 - mu)
        eta = (w * slope * (np.log(mu / (1 - mu)) + (y - mu) / slope)).sum() / (w * slope).sum()
        before, mu = mu, np.full(y.size, 1 / (1 + np.exp(-eta)))
        after = -2 * (w * np.where(y == 1, np.log(mu), np.log(1 - mu))).sum()
        if abs(after - deviance) / (abs(after) + 0.1) < 1e-8:
            return before[0]
        deviance = after


def _deviance(eta, p, n):
    middle = np.log(p / (1 - p))

    def loglik(x):
        return -p * np.logaddexp(0, -x) - (1 - p) * np.logaddexp(0, x)

    return 2 * n * (loglik(middle) - loglik(eta))


def fmm(x, y, size):
    """Cubic spline whose end pieces have the third derivative of the cubic through the four points there
    (Forsythe, Malcolm and Moler 1977), at ``size`` even points."""
    n, d = x.size, np.diff(x)
    slopes = np.diff(y) / d
    matrix, right = np.zeros((n, n)), np.zeros(n)
    for i in range(1, n - 1):
        matrix[i, i - 1 : i + 2] = d[i - 1], 2 * (d[i - 1] + d[i]), d[i]
        right[i] = slopes[i] - slopes[i - 1]
    second = [(slopes[i + 1] - slopes[i]) / (x[i + 2] - x[i]) for i in range(n - 2)]
    third = [(second[i + 1] - second[i]) / (x[i + 3] - x[i]) for i in range(n - 3)]
    matrix[0, :2], right[0] = (-d[0], d[0]), d[0] ** 2 * third[0]
    matrix[-1, -2:], right[-1] = (d[-1], -d[-1]), -(d[-1] ** 2) * third[-1]
    c = np.linalg.solve(matrix, right)
    at = np.linspace(x[0], x[-1], size)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    h, b = at - x[i], slopes - d * (c[1:] + 2 * c[:-1])
    return at, y[i] + h * (b[i] + h * (3 * c[i] + h * (np.diff(c) / d)[i]))
