"""Chips, ways and small words that the pages of the award share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Grant, Person
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import progress
from qualipolis.faces.desk.rooms.measure.pieces import Told, figure

BAD = {"revoked", "removed", "dropped", "upheld"}
WARN = {"held", "suspended", "declined", "public_notice", "received", "checking", "cancelled"}
OVER = {"unsuccessful", "ineligible", "withdrawn", "left", "refused", "rejected"}
WAY = (
    (gettext_lazy("Announce"), ("drafted",), ("talent.announce_round",)),
    (gettext_lazy("Apply"), ("announced",), ("talent.close_applications",)),
    (gettext_lazy("Eligibility"), ("eligibility",), ("talent.begin_documents",)),
    (gettext_lazy("Document review"), ("document_review",), ("talent.begin_visits",)),
    (gettext_lazy("Site visits"), ("on_site",), ("talent.begin_deliberation",)),
    (gettext_lazy("Deliberation"), ("deliberation",), ("talent.give_notice",)),
    (gettext_lazy("Public notice"), ("public_notice",), ("talent.end_notice",)),
    (gettext_lazy("Grant"), ("objections_settled",), ("talent.grant_awards",)),
)
APPLICANT_WAY = (
    (gettext_lazy("Apply"), ("drafted",), ("talent.submit_application",)),
    (gettext_lazy("Eligibility"), ("submitted",), ("talent.admit_applicant",)),
    (gettext_lazy("Team of reviewers"), ("eligible",), ("talent.begin_review",)),
    (gettext_lazy("Independent scoring"), ("reviewing",), ("talent.shortlist_applicant",)),
    (gettext_lazy("Site visit"), ("shortlisted",), ("talent.hand_in_visit",)),
    (gettext_lazy("Deliberation"), ("visited",), ("talent.propose_award",)),
    (gettext_lazy("Public notice"), ("proposed",), ("talent.grant_awards",)),
)
OFF_THE_WAY = {"held", "unsuccessful", "ineligible", "withdrawn", "revoked", "cancelled"}


def chip(row: Any) -> parts.Chip:
    """Return the state of a row of the award as a chip."""
    status, table = row.status, row.flow
    if status in BAD:
        kind = "bad"
    elif status in WARN:
        kind = "warn"
    elif status in OVER or status == table.initial:
        kind = "idle"
    elif status in table.finals or status in ("granted", "monitored", "level_1", "level_2", "level_3", "trainee"):
        kind = "ok"
    else:
        kind = "wait"
    return parts.Chip(kind, str(_(table.labels[status])))


def way(row: Any, told: Sequence[Told], *, mine: bool, path: Any = WAY) -> list[parts.Step]:
    """Return the way of a row; what left the way shows none."""
    if row.status in OFF_THE_WAY:
        return []
    return progress(row, [(str(name), states, verbs) for name, states, verbs in path], told, mine=mine)


def points(value: Any) -> str:
    """Return points with one digit, or a dash."""
    return figure(None if value is None else float(value), 1)


def per_cent(value: Any) -> str:
    """Return a score in per cent: a whole number where it is one."""
    if value is None:
        return "—"
    return f"{float(value):.1f}".removesuffix(".0")


def seconds(actor: Any) -> Any:
    """Return who may decide along: the leadership and the office, never oneself."""
    today = timezone.localdate()
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), role__in=("leader", "planner"), valid_from__lte=today
    )
    people = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return people.exclude(pk=getattr(actor, "pk", None) or 0).order_by("username")


def years(rows: Sequence[Any]) -> list[int]:
    """Return the years of rounds, the latest first."""
    return sorted({row.year for row in rows}, reverse=True)
