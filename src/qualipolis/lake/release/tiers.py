"""Tiers: groups of units whose order is not sure, from the replicates of the rank intervals."""

from __future__ import annotations

import numpy as np
import polars as pl

from qualipolis.methods.composite import CompositeResult, RankIntervals


def tiers_on(result: CompositeResult, intervals: RankIntervals | None, node: str) -> dict[str, tuple[int, float]]:
    """Return unit -> tier and how sure it is of it, in the order of the ranks on ``node``; empty without replicates."""
    from qualipolis.methods.composite.sensitivity.tiers import certainties, tiers

    if intervals is None or node not in intervals.nodes:
        return {}
    nominal, drawn = result.ranks(node), intervals.replicate_ranks[:, intervals.nodes.index(node)]
    order = [int(at) for at in np.argsort(nominal, kind="stable") if nominal[at] == nominal[at]]
    found = tiers(order, drawn)
    sure = certainties(order, found, drawn)
    units = result.units
    return {units[at]: (found[at], sure[at]) for at in order}


def tier_table(result: CompositeResult, intervals: RankIntervals | None) -> pl.DataFrame:
    """Return unit, node, tier and certainty on the top of each tree."""
    rows = [
        (unit, root, tier, certainty)
        for root in result.framework.roots
        for unit, (tier, certainty) in tiers_on(result, intervals, root).items()
    ]
    schema = {"unit": pl.String, "node": pl.String, "tier": pl.Int64, "certainty": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
