"""What waits for someone in signals: new ones to look at, one's own to decide on, proposals to answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.visibility import ANALYSTS, HOSPITAL

STOP, MOST = "listen", 10


def title_of(row: Signal) -> str:
    """Return what a signal is about in the reader's language: class, danger and town."""
    told = [one for one in (row.product_class, row.hazard, row.unit.name if row.unit else "") if one]
    return _(", ").join(told) or row.number


def signal_work(actor: Any) -> list[WorkItem]:
    """Return the signals that nobody has looked at, and those that somebody took and that wait for a decision."""
    mine = getattr(actor, "pk", None)
    rows = queries.signals(actor, {"show": "open"}).order_by("due_on", "pk")[: 3 * MOST]
    shown = [row for row in rows if row.status == "raised" or row.looked_by_id == mine][:MOST]
    return [_signal(row) for row in shown] + _settle(actor, mine)


def _signal(row: Signal) -> WorkItem:
    why, verb = _("A new signal: look whether there is something to it."), "listen.look_at_signal"
    if row.status == "looking":
        why, verb = _("You are looking at it: propose something, or say that there is nothing to do."), "listen.propose"
    title = _("Signal: %(about)s") % {"about": title_of(row)}
    return WorkItem(STOP, title, why, row.due_on, "desk:listen_signal", (row.pk,), verb)


def _settle(actor: Any, mine: Any) -> list[WorkItem]:
    """Return one's own signals whose proposals are all answered: was it true?"""
    rows = queries.signals(actor, {"show": "acted"}).filter(looked_by=mine)
    why = _("Every proposal is answered: say whether the signal was true.")
    return [
        WorkItem(STOP, _("Signal: %(about)s") % {"about": title_of(row)}, why, None, "desk:listen_signal", (row.pk,),
                 "listen.confirm_signal")
        for row in rows.exclude(proposals__status="proposed").distinct()[:MOST]
    ]  # fmt: skip


def proposal_work(actor: Any) -> list[WorkItem]:
    """Return the proposals that one's office answers."""
    return [_proposal(row) for row in queries.to_answer(actor)[:MOST]]


def _proposal(row: Proposal) -> WorkItem:
    title = _("Proposal (%(kind)s): %(about)s") % {"kind": row.get_kind_display(), "about": title_of(row.signal)}
    why = _("A signal proposes it; you decide.")
    return WorkItem(STOP, title, why, row.due_on, "desk:listen_proposal", (row.pk,), "listen.take_up_proposal")


MAKERS: Makers = (
    *((role, signal_work) for role in ANALYSTS),
    *((role, proposal_work) for role in ("planner", "department", *HOSPITAL)),
)
