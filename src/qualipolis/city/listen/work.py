"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.listen.alerts import work as alerts
from qualipolis.city.listen.complaints import work as complaints
from qualipolis.city.listen.intake import work as intake
from qualipolis.city.listen.investigations import work as investigations
from qualipolis.city.listen.reports import work as reports
from qualipolis.city.listen.safety import work as safety
from qualipolis.city.listen.signals import work as signals

MAKERS: Makers = (
    *intake.MAKERS,
    *complaints.MAKERS,
    *reports.MAKERS,
    *investigations.MAKERS,
    *safety.MAKERS,
    *signals.MAKERS,
    *alerts.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in listening."""
    return gather(MAKERS, actor)
