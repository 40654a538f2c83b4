"""The duty clocks of incidents and recalls, computed from the ledger: when each began, until when, kept or late.

A step that was taken back is as if it had never been. The firm's own clock runs from the day it learned of the danger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.listen.complaints.clocks import STATES, Clock, summary
from qualipolis.city.listen.models import Incident, Recall
from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening import INCIDENT, RECALL
from qualipolis.law.terms import deadline

__all__ = ["FIRM", "STATES", "SUMMARY", "UPWARD", "Clock", "Stood", "computed", "of_incidents", "of_recalls", "summary"]
FIRM, UPWARD, SUMMARY = "recall.firm_report", "incident.upward", "recall.summary"
VERIFIED = "incident.verification"


@dataclass(frozen=True)
class Stood:
    """One step that stands in the ledger: the state it led to, its day, and what was given with it."""

    day: date
    to: str
    said: Mapping[str, Any] = field(default_factory=dict)


def _stood(rows: Iterable[Any]) -> dict[int, list[Stood]]:
    """Return the steps of rows in their order, without those that were taken back; one query."""
    keys = {name_of(row): row.pk for row in rows}
    told, back = [], set()
    for event in Event.objects.filter(thing__in=keys).order_by("seq"):
        said = json.loads(event.payload)
        if event.verb == "step.undo":
            back.add(said.get("event"))
        elif said.get("to"):
            told.append((event, said))
    found: dict[int, list[Stood]] = {pk: [] for pk in keys.values()}
    for event, said in told:
        if event.seq not in back:
            found[keys[event.thing]].append(Stood(timezone.localdate(event.at), said["to"], said))
    return found


def computed(flow: Flow, steps: Sequence[Stood], *, first: Clock | None = None) -> list[Clock]:
    """Return the clocks that ``steps`` (oldest first) started; each stops with the step after it.

    >>> steps = [Stood(date(2026, 3, 2), "assessing"), Stood(date(2026, 3, 4), "defect_found")]
    >>> [(one.rule, one.due.isoformat(), one.state(date(2026, 3, 17))) for one in computed(RECALL, steps)]
    [('recall.assessment', '2026-04-14', 'kept'), ('recall.plan', '2026-03-18', 'running')]
    """
    found, before = ([first] if first else []), flow.initial
    for one in steps:
        if found and found[-1].stopped_on is None:
            found[-1] = replace(found[-1], stopped_on=one.day)
        step = next((s for s in flow.steps if before in s.sources and s.target == one.to), None)
        if step is not None and step.due is not None:
            start = _day(one.said.get("on")) or one.day
            found.append(Clock(step.due.rule, start, deadline(step.due.rule, start).due))
        before = one.to
    return found


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def of_incidents(rows: Sequence[Incident]) -> dict[int, list[Clock]]:
    """Return the clocks of incidents: the firm's duty, the verification, the report upward where it is serious."""
    told = _stood(rows)
    return {row.pk: _incident(row, told[row.pk]) for row in rows}


def _incident(row: Incident, steps: Sequence[Stood]) -> list[Clock]:
    begun = Clock(VERIFIED, row.reported_on, deadline(VERIFIED, row.reported_on).due)
    found = computed(INCIDENT, steps, first=begun)
    if not row.serious:
        found = [one for one in found if one.rule != UPWARD]
    if row.firm_due_on and row.learned_on:
        found.insert(0, Clock(FIRM, row.learned_on, row.firm_due_on, stopped_on=row.firm_reported_on))
    return found


def of_recalls(rows: Sequence[Recall]) -> dict[int, list[Clock]]:
    """Return the clocks of recalls; that of the summary runs from the last day of the plan."""
    told = _stood(rows)
    return {row.pk: _recall(row, told[row.pk]) for row in rows}


def _recall(row: Recall, steps: Sequence[Stood]) -> list[Clock]:
    found = computed(RECALL, steps)
    done = next((one.day for one in reversed(steps) if one.to == "completed"), None)
    over = row.until is not None and timezone.localdate() > row.until
    if row.until and row.announced_on and (over or done):
        found.append(Clock(SUMMARY, row.until, deadline(SUMMARY, row.until).due, stopped_on=done))
    return found
