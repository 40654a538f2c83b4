"""Exact sensitivity indices of a discrete space of assumptions: every combination is run, nothing is sampled.

Sources: Sobol' (1993), "Sensitivity estimates for nonlinear mathematical models"; Saltelli et al. (2008), *Global
Sensitivity Analysis: The Primer*; for assumptions of composite indicators Saisana, Saltelli and Tarantola (2005).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Alternatives, Factor, labels
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.draws import Draws
from qualipolis.methods.composite.sensitivity.levels import probability_problems, shares
from qualipolis.methods.composite.sensitivity.output import Output, output_values, root_of
from qualipolis.methods.composite.sensitivity.replicates import evaluate
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

LIMIT = 200_000
ALL_SUBSETS = 10


@dataclass(frozen=True, eq=False)
class ExactIndices:
    """Sensitivity indices without sampling error.

    Parameters
    ----------
    factors : names
    runs : number of combinations
    mean, variance : of the output over all combinations, each as likely as its choices (variance of the population)
    first : (factors,) share of the variance that a factor explains by itself
    total : (factors,) share that it explains by itself and together with others
    interactions : factors -> share that just these explain together beyond their parts; all subsets of two or more up
        to ten factors, else the pairs. First-order indices and all interactions sum to 1
    output : the output of each combination, one axis for each factor; values of probability 0 are left out

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> plain = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[3, 1], [2, 3], [1, 5]]))
    >>> sets = WeightSets(({"a": 3.0, "b": 1.0}, {"a": 1.0, "b": 3.0}))
    >>> exact_indices(plain, (sets, Alternatives("treat.winmax", (1, 2))), "score", unit="u").first.tolist()
    [1.0, 0.0]
    """

    factors: tuple[str, ...]
    runs: int
    mean: float
    variance: float
    first: Floats
    total: Floats
    interactions: Mapping[tuple[str, ...], float]
    output: Floats

    def to_frame(self) -> pl.DataFrame:
        """Return factor, first, total, interaction (total less first)."""
        import polars as pl

        return pl.DataFrame(
            {"factor": self.factors, "first": self.first, "total": self.total, "interaction": self.total - self.first}
        )


def exact_indices(
    result: CompositeResult,
    factors: tuple[Factor, ...],
    output: Output = "mean_abs_rank_change",
    unit: str | None = None,
    node: str | None = None,
) -> ExactIndices:
    r"""Return first-order, total and interaction indices by running every combination of choices.

    .. math:: S_i = \frac{V(E[y \mid x_i])}{V(y)}, \quad T_i = 1 - \frac{V(E[y \mid x_{\sim i}])}{V(y)}, \quad
              V_u = \sum_{w \subseteq u} (-1)^{|u|-|w|} V(E[y \mid x_w])

    Parameters
    ----------
    result : the plain run
    factors : ``Alternatives`` and ``WeightSets``, with their probabilities
    output : ``mean_abs_rank_change``, the mean over the units of \|rank - rank of the plain run\|, compared on the units
        that both rank; ``rank`` or ``score`` of one unit; or a function of (scores, ranks), both (runs, units) with NaN
        for missing, that returns one number for each run
    unit : for ``rank`` and ``score``
    node : of the tree, by default the first root

    Raises
    ------
    InputError
        a factor that is not discrete, more than 200,000 combinations, or combinations that fail (with their number): a
        space with holes has no exact indices
    """
    chosen = root_of(result.framework, node)
    weights = _space(factors)
    possible = [np.flatnonzero(weight > 0) for weight in weights]  # what is never chosen need not work
    sizes = tuple(len(levels) for levels in possible)
    grid = np.indices(sizes).reshape(len(sizes), -1)
    draws = Draws(grid.shape[1], {i: possible[i][row] for i, row in enumerate(grid)}, {}, {})
    done = evaluate(result, factors, draws, (chosen,))
    y = output_values(result, done, output, unit)
    if done.failed.any() or np.isnan(y).any():
        raise InputError([_holes(int(np.isnan(y).sum()), len(y)), *(failure.problem for failure in done.failures)])
    kept = [weight[levels] for weight, levels in zip(weights, possible, strict=True)]
    return decomposed(y.reshape(sizes), kept, labels(factors))


def decomposed(y: Floats, weights: list[Floats], names: tuple[str, ...]) -> ExactIndices:
    """Return the indices of an output on a full grid.

    Parameters
    ----------
    y : one axis for each factor
    weights : the probabilities of the levels of each factor
    names : of the factors

    >>> found = decomposed(np.array([[0.0, 0.0], [0.0, 1.0]]), [np.full(2, 0.5)] * 2, ("a", "b"))
    >>> found.first.round(4).tolist(), found.total.round(4).tolist(), round(found.interactions["a", "b"], 4)
    ([0.3333, 0.3333], [0.6667, 0.6667], 0.3333)
    """
    d = y.ndim
    mean = float(_mean_given(y, weights, ()))
    centred = y - mean
    variance = float(_mean_given(centred**2, weights, ()))
    everything = tuple(range(d))
    orders = range(1, d) if d <= ALL_SUBSETS else range(1, 3)
    explained = {u: _explained(centred, weights, u) for k in orders for u in itertools.combinations(everything, k)}
    explained[everything] = variance
    own: dict[tuple[int, ...], float] = {}
    for u in sorted(explained, key=len):
        if len(u) <= max(orders, default=1) or d <= ALL_SUBSETS:
            parts = (w for k in range(1, len(u)) for w in itertools.combinations(u, k))
            own[u] = explained[u] - sum(own[w] for w in parts)
    scale = 1 / variance if variance > 0 else 0.0
    without = [_explained(centred, weights, everything[:i] + everything[i + 1 :]) for i in everything]
    first = np.array([explained[(i,)] * scale for i in everything])
    total = np.array([(variance - rest) * scale for rest in without])
    together = {tuple(names[i] for i in u): float(part * scale) for u, part in own.items() if len(u) > 1}
    return ExactIndices(names, y.size, mean, variance, first, total, together, y)


def _mean_given(y: Floats, weights: list[Floats], kept: tuple[int, ...]) -> Floats:
    for axis in reversed(range(y.ndim)):
        if axis not in kept:
            y = np.tensordot(y, weights[axis], axes=(axis, 0))
    return y


def _explained(centred: Floats, weights: list[Floats], kept: tuple[int, ...]) -> float:
    """Variance of the mean given the kept factors."""
    if not kept:
        return 0.0
    mean = _mean_given(centred, weights, kept)
    return float(_mean_given(mean**2, [weights[axis] for axis in kept], ()))


def _space(factors: tuple[Factor, ...]) -> list[Floats]:
    """Return the probabilities of the levels of each factor."""
    errors = [_not_discrete(name) for name, f in zip(labels(factors), factors, strict=True) if not _discrete(f)]
    if not factors:
        errors.append(Problem("no_factors", msg("No factor is given."), msg("Give at least one.")))
    found = [factor for factor in factors if isinstance(factor, Alternatives | WeightSets)]
    runs = np.prod([float(factor.count) for factor in found])
    if runs > LIMIT:
        errors.append(_too_large(int(runs)))
    errors += [e for f in found for e in probability_problems(labels((f,))[0], f.probabilities, f.count)]
    if errors:
        raise InputError(errors)
    return [shares(f.count, f.probabilities) for f in found]


def _discrete(factor: Factor) -> bool:
    return isinstance(factor, Alternatives | WeightSets)


def _not_discrete(name: str) -> Problem:
    return Problem(
        "not_discrete",
        msg("The factor %(address)s takes any value in a range: its combinations cannot be listed."),
        msg("Sample it with Sobol indices, or give a list of sets of weights."),
        {"address": name},
        place=f"FACTORS {name}",
    )


def _too_large(runs: int) -> Problem:
    return Problem(
        "too_many_combinations",
        msg("The factors have %(runs)s combinations, more than the %(limit)s that are enumerated."),
        msg("Sample them with Sobol indices, or take out values."),
        {"runs": runs, "limit": LIMIT},
        place="FACTORS",
    )


def _holes(failed: int, runs: int) -> Problem:
    return Problem(
        "failed_combinations",
        msg("%(failed)s of %(runs)s combinations have no output: there are no exact indices."),
        msg("Take out the choices that fail."),
        {"failed": failed, "runs": runs},
        place="FACTORS",
    )
