"""Verbs of the control plan that keeps a cure (D7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualipolis.city.core.policy import verb
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.models import Case, ControlPlanLine
from qualipolis.city.hospital.treatment.rows import WRITERS, kept, removed, texts, writable
from qualipolis.methods.problems import msg, refuse

LENGTHS = {
    "step": 120,
    "characteristic": 120,
    "specification": 120,
    "gauge": 120,
    "sample": 120,
    "method": 120,
    "reaction": 400,
}
REQUIRED = {
    "step": msg("Name the step of the process."),
    "characteristic": msg("Name what is controlled."),
    "reaction": msg("Say what to do when it fails."),
}


@verb("hospital.write_control_line", roles=WRITERS, scope=parties)
def write_control_line(
    actor: Any, thing: Case, given: Mapping[str, Any], row: ControlPlanLine | None = None
) -> ControlPlanLine:
    """Write a line of the control plan, or change one."""
    writable(actor, thing)
    values, wrong = texts(given, LENGTHS, REQUIRED)
    refuse(wrong)
    made: ControlPlanLine = kept(actor, thing, ControlPlanLine, row, values, "hospital.write_control_line")
    return made


@verb("hospital.remove_control_line", roles=WRITERS, scope=parties)
def remove_control_line(actor: Any, thing: ControlPlanLine) -> None:
    """Take a line out of the control plan."""
    writable(actor, thing.case)
    removed(actor, thing, "hospital.remove_control_line")
