"""The mean of y given x by a penalised cubic spline, for a sample and all its resamples at once."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.composite.data import Floats

KNOTS = 8
PENALTIES = 10.0 ** np.linspace(-6, 4, 21)


def correlation_ratio(x: Floats, y: Floats, counts: Floats | None = None) -> Floats:
    r"""Return V(E[y | x]) / V(y) for each row of counts, between 0 and 1; 0 where x or y does not vary.

    A cubic spline with 8 inner knots at quantiles of x; all that bends it (square, cube and truncated cubes) is shrunk
    towards the straight line by a ridge whose strength minimises generalised cross-validation. With residual sum of squares RSS and ``e``
    effective degrees of freedom, the share is :math:`1 - \frac{RSS/(n-e)}{TSS/(n-1)}`, the adjusted one. A resample
    enters by how often it takes each unit, so that all resamples cost one product of matrices; knots are the sample's.

    Parameters
    ----------
    x, y : (n,), complete
    counts : (samples, n) how often each unit is taken; by default each once, (1, n)

    Sources: Ruppert, Wand and Carroll (2003), *Semiparametric Regression*, ch. 3 and 5; Craven and Wahba (1979) for
    generalised cross-validation.

    >>> x = np.linspace(-1, 1, 200)
    >>> correlation_ratio(x, x**2).round(3).tolist()
    [1.0]
    """
    n = len(x)
    taken = np.ones((1, n)) if counts is None else counts
    if np.ptp(x) <= 0 or np.ptp(y) <= 0:
        return np.zeros(len(taken))
    basis, penalty = _basis((x - x.mean()) / x.std())
    centred = (y - y.mean()) / y.std()
    p = basis.shape[1]
    rows = np.concatenate([basis, centred[:, None]], axis=1)
    products = (rows[:, :, None] * rows[:, None, :]).reshape(n, -1)
    table = (taken @ products).reshape(len(taken), p + 1, p + 1)
    inner, outer, whole = table[:, :p, :p], table[:, :p, p], table[:, p, p]
    rss, freedom = _fits(inner, outer, whole, penalty)
    best = np.argmin(rss / np.maximum(n - freedom, 1e-9) ** 2, axis=1)[:, None]
    rss, freedom = np.take_along_axis(rss, best, 1)[:, 0], np.take_along_axis(freedom, best, 1)[:, 0]
    total = whole - (taken @ centred) ** 2 / n
    share = 1 - (rss / np.maximum(n - freedom, 1)) / (np.maximum(total, 1e-12) / (n - 1))
    return np.asarray(np.where(total > 1e-12, np.clip(share, 0.0, 1.0), 0.0))


def _basis(z: Floats) -> tuple[Floats, Floats]:
    """Return orthonormal columns, (n, 4 + knots): the line, then what bends it; and the penalty on each."""
    knots = np.quantile(z, np.linspace(0, 1, KNOTS + 2)[1:-1])
    line, _ = np.linalg.qr(np.stack([np.ones_like(z), z], axis=1))
    bends = np.concatenate([np.stack([z**2, z**3], axis=1), np.clip(z[:, None] - knots, 0, None) ** 3], axis=1)
    left, singular, _ = np.linalg.svd(bends - line @ (line.T @ bends), full_matrices=False)
    weak = np.maximum(singular, 1e-7 * max(float(singular[0]), 1e-300))
    penalty = np.concatenate([np.zeros(2), (weak[0] / weak) ** 2])
    return np.concatenate([line, left], axis=1), penalty


def _fits(inner: Floats, outer: Floats, whole: Floats, penalty: Floats) -> tuple[Floats, Floats]:
    """Return residual sum of squares and effective degrees of freedom, (samples, penalties)."""
    small = 1e-10 * np.eye(len(penalty))
    rss, freedom = np.empty((len(whole), len(PENALTIES))), np.empty((len(whole), len(PENALTIES)))
    for k, strength in enumerate(PENALTIES):
        solved = np.linalg.solve(
            inner + strength * np.diag(penalty) + small, np.concatenate([inner, outer[..., None]], 2)
        )
        hat, beta = solved[..., :-1], solved[..., -1]
        freedom[:, k] = np.trace(hat, axis1=1, axis2=2)
        fitted = np.einsum("sij,si,sj->s", inner, beta, beta)
        rss[:, k] = np.maximum(whole - 2 * (beta * outer).sum(axis=1) + fitted, 0.0)
    return rss, freedom
