"""The indicator set of a year (镇街质量发展水平及NQI投入指标体系).

After ``frozen`` (start of the year) only a numbered amendment with its reason may change weights; the scores before
and after it are both kept. A design of the city, no law prescribes it.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step, every
from qualipolis.law.guards import comments_answered, weights_complete
from qualipolis.methods.problems import msg

INDICATOR_SET = Flow(
    "indicator_set",
    "draft",
    (
        Step(
            "consult",
            ("draft",),
            "consulted",
            "planner",
            guard=weights_complete,
            due=Due(10, "working"),
            law=CITY_TERM,
            label=msg("Send out for comments"),
        ),
        Step(
            "revise",
            ("consulted",),
            "draft",
            "planner",
            law=CITY_TERM,
            label=msg("Take back to revise"),
            needs=("reason",),
        ),
        Step(
            "approve",
            ("consulted",),
            "approved",
            "leader",
            guard=every(weights_complete, comments_answered),
            law=CITY_TERM,
            label=msg("Approve the set"),
            needs=("document_no",),
        ),
        Step("publish", ("approved",), "published", "planner", law=CITY_TERM, label=msg("Publish the set")),
        Step(
            "freeze",
            ("published",),
            "frozen",
            "planner",
            guard=weights_complete,
            law=CITY_TERM,
            label=msg("Freeze for the year"),
            irreversible=True,
        ),
        Step(
            "amend",
            ("frozen",),
            "frozen",
            "leader",
            guard=weights_complete,
            law=CITY_TERM,
            label=msg("Amend with a numbered document"),
            needs=("reason", "document_no"),
        ),
        Step("close", ("frozen",), "closed", "planner", law=CITY_TERM, label=msg("Close the year"), irreversible=True),
    ),
    ("closed",),
    {
        "draft": msg("draft"),
        "consulted": msg("consulted"),
        "approved": msg("approved"),
        "published": msg("published"),
        "frozen": msg("frozen"),
        "closed": msg("closed"),
    },
    msg("Indicator set"),
)
