"""How much of the uncertainty of the ranks is owed to missing cells: Rubin's rules on ranks.

Source: Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*, ch. 3.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Factor
from qualipolis.methods.composite.intervals import Failure
from qualipolis.methods.composite.ranks import ranks_as_floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.draws import random_draws
from qualipolis.methods.composite.sensitivity.imputation import Imputation
from qualipolis.methods.composite.sensitivity.output import root_of
from qualipolis.methods.composite.sensitivity.replicates import evaluate
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class ImputationVariance:
    """Variance of each unit's rank, within and between imputations.

    Parameters
    ----------
    units, node : what was ranked
    imputations, within_runs : m, and the replicates of all other factors for each
    within, between : (units,) W and B
    failed, failures : replicates that failed

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w", "x"), ("a", "b"), [[3, 5], [2, 3], [1, 1], [2.5, float("nan")]])
    >>> plain = DEFAULT_PIPELINE.with_changes({"screen.available": 0.5}).run(fw, data)
    >>> imputation_variance(plain, (Imputation("mean"),)).overall
    1.0
    """

    units: tuple[str, ...]
    node: str
    imputations: int
    within_runs: int
    within: Floats
    between: Floats
    failed: int
    failures: tuple[Failure, ...]

    @property
    def total(self) -> Floats:
        """Rubin's total variance, W + (1 + 1/m) B, (units,)."""
        return self.within + (1 + 1 / self.imputations) * self.between

    @property
    def share(self) -> Floats:
        """Share of the rank variance that is owed to missing cells, (units,); 0 where the rank never moves."""
        owed = (1 + 1 / self.imputations) * self.between
        share: Floats = np.divide(owed, self.total, out=np.zeros_like(owed), where=self.total > 0)
        return share

    @property
    def overall(self) -> float:
        """The same share over all units together."""
        total = float(np.nansum(self.total))
        return float(np.nansum((1 + 1 / self.imputations) * self.between)) / total if total > 0 else 0.0

    def statement(self) -> Problem:
        """Return in words what share of the uncertainty of the ranks comes from missing cells."""
        return Problem(
            "imputation_share",
            msg("%(share)s of the variance of the ranks comes from the missing cells."),
            "",
            {"share": f"{self.overall:.0%}"},
            severity="warning",
        )

    def to_frame(self) -> pl.DataFrame:
        """Return unit, within, between, total, share."""
        import polars as pl

        columns = {"within": self.within, "between": self.between, "total": self.total, "share": self.share}
        return pl.DataFrame({"unit": self.units, **columns})


def imputation_variance(
    result: CompositeResult,
    factors: tuple[Factor, ...],
    imputations: int = 20,
    within_runs: int = 50,
    seed: int = 0,
    node: str | None = None,
) -> ImputationVariance:
    r"""Return the variance of the ranks within and between multiple imputations.

    Every one of m imputations is ranked under the same number of draws of all other factors. With :math:`\bar r_k` and
    :math:`s_k^2` mean and variance of a unit's rank under imputation k, and K draws for each,

    .. math:: W = \frac1m \sum_k s_k^2, \quad B = \max\Bigl(0, \frac1{m-1}\sum_k (\bar r_k - \bar r)^2 - \frac WK\Bigr),
              \quad T = W + \Bigl(1 + \frac1m\Bigr) B

    Parameters
    ----------
    result : the plain run
    factors : with one :class:`.imputation.Imputation`; without others, W is 0 and everything is owed to the gaps
    imputations, within_runs : m and K, each 2 or more
    node : by default the first root

    Raises InputError when no factor imputes, or m or K is below 2.
    """
    at = [i for i, factor in enumerate(factors) if isinstance(factor, Imputation)]
    if len(at) != 1 or imputations < 2 or within_runs < 2:
        raise InputError([_unfit(len(at), imputations, within_runs)])
    chosen = root_of(result.framework, node)
    runs = 1 if len(factors) == 1 else within_runs
    draws = random_draws(factors, imputations * runs, seed, result.framework)
    draws = draws.with_streams(at[0], np.repeat(np.arange(imputations), runs))
    done = evaluate(result, factors, draws, (chosen,), seed)
    ranks = ranks_as_floats(done.ranks[:, 0].astype(np.int32)).reshape(imputations, runs, -1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        within = np.nanmean(np.nanvar(ranks, axis=1, ddof=1), axis=0) if runs > 1 else np.zeros(ranks.shape[2])
        between = np.maximum(np.nanvar(np.nanmean(ranks, axis=1), axis=0, ddof=1) - within / runs, 0.0)
    failed = int(done.failed.sum())
    return ImputationVariance(result.units, chosen, imputations, runs, within, between, failed, done.failures)


def _unfit(factors: int, imputations: int, within_runs: int) -> Problem:
    return Problem(
        "bad_imputation",
        msg("There are %(factors)s factors that impute, %(m)s imputations and %(k)s runs in each."),
        msg("Give exactly one such factor, and 2 or more imputations and runs."),
        {"factors": factors, "m": imputations, "k": within_runs},
    )
