"""What the pages of plans and campaigns read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from qualipolis.city.supervise.models import PlanLine, ResultFact
from qualipolis.methods.sampling.design.sizes import chance_to_find_one, n_for_wilson, power_of_two_rates
from qualipolis.methods.sampling.estimation.proportion_intervals import interval

LEVEL = 0.95
ENOUGH_BEFORE = 30
DROP = 0.03
MANY = 1e9  # degrees of freedom of a simple random sample of no clusters: the normal quantile


@dataclass(frozen=True)
class Precision:
    """What a number of batches can say, for a simple random sample: half the width of the 95 % interval of the rate,
    the number that the margin wanted needs, how surely at least one failure turns up, and how surely a drop by three
    points against a sample of the same size is seen. Missing where nobody says what rate to expect."""

    n: int
    expected: float | None
    half_width: float | None = None
    low: float | None = None
    high: float | None = None
    needed: int | None = None
    finds_one: float | None = None
    power: float | None = None

    @property
    def enough(self) -> bool | None:
        """Whether the batches reach the margin wanted; None where none is wanted."""
        return None if self.needed is None else self.n >= self.needed


def precision(line: PlanLine) -> Precision:
    """Return what the batches of a line can say, by the rate expected or by that of the years before."""
    expected = line.expected_rate if line.expected_rate is not None else rate_before(line.category, line.plan.year)
    if expected is None or not 0 < expected < 1:
        return Precision(line.batches, expected)
    variance = expected * (1 - expected) / line.batches
    low, high = (float(end) for end in interval("wilson", expected, variance, line.batches, MANY, LEVEL))
    needed = None if line.margin is None else -int(-n_for_wilson(expected, line.margin, LEVEL) // 1)
    seen = max(expected - DROP, 0.001)
    return Precision(
        line.batches, expected, (high - low) / 2, low, high, needed,
        chance_to_find_one(line.batches, 1 - expected), power_of_two_rates(expected, seen, line.batches, line.batches),
    )  # fmt: skip


def rate_before(category: str, year: int) -> float | None:
    """Return the pass rate of a product class in random samples of the three years before; None below 30 batches."""
    rows = ResultFact.objects.filter(category=category, purpose="random", year__range=(year - 3, year - 1))
    rows = rows.filter(verdict__in=("pass", "fail"), review=False, chosen_by_hand=False).exclude(status="voided")
    found = rows.order_by().aggregate(n=Count("pk"), passed=Count("pk", filter=Q(verdict="pass")))
    return found["passed"] / found["n"] if found["n"] >= ENOUGH_BEFORE else None
