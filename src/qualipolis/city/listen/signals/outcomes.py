"""What became of the signals: confirmed, refuted, or nothing to do, as the ledger tells it; and how many were true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen.models import Signal
from qualipolis.methods.sampling.proportion import Interval, wilson

ENDS = {
    "listen.confirm_signal": "confirmed",
    "listen.refute_signal": "refuted",
    "listen.dismiss_signal": "dismissed",
}
FINAL = ("confirmed", "dismissed")


@dataclass(frozen=True)
class Outcomes:
    """Settled signals by how they ended; those that still wait say nothing yet.

    ``precision`` is the share of confirmed ones among those on which something was done and that were then found true or
    false; ``strict`` counts those that were dismissed at a look as false ones too.
    """

    raised: int
    confirmed: int
    refuted: int
    dismissed: int
    waiting: int
    precision: Interval | None
    strict: Interval | None


def ends_of(rows: list[Signal]) -> dict[int, str]:
    """Return how each settled signal ended, by the last such line of the ledger that still holds."""
    settled = {name_of(row): row.pk for row in rows if row.status in FINAL}
    events = Event.objects.filter(thing__in=list(settled), verb__in=ENDS).exclude(reversal__undone_at__isnull=False)
    found = {settled[event.thing]: ENDS[event.verb] for event in events.order_by("seq")}
    return {row.pk: found.get(row.pk, row.status) for row in rows if row.status in FINAL}


def outcomes(actor: Any) -> Outcomes:
    """Return what became of all signals somebody sees; joined ones are counted with the one they joined."""
    rows = list(visible(actor, Signal.objects.exclude(status="merged")))
    ended = list(ends_of(rows).values())
    confirmed, refuted, dismissed = (ended.count(one) for one in ("confirmed", "refuted", "dismissed"))
    acted, every = confirmed + refuted, confirmed + refuted + dismissed
    return Outcomes(
        len(rows), confirmed, refuted, dismissed, len(rows) - every, wilson(confirmed, acted) if acted else None,
        wilson(confirmed, every) if every else None,
    )  # fmt: skip
