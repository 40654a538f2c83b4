"""From a fitted past to what is expected now: overdispersion, past outbreaks weighed down, the trend that is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr

from qualipolis.methods.signal.series.counts import Bools, Floats
from qualipolis.methods.signal.series.farrington_design import Design
from qualipolis.methods.signal.series.farrington_fit import Levels, Rows, fit


@dataclass(frozen=True)
class Manner:
    """How the past is fitted.

    ``outlier`` : Anscombe residual above which a past week is weighed down, ``None`` for no reweighting;
    ``prior_dispersion`` : standard errors rest on the prior weights instead of the working weights, as in
    ``farringtonFlexible`` of R's surveillance, which overwrites the one with the other;
    ``p_trend`` : level of the test of the slope; ``long_enough`` : there are the three years a slope asks for.
    """

    outlier: float | None
    prior_dispersion: bool
    p_trend: float
    long_enough: bool


@dataclass(frozen=True)
class Outlook:
    """What the past says of now, for each row: log of the expected count, its standard error, overdispersion, slope."""

    eta: Floats
    se: Floats
    phi: Floats
    slope: Floats
    p_slope: Floats
    converged: Bools


def outlook(rows: Rows, design: Design, sloped: bool, now: Floats | None, manner: Manner) -> Outlook:
    """Fit each row, with a slope where it earns one.

    A slope stays when it is significant, three years lie behind and it does not lead beyond the largest past count.
    ``now`` is the log exposure of the week that is judged.
    """
    if not sloped:
        return _fitted(rows, design, False, now, manner)
    with_slope = _fitted(rows, design, True, now, manner)
    largest = rows.y.max(axis=1)
    with np.errstate(invalid="ignore", over="ignore"):
        keep = (with_slope.p_slope < manner.p_trend) & (np.exp(with_slope.eta) <= largest)
    keep &= with_slope.converged & manner.long_enough
    if keep.all():
        return with_slope
    level = _fitted(rows.take(~keep), design, False, None if now is None else now[~keep], manner)
    parts = {}
    for name in ("eta", "se", "phi", "slope", "p_slope", "converged"):
        values = getattr(with_slope, name).copy()
        values[~keep] = getattr(level, name)
        parts[name] = values
    return replace(with_slope, **parts)


def _fitted(rows: Rows, design: Design, sloped: bool, now: Floats | None, manner: Manner) -> Outlook:
    with np.errstate(all="ignore"):
        levels = fit(rows, design, sloped)
        converged = levels.converged
        freedom = rows.weeks() - (~np.isnan(levels.a)).sum(axis=1) - int(sloped)
        means = _means(rows, design, levels)
        pearson, _ = _residuals(rows, design, means)
        if manner.outlier is not None:
            phi = np.maximum(pearson / freedom, 1.0)
            rows = replace(rows, weight=_weights(rows, design, levels, means, phi, manner.outlier))
            levels = fit(rows, design, sloped)
            means = _means(rows, design, levels)
            pearson, prior = _residuals(rows, design, means)
            spread = prior / freedom if manner.prior_dispersion else pearson / freedom
        else:
            spread = pearson / freedom
        phi = np.maximum(pearson / freedom, 1.0)
        return _ahead(levels, design, now, phi, spread, freedom, converged, manner)


def _ahead(
    levels: Levels,
    design: Design,
    now: Floats | None,
    phi: Floats,
    spread: Floats,
    freedom: Floats,
    converged: Bools,
    manner: Manner,
) -> Outlook:
    """Prediction at distance 0 in the group of now."""
    eta = levels.a[:, design.now] + (0.0 if now is None else now)
    unit = 1 / levels.mass[:, design.now]
    p_slope = np.full(len(eta), np.nan)
    slope = np.full(len(eta), np.nan)
    if levels.sloped:
        unit = unit + levels.middle[:, design.now] ** 2 / levels.spread
        slope = levels.b
        p_slope = 2 * stdtr(freedom, -np.abs(levels.b) / np.sqrt(spread / levels.spread))
    used = spread if manner.prior_dispersion else phi
    good = converged & (freedom > 0)
    nothing = np.where(good, 0.0, np.nan)
    return Outlook(eta + nothing, np.sqrt(used * unit), phi + nothing, slope, p_slope, converged)


@dataclass(frozen=True)
class _Means:
    """Fitted means after the last step and before it: by group where a group has one mean, else by week."""

    now: Floats
    before: Floats
    by_group: bool


def _means(rows: Rows, design: Design, levels: Levels) -> _Means:
    now, drift = levels.a, levels.a_before - levels.a
    by_group = not levels.sloped and rows.log_exposure is None
    if not by_group:
        now, drift = now[:, design.groups], drift[:, design.groups]
        if levels.sloped:
            now += np.multiply.outer(levels.b, design.time)
            drift += np.multiply.outer(levels.b_before - levels.b, design.time)
        if rows.log_exposure is not None:
            now += rows.log_exposure
    mean = np.exp(now)
    return _Means(mean, mean * np.exp(drift), by_group)


def _residuals(rows: Rows, design: Design, means: _Means) -> tuple[Floats, Floats]:
    """Sum of squared working residuals, with the working weights the last step began with, and with the prior ones."""
    if means.by_group:
        return _group_residuals(rows, design, means)
    relative = rows.y / means.now
    relative -= 1
    relative *= relative
    if rows.there is not None:
        relative[~rows.there] = 0.0
    return rows.total(relative * means.before), rows.total(relative)


def _group_residuals(rows: Rows, design: Design, means: _Means) -> tuple[Floats, Floats]:
    """The same when all weeks of a group have one mean: from the sums of y and y²."""
    g, weighted = design.indicator, rows.weighed(rows.y)
    here = g.sum(axis=0) if rows.weight is None else rows.weight @ g
    relative = ((weighted * rows.y) @ g) / means.now**2 - 2 * (weighted @ g) / means.now + here
    return np.nansum(relative * means.before, axis=1), np.nansum(relative, axis=1)


def _weights(rows: Rows, design: Design, levels: Levels, means: _Means, phi: Floats, outlier: float) -> Floats:
    """Prior weights: 1/s² for standardised Anscombe residuals s beyond ``outlier``, scaled to sum to the weeks."""
    share = 1 / levels.mass
    mean, before = means.now, means.before
    if not means.by_group:
        share = share[:, design.groups]
    if levels.sloped:
        share += (design.time - levels.middle[:, design.groups]) ** 2 / levels.spread[:, None]
    unit = np.sqrt(phi[:, None] * (1 - before * share)) / 1.5  # of y^⅔/μ^⅙ - √μ
    root = np.sqrt(mean)
    sixth = np.cbrt(root)
    least = (outlier * unit + root) * sixth
    if means.by_group:
        least, unit, root, sixth = (part[:, design.groups] for part in (least, unit, root, sixth))
    far = rows.two_thirds > least
    if rows.there is not None:
        far &= rows.there
    omega = np.ones(rows.y.shape) if rows.there is None else rows.there.astype(np.float64)
    omega[far] = ((rows.two_thirds[far] / sixth[far] - root[far]) / unit[far]) ** -2.0
    omega *= (rows.weeks() / omega.sum(axis=1))[:, None]
    return omega
