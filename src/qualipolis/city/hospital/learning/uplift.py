"""Do treated firms pass more often afterwards? Against untreated firms with the same failure, never the raw difference.

The unit is a firm with a class of product after its first failed sample in random sampling: the first, because which
of several failures is looked at must not depend on what came later. It counts as treated when it
registered a case of this class within ninety days of the failed sample, whatever became of the case; the outcome is the
share of its later random samples that passed, from the ninety-first day on, the same days for treated and untreated.
So nobody has to have survived into the treated group, and what was bad luck at the failed sample falls out in the pairs.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from statistics import median
from typing import Any

from django.db.models import Count, Max

from qualipolis.city.core.models import Event
from qualipolis.city.hospital.models import Case
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.models import ResultFact
from qualipolis.city.supervise.statistics import rates
from qualipolis.methods.outcomes import Matched, matched_difference
from qualipolis.methods.problems import msg

WINDOW, BEFORE, AFTER = timedelta(days=90), timedelta(days=730), timedelta(days=730)
FEWEST_PAIRS, CALIPER = 10, 1.0
COVARIATES = (
    msg("share of samples passed before"),
    msg("day of the failed sample, in years"),
    msg("employees (log)"),
    msg("share passed in the town before"),
)


@dataclass(frozen=True)
class Failed:
    """One firm and class after its first failed sample."""

    firm: int
    category: str
    cluster: str
    failed_on: date
    treated: bool
    near: tuple[float, float, float, float]
    after: float
    batches: int


@dataclass(frozen=True)
class Uplift:
    """What was compared and, with ten balanced pairs or more, what was found; ``reason`` says why nothing is told."""

    failed: int
    treated: int
    without_later: int
    found: Matched | None
    reason: str

    @property
    def told(self) -> bool:
        """Whether the estimate may be told."""
        return self.found is not None and not self.reason


def uplift(purpose: str = "random") -> Uplift:
    """Return the matched difference in the share of later samples that passed, treated minus untreated.

    It is kept until something is done in the city: every change of results and cases stands in the ledger.
    """
    last = Event.objects.aggregate(Max("seq"))["seq__max"] or 0
    facts, cases = (rows.aggregate(n=Count("pk"), last=Max("pk")) for rows in (ResultFact.objects, Case.objects))
    return _kept(purpose, last, *facts.values(), *cases.values())


@lru_cache(maxsize=4)
def _kept(purpose: str, *state: int | None) -> Uplift:
    return _computed(purpose)


def _computed(purpose: str) -> Uplift:
    batches = _batches(purpose)
    cases, towns = _registrations(), _towns(batches)
    rows, failed, dropped = [], 0, 0
    for key, mine in batches.items():
        first = next((one for one in mine if not one["passed"]), None)
        if first is None:
            continue
        failed += 1
        made = _failed(key, mine, first, cases.get(key, []), towns)
        if made is None:
            dropped += 1
        else:
            rows.append(made)
    return _compared(_with_employees(rows), failed, dropped)


def _compared(rows: Sequence[Failed], failed: int, dropped: int) -> Uplift:
    treated = sum(row.treated for row in rows)
    if not treated or treated == len(rows):
        return Uplift(failed, treated, dropped, None, msg("There are not treated and untreated firms to compare yet."))
    found = matched_difference(
        [row.after for row in rows],
        [row.treated for row in rows],
        [row.near for row in rows],
        [row.cluster for row in rows],
        prefer=[row.category for row in rows],
        names=COVARIATES,
        caliper=CALIPER,
    )
    reason = ""
    if len(found.pairs) < FEWEST_PAIRS:
        reason = msg("There are fewer than ten pairs of like firms: nothing can be said yet.")
    elif not found.balanced:
        reason = msg("The pairs are not alike enough: treated and untreated firms differ too much before.")
    return Uplift(failed, treated, dropped, found, reason)


def _batches(purpose: str) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """Return the counted batches of each firm and class in the order of their days."""
    days = dict(ResultFact.objects.filter(purpose=purpose).values_list("number", "sampled_on"))
    found: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rates.counted(rates.rows(purpose=purpose), purpose):
        if row["firm"] and row["category"]:
            found[(row["firm"], row["category"])].append(row | {"day": days[row["id"]]})
    for rows in found.values():
        rows.sort(key=lambda one: (one["day"], one["id"]))
    return dict(found)


def _registrations() -> dict[tuple[int, str], list[date]]:
    """Return the days on which cases were registered, by firm and class; one turned away was never treated."""
    found: dict[tuple[int, str], list[date]] = defaultdict(list)
    rows = Case.objects.filter(registered_on__isnull=False).exclude(status="rejected")
    for firm, category, day in rows.values_list("enterprise", "product_class", "registered_on"):
        found[(firm, category)].append(day)
    return found


def _failed(
    key: tuple[int, str],
    mine: Sequence[Mapping[str, Any]],
    first: Mapping[str, Any],
    cases: Sequence[date],
    towns: Mapping[str, Sequence[tuple[date, bool]]],
) -> Failed | None:
    """Return a firm and class after its first failure; None without later samples, or when it was treated at other times."""
    day = first["day"]
    treated = any(day <= one <= day + WINDOW for one in cases)
    other = any(day - BEFORE <= one <= day + AFTER for one in cases)
    later = [one["passed"] for one in mine if day + WINDOW < one["day"] <= day + AFTER]
    if not later or (other and not treated):
        return None
    before = [one["passed"] for one in mine if day - BEFORE <= one["day"] <= day]
    town = _share_before(towns[first["town"]], day)
    near = (sum(before) / len(before), day.toordinal() / 365.25, math.nan, town)
    return Failed(key[0], key[1], first["cluster"] or "", day, treated, near, sum(later) / len(later), len(later))


def _towns(batches: Mapping[tuple[int, str], Sequence[Mapping[str, Any]]]) -> dict[str, list[tuple[date, bool]]]:
    """Return the samples of each town in the order of their days."""
    found: dict[str, list[tuple[date, bool]]] = defaultdict(list)
    for rows in batches.values():
        for one in rows:
            found[one["town"]].append((one["day"], one["passed"]))
    return {town: sorted(rows) for town, rows in found.items()}


def _share_before(samples: Sequence[tuple[date, bool]], day: date) -> float:
    """Return the share passed of the samples before a day, drawn towards nine in ten by ten samples."""
    seen = [passed for _day, passed in samples[: bisect_left(samples, (day, False))]]
    return (sum(seen) + 9) / (len(seen) + 10)


def _with_employees(rows: Sequence[Failed]) -> list[Failed]:
    """Fill in the size of each firm; where it is not known, the median of those known (and 0 where none is)."""
    known = Enterprise.objects.filter(pk__in={row.firm for row in rows}).values_list("pk", "employees")
    sizes = {key: math.log1p(number) for key, number in known if number is not None}
    middle = median(sizes.values()) if sizes else 0.0
    return [_sized(row, sizes.get(row.firm, middle)) for row in rows]


def _sized(row: Failed, size: float) -> Failed:
    passed, moment, _unknown, town = row.near
    near = (passed, moment, size, town)
    return Failed(row.firm, row.category, row.cluster, row.failed_on, row.treated, near, row.after, row.batches)
