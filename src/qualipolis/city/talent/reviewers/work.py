"""What waits for someone: reviewers of performance excellence."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
