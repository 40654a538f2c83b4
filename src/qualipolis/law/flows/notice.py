"""The notice of the results (通报): written from a published release, numbered, dated, served on every town."""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step
from qualipolis.methods.problems import msg

NOTICE = Flow(
    "notice",
    "draft",
    (
        Step(
            "issue",
            ("draft",),
            "issued",
            "planner",
            due=Due(3, "working"),
            law=CITY_TERM,
            label=msg("Issue the notice"),
            needs=("document_no", "issued_on"),
            irreversible=True,
        ),
        Step(
            "withdraw",
            ("issued",),
            "withdrawn",
            "leader",
            law=CITY_TERM,
            label=msg("Withdraw the notice"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("issued", "withdrawn"),
    {"draft": msg("draft"), "issued": msg("issued"), "withdrawn": msg("withdrawn")},
    msg("Notice of results"),
)
