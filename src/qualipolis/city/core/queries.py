"""What the core can tell; reads only."""

from __future__ import annotations

from qualipolis.city.core.models import City


def city() -> City | None:
    """Return the city this installation serves, or None before ``qualipolis init``."""
    return City.objects.first()
