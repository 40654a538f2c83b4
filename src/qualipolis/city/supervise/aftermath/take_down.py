"""What comes down on its day: publications and penalties that were shown long enough, and penalties that were annulled."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qualipolis.city.core.policy import System
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.supervise.aftermath.models import PenaltyPublication, Publication
from qualipolis.city.supervise.aftermath.penalties import take_down_day, take_down_penalty, withdraw_penalty
from qualipolis.city.supervise.aftermath.publications import take_down_publication

DAILY = System("take down")


@sweep("supervise.take_down_due")
def take_down_due(now: datetime) -> int:
    """Take down what is due today; an annulled penalty that nobody took down goes on the last day of its term."""
    today = timezone.localdate(now)
    shown = Publication.objects.filter(status="published", take_down_on__lte=today)
    annulled = PenaltyPublication.objects.filter(status="annulled", due_on__lte=today)
    penalties = (one for one in PenaltyPublication.objects.filter(status="published") if _over(one, today))
    return (
        one_by_one(shown, lambda row: bool(take_down_publication(DAILY, row)))
        + one_by_one(penalties, lambda row: bool(take_down_penalty(DAILY, row)))
        + one_by_one(annulled, lambda row: bool(withdraw_penalty(DAILY, row, row.reason)))
    )


def _over(penalty: PenaltyPublication, today: date) -> bool:
    day = take_down_day(penalty)
    return day is not None and day <= today
