"""What statistics count, kept in step with the work: one row for each task that ended or gave a sample, and its record.

Whatever moves a result, a sample or a case tells it; the row of the task is then written anew from what the workflow
says, together with the source record from which the indicators of the assessment are computed. Both come from one
function, so the rate of a page and the rate of the indicator can never be two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.core.undo import TAKEN_BACK
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise.models import ItemFact, Recheck, Result, ResultFact, Sample, SamplingTask, TestReport
from qualipolis.city.supervise.statistics import marks as fact_marks
from qualipolis.city.supervise.statistics import rates, strata
from qualipolis.law.supervision.pass_rate import PURPOSES, STATES

RUNNING = ("drawn", "assigned", "on_site", "sampled")
TAKEN = ("final", "voided", "untestable")
_RECORDS = {
    **dict.fromkeys(("refused", "refusal_reported"), "refused"),
    **dict.fromkeys(("not_sampled", "replaced", "closed", "stopped_unlawful", "unlawful_reported"), "not_sampled"),
    **dict.fromkeys(("voided", "rejected_at_lab", "spoiled", "lost", "stopped"), "voided"),
    "untestable": "untestable",
}
READ = ("campaign__rule", "enterprise", "unit", "drawn", "draw", "form")


@dataclass(frozen=True)
class Counted:
    """A row as it is now counted, and how it was before: pass, fail, open or out; empty when there was none."""

    fact: ResultFact
    was: str
    now: str


def standing(status: str, verdict: str) -> str:
    """Return how a row stands in a rate: ``pass`` or ``fail`` when it counts, else ``open`` or ``out``.

    >>> standing("final", "fail"), standing("notified", "fail"), standing("voided", "")
    ('fail', 'open', 'out')
    """
    place = STATES[status][0]
    return verdict if place == "counted" else place


def outcome_of(status: str, verdict: str) -> str:
    """Return the outcome of a source record in the words of the lake.

    >>> outcome_of("final", "pass"), outcome_of("under_recheck", ""), outcome_of("refusal_reported", "")
    ('pass', 'pending', 'refused')
    """
    return verdict if status == "final" else _RECORDS.get(status, "pending")


def record_purpose(fact: ResultFact) -> str:
    """Return the purpose of a source record: what a purpose leaves out of its rate stands under a word of its own."""
    left_out = PURPOSES[fact.purpose].leaves_out
    if fact.review and "review" in left_out:
        return "review"
    return "by_hand" if fact.chosen_by_hand and "chosen_by_hand" in left_out else fact.purpose


def count_task(task: SamplingTask) -> Counted | None:
    """Write the row of ``task`` and its source record anew; None while nothing has happened that statistics know."""
    row = SamplingTask.objects.select_related(*READ).get(pk=task.pk)
    sample, result = _newest(row)
    status = result.status if result else sample.status if sample else row.status
    if sample is None and row.status in RUNNING:
        return _forget(row)
    before = ResultFact.objects.filter(number=row.number).first()
    was = standing(before.status, before.verdict) if before else ""
    fact, _made = ResultFact.objects.update_or_create(number=row.number, defaults=_values(row, sample, result, status))
    _items(fact, result)
    write_record(fact)
    fact_marks.refresh_after(fact)
    return Counted(fact, was, standing(fact.status, fact.verdict))


def _forget(task: SamplingTask) -> None:
    """Take out the row of a task whose end was taken back: nothing has happened that statistics know."""
    if ResultFact.objects.filter(number=task.number, result=None).delete()[0]:
        SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, number=task.number).delete()


def write_record(fact: ResultFact) -> None:
    """Write the source record of a counted row, marks included."""
    marks = fact_marks.marks_of(fact)
    SourceRecord.objects.update_or_create(
        kind=SourceRecord.Kind.SAMPLE, number=fact.number, defaults=record_values(fact) | {"flags": marks}
    )


def record_values(fact: ResultFact) -> dict[str, Any]:
    """Return what the source record of a row says, without its marks."""
    return {
        "unit_id": fact.unit_id,
        "enterprise_id": fact.enterprise_id,
        "happened_on": fact.sampled_on,
        "purpose": record_purpose(fact),
        "outcome": outcome_of(fact.status, fact.verdict),
        "quantity": 1.0,
        "synthetic": fact.synthetic,
    }


def _newest(task: SamplingTask) -> tuple[Sample | None, Result | None]:
    sample = task.samples.filter(part=Sample.Part.TEST).order_by("-attempt").first()
    return sample, (Result.objects.filter(sample=sample).first() if sample else None)


def _values(task: SamplingTask, sample: Sample | None, result: Result | None, status: str) -> dict[str, Any]:
    campaign = task.campaign
    moment = task.arrived_at or task.created_at
    day = task.sampled_on or timezone.localdate(moment)
    place = strata.place_of(task)
    strata.note_sizes(task, day.year)
    return {
        "year": day.year,
        "sampled_on": day,
        "campaign": campaign,
        "result": result,
        "purpose": campaign.purpose,
        "stage": campaign.stage,
        "unit": task.unit,
        "cluster_id": task.enterprise.cluster_id,
        "enterprise": task.enterprise,
        "category": campaign.rule.category,
        "laboratory_id": sample.laboratory_id if sample else None,
        "samplers": _samplers(task),
        "stratum": place.stratum,
        "weight": place.weight,
        "psu": place.unit,
        "status": status,
        "verdict": result.verdict if result and status == "final" else "",
        "first_verdict": result.first_verdict if result else "",
        "chosen_by_hand": task.chosen_by_hand,
        "review": task.follows_id is not None,
        "producer_elsewhere": _elsewhere(task),
        "voided_for": list(result.voided_for) if result else [],
        "synthetic": task.synthetic or campaign.synthetic,
    }


def _samplers(task: SamplingTask) -> str:
    """Return the samplers as codes, in order: enough to compare, no name."""
    people = sorted(task.assignments.values_list("person_id", flat=True))
    return "+".join(f"I{pk}" for pk in people)[:40]


def _elsewhere(task: SamplingTask) -> bool:
    form = getattr(task, "form", None)
    if form is None or form.producer_id:
        return False
    return bool(form.producer_name) and form.producer_name != task.enterprise.name_zh


def _items(fact: ResultFact, result: Result | None) -> None:
    """Write the items of the report that decides: that of a concluded recheck, else that of the result."""
    fact.items.all().delete()
    report = _deciding(result) if result else None
    if report is None or fact.verdict == "":
        return
    ItemFact.objects.bulk_create(
        ItemFact(fact=fact, name=item.name_zh, failed=item.outcome == "fail", safety=item.safety)
        for item in report.items.all()
        if item.outcome in ("pass", "fail")
    )


def _deciding(result: Result) -> TestReport:
    concluded = Recheck.objects.filter(result=result, report__isnull=False).exclude(verdict="").order_by("-pk").first()
    return concluded.report if concluded and concluded.report else result.report


def of_result(result: Result) -> SamplingTask:
    """Return the task of a result."""
    return SamplingTask.objects.get(samples=result.sample_id)


def recount(tasks: QuerySet[SamplingTask] | None = None) -> int:
    """Count every task anew; return how many rows there are. For repair: it changes nothing that is right."""
    rows = SamplingTask.objects.order_by("pk") if tasks is None else tasks
    return sum(1 for task in rows.iterator() if count_task(task))


@sweep("supervise.recount")
def _daily(now: datetime) -> int:
    """Put rows right that part from their record: whatever was changed by hand, the work says what is so."""
    done = 0
    for year in rates.years():
        wrong = rates.differences(year)
        done += recount(SamplingTask.objects.filter(number__in=wrong[:500])) if wrong else 0
    return done


@subscriber("supervise.task_ended")
def _task_ended(actor: Any, task: SamplingTask, **facts: Any) -> None:
    count_task(task)


@subscriber(TAKEN_BACK)
def _taken_back(actor: Any, row: Any, **facts: Any) -> None:
    if isinstance(row, SamplingTask):
        count_task(row)


def _sample_moved(actor: Any, sample: Sample, **facts: Any) -> None:
    if sample.part == Sample.Part.TEST:
        count_task(sample.task)


for _news in ("rejected", "stopped", "untestable", "lost", "spoiled"):
    subscriber(f"supervise.sample_{_news}")(_sample_moved)


@subscriber("supervise.handling_moved")
def _case_moved(actor: Any, case: Any, **facts: Any) -> None:
    fact = ResultFact.objects.filter(result=case.result_id).first()
    if fact is not None:
        write_record(fact)
