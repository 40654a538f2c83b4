"""What the values say beside the chart: capability, distribution, histogram, lifetimes, and what the plain numbers are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability import (
    CapabilityStudy,
    NonNormalStudy,
    Specification,
    TimeModel,
    capability,
    nonnormal_capability,
    time_model,
)
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions import choose
from qualipolis.methods.spc.distributions.choice import Choice
from qualipolis.methods.spc.findings.material import Material
from qualipolis.methods.spc.findings.result import Capability, Histogram, Law, Life, Remark, Summary
from qualipolis.methods.spc.reliability import fit_life, lifetimes
from qualipolis.methods.spc.report_card import ReportCard

SAMPLED = 20_000  # values that a law is chosen from: more would only cost time
BLOCKS = 100  # stretches of neighbours that a sample is made of
MODELLED = 10_000  # values that tell how mean and spread move
INDEXED = 2_000_000  # values above which the index is computed from a sample of this size


def computed[T](work: Callable[[], T]) -> T:
    """Return what ``work`` computes; a fit that breaks on extreme values is refused in words like any other.

    >>> computed(lambda: 1)
    1
    """
    try:
        return work()
    except InputError:
        raise
    except (ValueError, ArithmeticError):
        what = msg("This number cannot be computed from such values.")
        remedy = msg("Look for values that differ from all others by many powers of ten.")
        raise InputError([Problem("no_number", what, remedy, place="values")]) from None


def sampled(values: Floats, most: int = SAMPLED) -> Floats:
    """Return at most ``most`` values: even stretches of neighbours over the whole time, so that order still shows.

    >>> sampled(np.arange(10.0), 20).tolist() == list(range(10)), len(sampled(np.arange(1_000_000.0)))
    (True, 20000)
    """
    n = len(values)
    if n <= most:
        return values
    each = most // BLOCKS
    starts = np.linspace(0, n - each, BLOCKS).astype(np.intp)
    found: Floats = values[(starts[:, None] + np.arange(each)).ravel()]
    return found


def summary(values: Floats, specification: Specification | None) -> Summary | None:
    """Return the plain numbers; None without a value."""
    if not len(values):
        return None
    outside: dict[int, int] = {}
    if specification is not None:
        outside = {sign: int(np.sum(sign * values > sign * limit)) for sign, limit in specification.judged.items()}
    sd = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    middle = float(np.median(values))
    return Summary(
        float(values.mean()), sd, float(values.min()), middle, float(values.max()), outside.get(-1), outside.get(1)
    )


def chosen(values: Floats, specification: Specification | None) -> Choice | None:
    """Return which law describes the values; None for too few or equal ones."""
    bound = "zero" if specification is not None and specification.boundary == "lower" else "none"
    if len(values) and bound == "zero" and values.min() < 0:
        bound = "none"
    try:
        return computed(lambda: choose(sampled(values), bound=bound))  # type: ignore[arg-type]
    except InputError:
        return None


def law_of(choice: Choice) -> Law:
    """Return a choice in the words of the findings."""
    tried = tuple((c.name, c.goodness.p if c.goodness else None, c.adequate) for c in choice.tried)
    picked = next((c for c in choice.tried if choice.chosen is not None and c.shape is choice.chosen), None)
    found = picked.goodness if picked else None
    mixed = choice.mixture is not None and choice.mixture.mixed
    name = choice.chosen.name if choice.chosen is not None else ""
    return Law(
        name, choice.reason, found.p if found else None, found.correlation if found else None, tried, mixed, choice.n
    )


def histogram(values: Floats, choice: Choice | None) -> Histogram | None:
    """Return counts in classes of even width (Freedman and Diaconis, 5 to 60 of them), with what the law expects."""
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    low, high = np.quantile(sampled(values, 200_000), [0.25, 0.75])
    width = 2 * (high - low) / np.cbrt(len(values))
    bins = 10 if not width > 0 else int(np.clip(np.ceil(np.ptp(values) / width), 5, 60))
    steps = np.unique(values) if len(values) < 100_000 else values[:0]
    if 1 < len(steps) <= 60:  # readings to a resolution: a class for each step, none empty by the gauge alone
        step = float(np.diff(steps).min())
        if np.ptp(values) / step <= 80 and bins > np.ptp(values) / step:
            bins = max(5, round(float(np.ptp(values)) / step) + 1)
    counts, edges = np.histogram(values, bins=bins)
    curve = None
    if choice is not None and choice.chosen is not None:
        curve = len(values) * np.diff(choice.chosen.distribution(edges))
    return Histogram(edges, counts.astype(np.int64), curve)


def capable(
    material: Material, specification: Specification, choice: Choice | None, stable: bool, confidence: float
) -> tuple[Capability | None, tuple[Remark, ...]]:
    """Return the indices with intervals, normal or by percentiles, or the remark that says why there are none."""
    points = material.points if material.points.size <= INDEXED else _part(material.points)
    normal = choice is None or choice.chosen is None or choice.chosen.name == "normal"
    given = {"lower": specification.lower, "upper": specification.upper, "boundary": specification.boundary}
    study: CapabilityStudy | NonNormalStudy
    try:
        if normal:
            study = computed(lambda: capability(points, target=specification.target, confidence=confidence, **given))  # type: ignore[arg-type]
        else:
            shape = choice.chosen if choice is not None else None
            values = sampled(material.flat)
            study = computed(lambda: nonnormal_capability(values, family=shape, confidence=confidence, **given))  # type: ignore[arg-type]
    except InputError as error:
        problem = error.problems[0]
        return None, (Remark("no_capability", problem.what, problem.params, problem.remedy),)
    why = "" if stable else msg("The process is not stable: what it did can be told, not what it will do.")
    if stable and choice is not None and choice.chosen is None:
        why = msg("No distribution describes the values: the index rests on the normal law all the same.")
    return Capability(not why, why, study, modelled(points)), ()


def _part(points: Floats) -> Floats:
    """Return even stretches of points of a very long series."""
    if points.ndim == 1:
        return sampled(points, INDEXED)
    most = INDEXED // points.shape[1]
    return points[np.linspace(0, len(points) - 1, most).astype(np.intp)]


def modelled(points: Floats) -> TimeModel | None:
    """Return the time-dependent model of ISO 22514-2; None where there are too few subgroups."""
    kept = points[~np.isnan(points)] if points.ndim == 1 else points
    try:
        return computed(
            lambda: time_model(sampled(kept, MODELLED) if kept.ndim == 1 else kept[: MODELLED // kept.shape[1]])
        )
    except InputError:
        return None


def lived(material: Material, confidence: float) -> tuple[Life | None, tuple[Remark, ...]]:
    """Return the lifetimes behind readings of which some are known only to lie above or below a limit."""
    if not (material.censored > 0).any():
        return None, ()
    known = ~np.isnan(material.values)
    x, marks = material.values[known], material.censored[known]
    try:
        low = np.where(marks < 0, 0.0, x)
        high = np.where(marks > 0, np.inf, x)
        fit = computed(lambda: fit_life(lifetimes(low, upper=high)))
    except InputError as error:
        problem = error.problems[0]
        return None, (Remark("no_life", problem.what, problem.params, problem.remedy),)
    shape, eta = fit.shape_limits(confidence), fit.characteristic_limits(confidence)
    side = "wear" if shape[0] > 1 else "infant" if shape[1] < 1 else "random"
    ends = fit.likelihood_limits(0.1, confidence)
    b10 = (fit.life_at(0.1)[0], *ends)
    return Life(fit, (fit.shape, *shape), (fit.characteristic, *eta), b10, side), ()


def stable_enough(card: ReportCard) -> bool:
    """Whether no more points signal than chance explains."""
    return all(check.state != "red" for check in card if check.code == "stability")
