"""What the staff pages of this room read beside :mod:`queries`; no statistics of its own, only rows as they stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Avg, Count, QuerySet

from qualipolis.city.assess.models import Assessment, Release, ScoreCard
from qualipolis.city.assess.queries import assessments, releases, releases_by_year
from qualipolis.city.assess.releases import OBSERVATIONS, observations_of, path_of
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation
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


def neighbours(code: str) -> set[str]:
    """Return the units of the same city of a province; nothing when this serves one city."""
    parent = Unit.objects.filter(code=code).values_list("parent__code", flat=True).first()
    return units_below(parent) if parent else set()


@dataclass(frozen=True)
class CityYear:
    """The value of the whole city in one year; the interval is the 95 % Wilson interval of a proportion."""

    year: int
    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None


def city_years(codes: Collection[str]) -> dict[str, list[CityYear]]:
    """Return the value of the whole city by indicator and year, from what each release froze."""
    standing = releases_by_year()
    traits = _traits([one.assessment.round.set_id for one in standing.values()], codes)
    found: dict[str, list[CityYear]] = {code: [] for code in codes}
    for year, one in standing.items():
        sums = _frozen(one.pk, one.release_hash)[0]
        for code in codes:
            factor, counted = traits.get((one.assessment.round.set_id, code), (1.0, False))
            found[code].append(_city_year(year, factor, counted, sums.get(code)))
    return found


def _traits(sets: Collection[int], codes: Collection[str]) -> dict[tuple[int, str], tuple[float, bool]]:
    rows = Indicator.objects.filter(set__in=sets, code__in=codes).order_by()
    return {
        (pk, code): (factor, counted)
        for pk, code, factor, counted in rows.values_list("set_id", "code", "factor", "is_proportion")
    }


def _city_year(year: int, factor: float, counted: bool, sums: tuple[float, float] | None) -> CityYear:
    if sums is None or sums[1] <= 0:
        return CityYear(year, None)
    above, below = sums
    low = high = None
    if counted and 0 <= above <= below:
        interval = wilson(round(above), round(below))
        low, high = factor * interval.low, factor * interval.high
    return CityYear(year, factor * above / below, low, high, below)


@lru_cache(maxsize=24)
def _frozen(pk: int, release_hash: str) -> tuple[dict[str, tuple[float, float]], int, int]:
    """The sums of each indicator over all units, how many observations there are, and how many are known."""
    release = Release.objects.select_related("assessment__round__set").get(pk=pk, release_hash=release_hash)
    path = path_of(release) / OBSERVATIONS
    numbers = dict.fromkeys(("numerator", "denominator", "value"), pl.Float64)
    wanted = {"unit": pl.String, "indicator": pl.String, "missing": pl.String, **numbers}
    rows = pl.read_csv(path, schema_overrides=wanted) if path.is_file() else observations_of(release.assessment)
    both = rows.drop_nulls(["numerator", "denominator", "value"])
    sums = both.group_by("indicator").agg(pl.col("numerator").sum(), pl.col("denominator").sum())
    known = rows["value"].is_not_null() | (rows["missing"] == Observation.Missing.NOT_APPLICABLE.value).fill_null(False)
    return {code: (above, below) for code, above, below in sums.iter_rows()}, rows.height, int(known.sum())


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
    found = []
    for year, one in releases_by_year().items():
        _sums, total, known = _frozen(one.pk, one.release_hash)
        found.append(CityYear(year, 100 * known / total if total else None, n=float(total)))
    return found


def tier_certainty(release: Release) -> dict[str, float]:
    """Return the probability of the own tier by unit; empty where the run did not keep it."""
    rows = ScoreCard.objects.filter(assessment=release.assessment_id, tier_certainty__isnull=False)
    return dict(rows.values_list("unit__code", "tier_certainty"))
