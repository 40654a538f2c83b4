"""What "valid on a day" means for a qualification and for a line of its scope: one definition for the whole city."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from qualipolis.city.registry.models import Qualification, QualificationPause, ScopeItem


def valid_on(day: date, rows: QuerySet[Qualification] | None = None) -> QuerySet[Qualification]:
    """Return the qualifications valid on ``day``: begun, not expired, not ended before their time, not suspended.

    The last day of a certificate and the last day before an ending still count; each day of a suspension does not.
    """
    rows = Qualification.objects.all() if rows is None else rows
    suspended = QualificationPause.objects.filter(qualification=OuterRef("pk"), starts_on__lte=day)
    suspended = suspended.exclude(ends_on__lt=day)
    ends_later = Q(valid_to=None) | Q(valid_to__gte=day)
    not_ended = Q(ended_on=None) | Q(ended_on__gt=day)
    return rows.filter(ends_later, not_ended, ~Exists(suspended), valid_from__lte=day)


def lines_on(day: date, rows: QuerySet[ScopeItem] | None = None) -> QuerySet[ScopeItem]:
    """Return the lines of scopes in force on ``day``, of qualifications valid on that day."""
    rows = ScopeItem.objects.all() if rows is None else rows
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    not_over = Q(valid_to=None) | Q(valid_to__gte=day)
    return rows.filter(begun, not_over, qualification__in=valid_on(day))
