"""What waits for someone: demands, quotes, orders, reports and their evaluation."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
