"""How robust the ranks are: which assumption matters, who can be told apart, and what counts beside its weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qualipolis.lake.release.format import CONVERGENCE, IMPORTANCE, SENSITIVITY, TIERS
from qualipolis.lake.release.tiers import tier_table
from qualipolis.methods.composite import CompositeResult, Factor, RankIntervals
from qualipolis.methods.composite.factors import Alternatives, WeightSets
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    from qualipolis.methods.composite.sensitivity.exact import ExactIndices
    from qualipolis.methods.composite.sensitivity.sobol import SobolIndices

MOST_COMBINATIONS = 5_000
PLACES = 9
FEWEST_VALUES = 8
EFFECTS = ("share", "effect", "effect_low", "effect_high")
LEAST_ROWS = 8
MOST_ROWS = 2**17


@dataclass(frozen=True, eq=False)
class Robustness:
    """What the assumptions do to the ranks. ``exact`` is there where every combination of choices could be run."""

    rows: int
    seed: int
    sampled: SobolIndices
    exact: ExactIndices | None
    tables: Mapping[str, pl.DataFrame]
    problems: tuple[Problem, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """Return what the document of a release says of it."""
        return {
            "rows": self.rows,
            "seed": self.seed,
            "runs": self.sampled.runs,
            "complete": self.sampled.complete,
            "failed": self.sampled.failed,
            "combinations": None if self.exact is None else self.exact.runs,
        }


def tested(
    result: CompositeResult,
    intervals: RankIntervals | None,
    factors: tuple[Factor, ...],
    rows: int,
    seed: int,
) -> Robustness | None:
    """Return how robust the ranks of a result are, or ``None`` when ``rows`` is 0.

    Raises
    ------
    InputError
        a factor does not fit the pipeline, or too few replicates succeeded
    """
    if not rows:
        return None
    from qualipolis.methods.composite.sensitivity.sobol import sobol_indices

    try:
        sampled = sobol_indices(result, factors, n=rows, seed=seed)
    except InputError as error:
        what = msg("The sensitivity of the ranks to the assumptions cannot be computed.")
        remedy = msg("Write [[factors]] that fit into the pipeline file, or leave --sensitivity away.")
        raise InputError([Problem("factors_misfit", what, remedy, place="PIPELINE"), *error.problems]) from error
    exact = enumerated(result, factors)
    tables = {SENSITIVITY: indices_table(sampled, exact), CONVERGENCE: sampled.convergence()}
    tables |= importance_tables(result)
    tables |= {} if intervals is None else {TIERS: tier_table(result, intervals)}
    tables = {name: settled(frame) for name, frame in tables.items()}
    notes = () if exact is not None or sampled.converged() else (sampled.statement(),)
    return Robustness(rows, seed, sampled, exact, tables, notes)


def settled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its numbers to nine places: sums in another order on another machine give the same bytes."""
    numbers = pl.selectors.float()
    return frame.with_columns(numbers.fill_nan(None).round(PLACES) + 0.0)


def enumerated(result: CompositeResult, factors: tuple[Factor, ...]) -> ExactIndices | None:
    """Return the indices without sampling error, where all factors are lists of choices that all can be run."""
    from qualipolis.methods.composite.sensitivity.exact import exact_indices

    count = 1
    for factor in factors:
        if not isinstance(factor, Alternatives | WeightSets):
            return None
        count *= factor.count
    if count > MOST_COMBINATIONS:
        return None
    try:
        return exact_indices(result, factors)
    except InputError:
        return None


def indices_table(sampled: SobolIndices, exact: ExactIndices | None) -> pl.DataFrame:
    """Return one line for each factor: indices by sampling with their intervals, then the exact ones."""
    frame = sampled.to_frame()
    if exact is None:
        return frame
    beside = exact.to_frame().select(pl.col("first").alias("first_exact"), pl.col("total").alias("total_exact"))
    return pl.concat([frame, beside], how="horizontal")


def curved(result: CompositeResult, node: str) -> bool:
    """Return whether every child of a node has enough different values for a curve to be laid through them."""
    scores = (result.score(child) for child in result.framework.children(node))
    return all(len(np.unique(values[~np.isnan(values)].round(PLACES))) >= FEWEST_VALUES for values in scores)


def importance_tables(result: CompositeResult) -> dict[str, pl.DataFrame]:
    """Return what each child does to the score above it, beside its weight; a node with too few units is left out."""
    from qualipolis.methods.composite.sensitivity.importance import main_effects
    from qualipolis.methods.composite.sensitivity.shapley import shapley_importance

    found = []
    for node in reversed(result.framework.upward):
        if len(result.framework.children(node)) < 2:
            continue
        try:
            effects = main_effects(result, node).to_frame()
            shapley = shapley_importance(result, node).to_frame()["share"].alias("shapley")
        except InputError:
            continue
        if not curved(result, node):
            effects = effects.with_columns(pl.lit(None, pl.Float64).alias(name) for name in EFFECTS)
        found.append(effects.with_columns(pl.lit(node).alias("node"), shapley))
    return {IMPORTANCE: pl.concat(found).select("node", pl.exclude("node"))} if found else {}
