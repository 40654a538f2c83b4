"""Who sees reports and receipts as rows. A laboratory sees none of them so: it gets ``LabSample`` and ``LabReport``."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import city_wide, organisations_of, visibility
from qualipolis.city.supervise.models import SampleReceipt, TestItem, TestReport

OVERSEERS = ("leader", "planner", "auditor")
OUT = ("issued", "accepted", "withdrawn")


@visibility(TestReport)
def _reports(actor: Any, rows: QuerySet[TestReport]) -> QuerySet[TestReport]:
    """Overseers see all, the organiser those of its campaigns, towns and parties what was issued and concerns them."""
    if city_wide(actor, OVERSEERS):
        return rows
    firms = Organisation.objects.filter(pk__in=organisations_of(actor, ("enterprise",))).values("code")
    served = Q(results__services__enterprise__credit_code__in=firms, results__services__served_on__isnull=False)
    town = Q(sample__task__unit__government__in=organisations_of(actor, ("town_officer",)))
    organiser = Q(sample__task__campaign__organiser__in=organisations_of(actor, ("department",)))
    seen = rows.model._default_manager.filter(organiser | ((town | served) & Q(status__in=OUT)))
    return rows.filter(pk__in=seen.values("pk"))


@visibility(TestItem)
def _items(actor: Any, rows: QuerySet[TestItem]) -> QuerySet[TestItem]:
    return rows.filter(report__in=_reports(actor, TestReport.objects.all()))


@visibility(SampleReceipt)
def _receipts(actor: Any, rows: QuerySet[SampleReceipt]) -> QuerySet[SampleReceipt]:
    """Overseers and the organiser; others read none."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(sample__task__campaign__organiser__in=organisations_of(actor, ("department",)))


@reader("supervise.samplereceipt")
def _receipt_files(actor: Any, pk: str) -> bool:
    """The laboratory that made the check reads its own pictures."""
    rows = SampleReceipt.objects.filter(pk=whole(pk))
    own = Organisation.objects.filter(pk__in=organisations_of(actor, ("laboratory",))).values("code")
    return _receipts(actor, rows).exists() or rows.filter(laboratory__code__in=own).exists()
