"""One call, every domain: totals, means, ratios and variances with error, interval, design effect and reliability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import refuse_level, t_quantile
from qualipolis.methods.sampling.estimation.linear import Design, Domains, Linear, column, domains_of, linear
from qualipolis.methods.sampling.estimation.purposes import is_random
from qualipolis.methods.sampling.estimation.results import USUAL, Estimates, Thresholds

By = ArrayLike | Domains | None


def total(
    design: Design,
    y: ArrayLike,
    by: By = None,
    *,
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the population total of ``y`` in every domain: ``sum w y``.

    Parameters
    ----------
    design : a survey or replicate design
    y : (rows,) values in their unit; NaN is missing and does not count (the result says how many)
    by : (rows,) domain labels or :class:`Domains`; None for the whole
    level : confidence level of the interval
    df : degrees of freedom of the interval, over those of the domain; ``inf`` for the normal
    name : what ``y`` is
    thresholds : when an estimate counts as reliable

    The variance is that of the domain's cluster totals within strata, clusters without a row of the domain counting as
    0. Each domain has its own degrees of freedom: clusters with a row of it less their strata; without any there is no
    interval. ``InputError``: a column of the wrong length, an infinite value, a level outside (0, 1).

    References
    ----------
    W. G. Cochran (1977), Sampling Techniques, 2.13; Särndal, Swensson, Wretman (1992), 5.8 and 10.3.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> d = survey_design(strata=["a", "a", "b", "b"], fpc=[4, 4, 6, 6])
    >>> total(d, [1, 3, 2, 6]).estimate.tolist()
    [32.0]
    """
    values = column(design, y, "y")
    return finished("total", name, design, linear(design, values, None, by, False), level, df, thresholds)


def mean(
    design: Design,
    y: ArrayLike,
    by: By = None,
    *,
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the population mean of ``y`` in every domain: ``sum w y / sum w``, linearised as (y - mean)/sum w.

    Parameters, result, errors and source as for :func:`total`.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> d = survey_design(strata=["a", "a", "b", "b"], fpc=[4, 4, 6, 6])
    >>> e = mean(d, [1, 3, 2, 6])
    >>> e.estimate.round(4).tolist(), e.se.round(4).tolist(), e.df.tolist()
    ([3.2], [1.0198], [2])
    """
    values = column(design, y, "y")
    return finished("mean", name, design, linear(design, values, None, by, True), level, df, thresholds)


def ratio(
    design: Design,
    numerator: ArrayLike,
    denominator: ArrayLike,
    by: By = None,
    *,
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the ratio of two totals in every domain, linearised as (y - R x)/sum w x.

    A row counts when it has both values. Parameters, result, errors and source as for :func:`total`.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> ratio(survey_design([1, 1, 1]), [1, 2, 3], [2, 4, 6]).estimate.tolist()
    [0.5]
    """
    first, second = column(design, numerator, "numerator"), column(design, denominator, "denominator")
    return finished("ratio", name, design, linear(design, first, second, by, True), level, df, thresholds)


def variance(
    design: Design,
    y: ArrayLike,
    by: By = None,
    *,
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the population variance of ``y`` in every domain: the mean of ``(y - mean)^2 n/(n - 1)``.

    Its error takes the mean for known, as is usual. Parameters, result, errors as for :func:`total`.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> variance(survey_design([1, 1, 1]), [1, 2, 3]).estimate.tolist()
    [1.0]
    """
    values, domains = column(design, y, "y"), domains_of(design, by)
    first = linear(design, values, None, domains, True)
    home = np.zeros(values.size, dtype=np.intp) if domains.code is None else domains.code
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = first.n / (first.n - 1)
    gap = np.where(home < 0, np.nan, values - first.estimate[home])
    second = linear(design, np.nan_to_num(gap * gap * scale[home], nan=np.nan, posinf=np.nan), None, domains, True)
    return finished("variance", name, design, second, level, df, thresholds)


def joint(design: Design, columns: Sequence[ArrayLike], statistic: str = "mean") -> tuple[Floats, Floats]:
    """Return the totals or means of several columns and their (k, k) covariance.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> est, cov = joint(survey_design([1, 1, 1]), [[1, 2, 3], [3, 2, 1]])
    >>> est.tolist(), (cov * 3).round(3).tolist()
    ([2.0, 2.0], [[1.0, -1.0], [-1.0, 1.0]])
    """
    from qualipolis.methods.sampling.estimation.replicate_design import ReplicateDesign

    y = np.stack([column(design, c, f"column {i + 1}") for i, c in enumerate(columns)], axis=1)
    w = np.where(np.isnan(y).any(axis=1), 0.0, design.weights)
    y = np.where(w[:, None] == 0, 0.0, y)
    whole, sums = w.sum(), w @ y
    estimate = sums / whole if statistic == "mean" else sums
    if isinstance(design, ReplicateDesign):
        tables = np.stack([design.stage.totals(c) for c in (w[:, None] * y).T], axis=1)
        thetas = design.factors.T @ tables
        if statistic == "mean":
            thetas = thetas / (design.factors.T @ design.stage.totals(w))[:, None]
        return estimate, design.covariance_of(thetas, estimate)
    scores = w[:, None] * (y - estimate) / whole if statistic == "mean" else w[:, None] * y
    return estimate, design.covariance(scores)


def finished(
    statistic: str,
    name: str,
    design: Design,
    found: Linear,
    level: float,
    df: float | None,
    thresholds: Thresholds,
) -> Estimates:
    """Add the interval by Student's t and the flags."""
    refuse_level(level)
    se = np.sqrt(found.variance)
    freedom = np.where(found.df > 0, found.df if df is None else df, 0)
    half = t_quantile(freedom, (1 + level) / 2) * se
    flags, reasons = _flags(found, se, thresholds, getattr(design, "purpose", ""))
    return Estimates(
        statistic,
        name,
        found.domains.names,
        found.estimate,
        se,
        found.estimate - half,
        found.estimate + half,
        found.deff,
        found.n,
        found.missing,
        found.df,
        np.full(found.n.size, np.nan),
        found.population,
        flags,
        reasons,
        level,
        "t" if df is None or np.isfinite(df) else "normal",
        getattr(design, "purpose", ""),
        thresholds,
    )


def _flags(
    found: Linear, se: Floats, limits: Thresholds, purpose: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    flags, reasons = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        error = se / np.abs(found.estimate)
    for i in range(found.n.size):
        bad = ["no_df"] if found.df[i] <= 0 else []
        bad += ["no_interval"] if found.df[i] > 0 and np.isnan(se[i]) else []
        bad += ["very_large_error"] if error[i] > limits.worst_error else []
        mild = ["large_error"] if limits.error < error[i] <= limits.worst_error else []
        mild += ["few_rows"] if found.n[i] < limits.least else []
        mild += ["few_df"] if 0 < found.df[i] < limits.least_df else []
        mild += ["no_variation"] if se[i] <= 1e-12 * abs(found.estimate[i]) else []
        flag, why = judged(int(found.n[i]), bad, mild, purpose)
        flags.append(flag)
        reasons.append(why)
    return tuple(flags), tuple(reasons)


def judged(n: int, bad: Sequence[str], mild: Sequence[str], purpose: str) -> tuple[str, tuple[str, ...]]:
    """Return the flag and its reasons, the gravest first."""
    aside = () if is_random(purpose) else ("not_random",)
    if n == 0:
        return "none", ("no_rows",)
    if bad:
        return "unreliable", (*bad, *mild, *aside)
    return ("caution" if mild or aside else "reliable"), (*mild, *aside)
