"""What people do in this room, one function for each verb."""

from __future__ import annotations

from qualipolis.city.measure.drafting import edit_set
from qualipolis.city.measure.evidence import attach_evidence
from qualipolis.city.measure.facts import compute_metrics, take_snapshot
from qualipolis.city.measure.flows import Took, advance, may_take, roles_for
from qualipolis.city.measure.imports import import_values
from qualipolis.city.measure.observations import (
    decide_dispute,
    dispute,
    mark_missing,
    return_,
    save_draft,
    submit,
    verify,
)
from qualipolis.city.measure.rounds import (
    close_entry,
    confirm_reopen,
    extend_entry,
    fill_round,
    lock_round,
    open_round,
    preview_round,
    reopen_round,
    submit_many,
    verify_many,
)
from qualipolis.city.measure.sets import amend, approve, close, consult, create_set, freeze, publish, revise

__all__ = [
    "Took",
    "advance",
    "amend",
    "approve",
    "attach_evidence",
    "close",
    "close_entry",
    "compute_metrics",
    "confirm_reopen",
    "consult",
    "create_set",
    "decide_dispute",
    "dispute",
    "edit_set",
    "extend_entry",
    "fill_round",
    "freeze",
    "import_values",
    "lock_round",
    "mark_missing",
    "may_take",
    "open_round",
    "preview_round",
    "publish",
    "reopen_round",
    "return_",
    "revise",
    "roles_for",
    "save_draft",
    "submit",
    "submit_many",
    "take_snapshot",
    "verify",
    "verify_many",
]
