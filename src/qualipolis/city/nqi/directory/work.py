"""What waits for someone: the directory of institutions, their scopes, and what nobody here can do."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
