"""Run a list of choices that somebody made elsewhere: every replicate by its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Alternatives, Factor, WeightNoise, labels
from qualipolis.methods.composite.intervals import Failure, quantiles_of_ranks
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.draws import Draws
from qualipolis.methods.composite.sensitivity.output import Output, output_values, root_of
from qualipolis.methods.composite.sensitivity.replicates import Replicates, evaluate
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

Design = Mapping[str, Any] | Sequence[Sequence[Any]] | NDArray[Any]


@dataclass(frozen=True, eq=False)
class Replay:
    """Scores and ranks of one node for each row of a design.

    Parameters
    ----------
    result : the plain run
    node : what was scored
    factors : names of the columns of the design
    replicates : scores, ranks and failures

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> plain = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[3, 5], [2, 3], [1, 1]]))
    >>> sets = WeightSets(({"a": 1.0, "b": 3.0}, {"a": 3.0, "b": 1.0}))
    >>> replay_design(plain, (sets,), [[1], [0]]).ranks.tolist()
    [[1, 2, 3], [1, 2, 3]]
    """

    result: CompositeResult
    node: str
    factors: tuple[str, ...]
    replicates: Replicates

    @property
    def scores(self) -> Floats:
        """(runs, units), NaN where the unit is not scored or the run failed."""
        return self.replicates.scores[:, 0]

    @property
    def ranks(self) -> NDArray[np.uint32]:
        """(runs, units), 0 where not ranked."""
        return self.replicates.ranks[:, 0]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What failed, with the number of runs."""
        return self.replicates.failures

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return int(self.replicates.failed.sum())

    def output(self, output: Output = "mean_abs_rank_change", unit: str | None = None) -> Floats:
        """Return one number for each run; see :func:`.exact.exact_indices` for the outputs."""
        return output_values(self.result, self.replicates, output, unit)

    def rank_table(self, level: float = 0.90) -> pl.DataFrame:
        """Return unit, nominal rank, mean, median and the ends of the interval of the rank over the runs (type 7)."""
        import polars as pl

        half = (1 - level) / 2
        low, median, high = quantiles_of_ranks(self.ranks, (half, 0.5, 1 - half))
        count = (self.ranks > 0).sum(axis=0)
        mean = np.where(count > 0, self.ranks.sum(axis=0) / np.maximum(count, 1), np.nan)
        columns = {"nominal": self.result.ranks(self.node), "mean": mean, "median": median, "low": low, "high": high}
        frame = pl.DataFrame({"unit": self.result.units, **columns})
        return frame.with_columns(pl.selectors.float().fill_nan(None))


def replay_design(
    result: CompositeResult, factors: tuple[Factor, ...], design: Design, node: str | None = None, seed: int = 0
) -> Replay:
    """Run the rows of a design.

    Parameters
    ----------
    result : the plain run
    factors : what varies
    design : columns in the order of the factors, (runs, factors), or a mapping from the factors' names
        (:func:`.factors.labels`) to columns. A discrete factor takes the position of its value, from 0, or the value
        itself; noise on data and cells takes the number of a random stream; noise on the weights takes the factors on
        the weights, (runs, nodes), and needs a mapping
    node : what to score, by default the first root
    seed : of the noise on data and cells

    Raises InputError when a column is missing or holds what its factor does not have.
    """
    chosen = root_of(result.framework, node)
    columns = _columns(factors, design)
    errors: list[Problem] = []
    levels: dict[int, NDArray[np.int64]] = {}
    noise: dict[int, Floats] = {}
    streams: dict[int, NDArray[np.int64]] = {}
    for position, (factor, column) in enumerate(zip(factors, columns, strict=True)):
        if isinstance(factor, Alternatives | WeightSets):
            levels[position] = _levels(factor, list(column), labels(factors)[position], errors)
        elif isinstance(factor, WeightNoise):
            noise[position] = np.asarray(column, dtype=np.float64)
        else:
            streams[position] = np.asarray(column, dtype=np.int64)
    errors += _noise_problems(noise, len(columns[0]), len(result.nodes))
    if errors:
        raise InputError(errors)
    draws = Draws(len(columns[0]), levels, noise, streams)
    return Replay(result, chosen, labels(factors), evaluate(result, factors, draws, (chosen,), seed))


def _columns(factors: tuple[Factor, ...], design: Design) -> list[Any]:
    names = labels(factors)
    if isinstance(design, Mapping):
        columns = [design.get(name, ()) for name in names]
    else:
        rows = list(design)
        columns = [list(column) for column in zip(*rows, strict=True)] if rows else []
    lengths = {len(column) for column in columns}
    if len(columns) != len(names) or len(lengths) != 1 or 0 in lengths:
        what = msg("The design does not have one filled column for each factor: %(known)s.")
        raise InputError([Problem("bad_design", what, msg("Complete it."), {"known": ", ".join(names)})])
    return columns


def _levels(
    factor: Alternatives | WeightSets, column: list[Any], name: str, errors: list[Problem]
) -> NDArray[np.int64]:
    """Positions as they are; values by where they stand. What looks like both counts as a position."""
    if all(isinstance(item, int | np.integer) and 0 <= item < factor.count for item in column):
        return np.array(column, dtype=np.int64)
    values = list(factor.values) if isinstance(factor, Alternatives) else []
    wrong = [item for item in column if item not in values]
    if wrong:
        errors.append(
            Problem(
                "bad_design",
                msg("The design has %(value)s for the factor %(address)s, which has no such value."),
                msg("Give positions from 0 to %(last)s, or its values."),
                {"value": wrong[0], "address": name, "last": factor.count - 1},
            )
        )
        return np.zeros(len(column), dtype=np.int64)
    return np.array([values.index(item) for item in column], dtype=np.int64)


def _noise_problems(noise: Mapping[int, Floats], n: int, nodes: int) -> Iterator[Problem]:
    for factors in noise.values():
        if factors.shape != (n, nodes) or not bool((factors >= 0).all()):
            yield Problem(
                "wrong_shape",
                msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
                msg("Give one factor, 0 or more, for each run and node."),
                {"name": "weight noise", "shape": factors.shape, "wanted": (n, nodes)},
            )
