"""What the public sees: published results with versions, and penalties with the day on which they come down."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import only_a_warning, public_penalty, published_as_final, shown_long_enough
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

SYSTEM_TOO = (*ORGANISER, "system")

PUBLICATION = Flow(
    "publication",
    "draft",
    (
        Step("approve", ("draft",), "approved", "leader", guard=published_as_final, law=law.O18_10,
             label=msg("Approve the publication"), needs=("document_no",)),
        Step("revise", ("approved",), "draft", ORGANISER, law=law.PLATFORM, label=msg("Back to the draft"),
             needs=("reason",)),
        Step("publish", ("approved",), "published", ORGANISER, guard=published_as_final, law=law.O18_10,
             label=msg("Publish the results"), irreversible=True),
        Step("correct", ("published", "corrected"), "corrected", ORGANISER, law=law.PLATFORM,
             label=msg("Correct as a new version with its reason"), needs=("reason",), irreversible=True),
        Step("withdraw", ("published", "corrected"), "withdrawn", "leader", law=law.PLATFORM,
             label=msg("Withdraw the publication"), needs=("reason",), irreversible=True),
        Step("take_down", ("published", "corrected"), "taken_down", SYSTEM_TOO, guard=shown_long_enough,
             law=law.PLATFORM, label=msg("Take down: shown long enough"), irreversible=True),
    ),
    ("published", "corrected", "withdrawn", "taken_down"),
    {
        "draft": msg("draft"),
        "approved": msg("approved"),
        "published": msg("published"),
        "corrected": msg("corrected"),
        "withdrawn": msg("withdrawn"),
        "taken_down": msg("taken down"),
    },
    msg("Publication of results"),
)  # fmt: skip

PENALTY_PUBLICATION = Flow(
    "penalty_publication",
    "decided",
    (
        Step("keep_back", ("decided",), "not_published", SYSTEM_TOO, guard=only_a_warning, law=law.PENALTY_2,
             label=msg("Do not publish: a mere warning")),
        Step("publish", ("decided",), "published", ORGANISER, guard=public_penalty, law=law.PENALTY_9,
             label=msg("Publish the penalty"), irreversible=True),
        Step("push", ("decided",), "pushed", ORGANISER, guard=public_penalty, due=due("penalty.publish_received"),
             law=law.PENALTY_10, label=msg("Pass it on to the other province"), needs=("authority",)),
        Step("record_elsewhere", ("pushed",), "published", ORGANISER, law=law.PENALTY_10,
             label=msg("Record that they published it"), irreversible=True),
        Step("correct", ("published",), "published", ORGANISER, law=law.PENALTY_12,
             label=msg("Correct with a reason"), needs=("reason",)),
        Step("annul", ("decided", "pushed", "published"), "annulled", ("leader", *ORGANISER),
             due=due("penalty.withdraw"), law=law.PENALTY_11,
             label=msg("Record: changed, revoked or found unlawful"), needs=("reason", "document_no")),
        Step("withdraw", ("annulled",), "withdrawn", SYSTEM_TOO, law=law.PENALTY_11,
             label=msg("Take down and give the reason"), needs=("reason",), irreversible=True),
        Step("take_down", ("published",), "taken_down", SYSTEM_TOO, guard=shown_long_enough, law=law.PENALTY_13,
             label=msg("Take down: shown long enough"), irreversible=True),
    ),
    ("not_published", "withdrawn", "taken_down"),
    {
        "decided": msg("penalty decided"),
        "not_published": msg("not published"),
        "pushed": msg("passed on"),
        "published": msg("published"),
        "annulled": msg("changed or revoked"),
        "withdrawn": msg("withdrawn"),
        "taken_down": msg("taken down"),
    },
    msg("Publication of a penalty"),
)  # fmt: skip
