"""A yearly assessment: computed, previewed by the towns, decided by the leading group, published as a release.

A published release never changes: a better one supersedes it, a wrong one is withdrawn with its reason; both stay.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step, every
from qualipolis.law.guards import no_open_disputes, not_own_run, nothing_open, windows_closed
from qualipolis.methods.problems import msg

ASSESSMENT = Flow(
    "assessment",
    "run",
    (
        Step(
            "preview",
            ("run",),
            "previewed",
            "planner",
            guard=nothing_open,
            due=Due(7, "working"),
            law=CITY_TERM,
            label=msg("Send the preview to the towns"),
        ),
        Step(
            "decide",
            ("previewed",),
            "decided",
            "leader",
            guard=every(nothing_open, no_open_disputes, windows_closed, not_own_run),
            law=CITY_TERM,
            label=msg("Decide"),
            needs=("document_no", "meeting_on"),
        ),
        Step(
            "publish",
            ("decided",),
            "published",
            ("planner", "leader"),
            law=CITY_TERM,
            label=msg("Publish the release"),
            irreversible=True,
        ),
        Step(
            "supersede",
            ("run", "previewed", "decided", "published"),
            "superseded",
            ("planner", "leader", "system"),
            law=CITY_TERM,
            label=msg("Replace with a newer assessment"),
            needs=("reason",),
            irreversible=True,
        ),
        Step(
            "withdraw",
            ("published",),
            "withdrawn",
            "leader",
            law=CITY_TERM,
            label=msg("Withdraw the release"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("published", "withdrawn", "superseded"),
    {
        "run": msg("computed"),
        "previewed": msg("previewed by the units"),
        "decided": msg("decided"),
        "published": msg("published"),
        "superseded": msg("superseded"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Assessment"),
)
