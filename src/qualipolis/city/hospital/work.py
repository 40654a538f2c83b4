"""What waits for someone in this room, gathered from its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.hospital.consultation import work as consultation
from qualipolis.city.hospital.learning import work as learning
from qualipolis.city.hospital.reception import work as reception
from qualipolis.city.hospital.treatment import work as treatment

Make = Callable[[Any], list[WorkItem]]

# role and what makes the list of its work; a maker that serves two roles is asked once
MAKERS: tuple[tuple[str, Make], ...] = (*reception.MAKERS, *consultation.MAKERS, *treatment.MAKERS, *learning.MAKERS)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in hospital."""
    roles = roles_of(actor)
    makers = dict.fromkeys(make for role, make in MAKERS if role in roles)
    return [item for make in makers for item in make(actor)]
