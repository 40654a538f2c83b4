"""What next year's plan will be able to tell, line by line, before anybody approves it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qualipolis.city.supervise.models import PlanLine, SamplingPlan
from qualipolis.city.supervise.statistics import estimates, rates
from qualipolis.methods.sampling.rates import Power, power_of_line

USUAL_MARGIN = 0.03


@dataclass(frozen=True)
class LinePower:
    """One line: what it can tell, and from where the expected rate comes (``plan``, ``class``, ``city``, ``none``)."""

    line: PlanLine
    rate: float
    rate_from: str
    margin_wanted: float
    power: Power
    cost: Decimal | None

    @property
    def missing(self) -> int:
        """Batches that are missing for the margin wanted."""
        return max(0, (self.power.n_for_margin or 0) - self.line.batches)


@dataclass(frozen=True)
class PlanPower:
    """All lines; ``city`` is what the random lines together can tell of the whole city."""

    plan: SamplingPlan
    lines: tuple[LinePower, ...]
    batches: int
    budget: Decimal
    needed: int
    needed_budget: Decimal
    city: Power | None
    deff: float
    since: int | None


def plan_power(plan: SamplingPlan) -> PlanPower:
    """Return the power of a plan; rates and design effect come from the last year that was counted before it."""
    since = rates.told_year(before=plan.year)
    deff = _deff(since)
    known = _rates(since)
    lines = tuple(_line(one, known, deff) for one in plan.lines.all())
    random = sum(one.line.batches for one in lines if one.line.purpose == "random")
    whole = known.get(("random", ""))
    city = power_of_line(random, whole if whole is not None else 0.95, margin=0.01, deff=deff) if random else None
    needed = [(max(one.line.batches, one.power.n_for_margin or 0), one.cost) for one in lines]
    return PlanPower(
        plan,
        lines,
        sum(one.line.batches for one in lines),
        sum((one.line.budget for one in lines), Decimal(0)),
        sum(n for n, _cost in needed),
        sum((n * cost for n, cost in needed if cost is not None), Decimal(0)),
        city,
        deff,
        since,
    )


def _line(line: PlanLine, known: dict[tuple[str, str], float], deff: float) -> LinePower:
    choices = (
        ("plan", line.expected_rate),
        ("class", known.get((line.purpose, line.category))),
        ("city", known.get((line.purpose, ""))),
        ("none", 0.95),
    )
    source, rate = next((name, value) for name, value in choices if value is not None)
    wanted = line.margin or USUAL_MARGIN
    effect = deff if line.purpose == "random" else 1.0
    cost = line.budget / line.batches if line.batches and line.budget else None
    return LinePower(line, rate, source, wanted, power_of_line(line.batches, rate, margin=wanted, deff=effect), cost)


def _rates(year: int | None) -> dict[tuple[str, str], float]:
    """Return the rates of a year by purpose and product class; the class is empty for all of them.

    Those of classes are drawn together: no failure among a few batches is no reason to plan as if there were none.
    """
    if year is None:
        return {}
    found, made = rates.rows(years=[year]), {}
    for purpose in {row["purpose"] for row in found}:
        for one in estimates.pooled(estimates.market(found, purpose, year, by="category").domains):
            made[purpose, one.label] = one.estimate
        whole = estimates.market(found, purpose, year).whole
        if whole is not None:
            made[purpose, ""] = whole.estimate
    return made


def _deff(year: int | None) -> float:
    """Return the design effect of the last year's random sampling, at least 1; 1 where it is not known."""
    if year is None:
        return 1.0
    whole = estimates.market(rates.rows(years=[year], purpose="random"), "random", year).whole
    return max(1.0, whole.deff) if whole is not None and whole.deff else 1.0
