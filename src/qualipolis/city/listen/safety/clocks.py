"""The duty clocks of incidents and recalls, computed from the ledger: when each began, until when, kept or late.

A step that was taken back is as if it had never been. The firm's own clock runs from the day it learned of the danger.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from qualipolis.city.core.clocks import Clock, Stood, one_by_one, stood
from qualipolis.city.listen.models import Incident, Recall
from qualipolis.law.flows.listening import INCIDENT, RECALL
from qualipolis.law.terms import deadline

FIRM, UPWARD, SUMMARY = "recall.firm_report", "incident.upward", "recall.summary"
VERIFIED = "incident.verification"


def of_incidents(rows: Sequence[Incident]) -> dict[int, list[Clock]]:
    """Return the clocks of incidents: the firm's duty, the verification, the report upward where it is serious."""
    told = stood(rows)
    return {row.pk: _incident(row, told[row.pk]) for row in rows}


def _incident(row: Incident, steps: Sequence[Stood]) -> list[Clock]:
    begun = Clock(VERIFIED, row.reported_on, deadline(VERIFIED, row.reported_on).due)
    found = one_by_one(INCIDENT, steps, first=begun)
    if not row.serious:
        found = [one for one in found if one.rule != UPWARD]
    if row.firm_due_on and row.learned_on:
        found.insert(0, Clock(FIRM, row.learned_on, row.firm_due_on, stopped_on=row.firm_reported_on))
    return found


def of_recalls(rows: Sequence[Recall]) -> dict[int, list[Clock]]:
    """Return the clocks of recalls; that of the summary runs from the last day of the plan."""
    told = stood(rows)
    return {row.pk: _recall(row, told[row.pk]) for row in rows}


def _recall(row: Recall, steps: Sequence[Stood]) -> list[Clock]:
    found = one_by_one(RECALL, steps)
    done = next((one.day for one in reversed(steps) if one.to == "completed"), None)
    over = row.until is not None and timezone.localdate() > row.until
    if row.until and row.announced_on and (over or done):
        found.append(Clock(SUMMARY, row.until, deadline(SUMMARY, row.until).due, stopped_on=done))
    return found
