"""The mean of y given x by penalised cubic splines, over batches of samples."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.composite.data import Floats

KNOTS = 8
PENALTIES = 10.0 ** np.linspace(-6, 4, 21)


def correlation_ratio(x: Floats, y: Floats) -> Floats:
    r"""Return V(E[y | x]) / V(y) of each row of (samples, n), between 0 and 1; 0 where x or y does not vary.

    A cubic spline with 8 inner knots at quantiles of x; its bends (the coefficients of the truncated cubes) are shrunk
    by a ridge whose strength minimises generalised cross-validation. With residual sum of squares RSS and ``e``
    effective degrees of freedom, the share is :math:`1 - \frac{RSS/(n-e)}{TSS/(n-1)}`, the adjusted one.

    Sources: Ruppert, Wand and Carroll (2003), *Semiparametric Regression*, ch. 3 and 5; Craven and Wahba (1979) for
    generalised cross-validation.

    >>> x = np.linspace(-1, 1, 200)[None]
    >>> float(correlation_ratio(x, x**2)[0].round(3))
    1.0
    """
    n = x.shape[1]
    spread = x.std(axis=1)
    z = (x - x.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)[:, None]
    knots = np.quantile(z, np.linspace(0, 1, KNOTS + 2)[1:-1], axis=1).T
    centred = y - y.mean(axis=1, keepdims=True)
    whole = (centred**2).sum(axis=1)
    poly = np.stack([np.ones_like(z), z, z**2, z**3], axis=2)
    bends = np.clip(z[:, :, None] - knots[:, None, :], 0, None) ** 3
    base, _ = np.linalg.qr(poly)
    rest_y = centred - np.einsum("sni,si->sn", base, np.einsum("sni,sn->si", base, centred))
    rest_bends = bends - base @ (base.transpose(0, 2, 1) @ bends)
    left, singular, _ = np.linalg.svd(rest_bends, full_matrices=False)
    along = np.einsum("snk,sn->sk", left, rest_y)
    left_over = (rest_y**2).sum(axis=1) - (along**2).sum(axis=1)
    scale = np.maximum(singular[:, :1] ** 2, 1e-300)
    kept = singular[:, None] ** 2 / (singular[:, None] ** 2 + (PENALTIES * scale)[:, :, None])
    rss = left_over[:, None] + ((1 - kept) ** 2 * along[:, None] ** 2).sum(axis=2)
    freedom = 4 + kept.sum(axis=2)
    best = np.argmin(rss / np.maximum(n - freedom, 1e-9) ** 2, axis=1)[:, None]
    rss, freedom = np.take_along_axis(rss, best, 1)[:, 0], np.take_along_axis(freedom, best, 1)[:, 0]
    varies = (spread > 0) & (whole > 0)
    share = 1 - (rss / np.maximum(n - freedom, 1)) / (np.where(varies, whole, 1.0) / (n - 1))
    return np.where(varies, np.clip(share, 0.0, 1.0), 0.0)
