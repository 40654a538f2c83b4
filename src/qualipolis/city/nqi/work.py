"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.nqi.directory import work as directory
from qualipolis.city.nqi.licences import work as licences
from qualipolis.city.nqi.metrology import work as metrology
from qualipolis.city.nqi.services import work as services
from qualipolis.city.nqi.standards import work as standards

MAKERS: Makers = (
    *directory.MAKERS,
    *licences.MAKERS,
    *metrology.MAKERS,
    *services.MAKERS,
    *standards.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in this room."""
    return gather(MAKERS, actor)
