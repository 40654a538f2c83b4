"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.aftermath import work as handling_work
from qualipolis.city.supervise.field import work as field_work
from qualipolis.city.supervise.laboratory import work as laboratory_work
from qualipolis.city.supervise.planning import work as plan_work
from qualipolis.city.supervise.results import work as result_work

Make = Callable[[Any], list[WorkItem]]

# role and what makes the list of its work; a maker that serves two roles is asked once
MAKERS: tuple[tuple[str, Make], ...] = (
    *field_work.MAKERS,
    *plan_work.MAKERS,
    *handling_work.MAKERS,
    *result_work.MAKERS,
    *laboratory_work.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in supervise."""
    roles = roles_of(actor)
    makers = dict.fromkeys(make for role, make in MAKERS if role in roles)
    return [item for make in makers for item in make(actor)]
