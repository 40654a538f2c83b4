"""One campaign of supervision sampling (监督抽查任务): scheme, rules, bodies, then public, then samples, then results.

Scheme and detailed rules are public before anybody samples; who samples does not test.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    no_open_results,
    no_open_tasks,
    rules_public_before,
    sampling_and_testing_apart,
)
from qualipolis.methods.problems import msg

CAMPAIGN = Flow(
    "campaign",
    "draft",
    (
        Step(
            "contract",
            ("draft",),
            "contracted",
            ORGANISER,
            guard=sampling_and_testing_apart,
            law=law.O18_9,
            label=msg("Conclude the agreements with the bodies"),
            needs=("document_no",),
        ),
        Step(
            "approve",
            ("contracted",),
            "approved",
            "leader",
            law=law.O18_12,
            label=msg("Approve scheme and detailed rules"),
            needs=("document_no",),
        ),
        Step(
            "publish_rules",
            ("approved",),
            "rules_public",
            ORGANISER,
            law=law.O18_12,
            label=msg("Publish scheme and detailed rules"),
            irreversible=True,
        ),
        Step(
            "begin",
            ("rules_public",),
            "sampling",
            ORGANISER,
            guard=every(rules_public_before, sampling_and_testing_apart),
            law=law.O18_12,
            label=msg("Begin the sampling"),
        ),
        Step(
            "end_sampling",
            ("sampling",),
            "testing",
            ORGANISER,
            guard=no_open_tasks,
            law=law.PLATFORM,
            label=msg("End the sampling"),
        ),
        Step(
            "resume_sampling",
            ("testing",),
            "sampling",
            ORGANISER,
            law=law.PLATFORM,
            label=msg("Sample again in place of a rejected sample"),
            needs=("reason",),
        ),
        Step(
            "settle",
            ("testing",),
            "settled",
            ORGANISER,
            guard=no_open_results,
            law=law.PLATFORM,
            label=msg("Settle: every result is final"),
        ),
        Step(
            "reopen",
            ("settled", "archived"),
            "testing",
            "leader",
            law=law.PLATFORM,
            label=msg("Reopen for a reversed result"),
            needs=("reason", "document_no"),
        ),
        Step("archive", ("settled",), "archived", ORGANISER, law=law.O18_54, label=msg("Archive the files")),
        Step(
            "cancel",
            ("draft", "contracted", "approved", "rules_public"),
            "cancelled",
            "leader",
            law=law.PLATFORM,
            label=msg("Cancel the campaign"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("archived", "cancelled"),
    {
        "draft": msg("draft"),
        "contracted": msg("bodies under agreement"),
        "approved": msg("approved"),
        "rules_public": msg("scheme and rules public"),
        "sampling": msg("sampling under way"),
        "testing": msg("testing and objections under way"),
        "settled": msg("every result is final"),
        "archived": msg("archived"),
        "cancelled": msg("cancelled"),
    },
    msg("Campaign of supervision sampling"),
)
