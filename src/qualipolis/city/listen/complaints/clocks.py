"""Every clock of a complaint, computed from the ledger alone: when it began, until when, what paused it, kept or late.

The terms are those of the order in force on the day of receipt. A step that was taken back is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from qualipolis.city.core import clocks as core
from qualipolis.city.core.clocks import Stood, rule_begun, stood
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.terms import MEDIATION, Stop, mediation_term
from qualipolis.law.flows.listening import COMPLAINT
from qualipolis.law.terms import deadline

ACCEPTANCE = "complaint.acceptance"
RUNS: dict[str, tuple[str, ...]] = {
    ACCEPTANCE: ("received",),
    "complaint.identity": ("identity_requested",),
    "complaint.jurisdiction": ("jurisdiction",),
    MEDIATION: ("accepted", "mediating", "entrusted", "paused"),
    "complaint.end_notice": ("agreed", "ended"),
}
GIVEN_UP = ("withdrawn", "transferred")


@dataclass(frozen=True)
class Clock(core.Clock):
    """One term of a complaint: ``stops`` are the times in which it stood still."""

    stops: tuple[Stop, ...] = field(default=(), kw_only=True)


def of_complaints(rows: Sequence[Complaint], today: date | None = None) -> dict[int, list[Clock]]:
    """Return the clocks of many complaints with one query."""
    day, found = today or timezone.localdate(), stood(rows)
    return {row.pk: computed(found[row.pk], row.received_on, day) for row in rows}


def clocks(row: Complaint, today: date | None = None) -> list[Clock]:
    """Return every clock of a complaint, in the order in which they began."""
    return of_complaints([row], today)[row.pk]


def computed(steps: Sequence[Stood], received_on: date, today: date) -> list[Clock]:
    """Return the clocks that the receipt and the ``steps`` (oldest first) have started.

    >>> steps = [Stood(date(2026, 4, 24), "accepted"), Stood(date(2026, 4, 27), "ended")]
    >>> [(one.rule, one.due.isoformat(), one.state(date(2026, 4, 28))) for one in computed(
    ...     steps, date(2026, 4, 15), date(2026, 4, 28))][:2]
    [('complaint.acceptance', '2026-04-24', 'kept'), ('complaint.mediation', '2026-06-23', 'kept')]
    """
    found = [_begun(ACCEPTANCE, received_on, received_on)]
    before = COMPLAINT.initial
    for one in steps:
        found = [_after(clock, one, received_on) for clock in found]
        rule = rule_begun(COMPLAINT, before, one.to)
        if rule is not None:
            found.append(_begun(rule, one.day, received_on))
        before = one.to
    return [_standing(clock, received_on, today) for clock in found]


def _begun(rule: str, day: date, received_on: date) -> Clock:
    return Clock(rule, day, deadline(rule, day, in_force=received_on).due)


def _after(clock: Clock, step: Stood, received_on: date) -> Clock:
    """Return a clock after a step: paused, going on, stopped, or as it was."""
    if clock.stopped_on is not None:
        return clock
    if clock.rule == MEDIATION and step.to == "paused":
        return replace(clock, paused_since=step.day)
    if clock.paused_since is not None and step.to in RUNS[MEDIATION]:
        stops = (*clock.stops, Stop(clock.paused_since, step.day))
        due = mediation_term(clock.started_on, received_on, stops).due
        return replace(clock, stops=stops, due=due, paused_since=None)
    if step.to in RUNS[clock.rule]:
        return clock
    last = clock.paused_since or step.day
    return replace(clock, stopped_on=last, paused_since=None, given_up=step.to in GIVEN_UP)


def _standing(clock: Clock, received_on: date, today: date) -> Clock:
    """Return a clock that stands still with the last day it would have if it went on today."""
    if clock.paused_since is None:
        return clock
    stops = (*clock.stops, Stop(clock.paused_since, today))
    return replace(clock, due=mediation_term(clock.started_on, received_on, stops).due)
