"""What a missing cell is expected to be, and how far off that may be: models behind the imputation (Handbook step 3).

Every method gives a predictive mean and a predictive standard deviation for each missing cell. An imputation that
states no spread lets a guess stand beside a measurement as its equal; with the spread, multiple imputation carries the
doubt into the ranks (Rubin 1987, "Multiple Imputation for Nonresponse in Surveys").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import InputError, Problem, msg

Bools = NDArray[np.bool_]
Members = Sequence[Bools]

PENALTIES = np.concatenate([np.logspace(-2, 2, 13), [np.inf]])
SWEEPS, CHOOSING, SETTLED = 40, 2, 1e-7
FEWEST = 10


def predictive(values: Floats, method: str = "regression", members: Members | None = None) -> tuple[Floats, Floats]:
    r"""Return the filled values and the predictive standard deviation of each cell (0 where it was observed).

    ``mean``, ``median``: the centre of the column, with :math:`s\sqrt{1 + 1/n}`, the standard deviation of a further
    draw around a mean of n values. ``group_mean``, ``group_median``: the centre of the unit's group, with
    :math:`s_w\sqrt{1 + 1/n_g}`, :math:`s_w` pooled within the groups (one-way analysis of variance). ``regression``:
    each column on all others by ridge regression, in chained equations until nothing moves; the penalty is the largest
    of 14 whose squared leave-one-out error is within one standard error of the smallest (the last of them is the plain
    mean), and the standard deviation is the root of that error: what the model misses on units it has not seen. A
    column with fewer than 10 values takes its mean.

    Parameters
    ----------
    values : (units, columns), missing as NaN
    method : ``mean``, ``median``, ``group_mean``, ``group_median`` or ``regression``
    members : one mask of units for each group; for the group methods, and as further predictors of ``regression``

    Returns
    -------
    filled, sd : both (units, columns). A cell of an empty column, or of no group or an empty one, stays NaN with sd
        NaN; sd also is NaN where one single value says nothing of the spread.

    Raises
    ------
    InputError
        for an unknown method, or a group method without groups

    Assumptions: missing at random given what the method looks at; the predictions of one row are drawn one by one,
    without the correlation of their errors. Sources: van Buuren and Groothuis-Oudshoorn (2011), "mice", JSS 45(3), for
    chained equations; Allen (1974), "The relationship between variable selection and data augmentation", Technometrics
    16(1), for the leave-one-out error; Breiman et al. (1984), "Classification and Regression Trees", for the rule of one
    standard error.

    >>> filled, sd = predictive(np.array([[1.0], [3.0], [np.nan]]), "mean")
    >>> filled.ravel().tolist(), sd.ravel().round(6).tolist()
    ([1.0, 3.0, 2.0], [0.0, 0.0, 1.732051])
    """
    if method not in MODELS:
        raise InputError([_unknown(method)])
    if method.startswith("group") and members is None:
        raise InputError([_no_groups(method)])
    missing = np.isnan(values)
    centre, sd = MODELS[method](values, members)
    return np.where(missing, centre, values), np.where(missing, sd, 0.0)


def moments_of(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return count, mean and standard deviation (n - 1) of each column; NaN where there are too few values.

    >>> [part.tolist() for part in moments_of(np.array([[1.0], [3.0], [np.nan]]))]
    [[2.0], [2.0], [1.4142135623730951]]
    """
    present = ~np.isnan(values)
    n = present.sum(axis=0).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=0) / n
        square = (np.where(present, values - mean, 0.0) ** 2).sum(axis=0)
        sd = np.sqrt(square / np.where(n > 1, n - 1, np.nan))
    return n, mean, sd


def medians(values: Floats) -> Floats:
    """Return the median of each column over what is present, NaN for an empty one.

    >>> medians(np.array([[1.0, np.nan], [5.0, np.nan], [np.nan, np.nan]])).tolist()
    [3.0, nan]
    """
    out: Floats = np.full(values.shape[1], np.nan)
    some = ~np.isnan(values).all(axis=0)
    out[some] = np.nanmedian(values[:, some], axis=0)
    return out


def _column(values: Floats, members: Members | None, middle: bool = False) -> tuple[Floats, Floats]:
    n, mean, sd = moments_of(values)
    with np.errstate(divide="ignore"):
        spread = sd * np.sqrt(1 + 1 / n)
    centre = medians(values) if middle else mean
    return np.broadcast_to(centre, values.shape), np.broadcast_to(spread, values.shape)


def _group(values: Floats, members: Members | None, middle: bool = False) -> tuple[Floats, Floats]:
    centre, counts = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    squares, free = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    for inside in members or ():
        n, mean, sd = moments_of(values[inside])
        squares += np.where(n > 1, np.nan_to_num(sd) ** 2 * (n - 1), 0.0)
        free += np.maximum(n - 1, 0)
        centre[inside] = medians(values[inside]) if middle else mean
        counts[inside] = np.where(n > 0, n, np.nan)
    overall = moments_of(values)[2]
    pooled = np.where(free > 0, np.sqrt(squares / np.maximum(free, 1)), overall)
    return centre, pooled * np.sqrt(1 + 1 / counts)


def _regression(values: Floats, members: Members | None) -> tuple[Floats, Floats]:
    missing = np.isnan(values)
    n, mean, sd = moments_of(values)
    scale = np.where((n > 1) & (sd > 1e-12 * np.maximum(np.abs(mean), 1e-300)), sd, np.nan)
    with np.errstate(invalid="ignore"):
        z = np.where(missing, 0.0, (values - mean) / scale)
    usable = ~np.isnan(scale)
    z[:, ~usable] = 0.0
    spread = np.full(values.shape[1], np.nan)
    chained = np.flatnonzero(usable & missing.any(axis=0) & (n >= FEWEST))
    order = chained[np.argsort(missing[:, chained].sum(axis=0), kind="stable")]
    for column, error in _sweeps(z, missing, order, np.flatnonzero(usable), _dummies(members, len(values))).items():
        spread[column] = error * scale[column]
    plain = _column(values, None)[1][0] if len(values) else spread
    spread = np.where(np.isin(np.arange(len(n)), order), spread, plain)
    centre = mean + np.where(usable, z * np.where(usable, scale, 0.0), 0.0)
    return centre, np.broadcast_to(spread, values.shape)


def _sweeps(
    z: Floats, missing: Bools, order: NDArray[np.intp], usable: NDArray[np.intp], extra: Floats
) -> dict[int, float]:
    """Fill ``z`` in place column by column until no cell moves; return the leave-one-out error of each column."""
    penalties: dict[int, float] = {}
    errors: dict[int, float] = {}
    for sweep in range(SWEEPS):
        moved = 0.0
        for column in order.tolist():
            if sweep >= CHOOSING and penalties[column] == np.inf:
                continue
            others = np.concatenate([z[:, usable[usable != column]], extra], axis=1)
            gone = missing[:, column]
            fit = _Ridge.fit(others[~gone], z[~gone, column], None if sweep < CHOOSING else penalties[column])
            new = fit.predict(others[gone])
            moved = max(moved, float(np.abs(new - z[gone, column]).max()))
            z[gone, column] = new
            penalties[column], errors[column] = fit.penalty, fit.error
        if moved < SETTLED and sweep >= CHOOSING:
            break
    return errors


@dataclass(frozen=True)
class _Ridge:
    """A ridge regression with its intercept left free: penalty for each observation, and root leave-one-out error."""

    middle: Floats
    intercept: float
    slopes: Floats
    penalty: float
    error: float

    @classmethod
    def fit(cls, x: Floats, y: Floats, penalty: float | None) -> _Ridge:
        middle, intercept = x.mean(axis=0), float(y.mean())
        x, y = x - middle, y - intercept
        strengths, turned = np.linalg.eigh(x.T @ x)
        strengths = np.maximum(strengths, 0.0)
        scores = x @ turned
        grid = PENALTIES if penalty is None else np.array([penalty])
        shrink = 1 / (strengths[:, None] + grid * len(y))
        slopes = shrink * (scores.T @ y)[:, None]
        leverage = 1 / len(y) + scores**2 @ shrink
        left_out = (y[:, None] - scores @ slopes) / np.maximum(1 - leverage, 1e-9)
        press = (left_out**2).mean(axis=0)
        best = _simplest(left_out**2, press)
        return cls(middle, intercept, turned @ slopes[:, best], float(grid[best]), float(np.sqrt(press[best])))

    def predict(self, x: Floats) -> Floats:
        out: Floats = self.intercept + (x - self.middle) @ self.slopes
        return out


def _simplest(squares: Floats, press: Floats) -> int:
    """Return the largest penalty whose error is within one standard error of the smallest (Breiman et al. 1984)."""
    least = int(np.argmin(press))
    allowed = press[least] + squares[:, least].std() / np.sqrt(len(squares))
    return int(np.flatnonzero(press <= allowed)[-1])


def _dummies(members: Members | None, units: int) -> Floats:
    if not members:
        return np.zeros((units, 0))
    return np.stack([np.asarray(inside, dtype=np.float64) for inside in members], axis=1)


def _column_median(values: Floats, members: Members | None) -> tuple[Floats, Floats]:
    return _column(values, members, middle=True)


def _group_median(values: Floats, members: Members | None) -> tuple[Floats, Floats]:
    return _group(values, members, middle=True)


MODELS: dict[str, Callable[[Floats, Members | None], tuple[Floats, Floats]]] = {
    "mean": _column,
    "median": _column_median,
    "group_mean": _group,
    "group_median": _group_median,
    "regression": _regression,
}


def _unknown(method: str) -> Problem:
    return Problem(
        "unknown_choice",
        msg("The parameter %(parameter)s of the step %(step)s cannot be %(value)s."),
        msg("Use one of: %(known)s."),
        {"step": "impute", "parameter": "method", "value": method, "known": ", ".join(MODELS)},
    )


def _no_groups(method: str) -> Problem:
    return Problem(
        "group_needed", msg("The method %(method)s needs a group."), msg("Name the grouping."), {"method": method}
    )
