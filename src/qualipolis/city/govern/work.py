"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.govern.clues import work as clues
from qualipolis.city.govern.meetings import work as meetings
from qualipolis.city.govern.members import work as members
from qualipolis.city.govern.pacts import work as pacts

MAKERS: Makers = (
    *clues.MAKERS,
    *meetings.MAKERS,
    *members.MAKERS,
    *pacts.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in this room."""
    return gather(MAKERS, actor)
