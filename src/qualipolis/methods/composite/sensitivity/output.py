"""What is explained: from the scores and ranks of replicates to one number for each."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending, ranks_as_floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.replicates import Replicates
from qualipolis.methods.problems import InputError, Problem, msg

Output = str | Callable[[Floats, Floats], Floats]
OUTPUTS = ("mean_abs_rank_change", "rank", "score")


def rank_changes(ranks: NDArray[np.uint32], scores: Floats, nominal: Floats) -> Floats:
    """Return how each unit's rank changed against the plain run, compared on the units that both rank.

    A replicate that leaves a unit out moves everyone below it up by one place; this is no change of theirs. So the plain
    run is ranked again without the units that the replicate does not rank (and the other way round), then compared.
    The reference compares the ranks as they are, and so charges the screening for places that nobody won.

    Parameters
    ----------
    ranks, scores : (n, units) of the replicates, 0 and NaN where not ranked
    nominal : (units,) scores of the plain run

    >>> ranks, scores = np.array([[1, 0, 2]], dtype=np.uint32), np.array([[9.0, np.nan, 5.0]])
    >>> rank_changes(ranks, scores, np.array([9.0, 7.0, 5.0])).tolist()
    [[0.0, nan, 0.0]]
    """
    out = np.full(ranks.shape, np.nan)
    there = (ranks > 0) & ~np.isnan(nominal)
    masks, which = np.unique(there, axis=0, return_inverse=True)
    for position, mask in enumerate(masks):
        rows = np.flatnonzero(which.reshape(-1) == position)
        plain = ranks_as_floats(rank_descending(np.where(mask, nominal, np.nan), SCORE_TIES))
        again = ranks[rows]
        if bool(((again > 0) != mask).any()):
            again = rank_descending(np.where(mask, scores[rows], np.nan), SCORE_TIES).astype(np.uint32)
        out[rows] = np.where(mask, again, np.nan) - plain
    return out


def output_values(result: CompositeResult, done: Replicates, output: Output, unit: str | None) -> Floats:
    """Return the output of each replicate, (n,), NaN where it failed or has no number.

    ``done`` holds one node. Raises InputError for an unknown output or unit.
    """
    scores, ranks = done.scores[:, 0], done.ranks[:, 0]
    if callable(output):
        found = np.asarray(output(scores, ranks_as_floats(ranks.astype(np.int32))), dtype=np.float64)
        if found.shape != (len(scores),):
            raise InputError([_wrong_shape(found.shape, len(scores))])
        return np.where(done.failed, np.nan, found)
    errors = list(_output_problems(output, unit, result))
    if errors:
        raise InputError(errors)
    nominal = result.score(done.nodes[0])
    if output == "mean_abs_rank_change":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            mean: Floats = np.nanmean(np.abs(rank_changes(ranks, scores, nominal)), axis=1)
        return mean
    assert unit is not None
    at = result.units.index(unit)
    if output == "score":
        return scores[:, at]
    place = ranks_as_floats(rank_descending(nominal, SCORE_TIES))[at]
    return np.asarray(rank_changes(ranks, scores, nominal)[:, at] + place)


def root_of(framework: Framework, node: str | None) -> str:
    """Return the node, by default the first root; InputError when there is none of this code."""
    chosen = framework.roots[0] if node is None else node
    framework.index(chosen)
    return chosen


def _output_problems(output: str, unit: str | None, result: CompositeResult) -> list[Problem]:
    if output not in OUTPUTS:
        return [
            Problem(
                "unknown_choice",
                msg("The output cannot be %(output)s."),
                msg("Use one of: %(known)s."),
                {"output": output, "known": ", ".join(OUTPUTS)},
            )
        ]
    if output != "mean_abs_rank_change" and unit not in result.units:
        return [
            Problem(
                "unknown_unit",
                msg("The output %(output)s is that of one unit, and %(unit)s is not scored."),
                msg("Name a unit of the result."),
                {"output": output, "unit": unit},
            )
        ]
    return []


def _wrong_shape(shape: tuple[int, ...], n: int) -> Problem:
    return Problem(
        "wrong_shape",
        msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
        msg("Give one number for each replicate."),
        {"name": "output", "shape": shape, "wanted": (n,)},
    )
