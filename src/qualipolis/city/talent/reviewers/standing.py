"""How a reviewer stands: reviews, mean rating, hours of the last twelve months; computed, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, Q, Sum
from django.utils import timezone

from qualipolis.city.talent.models import Reviewer


@dataclass(frozen=True)
class Standing:
    """What a promotion asks for."""

    reviews: int
    rating: float | None
    rated: int
    hours: Decimal

    def facts(self) -> dict[str, object]:
        """Return the facts that the table of law reads."""
        return {"reviews": self.reviews, "rating": self.rating, "hours": self.hours}


def standing_of(reviewer: Reviewer, day: date | None = None) -> Standing:
    """Return the standing of one reviewer on ``day``: hours are those of the twelve months up to it."""
    today = day or timezone.localdate()
    reviews = reviewer.sheets.filter(status="handed_in").count()
    rated = reviewer.ratings.aggregate(mean=Avg("score"), n=Count("pk"))
    year = Q(on__gt=year_before(today), on__lte=today)
    hours = reviewer.hours.filter(year).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
    return Standing(reviews, rated["mean"], rated["n"], hours)


def year_before(day: date) -> date:
    """Return the same day a year before; 28 February where there is no 29th.

    >>> year_before(date(2024, 2, 29)), year_before(date(2026, 6, 15))
    (datetime.date(2023, 2, 28), datetime.date(2025, 6, 15))
    """
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
