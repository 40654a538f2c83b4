"""What is learned from cases: an anonymised case that the firm agreed to, and like cases that make a group disease."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.flows.hospital.case import DESK, FIRM
from qualipolis.law.guards import filled
from qualipolis.law.hospital.rules import NOTE
from qualipolis.methods.problems import msg

AUTHORS = ("expert", *DESK)

KNOWLEDGE_CASE = Flow(
    "knowledge_case",
    "draft",
    (
        Step(
            "ask",
            ("draft",),
            "firm_review",
            AUTHORS,
            guard=filled({"consent": msg("The firm has not agreed that its case is shared.")}),
            law=NOTE,
            label=msg("Ask the firm to read it"),
        ),
        Step("agree", ("firm_review",), "agreed", FIRM, law=NOTE, label=msg("Agree to this text")),
        Step("refuse", ("firm_review",), "refused", FIRM, law=NOTE, label=msg("Do not share it"), irreversible=True),
        Step("return", ("firm_review",), "draft", FIRM, law=NOTE, label=msg("Ask for changes"), needs=("reason",)),
        Step("publish", ("agreed",), "published", DESK, law=NOTE, label=msg("Publish the case")),
        Step(
            "withdraw",
            ("draft", "agreed", "published"),
            "withdrawn",
            (*DESK, *FIRM),
            law=NOTE,
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
        Step(
            "take_up",
            ("proposed",),
            "taken_up",
            ("hospital_manager",),
            law=NOTE,
            label=msg("Take it up: consult the industry"),
            needs=("plan",),
        ),
        Step(
            "dismiss",
            ("proposed",),
            "dismissed",
            ("hospital_manager",),
            law=NOTE,
            label=msg("Dismiss"),
            needs=("reason",),
        ),
        Step(
            "conclude",
            ("taken_up",),
            "concluded",
            ("hospital_manager",),
            law=NOTE,
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
