"""Every clock of a case, computed from the ledger alone: when it began, until when, what paused it, kept or late.

The table of law says which step starts a term; a clock runs while the case stays in the states of that term. A pause
takes the working days from the question to the day before the answer out of the term. A step that was taken back is
as if it had never been. Nothing is stored: the rows may be wrong, the ledger decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.hospital.models import Case
from qualipolis.law.calendar import Pause, working_days_between
from qualipolis.law.flow import Step
from qualipolis.law.flows.hospital import CASE
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import msg

ONE_DAY = timedelta(days=1)
WAITING = ("waiting_firm", "suspended")
RUNS: dict[str, tuple[str, ...]] = {
    "hospital.first_response": ("registered",),
    "hospital.assignment": ("triaged", "reopened"),
    "hospital.answer_of_expert": ("proposed",),
    "hospital.diagnosis": ("assigned", "examining", "panel"),
    "hospital.panel": ("panel",),
    "hospital.prescription": ("diagnosed",),
    "hospital.answer_of_firm": ("prescribed",),
    "hospital.verification": ("verifying",),
    "hospital.waiting": ("waiting_firm",),
    "hospital.suspension": ("suspended",),
}
OF_FIRM = ("hospital.answer_of_firm", "hospital.waiting", "hospital.suspension")
STATES = {
    "kept": msg("kept"),
    "late": msg("late"),
    "given_up": msg("ended before"),
    "paused": msg("stands still"),
    "running": msg("running"),
    "overdue": msg("overdue"),
}
GIVEN_UP = ("withdrawn", "deregistered", "closed_unresponsive")


@dataclass(frozen=True)
class Move:
    """One step of a case that stands in the ledger."""

    seq: int
    day: date
    to: str
    actor: str
    verb: str


@dataclass(frozen=True)
class Clock:
    """One term of a case.

    ``due`` is its last day (while it stands still: as if it ran on today), ``pauses`` the days that are not counted,
    ``stopped_on`` the day on which the awaited step was taken, ``given_up`` whether the case ended without it.
    """

    rule: str
    started_on: date
    due: date
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
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

    def left(self, today: date) -> int:
        """Return the working days left after ``today``; negative when it is over."""
        return working_days_between(today, self.due)


def moves_of(cases: Iterable[Case]) -> dict[int, list[Move]]:
    """Return the steps of cases in their order, without those that were taken back; one query."""
    keys = {name_of(case): case.pk for case in cases}
    found: dict[int, list[Move]] = {pk: [] for pk in keys.values()}
    told, back = [], set()
    for event in Event.objects.filter(thing__in=keys).order_by("seq"):
        said = json.loads(event.payload)
        if event.verb == "step.undo":
            back.add(said.get("event"))
        elif said.get("to") in CASE.labels:
            told.append((event, said["to"]))
    for event, to in told:
        if event.seq not in back:
            day = timezone.localdate(event.at)
            found[keys[event.thing]].append(Move(event.seq, day, to, event.actor, event.verb))
    return found


def clocks(case: Case, today: date | None = None) -> list[Clock]:
    """Return every clock of a case, in the order in which they began.

    >>> moves = [Move(1, date(2026, 9, 30), "registered", "", ""), Move(2, date(2026, 10, 8), "triaged", "", "")]
    >>> first, second = computed(moves, date(2026, 10, 8))
    >>> first.due, first.state(date(2026, 10, 8))  # the week of 1 October is a holiday
    (datetime.date(2026, 10, 8), 'kept')
    """
    return computed(moves_of([case])[case.pk], today or timezone.localdate())


def of_cases(cases: Sequence[Case], today: date | None = None) -> dict[int, list[Clock]]:
    """Return the clocks of many cases with one query."""
    day = today or timezone.localdate()
    return {pk: computed(moves, day) for pk, moves in moves_of(cases).items()}


def computed(moves: Sequence[Move], today: date) -> list[Clock]:
    """Return the clocks that the steps ``moves`` (oldest first) have started."""
    found: list[Clock] = []
    before = CASE.initial
    for one in moves:
        if one.to in WAITING and before not in WAITING:
            found = [_pause(clock, one.day) for clock in found]
        elif before in WAITING and one.to not in (*WAITING, *CASE.finals):
            found = [_resume(clock, one.day) for clock in found]
        found = [_stop(clock, one) for clock in found]
        found += _started(before, one)
        before = one.to
    return [_standing(clock, today) for clock in found]


def _open(clock: Clock) -> bool:
    return clock.stopped_on is None


def _pause(clock: Clock, day: date) -> Clock:
    return replace(clock, paused_since=day) if _open(clock) else clock


def _resume(clock: Clock, day: date) -> Clock:
    """Take the days of the pause out of the term; one that was over before the pause stays over."""
    if not _open(clock) or clock.paused_since is None:
        return clock
    paused = (*clock.pauses, (clock.paused_since, day - ONE_DAY)) if day > clock.paused_since else clock.pauses
    return _due(replace(clock, pauses=paused, paused_since=None))


def _due(clock: Clock) -> Clock:
    term = deadline(clock.rule, clock.started_on, paused=clock.pauses)
    return replace(clock, due=term.due, provisional=term.provisional)


def _stop(clock: Clock, move: Move) -> Clock:
    """Stop a clock when its case leaves the states of the term; a pause alone does not stop it."""
    silent = clock.rule in ("hospital.waiting", "hospital.suspension")
    held = clock.paused_since is not None and move.to in WAITING
    if not _open(clock) or move.to in RUNS[clock.rule] or (held and not silent):
        return clock
    last = clock.paused_since or move.day
    return replace(clock, stopped_on=last, paused_since=None, given_up=move.to in GIVEN_UP)


def _started(before: str, move: Move) -> list[Clock]:
    step = _step(before, move.to)
    if step is None or step.due is None or step.due.rule not in RUNS:
        return []
    term = deadline(step.due.rule, move.day)
    return [Clock(step.due.rule, move.day, term.due, term.provisional)]


def _step(before: str, to: str) -> Step | None:
    return next((step for step in CASE.steps if before in step.sources and step.target == to), None)


def _standing(clock: Clock, today: date) -> Clock:
    """Return a clock that stands still with the last day it would have if it ran on today."""
    if clock.paused_since is None or clock.paused_since > clock.due or today <= clock.paused_since:
        return clock
    moved = _due(replace(clock, pauses=(*clock.pauses, (clock.paused_since, today - ONE_DAY))))
    return replace(moved, pauses=clock.pauses)


def running(case: Case, rule: str) -> date | None:
    """Return the last day of the term ``rule`` of a case while it runs, else None."""
    return next((one.due for one in clocks(case) if one.rule == rule and _open(one)), None)


def due_now(case: Case, today: date | None = None) -> date | None:
    """Return the last day of the term that runs out first, or None while none runs."""
    running = [one.due for one in clocks(case, today) if _open(one) and one.paused_since is None]
    return min(running, default=None)


def summary(found: Mapping[int, Sequence[Clock]], today: date) -> dict[str, tuple[int, int]]:
    """Return for each rule (kept, decided): decided are the clocks that were kept, are late or overdue."""
    counted: dict[str, tuple[int, int]] = {}
    for clock in (one for clocks_ in found.values() for one in clocks_):
        state = clock.state(today)
        if state in ("kept", "late", "overdue"):
            kept, decided = counted.get(clock.rule, (0, 0))
            counted[clock.rule] = (kept + (state == "kept"), decided + 1)
    return counted
