"""What is still open in a case ends with it: orders to laboratories, panels, second opinions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, override

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.checks import SYSTEM


@subscriber("hospital.case_ended")
def end_what_is_open(actor: Any, case: Case) -> None:
    """Cancel what nobody will finish; who waits for it reads why."""
    with override("zh-hans"):
        why = gettext("the case has ended")
    facts = {"reason": why}
    for order in case.examinations.filter(status__in=("ordered", "accepted")).order_by("pk"):
        move(SYSTEM, locked(order), "cancel", "hospital.cancel_examination", facts=facts, for_good=True, conclusion=why)
    for panel in case.panels.filter(status="called").order_by("pk"):
        move(SYSTEM, locked(panel), "cancel", "hospital.cancel_panel", facts=facts, for_good=True, decision=why)
    for asked in case.second_opinions.filter(status__in=("asked", "appointed")).order_by("pk"):
        move(SYSTEM, locked(asked), "withdraw", "hospital.withdraw_second_opinion", for_good=True)
