"""What waits for someone: measuring instruments under compulsory verification."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
