"""Several pipelines on the same two tables: ranks, scores and how far they agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from qualipolis.lake.release.format import COMPARISON, CORRELATION
from qualipolis.lake.release.robustness import settled
from qualipolis.methods.composite import CompositeResult
from qualipolis.methods.problems import Problem, msg

THIS = "this"
NAME = re.compile(r"[\w-]{1,40}")
MOST = 20


@dataclass(frozen=True, eq=False)
class Comparison:
    """What other pipelines give: name -> hash of the pipeline, and the tables of ranks, scores and correlations."""

    methods: Mapping[str, str]
    tables: Mapping[str, pl.DataFrame]

    def to_dict(self) -> dict[str, object]:
        """Return what the document of a release says of it."""
        return {
            name: {"file": f"inputs/compare-{name}.toml", "pipeline": version} for name, version in self.methods.items()
        }


def compare(result: CompositeResult, others: Mapping[str, CompositeResult]) -> Comparison:
    """Return the other results beside this one, on the top of each tree.

    ``comparison.csv`` has unit, node, and a rank and a score for each; ``correlation.csv`` says for each other pipeline
    and aggregate how the ranks and the scores correlate with these.
    """
    from qualipolis.methods.composite.comparison.versions import compare_correlation, compare_many

    every = {THIS: result, **others}
    sides = []
    for root in result.framework.roots:
        ranks = compare_many(every, root, "ranks", sort=False)
        scores = compare_many(every, root, "scores", sort=False)
        named = [pl.col(name).alias(f"rank:{name}") for name in every]
        shown = [pl.col(name).alias(f"score:{name}") for name in every]
        node = pl.lit(root).alias("node")
        sides.append(pl.concat([ranks.select("unit", node, *named), scores.select(*shown)], how="horizontal"))
    pairs = []
    for name, other in others.items():
        ranks = compare_correlation(result, other, kind="ranks").rename({"correlation": "of_ranks"})
        scores = compare_correlation(result, other, kind="scores")["correlation"].alias("of_scores")
        pairs.append(ranks.with_columns(pl.lit(name).alias("pipeline"), scores))
    tables = {
        COMPARISON: pl.concat(sides),
        CORRELATION: settled(pl.concat(pairs).select("pipeline", pl.exclude("pipeline"))),
    }
    return Comparison({name: other.pipeline.hash for name, other in others.items()}, tables)


def name_problem(name: str, taken: frozenset[str]) -> Problem | None:
    """Return what is wrong with the name of a pipeline to compare with.

    >>> name_problem("equal", frozenset()), name_problem("../x", frozenset()).code
    (None, 'bad_name')
    """
    if NAME.fullmatch(name) and name != THIS and name not in taken:
        return None
    what = msg("A pipeline to compare with cannot be called %(name)s.")
    remedy = msg("Give each a name of its own of at most 40 letters, digits, - or _.")
    return Problem("bad_name", what, remedy, {"name": name})
