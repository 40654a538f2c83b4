"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.supervise.aftermath import work as handling_work
from qualipolis.city.supervise.field import work as field_work
from qualipolis.city.supervise.laboratory import work as laboratory_work
from qualipolis.city.supervise.planning import work as plan_work
from qualipolis.city.supervise.results import work as result_work

MAKERS: Makers = (
    *field_work.MAKERS,
    *plan_work.MAKERS,
    *handling_work.MAKERS,
    *result_work.MAKERS,
    *laboratory_work.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in supervise."""
    return gather(MAKERS, actor)
