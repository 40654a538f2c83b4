"""What the secretariat should know before it screens a clue: it never decides, and nobody outside sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.policy import own_codes
from qualipolis.city.govern.bodies import chairs
from qualipolis.city.govern.models import Clue
from qualipolis.city.registry.models import Enterprise
from qualipolis.law.terms import rule_number

YEAR = timedelta(days=365)
REPEATED = 3
WORDS = {
    "competitor": _("the sender says to be a competitor of this firm"),
    "same_trade": _("given by a firm of the same trade"),
    "frequent": _("%(n)s clues of the same sender within a year"),
    "repeated": _("%(n)s clues of the same sender about the same firm"),
    "chair": _("the firm takes the chair of: %(name)s"),
}


@dataclass(frozen=True)
class Flag:
    """One flag with the values of its words."""

    code: str
    values: dict[str, Any]

    @property
    def words(self) -> str:
        """The flag in the language of the page."""
        return str(WORDS[self.code]) % self.values


def same_trade(actor: Any, firm: Enterprise | None) -> bool:
    """Whether a clue about a firm comes from another firm of its trade or cluster."""
    if firm is None:
        return False
    mine = Enterprise.objects.filter(credit_code__in=own_codes(actor)).exclude(pk=firm.pk)
    return any(
        (one.industry and one.industry == firm.industry) or (one.cluster_id and one.cluster_id == firm.cluster_id)
        for one in mine
    )


def flags(row: Clue) -> list[Flag]:
    """Return what the secretariat should know of a clue."""
    found = []
    if row.says_competitor:
        found.append(Flag("competitor", {}))
    if row.same_trade:
        found.append(Flag("same_trade", {}))
    if row.sender_key:
        same = Clue.objects.filter(sender_key=row.sender_key, raised_on__gt=row.raised_on - YEAR, pk__lte=row.pk)
        if (n := same.count()) >= rule_number("federation.clue.frequent"):
            found.append(Flag("frequent", {"n": n}))
        if (n := same.filter(respondent_name=row.respondent_name).count()) >= REPEATED:
            found.append(Flag("repeated", {"n": n}))
    found += [Flag("chair", {"name": seat.committee.name}) for seat in chairs(row.enterprise)]
    return found
