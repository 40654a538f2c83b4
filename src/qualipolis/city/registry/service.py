"""What people do to the registry, one function for each verb."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.registry import imports
from qualipolis.city.registry.geography import read_geojson
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError

NO_PROGRESS: Callable[[int, int], None] = lambda done, total: None  # noqa: E731


@verb("registry.import_table", roles=("planner", "admin"))
def import_table(
    actor: Any,
    thing: None,
    kind: str,
    data: bytes,
    name: str,
    *,
    sheet: str | None = None,
    skip_bad_rows: bool = False,
    progress: Callable[[int, int], None] = NO_PROGRESS,
) -> dict[str, int]:
    """Take a table of ``kind`` into the registry, whole or not at all, and record it as one event.

    With ``skip_bad_rows`` the good rows are taken and the number left out is recorded. Raises
    :class:`~qualipolis.methods.problems.InputError` with every problem otherwise.
    """
    reading = imports.read(kind, data, name, sheet)
    if reading.errors and not skip_bad_rows:
        raise InputError(reading.problems)
    counts = imports.write(reading, progress)
    payload = {"table": kind, "file": name, "sha256": hashlib.sha256(data).hexdigest(), **counts}
    record(actor, "registry.import_table", f"registry.{kind}", payload)
    return counts


@verb("registry.import_map", roles=("planner", "admin"))
def import_map(actor: Any, thing: None, data: bytes, name: str) -> dict[str, int]:
    """Read where the units lie from a GeoJSON file: centroids and places on the cartogram; one event."""
    known = dict(Unit.objects.values_list("code", "pk"))
    placed = read_geojson(data, name, known)
    units = [
        Unit(
            pk=known[one.code],
            longitude=one.longitude,
            latitude=one.latitude,
            grid_row=one.row,
            grid_column=one.column,
        )
        for one in placed
    ]
    Unit.objects.bulk_update(units, ["longitude", "latitude", "grid_row", "grid_column"], batch_size=500)
    counts = {"placed": len(placed), "without_place": Unit.objects.filter(assessed=True, grid_row=None).count()}
    payload = {"file": name, "sha256": hashlib.sha256(data).hexdigest(), **counts}
    record(actor, "registry.import_map", "registry.units", payload)
    return counts
