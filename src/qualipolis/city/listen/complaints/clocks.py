"""Every clock of a complaint, computed from the ledger alone: when it began, until when, what paused it, kept or late.

The terms are those of the order in force on the day of receipt. A step that was taken back is as if it had never been.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.terms import MEDIATION, Stop, mediation_term
from qualipolis.law.flows.listening import COMPLAINT
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import msg

ACCEPTANCE = "complaint.acceptance"
RUNS: dict[str, tuple[str, ...]] = {
    ACCEPTANCE: ("received",),
    "complaint.identity": ("identity_requested",),
    "complaint.jurisdiction": ("jurisdiction",),
    MEDIATION: ("accepted", "mediating", "entrusted", "paused"),
    "complaint.end_notice": ("agreed", "ended"),
}
STATES = {
    "kept": msg("kept"),
    "late": msg("late"),
    "given_up": msg("ended before"),
    "paused": msg("stands still"),
    "running": msg("running"),
    "overdue": msg("overdue"),
}
GIVEN_UP = ("withdrawn", "transferred")


@dataclass(frozen=True)
class Move:
    """One step of a complaint that stands in the ledger."""

    seq: int
    day: date
    to: str


@dataclass(frozen=True)
class Clock:
    """One term of a complaint: its last day (while it stands still: as if it went on today), its pauses, how it ended."""

    rule: str
    started_on: date
    due: date
    stops: tuple[Stop, ...] = ()
    paused_since: date | None = None
    stopped_on: date | None = None
    given_up: bool = False

    def state(self, today: date) -> str:
        """Return ``kept``, ``late``, ``given_up``, ``paused``, ``running`` or ``overdue``."""
        end = self.stopped_on or self.paused_since or today
        if end > self.due:
            return "late" if self.stopped_on else "overdue"
        if self.stopped_on:
            return "given_up" if self.given_up else "kept"
        return "paused" if self.paused_since else "running"


def moves_of(complaints: Iterable[Complaint]) -> dict[int, list[Move]]:
    """Return the steps of complaints in their order, without those that were taken back; one query."""
    keys = {name_of(row): row.pk for row in complaints}
    found: dict[int, list[Move]] = {pk: [] for pk in keys.values()}
    told, back = [], set()
    for event in Event.objects.filter(thing__in=keys).order_by("seq"):
        said = json.loads(event.payload)
        if event.verb == "step.undo":
            back.add(said.get("event"))
        elif said.get("to") in COMPLAINT.labels:
            told.append((event, said["to"]))
    for event, to in told:
        if event.seq not in back:
            found[keys[event.thing]].append(Move(event.seq, timezone.localdate(event.at), to))
    return found


def of_complaints(rows: Sequence[Complaint], today: date | None = None) -> dict[int, list[Clock]]:
    """Return the clocks of many complaints with one query."""
    day, found = today or timezone.localdate(), moves_of(rows)
    return {row.pk: computed(found[row.pk], row.received_on, day) for row in rows}


def clocks(row: Complaint, today: date | None = None) -> list[Clock]:
    """Return every clock of a complaint, in the order in which they began."""
    return of_complaints([row], today)[row.pk]


def computed(moves: Sequence[Move], received_on: date, today: date) -> list[Clock]:
    """Return the clocks that the receipt and the steps ``moves`` (oldest first) have started.

    >>> moves = [Move(1, date(2026, 4, 24), "accepted"), Move(2, date(2026, 4, 27), "ended")]
    >>> [(one.rule, one.due.isoformat(), one.state(date(2026, 4, 28))) for one in computed(
    ...     moves, date(2026, 4, 15), date(2026, 4, 28))][:2]
    [('complaint.acceptance', '2026-04-24', 'kept'), ('complaint.mediation', '2026-06-23', 'kept')]
    """
    found = [_begun(ACCEPTANCE, received_on, received_on)]
    before = COMPLAINT.initial
    for one in moves:
        found = [_after(clock, one, received_on) for clock in found]
        step = next((s for s in COMPLAINT.steps if before in s.sources and s.target == one.to), None)
        if step is not None and step.due is not None:
            found.append(_begun(step.due.rule, one.day, received_on))
        before = one.to
    return [_standing(clock, received_on, today) for clock in found]


def _begun(rule: str, day: date, received_on: date) -> Clock:
    return Clock(rule, day, deadline(rule, day, in_force=received_on).due)


def _after(clock: Clock, move: Move, received_on: date) -> Clock:
    """Return a clock after a step: paused, going on, stopped, or as it was."""
    if clock.stopped_on is not None:
        return clock
    if clock.rule == MEDIATION and move.to == "paused":
        return replace(clock, paused_since=move.day)
    if clock.paused_since is not None and move.to in RUNS[MEDIATION]:
        stops = (*clock.stops, Stop(clock.paused_since, move.day))
        due = mediation_term(clock.started_on, received_on, stops).due
        return replace(clock, stops=stops, due=due, paused_since=None)
    if move.to in RUNS[clock.rule]:
        return clock
    last = clock.paused_since or move.day
    return replace(clock, stopped_on=last, paused_since=None, given_up=move.to in GIVEN_UP)


def _standing(clock: Clock, received_on: date, today: date) -> Clock:
    """Return a clock that stands still with the last day it would have if it went on today."""
    if clock.paused_since is None:
        return clock
    stops = (*clock.stops, Stop(clock.paused_since, today))
    return replace(clock, due=mediation_term(clock.started_on, received_on, stops).due)


def summary(found: Mapping[int, Sequence[Clock]], today: date) -> dict[str, tuple[int, int]]:
    """Return for each rule (kept, decided): decided are the clocks that were kept, are late or overdue."""
    counted: dict[str, tuple[int, int]] = {}
    for clock in (one for several in found.values() for one in several):
        state = clock.state(today)
        if state in ("kept", "late", "overdue"):
            kept, decided = counted.get(clock.rule, (0, 0))
            counted[clock.rule] = (kept + (state == "kept"), decided + 1)
    return counted
