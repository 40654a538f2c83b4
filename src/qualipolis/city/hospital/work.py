"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.work_items import Makers, WorkItem, gather
from qualipolis.city.hospital.consultation import work as consultation
from qualipolis.city.hospital.learning import work as learning
from qualipolis.city.hospital.reception import work as reception
from qualipolis.city.hospital.treatment import work as treatment

MAKERS: Makers = (*reception.MAKERS, *consultation.MAKERS, *treatment.MAKERS, *learning.MAKERS)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in hospital."""
    return gather(MAKERS, actor)
