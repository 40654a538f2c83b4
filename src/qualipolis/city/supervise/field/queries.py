"""What the work on site shows: tasks by filter, the working day of an inspector, what a device may keep offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.field.facts import PICTURES, attempt_of, form_of, missing_of, required_of
from qualipolis.city.supervise.field.forms import READERS, known_of
from qualipolis.city.supervise.field.models import FieldPhoto, SamplingForm, SamplingTask
from qualipolis.city.supervise.field.submissions import conflicts_for, standing_of
from qualipolis.law.flows import ALL
from qualipolis.law.supervision.guards import NOT_SAMPLED

OPEN = ("assigned", "on_site")
TO_REPORT = ("refused", "stopped_unlawful")
DECIDE = ("drawn", "not_sampled", "returned")
RELATED = ("campaign__rule", "campaign__organiser", "enterprise", "product", "unit")
SHOWS = {
    "open": OPEN + TO_REPORT,
    "decide": DECIDE,
    "sampled": ("sampled", "completed"),
    "none": ("not_sampled", "replaced", "closed", "voided"),
    "refused": ("refused", "refusal_reported", "stopped_unlawful", "unlawful_reported"),
}


def tasks(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[SamplingTask]:
    """Return the tasks that ``actor`` sees, filtered by ``campaign``, ``show``, ``status``, ``town`` and ``q``."""
    given = dict(params or {})
    rows = visible(actor, SamplingTask.objects.select_related(*RELATED))
    if given.get("campaign"):
        rows = rows.filter(campaign__number=given["campaign"])
    if given.get("show") in SHOWS:
        rows = rows.filter(status__in=SHOWS[given["show"]])
    if given.get("status") in ALL["sampling_task"].states:
        rows = rows.filter(status=given["status"])
    if given.get("town"):
        rows = rows.filter(unit__code=given["town"])
    if text := given.get("q", "").strip()[:80]:
        firm = Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
        rows = rows.filter(firm | Q(number__iexact=text) | Q(enterprise__credit_code__iexact=text))
    return rows.order_by("-campaign__number", "number")


def my_tasks(person: Any) -> QuerySet[SamplingTask]:
    """Return the tasks on which an inspector has something to do: to visit, or to report; the oldest first."""
    rows = SamplingTask.objects.filter(assignments__person=person, status__in=OPEN + TO_REPORT)
    return rows.select_related(*RELATED).order_by(F("due_on").asc(nulls_last=True), "unit__code", "number")


def not_sampled_reasons() -> list[tuple[str, str]]:
    """Return the reasons for taking no sample, in the language of the page."""
    return [(code, _(words)) for code, words in NOT_SAMPLED.items()]


def form_values(task: SamplingTask) -> dict[str, Any]:
    """Return the fields of a form as text, as a page or a device shows them."""
    form = form_of(task)
    if form is None:
        form = SamplingForm(task=task, **known_of(task))
    values = {name: _as_text(getattr(form, name)) for name in READERS}
    return values | {"producer_code": form.producer.credit_code if form.producer else ""}


def _as_text(value: Any) -> Any:
    if isinstance(value, bool | dict):
        return value
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def for_device(person: Any) -> dict[str, Any]:
    """Return what a device keeps for a working day offline: the tasks of ``person`` and nothing of anybody else."""
    rows = list(my_tasks(person).prefetch_related("assignments__person"))
    done = SamplingTask.objects.filter(pk__in=conflicts_for(person).values("task"))
    return {
        "person": person.pk,
        "tasks": [task_for_device(row, person) for row in rows],
        "conflicts": list(_conflicts(person)),
        "closed": [row.number for row in done],
    }


def task_for_device(row: SamplingTask, person: Any) -> dict[str, Any]:
    """Return one task as a device keeps it."""
    rule, campaign, firm = row.campaign.rule, row.campaign, row.enterprise
    return {
        "id": row.pk,
        "number": row.number,
        "status": row.status,
        "state": state_words(row),
        "revision": row.revision,
        "attempt": attempt_of(row),
        "campaign": campaign.name,
        "stage": campaign.stage,
        "firm": firm.name,
        "code": firm.credit_code,
        "address": firm.address,
        "town": row.unit.name,
        "product": row.product.name if row.product else rule.category,
        "colleagues": [str(one.person) for one in row.assignments.all() if one.person_id != person.pk],
        "rule": {
            "name": rule.name,
            "unit": rule.quantity_unit,
            "test": rule.test_quantity,
            "backup": rule.backup_quantity,
            "least": rule.least_stock,
        },
        "pictures": [str(kind) for kind in PICTURES[campaign.stage]],
        "taken": [
            {"id": str(number), "kind": kind}
            for number, kind in FieldPhoto.objects.filter(task=row, attempt=attempt_of(row)).values_list(
                "client_id", "kind"
            )
        ],
        "required": required_of(row),
        "form": form_values(row),
        "missing": missing_of(row),
    }


def _conflicts(person: Any) -> Iterator[dict[str, Any]]:
    for one in conflicts_for(person):
        first = standing_of(one.task)
        yield {
            "id": one.pk,
            "task": one.task.number,
            "firm": one.task.enterprise.name,
            "sent_by": str(one.person),
            "sent_at": one.received_at.isoformat(),
            "stands": str(first.person) if first else "",
            "mine": one.person_id == person.pk,
        }
