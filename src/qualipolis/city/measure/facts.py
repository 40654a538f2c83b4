"""From the rows of the city to the lake, and back into the observations that are computed there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from qualipolis.city.core.ledger import canonical, record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.measure.figures import figure
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation
from qualipolis.city.measure.rounds import write_figures
from qualipolis.lake import snapshot as lake
from qualipolis.lake.canonical import sha256
from qualipolis.lake.engine import Trace, duckdb_engine
from qualipolis.lake.metrics import METRICS
from qualipolis.lake.snapshot_sources import tables
from qualipolis.methods.problems import InputError, Problem, msg

Status = Observation.Status


def take_snapshot() -> lake.Snapshot:
    """Write the city's facts as a snapshot of the lake and return it; a transaction's own writes are in it.

    Rooms that keep source records are told before (``measure.snapshot``), so that marks which turn with the day are right.
    """
    tell(None, "measure.snapshot", None)
    with connection.cursor() as cursor:
        return lake.snapshot(Path(settings.HOME), tables(cursor))


@verb("measure.compute_metrics", roles=("planner",))
def compute_metrics(actor: Any, thing: CollectionRound, snapshot: lake.Snapshot | None = None) -> dict[str, int]:
    """Fill the observations of every indicator that has a metric from the lake, and hand them in.

    Returns how many observations each indicator got. A unit without a single case where others have some gets
    "not applicable"; an indicator whose records do not exist for the year stays empty.
    """
    taken = snapshot or take_snapshot()
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    indicators = list(Indicator.objects.filter(set=row.set_id, metric__in=METRICS))
    with duckdb_engine(taken) as engine:
        computed = engine.compute({one.metric for one in indicators})
    counts: dict[str, int] = {}
    updates: list[tuple[Any, ...]] = []
    for one in indicators:
        found = {r["unit"]: r for r in computed[one.metric].to_pylist() if r["year"] == row.set.year}
        part = list(_updates(row, one, found)) if found else []
        counts[one.code] = len(part)
        updates.extend(part)
    write_figures(updates, Status.SUBMITTED, computed=True)
    CollectionRound.objects.filter(pk=row.pk).update(snapshot=taken.id)
    payload = {"snapshot": taken.id, "counts": counts, "hash": sha256(canonical(updates).encode())}
    record(actor, "measure.compute_metrics", row, payload)
    return counts


def _updates(row: CollectionRound, one: Indicator, found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    allowed = (Status.EMPTY, Status.DRAFT, Status.RETURNED, Status.SUBMITTED)
    cells = Observation.objects.filter(round=row, indicator=one, status__in=allowed).order_by("unit__code")
    for pk, unit in cells.values_list("pk", "unit__code"):
        parts = found.get(unit, {"numerator": 0.0, "denominator": 0.0})
        made = figure(one.kind, one.factor, parts["numerator"], parts["denominator"])
        yield (made.numerator, made.denominator, made.value, made.missing, "", pk)


def _kept(name: str) -> lake.Snapshot | None:
    folder = Path(settings.HOME) / "lake" / (name or "-")
    return lake.read(folder) if (folder / "manifest.json").is_file() else None


def trace(round_: CollectionRound, indicator: Indicator, unit: str, limit: int = 200) -> Trace:
    """Return the records behind a computed observation, from the snapshot it was computed with."""
    found = _kept(round_.snapshot) or lake.latest(Path(settings.HOME)) or take_snapshot()
    if indicator.metric not in METRICS:
        raise InputError(
            [
                Problem(
                    "not_computed",
                    msg("The indicator %(code)s is not computed from records here."),
                    msg("Look at its evidence instead."),
                    {"code": indicator.code},
                )
            ]
        )
    with duckdb_engine(found) as engine:
        return engine.trace(indicator.metric, unit, round_.set.year, limit)
