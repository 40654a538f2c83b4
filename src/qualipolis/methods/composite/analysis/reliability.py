"""Internal consistency: Cronbach's alpha, and alpha without each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.correlation import covariance, pearson
from qualipolis.methods.composite.analysis.selection import Source, columns, constant_problem
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, repr=False)
class Cronbach:
    """What :func:`cronbach_alpha` returns.

    ``alpha`` of the covariances, ``standardised`` of the correlations, both NaN where undefined; ``dropped`` is alpha
    without each code, ``item_total`` the correlation of each code with the mean of the others.
    """

    codes: tuple[str, ...]
    n: int
    alpha: float
    standardised: float
    dropped: Floats
    item_total: Floats
    problems: tuple[Problem, ...] = ()

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, alpha_without, item_total."""
        import polars as pl

        frame = pl.DataFrame({"code": self.codes, "alpha_without": self.dropped, "item_total": self.item_total})
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        return f"Cronbach({len(self.codes)} codes, n {self.n}; alpha {self.alpha:.3f}, standardised {self.standardised:.3f})"


def cronbach_alpha(
    source: Source, stage: str | None = None, level: int | None = None, under: str | None = None
) -> Cronbach:
    r"""Return Cronbach's alpha of a set of columns.

    .. math:: \alpha = \frac{k}{k-1}\left(1 - \frac{\sum_i C_{ii}}{\sum_{ij} C_{ij}}\right)

    with C the covariances over the units that have both columns; the standardised alpha has correlations for C. Columns
    must be oriented so that more is better, so use a stage after normalising; raw units with large numbers drown the rest.
    ``n`` counts the units with at least one value. Undefined (NaN, with a problem) for fewer than two columns, or when
    the covariances sum to 0. A low alpha is no fault where a pillar is meant to gather different things.

    Source: Cronbach (1951), Psychometrika 16; OECD/JRC (2008) Handbook, step 4.

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> found = cronbach_alpha([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    >>> round(found.alpha, 12), round(found.standardised, 12)
    (0.75, 0.75)
    """
    found = columns(source, stage, level, under)
    problems = [constant_problem(code) for code in found.constant]
    matrix = covariance(found.values)
    r = pearson(found.values)
    alpha = _alpha(matrix)
    if np.isnan(alpha):
        problems.append(_undefined(len(found.codes)))
    keep = [[j for j in range(len(found.codes)) if j != i] for i in range(len(found.codes))]
    dropped = np.array([_alpha(matrix[np.ix_(rest, rest)]) for rest in keep])
    varying = np.flatnonzero(~np.isnan(np.diag(r)))
    totals = np.array([_item_total(found.values, i, rest) for i, rest in enumerate(keep)])
    n = int((~np.isnan(found.values)).any(axis=1).sum())
    standardised = _alpha(r[np.ix_(varying, varying)])
    return Cronbach(found.codes, n, alpha, standardised, dropped, totals, tuple(problems))


def _alpha(matrix: Floats) -> float:
    k, total = len(matrix), float(matrix.sum())
    if k < 2 or not abs(total) > 1e-14 * float(np.abs(matrix).sum()):
        return float("nan")
    return k / (k - 1) * (1 - float(np.trace(matrix)) / total)


def _item_total(values: Floats, one: int, rest: list[int]) -> float:
    others = values[:, rest]
    there = ~np.isnan(others)
    count = there.sum(axis=1)
    mean = np.where(count > 0, np.where(there, others, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    return float(pearson(np.column_stack([values[:, one], mean]))[0, 1])


def _undefined(count: int) -> Problem:
    return Problem(
        "alpha_undefined",
        msg("Cronbach's alpha cannot be computed for these %(count)s columns."),
        msg("It needs at least two columns that vary and share units."),
        {"count": count},
        severity="warning",
    )
