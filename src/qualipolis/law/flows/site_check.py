"""The check on site (现场核查) in one town: two checkers look at drawn values, the town signs or objects.

The draw is made with a seed that was written down before; what was found is acted on before the visit is concluded.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step
from qualipolis.law.guards import enough_checkers, findings_complete, findings_settled
from qualipolis.methods.problems import msg

SITE_CHECK = Flow(
    "site_check",
    "planned",
    (
        Step(
            "start",
            ("planned",),
            "running",
            ("inspector", "department", "reviewer", "planner"),
            guard=enough_checkers,
            law=CITY_TERM,
            label=msg("Begin the check"),
        ),
        Step(
            "sign",
            ("running",),
            "signed",
            "town_officer",
            guard=findings_complete,
            law=CITY_TERM,
            label=msg("Sign the record"),
            needs=("signatory",),
        ),
        Step(
            "object",
            ("running",),
            "objected",
            "town_officer",
            guard=findings_complete,
            due=Due(5, "working"),
            law=CITY_TERM,
            label=msg("Object to the findings"),
            needs=("signatory", "reason"),
        ),
        Step(
            "recheck",
            ("objected",),
            "running",
            "planner",
            law=CITY_TERM,
            label=msg("Check again"),
            needs=("reply",),
        ),
        Step(
            "maintain",
            ("objected",),
            "signed",
            "planner",
            law=CITY_TERM,
            label=msg("Keep the findings, with a reply"),
            needs=("reply",),
        ),
        Step(
            "conclude",
            ("signed",),
            "concluded",
            "planner",
            guard=findings_settled,
            law=CITY_TERM,
            label=msg("Conclude the check"),
        ),
    ),
    ("concluded",),
    {
        "planned": msg("planned"),
        "running": msg("under way"),
        "objected": msg("objected"),
        "signed": msg("signed"),
        "concluded": msg("concluded"),
    },
    msg("Check on site"),
)
