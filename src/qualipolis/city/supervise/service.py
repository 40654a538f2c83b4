"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.supervise.field_photos import add_photo
from qualipolis.city.supervise.field_visits import (
    arrive,
    not_sample,
    refuse_sampling,
    report_refusal,
    report_unlawful,
    stop_unlawful,
)
from qualipolis.city.supervise.samples import (
    dispatch_sample,
    keep_backup,
    leave_sample,
    lose_sample,
    spoil_sample,
    take_sample,
)
from qualipolis.city.supervise.submissions import receive, see_conflict
from qualipolis.city.supervise.task_forms import save_form
from qualipolis.city.supervise.tasks import (
    assign_task,
    complete_task,
    give_task_back,
    leave_task_open,
    replace_task,
    skip_recent,
    void_task,
)

__all__ = [
    "add_photo",
    "arrive",
    "assign_task",
    "complete_task",
    "dispatch_sample",
    "give_task_back",
    "keep_backup",
    "leave_sample",
    "leave_task_open",
    "lose_sample",
    "not_sample",
    "receive",
    "refuse_sampling",
    "replace_task",
    "report_refusal",
    "report_unlawful",
    "save_form",
    "see_conflict",
    "skip_recent",
    "spoil_sample",
    "stop_unlawful",
    "take_sample",
    "void_task",
]

from qualipolis.city.supervise import laboratory, reports  # noqa: F401
