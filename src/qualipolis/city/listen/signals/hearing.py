"""What the statistics are given: letters, incidents and alerts as product, danger, town and day, and nothing else.

No name, number or word of a person leaves the records. A class or danger that nobody stated is a value of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from qualipolis.city.listen.models import Alert, Incident, Letter
from qualipolis.city.registry.models import Unit
from qualipolis.lake.signals import Places, Reports

NOT_STATED = "not stated"
NOT_COUNTED = ("dismissed",)
YEAR = 365


@dataclass(frozen=True)
class Record:
    """One thing that was heard."""

    day: date
    product: str
    hazards: tuple[str, ...]
    place: str


def local_records(until: date) -> list[Record]:
    """Return letters and incidents of the city up to a day; an incident that came in a letter counts once."""
    letters = Letter.objects.filter(received_on__lte=until)
    heard = [
        Record(day, product, (hazard,), place or "")
        for day, product, hazard, place in letters.values_list("received_on", "product_class", "hazard", "unit__code")
    ]
    incidents = Incident.objects.filter(reported_on__lte=until, letter=None).exclude(status__in=NOT_COUNTED)
    return heard + [
        Record(day, product, (hazard,), place or "")
        for day, product, hazard, place in incidents.values_list("reported_on", "product_class", "hazard", "unit__code")
    ]


def foreign_records(since: date, until: date) -> list[Record]:
    """Return the alerts of other authorities between two days; they have no town."""
    told = Alert.objects.filter(alerted_on__range=(since, until))
    rows = told.values_list("alerted_on", "product_class", "category", "hazards")
    return [Record(day, product or category, tuple(map(str, hazards)), "") for day, product, category, hazards in rows]


def reports_of(records: list[Record], until: date, name: str = "") -> Reports:
    """Return records as the engine reads them, one entry for each danger of a record."""
    entries = [
        (one.day, number, one.product or NOT_STATED, hazard or NOT_STATED, one.place or NOT_STATED)
        for number, one in enumerate(records)
        for hazard in (one.hazards or ("",))
    ]
    days, numbers, products, hazards, places = zip(*entries, strict=True) if entries else ((), (), (), (), ())
    return Reports(
        name, np.array(days, dtype="datetime64[D]"), np.array(numbers, dtype=np.int64), np.array(products, dtype=np.str_),
        np.array(hazards, dtype=np.str_), np.array(places, dtype=np.str_), np.ones(len(entries)), False, len(records), 0,
        np.datetime64(until, "D"),
    )  # fmt: skip


def places(records: Sequence[Record] = ()) -> Places | None:
    """Return the towns with their centroids and how much each writes in a year; the others take part in no cluster.

    What a town writes about everything is what its letters about one thing are held against. Where no town has a
    centroid, the cells of the cartogram stand in: neighbours on it are neighbours. None with fewer than two towns.
    """
    rows = Unit.objects.exclude(longitude=None).exclude(latitude=None).order_by("code")
    told = list(rows.values_list("code", "longitude", "latitude"))
    if not told:
        cells = Unit.objects.exclude(grid_row=None).exclude(grid_column=None).filter(assessed=True).order_by("code")
        told = [(code, column, -row) for code, column, row in cells.values_list("code", "grid_column", "grid_row")]
    if len(told) < 2:
        return None
    where = np.array([(lon, lat) for _code, lon, lat in told], dtype=np.float64)
    last = max((one.day for one in records), default=date.min)
    heard = Counter(one.place for one in records if (last - one.day).days < YEAR)
    wrote = np.array([heard[code] + 1.0 for code, _lon, _lat in told])
    return Places("", tuple(code for code, _lon, _lat in told), where, None, wrote)
