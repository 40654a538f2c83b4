"""Totals and ratios of totals in every domain at once, with their variance by linearisation or by replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.cells import Cells, cells_of, reach, variances
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.design_checks import missing as lost_labels
from qualipolis.methods.sampling.estimation.replicate_design import ReplicateDesign
from qualipolis.methods.sampling.estimation.stages import Stage

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
    if np.isinf(given).any():
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
    probe = np.dot(w, y) + (0.0 if x is None else np.dot(w, x))
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
    count = len(domains)
    wy = sample.weights * sample.y
    wx = sample.weights if sample.x is None else sample.weights * sample.x
    population = _population(design, sample)
    below = sample.sums(wx) if sample.x is not None else population
    with np.errstate(divide="ignore", invalid="ignore"):
        total = sample.sums(wy)
        estimate = total / below if ratio else total
    middle = _middle(total, population)
    if isinstance(design, ReplicateDesign):
        variance, df = _by_replicates(design, sample, (wy, wx) if ratio else (wy,), estimate), None
    elif design.simple:
        variance, df = _by_cells(design, sample, (wy, wx), estimate, below, ratio, middle)
    else:
        variance, df = _by_scores(design, sample, (wy, wx), estimate, below, ratio), None
    if df is None:
        df = _freedom(design, sample)
    deff = _deff(sample, variance, estimate, below, population, ratio)
    cut = slice(0, count)
    found = (estimate[cut], variance[cut], deff[cut])
    return Linear(domains, *found, sample.n, sample.missing, df[cut], population[cut])


def _middle(total: Floats, population: Floats) -> float:
    whole = population.sum()
    return float(total.sum() / whole) if whole else 0.0


def _population(design: Design, sample: Sample) -> Floats:
    if sample.domain is None:
        if "sum" not in design.cache:
            design.cache["sum"] = np.array([design.weights.sum()])
        return np.asarray(design.cache["sum"])
    return sample.sums(sample.weights)


def _by_cells(
    design: SurveyDesign,
    sample: Sample,
    values: tuple[Floats, Floats],
    estimate: Floats,
    below: Floats,
    ratio: bool,
    middle: float,
) -> tuple[Floats, Ints]:
    """Variance and degrees of freedom of all domains from sums by cluster and domain."""
    variance, df = np.zeros(sample.domains), np.zeros(sample.domains, dtype=np.intp)
    lean = ratio and sample.x is None
    top = sample.weights * (sample.y - middle) if lean else values[0]
    for level, stage in enumerate(design.stages):
        if ratio:
            cells = _with_weights(design, stage, level, sample, top, values[1])
            slope = (estimate - middle if lean else estimate)[cells.domain]
            with np.errstate(divide="ignore", invalid="ignore"):
                scores = (cells.sums[0] - slope * cells.sums[1]) / below[cells.domain]
            scores = np.where(np.isfinite(scores), scores, 0.0)
        else:
            cells = cells_of(stage, sample.domain, sample.domains, (top,))
            scores = cells.sums[0]
        variance += variances(stage, cells, scores)
        if level == 0:
            df = np.array([design.df]) if sample.domain is None else np.subtract(*reach(stage, cells))
    return variance, df


def _with_weights(
    design: SurveyDesign, stage: Stage, level: int, sample: Sample, top: Floats, weights: Floats
) -> Cells:
    """Cells of the values and the denominators; the sums of the weights of all rows are kept for the next call."""
    if sample.domain is not None or sample.x is not None:
        return cells_of(stage, sample.domain, sample.domains, (top, weights))
    key = f"cells {level}"
    if key not in design.cache:
        design.cache[key] = stage.totals(weights)
    cells = cells_of(stage, None, 1, (top,))
    return Cells(cells.cluster, cells.domain, (*cells.sums, design.cache[key]), 1)


def _by_scores(
    design: SurveyDesign,
    sample: Sample,
    values: tuple[Floats, Floats],
    estimate: Floats,
    below: Floats,
    ratio: bool,
) -> Floats:
    """Variance from scores row by row, for calibrated weights and joint probabilities."""
    out = np.full(sample.domains, np.nan)
    for start in range(0, sample.domains, AT_ONCE):
        some = range(start, min(start + AT_ONCE, sample.domains))
        scores = np.empty((sample.y.size, len(some)))
        for k, d in enumerate(some):
            score = values[0]
            if ratio:
                score = (values[0] - estimate[d] * values[1]) / below[d] if below[d] else values[0] * 0.0
            scores[:, k] = score if sample.domain is None else np.where(sample.domain == d, score, 0.0)
        out[start : start + len(some)] = np.diag(design.covariance(scores))
    return np.asarray(np.maximum(out, 0.0))


def _by_replicates(design: ReplicateDesign, sample: Sample, values: tuple[Floats, ...], estimate: Floats) -> Floats:
    thetas = replicated(design, sample, values)
    return np.asarray(design.variance(thetas, estimate))


def replicated(design: ReplicateDesign, sample: Sample, values: tuple[Floats, ...]) -> Floats:
    """(replicates, domains) estimates: totals of one value, or ratios of two."""
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


def _freedom(design: Design, sample: Sample) -> Ints:
    if sample.domain is None or isinstance(design, ReplicateDesign):
        return np.full(sample.domains, design.df)
    cells = cells_of(design.stages[0], sample.domain, sample.domains, ())
    return np.asarray(np.subtract(*reach(design.stages[0], cells)))


def _deff(sample: Sample, variance: Floats, estimate: Floats, below: Floats, population: Floats, ratio: bool) -> Floats:
    """Variance over that of a simple random sample without replacement of the same size."""
    home = 0 if sample.domain is None else sample.domain
    n = np.append(sample.n, 0)[: sample.domains].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio and sample.x is not None:
            gap = sample.y - np.nan_to_num(estimate)[home] * sample.x
            centre = np.zeros(sample.domains)
        else:
            centre = np.nan_to_num(estimate if ratio else sample.sums(sample.weights * sample.y) / population)
            gap = sample.y - centre[home]
        spread = sample.sums(sample.weights * gap * gap) / population * n / (n - 1)
        scale = (population / below) if ratio else population
        simple = spread / n * (population - n) / population * scale * scale
        return np.asarray(np.where((n > 1) & (simple > 0), variance / simple, np.nan))
