"""What is learned from cases: an anonymised case that the firm agreed to, and like cases that make a group disease."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.hospital.case import DESK, FIRM
from qualipolis.law.flows.hospital.steps import step
from qualipolis.law.guards import filled
from qualipolis.methods.problems import msg

AUTHORS = ("expert", *DESK)

KNOWLEDGE_CASE = Flow(
    "knowledge_case",
    "draft",
    (
        step(
            "ask",
            ("draft",),
            "firm_review",
            AUTHORS,
            guard=filled({"consent": msg("The firm has not agreed that its case is shared.")}),
            label=msg("Ask the firm to read it"),
        ),
        step("agree", ("firm_review",), "agreed", FIRM, label=msg("Agree to this text")),
        step("refuse", ("firm_review",), "refused", FIRM, label=msg("Do not share it"), irreversible=True),
        step("return", ("firm_review",), "draft", FIRM, label=msg("Ask for changes"), needs=("reason",)),
        step("publish", ("agreed",), "published", DESK, label=msg("Publish the case")),
        step(
            "withdraw",
            ("draft", "agreed", "published"),
            "withdrawn",
            (*DESK, *FIRM),
            label=msg("Withdraw the case from the public"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("refused", "withdrawn"),
    {
        "draft": msg("draft"),
        "firm_review": msg("with the firm for reading"),
        "agreed": msg("agreed by the firm"),
        "published": msg("published"),
        "refused": msg("not to be shared"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Knowledge case"),
)
GROUP_DISEASE = Flow(
    "group_disease",
    "proposed",
    (
        step(
            "take_up",
            ("proposed",),
            "taken_up",
            ("hospital_manager",),
            label=msg("Take it up: consult the industry"),
            needs=("plan",),
        ),
        step(
            "dismiss",
            ("proposed",),
            "dismissed",
            ("hospital_manager",),
            label=msg("Dismiss"),
            needs=("reason",),
        ),
        step(
            "conclude",
            ("taken_up",),
            "concluded",
            ("hospital_manager",),
            label=msg("Conclude"),
            needs=("report",),
            irreversible=True,
        ),
    ),
    ("dismissed", "concluded"),
    {
        "proposed": msg("proposed"),
        "taken_up": msg("taken up"),
        "dismissed": msg("dismissed"),
        "concluded": msg("concluded"),
    },
    msg("Group disease"),
)
