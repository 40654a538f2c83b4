"""How sure the ranks of a run are: intervals, assumptions, places, pairs. Numbers in, plain values out; no database."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from qualipolis.city.assess.analysis_basis import Basis, Floats
from qualipolis.lake.release.format import problem_to_dict
from qualipolis.lake.release.robustness import enumerated
from qualipolis.lake.release.wording.varied import factor_name
from qualipolis.methods.composite import (
    DataNoise,
    ExactIndices,
    Imputation,
    RankIntervals,
    SobolIndices,
    imputation_variance,
    sobol_indices,
)
from qualipolis.methods.composite.sensitivity.tiers import certainties, tiers
from qualipolis.methods.problems import InputError

Step = Callable[[int], None]
STEPS = 4
ROWS = ((5_000, 1024), (20_000, 512), (math.inf, 256))
ALL_PAIRS = 200
NEAREST = 10
MOST_COLUMNS = 40
SURE = 0.95
FEWEST_REPLICATES = 100
LEAST_SHARE = 0.0005


def rows_for(units: int, indicators: int) -> int:
    """Return how many rows of the sampled design a run of this size can bear.

    >>> rows_for(33, 44), rows_for(1600, 44)
    (1024, 256)
    """
    return next(int(rows) for cells, rows in ROWS if units * indicators <= cells)


def places_apart(units: int) -> int:
    """Return how many places are called far: 5 for some thirty units, in proportion for more or fewer.

    >>> places_apart(33), places_apart(4), places_apart(1600)
    (5, 1, 240)
    """
    far = max(1, round(5 * units / 33))
    return far if far < 100 else round(far, -1)


def robustness(found: Basis, replicates: int, seed: int, step: Step = lambda done: None) -> dict[str, Any]:
    """Return everything the page of robustness says, as plain values.

    Parameters
    ----------
    found : the run; its intervals are drawn again with the same seed, so they are those of the run
    replicates, seed : of the run
    step : told how many of ``STEPS`` parts are done

    Raises
    ------
    InputError
        a factor does not fit the pipeline, or every replicate failed
    """
    result, root = found.result, found.root
    step(0)
    drawn = result.uncertainty(max(replicates, FEWEST_REPLICATES), seed, found.factors, nodes=(root,))
    step(1)
    rows = rows_for(len(result.units), len(result.framework.indicators))
    sampled = sobol_indices(result, found.factors, n=rows, seed=seed)
    exact = enumerated(result, found.factors)
    step(2)
    owed = {"noise": _owed_to_noise(found, drawn), **_owed_to_gaps(found, seed)}
    step(3)
    said = {
        "root": root,
        "replicates": drawn.n,
        "level": drawn.level,
        "failed": drawn.failed,
        "failures": [{"count": one.count, "problem": problem_to_dict(one.problem)} for one in drawn.failures],
        "apart": places_apart(len(result.units)),
        "units": _units(found, drawn),
        "factors": _factors(found, sampled, exact),
        "design": _design(sampled, exact),
        "owed": owed,
        **_places(drawn),
        **_pairs(found, drawn),
    }
    step(STEPS)
    return said


def _units(found: Basis, drawn: RankIntervals) -> list[dict[str, Any]]:
    """One line for each ranked unit, best first."""
    result, root = found.result, found.root
    ranks, scores = result.ranks(root), result.score(root)
    order = [int(i) for i in np.argsort(ranks, kind="stable") if not np.isnan(ranks[i])]
    replicate = drawn.replicate_ranks[:, 0]
    tier = tiers(order, replicate)
    sure = certainties(order, tier, replicate)
    errors = drawn.end_errors(root) if drawn.n >= FEWEST_REPLICATES else np.full((3, len(ranks)), np.nan)
    low, median, high = drawn.rank_quantiles[:, 0]
    points = drawn.scores_quantiles[:, 0]
    ties = np.bincount(ranks[order].astype(np.int64)) if order else np.zeros(1, dtype=np.int64)
    return [
        {
            "unit": result.units[i], "rank": int(ranks[i]), "tied": bool(ties[int(ranks[i])] > 1), "score": float(scores[i]),
            "p05": plain(low[i]), "median": plain(median[i]), "p95": plain(high[i]),
            "score_low": plain(points[0, i]), "score_high": plain(points[2, i]),
            "error": plain(max(errors[0, i], errors[2, i])), "tier": tier[i], "sure": round(sure[i], 4),
        }
        for i in order
    ]  # fmt: skip


def _factors(found: Basis, sampled: SobolIndices, exact: ExactIndices | None) -> list[dict[str, Any]]:
    """One line for each assumption: what it explains by itself, and with the others."""
    lines = []
    for k, (label, factor) in enumerate(zip(sampled.factors, found.factors, strict=True)):
        first, total = ([plain(v) for v in block[:, k]] for block in (sampled.first, sampled.total))
        line = {"factor": label, "name": factor_name(factor).to_dict(), "first": first, "total": total}
        if exact is not None:
            line |= {"first_exact": plain(exact.first[k]), "total_exact": plain(exact.total[k])}
        lines.append(line)
    return lines


def _design(sampled: SobolIndices, exact: ExactIndices | None) -> dict[str, Any]:
    """How the indices were sampled, whether they have settled, and the way there (of the totals)."""
    ends = np.stack([sampled.first, sampled.total])
    return {
        "rows": sampled.n, "runs": sampled.runs, "complete": sampled.complete, "failed": sampled.failed,
        "mean": float(sampled.mean), "converged": sampled.converged(),
        "widest": plain(np.abs(ends[:, 1:] - ends[:, :1]).max()),
        "steps": list(sampled.steps), "series": [[[plain(v) for v in row] for row in block[1]] for block in sampled.series],
        "combinations": None if exact is None else exact.runs,
    }  # fmt: skip


def _owed_to_noise(found: Basis, drawn: RankIntervals) -> float | None:
    """By what share the ranks would vary less if every count were exact; None where nothing was counted."""
    others = tuple(factor for factor in found.factors if not isinstance(factor, DataNoise))
    if len(others) == len(found.factors) or not others:
        return None
    without = found.result.uncertainty(drawn.n, drawn.seed, others, nodes=(found.root,))
    whole, rest = (float(np.nansum(one.rank_variance(found.root))) for one in (drawn, without))
    return round(max(0.0, 1 - rest / whole), 4) if whole > 0 else 0.0


def _owed_to_gaps(found: Basis, seed: int) -> dict[str, Any]:
    """The share of the rank variance that missing cells would add, were each drawn from what the others make likely."""
    data = found.result.data
    gaps = int(np.isnan(data.values).sum())
    told: dict[str, Any] = {"gaps": gaps, "cells": int(data.values.size), "gaps_share": None}
    if not gaps or any(isinstance(factor, Imputation) for factor in found.factors):
        return told
    large = data.values.size > ROWS[1][0]
    times, within = (5, 10) if large else (10, 20)
    try:
        share = imputation_variance(
            found.result, (*found.factors, Imputation("regression")), times, within, seed
        ).overall
    except InputError:
        return told
    return {**told, "gaps_share": round(share, 4), "imputations": times, "within": within}


def _places(drawn: RankIntervals) -> dict[str, Any]:
    """How often each unit took each place; for many units in blocks of places, so that the table stays readable."""
    share = drawn.acceptability(drawn.nodes[0])
    units = share.shape[0]
    width = math.ceil(units / MOST_COLUMNS)
    count = math.ceil(units / width)
    padded = np.zeros((units, count * width))
    padded[:, :units] = np.nan_to_num(share)
    blocks = padded.reshape(units, count, width).sum(axis=2)
    found = {
        unit: [[int(k), round(float(row[k]), 4)] for k in np.flatnonzero(row >= LEAST_SHARE)]
        for unit, row in zip(drawn.units, blocks, strict=True)
    }
    return {"place_width": width, "place_count": count, "places": found}


def _pairs(found: Basis, drawn: RankIntervals) -> dict[str, Any]:
    """How often each unit stood above others: above all of them, or above the nearest where there are many."""
    root = found.root
    ranks = found.result.ranks(root)
    order = [int(i) for i in np.argsort(ranks, kind="stable") if not np.isnan(ranks[i])]
    near = len(order) if len(order) <= ALL_PAIRS else NEAREST
    replicate = drawn.replicate_ranks[:, 0][:, order].astype(np.int64)
    pairs: dict[str, list[list[Any]]] = {}
    unsure = 0
    for place, i in enumerate(order):
        window = [j for j in range(max(0, place - near), min(len(order), place + near + 1)) if j != place]
        above, below = _chances(replicate, place, window)
        pairs[drawn.units[i]] = [
            [drawn.units[order[j]], round(a, 3), round(b, 3)] for j, a, b in zip(window, above, below, strict=True)
        ]
        following = window.index(place + 1) if place + 1 in window else None
        unsure += following is not None and above[following] <= SURE
    return {"pairs": pairs, "pairs_near": None if near == len(order) else near, "neighbours_unsure": int(unsure)}


def _chances(replicate: np.ndarray, place: int, others: Sequence[int]) -> tuple[list[float], list[float]]:
    """Share of the replicates in which one unit stands above, and below, each of the others."""
    mine, theirs = replicate[:, [place]], replicate[:, list(others)]
    both = (mine > 0) & (theirs > 0)
    count = np.maximum(both.sum(axis=0), 1)
    above: Floats = ((mine < theirs) & both).sum(axis=0) / count
    below: Floats = ((mine > theirs) & both).sum(axis=0) / count
    return above.tolist(), below.tolist()


def plain(value: Any) -> float | None:
    """Return a number as JSON can hold it.

    >>> plain(np.float64(0.25)), plain(float("nan"))
    (0.25, None)
    """
    number = float(value)
    return round(number, 6) if math.isfinite(number) else None


def moved_far(said: Mapping[str, Any]) -> int:
    """Return how many units have an interval that reaches further than ``apart`` places from their rank.

    >>> moved_far({"apart": 5, "units": [{"rank": 7, "p05": 1.0, "p95": 9.0}, {"rank": 2, "p05": 1.0, "p95": 7.0}]})
    1
    """
    far = said["apart"]
    return sum(
        one["p05"] is not None and max(one["rank"] - one["p05"], one["p95"] - one["rank"]) > far
        for one in said["units"]
    )
