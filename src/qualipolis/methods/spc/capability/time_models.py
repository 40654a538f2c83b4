"""Time-dependent models of a process (ISO 22514-2): what its location and dispersion do, and which capability follows.

| model | location | dispersion | within a subgroup | all values |
|---|---|---|---|---|
| A1 | constant | constant | normal | normal |
| A2 | constant | constant | not normal | not normal |
| B | constant | varies | any | not normal or normal |
| C1 | at random | constant | any | normal |
| C2 | at random | constant | any | not normal |
| C3 | trend | constant | any | any |
| C4 | trend and at random | constant | any | any |
| D | varies | varies | any | any |

Tests, each at the level ``alpha``: dispersion by Brown and Forsythe without its structural zeros; location by the analysis
of variance, by Welch's when the dispersion varies, by Kruskal and Wallis when values are not normal; trend by regression on
the number of the subgroup, held against the lack of fit when there is one; normality by Anderson-Darling.

Source: ISO 22514-2:2017; M. B. Brown and A. B. Forsythe (1974), JASA 69, 364-367; W. G. S. Hines and R. J. O. Hines
(2000), Biometrics 56, 451-454 (structural zeros); B. L. Welch (1951), Biometrika 38, 330-336.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability.nonnormal import NonNormalStudy, nonnormal_capability
from qualipolis.methods.spc.capability.specification import Boundary
from qualipolis.methods.spc.capability.study import CapabilityStudy, capability
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.choice import judged

Model = Literal["A1", "A2", "B", "C1", "C2", "C3", "C4", "D"]
BLOCK, LEAST = 5, 5
REASONS: dict[str, str] = {
    "A1": msg("Location and dispersion are constant and the values normal: capability by mean and standard deviation."),
    "A2": msg(
        "Location and dispersion are constant, the values not normal: capability by the percentiles of their law."
    ),
    "B": msg("The dispersion varies: only the performance of the whole is reported, by its percentiles."),
    "C1": msg(
        "The location varies at random, all values together are normal: performance by mean and standard deviation."
    ),
    "C2": msg(
        "The location varies at random and the whole is not normal: performance by the percentiles of the whole."
    ),
    "C3": msg("The location follows a trend: performance by the percentiles of the whole; a trend chart is needed."),
    "C4": msg(
        "The location follows a trend and varies at random beside it: performance by the percentiles of the whole."
    ),
    "D": msg("Location and dispersion both vary: performance by the percentiles of the whole; first make it stable."),
}


@dataclass(frozen=True)
class TimeTest:
    """A test with its p-value, how it was done, and whether what it tests was contradicted."""

    p: float
    method: str
    rejected: bool


@dataclass(frozen=True)
class TimeModel:
    """The model, the tests it rests on by name, why (a message id), and whether the process may be called capable.

    ``index`` is ``"C"`` for A1 and A2, else ``"P"``: what is not constant has a performance, not a capability.
    """

    model: Model
    tests: Mapping[str, TimeTest]
    reason: str
    index: Literal["C", "P"]
    alpha: float
    subgroups: int
    size: int


@dataclass(frozen=True, eq=False)
class TimeModelStudy:
    """The model with the study that belongs to it; None with a ``problem`` when no distribution describes the whole."""

    model: TimeModel
    study: CapabilityStudy | NonNormalStudy | None
    problem: str = ""


def time_model(data: ArrayLike, *, alpha: float = 0.01) -> TimeModel:
    """Return the time-dependent model of a process.

    Parameters
    ----------
    data : (m, n) subgroups in the order of time, or (m,) single values, which are put into blocks of five neighbours
    alpha : level of each test; small, since there are five of them

    Raises
    ------
    InputError
        Fewer than five subgroups, or no spread.

    >>> rng = np.random.default_rng(1)
    >>> time_model(rng.normal(0, 1, (40, 5))).model
    'A1'
    >>> time_model(rng.normal(0, 1, (40, 5)) + np.arange(40)[:, None] / 4).model
    'C3'
    """
    groups = _groups(data, alpha)
    whole = np.concatenate(groups)
    inside = np.concatenate([(g - g.mean()) * np.sqrt(len(g) / (len(g) - 1)) for g in groups if len(g) > 1])
    tests = {"dispersion": _dispersion(groups, alpha)}
    tests["instantaneous"] = _normal(inside, alpha)
    tests["resulting"] = _normal(whole, alpha)
    tests["location"] = _location(groups, tests["dispersion"].rejected, tests["instantaneous"].rejected, alpha)
    tests |= _trend(groups, alpha)
    model = _model({name: test.rejected for name, test in tests.items()})
    index: Literal["C", "P"] = "C" if model in ("A1", "A2") else "P"
    return TimeModel(model, tests, REASONS[model], index, alpha, len(groups), max(len(g) for g in groups))


def _model(wrong: Mapping[str, bool]) -> Model:
    moves = wrong["location"] or (wrong["trend"] and not wrong["lack_of_fit"])
    if wrong["dispersion"]:
        return "D" if moves else "B"
    if not moves:
        return "A2" if wrong["resulting"] or wrong["instantaneous"] else "A1"
    if wrong["trend"]:
        return "C4" if wrong["lack_of_fit"] else "C3"
    return "C2" if wrong["resulting"] else "C1"


def _groups(data: ArrayLike, alpha: float) -> list[Floats]:
    x = np.asarray(data, dtype=np.float64)
    wrong = []
    if not 0 < alpha < 0.5:
        wrong.append(Problem("bad_alpha", msg("The level of a test lies between 0 and 0.5."), place="alpha"))
    if x.ndim == 1 or (x.ndim == 2 and x.shape[1] == 1):
        x = x.ravel()[~np.isnan(x.ravel())]
        x = x[: len(x) // BLOCK * BLOCK].reshape(-1, BLOCK)
    groups = [row[~np.isnan(row)] for row in x] if x.ndim == 2 else []
    groups = [g for g in groups if len(g) > 1]
    if len(groups) < LEAST or not all(np.isfinite(g).all() for g in groups):
        what = msg("A time model needs at least %(least)s subgroups of numbers.")
        wrong.append(Problem("few_subgroups", what, msg("Use 25 or more."), {"least": LEAST}, "data"))
    elif not sum(float(np.ptp(g)) for g in groups) > 0:
        what = msg("All values are equal: there is no spread to judge.")
        wrong.append(Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="data"))
    if wrong:
        raise InputError(wrong)
    return groups


def _dispersion(groups: list[Floats], alpha: float) -> TimeTest:
    """Return the test of equal dispersion; pairs have one deviation each and are put into blocks of neighbours."""
    parts = [_deviations(g) for g in groups]
    if max(len(part) for part in parts) < 2:
        count = max(2, len(parts) // BLOCK)
        parts = [np.concatenate(parts[i * len(parts) // count : (i + 1) * len(parts) // count]) for i in range(count)]
    p = _anova(parts)[0]
    return TimeTest(p, "Brown-Forsythe, Hines-Hines", p < alpha)


def _deviations(g: Floats) -> Floats:
    """Return |x − median| without its structural zero (odd n), or with the two equal least ones made one (even n)."""
    away = np.sort(np.abs(g - np.median(g)))
    if len(g) % 2:
        return away[1:]
    return np.concatenate([[np.sqrt(2) * away[0]], away[2:]])


def _anova(parts: list[Floats]) -> tuple[float, float, float]:
    """Return p of the analysis of variance, the mean square within, and its degrees of freedom."""
    from scipy.special import fdtrc

    sizes, means = np.array([len(g) for g in parts]), np.array([g.mean() for g in parts])
    grand = float(sizes @ means / sizes.sum())
    between = float(sizes @ (means - grand) ** 2) / (len(parts) - 1)
    df = float(sizes.sum() - len(parts))
    within = sum(float(np.sum((g - g.mean()) ** 2)) for g in parts) / df
    return (float(fdtrc(len(parts) - 1, df, between / within)) if within > 0 else 0.0), within, df


def _normal(x: Floats, alpha: float) -> TimeTest:
    """Return whether the values contradict a normal law; beyond 1,000 of them by its plot and tails."""
    found = judged(x, "normal")
    if found.goodness is None:
        return TimeTest(0.0, found.reason, True)
    if found.goodness.n > 1000:
        return TimeTest(found.goodness.p, "P-P plot and tails", not found.adequate)
    return TimeTest(found.goodness.p, "Anderson-Darling", found.goodness.p < alpha)


def _location(groups: list[Floats], uneven: bool, skewed: bool, alpha: float) -> TimeTest:
    if uneven:
        return _test(_welch(groups), "Welch", alpha)
    if skewed:
        from scipy.stats import kruskal

        return _test(float(kruskal(*groups).pvalue), "Kruskal-Wallis", alpha)
    return _test(_anova(groups)[0], "analysis of variance", alpha)


def _test(p: float, method: str, alpha: float) -> TimeTest:
    return TimeTest(p, method, p < alpha)


def _welch(groups: list[Floats]) -> float:
    from scipy.special import fdtrc

    used = [g for g in groups if np.ptp(g) > 0]
    sizes, means = np.array([len(g) for g in used]), np.array([g.mean() for g in used])
    weight = sizes / np.array([g.var(ddof=1) for g in used])
    k, total = len(used), float(weight.sum())
    grand = float(weight @ means / total)
    spread = float(np.sum((1 - weight / total) ** 2 / (sizes - 1)))
    f = float(weight @ (means - grand) ** 2) / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * spread)
    return float(fdtrc(k - 1, (k**2 - 1) / (3 * spread), f))


def _trend(groups: list[Floats], alpha: float) -> dict[str, TimeTest]:
    """Return the tests of a trend and of what it leaves between subgroups."""
    from scipy.special import fdtrc

    sizes, means = np.array([len(g) for g in groups], dtype=float), np.array([g.mean() for g in groups])
    t = np.arange(len(groups), dtype=float)
    t -= sizes @ t / sizes.sum()
    slope = float((sizes * t) @ means / ((sizes * t) @ t))
    by_line = slope**2 * float((sizes * t) @ t)
    left = float(sizes @ (means - sizes @ means / sizes.sum() - slope * t) ** 2)
    _, within, df = _anova(groups)
    rest = left / (len(groups) - 2)
    lack = float(fdtrc(len(groups) - 2, df, rest / within)) if within > 0 else 0.0
    yard, yard_df = (rest, float(len(groups) - 2)) if lack < alpha else (within, df)
    trend = float(fdtrc(1, yard_df, by_line / yard)) if yard > 0 else 0.0
    return {
        "trend": TimeTest(trend, "regression on the subgroup's number", trend < alpha),
        "lack_of_fit": TimeTest(lack, "lack of fit", lack < alpha),
    }


def time_model_capability(
    data: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    boundary: Boundary = "",
    alpha: float = 0.01,
    confidence: float = 0.95,
) -> TimeModelStudy:
    """Return the model of a process and the study that belongs to it.

    A1 and C1: mean and standard deviation of all values; the others: percentiles of the first adequate distribution of all
    values. Indices within subgroups are for A1 only.

    >>> found = time_model_capability(np.random.default_rng(1).normal(10, 1, (30, 5)), lower=6, upper=14)
    >>> found.model.model, "Cpk" in found.study.indices
    ('A1', True)
    """
    model = time_model(data, alpha=alpha)
    if model.model == "A1":
        study = capability(data, lower=lower, upper=upper, boundary=boundary, confidence=confidence)
        return TimeModelStudy(model, study)
    given = {"lower": lower, "upper": upper}
    try:
        family = "normal" if model.model == "C1" else None
        whole = nonnormal_capability(
            data,
            boundary=boundary,
            confidence=confidence,
            family=family,
            **given,  # type: ignore[arg-type]
        )
    except InputError as error:
        if error.problems[0].code != "no_distribution":
            raise
        return TimeModelStudy(model, None, error.problems[0].what)
    return TimeModelStudy(model, whole)
