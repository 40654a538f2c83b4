"""What is uncertain: typed references to a pipeline's parameters, its weights and its data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.sensitivity.imputation import Imputation
from qualipolis.methods.composite.sensitivity.levels import drawn_levels, probability_problems
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets
from qualipolis.methods.composite.steps import Step
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class WeightNoise:
    """Each weight times 1 + U(-relative, relative), drawn for each node and replicate, then renormalised by the mean.

    Parameters
    ----------
    relative : half width, 0 to 1
    levels : levels of the nodes whose weights vary; None for all below the root

    >>> WeightNoise(0.25, levels=(2, 3)).relative
    0.25
    """

    relative: float = 0.25
    levels: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.relative <= 1:
            raise InputError([_bad_noise(self.relative)])

    def draw(self, rng: np.random.Generator, n: int, framework: Framework) -> Floats:
        """Return factors on the weights, (n, nodes)."""
        moves = self.moves(framework)
        factors = np.ones((n, len(framework.nodes)))
        factors[:, moves] += rng.uniform(-self.relative, self.relative, (n, int(moves.sum())))
        return factors

    def at(self, u: Floats, framework: Framework) -> Floats:
        """Return the factors that numbers between 0 and 1 stand for: (n, moving nodes) to (n, nodes)."""
        factors = np.ones((len(u), len(framework.nodes)))
        factors[:, self.moves(framework)] += self.relative * (2.0 * u - 1.0)
        return factors

    def moves(self, framework: Framework) -> NDArray[np.bool_]:
        """Return which nodes have a weight that varies."""
        return np.array(
            [node.parent is not None and (self.levels is None or node.level in self.levels) for node in framework.nodes]
        )


@dataclass(frozen=True)
class Alternatives:
    """One of several values of a step's parameter, or of a whole step, each as likely as the others if not said.

    Parameters
    ----------
    address : ``"step.parameter"``, or ``"step"`` with step specifications as values
    values : the alternatives; with one value it is fixed to it in all replicates
    probabilities : of the values; equal when left out

    >>> Alternatives("aggregate.method", ("arithmetic", "geometric")).address
    'aggregate.method'
    """

    address: str
    values: tuple[Any, ...]
    probabilities: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))

    @property
    def count(self) -> int:
        """Number of values."""
        return len(self.values)

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
        """Return positions in ``values``, (n,)."""
        return drawn_levels(rng, n, self.count, self.probabilities)

    def problems(self, pipeline: Pipeline) -> Iterator[Problem]:
        """Yield what is wrong with the address, a value or the probabilities, for this pipeline."""
        yield from probability_problems(self.address, self.probabilities, self.count)
        if not self.values:
            yield Problem(
                "no_alternatives",
                msg("The factor %(address)s has no values."),
                msg("Give at least one."),
                {"address": self.address},
                place=f"FACTORS {self.address}",
            )
        for value in self.values:
            try:
                pipeline.with_changes({self.address: value})
            except InputError as error:
                yield from error.problems


@dataclass(frozen=True, eq=False)
class DataNoise:
    """Normal noise on the raw data, before the pipeline.

    Parameters
    ----------
    standard_errors : (units, codes) as in the data, or anything that broadcasts to it; missing counts as 0
    observed : the data already hold one such error (they were measured with it). Noise on noisy data counts the error
        twice and makes intervals too narrow for the true rank; with ``observed`` the scores of the replicates are
        shrunk for it, see :mod:`.sensitivity.observed`
    """

    standard_errors: ArrayLike
    observed: bool = False

    def errors(self, shape: tuple[int, ...]) -> Floats:
        """Return the standard errors in the shape of the data; InputError when they do not fit or are negative."""
        array = np.nan_to_num(np.asarray(self.standard_errors, dtype=np.float64), nan=0.0)
        try:
            array = np.broadcast_to(array, shape)
        except ValueError:
            raise InputError([_bad_errors(array.shape, shape)]) from None
        if (array < 0).any() or np.isinf(array).any():
            raise InputError([_negative_errors()])
        return array

    def source(self, shape: tuple[int, ...], entropy: tuple[int, ...]) -> NoiseSource:
        """Return where the noise of the replicates comes from, for data of this shape."""
        errors = self.errors(shape)
        columns = np.flatnonzero(errors.any(axis=0))
        return NoiseSource(columns, np.ascontiguousarray(errors[:, columns].T), entropy)


@dataclass(frozen=True, eq=False)
class NoiseSource:
    """Noise for the columns that have any: ``errors`` is (columns, units)."""

    columns: NDArray[np.intp]
    errors: Floats
    entropy: tuple[int, ...]

    def draw(self, replicate: int) -> Floats:
        """Return the noise of one replicate, (columns, units); each has a stream of its own, whoever draws it when."""
        noise = np.random.default_rng((*self.entropy, replicate)).standard_normal(self.errors.shape)
        noise *= self.errors
        return noise


Factor = WeightNoise | Alternatives | DataNoise | WeightSets | Imputation
Discrete = Alternatives | WeightSets

DEFAULT_FACTORS: tuple[Factor, ...] = (
    WeightNoise(0.25),
    Alternatives("normalise.low", (1.0,)),
    Alternatives("aggregate.method", ("arithmetic", "geometric")),
)
"""Weights within a quarter of their value, and how far a weakness may be made up for: arithmetic or geometric mean.
The scale starts at 1 in all replicates, since the geometric mean needs values above 0; arithmetic ranks do not change."""


def default_factors(pipeline: Pipeline, framework: Framework, data: IndicatorData) -> tuple[Factor, ...]:
    """Return ``DEFAULT_FACTORS``, or the noise on weights alone when the pipeline does not allow the other factors.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> len(default_factors(DEFAULT_PIPELINE, fw, IndicatorData(("u", "v"), ("a",), [[1], [2]])))
    3
    """
    try:
        hardest = pipeline.with_changes({"normalise.low": 1.0, "aggregate.method": "geometric"})
    except InputError:
        return DEFAULT_FACTORS[:1]
    refused = any(problem.severity == "error" for problem in hardest.problems(framework, data))
    return DEFAULT_FACTORS[:1] if refused else DEFAULT_FACTORS


def factor_problems(
    factors: tuple[Factor, ...], pipeline: Pipeline, framework: Framework, data: IndicatorData
) -> Iterator[Problem]:
    """Yield every factor that does not fit the pipeline, the framework or the data; nothing is skipped silently."""
    for factor in factors:
        if isinstance(factor, Alternatives):
            yield from factor.problems(pipeline)
        elif isinstance(factor, WeightSets):
            yield from factor.problems(framework)
        elif isinstance(factor, Imputation):
            yield from factor.problems(data)
    for kind in (WeightSets, Imputation):
        if sum(isinstance(factor, kind) for factor in factors) > 1:
            yield _twice(LABELS[kind])
    addresses = [factor.address for factor in factors if isinstance(factor, Alternatives)]
    for address in dict.fromkeys(addresses):
        if addresses.count(address) > 1:
            yield _twice(address)


LABELS: dict[type, str] = {
    WeightNoise: "weight noise",
    WeightSets: "weights",
    DataNoise: "data noise",
    Imputation: "imputation",
}


def labels(factors: tuple[Factor, ...]) -> tuple[str, ...]:
    """Return a short name of each factor for tables, each different.

    >>> labels((WeightNoise(), Alternatives("treat.winmax", (1, 5)), WeightNoise(0.1)))
    ('weight noise', 'treat.winmax', 'weight noise 2')
    """
    plain = [factor.address if isinstance(factor, Alternatives) else LABELS[type(factor)] for factor in factors]
    before = [plain[:position].count(name) for position, name in enumerate(plain)]
    return tuple(f"{name} {seen + 1}" if seen else name for name, seen in zip(plain, before, strict=True))


def describe(factor: Factor) -> str:
    """Return one line for people and for the record.

    >>> describe(Alternatives("treat.winmax", (1, 5)))
    'treat.winmax in [1, 5]'
    """
    if isinstance(factor, WeightNoise):
        where = "all levels" if factor.levels is None else f"levels {list(factor.levels)}"
        return f"weights +-{factor.relative:.0%}, {where}"
    if isinstance(factor, DataNoise):
        return "normal noise on the data" + (", measured with it" if factor.observed else "")
    if isinstance(factor, Imputation):
        return f"missing cells drawn by {factor.method}" + (f", inside {factor.group}" if factor.group else "")
    if isinstance(factor, WeightSets):
        return f"one of {factor.count} sets of weights"
    values = [value.to_dict() if isinstance(value, Step) else value for value in factor.values]
    return f"{factor.address} in {json.dumps(values, ensure_ascii=False)}" + _likely(factor.probabilities)


def _likely(probabilities: tuple[float, ...] | None) -> str:
    return "" if probabilities is None else f" with probabilities {list(probabilities)}"


def _twice(address: str) -> Problem:
    return Problem(
        "duplicate_factor",
        msg("The factor %(address)s stands twice."),
        msg("Put all its values into one."),
        {"address": address},
        place=f"FACTORS {address}",
    )


def _bad_noise(relative: float) -> Problem:
    return Problem(
        "bad_weight_noise",
        msg("The weight noise is %(relative)s."),
        msg("Give a share from 0 to 1."),
        {"relative": relative},
        place="FACTORS",
    )


def _bad_errors(shape: tuple[int, ...], wanted: tuple[int, ...]) -> Problem:
    return Problem(
        "wrong_shape",
        msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
        msg("Give one value for each unit."),
        {"name": "standard_errors", "shape": shape, "wanted": wanted},
        place="FACTORS",
    )


def _negative_errors() -> Problem:
    return Problem(
        "negative_errors",
        msg("A standard error is negative or infinite."),
        msg("Give numbers, 0 or more."),
        place="FACTORS",
    )
