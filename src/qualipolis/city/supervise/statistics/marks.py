"""The marks of a source record: orders due and closed in time, reviews due and passed, failures that came again.

They follow from the cases of a failed result and from the day: a review becomes due when its term is over. So they are
written anew before each snapshot of the lake and once a day, beside whenever a case moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise.models import HandlingCase, ResultFact
from qualipolis.law.supervision.pass_rate import closures

AGAIN = timedelta(days=730)
MARKS = ("order_due", "order_in_time", "review_due", "review_passed", "repeat")


def marks_of(fact: ResultFact, today: date | None = None) -> str:
    """Return the marks of a counted row as the lake reads them.

    A batch counts once, however many firms answer for it: it is due when a case is, in time or passed when every due
    case is. Rows without a result (older records) keep the marks they came with.
    """
    if fact.result_id is None:
        kept = SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, number=fact.number).first()
        return kept.flags if kept else ""
    found = case_marks(HandlingCase.objects.filter(result=fact.result_id), today or timezone.localdate())
    return " ".join([*found, *(["repeat"] if repeated(fact) else [])])


def case_marks(cases: Iterable[HandlingCase], today: date) -> list[str]:
    """Return the marks that the cases of one batch give it on a day."""
    rows = [{"state": one.status, "review_by": one.review_by, "passed_on": one.passed_on} for one in cases]
    due = [row for row in rows if closures([row], today).whole]
    if not due:
        return []
    found = ["order_due", "review_due"]
    if all(closures([row], today).part for row in due):
        found.insert(1, "order_in_time")
    if all(row["passed_on"] for row in due):
        found.append("review_passed")
    return found


def repeated(fact: ResultFact) -> bool:
    """Whether the firm had failed with the same product in the 24 months before; without a product, the same class."""
    if fact.verdict != "fail" or fact.enterprise_id is None:
        return False
    earlier = ResultFact.objects.filter(
        enterprise=fact.enterprise_id, category=fact.category, status="final", verdict="fail",
        sampled_on__gte=fact.sampled_on - AGAIN, sampled_on__lte=fact.sampled_on,
    ).exclude(number=fact.number)  # fmt: skip
    earlier = earlier.exclude(sampled_on=fact.sampled_on, number__gt=fact.number)
    mine = _product(fact.number)
    return any(mine is None or (other := _product(one)) is None or other == mine
               for one in earlier.values_list("number", flat=True))  # fmt: skip


def _product(number: str) -> int | None:
    from qualipolis.city.supervise.models import SamplingTask

    return SamplingTask.objects.filter(number=number).values_list("product_id", flat=True).first()


def refresh_after(fact: ResultFact) -> None:
    """Write the marks of the firm's later failures anew: one that is reversed no longer makes another a repetition."""
    if fact.enterprise_id is None:
        return
    later = ResultFact.objects.filter(
        enterprise=fact.enterprise_id, category=fact.category, verdict="fail", result__isnull=False,
        sampled_on__gte=fact.sampled_on, sampled_on__lte=fact.sampled_on + AGAIN,
    ).exclude(pk=fact.pk)  # fmt: skip
    refresh(later)


def refresh(facts: Iterable[ResultFact] | None = None, today: date | None = None) -> int:
    """Write the marks of rows from the workflow where the day or a case has changed them; return how many changed."""
    rows = ResultFact.objects.filter(result__isnull=False, verdict="fail") if facts is None else facts
    changed = 0
    for fact in rows:
        marks = marks_of(fact, today)
        records = SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, number=fact.number)
        changed += records.exclude(flags=marks).update(flags=marks)
    return changed


@sweep("supervise.marks")
def _daily(now: datetime) -> int:
    return refresh(today=timezone.localdate(now))


@subscriber("measure.snapshot")
def _before_snapshot(actor: Any, thing: Any, **facts: Any) -> None:
    refresh()
