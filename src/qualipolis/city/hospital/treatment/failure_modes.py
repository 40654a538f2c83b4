"""Verbs of the failure mode analysis of a case. The action priority is looked up, never stored.

Its table is restated from knowledge: pages and papers say that it has to be checked against the handbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualipolis.city.core.policy import verb
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.models import Case, FailureModeRow
from qualipolis.city.hospital.treatment.rows import WRITERS, kept, removed, texts, writable
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.failure_modes import CAVEAT, PRIORITIES, Priority, action_priority

__all__ = ["CAVEAT", "PRIORITIES", "analysis", "priority_of", "remove_failure_mode", "write_failure_mode"]
LENGTHS = {"step": 120, "mode": 200, "effect": 200, "cause": 200, "prevention": 200, "detection_by": 200, "action": 400}
REQUIRED = {
    "step": msg("Name the step of the process."),
    "mode": msg("Say how it can fail."),
    "effect": msg("Say what follows from it."),
    "cause": msg("Say why it happens."),
}
RATINGS = ("severity", "occurrence", "detection")


@verb("hospital.write_failure_mode", roles=WRITERS, scope=parties)
def write_failure_mode(
    actor: Any, thing: Case, given: Mapping[str, Any], row: FailureModeRow | None = None
) -> FailureModeRow:
    """Write a row of the analysis, or change one."""
    writable(actor, thing)
    values, wrong = texts(given, LENGTHS, REQUIRED)
    ratings = {name: given.get(name) for name in RATINGS}
    for name, rating in ratings.items():
        if not isinstance(rating, int) or isinstance(rating, bool) or not 1 <= rating <= 10:
            wrong.append(Problem("bad_rating", msg("A rating is a whole number from 1 to 10."), place=name))
    refuse(wrong)
    made: FailureModeRow = kept(actor, thing, FailureModeRow, row, values | ratings, "hospital.write_failure_mode")
    return made


@verb("hospital.remove_failure_mode", roles=WRITERS, scope=parties)
def remove_failure_mode(actor: Any, thing: FailureModeRow) -> None:
    """Take a row out of the analysis."""
    writable(actor, thing.case)
    removed(actor, thing, "hospital.remove_failure_mode")


def priority_of(row: FailureModeRow) -> Priority:
    """Return the action priority of a row."""
    return action_priority(row.severity, row.occurrence, row.detection)


def analysis(case: Case) -> list[tuple[FailureModeRow, Priority]]:
    """Return the rows of a case with their priority, the most urgent first; equal ones in the order of writing."""
    rows = [(row, priority_of(row)) for row in case.failure_modes.all()]
    return sorted(rows, key=lambda pair: ("HML".index(pair[1]), -pair[0].severity, -pair[0].occurrence, pair[0].pk))
