"""What people do in this room, one function for each verb."""

from __future__ import annotations

from qualipolis.city.core.steps import Took, advance, may_take, roles_for
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.measure.consultation import answer_comment, comment, file_targets
from qualipolis.city.measure.drafting import edit_set
from qualipolis.city.measure.evidence import attach_evidence
from qualipolis.city.measure.facts import compute_metrics, take_snapshot
from qualipolis.city.measure.imports import import_values
from qualipolis.city.measure.late import note_late_value, revise_statistic
from qualipolis.city.measure.level_share import set_level_share
from qualipolis.city.measure.observations import (
    decide_dispute,
    dispute,
    mark_missing,
    question,
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
    keep_reopened,
    lock_round,
    open_round,
    preview_round,
    reopen_round,
    submit_many,
    verify_many,
)
from qualipolis.city.measure.serving import acknowledge, dispute_until, open_windows, serve, serve_units
from qualipolis.city.measure.sets import amend, approve, close, consult, create_set, freeze, publish, revise

__all__ = [
    "Took",
    "acknowledge",
    "advance",
    "amend",
    "answer_comment",
    "approve",
    "attach_evidence",
    "close",
    "close_entry",
    "comment",
    "compute_metrics",
    "confirm_reopen",
    "consult",
    "create_set",
    "decide_dispute",
    "dispute",
    "dispute_until",
    "edit_set",
    "extend_entry",
    "fields_of",
    "file_targets",
    "fill_round",
    "freeze",
    "import_values",
    "keep_reopened",
    "lock_round",
    "mark_missing",
    "may_take",
    "note_late_value",
    "open_round",
    "open_windows",
    "preview_round",
    "publish",
    "question",
    "reopen_round",
    "return_",
    "reversible",
    "revise",
    "revise_statistic",
    "roles_for",
    "save_draft",
    "serve",
    "serve_units",
    "set_level_share",
    "submit",
    "submit_many",
    "take_snapshot",
    "verify",
    "verify_many",
]
