"""Sobol indices by quasi-random sampling, with intervals and the way they settle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Factor, labels
from qualipolis.methods.composite.intervals import Failure
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.coinr import reference_indices
from qualipolis.methods.composite.sensitivity.draws import dimensions, draws_at, joined
from qualipolis.methods.composite.sensitivity.estimators import (
    Moments,
    indices,
    percentile_interval,
    resampled,
    scramble_interval,
)
from qualipolis.methods.composite.sensitivity.output import Output, output_values, root_of
from qualipolis.methods.composite.sensitivity.replicates import Replicates, evaluate
from qualipolis.methods.composite.sensitivity.sampling import two_samples
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

FEWEST = 8
COMPAT = "coinr-1.1.14"


@dataclass(frozen=True, eq=False)
class SobolIndices:
    """First-order and total indices with intervals.

    Parameters
    ----------
    factors : names
    n, runs : rows of the design, and replicates run: n (factors + 2)
    complete : rows in which every replicate succeeded; only these are used
    failed, failures : replicates that failed, and why
    level : probability of the intervals
    first, total : (3, factors): estimate, lower and upper end
    mean, variance : of the output over the samples A and B
    steps : numbers of rows of the convergence table
    series : (steps, 2, 3, factors): first and total as above after so many rows
    method : how the intervals were made: ``scrambles``, ``bootstrap``, or the ``compat`` asked for

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node, WeightNoise
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> plain = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[3, 1], [2, 3], [1, 5]]))
    >>> sobol_indices(plain, (WeightNoise(0.5),), n=64, output="score", unit="u").first[0].round(2).tolist()
    [1.0]
    """

    factors: tuple[str, ...]
    n: int
    runs: int
    complete: int
    failed: int
    failures: tuple[Failure, ...]
    level: float
    first: Floats
    total: Floats
    mean: float
    variance: float
    steps: tuple[int, ...]
    series: Floats
    method: str

    def converged(self, tolerance: float = 0.05) -> bool:
        """Whether every interval reaches at most ``tolerance`` to either side of its index."""
        ends = np.stack([self.first, self.total])
        return bool((np.abs(ends[:, 1:] - ends[:, :1]) <= tolerance).all())

    def statement(self, tolerance: float = 0.05) -> Problem:
        """Return in words whether the indices have settled, and how many rows it would take (errors fall as 1/root n)."""
        ends = np.stack([self.first, self.total])
        widest = float(np.abs(ends[:, 1:] - ends[:, :1]).max())
        who = {"n": self.complete, "widest": f"{widest:.3f}", "tolerance": tolerance}
        if self.converged(tolerance):
            what = msg("With %(n)s rows every index is known to within %(widest)s.")
            return Problem("converged", what, "", who, severity="warning")
        need = int(np.ceil(self.complete * (widest / tolerance) ** 2))
        return Problem(
            "not_converged",
            msg("With %(n)s rows an index is known only to within %(widest)s, not %(tolerance)s."),
            msg("Take about %(need)s rows."),
            {**who, "need": need},
            severity="warning",
        )

    def to_frame(self) -> pl.DataFrame:
        """Return factor, first, first_low, first_high, total, total_low, total_high."""
        import polars as pl

        names = ("", "_low", "_high")
        first = {f"first{name}": self.first[i] for i, name in enumerate(names)}
        total = {f"total{name}": self.total[i] for i, name in enumerate(names)}
        return pl.DataFrame({"factor": self.factors, **first, **total})

    def convergence(self) -> pl.DataFrame:
        """Return rows, factor, kind, index, low, high: the indices after n/8, n/4, n/2 and n rows."""
        import polars as pl

        lines = [
            {"rows": rows, "factor": name, "kind": kind, **dict(zip(("index", "low", "high"), ends, strict=True))}
            for rows, block in zip(self.steps, self.series.tolist(), strict=True)
            for kind, three in zip(("first", "total"), block, strict=True)
            for name, *ends in zip(self.factors, *three, strict=True)
        ]
        return pl.DataFrame(lines)


def sobol_indices(
    result: CompositeResult,
    factors: tuple[Factor, ...],
    n: int = 1024,
    seed: int = 0,
    output: Output = "mean_abs_rank_change",
    unit: str | None = None,
    node: str | None = None,
    estimator: str = "janon",
    sampling: str = "sobol",
    bootstrap: int = 1000,
    level: float = 0.90,
) -> SobolIndices:
    """Return first-order and total Sobol indices of an output under uncertain choices, weights and data.

    Parameters
    ----------
    result : the plain run
    factors : what varies; the noise on all weights is one factor, and so is the noise on all data
    n : rows; n (factors + 2) replicates are run. A power of two, 1024 or more, serves the sequence best
    seed : of the scrambles, the resampling, and the noise on data and cells
    output, unit, node : what is explained, see :func:`.exact.exact_indices`
    estimator : ``janon`` or ``saltelli``, see :func:`.estimators.indices`
    sampling : ``sobol`` (quasi-random, intervals from independent scrambles) or ``random`` (bootstrap)
    bootstrap : number of resamples, where the intervals are made by one
    level : probability of the intervals

    Replicates that fail are counted; indices hold for the rows in which all succeeded. Where all factors are discrete,
    prefer :func:`.exact.exact_indices`. Raises InputError when a factor does not fit or fewer than 8 rows are complete.
    """
    if n < FEWEST:
        raise InputError([_too_few(n)])
    chosen = root_of(result.framework, node)
    width = sum(dimensions(factor, result.framework) for factor in factors)
    a, b, blocks = two_samples(n, width, seed, sampling)
    one, two = draws_at(factors, a, result.framework), draws_at(factors, b, result.framework, first_stream=n)
    mixed = [one.with_factor(position, two) for position in range(len(factors))]
    done = evaluate(result, factors, joined([one, two, *mixed]), (chosen,), seed)
    y = output_values(result, done, output, unit).reshape(len(factors) + 2, n)
    return _estimated(y, blocks, labels(factors), done, (estimator, bootstrap, level, seed))


def sobol_of(
    function: Callable[[Floats], Floats],
    names: tuple[str, ...],
    n: int = 1024,
    seed: int = 0,
    estimator: str = "janon",
    sampling: str = "sobol",
    bootstrap: int = 1000,
    level: float = 0.90,
) -> SobolIndices:
    """Return the indices of any function of independent numbers between 0 and 1, (rows, factors) to (rows,).

    >>> sobol_of(lambda u: u[:, 0] + 0 * u[:, 1], ("x", "y"), n=64).first[0].round(1).tolist()
    [1.0, -0.0]
    """
    a, b, blocks = two_samples(n, len(names), seed, sampling)
    samples = [a, b]
    for column in range(len(names)):
        mixed = a.copy()
        mixed[:, column] = b[:, column]
        samples.append(mixed)
    y = np.stack([np.asarray(function(sample), dtype=np.float64) for sample in samples])
    return _estimated(y, blocks, names, None, (estimator, bootstrap, level, seed))


def indices_of_runs(
    y: ArrayLike,
    names: tuple[str, ...],
    estimator: str = "janon",
    bootstrap: int = 1000,
    seed: int = 0,
    level: float = 0.90,
    compat: str = "",
) -> SobolIndices:
    """Return the indices from outputs of runs made elsewhere: A, B, then A with each factor from B.

    Parameters
    ----------
    y : (n (factors + 2),) outputs, NaN where a run failed
    names : of the factors
    estimator, bootstrap, seed, level : see :func:`sobol_indices`; the rows count as independent
    compat : ``coinr-1.1.14`` for the reference's estimator and bootstrap with their defects (D7, D10, D11), see
        :func:`.coinr.reference_indices`

    >>> indices_of_runs([0, 1, 0, 1, 0, 1, 0, 1] * 3, ("x",)).total[0].tolist()
    [0.0]
    """
    outputs = np.asarray(y, dtype=np.float64)
    if compat not in ("", COMPAT):
        raise InputError([choice_problem("sobol", "compat", compat, (COMPAT,))])
    if outputs.ndim != 1 or len(outputs) % (len(names) + 2):
        raise InputError([_wrong_length(outputs.shape, len(names) + 2)])
    runs = outputs.reshape(len(names) + 2, -1)
    if not compat:
        return _estimated(runs, np.arange(runs.shape[1]), names, None, (estimator, bootstrap, level, seed))
    old = reference_indices(outputs, runs.shape[1], len(names), bootstrap, seed, level)
    first, total = np.stack([old.first, *old.first_ends]), np.stack([old.total, *old.total_ends])
    n, mean = runs.shape[1], float(runs[:2].mean())
    series = np.stack([first, total])[None]
    return SobolIndices(names, n, runs.size, n, 0, (), level, first, total, mean, old.variance, (n,), series, compat)


def _estimated(
    y: Floats,
    blocks: NDArray[np.intp],
    names: tuple[str, ...],
    done: Replicates | None,
    how: tuple[str, int, float, int],
) -> SobolIndices:
    rows = ~np.isnan(y).any(axis=0)
    failures = () if done is None else done.failures
    if rows.sum() < FEWEST:
        raise InputError([_too_few(int(rows.sum())), *(failure.problem for failure in failures)])
    n = y.shape[1]
    kept, groups = y[:, rows], blocks[rows]
    scrambled = 1 < len(np.unique(blocks)) < n
    counts = [int(rows[:k].sum()) for k in (n // 8, n // 4, n // 2, n)]
    steps = tuple(dict.fromkeys(count for count in counts if count >= FEWEST))
    series = np.stack([_with_ends(kept[:, :k], groups[:k], scrambled, how) for k in steps])
    both = kept[:2].ravel()
    return SobolIndices(
        names,
        n,
        y.size,
        int(rows.sum()),
        0 if done is None else int(done.failed.sum()),
        failures,
        how[2],
        series[-1, 0],
        series[-1, 1],
        float(both.mean()),
        float(both.var()),
        steps,
        series,
        "scrambles" if scrambled else "bootstrap",
    )


def _with_ends(y: Floats, groups: NDArray[np.intp], scrambled: bool, how: tuple[str, int, float, int]) -> Floats:
    """Return (2, 3, factors): first and total; estimate, lower and upper end."""
    estimator, times, level, seed = how
    moments = Moments.of(y[0], y[1], y[2:])
    found = indices(moments.rows.mean(axis=0), estimator)
    if scrambled:
        ends = scramble_interval(moments, groups, level, estimator)
    else:
        rng = np.random.default_rng((seed, 2**32))
        ends = percentile_interval(found, resampled(moments, times, rng, estimator), level)
    return np.stack([found, ends[0], ends[1]], axis=1)


def _too_few(n: int) -> Problem:
    return Problem(
        "too_few_rows",
        msg("Only %(n)s rows can be used; that is too few for sensitivity indices."),
        msg("Take more rows, or take out the choices that fail."),
        {"n": n},
    )


def _wrong_length(shape: tuple[int, ...], blocks: int) -> Problem:
    return Problem(
        "wrong_shape",
        msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
        msg("Give the outputs of A, B and A with each factor from B, one after the other."),
        {"name": "y", "shape": shape, "wanted": f"({blocks} n,)"},
    )
