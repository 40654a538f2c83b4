"""What the clocks of every room share: the steps that stand in the ledger, how a clock stands, how many were kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.listings import table
from qualipolis.city.core.models import Event
from qualipolis.law.flow import Flow
from qualipolis.law.rules_table import RULES
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import msg

NAMES = {rule.code: rule.clause for rule in RULES}
STATES = {
    "kept": msg("kept"),
    "late": msg("done late"),
    "given_up": msg("ended before"),
    "paused": msg("stands still"),
    "running": msg("running"),
    "overdue": msg("overdue"),
}


@dataclass(frozen=True)
class Stood:
    """One step that stands in the ledger: its day, the state it led to, who took it by which verb, what was given."""

    day: date
    to: str
    actor: str = ""
    verb: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """One term.

    ``due`` is its last day (while it stands still: as if it ran on today), ``stopped_on`` the day on which the awaited
    step was taken, ``given_up`` whether the matter ended without it.
    """

    rule: str
    started_on: date
    due: date
    paused_since: date | None = field(default=None, kw_only=True)
    stopped_on: date | None = field(default=None, kw_only=True)
    given_up: bool = field(default=False, kw_only=True)

    def state(self, today: date) -> str:
        """Return a key of :data:`STATES`: how the clock stands.

        >>> Clock("r", date(2026, 3, 2), date(2026, 3, 4), stopped_on=date(2026, 3, 5)).state(date(2026, 3, 9))
        'late'
        """
        end = self.stopped_on or self.paused_since or today
        if end > self.due:
            return "late" if self.stopped_on else "overdue"
        if self.stopped_on:
            return "given_up" if self.given_up else "kept"
        return "paused" if self.paused_since else "running"


def stood(rows: Iterable[Any]) -> dict[int, list[Stood]]:
    """Return the steps of rows of one table in their order, without those that were taken back; one query.

    A step is an event whose payload leads to a state (``to``) of the row's flow.
    """
    keys = {name_of(row): row for row in rows}
    told, back = [], set()
    for event in Event.objects.filter(thing__in=keys).order_by("seq"):
        said = json.loads(event.payload)
        if event.verb == "step.undo":
            back.add(said.get("event"))
        elif said.get("to") in keys[event.thing].flow.labels:
            told.append((event, said))
    found: dict[int, list[Stood]] = {row.pk: [] for row in keys.values()}
    for event, said in told:
        if event.seq not in back:
            step = Stood(timezone.localdate(event.at), said["to"], event.actor, event.verb, said)
            found[keys[event.thing].pk].append(step)
    return found


def rule_begun(flow: Flow, before: str, to: str) -> str | None:
    """Return the code of the term that begins with the step from ``before`` to ``to``, if one does."""
    step = next((one for one in flow.steps if before in one.sources and one.target == to), None)
    return step.due.rule if step is not None and step.due is not None else None


def one_by_one(flow: Flow, steps: Sequence[Stood], *, first: Clock | None = None) -> list[Clock]:
    """Return the clocks that ``steps`` (oldest first) started where each stops with the step after it.

    A step that says on which day its matter happened (``on``) starts its clock on that day. ``first`` runs before.

    >>> from qualipolis.law.flows.listening import RECALL
    >>> steps = [Stood(date(2026, 3, 2), "assessing"), Stood(date(2026, 3, 4), "defect_found")]
    >>> [(one.rule, one.due.isoformat(), one.state(date(2026, 3, 17))) for one in one_by_one(RECALL, steps)]
    [('recall.assessment', '2026-04-14', 'kept'), ('recall.plan', '2026-03-18', 'running')]
    """
    found, before = ([first] if first else []), flow.initial
    for one in steps:
        if found and found[-1].stopped_on is None:
            found[-1] = replace(found[-1], stopped_on=one.day)
        rule = rule_begun(flow, before, one.to)
        if rule is not None:
            start = _day(one.said.get("on")) or one.day
            found.append(Clock(rule, start, deadline(rule, start).due))
        before = one.to
    return found


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def summary(found: Mapping[int, Sequence[Clock]], today: date) -> dict[str, tuple[int, int]]:
    """Return for each rule (kept, decided): decided are the clocks that were kept, are late or overdue."""
    counted: dict[str, tuple[int, int]] = {}
    for clock in (one for several in found.values() for one in several):
        state = clock.state(today)
        if state in ("kept", "late", "overdue"):
            kept, decided = counted.get(clock.rule, (0, 0))
            counted[clock.rule] = (kept + (state == "kept"), decided + 1)
    return counted


def clock_name(clock: Clock) -> str:
    """Return what a clock is called: the clause of its rule."""
    return _(NAMES[clock.rule])


def clock_table(lines: Sequence[tuple[str, Clock]], today: date) -> pl.DataFrame:
    """Return the table of clocks that can be taken along, each beside the number of its matter."""
    return table(
        {
            _("Number"): (pl.String, [number for number, _one in lines]),
            _("Clock"): (pl.String, [clock_name(one) for _number, one in lines]),
            _("Began on"): (pl.Date, [one.started_on for _number, one in lines]),
            _("Last day"): (pl.Date, [one.due for _number, one in lines]),
            _("Stopped on"): (pl.Date, [one.stopped_on for _number, one in lines]),
            _("State"): (pl.String, [_(STATES[one.state(today)]) for _number, one in lines]),
        }
    )
