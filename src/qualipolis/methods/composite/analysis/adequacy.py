"""Are the correlations strong enough for factors: Kaiser-Meyer-Olkin and Bartlett."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.components import correlations_for
from qualipolis.methods.composite.analysis.selection import Source, columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    import polars as pl

GRADES = (
    (0.9, msg("marvellous")),
    (0.8, msg("meritorious")),
    (0.7, msg("middling")),
    (0.6, msg("mediocre")),
    (0.5, msg("miserable")),
    (0.0, msg("unacceptable")),
)


@dataclass(frozen=True, eq=False)
class Adequacy:
    """What :func:`sampling_adequacy` returns: KMO ``overall`` and ``each`` code, NaN when it cannot be computed."""

    codes: tuple[str, ...]
    n: int
    overall: float
    each: Floats
    problems: tuple[Problem, ...] = ()

    @property
    def grade(self) -> str:
        """Kaiser's word for the overall value; empty when there is none."""
        return next((word for least, word in GRADES if self.overall >= least), "")

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, kmo."""
        import polars as pl

        return pl.DataFrame({"code": self.codes, "kmo": self.each}).with_columns(pl.selectors.float().fill_nan(None))


@dataclass(frozen=True, eq=False)
class Sphericity:
    """What :func:`bartlett_sphericity` returns; NaN when it cannot be computed."""

    codes: tuple[str, ...]
    n: int
    chi2: float
    df: int
    p: float
    problems: tuple[Problem, ...] = ()

    def to_frame(self) -> pl.DataFrame:
        """Return one line: columns, n, chi2, df, p."""
        import polars as pl

        row = {"columns": len(self.codes), "n": self.n, "chi2": self.chi2, "df": self.df, "p": self.p}
        return pl.DataFrame([row]).with_columns(pl.selectors.float().fill_nan(None))


def sampling_adequacy(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    missing: str = "complete",
) -> Adequacy:
    r"""Return the Kaiser-Meyer-Olkin measure of sampling adequacy.

    .. math:: KMO = \frac{\sum_{i \ne j} r_{ij}^2}{\sum_{i \ne j} r_{ij}^2 + \sum_{i \ne j} q_{ij}^2}, \qquad
              q_{ij} = -\frac{(R^{-1})_{ij}}{\sqrt{(R^{-1})_{ii} (R^{-1})_{jj}}}

    for each column over its own row. Above 0.6 factors are worth looking for. When the correlations are singular (a
    column is made of others, or there are no more units than columns) it is NaN and a problem says why.

    Source: Kaiser and Rice (1974), Educational and Psychological Measurement 34; OECD/JRC (2008) Handbook, step 4.

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> rows = [[1.0, 2.0, 1.0], [2.0, 1.0, 2.5], [3.0, 4.0, 2.0], [4.0, 3.0, 5.0], [5.0, 5.0, 4.0]]
    >>> round(sampling_adequacy(rows).overall, 4)
    0.3735
    """
    found, r, n, problems = correlations_for(columns(source, stage, level, under), missing)
    if _singular(r):
        problems.append(singular_problem(n, len(found.codes)))
        nothing = np.full(len(found.codes), np.nan)
        return Adequacy(found.codes, n, float("nan"), nothing, tuple(problems))
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    off = ~np.eye(len(r), dtype=bool)
    direct, indirect = np.where(off, r**2, 0.0), np.where(off, partial**2, 0.0)
    total = direct.sum(axis=0) + indirect.sum(axis=0)
    each = np.divide(direct.sum(axis=0), total, out=np.full(len(r), np.nan), where=total > 0)
    overall = float(direct.sum() / total.sum()) if total.sum() > 0 else float("nan")
    if overall < 0.5:
        problems.append(_poor(overall))
    return Adequacy(found.codes, n, overall, each, tuple(problems))


def bartlett_sphericity(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    missing: str = "complete",
) -> Sphericity:
    r"""Return Bartlett's test that the columns do not correlate at all.

    .. math:: \chi^2 = -\left(n - 1 - \frac{2p + 5}{6}\right) \ln |R|, \qquad df = \frac{p(p-1)}{2}

    It assumes normal columns and units drawn at random; with many units it always rejects, so read it with KMO.
    Singular correlations give NaN and a problem.

    Source: Bartlett (1951), Biometrika 38.

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> found = bartlett_sphericity([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    >>> round(found.chi2, 4), found.df, round(found.p, 4)
    (0.6694, 1, 0.4133)
    """
    from scipy.special import gammaincc

    found, r, n, problems = correlations_for(columns(source, stage, level, under), missing)
    count = len(found.codes)
    df = count * (count - 1) // 2
    if _singular(r):
        problems.append(singular_problem(n, count))
        return Sphericity(found.codes, n, float("nan"), df, float("nan"), tuple(problems))
    chi2 = -(n - 1 - (2 * count + 5) / 6) * float(np.linalg.slogdet(r)[1])
    p = float(gammaincc(df / 2, max(chi2, 0.0) / 2))
    return Sphericity(found.codes, n, chi2, df, p, tuple(problems))


def singular_problem(n: int, count: int) -> Problem:
    """Return the warning about correlations that cannot be inverted."""
    if n <= count:
        return Problem(
            "singular_few_units",
            msg("With %(count)s columns and only %(n)s units with data for all of them, this cannot be computed."),
            msg("Look at one pillar at a time: it needs more units than columns."),
            {"count": count, "n": n},
            severity="warning",
        )
    return Problem(
        "singular",
        msg("One of these %(count)s columns is an exact mix of the others, so this cannot be computed."),
        msg("Leave out doubled indicators, shares that always add up to 100, and totals of other columns."),
        {"count": count, "n": n},
        severity="warning",
    )


def _singular(r: Floats) -> bool:
    return float(np.linalg.eigvalsh(r)[0]) < 1e-10


def _poor(overall: float) -> Problem:
    return Problem(
        "low_adequacy",
        msg("The measure of sampling adequacy is %(kmo).2f: these columns share too little for common factors."),
        msg("Do not weight by factors here; read the indicators one by one."),
        {"kmo": overall},
        severity="warning",
    )
