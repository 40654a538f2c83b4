"""What an acceptance plan cannot be, said in words; every problem is collected before anything is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Floats = NDArray[np.float64]
DISTRIBUTIONS = ("binomial", "hypergeometric", "poisson")


def between(value: float, place: str, *, low: float = 0.0, high: float = 1.0) -> list[Problem]:
    """Return a problem unless ``low < value < high``; NaN is one."""
    if low < value < high:
        return []
    what = msg("%(value)s does not lie between %(low)s and %(high)s.")
    remedy = msg("Give a share such as 0.05 for 5 %%.")
    return [Problem("outside", what, remedy, {"value": value, "low": low, "high": high}, place)]


def whole(value: object, place: str, *, least: int) -> list[Problem]:
    """Return a problem unless ``value`` is a whole number of at least ``least``."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and int(value) >= least:
        return []
    what = msg("%(value)s is not a whole number of at least %(least)s.")
    return [Problem("not_whole", what, msg("Give a whole number."), {"value": value, "least": least}, place)]


def one_of(value: object, choices: Sequence[str], place: str) -> list[Problem]:
    """Return a problem unless ``value`` is one of ``choices``."""
    if value in choices:
        return []
    what, remedy = msg("%(value)s is not known here."), msg("Use one of: %(choices)s.")
    return [Problem("unknown_choice", what, remedy, {"value": value, "choices": ", ".join(choices)}, place)]


def distribution_problems(distribution: str, lot_size: int | None, n: int = 1) -> list[Problem]:
    """Return what is wrong with a distribution and the lot size it needs."""
    problems = one_of(distribution, DISTRIBUTIONS, "distribution")
    if distribution == "hypergeometric" and lot_size is None:
        what = msg("The hypergeometric distribution needs the size of the lot.")
        problems.append(Problem("no_lot", what, msg("Give the number of units in the lot."), place="lot_size"))
    if lot_size is None:
        return problems
    problems += whole(lot_size, "lot_size", least=1)
    if not problems and lot_size < n:
        what = msg("The samples hold %(n)s units, the lot only %(lot)s.")
        remedy = msg("Inspect every unit, or choose a smaller sample.")
        problems.append(Problem("sample_over_lot", what, remedy, {"n": n, "lot": lot_size}, "lot_size"))
    return problems


def qualities(p: ArrayLike, distribution: str) -> Floats:
    """Return quality levels as an array: fractions, for Poisson also nonconformities per unit above 1."""
    levels = np.atleast_1d(np.asarray(p, dtype=np.float64))
    high = np.inf if distribution == "poisson" else 1.0
    wrong = levels[~((levels >= 0) & (levels <= high) & np.isfinite(levels))]
    what = msg("%(value)s is no quality level.")
    remedy = msg("Give the fraction nonconforming, from 0 to 1.")
    refuse([Problem("bad_quality", what, remedy, {"value": float(value)}, "p") for value in wrong[:5]])
    return levels
