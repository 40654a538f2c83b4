"""Monte Carlo rank intervals: thousands of replicates at the cost of a few passes (Handbook step 7).

Source: Saisana, Saltelli and Tarantola (2005), "Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators", JRSS A 168(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import DEFAULT_FACTORS, Factor, describe
from qualipolis.methods.composite.intervals import RankIntervals, quantiles_of_ranks, quantiles_of_scores
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity import replicates
from qualipolis.methods.composite.sensitivity.draws import random_draws
from qualipolis.methods.composite.sensitivity.replicates import Replicates, check, evaluate
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


def rank_intervals(
    result: CompositeResult,
    n: int = 1000,
    seed: int = 0,
    factors: tuple[Factor, ...] = DEFAULT_FACTORS,
    level: float = 0.90,
    nodes: tuple[str, ...] | None = None,
    threads: int | None = None,
) -> RankIntervals:
    """Return rank intervals of a result under uncertain weights, methods and data.

    Parameters: ``n`` replicates and ``seed``, each factor draws from a stream of its own; ``factors``, what is uncertain;
    ``level``, the probability of the interval, half of the rest on each side; ``nodes`` to rank, all aggregates by
    default; ``threads``, by default one for each core, at most 8.

    Units screened out of the plain run stay out; a unit that only a replicate screens out is not ranked in it.

    Raises InputError when a factor does not fit the pipeline, a combination of choices cannot work (each named), the
    replicates need more than 700 MiB, or none succeeded.

    >>> from qualipolis.methods.composite.framework import Framework, Node
    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, IndicatorData
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[3, 5], [2, 3], [1, 1]]))
    >>> rank_intervals(result, n=100).rank_quantiles[:, 0].tolist()
    [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    """
    chosen = result.framework.aggregates if nodes is None else tuple(nodes)
    check(result, factors, n, chosen, list(_argument_problems(n, level)))
    with replicates.threads(threads) as pool:
        draws = random_draws(factors, n, seed, result.framework)
        done = evaluate(result, factors, draws, chosen, seed, pool)
        refuse_if_all_failed(done)
        rank_q, score_q = _quantiles(done, level, pool)
    nominal = np.stack([result.ranks(node) for node in chosen])
    names = tuple(describe(factor) for factor in factors)
    return RankIntervals(
        result.units, chosen, n, seed, level, done.ranks, rank_q, score_q, nominal, done.failures, names
    )


def _quantiles(done: Replicates, level: float, pool: ThreadPoolExecutor) -> tuple[Floats, Floats]:
    half = (1 - level) / 2
    points, columns = (half, 0.5, 1 - half), range(done.ranks.shape[1])
    rank_q = pool.map(lambda k: quantiles_of_ranks(done.ranks[:, k], points), columns)
    score_q = pool.map(lambda k: quantiles_of_scores(done.scores[:, k], points), columns)
    return np.stack(list(rank_q), axis=1), np.stack(list(score_q), axis=1)


def refuse_if_all_failed(done: Replicates) -> None:
    """Raise InputError with the reasons when no replicate succeeded."""
    if done.failed.all():
        raise InputError([_all_failed(), *(failure.problem for failure in done.failures)])


def _argument_problems(n: int, level: float) -> Iterator[Problem]:
    if n < 1:
        yield Problem("bad_replicates", msg("The number of replicates is %(n)s."), msg("Give 1 or more."), {"n": n})
    if not 0 < level < 1:
        yield Problem(
            "bad_level",
            msg("The level of the interval is %(level)s."),
            msg("Give a share between 0 and 1."),
            {"level": level},
        )


def _all_failed() -> Problem:
    return Problem("all_failed", msg("No replicate succeeded."), msg("Mend the pipeline or the factors."))
