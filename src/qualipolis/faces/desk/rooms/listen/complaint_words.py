"""How the pages of complaints write what they hold: the state as a chip, the term in the days of its order, the way."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qualipolis.city.core.clocks import clock_name
from qualipolis.city.listen.complaints import clocks, pauses
from qualipolis.city.listen.complaints.lists import ground_words
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.terms import mediation_rule
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.deadlines import clock_chip
from qualipolis.faces.desk.rooms.measure.pieces import day
from qualipolis.faces.desk.rooms.measure.pieces import deadline as working_deadline
from qualipolis.law.listening.grounds import order_on
from qualipolis.law.listening.rules import ORDER_121_FROM
from qualipolis.law.rules import rule_on

CHIPS = {
    "received": ("wait", ""), "identity_requested": ("wait", "hourglass"), "jurisdiction": ("wait", "hourglass"),
    "transferred": ("idle", ""), "refused": ("idle", ""), "accepted": ("wait", ""), "mediating": ("wait", "message"),
    "entrusted": ("wait", "users"), "paused": ("wait", "player-pause"), "agreed": ("ok", ""), "ended": ("warn", ""),
    "withdrawn": ("idle", ""), "closed": ("ok", ""),
}  # fmt: skip
UNDER_WAY = ("accepted", "mediating", "entrusted", "paused")
OUT = ("refused", "transferred", "withdrawn")
STOPS = (
    (pgettext_lazy("step of a complaint", "Received"), ("received", "identity_requested", "jurisdiction")),
    (pgettext_lazy("step of a complaint", "Accepted"), ("accepted",)),
    (pgettext_lazy("step of a complaint", "Mediation"), ("mediating", "entrusted", "paused")),
    (pgettext_lazy("step of a complaint", "Result"), ("agreed", "ended")),
    (pgettext_lazy("step of a complaint", "Closed"), ("closed",)),
)


def state_chip(row: Complaint) -> parts.Chip:
    """Return the state of a complaint as a chip."""
    kind, icon = CHIPS[row.status]
    return parts.Chip(kind, _(row.flow.labels[row.status]), icon)


def title_of(row: Complaint) -> str:
    """Return what the page of a complaint is called: the product, and about whom."""
    product = row.letter.product_name or _("Complaint")
    return _("%(product)s, about %(firm)s") % {"product": product, "firm": firm_of(row)}


def firm_of(row: Complaint) -> str:
    """Return the firm of the register, or the name that the letter gives."""
    return row.enterprise.name if row.enterprise else row.letter.respondent_name


def deadline(row: Complaint, today: date | None = None) -> parts.Deadline | None:
    """Return the term that runs: in working days, of a mediation under Order 121 in calendar days; a pause says so."""
    if row.ended:
        return None
    day_ = today or timezone.localdate()
    if row.status == "paused":
        left = pauses.days_left(row, day_)
        return parts.Deadline(left, None, paused=_("for a test, %(left)s days left") % {"left": left})
    if row.status not in UNDER_WAY or row.due_on is None or mediation_rule(row.received_on).unit == "working days":
        return working_deadline(row.due_on)
    term = pauses.term_of(row, day_)
    return parts.Deadline(
        (row.due_on - day_).days, row.due_on, calendar=True, provisional=bool(term and term.provisional)
    )


def order_words(row: Complaint) -> str:
    """Return the order that governs the complaint."""
    return _(order_on(row.received_on))


def short_order(row: Complaint) -> str:
    """Return the number of the order that governs the complaint."""
    return _("Order 121") if row.received_on >= ORDER_121_FROM else _("Order 20")


def way(row: Complaint, *, mine: bool) -> list[parts.Step]:
    """Return the stops of a complaint; what ended early stops where it stood."""
    out = row.status in OUT
    at = next((n for n, (_name, states) in enumerate(STOPS) if row.status in states), -1)
    if out:
        at = 2 if row.accepted_on else 0
    days = (row.received_on, row.accepted_on, None, row.ended_on, None)
    found = []
    for position, (name, _states) in enumerate(STOPS):
        kind = "done" if position < at or row.status == "closed" else "todo"
        if position == at and kind == "todo" and not out:
            kind = "begun" if mine else "waiting"
        when = day(days[position]) if kind == "done" or position == 0 else ""
        found.append(parts.Step(str(name), kind, _who(row, position, kind), when))
    return found


def _who(row: Complaint, position: int, kind: str) -> str:
    if position == 2 and row.status in ("entrusted", "paused") and row.mediator:
        return str(row.mediator.name)
    if position == 2 and kind == "begun" and row.status == "paused":
        return _("clock stands")
    return ""


def clock_rows(row: Complaint) -> list[dict[str, Any]]:
    """Return every clock of a complaint with its rule, as the ledger tells it."""
    today, found = timezone.localdate(), []
    for one in clocks.clocks(row, today):
        rule = rule_on(one.rule, row.received_on)
        found.append(
            {"name": _(rule.clause) if rule.clause else clock_name(one), "clock": one, "rule": rule, "stood": _stood(one),
             "chip": clock_chip(one, today)}
        )  # fmt: skip
    return found


def _stood(clock: clocks.Clock) -> int:
    return sum((stop.until - stop.since).days for stop in clock.stops)


def lead_of(row: Complaint) -> str:
    """Return when it came, under which order, and how it ended, in one or two short sentences."""
    given = {"number": row.number, "day": day(row.received_on), "order": short_order(row)}
    ground = ground_words(row) if row.status in ("refused", "ended", "closed") else ""
    if ground:
        return _("%(number)s, received on %(day)s under %(order)s. Ground: %(ground)s.") % (given | {"ground": ground})
    return _("%(number)s, received on %(day)s under %(order)s.") % given
