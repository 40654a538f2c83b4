"""Every clock of a case, computed from the ledger alone: when it began, until when, what paused it, kept or late.

The table of law says which step starts a term; a clock runs while the case stays in the states of that term. A pause
takes the working days from the question to the day before the answer out of the term. A step that was taken back is
as if it had never been. Nothing is stored: the rows may be wrong, the ledger decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils import timezone

from qualipolis.city.core import clocks as core
from qualipolis.city.core.clocks import Stood, rule_begun, stood
from qualipolis.city.hospital.models import Case
from qualipolis.law.calendar import Pause, working_days_between
from qualipolis.law.flows.hospital import CASE
from qualipolis.law.terms import deadline

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
GIVEN_UP = ("withdrawn", "deregistered", "closed_unresponsive")


@dataclass(frozen=True)
class Clock(core.Clock):
    """One term of a case: ``pauses`` are the days that are not counted, ``provisional`` where a calendar is missing."""

    provisional: bool = field(default=False, kw_only=True)
    pauses: tuple[Pause, ...] = field(default=(), kw_only=True)

    def left(self, today: date) -> int:
        """Return the working days left after ``today``; negative when it is over."""
        return working_days_between(today, self.due)


def clocks(case: Case, today: date | None = None) -> list[Clock]:
    """Return every clock of a case, in the order in which they began.

    >>> steps = [Stood(date(2026, 9, 30), "registered"), Stood(date(2026, 10, 8), "triaged")]
    >>> first, second = computed(steps, date(2026, 10, 8))
    >>> first.due, first.state(date(2026, 10, 8))  # the week of 1 October is a holiday
    (datetime.date(2026, 10, 8), 'kept')
    """
    return computed(stood([case])[case.pk], today or timezone.localdate())


def of_cases(cases: Sequence[Case], today: date | None = None) -> dict[int, list[Clock]]:
    """Return the clocks of many cases with one query."""
    day = today or timezone.localdate()
    return {pk: computed(steps, day) for pk, steps in stood(cases).items()}


def computed(steps: Sequence[Stood], today: date) -> list[Clock]:
    """Return the clocks that the ``steps`` (oldest first) have started."""
    found: list[Clock] = []
    before = CASE.initial
    for one in steps:
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


def _stop(clock: Clock, step: Stood) -> Clock:
    """Stop a clock when its case leaves the states of the term; a pause alone does not stop it."""
    silent = clock.rule in ("hospital.waiting", "hospital.suspension")
    held = clock.paused_since is not None and step.to in WAITING
    if not _open(clock) or step.to in RUNS[clock.rule] or (held and not silent):
        return clock
    last = clock.paused_since or step.day
    return replace(clock, stopped_on=last, paused_since=None, given_up=step.to in GIVEN_UP)


def _started(before: str, step: Stood) -> list[Clock]:
    rule = rule_begun(CASE, before, step.to)
    if rule not in RUNS:
        return []
    term = deadline(rule, step.day)
    return [Clock(rule, step.day, term.due, provisional=term.provisional)]


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
