"""How far two towns are from one another, from middle to middle."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from qualipolis.city.registry.models import Unit

EARTH = 6371.0


def kilometres(one: Unit, other: Unit) -> float | None:
    """Return the distance on a great circle in km, to one decimal; None where a town has no place on the map."""
    if None in (one.longitude, one.latitude, other.longitude, other.latitude):
        return None
    east, north = radians(one.longitude or 0.0), radians(one.latitude or 0.0)
    to_east, to_north = radians(other.longitude or 0.0), radians(other.latitude or 0.0)
    half = sin((north - to_north) / 2) ** 2 + cos(north) * cos(to_north) * sin((east - to_east) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)), 1)
