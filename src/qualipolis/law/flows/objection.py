"""One written objection of one party (异议): in time or late, to the process or to the conclusion, always answered.

A late one is refused in writing, with the ways that are left: administrative reconsideration and the courts.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    backup_usable,
    conclusion_objected,
    no_recheck_yet,
    objection_in_time,
    objection_kind,
    objection_late,
    reply_is_process,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

OBJECTION = Flow(
    "objection",
    "received",
    (
        Step(
            "reject_late",
            ("received",),
            "rejected_late",
            ORGANISER,
            guard=objection_late,
            law=law.LAW_15,
            label=msg("Refuse as late, naming the remedies left"),
            needs=("reply",),
            irreversible=True,
        ),
        Step(
            "accept",
            ("received",),
            "studying",
            ORGANISER,
            guard=every(objection_in_time, objection_kind),
            due=due("supervision.objection_answer"),
            law=law.O18_36,
            label=msg("Accept the objection"),
        ),
        Step(
            "dismiss",
            ("studying",),
            "dismissed",
            ORGANISER,
            law=law.O18_37,
            label=msg("Dismiss the objection with a reply"),
            needs=("reply",),
            irreversible=True,
        ),
        Step(
            "uphold_flaw",
            ("studying", "recheck_ordered"),
            "granted",
            ("leader", *ORGANISER),
            guard=reply_is_process,
            law=law.O18_37,
            label=msg("Grant it: flaw of process, not theirs, or backup lost"),
            needs=("reply",),
            irreversible=True,
        ),
        Step(
            "order_recheck",
            ("studying",),
            "recheck_ordered",
            ORGANISER,
            guard=every(conclusion_objected, no_recheck_yet, backup_usable),
            due=due("supervision.recheck_formalities"),
            law=law.O18_37,
            label=msg("Order a recheck"),
            needs=("document_no",),
            irreversible=True,
        ),
        Step(
            "answer",
            ("recheck_ordered",),
            "answered",
            ("planner", "department", "system"),
            law=law.O18_42,
            label=msg("Answer with the outcome of the recheck"),
            needs=("reply",),
            irreversible=True,
        ),
        Step(
            "withdraw",
            ("received", "studying", "recheck_ordered"),
            "withdrawn",
            ("enterprise", *ORGANISER),
            law=law.PLATFORM,
            label=msg("Withdraw the objection"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("rejected_late", "dismissed", "granted", "answered", "withdrawn"),
    {
        "received": msg("received"),
        "rejected_late": msg("refused as late"),
        "studying": msg("being studied"),
        "dismissed": msg("dismissed"),
        "granted": msg("granted"),
        "recheck_ordered": msg("recheck ordered"),
        "answered": msg("answered"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Objection"),
)
