"""What waits for someone: instruments that are due, those handed in for verification."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.nqi.metrology import queries
from qualipolis.city.nqi.metrology.models import Instrument
from qualipolis.city.nqi.metrology.visibility import verifiers

STOP, MOST = "build", 20


def _item(row: Instrument, why: str, due: Any, verb: str) -> WorkItem:
    title = _("Instrument %(number)s: %(name)s") % {"number": row.number, "name": row.name}
    return WorkItem(STOP, title, why, due, "desk:nqi_instrument", (row.pk,), verb)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the instruments of a firm that are due, overdue, never verified, or failed."""
    today, found = timezone.localdate(), []
    words = {
        "overdue": (_("The verification is overdue: it must not be used."), "nqi.hand_in_instrument"),
        "soon": (_("Hand it in for verification."), "nqi.hand_in_instrument"),
        "unknown": (_("No verification is known: hand it in before it is used."), "nqi.hand_in_instrument"),
        "failed": (_("It failed: have it mended and verified, or scrap it."), "nqi.scrap_instrument"),
    }
    for show, (why, verb) in words.items():
        rows = queries.own_instruments(actor, {"show": show}).exclude(status="at_verification")[:MOST]
        found += [_item(row, why, row.next_due or today, verb) for row in rows]
    return found[:MOST]


def institute_work(actor: Any) -> list[WorkItem]:
    """Return the instruments that were handed in, for an institute that may verify."""
    if not verifiers(actor).exists():
        return []
    rows = queries.instruments(actor, {"show": "handed_in"}).order_by("due_on", "pk")[:MOST]
    return [_item(row, _("Verify it and note the result."), row.due_on, "nqi.verify_instrument") for row in rows]


def office_work(actor: Any) -> list[WorkItem]:
    """Return how many instruments are overdue, as one line."""
    rows = queries.instruments(actor, {"show": "overdue"})
    count = rows.count()
    if not count:
        return []
    title = _("Instruments past their verification")
    why = _("%(count)s instruments in use are overdue.") % {"count": count}
    first = rows.first()
    due = first.next_due if first else None
    return [WorkItem(STOP, title, why, due, "desk:nqi_instruments", (), "nqi.seal_instrument", count)]


MAKERS: Makers = (
    ("enterprise", firm_work),
    ("laboratory", institute_work),
    ("inspector", office_work),
)
