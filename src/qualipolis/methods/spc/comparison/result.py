"""What every comparison returns, and what it asks of its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats


@dataclass(frozen=True)
class Effect:
    """How large a difference or ratio is, with confidence limits and how they were found."""

    value: float
    low: float
    high: float
    confidence: float
    method: str

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"


@dataclass(frozen=True)
class Comparison:
    """A test: its statistic, degrees of freedom, p-value, the number of values of each sample, and the effect.

    ``conventions`` name every choice that changes a number.
    """

    name: str
    statistic: float
    freedom: tuple[float, ...]
    p: float
    n: tuple[int, ...]
    effect: Effect | None = None
    conventions: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        shown = f", {self.effect}" if self.effect else ""
        return f"Comparison({self.name} {self.statistic:.4g}, p {self.p:.3g}{shown})"


def confidence_problems(confidence: float) -> list[Problem]:
    """Return what is wrong with a confidence."""
    if 0.5 <= confidence < 1:
        return []
    return [Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence")]


def sample_problems(x: Floats, place: str, least: int, spread: bool) -> list[Problem]:
    """Return what is wrong with a sample without its missing values."""
    if np.isinf(x).any():
        what = msg("A value is not a number.")
        return [Problem("not_finite", what, msg("Leave it out when it is missing."), place=place)]
    if len(x) < least:
        what = msg("%(n)s values are too few; %(least)s are the least.")
        return [Problem("few_values", what, "", {"n": len(x), "least": least}, place)]
    if spread and np.ptp(x) == 0:
        what = msg("All values are equal: there is no spread to judge.")
        return [Problem("no_spread", what, msg("Look at the resolution of the gauge."), place=place)]
    return []


def samples(given: Mapping[str, ArrayLike], *, least: int = 2, spread: bool = True) -> list[Floats]:
    """Return each sample without its missing values (NaN); all that is wrong is told at once."""
    wrong: list[Problem] = []
    found = []
    for place, values in given.items():
        x = np.asarray(values, dtype=np.float64).ravel()
        x = x[~np.isnan(x)]
        wrong += sample_problems(x, place, least, spread)
        found.append(x)
    refuse(wrong)
    return found


def groups_of(groups: Mapping[Any, ArrayLike], *, least: int = 2, spread: bool = True) -> dict[Any, Floats]:
    """Return groups by name, at least two of them."""
    refuse([Problem("few_groups", msg("At least two groups are compared."), place="groups")] if len(groups) < 2 else [])
    return dict(zip(groups, samples({str(k): v for k, v in groups.items()}, least=least, spread=spread), strict=True))
