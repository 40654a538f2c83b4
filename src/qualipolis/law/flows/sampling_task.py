"""One task on site (抽样任务): a drawn firm, two samplers, and an outcome that is a sample, a reason or a refusal.

A task that ended without a sample for a listed reason is replaced from the reserve; a refusal never is.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    enough_samplers,
    form_complete,
    no_recent_check,
    not_sampled_reason,
    rules_public_before,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

_ON_SITE = (
    Step(
        "sample",
        ("on_site",),
        "sampled",
        "inspector",
        guard=every(enough_samplers, form_complete, no_recent_check),
        law=law.O18_19,
        label=msg("Record the sample"),
        irreversible=True,
    ),
    Step(
        "not_sample",
        ("assigned", "on_site"),
        "not_sampled",
        "inspector",
        guard=not_sampled_reason,
        law=law.O18_18,
        label=msg("Record why no sample was taken"),
        needs=("reason_code",),
    ),
    Step(
        "refuse",
        ("on_site",),
        "refused",
        "inspector",
        due=due("supervision.report_refusal"),
        law=law.LAW_16,
        label=msg("Record the refusal"),
        needs=("reason",),
        irreversible=True,
    ),
    Step(
        "stop",
        ("on_site",),
        "stopped_unlawful",
        "inspector",
        due=due("supervision.report_unlawful"),
        law=law.O18_17,
        label=msg("Stop: unlawful facts on site"),
        needs=("reason",),
        irreversible=True,
    ),
)
_AFTER = (
    Step(
        "report_refusal",
        ("refused",),
        "refusal_reported",
        "inspector",
        law=law.O18_21,
        label=msg("Report the refusal"),
        needs=("authority",),
    ),
    Step(
        "report_unlawful",
        ("stopped_unlawful",),
        "unlawful_reported",
        "inspector",
        law=law.O18_17,
        label=msg("Report the unlawful facts"),
        needs=("authority",),
    ),
    Step(
        "replace",
        ("not_sampled",),
        "replaced",
        ("planner", "department", "system"),
        law=law.PLATFORM,
        label=msg("Replace from the reserve list"),
        irreversible=True,
    ),
    Step(
        "leave_open",
        ("not_sampled",),
        "closed",
        ORGANISER,
        law=law.PLATFORM,
        label=msg("Close without a replacement"),
        needs=("reason",),
    ),
    Step(
        "give_back",
        ("sampled",),
        "returned",
        ("planner", "department", "system"),
        law=law.O18_29,
        label=msg("Give back: the laboratory refused the sample"),
        needs=("reason",),
        irreversible=True,
    ),
    Step(
        "void",
        ("returned",),
        "voided",
        ORGANISER,
        law=law.PLATFORM,
        label=msg("Void the task"),
        needs=("reason",),
        irreversible=True,
    ),
    Step("complete", ("sampled",), "completed", ("planner", "department", "system"), law=law.PLATFORM,
         label=msg("Complete the task"), irreversible=True),
)  # fmt: skip

SAMPLING_TASK = Flow(
    "sampling_task",
    "drawn",
    (
        Step(
            "assign",
            ("drawn", "returned"),
            "assigned",
            ("planner", "department", "system"),
            guard=every(no_recent_check, enough_samplers),
            law=law.O18_16,
            label=msg("Assign the samplers"),
        ),
        Step(
            "skip_recent",
            ("drawn",),
            "not_sampled",
            ("planner", "department", "system"),
            guard=not_sampled_reason,
            law=law.O18_8,
            label=msg("Do not sample the same product again"),
            needs=("reason_code",),
        ),
        Step(
            "arrive",
            ("assigned",),
            "on_site",
            "inspector",
            guard=every(enough_samplers, rules_public_before),
            law=law.O18_16,
            label=msg("Show notice and identity on site"),
        ),
        *_ON_SITE,
        *_AFTER,
    ),
    ("completed", "replaced", "closed", "refusal_reported", "unlawful_reported", "voided"),
    {
        "drawn": msg("firm drawn"),
        "assigned": msg("assigned"),
        "on_site": msg("on site"),
        "sampled": msg("sampled"),
        "not_sampled": msg("not sampled"),
        "refused": msg("sampling refused"),
        "stopped_unlawful": msg("stopped for unlawful facts"),
        "refusal_reported": msg("refusal reported"),
        "unlawful_reported": msg("unlawful facts reported"),
        "replaced": msg("replaced from the reserve"),
        "closed": msg("closed"),
        "returned": msg("returned"),
        "voided": msg("voided"),
        "completed": msg("completed"),
    },
    msg("Sampling task"),
)
