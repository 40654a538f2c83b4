"""The draw of firms and samplers (双随机): the frame is frozen, the rule committed, then the randomness comes to be.

A draw is never made to disappear: a second one needs a reason, and the first stays in public view.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import random_after_commitment
from qualipolis.methods.problems import msg

DRAW_RUN = Flow(
    "draw_run",
    "prepared",
    (
        Step("freeze", ("prepared",), "frozen", ORGANISER, law=law.PLATFORM, label=msg("Freeze the frame")),
        Step(
            "thaw",
            ("frozen",),
            "prepared",
            ORGANISER,
            law=law.PLATFORM,
            label=msg("Open the frame again"),
            needs=("reason",),
        ),
        Step(
            "commit",
            ("frozen",),
            "committed",
            ORGANISER,
            law=law.PLATFORM,
            label=msg("Commit rule and source of randomness"),
            irreversible=True,
        ),
        Step(
            "draw",
            ("committed",),
            "drawn",
            ORGANISER,
            guard=random_after_commitment,
            law=law.O18_15,
            label=msg("Reveal the randomness and draw"),
            irreversible=True,
        ),
        Step(
            "publish",
            ("drawn",),
            "published",
            ORGANISER,
            law=law.PLATFORM,
            label=msg("Publish the draw"),
            irreversible=True,
        ),
        Step(
            "redraw",
            ("committed", "drawn", "published"),
            "superseded",
            "leader",
            law=law.PLATFORM,
            label=msg("Draw anew with a reason"),
            needs=("reason",),
            irreversible=True,
        ),
    ),
    ("published", "superseded"),
    {
        "prepared": msg("in preparation"),
        "frozen": msg("frame frozen"),
        "committed": msg("committed"),
        "drawn": msg("drawn"),
        "published": msg("published"),
        "superseded": msg("superseded"),
    },
    msg("Draw"),
)
