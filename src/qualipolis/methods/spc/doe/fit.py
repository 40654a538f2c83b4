"""Least squares of an experiment, accurate on ill-conditioned data, and what it says of each term.

Columns are centred and scaled, decomposed by QR (Householder), and the solution is refined once with residuals in extended
precision. Sums of squares are sequential: what a term adds to those before it. PRESS = Σ (e_i/(1 − h_i))².

Source: Å. Björck (1996), *Numerical Methods for Least Squares Problems*, SIAM; D. M. Allen (1974), Technometrics 16, 125-127;
J. W. Longley (1967), JASA 62, 819-841 (the data that show whether it is done well).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import confidence_problems

INTERCEPT = "(intercept)"


@dataclass(frozen=True)
class Term:
    """A coefficient: value, standard error, t, p, confidence limits, and the sequential sum of squares."""

    value: float
    error: float
    t: float
    p: float
    low: float
    high: float
    squares: float


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model; ``terms`` begin with the intercept. Errors are NaN where no degrees of freedom are left.

    ``press`` is infinite where a run alone determines a coefficient, and then ``r2_predicted`` is −∞.
    """

    terms: Mapping[str, Term]
    sigma: float
    freedom: int
    r2: float
    r2_adjusted: float
    r2_predicted: float
    press: float
    residual_squares: float
    fitted: Floats
    residuals: Floats
    leverage: Floats


def fit(columns: Mapping[str, ArrayLike], y: ArrayLike, *, confidence: float = 0.95) -> Fit:
    """Return the least-squares fit of ``y`` on columns and an intercept.

    >>> found = fit({"a": [-1, 1, -1, 1], "b": [-1, -1, 1, 1]}, [1.0, 3.0, 2.0, 4.2])
    >>> round(found.terms["a"].value, 3), round(found.press, 3)
    (1.05, 0.16)
    """
    target, x = _checked(columns, y, confidence)
    n, k = x.shape
    middle, height = x.mean(axis=0), target.mean()
    centred = x - middle
    size = np.sqrt(np.sum(centred**2, axis=0))
    q, r = np.linalg.qr(centred / size)
    if np.min(np.abs(np.diag(r))) < 1e-10:
        what = msg("A term is a combination of others (aliased): its effect cannot be told apart.")
        name = list(columns)[int(np.argmin(np.abs(np.diag(r))))]
        refuse([Problem("aliased", what, msg("Leave it out, or add runs."), place=name)])
    effects = q.T @ (target - height)
    beta = _refined(q, r, centred / size, target - height)
    wide = (centred / size).astype(np.longdouble) @ beta.astype(np.longdouble)
    residuals = np.asarray(target - height - wide, dtype=np.float64)
    freedom, left = n - k - 1, float(residuals @ residuals)
    slopes = beta / size
    inverse = np.linalg.solve(r, np.eye(k)) / size[:, None]
    cover = inverse @ inverse.T
    variance = np.concatenate([[1 / n + middle @ cover @ middle], np.diag(cover)])
    values = np.concatenate([[height - slopes @ middle], slopes])
    squares = np.concatenate([[n * height**2], effects**2])
    sigma = float(np.sqrt(left / freedom)) if freedom else float("nan")
    leverage = 1 / n + np.sum(q**2, axis=1)
    whole = float(np.sum((target - height) ** 2))
    # in a saturated model every run determines itself
    press = _press(residuals, leverage) if freedom else float("inf")
    return Fit(
        _terms([INTERCEPT, *columns], values, sigma * np.sqrt(variance), squares, freedom, confidence), sigma, freedom,
        1 - left / whole, 1 - left / whole * (n - 1) / freedom if freedom else float("nan"), 1 - press / whole, press,
        left, target - residuals, residuals, leverage,
    )  # fmt: skip


def _checked(columns: Mapping[str, ArrayLike], y: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    target = np.asarray(y, dtype=np.float64).ravel()
    given = {name: np.asarray(column, dtype=np.float64).ravel() for name, column in columns.items()}
    wrong = confidence_problems(confidence)
    for name, column in ({"y": target} | given).items():
        if len(column) != len(target) or not np.isfinite(column).all():
            what = msg("Every run has a number in every column, and all columns have the same length.")
            wrong.append(Problem("columns", what, place=name))
        elif np.ptp(column) == 0:
            wrong.append(Problem("flat", msg("This column never changes: nothing can be told of it."), place=name))
    if not given or len(target) < len(given) + 1:
        wrong.append(Problem("few_runs", msg("There are fewer runs than coefficients."), place="y"))
    refuse(wrong)
    return target, np.stack(list(given.values()), axis=1)


def _refined(q: Floats, r: Floats, x: Floats, y: Floats) -> Floats:
    beta = np.linalg.solve(r, q.T @ y)
    for _ in range(2):
        rest: NDArray[np.longdouble] = y.astype(np.longdouble) - x.astype(np.longdouble) @ beta.astype(np.longdouble)
        beta = beta + np.linalg.solve(r, q.T @ np.asarray(rest, dtype=np.float64))
    return np.asarray(beta)


def _press(residuals: Floats, leverage: Floats) -> float:
    free = 1 - leverage
    return float("inf") if free.min() < 1e-12 else float(np.sum((residuals / free) ** 2))


def _terms(
    names: list[str], values: Floats, errors: Floats, squares: Floats, freedom: int, confidence: float
) -> dict[str, Term]:
    from scipy.special import stdtr, stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        t = values / errors
    wide = float(stdtrit(freedom, (1 + confidence) / 2)) if freedom else float("nan")
    p = 2 * stdtr(freedom, -np.abs(t)) if freedom else np.full(len(t), np.nan)
    found = zip(names, values, errors, t, p, squares, strict=True)
    return {
        name: Term(float(v), float(e), float(s), float(c), float(v - wide * e), float(v + wide * e), float(ss))
        for name, v, e, s, c, ss in found
    }
