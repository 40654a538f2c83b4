"""How sure a change is: scores and ranks of all times under the same draws (common random numbers)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Factor, default_factors, describe
from qualipolis.methods.composite.intervals import Failure, quantiles_of_scores
from qualipolis.methods.composite.panel.data import Time
from qualipolis.methods.composite.panel.run import PanelResult
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending, ranks_as_floats
from qualipolis.methods.composite.sensitivity.draws import random_draws
from qualipolis.methods.composite.sensitivity.replicates import check, evaluate
from qualipolis.methods.composite.uncertainty import refuse_if_all_failed
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, repr=False)
class ChangeIntervals:
    """Replicates of a panel, and intervals of changes between any two times.

    Parameters
    ----------
    node, times, units : what was scored
    n, seed, level : replicates asked for, seed, probability of the intervals
    scores, ranks : (n, times, units) of every replicate, ranks among the units of the same time, NaN where not scored
    nominal_scores, nominal_ranks : (times, units) of the plain run
    failures, factors : what made replicates fail, and what varied
    """

    node: str
    times: tuple[Time, ...]
    units: tuple[str, ...]
    n: int
    seed: int
    level: float
    scores: Floats
    ranks: Floats
    nominal_scores: Floats
    nominal_ranks: Floats
    failures: tuple[Failure, ...]
    factors: tuple[str, ...]

    @property
    def failed(self) -> int:
        """Number of replicates that failed and are in no interval."""
        return sum(failure.count for failure in self.failures)

    def between(self, before: Time, after: Time) -> pl.DataFrame:
        """Return one line for each unit scored at both times: what changed, and whether that is within error.

        Columns: unit, score_change, score_low, score_high, score_within_error, rank_change (negative: up), rank_low,
        rank_high, rank_within_error, probability_up (of a higher score). An interval that holds 0 is within error.
        Raises InputError for an unknown time.
        """
        import polars as pl

        b, a = self._place(before), self._place(after)
        both = ~np.isnan(self.nominal_scores[a] + self.nominal_scores[b])
        moved = self.scores[:, a] - self.scores[:, b]
        score = self._interval(moved)
        rank = self._interval(self.ranks[:, a] - self.ranks[:, b])
        count = (~np.isnan(moved)).sum(axis=0)
        up = np.divide((moved > 0).sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)
        frame = pl.DataFrame(
            {
                "unit": self.units,
                "score_change": self.nominal_scores[a] - self.nominal_scores[b],
                "score_low": score[0],
                "score_high": score[1],
                "score_within_error": (score[0] <= 0) & (score[1] >= 0),
                "rank_change": self.nominal_ranks[a] - self.nominal_ranks[b],
                "rank_low": rank[0],
                "rank_high": rank[1],
                "rank_within_error": (rank[0] <= 0) & (rank[1] >= 0),
                "probability_up": up,
            }
        )
        return frame.filter(pl.Series(both)).with_columns(pl.selectors.float().fill_nan(None))

    def to_frame(self) -> pl.DataFrame:
        """Return time, unit, score, score_low, score_high, rank, rank_low, rank_high for what is scored."""
        import polars as pl

        parts = []
        for t, time in enumerate(self.times):
            score, rank = self._interval(self.scores[:, t]), self._interval(self.ranks[:, t])
            columns = {"score": self.nominal_scores[t], "score_low": score[0], "score_high": score[1]}
            columns |= {"rank": self.nominal_ranks[t], "rank_low": rank[0], "rank_high": rank[1]}
            there = pl.Series(~np.isnan(self.nominal_scores[t]))
            parts.append(pl.DataFrame({"time": [time] * len(self.units), "unit": self.units} | columns).filter(there))
        return pl.concat(parts).with_columns(pl.selectors.float().fill_nan(None))

    def _interval(self, values: Floats) -> Floats:
        half = (1 - self.level) / 2
        return quantiles_of_scores(values, (half, 1 - half))

    def _place(self, time: Time) -> int:
        if time not in self.times:
            known = {"time": time, "known": ", ".join(map(str, self.times))}
            text = msg("The panel has no time %(time)s.")
            raise InputError([Problem("unknown_time", text, msg("Use one of: %(known)s."), known)])
        return self.times.index(time)

    def __repr__(self) -> str:
        first, last = self.times[0], self.times[-1]
        table = self.between(first, last)
        sure = table.filter(~table["score_within_error"]).height
        lines = f"{self.node}: {self.level:.0%} intervals, {self.n} replicates, {self.failed} failed, seed {self.seed}"
        return f"{lines}\n{first} to {last}: {sure} of {table.height} changes of score are beyond error"


def change_intervals(
    result: PanelResult,
    n: int = 1000,
    seed: int = 0,
    factors: tuple[Factor, ...] | None = None,
    level: float = 0.90,
    node: str | None = None,
) -> ChangeIntervals:
    """Return the replicates of a panel under uncertain weights, methods and data.

    Each replicate draws its weights and choices once and uses them at all times, so that what is uncertain about the
    method does not pass for uncertainty about a change; noise on data is drawn for every unit and time. ``factors`` as
    in :func:`.rank_intervals`, by default those that the pipeline allows.

    Raises InputError as :func:`.rank_intervals` does.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, Node
    >>> from qualipolis.methods.composite.panel import PanelData, run_panel
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> values = [[[1, 5], [2, 3], [3, 4]], [[2, 6], [2, 3], [4, 3]]]
    >>> panel = run_panel(DEFAULT_PIPELINE, fw, PanelData((2023, 2024), ("u", "v", "w"), ("a", "b"), values))
    >>> panel.uncertainty(200).between(2023, 2024)["unit", "score_within_error"].rows()
    [('u', False), ('v', True), ('w', True)]
    """
    whole = result.result
    top = whole.framework.roots[0] if node is None else node
    if n < 1 or not 0 < level < 1:
        text = msg("%(n)s replicates with an interval of %(level)s cannot be.")
        remedy = msg("Give 1 replicate or more and a share between 0 and 1.")
        raise InputError([Problem("bad_replicates", text, remedy, {"n": n, "level": level})])
    chosen = default_factors(whole.pipeline, whole.framework, whole.data) if factors is None else factors
    return _intervals(result, (n, seed, level), chosen, top)


def _intervals(
    result: PanelResult, size: tuple[int, int, float], chosen: tuple[Factor, ...], top: str
) -> ChangeIntervals:
    whole, (n, seed, level) = result.result, size
    check(whole, chosen, n, (top,))
    with ThreadPoolExecutor(2) as pool:
        done = evaluate(whole, chosen, random_draws(chosen, n, seed, whole.framework), (top,), seed, pool)
    refuse_if_all_failed(done)
    shape = (n, len(result.times), len(result.units))
    scores, at = np.full(shape, np.nan), result.panel.rows[whole.runs[-1].state.rows]
    scores[:, at[:, 0], at[:, 1]] = done.scores[:, 0]
    ranks = ranks_as_floats(rank_descending(scores, SCORE_TIES))
    return ChangeIntervals(
        node=top,
        times=result.times,
        units=result.units,
        n=n,
        seed=seed,
        level=level,
        scores=scores,
        ranks=ranks,
        nominal_scores=result.score(top),
        nominal_ranks=result.ranks(top),
        failures=done.failures,
        factors=tuple(describe(factor) for factor in chosen),
    )
