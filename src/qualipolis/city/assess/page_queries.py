"""What the staff pages of this room read beside :mod:`queries`; no statistics, only rows as they stand."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from qualipolis.city.assess import visibility as _visibility  # noqa: F401 (registers the rules)
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import CollectionRound


def year_of(release: Release) -> int:
    """Return the year a release assesses."""
    return int(release.assessment.round.set.year)


def in_force() -> list[Release]:
    """Return the releases that stand (neither replaced nor withdrawn), one for each year, the latest first."""
    rows = Release.objects.filter(assessment__status=Assessment.Status.PUBLISHED)
    return list(rows.select_related("assessment__round__set").order_by("-assessment__round__set__year"))


def all_releases() -> QuerySet[Release]:
    """Return every release that was ever published, the latest year first."""
    rows = Release.objects.select_related("assessment__round__set").annotate(units=Count("assessment__cards"))
    return rows.order_by("-assessment__round__set__year", "-published_at")


def runs(actor: Any) -> QuerySet[Assessment]:
    """Return the runs that are not published and that ``actor`` may see, the latest first."""
    rows = visible(actor, Assessment.objects.filter(release__isnull=True))
    return rows.select_related("round__set", "run_by").annotate(units=Count("cards"))


def rounds_to_assess() -> QuerySet[CollectionRound]:
    """Return the rounds a run may read, the latest first."""
    return CollectionRound.objects.exclude(status=CollectionRound.Status.PLANNED).select_related("set")


def replaced_by(release: Release) -> Release | None:
    """Return the release that stands in the place of one that was replaced."""
    if release.assessment.status != Assessment.Status.SUPERSEDED:
        return None
    period = release.assessment.round.period
    later = Release.objects.filter(assessment__round__period=period, published_at__gt=release.published_at)
    return later.order_by("published_at").first()
