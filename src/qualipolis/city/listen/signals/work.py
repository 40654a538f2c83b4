"""What waits for someone in signals: new ones to look at, one's own to decide on, proposals to answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import visible
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.visibility import ANALYSTS, HOSPITAL
from qualipolis.city.listen.statistics.naming import class_words

STOP, MOST = "listen", 10


def title_of(row: Signal) -> str:
    """Return what a signal is about in the reader's language: class, danger and town."""
    words = (
        class_words("product_class", row.product_class),
        class_words("hazard", row.hazard),
        row.unit.name if row.unit else "",
    )
    told = [one for one in words if one]
    return _(", ").join(told) or row.number


def signal_work(actor: Any) -> list[WorkItem]:
    """Return the signals nobody has looked at, one's own to decide on, and one's own whose proposals are all answered."""
    mine = getattr(actor, "pk", None)
    waiting = Proposal.objects.filter(signal=OuterRef("pk"), status="proposed")
    due = Q(status="raised") | Q(status="looking", looked_by=mine) | Q(~Exists(waiting), status="acted", looked_by=mine)
    rows = visible(actor, Signal.objects.filter(due)).select_related("unit").order_by("due_on", "pk")[:MOST]
    return [_signal(row) for row in rows]


def _signal(row: Signal) -> WorkItem:
    why, verb = {
        "raised": (_("A new signal: look whether there is something to it."), "listen.look_at_signal"),
        "looking": (
            _("You are looking at it: propose something, or say that there is nothing to do."),
            "listen.propose",
        ),
        "acted": (_("Every proposal is answered: say whether the signal was true."), "listen.confirm_signal"),
    }[row.status]
    title = _("Signal: %(about)s") % {"about": title_of(row)}
    return WorkItem(STOP, title, why, row.due_on, "desk:listen_signal", (row.pk,), verb)


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
