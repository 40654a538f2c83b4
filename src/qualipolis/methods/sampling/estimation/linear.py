"""Totals and ratios of totals in every domain at once, with their variance by linearisation or by replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.cells import cells_of, reach, spread
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded, dot
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.design_checks import missing as lost_labels
from qualipolis.methods.sampling.estimation.replicate_design import ReplicateDesign

Design = SurveyDesign | ReplicateDesign
AT_ONCE = 16


@dataclass(frozen=True)
class Domains:
    """Domains of the rows, coded once for many estimates: ``Domains.of(labels)``."""

    code: Ints | None
    names: tuple[Any, ...]

    @staticmethod
    def of(labels: ArrayLike | Domains | None) -> Domains:
        """Code ``labels``; a missing label is in no domain."""
        if isinstance(labels, Domains):
            return labels
        if labels is None:
            return Domains(None, ("all",))
        given = np.asarray(labels)
        lost = lost_labels(given)
        if not lost.any():
            codes, names = coded(given)
            return Domains(codes, tuple(names.tolist()))
        out = np.full(given.size, -1, dtype=np.intp)
        out[~lost], names = coded(given[~lost])
        return Domains(out, tuple(names.tolist()))

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Sample:
    """Weighted values ready to be summed: rows that do not count have weight 0 and the domain after the last."""

    domain: Ints | None
    domains: int
    y: Floats
    x: Floats | None
    weights: Floats
    n: Ints
    missing: Ints

    def sums(self, values: Floats) -> Floats:
        """(domains,) sums of weighted values."""
        if self.domain is None:
            return np.array([values.sum()])
        return np.bincount(self.domain, values, self.domains)

    def dot(self, values: Floats) -> Floats:
        """(domains,) sums of values, weighted here."""
        if self.domain is None:
            return np.array([dot(self.weights, values)])
        return np.bincount(self.domain, self.weights * values, self.domains)

    def each(self, found: Floats) -> Floats | float:
        """What was found for the domain of each row."""
        return float(found[0]) if self.domain is None else np.nan_to_num(found)[self.domain]


@dataclass(frozen=True)
class Linear:
    """What the linear estimators return for every domain."""

    domains: Domains
    estimate: Floats
    variance: Floats
    deff: Floats
    n: Ints
    missing: Ints
    df: Ints
    population: Floats


def column(design: Design, values: ArrayLike, place: str) -> Floats:
    """Return a (rows,) column of numbers; NaN is missing."""
    kept = getattr(design, "kept", None)
    given = np.asarray(values, dtype=np.float64)
    if kept is not None and given.shape == kept.shape:
        given = given[kept]
    if given.shape != (design.rows,):
        what = msg("%(size)s values for %(rows)s rows of the design.")
        params = {"size": given.size, "rows": design.rows}
        raise InputError([Problem("wrong_length", what, msg("Give one value for each row."), params, place=place)])
    if not np.isfinite(dot(design.weights, given)) and np.isinf(given).any():
        raise InputError([Problem("infinite", msg("A value is infinite."), msg("Mend or empty it."), place=place)])
    return given


def domains_of(design: Design, by: ArrayLike | Domains | None) -> Domains:
    """Return the domains of the design's rows."""
    found = Domains.of(by)
    kept = getattr(design, "kept", None)
    if found.code is not None and kept is not None and found.code.shape == kept.shape:
        found = Domains(found.code[kept], found.names)
    if found.code is not None and found.code.shape != (design.rows,):
        what = msg("%(size)s values for %(rows)s rows of the design.")
        params = {"size": found.code.size, "rows": design.rows}
        raise InputError([Problem("wrong_length", what, msg("Give one value for each row."), params, place="by")])
    return found


def sample_of(design: Design, y: Floats, x: Floats | None, domains: Domains) -> Sample:
    """Set aside rows without a value, a domain or a weight."""
    w, code, count = design.weights, domains.code, len(domains)
    probe = dot(w, y) + (0.0 if x is None else dot(w, x))
    lost = np.isnan(y) | (np.isnan(x) if x is not None else False) if np.isnan(probe) else None
    plain = lost is None and _positive(design) and (code is None or int(code.min(initial=0)) >= 0)
    if plain:
        n = np.array([y.size]) if code is None else np.bincount(code, minlength=count)
        return Sample(code, count, y, x, w, n, np.zeros_like(n))
    lost = np.zeros(y.size, dtype=np.bool_) if lost is None else lost
    home = np.zeros(y.size, dtype=np.intp) if code is None else np.where(code < 0, count, code)
    gone = np.bincount(home[lost & (w > 0)], minlength=count + 1)[:count]
    home = np.where(lost | (w == 0), count, home)
    n = np.bincount(home, minlength=count + 1)[:count]
    out = home == count
    first = np.where(out, 0.0, y)
    second = None if x is None else np.where(out, 0.0, x)
    return Sample(home, count + 1, first, second, np.where(out, 0.0, w), n, gone)


def _positive(design: Design) -> bool:
    if "positive" not in design.cache:
        design.cache["positive"] = bool((design.weights > 0).all())
    return bool(design.cache["positive"])


def linear(design: Design, y: Floats, x: Floats | None, by: ArrayLike | Domains | None, ratio: bool) -> Linear:
    """Return totals of ``y`` (``ratio`` False) or ratios of totals y/x (x of None: means) for every domain."""
    domains = domains_of(design, by)
    sample = sample_of(design, y, x, domains)
    population = _population(design, sample)
    below = population if sample.x is None else sample.dot(sample.x)
    total = sample.dot(sample.y)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = total / below
        estimate = middle if ratio else total
        factor = population / below if ratio else population
    gap = sample.y - (sample.each(middle) if sample.x is None else sample.each(middle) * sample.x)
    pull = sample.weights * gap
    if isinstance(design, ReplicateDesign):
        variance, df = design.variance(replicated(design, sample, ratio), estimate), np.full(total.size, design.df)
    else:
        scores, scale = (pull, below) if ratio else (sample.weights * sample.y, np.ones(total.size))
        variance, df = _spreads(design, sample, scores)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = variance / (scale * scale)
    deff = _deff(sample.n, variance, sample.sums(pull * gap), population, factor)
    cut = slice(0, len(domains))
    found = (estimate[cut], variance[cut], deff[cut])
    return Linear(domains, *found, sample.n, sample.missing, df[cut], population[cut])


def _population(design: Design, sample: Sample) -> Floats:
    if sample.domain is not None:
        return sample.sums(sample.weights)
    if "sum" not in design.cache:
        design.cache["sum"] = np.array([design.weights.sum()])
    return np.asarray(design.cache["sum"])


def _spreads(design: SurveyDesign, sample: Sample, scores: Floats) -> tuple[Floats, Ints]:
    """Variance of the sum of weighted scores in every domain, and the degrees of freedom."""
    first = design.stages[0]
    if not design.simple:
        cells = cells_of(first, sample.domain, sample.domains, ())
        df = np.subtract(*reach(first, cells)) if sample.domain is not None else np.array([design.df])
        return _by_scores(design, sample, scores), df
    variance, df = spread(first, sample.domain, sample.domains, scores)
    for stage in design.stages[1:]:
        variance = variance + spread(stage, sample.domain, sample.domains, scores)[0]
    return variance, df if sample.domain is not None else np.array([design.df])


def _by_scores(design: SurveyDesign, sample: Sample, scores: Floats) -> Floats:
    """The same row by row, for calibrated weights and joint probabilities."""
    out = np.full(sample.domains, np.nan)
    for start in range(0, sample.domains, AT_ONCE):
        some = range(start, min(start + AT_ONCE, sample.domains))
        each = [scores if sample.domain is None else np.where(sample.domain == d, scores, 0.0) for d in some]
        out[start : start + len(some)] = np.diag(design.covariance(np.stack(each, axis=1)))
    # an estimate of a variance from joint probabilities may fall below 0: that is no variance, not one of 0
    return np.asarray(np.where(out < 0, np.nan, out))


def replicated(design: ReplicateDesign, sample: Sample, ratio: bool) -> Floats:
    """(replicates, domains) estimates: totals of one value, or ratios of two."""
    values: tuple[Floats, ...] = (sample.weights * sample.y,)
    if ratio:
        values = (*values, sample.weights if sample.x is None else sample.weights * sample.x)
    cells = cells_of(design.stage, sample.domain, sample.domains, values)
    sums = [np.zeros((design.replicates, sample.domains)) for _ in values]
    order = np.argsort(cells.domain, kind="stable")
    ends = np.searchsorted(cells.domain[order], np.arange(sample.domains + 1))
    for d in range(sample.domains):
        rows = order[ends[d] : ends[d + 1]]
        factors = design.factors[cells.cluster[rows]]
        for out, value in zip(sums, cells.sums, strict=True):
            out[:, d] = value[rows] @ factors
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[0] / sums[1] if len(sums) == 2 else sums[0])


def _deff(n: Ints, variance: Floats, squares: Floats, population: Floats, factor: Floats) -> Floats:
    """Variance over that of a simple random sample without replacement of the same size."""
    size = np.append(n, 0)[: variance.size].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = squares / population / (size - 1) * (population - size) / population * factor * factor
        return np.asarray(np.where((size > 1) & (simple > 0), variance / simple, np.nan))
