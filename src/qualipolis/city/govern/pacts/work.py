"""What waits for someone: pacts, and what happens when one is broken."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
