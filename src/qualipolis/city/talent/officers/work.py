"""What waits for someone: chief quality officers and quality departments."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
