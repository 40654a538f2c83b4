"""Replicate weights: the same estimate again under many sets of weights, whose scatter is the variance."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded
from qualipolis.methods.sampling.estimation.stages import Stage


@dataclass(frozen=True, eq=False)
class ReplicateDesign:
    """Weights with replicates; ``V = scale sum_r rscales_r (theta_r - centre)^2``.

    Parameters
    ----------
    weights : (rows,) full-sample weights
    unit : (rows,) code of the unit whose rows share their factors
    factors : (units, replicates) replicate weight over full weight
    scale, rscales : factors of the squared deviations
    centre : ``mean`` of the replicates or the full-sample ``estimate``
    df : degrees of freedom
    kind : how the replicates were made
    """

    weights: Floats
    unit: Ints
    factors: Floats
    scale: float
    rscales: Floats
    centre: str = "mean"
    df: int = 0
    kind: str = "supplied"
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        return int(self.weights.size)

    @property
    def replicates(self) -> int:
        return int(self.factors.shape[1])

    @cached_property
    def stage(self) -> Stage:
        """The units as one stage, for sums."""
        units = self.factors.shape[0]
        alone = units == self.rows and bool((self.unit == np.arange(self.rows)).all())
        group, one = np.zeros(units, dtype=np.intp), np.ones(1)
        return Stage(self.unit, group, np.array([units]), np.ones(units), one, "remove", alone)

    def variance(self, thetas: Floats, estimate: Floats) -> Floats:
        """(domains,) variance from replicate estimates (replicates, domains)."""
        kept = self.rscales > 0
        centre = thetas[kept].mean(axis=0) if self.centre == "mean" else estimate
        return np.asarray(self.scale * (self.rscales[:, None] * (thetas - centre) ** 2).sum(axis=0))

    def covariance_of(self, thetas: Floats, estimate: Floats) -> Floats:
        """(k, k) covariance from replicate estimates (replicates, k)."""
        centre = thetas[self.rscales > 0].mean(axis=0) if self.centre == "mean" else estimate
        gap = thetas - centre
        return np.asarray(self.scale * (gap.T @ (gap * self.rscales[:, None])))

    def __repr__(self) -> str:
        return f"ReplicateDesign({self.rows} rows, {self.replicates} replicates, {self.kind}, df {self.df})"


def replicate_design(
    weights: ArrayLike,
    replicates: ArrayLike,
    *,
    combined: bool = True,
    kind: str = "supplied",
    scale: float | None = None,
    rscales: ArrayLike | float = 1.0,
    rho: float = 0.0,
    centre: str = "mean",
    df: int | None = None,
) -> ReplicateDesign:
    """Take replicate weights that came with the data.

    Parameters
    ----------
    weights : (rows,) full-sample weights
    replicates : (rows, R) replicate weights
    combined : whether they already contain the weights, or multiply them
    kind : ``brr`` and ``bootstrap`` set scale 1/R and 1/(R - 1); ``fay`` 1/(R (1 - rho)^2); ``jk1`` (R - 1)/R;
        ``jkn`` 1 with ``rscales`` given; ``supplied`` needs ``scale``
    scale, rscales : factors of the squared deviations, over what ``kind`` sets
    rho : Fay's factor
    centre : ``mean`` of the replicates or full-sample ``estimate``
    df : degrees of freedom; left out, the rank of the replicate weights less one

    Raises
    ------
    InputError
        shapes that do not fit, missing or infinite weights, an unknown kind, no scale

    References
    ----------
    K. Wolter (2007), Introduction to Variance Estimation, 2nd ed.

    >>> d = replicate_design([1, 1], [[2, 0], [0, 2]], kind="brr")
    >>> d.scale, d.df
    (0.5, 1)
    """
    return _taken(weights, replicates, combined, kind, scale, rscales, rho, centre, df)


def _taken(
    weights: ArrayLike,
    replicates: ArrayLike,
    combined: bool,
    kind: str,
    scale: float | None,
    rscales: ArrayLike | float,
    rho: float,
    centre: str,
    df: int | None,
) -> ReplicateDesign:
    full, given = np.asarray(weights, dtype=np.float64), np.asarray(replicates, dtype=np.float64)
    problems = _problems(full, given, kind, scale, centre)
    if problems:
        raise InputError(problems)
    size = given.shape[1]
    factors = given / np.where(full == 0, 1.0, full)[:, None] if combined else given
    ranked = _compressed(factors)
    usual = {
        "brr": 1 / size,
        "fay": 1 / (size * (1 - rho) ** 2),
        "bootstrap": 1 / max(size - 1, 1),
        "jk1": (size - 1) / size,
        "jkn": 1.0,
    }
    factor = usual[kind] if scale is None else float(scale)
    each = np.broadcast_to(np.asarray(rscales, dtype=np.float64), (size,)).copy()
    freedom = _rank(factors * full[:, None]) - 1 if df is None else df
    return ReplicateDesign(full, ranked[0], ranked[1], factor, each, centre, freedom, kind)


def _compressed(factors: Floats) -> tuple[Ints, Floats]:
    """Rows with the same factors share one unit."""
    rows = np.ascontiguousarray(factors).view(np.dtype((np.void, factors.dtype.itemsize * factors.shape[1])))
    unit, names = coded(np.unique(rows.ravel(), return_inverse=True)[1])
    first = np.zeros(names.size, dtype=np.intp)
    first[unit[::-1]] = np.arange(unit.size)[::-1]
    return unit, factors[first]


def _rank(weights: Floats) -> int:
    """Rank of the replicate weights, from the smaller of the two products."""
    small = weights.T @ weights if weights.shape[0] >= weights.shape[1] else weights @ weights.T
    values = np.linalg.eigvalsh(small)
    return int((values > 1e-10 * values[-1]).sum())


def _problems(full: Floats, given: Floats, kind: str, scale: float | None, centre: str) -> list[Problem]:
    problems = []
    if given.ndim != 2 or given.shape[0] != full.size or not given.size:
        what = msg("The replicate weights have shape %(shape)s for %(rows)s rows.")
        params = {"shape": str(given.shape), "rows": full.size}
        problems.append(Problem("bad_replicates", what, msg("Give one column for each replicate."), params))
    elif not (np.isfinite(given).all() and np.isfinite(full).all()):
        what = msg("Some weights are missing or infinite.")
        problems.append(Problem("bad_weights", what, msg("Mend the weights."), place="replicates"))
    if kind not in ("supplied", "brr", "fay", "bootstrap", "jk1", "jkn") or centre not in ("mean", "estimate"):
        what = msg("“%(given)s” is no known choice.")
        remedy, known = msg("Use one of: %(known)s."), "brr, fay, bootstrap, jk1, jkn, supplied; mean, estimate"
        problems.append(Problem("unknown_option", what, remedy, {"given": f"{kind}, {centre}", "known": known}))
    elif kind == "supplied" and scale is None:
        what = msg("The replicate weights come without their scale.")
        problems.append(Problem("no_scale", what, msg("Give the scale, or the kind that implies it.")))
    return problems
