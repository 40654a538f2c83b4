"""What the pages of plans and campaigns read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.models import (
    Campaign,
    DrawRun,
    InspectorProfile,
    PlanLine,
    Purpose,
    ResultFact,
    SamplingPlan,
    SamplingRule,
    SamplingTask,
)
from qualipolis.law.flows import ALL
from qualipolis.methods.sampling.design.sizes import chance_to_find_one, n_for_wilson, power_of_two_rates
from qualipolis.methods.sampling.estimation.proportion_intervals import interval

LEVEL = 0.95
SAMPLED = ("sampled", "completed", "returned", "voided")
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


def plans(actor: Any) -> QuerySet[SamplingPlan]:
    """Return the plans that someone sees, the newest first, with lines and batches counted."""
    rows = visible(actor, SamplingPlan.objects.select_related("organiser", "amends"))
    found = rows.annotate(line_count=Count("lines"), batches=Sum("lines__batches"), cost=Sum("lines__budget"))
    return found.order_by("-year", "-version")


def rules(actor: Any) -> QuerySet[SamplingRule]:
    """Return the detailed rules that someone sees, by product class, the newest version first."""
    rows = visible(actor, SamplingRule.objects.select_related("replaces"))
    return rows.annotate(item_count=Count("items")).order_by("category", "-version")


STAGES: dict[str, tuple[str, ...]] = {
    "prepare": ("draft", "contracted", "approved"),
    "ready": ("rules_public",),
    "sampling": ("sampling",),
    "testing": ("testing",),
    "done": ("settled", "archived"),
    "cancelled": ("cancelled",),
}


def campaigns(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Campaign]:
    """Return the campaigns that someone sees, under the filters ``show``, ``year``, ``purpose`` and ``q``."""
    said = params or {}
    rows = visible(actor, Campaign.objects.select_related("rule", "organiser", "sampling_body", "laboratory", "line"))
    if said.get("show") in STAGES:
        rows = rows.filter(status__in=STAGES[said["show"]])
    if said.get("purpose") in Purpose.values:
        rows = rows.filter(purpose=said["purpose"])
    if year := whole(said.get("year")):
        rows = rows.filter(number__startswith=f"{year}-")
    if words := said.get("q", "").strip():
        named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(rule__category__icontains=words)
        rows = rows.filter(named | Q(number__icontains=words))
    return rows.order_by("-created_at", "-pk")


def with_progress(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Add how many tasks there are, how many were sampled, and how many results failed."""
    sampled = Q(tasks__status__in=SAMPLED)
    return rows.annotate(
        task_count=Count("tasks", distinct=True),
        sampled_count=Count("tasks", filter=sampled, distinct=True),
        result_count=Count("tasks__samples__result", distinct=True),
        failed_count=Count("tasks__samples__result", filter=Q(tasks__samples__result__verdict="fail"), distinct=True),
    )


def tasks_by_state(campaign: Campaign) -> dict[str, int]:
    """Return how many tasks of a campaign stand in each state of the table, in its order."""
    rows = SamplingTask.objects.filter(campaign=campaign).order_by().values_list("status").annotate(n=Count("pk"))
    found = dict(rows)
    return {state: found[state] for state in ALL["sampling_task"].states if state in found}


def draws(actor: Any, campaign: Campaign) -> list[DrawRun]:
    """Return the draws of a campaign that someone sees, the newest first; superseded ones stay among them."""
    return list(visible(actor, DrawRun.objects.filter(campaign=campaign)).order_by("-number"))


def inspectors(actor: Any) -> QuerySet[InspectorProfile]:
    """Return the inspectors that someone sees with their load of the year."""
    rows = visible(actor, InspectorProfile.objects.select_related("person")).prefetch_related("regions", "recusals")
    this_year = Q(person__assignments__task__created_at__year=timezone.localdate().year)
    return rows.annotate(load=Count("person__assignments", filter=this_year, distinct=True)).order_by("certificate_no")
