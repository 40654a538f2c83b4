"""How many dimensions are in a set of columns, and which column belongs to which.

Kaiser: eigenvalues of the correlations above 1. Parallel analysis: as many leading eigenvalues as exceed a quantile of
those from tables of the same size with unrelated normal columns. The factors are principal components, V times the root
of the eigenvalue, rotated by varimax with Kaiser's normalisation.

Sources: Kaiser (1958, 1960); Horn (1965), Psychometrika 30; Glorfeld (1995) for the quantile.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.components import (
    correlations_for,
    few_units_problem,
    fix_signs,
)
from qualipolis.methods.composite.analysis.selection import Source, columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, repr=False)
class FactorStructure:
    """What :func:`factor_structure` returns.

    ``eigenvalues`` (codes,), largest first; ``random`` the eigenvalues that unrelated columns reach by chance;
    ``by_kaiser`` and ``by_parallel`` the numbers of factors by the two rules; ``rotated`` (codes, factors) the loadings
    (correlations of column and factor) after varimax; ``explained`` the share of variance of each rotated factor.
    """

    codes: tuple[str, ...]
    n: int
    eigenvalues: Floats
    random: Floats
    by_kaiser: int
    by_parallel: int
    rotated: Floats
    explained: Floats
    problems: tuple[Problem, ...] = ()

    @property
    def communality(self) -> Floats:
        """Share of each column's variance that the factors carry."""
        found: Floats = (self.rotated**2).sum(axis=1)
        return found

    @property
    def factor_of(self) -> dict[str, int]:
        """Code -> the factor (from 1) it loads on most."""
        best = np.argmax(np.abs(self.rotated), axis=1) + 1
        return dict(zip(self.codes, best.tolist(), strict=True))

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, factor, communality, and the rotated loading on each factor."""
        import polars as pl

        table = {"code": self.codes, "factor": list(self.factor_of.values()), "communality": self.communality}
        return pl.DataFrame(table | {f"loading_{k + 1}": column for k, column in enumerate(self.rotated.T)})

    def __repr__(self) -> str:
        return (
            f"FactorStructure({len(self.codes)} codes, n {self.n}; {self.by_kaiser} factors by eigenvalue > 1, "
            f"{self.by_parallel} by parallel analysis)"
        )


def factor_structure(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    *,
    factors: int | None = None,
    missing: str = "complete",
    seed: int = 0,
    draws: int = 200,
    quantile: float = 0.95,
) -> FactorStructure:
    """Return eigenvalues, the number of factors by two rules, and the loadings after varimax rotation.

    ``factors`` is the number to rotate, by default that of the parallel analysis, at least 1; ``missing`` as in
    :func:`.principal_components`; ``seed``, ``draws`` and ``quantile`` are those of the parallel analysis. InputError for
    too little data and for a number of factors that the columns do not have. Formulas and sources: see the module.

    >>> rng = np.random.default_rng(1)
    >>> common = rng.standard_normal((60, 2))
    >>> table = np.repeat(common, 3, axis=1) + 0.5 * rng.standard_normal((60, 6))
    >>> found = factor_structure(table)
    >>> found.by_kaiser, found.by_parallel, sorted(set(found.factor_of.values()))
    (2, 2, [1, 2])
    """
    found, r, n, problems = correlations_for(columns(source, stage, level, under), missing)
    values, vectors = np.linalg.eigh(r)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    random = random_eigenvalues(n, len(r), np.random.default_rng(seed), draws, quantile)
    beyond = values > random
    parallel = int(np.argmin(beyond)) if not beyond.all() else len(r)
    count = max(parallel, 1) if factors is None else factors
    if not 1 <= count <= len(r):
        raise InputError([_bad_count(count, len(r))])
    if n <= len(r):
        problems.append(few_units_problem(n, len(r)))
    rotated, share = _rotated(vectors[:, :count] * np.sqrt(values[:count]))
    kaiser = int((values > 1 + 1e-9).sum())
    return FactorStructure(found.codes, n, values, random, kaiser, parallel, rotated, share, tuple(problems))


def _rotated(loadings: Floats) -> tuple[Floats, Floats]:
    """Return the loadings after varimax, the factor that explains most first, and the shares of variance."""
    turned = varimax(loadings)
    share = (turned**2).sum(axis=0) / len(turned)
    order = np.argsort(-share, kind="stable")
    return fix_signs(turned[:, order]), share[order]


def random_eigenvalues(n: int, count: int, rng: np.random.Generator, draws: int, quantile: float) -> Floats:
    """Return the quantile of each eigenvalue of the correlations of ``count`` unrelated normal columns of ``n`` units.

    With more units than columns the sums of squares are drawn directly (Bartlett's decomposition of a Wishart matrix).

    >>> random_eigenvalues(50, 3, np.random.default_rng(0), 100, 0.95).round(1).tolist()
    [1.4, 1.1, 0.9]
    """
    if n - 1 > count:
        lower = np.tril(rng.standard_normal((draws, count, count)), -1)
        freedom = n - 1 - np.arange(count)
        at = np.arange(count)
        lower[:, at, at] = np.sqrt(rng.chisquare(freedom, (draws, count)))
    else:
        table = rng.standard_normal((draws, n, count))
        lower = np.swapaxes(table - table.mean(axis=1, keepdims=True), 1, 2)
    matrix = lower @ np.swapaxes(lower, 1, 2)
    scale = np.sqrt(np.einsum("rii->ri", matrix))
    values = np.linalg.eigvalsh(matrix / scale[:, :, None] / scale[:, None, :])[:, ::-1]
    found: Floats = np.quantile(values, quantile, axis=0)
    return found


def varimax(loadings: Floats, rounds: int = 200, tolerance: float = 1e-10) -> Floats:
    """Return loadings (codes, factors) rotated so that each column is near 0 or large (Kaiser 1958, normalised rows).

    >>> np.abs(varimax(np.array([[1.0, 1.0], [1.0, -1.0]]) / 2**0.5)).round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if loadings.shape[1] < 2:
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rows = loadings / np.where(length > 0, length, 1.0)
    for _ in range(rounds):
        angles = [_turn(rows, i, j) for i, j in combinations(range(rows.shape[1]), 2)]
        if max(np.abs(angles)) < tolerance:
            break
    turned: Floats = rows * length
    return turned


def _turn(rows: Floats, i: int, j: int) -> float:
    """Turn two columns of ``rows`` in place by the angle that is best for them (Kaiser 1958); return the angle."""
    x, y = rows[:, i].copy(), rows[:, j].copy()
    u, v = x * x - y * y, 2 * x * y
    across = 2 * float(u @ v) - 2 * float(u.sum() * v.sum()) / len(u)
    along = float(u @ u - v @ v) - float(u.sum() ** 2 - v.sum() ** 2) / len(u)
    if np.hypot(across, along) < 1e-14:
        return 0.0
    angle = float(np.arctan2(across, along)) / 4
    rows[:, i], rows[:, j] = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return angle


def _bad_count(count: int, columns_: int) -> Problem:
    return Problem(
        "bad_factor_count",
        msg("%(factors)s factors cannot be taken from %(count)s columns."),
        msg("Give a number from 1 to the number of columns."),
        {"factors": count, "count": columns_},
    )
