"""Numbers in a series without gaps or doubles, for example ``2021-R1``."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from qualipolis.city.core.models import Counter


def next_number(series: str, year: int) -> str:
    """Return the next number of ``series`` in ``year``; it is given back when the verb's transaction fails."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("next_number() belongs inside the transaction of a verb")
    rows = Counter.objects.filter(series=series, year=year)
    if not rows.update(last=F("last") + 1):
        Counter.objects.get_or_create(series=series, year=year)
        rows.update(last=F("last") + 1)
    return f"{year}-{series}{rows.values_list('last', flat=True).get()}"
