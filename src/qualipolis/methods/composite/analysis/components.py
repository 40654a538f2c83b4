"""Principal components of the correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.analysis.correlation import pearson
from qualipolis.methods.composite.analysis.selection import Columns, Source, columns, varying
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

MISSING = ("complete", "pairwise")


@dataclass(frozen=True, eq=False, repr=False)
class PrincipalComponents:
    """What :func:`principal_components` returns.

    ``sdev`` (components,) are the square roots of the eigenvalues; ``loadings`` (codes, components) have unit length in
    each column; ``explained`` are shares of the variance; ``scores`` (units, components), NaN for a unit with a missing
    cell. ``n`` units were used and ``incomplete`` were not (none with ``missing="pairwise"``).
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    sdev: Floats
    loadings: Floats
    explained: Floats
    scores: Floats
    n: int
    incomplete: int
    missing: str
    problems: tuple[Problem, ...] = ()

    @property
    def eigenvalues(self) -> Floats:
        """Variances of the components."""
        return self.sdev**2

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each component: component, sdev, eigenvalue, explained, cumulative, and the loadings."""
        import polars as pl

        table = {
            "component": np.arange(1, len(self.sdev) + 1),
            "sdev": self.sdev,
            "eigenvalue": self.eigenvalues,
            "explained": self.explained,
            "cumulative": np.cumsum(self.explained),
        }
        return pl.DataFrame(table | dict(zip(self.codes, self.loadings, strict=True)))

    def __repr__(self) -> str:
        first = ", ".join(f"{share:.0%}" for share in self.explained[:3])
        return f"PrincipalComponents({len(self.codes)} codes, n {self.n}; {first})"


def principal_components(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    missing: str = "complete",
) -> PrincipalComponents:
    r"""Return the principal components of centred and scaled columns (R's ``prcomp(center = TRUE, scale. = TRUE)``).

    With Z the standardised columns, :math:`R = Z^\top Z / (n-1) = V \Lambda V^\top`; ``loadings`` = V, ``sdev`` =
    :math:`\sqrt\Lambda`, ``scores`` = Z V. Each component's largest absolute loading is positive (the first of equals).

    ``missing``: ``complete`` uses the units that have every column; ``pairwise`` the correlations of each two columns over
    the units that have both, whose eigenvalues may be negative (they are set to 0, with a warning).

    Columns with one value are left out, with a warning. InputError when fewer than 2 columns or 3 units remain.

    Source: Jolliffe (2002) Principal Component Analysis; OECD/JRC (2008) Handbook, step 4.

    >>> found = principal_components([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    >>> found.eigenvalues.round(6).tolist(), found.explained.round(6).tolist()
    ([1.6, 0.4], [0.8, 0.2])
    """
    if missing not in MISSING:
        raise InputError([choice_problem("principal_components", "missing", missing, MISSING)])
    everything = columns(source, stage, level, under)
    found, r, n, problems = correlations_for(everything, missing)
    values, vectors = np.linalg.eigh(r)
    values, vectors = values[::-1], vectors[:, ::-1]
    if values[-1] < -1e-10:
        problems.append(_negative())
    values = np.maximum(values, 0.0)
    if n <= len(found.codes):
        problems.append(few_units_problem(n, len(found.codes)))
    loadings = fix_signs(vectors)
    scores = _standardised(found, missing) @ loadings
    incomplete = len(found.units) - n if missing == "complete" else 0
    parts = (np.sqrt(values), loadings, values / values.sum(), scores)
    return PrincipalComponents(found.units, found.codes, *parts, n, incomplete, missing, tuple(problems))


def correlations_for(everything: Columns, missing: str) -> tuple[Columns, Floats, int, list[Problem]]:
    """Return the columns that vary, their correlations, the number of units behind them and warnings.

    ``n`` is the number of complete units, or with ``pairwise`` the smallest number behind a correlation.

    >>> from qualipolis.methods.composite.analysis.selection import columns
    >>> _, r, n, _ = correlations_for(columns([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, float("nan")]]), "complete")
    >>> r.shape, n
    ((2, 2), 3)
    """
    found, problems = varying(everything)
    if missing == "complete":
        return _complete(found, problems)
    present = (~np.isnan(found.values)).astype(np.float64)
    n = int((present.T @ present).min()) if len(found.codes) else 0
    r = pearson(found.values)
    if n < 3 or len(found.codes) < 2 or np.isnan(r).any():
        raise InputError([too_little(n, len(found.codes))])
    return found, r, n, problems


def _complete(found: Columns, problems: list[Problem]) -> tuple[Columns, Floats, int, list[Problem]]:
    while True:
        whole = found.values[~np.isnan(found.values).any(axis=1)]
        if len(whole) < 3 or len(found.codes) < 2:
            raise InputError([too_little(len(whole), len(found.codes))])
        kept, more = varying(Columns(found.units[: len(whole)], found.codes, whole))
        if not more:
            return found, pearson(whole), len(whole), problems
        problems, found = problems + more, found.only(kept.codes)


def fix_signs(vectors: Floats) -> Floats:
    """Return columns whose largest absolute entry is positive; of entries equal to 1e-9 the first counts.

    >>> fix_signs(np.array([[-0.6, 0.8], [-0.8, -0.6]])).tolist()
    [[0.6, 0.8], [0.8, -0.6]]
    """
    size = np.abs(vectors)
    at = np.argmax(size >= size.max(axis=0) * (1 - 1e-9), axis=0)
    signs = np.where(vectors[at, np.arange(vectors.shape[1])] < 0, -1.0, 1.0)
    fixed: Floats = vectors * signs
    return fixed


def few_units_problem(n: int, count: int) -> Problem:
    """Return the warning about no more units than columns."""
    return Problem(
        "few_units",
        msg(
            "There are %(count)s columns but only %(n)s units with data for all of them: the structure found is unstable."
        ),
        msg("Look at one pillar at a time, or at fewer indicators."),
        {"count": count, "n": n},
        severity="warning",
    )


def too_little(n: int, count: int) -> Problem:
    """Return the error about too few units or columns."""
    return Problem(
        "too_little_data",
        msg("Only %(n)s units and %(count)s columns that vary are left once missing cells are set aside."),
        msg(
            'At least 3 units and 2 columns are needed: fill the gaps, leave out sparse columns, or use missing = "pairwise".'
        ),
        {"count": count, "n": n},
    )


def _standardised(found: Columns, missing: str) -> Floats:
    values = found.values
    with_all = ~np.isnan(values).any(axis=1)
    base = values[with_all] if missing == "complete" else values
    count = (~np.isnan(base)).sum(axis=0)
    mean = np.nansum(base, axis=0) / count
    sd = np.sqrt(np.nansum((base - mean) ** 2, axis=0) / (count - 1))
    z: Floats = (values - mean) / sd
    return z


def _negative() -> Problem:
    return Problem(
        "negative_eigenvalue",
        msg("The correlations come from different units for different pairs and do not fit together exactly."),
        msg('Small negative variances were set to 0; prefer filled data or missing = "complete".'),
        severity="warning",
    )
