"""Where variation comes from: components of nested levels (batch, then subgroup, then piece), balanced or not.

With N values, T_i = Σ_g (Σ y)²/n_g over the groups g of level i (T_0 the whole), SS_i = T_i − T_{i−1}. A component σ²_j
enters E[T_i] with N where level j is i or above it, else with Σ_g (Σ_{h in g} n_h²)/n_g. The equations are triangular and
solved from the innermost level out; a negative component is set to 0.

Source: C. R. Henderson (1953), "Estimation of variance and covariance components", Biometrics 9, 226-252 (method 1); S. R.
Searle, G. Casella and C. E. McCulloch (1992), *Variance Components*, Wiley, chapter 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import confidence_problems, samples

Ints = NDArray[np.int64]
WITHIN = "within"


@dataclass(frozen=True)
class Components:
    """Variance of each level, outermost first, then ``"within"``; its share in percent, and the analysis of variance.

    ``intervals`` hold limits of the standard deviations by generalised inference: exact pivots for a balanced study, an
    approximation otherwise (``balanced`` says which).
    """

    variance: Mapping[str, float]
    percent: Mapping[str, float]
    squares: Mapping[str, float]
    freedom: Mapping[str, int]
    intervals: Mapping[str, tuple[float, float]]
    n: int
    balanced: bool

    @property
    def largest(self) -> str:
        """The level with the largest component: where to look first."""
        return max(self.variance, key=lambda name: self.variance[name])


def variance_components(
    values: ArrayLike,
    levels: Mapping[str, Sequence[Any]],
    *,
    confidence: float = 0.95,
    draws: int = 10_000,
    rng: np.random.Generator | None = None,
) -> Components:
    """Return how much of the variance arises at each level.

    Parameters
    ----------
    values : (n,) numbers; a row with NaN is left out
    levels : names of each row, outermost level first; a level counts inside the ones before it
    confidence, draws, rng : of the limits; the generator is seeded with 0 unless given

    >>> found = variance_components([9.0, 9.2, 9.1, 9.3, 8.1, 8.0, 8.2, 8.3], {"batch": [1, 1, 1, 1, 2, 2, 2, 2]})
    >>> found.largest, round(found.percent["batch"], 1)
    ('batch', 96.7)
    """
    y = np.asarray(values, dtype=np.float64)
    _refuse(y, levels, confidence)
    kept = ~np.isnan(y)
    samples({"values": y}, least=3)
    codes = _nested([np.asarray(list(map(str, column)))[kept] for column in levels.values()], int(kept.sum()))
    totals, shares, sizes = _totals(y[kept] - y[kept].mean(), codes)
    names = [*levels, WITHIN]
    squares, freedom = np.diff(totals), np.diff(sizes)
    if freedom.min() < 1:
        what = msg("Level %(level)s has only one group or value in each group above it.")
        refuse([Problem("flat_level", what, "", {"level": names[int(freedom.argmin())]}, "levels")])
    matrix = np.diff(shares, axis=0)[:, 1:]
    found = _solved(squares, matrix)
    rng = rng or np.random.default_rng(0)
    pivots = squares[:, None] / rng.chisquare(freedom[:, None], (len(freedom), draws)) * freedom[:, None]
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.sqrt(_solved(pivots, matrix)), [tail, 1 - tail], axis=1)
    total = float(found.sum()) or float("nan")
    return Components(
        dict(zip(names, found.tolist(), strict=True)), dict(zip(names, (100 * found / total).tolist(), strict=True)),
        dict(zip(names, squares.tolist(), strict=True)), dict(zip(names, freedom.tolist(), strict=True)),
        {name: (float(a), float(b)) for name, a, b in zip(names, low, high, strict=True)},
        int(kept.sum()), all(len(set(np.bincount(c).tolist())) == 1 for c in codes),
    )  # fmt: skip


def _refuse(y: Floats, levels: Mapping[str, Sequence[Any]], confidence: float) -> None:
    wrong = confidence_problems(confidence)
    if not levels:
        wrong.append(Problem("no_levels", msg("There is no level to look at."), place="levels"))
    for name, column in levels.items():
        if y.ndim != 1 or len(column) != len(y):
            wrong.append(Problem("columns", msg("The level has another number of rows than the values."), place=name))
    refuse(wrong)


def _nested(columns: list[NDArray[Any]], n: int) -> list[Ints]:
    """Return group codes of the whole, of each level within those before it, and of single values."""
    codes = [np.zeros(n, dtype=np.int64)]
    for column in columns:
        own = np.unique(column, return_inverse=True)[1].astype(np.int64)
        codes.append(np.unique(codes[-1] * (own.max() + 1) + own, return_inverse=True)[1].astype(np.int64))
    return [*codes, np.arange(n)]


def _totals(y: Floats, codes: list[Ints]) -> tuple[Floats, Floats, Ints]:
    """Return T of each level, the weight of each component in E[T], and the number of groups."""
    depth = len(codes)
    totals, shares = np.empty(depth), np.full((depth, depth), float(len(y)))
    counts = [np.bincount(c).astype(np.float64) for c in codes]
    for i, code in enumerate(codes):
        totals[i] = float(np.sum(np.bincount(code, weights=y) ** 2 / counts[i]))
        for j in range(i + 1, depth):
            # Σ over values of n_h adds up n_h² for each group h of level j
            shares[i, j] = float(np.sum(np.bincount(code, weights=counts[j][codes[j]]) / counts[i]))
    return totals, shares, np.array([len(c) for c in counts])


def _solved(squares: Floats, matrix: Floats) -> Floats:
    """Return components from sums of squares, the innermost first; negative ones are 0."""
    found = np.zeros_like(squares)
    for i in range(len(squares) - 1, -1, -1):
        inner = sum((matrix[i, j] * found[j] for j in range(i + 1, len(squares))), np.zeros_like(squares[i]))
        found[i] = (squares[i] - inner) / matrix[i, i]
    return np.asarray(np.maximum(0.0, found))
