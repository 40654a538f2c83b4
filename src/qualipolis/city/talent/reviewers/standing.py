"""How a reviewer stands: reviews, mean rating, hours of the last twelve months; computed, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, Q, Sum
from django.utils import timezone

from qualipolis.city.talent.models import Reviewer
from qualipolis.law.calendar import add_months


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
    year = Q(on__gt=add_months(today, -12), on__lte=today)
    hours = reviewer.hours.filter(year).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
    return Standing(reviews, rated["mean"], rated["n"], hours)
