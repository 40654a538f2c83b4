"""Means beyond sums of terms: with a power, the median, the worst, by pairs (Copeland), with a penalty, or your own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.mazziotta_pareto import penalised_mean
from qualipolis.methods.composite.outranking import copeland
from qualipolis.methods.problems import InputError, Problem, msg

METHODS = (
    "arithmetic",
    "geometric",
    "harmonic",
    "generalised",
    "median",
    "minimum",
    "copeland",
    "mazziotta_pareto",
)
ABOVE_ZERO = ("geometric", "harmonic", "mazziotta_pareto")
NOT_BELOW_ZERO = ("generalised",)
MeanFunction = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Rule:
    """How one aggregate is made of its children: ``method``, its ``power`` or ``sign``, the lowest share of children.

    ``missing_counts``: a generalised mean is missing as soon as a child is, as in COINr 1.1.14.
    """

    method: str = "arithmetic"
    power: float = 2.0
    sign: int = -1
    min_share: float = 0.0
    missing_counts: bool = False


@dataclass(frozen=True)
class UserMean:
    """A registered function, and whether it needs values above 0."""

    function: MeanFunction
    above_zero: bool = False


USER_MEANS: dict[str, UserMean] = {}


def register_mean(name: str, function: MeanFunction, above_zero: bool = False) -> None:
    """Make a function known as a method of :class:`.aggregate.Aggregate`, under a name of its own.

    Parameters
    ----------
    name : the method's name in pipelines; whoever reads such a pipeline must register the same function first
    function : of values (units, children), missing as NaN, and weights (children,), 0 or more, to scores (units,), NaN
        where there is none; it skips what is missing as it sees fit. In a batch it is called once for each replicate
    above_zero : refuse values that are not above 0 before the function sees them

    Raises
    ------
    InputError
        the name is that of a built-in method

    >>> def midrange(values, weights):
    ...     return (np.nanmin(values, axis=1) + np.nanmax(values, axis=1)) / 2
    >>> register_mean("midrange", midrange)
    >>> from qualipolis.methods.composite import Aggregate, Framework, IndicatorData, Node, Pipeline
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("c", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v"), ("a", "b", "c"), [[1, 5, 6], [2, 3, 10]])
    >>> Pipeline((Aggregate("midrange"),)).run(fw, data).score("X").tolist()
    [3.5, 6.0]
    """
    if name in METHODS or not name:
        raise InputError(
            [
                Problem(
                    "taken_name",
                    msg("%(name)s cannot name a mean of your own: it is empty or built in."),
                    msg("Choose another name."),
                    {"name": name},
                )
            ]
        )
    USER_MEANS[name] = UserMean(function, above_zero)


def known_methods() -> tuple[str, ...]:
    """Return the names of all methods, built in and registered.

    >>> known_methods()[:2]
    ('arithmetic', 'geometric')
    """
    return METHODS + tuple(USER_MEANS)


def other_mean(values: Sequence[Floats], shares: Sequence[Floats], rule: Rule) -> Floats:
    """Aggregate children, each (units,) or (R, units), with weights each (1,) or (R, 1), by a rule that is no plain sum.

    >>> other_mean([np.array([1.0, 4.0]), np.array([3.0, np.nan])], [np.ones(1)] * 2, Rule("minimum")).tolist()
    [1.0, 4.0]
    """
    x, w = np.stack(np.broadcast_arrays(*values)), np.stack(np.broadcast_arrays(*shares))
    by_table = rule.method == "copeland" or rule.method in USER_MEANS
    if w.ndim > x.ndim and not by_table:
        x = x[:, None]
    elif w.ndim < x.ndim and not by_table:
        w = w[:, None]
    there = ~np.isnan(x)
    if rule.min_share > 0:
        x = np.where(np.mean(there, axis=0) < rule.min_share, np.nan, x)
    if rule.method == "generalised":
        out = generalised_mean(x, w, rule.power)
        return np.where(there.all(axis=0), out, np.nan) if rule.missing_counts else out
    if rule.method == "mazziotta_pareto":
        return penalised_mean(x, w, rule.sign)
    if rule.method == "median":
        return weighted_median(x, w)
    if rule.method == "minimum":
        return np.asarray(np.fmin.reduce(np.where(w > 0, x, np.nan), axis=0))
    table, weights = np.moveaxis(x, 0, -1), np.moveaxis(w[..., 0], 0, -1)
    return copeland(table, weights) if rule.method == "copeland" else _by_user(table, weights, rule.method)


def generalised_mean(x: Floats, w: Floats, power: float) -> Floats:
    r"""Return :math:`(\sum w_k x_k^p / \sum w_k)^{1/p}` of (children, ..., units), weights (children, ..., 1).

    Missing children are left out and the weights renormalised, as in every other mean (COINr 1.1.14 gives a missing
    mean). Computed on shares of the value that dominates, so that no power overflows; p = 0 is the geometric mean.

    >>> generalised_mean(np.array([[1.0], [7.0]]), np.ones((2, 1)), 2.0).tolist()
    [5.0]
    """
    there = ~np.isnan(x) & (w > 0)
    largest = np.fmax if power > 0 else np.fmin
    unit = largest.reduce(np.where(there, x, np.nan), axis=0)
    safe = np.where(unit == 0, 1.0, unit)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        terms = np.log(x / safe) if power == 0 else (x / safe) ** power
        total = sum(np.where(t, term, 0.0) * share for t, term, share in zip(there, terms, w, strict=True))
        weight = sum(t * share for t, share in zip(there, w, strict=True))
        mean = total / np.where(weight > 0, weight, np.nan)
        out: Floats = safe * (np.exp(mean) if power == 0 else mean ** (1 / power))
    return out


def weighted_median(x: Floats, w: Floats) -> Floats:
    """Return the value that half of the weight lies below, of (children, ..., units); between two when exactly half.

    >>> weighted_median(np.array([[1.0], [2.0], [9.0]]), np.array([[1.0], [1.0], [1.0]])).tolist()
    [2.0]
    >>> weighted_median(np.array([[1.0], [2.0], [9.0]]), np.array([[1.0], [1.0], [2.0]])).tolist()
    [5.5]
    """
    x, w = np.broadcast_arrays(x, w)
    order = np.argsort(x, axis=0, kind="stable")
    values = np.take_along_axis(x, order, axis=0)
    shares = np.take_along_axis(np.where(np.isnan(x), 0.0, w), order, axis=0)
    below = np.cumsum(shares, axis=0)
    half, near = below[-1] / 2, below[-1] * 1e-12
    lower = np.argmax(below >= half - near, axis=0)[None]
    upper = np.argmax(below > half + near, axis=0)[None]
    ends = [np.take_along_axis(values, at, axis=0)[0] for at in (lower, upper)]
    return np.where(below[-1] > 0, (ends[0] + ends[1]) / 2, np.nan)


def _by_user(table: Floats, weights: Floats, name: str) -> Floats:
    function = USER_MEANS[name].function
    lead = np.broadcast_shapes(table.shape[:-2], weights.shape[:-1])
    if not lead:
        return _checked(function(table, weights), table.shape[:1], name)
    tables = np.broadcast_to(table, (*lead, *table.shape[-2:]))
    shares = np.broadcast_to(weights, (*lead, weights.shape[-1]))
    pairs = zip(tables, shares, strict=True)
    return np.stack([_checked(function(one, share), one.shape[:1], name) for one, share in pairs])


def _checked(scores: Floats, shape: tuple[int, ...], name: str) -> Floats:
    out = np.asarray(scores, dtype=np.float64)
    if out.shape != shape:
        raise InputError(
            [
                Problem(
                    "wrong_shape",
                    msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
                    msg("Give one value for each unit."),
                    {"name": name, "shape": out.shape, "wanted": shape},
                )
            ]
        )
    return out
