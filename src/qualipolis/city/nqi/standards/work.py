"""What waits for someone: declarations of standards and what changes in them."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
