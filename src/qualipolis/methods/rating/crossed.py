"""A mixed model with any number of crossed random effects, by restricted maximum likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.rating.equations import Design, Solution, design_of, solve

Floats = NDArray[np.float64]
SMALL = 1e-4
ROUNDS = 30


@dataclass(frozen=True)
class Effects:
    """The random effects of one factor: level, prediction, and its standard deviation given the data (lme4's)."""

    levels: tuple[str, ...]
    values: Floats
    sd: Floats


@dataclass(frozen=True)
class CrossedFit:
    """``y = μ + Σ_k u_k[level] + e`` fitted by REML.

    ``variances`` of the factors and ``residual`` in squared units of ``y``; ``criterion`` is -2 times the restricted
    log-likelihood, as lme4 counts it; ``fitted`` and ``leverage`` are of the conditional fit.
    """

    mean: float
    mean_se: float
    variances: Mapping[str, float]
    residual: float
    criterion: float
    effects: Mapping[str, Effects]
    covariance: Floats
    covariance_of: str
    fitted: Floats
    leverage: Floats
    n: int


def crossed_reml(scores: ArrayLike, factors: Mapping[str, Sequence[str]], *, keep: str = "") -> CrossedFit:
    """Fit ``y = μ + Σ_k u_k + e`` with independent ``u_k ~ N(0, σ_k²)``, ``e ~ N(0, σ²)``, factors crossed in any way.

    With ``θ_k = σ_k/σ`` and ``A = ΛZ'ZΛ + I`` the restricted deviance, profiled over ``μ`` and ``σ²``, is
    ``ln|A| + ln|R|² + (n - 1)(1 + ln(2π r²/(n - 1)))``. It is made smallest over ``θ ≥ 0`` with its exact derivative,
    then by Newton's steps until the derivative is nothing. The largest factor is eliminated level by level, so the work
    grows with the cube of the levels of the other factors only.

    Parameters
    ----------
    scores : n numbers
    factors : for each factor the level of each score (n texts)
    keep : factor whose joint covariance of prediction errors (with that of ``μ``) is returned

    Raises
    ------
    InputError
        columns of different length, missing numbers, no factor, a factor of one level or with as many levels as scores

    References
    ----------
    D. Bates, M. Mächler, B. Bolker and S. Walker (2015), "Fitting linear mixed-effects models using lme4", Journal of
    Statistical Software 67(1), sections 3.4 to 3.6. H. D. Patterson and R. Thompson (1971), Biometrika 58, 545-554.

    >>> y = [52, 48, 61, 57, 40, 37, 66, 60]
    >>> fit = crossed_reml(y, {"applicant": list("aabbccdd"), "reviewer": list("xyxyxyxy")})
    >>> round(fit.mean, 6), [round(fit.variances[k], 3) for k in ("applicant", "reviewer")], round(fit.residual, 3)
    (52.625, [117.833, 8.833], 0.792)
    """
    y = np.asarray(scores, dtype=np.float64).ravel()
    _check(y, factors, keep)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    design = design_of(y, factors, keep)
    with threadpool_limits(1, "blas"):  # small matrices: several threads wait for each other longer than they work
        theta = _smallest(design)
        return _reported(design, solve(design, theta, full=True), keep)


def _smallest(design: Design) -> Floats:
    from scipy.optimize import minimize

    def both(theta: Floats) -> tuple[float, Floats]:
        found = solve(design, np.maximum(theta, SMALL / 100))
        return found.deviance, found.gradient

    start = np.full(len(design.names), 0.7)
    bounds = [(0.0, None)] * len(start)
    found = minimize(both, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-7})
    theta = np.asarray(found.x, dtype=np.float64)
    return _polished(design, _without_nothing(design, theta))


def _without_nothing(design: Design, theta: Floats) -> Floats:
    """Set to 0 the effects that explain nothing: the deviance does not get larger without them."""
    for k in np.argsort(theta):
        if theta[k] < 0.05:
            less = theta.copy()
            less[k] = 0.0
            if solve(design, less).deviance <= solve(design, theta).deviance + 1e-9:
                theta = less
    return theta


def _polished(design: Design, theta: Floats) -> Floats:
    free = np.flatnonzero(theta > 0)
    for _ in range(ROUNDS):
        gradient = solve(design, theta).gradient[free]
        if not len(free) or float(np.max(np.abs(gradient))) < 1e-9:
            break
        curve = np.empty((len(free), len(free)))
        for column, k in enumerate(free):
            ahead, behind, width = theta.copy(), theta.copy(), 1e-5 * theta[k]
            ahead[k] += width
            behind[k] -= width
            curve[:, column] = (solve(design, ahead).gradient - solve(design, behind).gradient)[free] / (2 * width)
        move = np.linalg.solve((curve + curve.T) / 2, gradient)
        after = theta.copy()
        after[free] -= move
        if np.any(after[free] <= 0) or solve(design, after).deviance > solve(design, theta).deviance + 1e-9:
            break
        theta = after
    return theta


def _reported(design: Design, found: Solution, keep: str) -> CrossedFit:
    sigma2 = found.sigma2
    effects = {
        name: Effects(design.levels[name], found.effects[name], np.sqrt(sigma2 * np.maximum(found.spread[name], 0.0)))
        for name in design.names
    }
    variances = {name: float(t * t * sigma2) for name, t in zip(design.names, found.theta, strict=True)}
    return CrossedFit(
        found.mean,
        float(np.sqrt(sigma2 / found.information)),
        variances,
        sigma2,
        found.deviance,
        effects,
        sigma2 * found.joint,
        keep,
        found.fitted,
        found.leverage,
        len(design.y),
    )


def _check(y: Floats, factors: Mapping[str, Sequence[str]], keep: str) -> None:
    wrong = []
    if not factors or (keep and keep not in factors):
        wrong.append(Problem("no_factor", msg("Name at least one factor.")))
    if not np.all(np.isfinite(y)):
        wrong.append(Problem("missing_score", msg("A score is missing.")))
    for name, levels in factors.items():
        if len(levels) != len(y):
            wrong.append(Problem("lengths", msg("The columns do not have the same length."), place=name))
        elif not 1 < len(set(levels)) < len(y):
            what = msg("The factor %(name)s needs two levels and fewer levels than there are scores.")
            wrong.append(Problem("levels", what, "", {"name": name}, name))
    if not wrong and float(np.ptp(y)) == 0:
        wrong.append(Problem("no_variation", msg("All scores are the same: there is nothing to compare.")))
    if wrong:
        raise InputError(wrong)
