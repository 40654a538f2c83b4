"""Calibration: weights moved as little as may be so that they repeat totals known from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.adjustments import Cellwise, Margins, Regression
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded
from qualipolis.methods.sampling.estimation.design import SurveyDesign

Step = Callable[[Floats], Floats]
DISTANCES = ("linear", "raking", "logit")


@dataclass(frozen=True)
class _Distance:
    """Ratio of new to old weight as a function of the linear predictor, and its slope."""

    ratio: Step
    slope: Step


def calibrate(
    design: SurveyDesign,
    variables: ArrayLike,
    totals: ArrayLike,
    *,
    distance: str = "linear",
    bounds: tuple[float, float] | None = None,
    rounds: int = 100,
    tolerance: float = 1e-11,
) -> SurveyDesign:
    """Return the design with weights ``w g`` that repeat the population ``totals`` of the ``variables``.

    ``g = F(x'a)`` with a solved from ``sum w F(x'a) x = totals``. ``linear``: F(u) = 1 + u, held within ``bounds``
    where they are given; ``raking``: exp(u); ``logit``: between the bounds L and U::

        F(u) = (L(U - 1) + U(1 - L) e^{Au}) / ((U - 1) + (1 - L) e^{Au}),  A = (U - L)/((1 - L)(U - 1))

    Parameters
    ----------
    design : the design before
    variables : (rows, r); include a column of ones to repeat the population's size
    totals : (r,) population totals
    bounds : least and greatest g, around 1
    rounds, tolerance : at most so many Newton steps, until the totals agree to this relative difference

    The variances after it are those of the residuals of each variable's weighted regression on ``variables``, times g.
    ``InputError``: shapes that do not fit, missing values, bounds that do not hold 1, totals out of reach.

    References
    ----------
    J.-C. Deville, C.-E. Särndal (1992), JASA 87, 376-382.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> d = calibrate(survey_design([1, 1, 1, 1]), [[1, 0], [1, 0], [1, 1], [1, 1]], [10, 4])
    >>> d.weights.round(9).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    return _calibrated(design, variables, totals, distance, bounds, rounds, tolerance)


def _calibrated(
    design: SurveyDesign,
    variables: ArrayLike,
    totals: ArrayLike,
    distance: str,
    bounds: tuple[float, float] | None,
    rounds: int,
    tolerance: float,
) -> SurveyDesign:
    x, goal = np.asarray(variables, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if design.kept is not None and x.shape[:1] == design.kept.shape:
        x = x[design.kept]
    problems = _problems(design, x, goal, distance, bounds)
    if problems:
        raise InputError(problems)
    before = design.weights
    shape = _distance(distance, bounds)
    g = _solve(before, x, goal, shape, rounds, tolerance)
    half = np.sqrt(before)
    basis = _basis(x * half[:, None])
    return design.with_weights(before * g, Regression(basis, g * half))


def _distance(name: str, bounds: tuple[float, float] | None) -> _Distance:
    if name == "raking":
        return _Distance(np.exp, np.exp)
    if name == "linear":
        low, high = bounds or (-np.inf, np.inf)
        return _Distance(
            lambda u: np.clip(1 + u, low, high), lambda u: ((1 + u > low) & (1 + u < high)).astype(np.float64)
        )
    low, high = bounds or (0.0, 10.0)
    a = (high - low) / ((1 - low) * (high - 1))

    def ratio(u: Floats) -> Floats:
        e = np.exp(np.clip(a * u, -700, 700))
        return np.asarray((low * (high - 1) + high * (1 - low) * e) / ((high - 1) + (1 - low) * e))

    def slope(u: Floats) -> Floats:
        e = np.exp(np.clip(a * u, -340, 340))
        return np.asarray(a * e * (1 - low) * (high - 1) * (high - low) / ((high - 1) + (1 - low) * e) ** 2)

    return _Distance(ratio, slope)


def _solve(w: Floats, x: Floats, goal: Floats, shape: _Distance, rounds: int, tolerance: float) -> Floats:
    """Newton's steps, halved while they lead away."""
    at, scale = np.zeros(x.shape[1]), np.maximum(np.abs(goal), 1.0)

    def gap(a: Floats) -> Floats:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((goal - x.T @ (w * shape.ratio(x @ a))) / scale)

    left = gap(at)
    for _ in range(rounds):
        if np.abs(left).max() <= tolerance:
            break
        slope = (x * (w * shape.slope(x @ at))[:, None]).T @ x
        step = np.linalg.lstsq(slope, left * scale, rcond=1e-13)[0]
        factor = 1.0
        while factor > 1e-6:
            trial = gap(at + factor * step)
            if np.isfinite(trial).all() and np.abs(trial).max() < np.abs(left).max():
                break
            factor /= 2
        else:
            break
        at, left = at + factor * step, trial
    if np.abs(left).max() > max(tolerance, 1e-7):
        raise InputError([_unreached(float(np.abs(left).max()))])
    return shape.ratio(x @ at)


def _basis(weighted: Floats) -> Floats:
    """Orthonormal columns of the same span; dependent columns fall out."""
    left, sizes, _ = np.linalg.svd(weighted, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-10 * sizes[0]])


def poststratify(design: SurveyDesign, cells: ArrayLike, totals: Mapping[Any, float]) -> SurveyDesign:
    """Return the design with weights that repeat the population's size in every cell.

    Parameters
    ----------
    cells : (rows,) label of the cell
    totals : cell -> population size

    Raises
    ------
    InputError
        a cell of the sample without a size, a size without rows

    References
    ----------
    D. Holt, T. M. F. Smith (1979), JRSS A 142, 33-46.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> poststratify(survey_design([1, 1, 1]), ["a", "a", "b"], {"a": 10, "b": 4}).weights.tolist()
    [5.0, 5.0, 4.0]
    """
    code, goal = _margin(design, cells, totals, "cells")
    before = design.weights
    after = before * (goal / np.bincount(code, before, goal.size))[code]
    return design.with_weights(after, Cellwise(code, before, after))


def rake(
    design: SurveyDesign,
    margins: Sequence[tuple[ArrayLike, Mapping[Any, float]]],
    *,
    rounds: int = 1000,
    tolerance: float = 1e-10,
) -> SurveyDesign:
    """Return the design with weights that repeat the sizes of several margins, by iterative proportional fitting.

    Parameters
    ----------
    margins : for each margin the (rows,) labels and label -> population size
    rounds, tolerance : at most so many sweeps, until no margin is off by more than this share of the population

    Raises
    ------
    InputError
        as :func:`poststratify`; margins of different sums, which no weights can repeat

    References
    ----------
    W. E. Deming, F. F. Stephan (1940), Annals of Mathematical Statistics 11, 427-444.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> d = rake(survey_design(np.ones(4)), [(["a", "a", "b", "b"], {"a": 6, "b": 4}), ([1, 2, 1, 2], {1: 5, 2: 5})])
    >>> d.weights.tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    return _raked(design, margins, rounds, tolerance)


def _raked(
    design: SurveyDesign, margins: Sequence[tuple[ArrayLike, Mapping[Any, float]]], rounds: int, tolerance: float
) -> SurveyDesign:
    found = [_margin(design, labels, totals, f"margin {i + 1}") for i, (labels, totals) in enumerate(margins)]
    sums = [float(goal.sum()) for _, goal in found]
    if max(sums) - min(sums) > 1e-6 * max(sums):
        what = msg("The margins have different sums: %(sums)s.")
        params = {"sums": ", ".join(f"{s:g}" for s in sums)}
        raise InputError([Problem("margins_differ", what, msg("Give margins of one population."), params)])
    weights, off = design.weights.copy(), np.inf
    for _ in range(rounds):
        for code, goal in found:
            weights = weights * (goal / np.bincount(code, weights, goal.size))[code]
        off = max(float(np.abs(np.bincount(c, weights, g.size) - g).max()) for c, g in found) / sums[0]
        if off <= tolerance:
            break
    if off > max(tolerance, 1e-7):
        raise InputError([_unreached(off)])
    codes = tuple(code for code, _ in found)
    return design.with_weights(weights, Margins(codes, (weights,) * len(codes)))


def _margin(design: SurveyDesign, labels: ArrayLike, totals: Mapping[Any, float], place: str) -> tuple[Ints, Floats]:
    given = np.asarray(labels)
    if design.kept is not None and given.shape == design.kept.shape:
        given = given[design.kept]
    code, names = coded(given)
    known = {str(k): float(v) for k, v in totals.items()}
    found = [str(n) for n in names.tolist()]
    strange, unused = [n for n in found if n not in known], [n for n in known if n not in found and known[n] > 0]
    problems = []
    if given.shape != (design.rows,):
        what = msg("%(size)s values for %(rows)s rows of the design.")
        params: dict[str, object] = {"size": given.size, "rows": design.rows}
        problems.append(Problem("wrong_length", what, msg("Give one value for each row."), params, place))
    if strange:
        what = msg("The sample has cells without a population size: %(cells)s.")
        problems.append(Problem("no_size", what, msg("Give their sizes."), {"cells": ", ".join(strange[:8])}, place))
    if unused:
        what = msg("The population has cells without a row in the sample: %(cells)s.")
        remedy = msg("Join each with a cell that has rows.")
        problems.append(Problem("empty_cell", what, remedy, {"cells": ", ".join(unused[:8])}, place))
    if problems:
        raise InputError(problems)
    return code, np.array([known[n] for n in found])


def _unreached(off: float) -> Problem:
    what = msg("No weights repeat the totals: they stay off by a share of %(off).1e.")
    remedy = msg("Widen the bounds, drop a variable, or check that the totals belong to this population.")
    return Problem("not_reached", what, remedy, {"off": off}, place="totals")


def _problems(
    design: SurveyDesign, x: Floats, goal: Floats, distance: str, bounds: tuple[float, float] | None
) -> list[Problem]:
    problems = []
    if x.ndim != 2 or x.shape[0] != design.rows or goal.shape != (x.shape[-1],):
        what = msg("The variables have shape %(shape)s and the totals %(totals)s for %(rows)s rows.")
        params = {"shape": str(x.shape), "totals": str(goal.shape), "rows": design.rows}
        problems.append(Problem("bad_shape", what, msg("Give one column for each total."), params, "variables"))
    if not (np.isfinite(x).all() and np.isfinite(goal).all()):
        what = msg("Some calibration values are missing or infinite.")
        problems.append(Problem("missing_value", what, msg("Mend or impute them."), place="variables"))
    if distance not in DISTANCES:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        params = {"given": distance, "known": ", ".join(DISTANCES)}
        problems.append(Problem("unknown_option", what, remedy, params, "distance"))
    if (bounds is not None and not bounds[0] < 1 < bounds[1]) or (distance == "logit" and bounds is None):
        what, remedy = msg("The bounds %(bounds)s do not lie on both sides of 1."), msg("Use (0.5, 2), for example.")
        problems.append(Problem("bad_bounds", what, remedy, {"bounds": str(bounds)}, "bounds"))
    return problems
