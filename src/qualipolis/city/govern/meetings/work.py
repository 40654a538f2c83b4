"""What waits for someone: meetings, resolutions, votes and joint tasks."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
