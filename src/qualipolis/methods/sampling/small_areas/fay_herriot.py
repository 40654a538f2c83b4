"""The Fay-Herriot model: direct estimates of areas drawn towards a regression on what is known of every area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
METHODS = ("reml", "ml", "fh", "pr")


@dataclass(frozen=True, eq=False)
class FayHerriot:
    """Empirical best linear unbiased predictions of areas.

    Parameters
    ----------
    variance : A, between the areas; 0 when the regression explains all but chance (``at_zero``)
    beta : coefficients; ``beta_covariance``
    gamma : (areas,) weight of the direct estimate, A/(A + D)
    estimate : gamma y + (1 - gamma) x'beta
    mse : mean squared error with the terms for estimating beta and A (Prasad and Rao; Datta and Lahiri)
    method : how A was estimated
    """

    variance: float
    beta: Floats
    beta_covariance: Floats
    gamma: Floats
    estimate: Floats
    mse: Floats
    direct: Floats
    method: str

    @property
    def at_zero(self) -> bool:
        return self.variance == 0

    @property
    def se(self) -> Floats:
        return np.sqrt(self.mse)

    def to_frame(self) -> pl.DataFrame:
        """Return direct, estimate, se, gamma for each area."""
        import polars as pl

        return pl.DataFrame({name: getattr(self, name) for name in ("direct", "estimate", "se", "gamma")})

    def __repr__(self) -> str:
        return f"FayHerriot({self.method}, A {self.variance:.5g}, {self.estimate.size} areas)"


def fay_herriot(y: ArrayLike, variances: ArrayLike, x: ArrayLike | None = None, method: str = "reml") -> FayHerriot:
    """Fit ``y_i = x_i'beta + v_i + e_i, v_i ~ (0, A), e_i ~ (0, D_i)`` with D known, and predict every area.

    Parameters
    ----------
    y : (areas,) direct estimates
    variances : (areas,) their sampling variances D, above 0; smooth them first where the areas are very small
    x : (areas, k) what is known of each area; include a column of ones. None: an intercept alone
    method : ``reml``, ``ml``, ``fh`` (Fay and Herriot's moment equation) or ``pr`` (Prasad and Rao's moments)

    Raises
    ------
    InputError
        shapes that do not fit, variances not above 0, fewer areas than coefficients plus one, dependent columns

    References
    ----------
    R. E. Fay, R. A. Herriot (1979), JASA 74, 269-277; N. G. N. Prasad, J. N. K. Rao (1990), JASA 85, 163-171;
    G. S. Datta, P. Lahiri (2000), Statistica Sinica 10, 613-627; J. N. K. Rao, I. Molina (2015), 6.

    >>> fit = fay_herriot([1.0, 2.0, 4.0, 7.0, 3.0], [0.5] * 5)
    >>> bool(fit.variance > 0), fit.gamma.round(3).tolist() == [fit.gamma[0].round(3)] * 5
    (True, True)
    """
    direct, d, table = _checked(y, variances, x, method)
    a = _variance(direct, d, table, method)
    weights = 1 / (a + d)
    cov = np.linalg.inv((table * weights[:, None]).T @ table)
    beta = cov @ (table.T @ (weights * direct))
    gamma = a / (a + d)
    estimate = gamma * direct + (1 - gamma) * (table @ beta)
    mse = _mse(a, d, table, cov, method)
    return FayHerriot(a, beta, cov, gamma, estimate, mse, direct, method)


def _variance(y: Floats, d: Floats, x: Floats, method: str) -> float:
    if method == "pr":
        hat = x @ np.linalg.solve(x.T @ x, x.T)
        residual = y - hat @ y
        moments = float(residual @ residual - (d * (1 - np.diag(hat))).sum())
        return float(max(0.0, moments / (y.size - x.shape[1])))
    score = SCORES[method]
    low, high = 0.0, float(y.var() + d.max() + 1e-12)
    if score(low, y, d, x) <= 0:
        return 0.0
    while score(high, y, d, x) > 0:
        high *= 2
    for _ in range(200):
        half = (low + high) / 2
        low, high = (half, high) if score(half, y, d, x) > 0 else (low, half)
    return (low + high) / 2


def _projection(a: float, d: Floats, x: Floats) -> Floats:
    """V^-1 less its part along x."""
    w = 1 / (a + d)
    wx = x * w[:, None]
    return np.asarray(np.diag(w) - wx @ np.linalg.solve(x.T @ wx, wx.T))


def _reml(a: float, y: Floats, d: Floats, x: Floats) -> float:
    p = _projection(a, d, x)
    return float(y @ p @ p @ y - np.trace(p))


def _ml(a: float, y: Floats, d: Floats, x: Floats) -> float:
    p = _projection(a, d, x)
    return float(y @ p @ p @ y - (1 / (a + d)).sum())


def _moment(a: float, y: Floats, d: Floats, x: Floats) -> float:
    return float(y @ _projection(a, d, x) @ y - (y.size - x.shape[1]))


SCORES: dict[str, Callable[[float, Floats, Floats, Floats], float]] = {"reml": _reml, "ml": _ml, "fh": _moment}


def _mse(a: float, d: Floats, x: Floats, cov: Floats, method: str) -> Floats:
    """g1 + g2 + 2 g3, less the bias of A where the method has one."""
    w = 1 / (a + d)
    m, total, squares = d.size, float(w.sum()), float((w**2).sum())
    gamma = a * w
    g1 = gamma * d
    g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", x, cov, x)
    spread = {
        "reml": 2 / squares,
        "ml": 2 / squares,
        "fh": 2 * m / total**2,
        "pr": 2 * float(((a + d) ** 2).sum()) / m**2,
    }[method]
    g3 = d**2 * w**3 * spread
    bias = 0.0
    if method == "ml":
        wx = x * w[:, None]
        bias = -float(np.trace(cov @ (wx.T @ wx))) / squares
    elif method == "fh":
        bias = 2 * (m * squares - total**2) / total**3
    return np.asarray(np.maximum(g1 + g2 + 2 * g3 - bias * (1 - gamma) ** 2, 0.0))


def _checked(y: ArrayLike, variances: ArrayLike, x: ArrayLike | None, method: str) -> tuple[Floats, Floats, Floats]:
    direct, d = np.asarray(y, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    table = np.ones((direct.size, 1)) if x is None else np.asarray(x, dtype=np.float64)
    problems = []
    if direct.ndim != 1 or d.shape != direct.shape or table.ndim != 2 or table.shape[0] != direct.size:
        what = msg("Estimates, variances and what is known of the areas have different lengths.")
        problems.append(Problem("different_lengths", what, msg("Give one value for each area.")))
    elif not (np.isfinite(direct).all() and np.isfinite(table).all() and np.isfinite(d).all() and (d > 0).all()):
        what = msg("A value is missing or infinite, or a sampling variance is not above 0.")
        problems.append(Problem("bad_values", what, msg("Leave such areas out: they can be predicted afterwards.")))
    elif direct.size < table.shape[1] + 2 or np.linalg.matrix_rank(table) < table.shape[1]:
        what = msg("There are too few areas for the columns, or the columns depend on each other.")
        problems.append(Problem("few_areas", what, msg("Use fewer columns."), place="x"))
    if method not in METHODS:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        problems.append(Problem("unknown_option", what, remedy, {"given": method, "known": ", ".join(METHODS)}))
    if problems:
        raise InputError(problems)
    return direct, d, table
