"""Proportions by domain, with an interval that holds where none or all have the property."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.cells import cells_of, contributors
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import refuse_level
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.estimates import By, finished, judged
from qualipolis.methods.sampling.estimation.linear import Design, Domains, Linear, column, domains_of, linear, sample_of
from qualipolis.methods.sampling.estimation.proportion_intervals import (
    clopper_pearson_on,
    interval,
    jeffreys_on,
    known,
    student_factor,
)
from qualipolis.methods.sampling.estimation.results import USUAL, Estimates, Thresholds

OWN = {"design_exact": clopper_pearson_on, "design_bayes": jeffreys_on}


def proportion(
    design: Design,
    has: ArrayLike,
    by: By = None,
    *,
    method: str = "design_exact",
    level: float = 0.95,
    df: float | None = None,
    clustering: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the share of the population that ``has`` a property, in every domain.

    Parameters
    ----------
    design : a survey or replicate design
    has : (rows,) 1 or True with the property, 0 or False without, NaN where not known
    by, level, df, name, thresholds : as for :func:`total`
    method : ``design_exact``, our own: Clopper and Pearson's bounds on the effective sample size, at most the size
        itself (over its sampled share where the population size is known), corrected for few degrees of freedom as by
        Korn and Graubard, no more of them than twice the clusters that make up the whole sample's variance; where none or all have the property, or the variance is 0, the effective size comes from the
        domain's weights and clusters. ``design_bayes``: the same with Jeffreys' prior. Else one of :func:`interval`
    clustering : intra-cluster correlation for domains where none or all have it; left out, that of the whole sample,
        or 1 (every cluster counts once) where the whole sample too has none or all

    Domains of zero degrees of freedom have no interval; none has width 0 unless every unit was examined.
    ``InputError`` as :func:`total`, and for values other than 0 and 1 or an unknown method.

    References
    ----------
    E. L. Korn, B. I. Graubard (1998), Survey Methodology 24, 193-201; L. Kish (1965), Survey Sampling, 8.2.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> e = proportion(survey_design(np.full(200, 50.0)), np.zeros(200))
    >>> e.estimate.tolist(), e.low.tolist(), e.high.round(4).tolist(), e.flags
    ([0.0], [0.0], [0.0183], ('caution',))
    """
    return _estimated(design, has, by, method, level, df, clustering, name, thresholds)


def _estimated(
    design: Design,
    has: ArrayLike,
    by: By,
    method: str,
    level: float,
    df: float | None,
    clustering: float | None,
    name: str,
    thresholds: Thresholds,
) -> Estimates:
    refuse_level(level)
    values, domains = column(design, has, "has"), domains_of(design, by)
    told = values[~np.isnan(values)]
    if not ((told == 0) | (told == 1)).all():
        what, remedy = msg("A proportion needs values 0 and 1 (or missing)."), msg("Say which value has the property.")
        raise InputError([Problem("not_binary", what, remedy, place="has")])
    found = linear(design, values, None, domains, True)
    base = finished("proportion", name, design, found, level, df, thresholds)
    p = np.clip(found.estimate, 0, 1)
    freedom = np.where(found.df > 0, found.df if df is None else df, 0)
    effective = _effective(design, values, domains, found, clustering)
    if method in OWN and df is None:
        freedom = np.minimum(freedom, _steadiness(design, values))
    corrected = effective * student_factor(found.n, freedom, level)
    if method in OWN:
        low, high = OWN[method](p, np.where(freedom > 0, corrected, np.nan), level)
        low, high = np.where(freedom > 0, low, np.nan), np.where(freedom > 0, high, np.nan)
    else:
        low, high = interval(method, p, found.variance, found.n, freedom, level)
    census = np.isinf(effective)
    low, high = np.where(census, p, low), np.where(census, p, high)
    flags, reasons = _flags(found, low, high, corrected, thresholds, base.purpose)
    return replace(
        base, low=low, high=high, effective=effective, flags=flags, reasons=reasons, method=method, estimate=p
    )


def _steadiness(design: Design, values: Floats) -> float:
    """Degrees of freedom that the likeness of rows within clusters is worth in the whole sample; else infinite."""
    if not _clustered(design):
        return float("inf")
    whole = Domains.of(None)
    sample = sample_of(design, values, None, whole)
    found = linear(design, values, None, whole, True)
    p = float(found.estimate[0])
    if not 0 < p < 1 or found.variance[0] <= 0:
        return float("inf")
    pull = sample.weights * (sample.y - p)
    return 2 * float(contributors(design.stages[0], sample.domain, sample.domains, pull)[0])


def _clustered(design: Design) -> TypeGuard[SurveyDesign]:
    """Whether rows come in clusters whose totals tell the variance."""
    return isinstance(design, SurveyDesign) and design.simple and not design.stages[0].whole_rows


@dataclass(frozen=True)
class _Shape:
    """Of each domain: effect of the weights, and rows of it in the cluster of a row, on average."""

    weighting: Floats
    together: Floats


def _effective(design: Design, values: Floats, domains: Domains, found: Linear, clustering: float | None) -> Floats:
    """Effective sample size of each domain: p(1 - p)/v, at most n, and at most what the likeness of rows within the
    clusters of the whole sample leaves of it; that alone where p(1 - p) or v is 0."""
    p, n = found.estimate, found.n.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        sampled = np.clip(np.nan_to_num(n / found.population), 0, 1) if finite(design) else np.zeros(n.size)
        most = np.where(sampled >= 1 - 1e-12, np.inf, n / (1 - sampled))
        own = np.minimum(p * (1 - p) / found.variance, most)
    silent = (p <= 0) | (p >= 1) | known(p, found.variance)
    if not silent.any() and not _clustered(design):
        return np.asarray(own)
    shape = _shape(design, values, domains)
    rho = _clustering(design, values) if clustering is None else clustering
    with np.errstate(divide="ignore", invalid="ignore"):
        borrowed = most / (shape.weighting * np.maximum(1 + (shape.together - 1) * rho, 1.0))
    if _clustered(design):
        own = np.minimum(own, borrowed)
    return np.asarray(np.where(silent, borrowed, own))


def _shape(design: Design, values: Floats, domains: Domains) -> _Shape:
    sample = sample_of(design, values, None, domains)
    count = len(domains)
    w = sample.weights
    n = np.append(sample.n, 0)[: sample.domains]
    first = design.stages[0] if isinstance(design, SurveyDesign) else design.stage
    ones = np.where(w > 0, 1.0, 0.0)
    cells = cells_of(first, sample.domain, sample.domains, (ones,))
    squares = np.bincount(cells.domain, cells.sums[0] ** 2, sample.domains)
    with np.errstate(divide="ignore", invalid="ignore"):
        weighting = n * sample.sums(w * w) / sample.sums(w) ** 2
        together = squares / n
    return _Shape(weighting[:count], together[:count])


def finite(design: Any) -> bool:
    """Whether the population sizes of every stage are known."""
    if not isinstance(design, SurveyDesign) or design.adjustments:
        return False
    return design.pairs is None and all(bool((stage.rest < 1).all()) for stage in design.stages)


def _clustering(design: Design, values: Floats) -> float:
    """Intra-cluster correlation of the whole sample, 0 to 1; 1 where it cannot be told."""
    whole = Domains.of(None)
    found, shape = linear(design, values, None, whole, True), _shape(design, values, whole)
    p, v, together = float(found.estimate[0]), float(found.variance[0]), float(shape.together[0])
    if together <= 1 + 1e-9:
        return 0.0
    if not 0 < p < 1 or v <= 0:
        return 1.0
    effect = v * float(found.n[0]) / (p * (1 - p)) / float(shape.weighting[0])
    return float(np.clip((effect - 1) / (together - 1), 0.0, 1.0))


def _flags(
    found: Linear, low: Floats, high: Floats, effective: Floats, limits: Thresholds, purpose: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    flags, reasons = [], []
    for i in range(found.n.size):
        p, width = float(found.estimate[i]), float(high[i] - low[i])
        bad, mild = [], []
        if found.df[i] <= 0:
            bad.append("no_df")
        elif np.isnan(width):
            bad.append("no_interval")
        if found.n[i] < limits.least or effective[i] < limits.least:
            bad.append("few_rows" if found.n[i] < limits.least else "few_effective")
        rare = min(p, 1 - p)
        if width >= limits.widest or (width > limits.narrow and rare > 0 and width > limits.relative * rare):
            bad.append("wide")
        if 0 < found.df[i] < limits.least_df:
            mild.append("few_df")
        if rare <= 0:
            mild.append("none_or_all")
        flag, why = judged(int(found.n[i]), bad, mild, purpose)
        flags.append(flag)
        reasons.append(why)
    return tuple(flags), tuple(reasons)
