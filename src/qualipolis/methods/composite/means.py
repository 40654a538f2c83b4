"""The tree of means over batches: weighted means that skip what is missing, and whatever else is registered as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.more_means import ABOVE_ZERO, NOT_BELOW_ZERO, USER_MEANS, Rule, other_mean

SUMS = ("arithmetic", "geometric", "harmonic")
"""The means that are sums of terms; these run column by column without stacking."""


@dataclass(eq=False)
class _Column:
    """Values of one node, (units,) or (R, units), with what is known of them, so that nothing is computed twice."""

    value_: Floats | None = None
    log_: Floats | None = None
    complete: bool = False
    positive: bool = False
    least_zero: bool = False

    @property
    def value(self) -> Floats:
        if self.value_ is None:
            assert self.log_ is not None
            self.value_ = np.exp(self.log_)
        return self.value_

    @property
    def log(self) -> Floats:
        if self.log_ is None:
            with np.errstate(invalid="ignore", divide="ignore"):
                self.log_ = np.log(self.value)
        return self.log_


@dataclass(frozen=True, eq=False)
class TreeScores:
    """Scores of the wanted nodes, and which replicates met a value not above 0 where the mean needs one above 0.

    ``bad`` has no axis for a single run, else (R,); ``culprits`` are the nodes whose values were not above 0.
    """

    scores: Mapping[str, Floats]
    bad: NDArray[np.bool_]
    culprits: tuple[str, ...] = field(default=())


def tree_scores(
    framework: Framework,
    values: Floats,
    weights: Floats,
    methods: Mapping[str, str | Rule],
    min_share: float = 0.0,
    wanted: Collection[str] | None = None,
) -> TreeScores:
    r"""Aggregate normalised indicators up the tree.

    .. math:: A = \frac{\sum w_i x_i}{\sum w_i}, \quad G = \exp\frac{\sum w_i \ln x_i}{\sum w_i}, \quad
              H = \frac{\sum w_i}{\sum w_i / x_i}

    and the others of :data:`.more_means.METHODS`, each over the children present. Sums run in the order of the children, for one run and for a batch alike, so that a
    replicate has the same digits as the run by itself, and equal units stay tied.

    Parameters: ``values`` (units, indicators) or (R, units, indicators), columns as ``framework.indicators``; ``weights``
    (nodes,) or (R, nodes), as ``framework.codes``; ``methods`` aggregate -> method or :class:`.more_means.Rule`;
    ``min_share``, the lowest share of children present, below which a node is missing, where the rule gives none;
    ``wanted``, the nodes to return, all by default.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> x = np.array([[1.0, 4.0], [2.0, np.nan]])
    >>> tree_scores(fw, x, np.ones(3), {"X": "geometric"}).scores["X"].tolist()
    [2.0, 2.0]
    """
    columns = {code: _leaf(values[..., i]) for i, code in enumerate(framework.indicators)}
    bad = np.zeros(np.broadcast_shapes(values.shape[:-2], weights.shape[:-1]), dtype=bool)
    culprits: list[str] = []
    for code in framework.upward:
        rule, children = _rule(methods[code], min_share), framework.children(code)
        for child in children:
            wrong = _unfit(columns[child], rule)
            bad = bad | wrong
            culprits += [child] * bool(np.any(wrong))
        shares = [weights[..., framework.index(child), None] for child in children]
        columns[code] = _join([columns[child] for child in children], shares, rule)
    names = framework.codes if wanted is None else wanted
    return TreeScores({name: columns[name].value for name in names}, bad, tuple(dict.fromkeys(culprits)))


def _rule(method: str | Rule, min_share: float) -> Rule:
    return Rule(method, min_share=min_share) if isinstance(method, str) else method


def _unfit(column: _Column, rule: Rule) -> NDArray[np.bool_] | np.bool_:
    """Return in which replicates a child has values that the mean cannot take."""
    if rule.method in ABOVE_ZERO or (rule.method in USER_MEANS and USER_MEANS[rule.method].above_zero):
        return _not_positive(column)
    if rule.method not in NOT_BELOW_ZERO:
        return np.False_
    return _not_positive(column) if rule.power <= 0 else _negative(column)


def _join(parts: list[_Column], shares: list[Floats], rule: Rule) -> _Column:
    if rule.method in SUMS:
        return _mean(parts, shares, rule.method, rule.min_share)
    return _other(parts, shares, rule)


def _other(parts: list[_Column], shares: list[Floats], rule: Rule) -> _Column:
    out = np.ascontiguousarray(other_mean([part.value for part in parts], shares, rule))
    return _Column(out, complete=not bool(np.isnan(np.min(out, initial=0.0))))


def _leaf(values: Floats) -> _Column:
    column = np.ascontiguousarray(values)
    return _Column(column, complete=not bool(np.isnan(np.min(column, initial=0.0))))


def _not_positive(column: _Column) -> NDArray[np.bool_] | np.bool_:
    if column.positive:
        return np.False_
    wrong = (column.value <= 0).any(axis=-1)
    column.positive = not bool(np.any(wrong))
    return wrong


def _negative(column: _Column) -> NDArray[np.bool_] | np.bool_:
    if column.positive or column.least_zero:
        return np.False_
    wrong = (column.value < 0).any(axis=-1)
    column.least_zero = not bool(np.any(wrong))
    return wrong


def _mean(parts: list[_Column], shares: list[Floats], method: str, min_share: float) -> _Column:
    terms = [_term(part, method) for part in parts]
    whole = all(part.complete for part in parts)
    total: Floats | None = None
    weight: Floats | None = None
    with np.errstate(invalid="ignore", divide="ignore"):
        for part, term, share in zip(parts, terms, shares, strict=True):
            if part.complete:
                total, weight = _add(total, term, share), share if weight is None else weight + share
            else:
                there = ~np.isnan(term)
                total = _add(total, np.where(there, term, 0.0), share)
                present = there * share
                weight = present if weight is None else weight + present
        assert total is not None
        assert weight is not None
        out = weight / total if method == "harmonic" else total / np.where(weight > 0, weight, np.nan)
    if min_share > 0 and not whole:
        present_share = np.mean(np.broadcast_arrays(*[~np.isnan(term) for term in terms]), axis=0)
        out = np.where(present_share < min_share, np.nan, out)
    sure = any(p.complete and bool(np.all(s > 0)) for p, s in zip(parts, shares, strict=True))
    complete = whole and sure if min_share > 0 else sure
    positive = all(part.positive for part in parts)
    if method == "geometric":
        return _Column(log_=out, complete=complete, positive=True)
    return _Column(out, complete=complete, positive=positive or method == "harmonic")


def _term(part: _Column, method: str) -> Floats:
    if method == "geometric":
        return part.log
    if method == "harmonic":
        with np.errstate(divide="ignore"):
            return 1.0 / part.value
    return part.value


def _add(total: Floats | None, term: Floats, share: Floats) -> Floats:
    product: Floats = term * share
    if total is None:
        return product
    if total.shape == product.shape:
        total += product
        return total
    return total + product
