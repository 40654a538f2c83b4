"""The follow-ups that are planned: made at the cure, cancelled when the case takes another way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import System
from qualipolis.city.hospital.models import Case, FollowUp

SYSTEM = System()
CANCELLED = "another way"


def plan(case: Case, terms: Iterable[tuple[int, date]]) -> list[FollowUp]:
    """Plan one follow-up for each (days, day it counts from)."""
    made = []
    for days, start in terms:
        day = start + timedelta(days=days)
        made.append(FollowUp.objects.create(case=case, days=days, planned_on=day, due_on=day))
    return made


def planned(case: Case) -> Any:
    """Return what is planned for a case, the next one first."""
    return FollowUp.objects.filter(case=case, status="planned").order_by("planned_on", "pk")


def cancel_planned(actor: Any, case: Case) -> int:
    """Cancel everything that is planned for a case; return how much it was."""
    rows = list(planned(case).select_for_update())
    for row in rows:
        move(SYSTEM, row, "cancel", "hospital.cancel_follow_up", {"days": row.days}, facts={"reason": CANCELLED})
    return len(rows)
