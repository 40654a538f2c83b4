"""Several sets of weights as one uncertain factor: experts who disagree, or sets drawn elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework, unknown_code
from qualipolis.methods.composite.sensitivity.levels import drawn_levels, probability_problems
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True, eq=False)
class WeightSets:
    """One of several sets of weights, each as likely as the others or with a probability of its own.

    All sets go through the aggregation along the batch axis: a hundred sets cost one pass, not a hundred.

    Parameters
    ----------
    sets : mappings node -> weight, one for each set; or a matrix (sets, nodes) with ``nodes``. A node that is not named
        keeps the weight of the pipeline
    nodes : codes of the columns of a matrix; left out, the columns are all nodes of the framework in their order
    probabilities : of the sets; equal when left out

    Noise on the weights (``WeightNoise``) multiplies the set that was drawn.

    >>> WeightSets(({"a": 1.0, "b": 2.0}, {"a": 2.0, "b": 1.0})).count
    2
    >>> WeightSets([[1.0, 2.0], [2.0, 1.0]], nodes=("a", "b")).count
    2
    """

    sets: tuple[Mapping[str, float], ...] | ArrayLike
    nodes: tuple[str, ...] = ()
    probabilities: tuple[float, ...] | None = None

    @property
    def count(self) -> int:
        """Number of sets."""
        return len(self.sets)  # type: ignore[arg-type]

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
        """Return positions in ``sets``, (n,)."""
        return drawn_levels(rng, n, self.count, self.probabilities)

    def matrix(self, framework: Framework) -> Floats:
        """Return the weights, (sets, nodes of the framework), NaN where a set says nothing.

        Raises
        ------
        InputError
            no set, unknown node, wrong shape, a weight that is negative or no number
        """
        errors = list(self._faults(framework))
        if errors:
            raise InputError(errors)
        out = np.full((self.count, len(framework.nodes)), np.nan)
        for row, named in enumerate(self._named(framework)):
            for code, weight in named.items():
                out[row, framework.index(code)] = weight
        return out

    def problems(self, framework: Framework, weights: Floats | None = None) -> Iterator[Problem]:
        """Yield what does not fit: see :meth:`matrix`; and children of one node whose weights would all be zero."""
        errors = list(self._faults(framework))
        yield from errors
        yield from probability_problems("weights", self.probabilities, self.count)
        if errors:
            return
        base = np.array([node.weight for node in framework.nodes]) if weights is None else weights
        matrix = self.matrix(framework)
        matrix = np.where(np.isnan(matrix), base, matrix)
        for code in framework.aggregates:
            below = [framework.index(child) for child in framework.children(code)]
            for row in np.flatnonzero((matrix[:, below] == 0).all(axis=1)):
                yield _all_zero(code, int(row) + 1)

    def _named(self, framework: Framework) -> list[Mapping[str, float]]:
        if isinstance(self.sets, tuple | list) and all(isinstance(one, Mapping) for one in self.sets):
            return list(self.sets)
        codes = self.nodes or framework.codes
        rows = np.asarray(self.sets, dtype=np.float64)
        return [dict(zip(codes, row.tolist(), strict=True)) for row in rows]

    def _faults(self, framework: Framework) -> Iterator[Problem]:
        if self.count == 0:
            yield Problem("no_alternatives", msg("There are no sets of weights."), msg("Give at least one."))
            return
        try:
            named = self._named(framework)
        except (TypeError, ValueError):
            yield _not_a_matrix(self.nodes or framework.codes)
            return
        for code in dict.fromkeys(code for one in named for code in one):
            if code not in framework.codes:
                yield unknown_code(code)
        for row, one in enumerate(named, start=1):
            for code, weight in one.items():
                if not (np.isfinite(weight) and weight >= 0):
                    yield _bad_weight(code, weight, row)


def _all_zero(code: str, row: int) -> Problem:
    return Problem(
        "zero_weights",
        msg("In set %(set)s the weights under %(node)s are all zero."),
        msg("Give one child a weight above 0."),
        {"node": code, "set": row},
        place="FACTORS",
    )


def _not_a_matrix(codes: tuple[str, ...]) -> Problem:
    return Problem(
        "wrong_shape",
        msg("The sets of weights are no table of numbers with %(columns)s columns."),
        msg("Give one row for each set and one column for each node named."),
        {"columns": len(codes)},
        place="FACTORS",
    )


def _bad_weight(code: str, weight: float, row: int) -> Problem:
    return Problem(
        "bad_weight",
        msg("In set %(set)s the weight of %(node)s is %(weight)s."),
        msg("Give a number, 0 or more."),
        {"node": code, "weight": weight, "set": row},
        place="FACTORS",
    )
