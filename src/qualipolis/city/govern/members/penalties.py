"""Penalties that keep a firm from becoming a member, or from being taken back after a suspension."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.models import PenaltyPublication

STANDING = ("decided", "pushed", "published")


def open_penalties(enterprise: Enterprise | None) -> int:
    """Return how many penalties of a firm are not settled: the review has not been passed, or a ban still runs."""
    if enterprise is None:
        return 0
    unsettled = Q(case__passed_on=None) | Q(banned_until__gte=timezone.localdate())
    return PenaltyPublication.objects.filter(unsettled, case__enterprise=enterprise, status__in=STANDING).count()
