"""Rates by purpose, never pooled: what is counted, what is not and why, straight from the law's own function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise.models import ResultFact
from qualipolis.law.supervision.pass_rate import PURPOSES, PassRateParts, Share, pass_rate_parts, refusals

Row = dict[str, Any]
FIELDS = {
    "id": "number",
    "year": "year",
    "purpose": "purpose",
    "state": "status",
    "verdict": "verdict",
    "first_verdict": "first_verdict",
    "firm": "enterprise_id",
    "category": "category",
    "stage": "stage",
    "town": "unit__code",
    "cluster": "cluster__code",
    "laboratory": "laboratory__code",
    "samplers": "samplers",
    "stratum": "stratum",
    "weight": "weight",
    "psu": "psu",
    "voided_for": "voided_for",
    "producer_elsewhere": "producer_elsewhere",
    "review": "review",
    "chosen_by_hand": "chosen_by_hand",
    "reversed_on": "result__reversed_on",
    "reversal_reason": "result__reversal_reason",
}
TASK_STATES = ("refused", "refusal_reported", "not_sampled", "replaced", "closed", "stopped_unlawful",
               "unlawful_reported", "drawn", "assigned", "on_site")  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why rows are outside the rate, how many, and whether they may still enter."""

    why: str
    rows: int
    open: bool


@dataclass(frozen=True)
class RateOf:
    """The rate of one purpose in one year, with what was left out and why."""

    purpose: str
    year: int
    parts: PassRateParts
    reasons: tuple[Reason, ...]

    @property
    def label(self) -> str:
        return PURPOSES[self.purpose].label


def rows(*, years: Iterable[int] | None = None, purpose: str = "", **more: Any) -> list[Row]:
    """Return the counted batches as the law reads them, with the design they were drawn by."""
    found = ResultFact.objects.order_by("number")
    if years is not None:
        found = found.filter(year__in=list(years))
    if purpose:
        found = found.filter(purpose=purpose)
    names = tuple(FIELDS)
    made = (dict(zip(names, values, strict=True)) for values in found.filter(**more).values_list(*FIELDS.values()))
    return [row | {"product": f"{row['firm']}:{row['category']}"} for row in made]


def years() -> list[int]:
    """Return the years with counted batches, first to last."""
    return sorted(set(ResultFact.objects.order_by().values_list("year", flat=True).distinct()))


def told_year(least: int = 30, before: int = 9999) -> int | None:
    """Return the last year with at least ``least`` final random batches: one that has just begun says nothing yet."""
    final = ResultFact.objects.filter(purpose="random", status="final").order_by()
    counts = final.values_list("year").annotate(n=Count("pk"))
    return max((year for year, n in counts if n >= least and year < before), default=None)


def parts(found: Sequence[Row], purpose: str, *, side: str = "batch", unit: str = "batch") -> PassRateParts:
    """Return what counts for one purpose; rows of other purposes are not even looked at."""
    return pass_rate_parts([row for row in found if row["purpose"] == purpose], purpose, side=side, unit=unit)


def counted(found: Sequence[Row], purpose: str) -> list[Row]:
    """Return the rows that count, each with ``passed``."""
    verdicts = dict(parts(found, purpose).outcomes)
    return [row | {"passed": verdicts[row["id"]] == "pass"} for row in found if row["id"] in verdicts]


def rate_of(found: Sequence[Row], purpose: str, year: int) -> RateOf:
    """Return the rate of a purpose in a year with its reasons, the most frequent first."""
    made = parts([row for row in found if row["year"] == year], purpose)
    tally: dict[tuple[str, bool], int] = {}
    for one in made.excluded:
        tally[one.why, one.open] = tally.get((one.why, one.open), 0) + 1
    order = sorted(tally.items(), key=lambda pair: -pair[1])
    return RateOf(purpose, year, made, tuple(Reason(why, n, is_open) for (why, is_open), n in order))


def rates(year: int) -> list[RateOf]:
    """Return the rate of every purpose that has a batch in ``year``, each by itself."""
    found = rows(years=[year])
    here = {row["purpose"] for row in found}
    return [rate_of(found, purpose, year) for purpose in PURPOSES if purpose in here]


def refused(found: Sequence[Row]) -> Share:
    """Return refused / (refused + sampled) over counted rows: a sample that was taken was not refused."""
    return refusals({"state": row["state"] if row["state"] in TASK_STATES else "completed"} for row in found)


def marked(year: int, below: str, above: str) -> Share:
    """Return how many source records of a year carry the mark ``above`` out of those that carry ``below``."""
    flags = SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, happened_on__year=year)
    split = [set(one.split()) for one in flags.exclude(flags="").values_list("flags", flat=True)]
    due = [one for one in split if below in one]
    return Share(sum(1 for one in due if above in one), len(due))


def differences(year: int) -> list[str]:
    """Return the numbers whose counted row and source record do not say the same: none, unless one was changed by hand."""
    from qualipolis.city.supervise.statistics.facts import outcome_of, record_purpose

    kept = SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, happened_on__year=year)
    said = {number: rest for number, *rest in kept.values_list("number", "purpose", "outcome", "unit_id")}
    found = []
    for fact in ResultFact.objects.filter(year=year):
        wanted = [record_purpose(fact), outcome_of(fact.status, fact.verdict), fact.unit_id]
        if said.pop(fact.number, None) != wanted:
            found.append(fact.number)
    return sorted([*found, *said])
