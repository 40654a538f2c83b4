"""Work in hand: the last round is reopened for two late units, so that every desk has something to do.

The published release stays as it is; what comes in now can only lead to a new one.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.roles import Role
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.demo.generate import CityTables
from qualipolis.demo.scale import YEARS
from qualipolis.law.calendar import add_days

REASON = "两个镇街截止后补报（演示）"
RETURN_REASON = "证书清单与系统数不一致，请核对后再报（演示）"
_WORKING_DAYS = 10


def reopen_for_latecomers(actor: Any, tables: CityTables) -> None:
    """Reopen the last round by two people; one late unit hands in most of its values, the other has begun."""
    found = CollectionRound.objects.get(period=str(YEARS[-1]))
    first, second = tables.truth.planted["late"]
    leader, planner, town = (Person.objects.get(demo_role=r) for r in (Role.LEADER, Role.PLANNER, Role.TOWN_OFFICER))
    doubtful = Observation.objects.filter(
        round=found, unit__code=first, status=Observation.Status.LOCKED, computed=False, value__isnull=False
    )
    asked = list(doubtful.order_by("pk").values_list("pk", flat=True)[:2])
    measure.reopen_round(leader, found, REASON, asked)
    found = measure.confirm_reopen(planner, found)
    found.due_on = add_days(timezone.localdate(), _WORKING_DAYS, "working").due
    found.save(update_fields=["due_on"])
    # open again: what was missing as late is wanted once more, and locking the round would mark it late again
    wanted = Observation.objects.filter(round=found, missing=Observation.Missing.LATE).update(missing="", note="")
    record(actor, "demo.set_term", found, {"due_on": found.due_on, "wanted": wanted})
    for row in _withheld(tables, first)[:2]:
        _draft(town, found, row)
    handed_in = [_draft(actor, found, row) for row in _withheld(tables, second)[:7]]
    handed_in = [measure.submit(actor, one) for one in handed_in]
    measure.return_(actor, handed_in[-1], RETURN_REASON)


def _withheld(tables: CityTables, unit: str) -> list[dict[str, Any]]:
    return tables.withheld.filter(pl.col("unit") == unit).rows(named=True)


def _draft(actor: Any, found: CollectionRound, row: dict[str, Any]) -> Observation:
    thing = Observation.objects.get(round=found, unit__code=row["unit"], indicator__code=row["indicator"])
    document = f"演示证〔{YEARS[-1] + 1}〕{row['indicator']}-{row['unit'][-3:]}号"
    parts = (row["numerator"], row["denominator"], row["value"])
    return measure.save_draft(actor, thing, *parts, document=document)
