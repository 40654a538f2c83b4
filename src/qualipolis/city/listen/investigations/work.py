"""What waits for someone in this part."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
