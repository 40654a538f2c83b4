"""A signal that asks for a consultation becomes a group disease to decide on; its answer goes back, and no case does.

The hospital hears class, danger, weeks and the number of the signal. What it tells is its own number of the group, or that
it declines: never a case, a firm or a finding.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.hospital.models import GroupDisease
from qualipolis.city.listen import service as listen
from qualipolis.city.listen.queries import signal_queries

SYSTEM = System("hospital")
WEEKS, OTHER = 4, "other"


@subscriber("listen.proposal_made")
def take_in(actor: Any, proposal: Any, **facts: Any) -> None:
    """Open a group disease for a proposed consultation; a group of the same class that still waits is named instead."""
    row = proposal.signal
    if proposal.kind != "hospital" or not row.product_class:
        return
    waiting = GroupDisease.objects.filter(product_class=row.product_class, status="proposed").order_by("pk").first()
    if waiting is not None:
        if not waiting.signal_no:
            waiting.signal_no = row.number
            waiting.save(update_fields=["signal_no"])
        return
    made = GroupDisease.objects.create(
        number=next_number("GD", timezone.localdate().year), product_class=row.product_class, defect_code=OTHER,
        first_on=row.week - timedelta(weeks=WEEKS - 1), last_on=row.week + timedelta(days=6), signal_no=row.number,
    )  # fmt: skip
    record(SYSTEM, "hospital.propose_group", made, {"of": made.number, "cases": 0, "firms": 0, "signal": row.number})
    tell(SYSTEM, "hospital.group_proposed", made)


@subscriber("hospital.group_taken_up")
def answer(actor: Any, group: GroupDisease, **facts: Any) -> None:
    """Say that the consultation begins, by the number of the group alone."""
    for proposal in _waiting(group):
        listen.take_up_proposal(actor, proposal, group.number)


@subscriber("hospital.group_dismissed")
def decline(actor: Any, group: GroupDisease, **facts: Any) -> None:
    """Say that the hospital sees no group disease; its reason speaks of cases and stays here."""
    for proposal in _waiting(group):
        listen.decline_proposal(actor, proposal, gettext("The hospital sees no group disease in it."))


def _waiting(group: GroupDisease) -> Any:
    rows = signal_queries.proposals(SYSTEM, {"show": "open"})
    return rows.filter(kind="hospital", signal__number=group.signal_no) if group.signal_no else rows.none()
