"""Ranks of the truth when the data already hold their error: the replicates' scores are shrunk for it."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.composite.data import Floats


def shrunk(scores: Floats, twins: Floats, rng: np.random.Generator) -> Floats:
    r"""Return draws of the true scores.

    A measured score is truth plus error; noise added to it once more gives ranks of truth plus two errors. With the
    score :math:`s_u` without added noise (the twin), the added error :math:`e_{ru}` of replicate r and its variance
    :math:`v_u`, the truth is taken as one draw from the units' own distribution, normal with mean :math:`\mu` and
    variance :math:`\tau^2`, and each replicate draws

    .. math:: \theta_{ru} = \mu_r + B_{ru}(s_u - \mu_r) + \sqrt{B_{ru}}\, e_{ru}, \qquad
              B_{ru} = \frac{\tau_r^2}{\tau_r^2 + v_u}

    with :math:`\mu_r, \tau_r^2` drawn from their posterior: :math:`\tau^2 + \bar v` is the variance of the scores times
    (N-1) over a chi-squared variable with N-1 degrees of freedom, kept above :math:`\bar v`. The added error is
    measured on the scale of the twin: noise widens the range that min-max or z-scores divide by, so the noisy scores are
    first divided by their slope on the twins, and the mean error of each unit (a transformed error is not centred) is
    taken out. Each replicate is corrected on the scale of its own choices.

    Assumptions: errors about normal on the scale of the scores, units exchangeable with about normal true scores.
    Sources: Laird and Louis (1989), "Empirical Bayes ranking methods", J. Educational Statistics 14(1); Morris (1983),
    "Parametric empirical Bayes inference", JASA 78(381).

    Parameters
    ----------
    scores, twins : (n, units) of one node, with and without the added noise, NaN where missing
    rng : for the posterior of mean and variance

    >>> twins = np.zeros((2000, 3)) + [0.0, 1.0, 2.0]
    >>> rng = np.random.default_rng(0)
    >>> drawn = shrunk(twins + 0.5 * rng.standard_normal(twins.shape), twins, rng)
    >>> bool(drawn[:, 2].mean() < 2.0), bool(drawn[:, 0].mean() > 0.0)
    (True, True)
    """
    from scipy.special import gammainc, gammaincinv

    whole = not (np.isnan(twins.min()) or np.isnan(scores.min()))
    mean, total = (np.mean, np.sum) if whole else (np.nanmean, np.nansum)
    centre = mean(twins, axis=1, keepdims=True)
    plain = twins - centre
    free = (np.full(centre.shape, plain.shape[1]) if whole else (~np.isnan(plain)).sum(axis=1, keepdims=True)) - 1
    squares = total(plain**2, axis=1, keepdims=True)
    spread = np.sqrt(squares / free)
    spread[~(spread > 0)] = np.nan
    plain /= spread
    error = scores - mean(scores, axis=1, keepdims=True)
    error /= spread
    slope = float(np.nanmean(total(plain * error, axis=1, keepdims=True) / (squares / spread**2)))
    error /= max(slope, 0.1)
    error -= plain
    error -= np.nanmean(error, axis=0)
    variance = np.nan_to_num(np.nanmean(error**2, axis=0))
    units = int(free.max(initial=-1)) + 1
    typical = float(variance.mean())
    if units < 3 or typical == 0:
        return scores
    half = (units - 1) / 2
    top = gammainc(half, half / typical)  # the chi-squared distribution function
    spreads = half / gammaincinv(half, top * rng.uniform(0, 1, (len(scores), 1)))
    kept = 1.0 / (1.0 + variance / np.maximum(spreads - typical, 1e-6))
    middle = rng.standard_normal((len(scores), 1)) * np.sqrt(spreads / units)
    plain -= middle
    plain *= kept
    plain += middle
    error *= np.sqrt(kept)
    plain += error
    plain *= spread
    plain += centre
    return np.where(np.isnan(spread), scores, plain) if np.isnan(spread).any() else plain
