"""Regression and the comparison of two groups under the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import t_quantile
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.linear import column


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients with their design-based covariance.

    Parameters
    ----------
    terms : names of the columns
    coefficients : (k,); ``covariance`` (k, k)
    df : design degrees of freedom less the terms beyond the first
    """

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    df: int
    family: str

    @property
    def se(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the t interval of every coefficient."""
        half = t_quantile(self.df, (1 + level) / 2) * self.se
        return self.coefficients - half, self.coefficients + half

    def __repr__(self) -> str:
        rows = zip(self.terms, self.coefficients, self.se, strict=True)
        return "\n".join([f"{self.family} fit, df {self.df}", *(f"  {t}: {c:.6g} (se {s:.4g})" for t, c, s in rows)])


def regress(
    design: SurveyDesign,
    y: ArrayLike,
    x: Sequence[ArrayLike],
    *,
    family: str = "gaussian",
    terms: Sequence[str] = (),
    rounds: int = 60,
) -> Fit:
    """Fit ``y`` on the columns ``x`` (an intercept is added), weighted, with the sandwich covariance of the design.

    Solves ``sum w (y - mu(x'b)) x = 0``; covariance ``A^-1 V(sum w (y - mu) x) A^-1``, A the weighted information.

    Parameters
    ----------
    y : (rows,); 0 and 1 for ``logit``
    x : columns of (rows,); rows with a missing value do not count
    family : ``gaussian`` (mu = x'b) or ``logit``
    terms : names of the columns

    Raises
    ------
    InputError
        columns of the wrong length, dependent columns, no convergence (groups told apart perfectly)

    References
    ----------
    D. A. Binder (1983), International Statistical Review 51, 279-292.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> regress(survey_design(np.ones(4)), [1, 3, 5, 7], [[0, 1, 2, 3]]).coefficients.round(6).tolist()
    [1.0, 2.0]
    """
    return _fitted(design, y, x, family, terms, rounds)


def _fitted(
    design: SurveyDesign, y: ArrayLike, x: Sequence[ArrayLike], family: str, terms: Sequence[str], rounds: int
) -> Fit:
    answer = column(design, y, "y")
    table = np.stack([np.ones(design.rows), *(column(design, c, f"x {i + 1}") for i, c in enumerate(x))], axis=1)
    lost = np.isnan(answer) | np.isnan(table).any(axis=1)
    w = np.where(lost, 0.0, design.weights)
    answer, table = np.where(lost, 0.0, answer), np.where(lost[:, None], 0.0, table)
    names = ("(intercept)", *(terms or [f"x{i + 1}" for i in range(len(x))]))
    beta = _solved(answer, table, w, family, rounds)
    mu, slope = _mean(table @ beta, family)
    bread = np.linalg.inv((table * (w * slope)[:, None]).T @ table)
    cov = design.covariance((w * (answer - mu))[:, None] * table @ bread)
    return Fit(names, beta, cov, design.df + 1 - table.shape[1], family)


def _mean(eta: Floats, family: str) -> tuple[Floats, Floats]:
    if family == "gaussian":
        return eta, np.ones_like(eta)
    mu = 1 / (1 + np.exp(-np.clip(eta, -700, 700)))
    return mu, mu * (1 - mu)


def _solved(y: Floats, x: Floats, w: Floats, family: str, rounds: int) -> Floats:
    if family not in ("gaussian", "logit"):
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        raise InputError([Problem("unknown_option", what, remedy, {"given": family, "known": "gaussian, logit"})])
    scale = w / w.mean()
    beta = np.zeros(x.shape[1])
    for _ in range(rounds):
        mu, slope = _mean(x @ beta, family)
        info = (x * (scale * slope)[:, None]).T @ x
        if np.linalg.cond(info) > 1e14:
            break
        step = np.linalg.solve(info, x.T @ (scale * (y - mu)))
        beta = beta + step
        if np.abs(step).max() <= 1e-12 * max(1.0, np.abs(beta).max()):
            return beta
    what = msg("The fit does not settle.")
    remedy = msg("Columns may depend on each other, or tell the two groups apart perfectly.")
    raise InputError([Problem("not_settled", what, remedy)])


@dataclass(frozen=True)
class GroupDifference:
    """Difference of two domain means, with the t test of no difference."""

    difference: float
    se: float
    t: float
    df: int
    p: float


def difference(design: SurveyDesign, y: ArrayLike, group: ArrayLike) -> GroupDifference:
    """Compare the means of ``y`` in two groups (1 less 0) under the design.

    Parameters
    ----------
    group : (rows,) 0 and 1

    Returns
    -------
    GroupDifference
        ``t = difference/se`` on the design's degrees of freedom less 1, two-sided p

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> difference(survey_design(np.ones(6)), [1, 2, 3, 2, 3, 4], [0, 0, 0, 1, 1, 1]).df
    4
    """
    from scipy.special import stdtr

    fit = regress(design, y, [group])
    gap, se = float(fit.coefficients[1]), float(fit.se[1])
    t = gap / se
    return GroupDifference(gap, se, t, fit.df, float(2 * stdtr(fit.df, -abs(t))))
