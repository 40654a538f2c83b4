"""What a figure is made of: the value from its parts, why it is missing, and when it is too small to show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualipolis.city.measure.models import Indicator, Observation
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import Problem, msg

FEWEST = int(str(rule_on("suppression.min_count", date.max).value))


@dataclass(frozen=True)
class Figure:
    """A numerator, a denominator, the value they make, and the reason when there is none."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    missing: str = ""


def figure(kind: str, factor: float, numerator: Any, denominator: Any, value: Any = None) -> Figure:
    """Return the figure of an indicator of ``kind``.

    A ratio or mean is factor x numerator / denominator; with a denominator of zero it does not apply, and is never
    zero. A count is its numerator. A median is given, with the number of cases as denominator.
    """
    above, below = _number(numerator), _number(denominator)
    if kind == Indicator.Kind.COUNT:
        return Figure(above, None, above)
    if kind == Indicator.Kind.MEDIAN:
        applies = below is None or below > 0
        given = _number(value) if applies else None
        return Figure(None, below, given, "" if applies else Observation.Missing.NOT_APPLICABLE)
    if below == 0:
        return Figure(above, below, None, Observation.Missing.NOT_APPLICABLE)
    if above is None or below is None:
        return Figure(above, below, _number(value) if above is below is None else None)
    return Figure(above, below, factor * above / below)


def _number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def problems(found: Figure, *, proportion: bool, place: str) -> Iterator[Problem]:
    """Yield what cannot be true of a figure."""
    for name, number in (("numerator", found.numerator), ("denominator", found.denominator), ("value", found.value)):
        if number is not None and not math.isfinite(number):
            yield Problem(
                "not_finite", msg("The figure is not a number."), msg("Give a number."), place=f"{place} {name}"
            )
    if found.denominator is not None and found.denominator < 0:
        yield Problem(
            "negative_denominator",
            msg("The denominator is below zero."),
            msg("Give 0 or more."),
            place=f"{place} denominator",
        )
    above, below = found.numerator, found.denominator
    if proportion and above is not None and below is not None and not 0 <= above <= below:
        yield Problem(
            "not_a_share",
            msg("The numerator %(above)s is not between 0 and the denominator %(below)s."),
            msg("A share counts some of all cases: check both counts."),
            {"above": above, "below": below},
            place=f"{place} numerator",
        )


def suppressed(value: float | None, n: float | None) -> float | None:
    """Return a value for the public, or None when fewer than three respondents stand behind it (Statistics Law art. 28)."""
    return None if n is not None and 0 < n < FEWEST else value
