"""Steps of the treatment that several tests take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.hospital.cast import Cast, case_in

from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.city.hospital.treatment.phases import Counts

GOOD, POOR, WORSE, FEW = ((36, 200), (0, 300)), ((36, 200), (30, 200)), ((3, 200), (60, 200)), ((36, 200), (0, 10))


def days_ago(days: int) -> date:
    """Return a day before today."""
    return timezone.localdate() - timedelta(days=days)


def row(**more: Any) -> dict[str, Any]:
    """Return a row of a prescription, judged on a document unless told."""
    return {"kind": "corrective", "action": "更换固色剂", "owner": "车间主任", "finish_on": timezone.localdate(),
            "criterion": "水洗三次不褪色"} | more  # fmt: skip


SHARE: dict[str, Any] = {"measure": "share", "target": 0.02, "criterion": "不合格品率不超过2%"}


def measured(case: Case) -> PrescriptionItem:
    """Return the measured item of the prescription in force."""
    return case.items.filter(prescription__status="accepted").exclude(measure="words").get()


def counts(pair: tuple[tuple[int, int], tuple[int, int]], day: date | None = None) -> Counts:
    """Return counts before and after."""
    return Counts(pair[0], pair[1], day or days_ago(1))


def prove(cast: Cast, case: Case, pair: Any = GOOD, day: date | None = None) -> Any:
    """Compare before and after for the measured item."""
    return service.prove(cast["expert"], measured(case), counts(pair, day))


def verifying(cast: Cast, pair: Any = None, **more: Any) -> Case:
    """Return a case whose items are accepted; with ``pair``, compared."""
    case = case_in(cast, "verifying", **more)
    for item in case.items.all():
        service.accept_item(cast["expert"], item)
    if pair is not None:
        prove(cast, case, pair)
    case.refresh_from_db()
    return case


def cured(cast: Cast) -> Case:
    """Return a case that was cured through its verbs."""
    case: Case = service.cure(cast["expert"], verifying(cast, GOOD))
    return case


def back(case: Case, days: int) -> None:
    """Let time pass: the cure and what was planned with it lie so many days back."""
    Case.objects.filter(pk=case.pk).update(cured_on=days_ago(days))
    for one in case.follow_ups.filter(status="planned"):
        one.planned_on = days_ago(days) + timedelta(days=one.days)
        one.save(update_fields=["planned_on"])
    case.refresh_from_db()
