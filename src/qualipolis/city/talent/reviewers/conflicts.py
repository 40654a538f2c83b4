"""What keeps a reviewer from a firm: employer, group of firms, and ties that last or ended less than three years ago."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import GroupFirm, Reviewer, ReviewerTie
from qualipolis.law.calendar import add_months
from qualipolis.law.rules import rule_on


def years_on(day: date) -> int:
    """Return how many years a tie counts after its end."""
    value = rule_on("award.conflict_years", day).value
    assert isinstance(value, int)
    return value


def group_codes(enterprise: Enterprise, day: date) -> set[str]:
    """Return the credit codes of the firms that form a group with ``enterprise`` on ``day``, its own too."""
    valid = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    groups = GroupFirm.objects.filter(valid, enterprise=enterprise).values("group_id")
    rows = GroupFirm.objects.filter(valid, group_id__in=groups)
    return {enterprise.credit_code, *rows.values_list("enterprise__credit_code", flat=True)}


def lasting(reviewer: Reviewer, day: date) -> list[ReviewerTie]:
    """Return the ties that count on ``day``."""
    rows = reviewer.ties.filter(withdrawn_on=None).select_related("enterprise")
    months = 12 * years_on(day)
    return [row for row in rows if row.until is None or add_months(row.until, months) >= day]


def conflicts_of(reviewer: Reviewer, enterprise: Enterprise, day: date | None = None) -> list[str]:
    """Return in words what keeps the reviewer from the firm; empty when nothing is known."""
    on = day or timezone.localdate()
    codes = group_codes(enterprise, on)
    found = []
    if reviewer.employer_code and reviewer.employer_code in codes:
        found.append(_("works for the firm or its group"))
    found += [str(tie.get_kind_display()) for tie in lasting(reviewer, on) if tie.enterprise.credit_code in codes]
    return found
