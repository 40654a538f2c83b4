"""What the staff pages of this room read beside :mod:`queries`; no statistics of its own, only rows as they stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum

from qualipolis.city.assess.models import Assessment, Release, ScoreCard
from qualipolis.city.assess.queries import assessments, releases, releases_by_year
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.registry.models import Unit
from qualipolis.methods.sampling.proportion import wilson


def year_of(release: Release) -> int:
    """Return the year a release assesses."""
    return int(release.assessment.round.set.year)


def in_force() -> list[Release]:
    """Return the releases that stand (neither replaced nor withdrawn), one for each year, the latest first."""
    return list(reversed(releases_by_year().values()))


def register(actor: Any) -> QuerySet[Release]:
    """Return every release that was ever published with the number of its units, the latest year first."""
    return releases(actor).annotate(units=Count("assessment__cards"))


def runs(actor: Any) -> QuerySet[Assessment]:
    """Return the runs that are no release and that ``actor`` may see, the latest first."""
    return assessments(actor).filter(release__isnull=True).select_related("run_by").annotate(units=Count("cards"))


def rounds_to_assess() -> QuerySet[CollectionRound]:
    """Return the rounds a run may read, the latest first."""
    return CollectionRound.objects.exclude(status=CollectionRound.Status.PLANNED).select_related("set")


def cities() -> list[tuple[str, str]]:
    """Return (code, name) of the cities of a province; none when this serves one city."""
    return [(row.code, row.name) for row in Unit.objects.filter(kind=Unit.Kind.CITY).order_by("code")]


def units_below(code: str) -> set[str]:
    """Return the codes of the units of a city."""
    return set(Unit.objects.filter(parent__code=code).values_list("code", flat=True))


@dataclass(frozen=True)
class CityYear:
    """The value of the whole city in one year; the interval is the 95 % Wilson interval of a proportion."""

    year: int
    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None


def city_years(codes: Collection[str]) -> dict[str, list[CityYear]]:
    """Return the value of the whole city by indicator and year, in one query; kept while the releases stay the same."""
    standing = releases_by_year()
    rounds = tuple((year, one.assessment.round_id, one.release_hash) for year, one in standing.items())
    return _city_years(rounds, tuple(sorted(codes)))


@lru_cache(maxsize=8)
def _city_years(rounds: tuple[tuple[int, int, str], ...], codes: tuple[str, ...]) -> dict[str, list[CityYear]]:
    years = {pk: year for year, pk, _hash in rounds}
    cells = Observation.objects.filter(round__in=years, indicator__code__in=codes, value__isnull=False)
    cells = cells.filter(numerator__isnull=False, denominator__isnull=False).order_by()
    sums = cells.values_list("round_id", "indicator__code", "indicator__factor", "indicator__is_proportion").annotate(
        above=Sum("numerator"), below=Sum("denominator")
    )
    found: dict[str, dict[int, CityYear]] = {code: {} for code in codes}
    for pk, code, factor, counted, above, below in sums:
        if below > 0:
            low = high = None
            if counted and 0 <= above <= below:
                interval = wilson(round(above), round(below))
                low, high = factor * interval.low, factor * interval.high
            found[code][years[pk]] = CityYear(years[pk], factor * above / below, low, high, below)
    return {
        code: [by[year] if year in by else CityYear(year, None) for year in years.values()]
        for code, by in found.items()
    }


def mean_scores() -> list[CityYear]:
    """Return the mean composite of all units by year."""
    standing = releases_by_year()
    rows = ScoreCard.objects.filter(assessment__in=[one.assessment_id for one in standing.values()]).order_by()
    means = {
        pk: (mean, n) for pk, mean, n in rows.values_list("assessment_id").annotate(m=Avg("score"), n=Count("score"))
    }
    return [CityYear(year, *_mean(means.get(one.assessment_id))) for year, one in standing.items()]


def _mean(found: tuple[float, int] | None) -> tuple[Any, ...]:
    return (None,) if found is None else (found[0], None, None, float(found[1]))


def collected() -> list[CityYear]:
    """Return the share of observations with a value, or a stated reason of not applying, by year; ``n`` is how many."""
    standing = releases_by_year()
    return list(_collected(tuple((year, one.assessment.round_id, one.release_hash) for year, one in standing.items())))


@lru_cache(maxsize=8)
def _collected(rounds: tuple[tuple[int, int, str], ...]) -> tuple[CityYear, ...]:
    known = Q(value__isnull=False) | Q(missing=Observation.Missing.NOT_APPLICABLE)
    rows = Observation.objects.filter(round__in=[pk for _year, pk, _hash in rounds]).order_by()
    counts = {
        pk: (all_, ok)
        for pk, all_, ok in rows.values_list("round_id").annotate(a=Count("pk"), k=Count("pk", filter=known))
    }
    found = []
    for year, pk, _hash in rounds:
        total, there = counts.get(pk, (0, 0))
        found.append(CityYear(year, 100 * there / total if total else None, n=float(total)))
    return tuple(found)


def tier_certainty(release: Release) -> dict[str, float]:
    """Return the probability of the own tier by unit; empty where the run did not keep it."""
    rows = ScoreCard.objects.filter(assessment=release.assessment_id, tier_certainty__isnull=False)
    return dict(rows.values_list("unit__code", "tier_certainty"))
