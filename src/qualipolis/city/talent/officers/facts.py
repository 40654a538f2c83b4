"""What the guards of officers read: conditions not met, offices held elsewhere, who is in post, when trained."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.attachments import files_of
from qualipolis.city.talent.models import GroupFirm, Officer
from qualipolis.law.talent.conditions import conditions_on, unmet
from qualipolis.methods.problems import Problem

HELD = ("filed", "trained", "certified", "active", "lapsed")


def unmet_of(row: Officer) -> tuple[Problem, ...]:
    """Return every condition that the person named does not meet, by the set of the day of appointment."""
    code = row.conditions.partition("@")[0] or "city"
    years = None if row.years is None else float(row.years)
    return unmet(conditions_on(row.appointed_on, code), row.size, row.education, row.title, years, row.bars)


def group_of(firm: Any) -> set[int]:
    """Return the firms that stand on the list of one group with ``firm`` today, ``firm`` among them."""
    today = timezone.localdate()
    running = GroupFirm.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
    groups = running.filter(enterprise=firm).values("group")
    return {firm.pk, *running.filter(group__in=groups).values_list("enterprise_id", flat=True)}


def held_elsewhere(row: Officer) -> int:
    """Return in how many firms outside the group the person holds the office."""
    rows = Officer.objects.filter(learner=row.learner_id, status__in=HELD).exclude(pk=row.pk)
    return rows.exclude(enterprise__in=group_of(row.enterprise)).values("enterprise").distinct().count()


def in_post(row: Officer) -> int:
    """Return how many others are active in the firm."""
    return Officer.objects.filter(enterprise=row.enterprise_id, status="active").exclude(pk=row.pk).count()


def facts_of(row: Officer) -> dict[str, Any]:
    """Return all of it."""
    return {
        "unmet": len(unmet_of(row)),
        "appointment": bool(files_of([row])[row.pk]),
        "held_elsewhere": held_elsewhere(row),
        "in_post": in_post(row),
        "trained_on": row.trained_on,
        "filed_on": row.filed_on,
    }
