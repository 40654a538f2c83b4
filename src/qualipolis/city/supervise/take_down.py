"""What comes down on its day: publications and penalties that were shown long enough, and penalties that were annulled."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qualipolis.city.core.policy import System
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.supervise.handling_models import PenaltyPublication, Publication
from qualipolis.city.supervise.penalties import take_down_day, take_down_penalty, withdraw_penalty
from qualipolis.city.supervise.publications import take_down_publication

DAILY = System("take down")


@sweep("supervise.take_down_due")
def take_down_due(now: datetime) -> int:
    """Take down what is due today; an annulled penalty that nobody took down goes on the last day of its term."""
    today, done = timezone.localdate(now), 0
    for row in Publication.objects.filter(status="published", take_down_on__lte=today):
        take_down_publication(DAILY, row)
        done += 1
    for penalty in PenaltyPublication.objects.filter(status="published"):
        day = take_down_day(penalty)
        if day is not None and day <= today:
            take_down_penalty(DAILY, penalty)
            done += 1
    for penalty in PenaltyPublication.objects.filter(status="annulled", due_on__lte=today):
        withdraw_penalty(DAILY, penalty, penalty.reason)
        done += 1
    return done
