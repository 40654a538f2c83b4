"""Quantiles by domain, with Woodruff's interval: that of the share below, turned back into values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import refuse_level, t_quantile
from qualipolis.methods.sampling.estimation.estimates import By, finished
from qualipolis.methods.sampling.estimation.linear import Design, Domains, Linear, column, domains_of, linear
from qualipolis.methods.sampling.estimation.proportion_intervals import interval
from qualipolis.methods.sampling.estimation.results import USUAL, Estimates, Thresholds


def quantile(
    design: Design,
    y: ArrayLike,
    p: float,
    by: By = None,
    *,
    method: str = "xlogit",
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
    thresholds: Thresholds = USUAL,
) -> Estimates:
    """Estimate the ``p``-quantile of ``y`` in every domain: the smallest value whose weighted share below reaches p.

    Parameters
    ----------
    p : above 0 and below 1; 0.5 is the median
    method : interval of the share of values at most the quantile, before it is turned back: ``mean``, ``beta``,
        ``xlogit``, ``asin``, ``wilson``, ``likelihood``
    design, y, by, level, df, name, thresholds : as for :func:`total`

    Returns
    -------
    Estimates
        ``se`` is the length of the interval over twice the t quantile; a bound outside the sample is NaN

    Raises
    ------
    InputError
        as :func:`total`; p outside (0, 1)

    References
    ----------
    R. S. Woodruff (1952), JASA 47, 635-646.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> quantile(survey_design(np.ones(9)), range(9), 0.5).estimate.tolist()
    [4.0]
    """
    return _woodruff(design, y, p, by, method, level, df, name, thresholds)


def _woodruff(
    design: Design,
    y: ArrayLike,
    p: float,
    by: By,
    method: str,
    level: float,
    df: float | None,
    name: str,
    thresholds: Thresholds,
) -> Estimates:
    refuse_level(level)
    if not 0 < p < 1:
        what, remedy = msg("The share %(p)s of a quantile is not between 0 and 1."), msg("Use 0.5 for the median.")
        raise InputError([Problem("bad_quantile", what, remedy, {"p": p}, place="p")])
    values, domains = column(design, y, "y"), domains_of(design, by)
    curve = _curves(values, design.weights, domains)
    estimate = np.array([c.at(p) for c in curve])
    home = np.zeros(values.size, dtype=np.intp) if domains.code is None else domains.code
    below = np.where(np.isnan(values) | (home < 0), np.nan, (values <= estimate[home]).astype(np.float64))
    found = linear(design, below, None, domains, True)
    freedom = np.where(found.df > 0, found.df if df is None else df, 0)
    low, high = interval(method, found.estimate, found.variance, found.n, freedom, level)
    ends = [
        np.array([c.at(float(q)) if 0 <= q <= 1 else np.nan for c, q in zip(curve, side, strict=True)])
        for side in (low, high)
    ]
    se = (ends[1] - ends[0]) / (2 * t_quantile(freedom, (1 + level) / 2))
    told = finished("quantile", name, design, _as_quantile(found, estimate, se), level, df, thresholds)
    nothing, how = np.full_like(se, np.nan), f"woodruff {method}"
    return replace(told, low=ends[0], high=ends[1], deff=nothing, method=how)


def _as_quantile(found: Linear, estimate: Floats, se: Floats) -> Linear:
    return Linear(found.domains, estimate, se * se, found.deff, found.n, found.missing, found.df, found.population)


@dataclass(frozen=True)
class _Curve:
    """The weighted distribution of one domain."""

    values: Floats
    heap: Floats

    def at(self, p: float) -> float:
        """The lower value where the share is reached exactly, else the next one."""
        if not self.values.size:
            return float("nan")
        i = int(np.searchsorted(self.heap, p * self.heap[-1], side="right")) - 1
        if i < 0:
            return float(self.values[0])
        if p - self.heap[i] / self.heap[-1] == 0:
            return float(self.values[i])
        return float(self.values[min(i + 1, self.values.size - 1)])


def _curves(values: Floats, weights: Floats, domains: Domains) -> list[_Curve]:
    """Sort once, then cut by domain."""
    code = np.zeros(values.size, dtype=np.intp) if domains.code is None else domains.code
    use = np.flatnonzero(~np.isnan(values) & (weights > 0) & (code >= 0))
    order = use[np.lexsort((values[use], code[use]))]
    ends = np.searchsorted(code[order], np.arange(len(domains) + 1))
    return [_Curve(values[order[a:b]], np.cumsum(weights[order[a:b]])) for a, b in pairwise(ends)]
