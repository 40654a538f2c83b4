"""What a characteristic must keep to: limits, target, and a boundary that cannot be missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

Boundary = Literal["", "lower", "upper"]


@dataclass(frozen=True)
class Specification:
    """Limits of a characteristic; ``boundary`` names the limit that is a natural boundary, such as 0 for a roughness.

    >>> Specification(lower=0, upper=5, boundary="lower").judged
    {1: 5}
    """

    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    boundary: Boundary = ""

    def __post_init__(self) -> None:
        wrong = [*self._limits(), *self._target()]
        if wrong:
            raise InputError(wrong)

    def _limits(self) -> list[Problem]:
        given = [v for v in (self.lower, self.upper, self.target) if v is not None]
        if not np.isfinite(given).all():
            return [Problem("not_finite", msg("A limit or the target is not a number."), place="limits")]
        if self.lower is None and self.upper is None:
            what = msg("There is neither a lower nor an upper limit.")
            return [Problem("no_limits", what, msg("Give the limits of the drawing."), place="limits")]
        if self.lower is not None and self.upper is not None and not self.lower < self.upper:
            return [Problem("limits_reversed", msg("The lower limit is not below the upper one."), place="limits")]
        if self.boundary and {"lower": self.lower, "upper": self.upper}[self.boundary] is None:
            return [Problem("no_boundary", msg("The natural boundary is not among the limits."), place="boundary")]
        if self.boundary and not self.judged:
            what = msg("The only limit is a natural boundary: there is nothing to judge.")
            return [Problem("only_boundary", what, place="boundary")]
        return []

    def _target(self) -> list[Problem]:
        if self.target is None:
            return []
        low, high = (-np.inf if self.lower is None else self.lower), (np.inf if self.upper is None else self.upper)
        if low < self.target < high:
            return []
        return [Problem("bad_target", msg("The target does not lie between the limits."), place="target")]

    @property
    def judged(self) -> dict[int, float]:
        """Limits that can be missed: −1 for the lower, 1 for the upper."""
        sides = ((-1, self.lower, "lower"), (1, self.upper, "upper"))
        return {sign: limit for sign, limit, name in sides if limit is not None and name != self.boundary}

    def check(self, values: Floats) -> None:
        """Refuse values beyond the natural boundary."""
        if (self.boundary == "lower" and self.lower is not None and np.any(values < self.lower)) or (
            self.boundary == "upper" and self.upper is not None and np.any(values > self.upper)
        ):
            what = msg("Values lie beyond the natural boundary.")
            raise InputError([Problem("beyond_boundary", what, msg("Correct them, or call it a limit."), place="data")])
