"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.talent.awards import work as awards
from qualipolis.city.talent.officers import work as officers
from qualipolis.city.talent.reviewers import work as reviewers
from qualipolis.city.talent.training import work as training

MAKERS: Makers = (
    *awards.MAKERS,
    *officers.MAKERS,
    *reviewers.MAKERS,
    *training.MAKERS,
)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in this room."""
    return gather(MAKERS, actor)
