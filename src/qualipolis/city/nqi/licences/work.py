"""What waits for someone: qualifications, change filings, signatories and certificates."""

from __future__ import annotations

from qualipolis.city.core.work_items import Makers

MAKERS: Makers = ()
