"""The report of the laboratory (检验报告): entered, signed, issued; an amendment is a new version with its reason."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.guards import not_own_work
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import items_reported, scope_valid
from qualipolis.methods.problems import msg

TEST_REPORT = Flow(
    "test_report",
    "draft",
    (
        Step(
            "submit",
            ("draft", "returned", "amending"),
            "checked",
            "laboratory",
            guard=every(items_reported, scope_valid),
            law=law.PLATFORM,
            label=msg("Submit for signature"),
        ),
        Step(
            "back",
            ("checked",),
            "returned",
            "laboratory",
            law=law.PLATFORM,
            label=msg("Return with a reason"),
            needs=("reason",),
        ),
        Step(
            "sign",
            ("checked",),
            "signed",
            "laboratory",
            guard=every(items_reported, scope_valid, not_own_work),
            law=law.PLATFORM,
            label=msg("Sign the report"),
            needs=("signatory",),
        ),
        Step(
            "issue",
            ("signed",),
            "issued",
            "laboratory",
            law=law.PLATFORM,
            label=msg("Issue to the organiser"),
            needs=("document_no", "issued_on"),
            irreversible=True,
        ),
        Step(
            "amend",
            ("signed", "issued", "accepted"),
            "amending",
            "laboratory",
            law=law.PLATFORM,
            label=msg("Amend with a reason"),
            irreversible=True,
            needs=("reason",),
        ),
        Step("accept", ("issued",), "accepted", ORGANISER, law=law.PLATFORM, label=msg("Accept the report")),
        Step(
            "withdraw",
            ("issued", "accepted"),
            "withdrawn",
            "leader",
            law=law.O18_14,
            label=msg("Withdraw a false report"),
            needs=("reason", "document_no"),
            irreversible=True,
        ),
    ),
    ("accepted", "withdrawn"),
    {
        "draft": msg("draft"),
        "checked": msg("waits for signature"),
        "returned": msg("returned"),
        "signed": msg("signed"),
        "issued": msg("report issued"),
        "amending": msg("being amended"),
        "accepted": msg("report accepted"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Test report"),
)
