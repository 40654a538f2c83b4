"""Pacts: nothing is published before two people have found that it does not restrict competition; and their breach."""

from __future__ import annotations

from qualipolis.law.federation import guards
from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.federation.steps import COMPETITION, MEMBER, SECRETARY, step
from qualipolis.law.guards import two_people
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

PACT = Flow(
    "pact",
    "draft",
    (
        step("hand_in", ("draft",), "checking", SECRETARY, msg("Give it to the fair-competition check"), COMPETITION,
             guard=guards.pact_complete, due=due("federation.pact.check")),
        step("return", ("checking", "cleared"), "draft", SECRETARY, msg("Return the pact to its author"), COMPETITION,
             needs=("reason",)),
        step("clear", ("checking",), "cleared", SECRETARY, msg("Conclude the check: no restriction of competition"),
             COMPETITION, guard=guards.competition_checked),
        step("stop", ("checking",), "stopped", SECRETARY, msg("Stop the pact: it would restrict competition"), COMPETITION,
             needs=("reason",), irreversible=True),
        step("publish", ("cleared",), "published", SECRETARY, msg("Publish the pact and open it for signing"),
             guard=guards.unchanged_since_check, irreversible=True),
        step("monitor", ("published",), "monitored", SECRETARY, msg("Begin to monitor the pact"),
             guard=guards.enough_signatures),
        step("check_again", ("published", "monitored"), "checking", SECRETARY,
             msg("Take it down and check it for fair competition again"), COMPETITION, needs=("reason",),
             due=due("federation.pact.check")),
        step("replace", ("published", "monitored"), "replaced", SECRETARY, msg("Replace by a newer version"),
             irreversible=True),
        step("end", ("published", "monitored"), "ended", SECRETARY, msg("End the pact"), needs=("reason", "document_no"),
             irreversible=True),
        step("discard", ("draft",), "discarded", SECRETARY, msg("Discard the draft"), needs=("reason",)),
    ),
    ("stopped", "replaced", "ended", "discarded"),
    {
        "draft": msg("draft"),
        "checking": msg("in the fair-competition check"),
        "cleared": msg("check passed, not published yet"),
        "stopped": msg("stopped: restricts competition"),
        "published": msg("published, open for signing"),
        "monitored": msg("in force and monitored"),
        "replaced": msg("replaced by a newer version"),
        "ended": msg("pact ended"),
        "discarded": msg("discarded"),
    },
    msg("Pact"),
)  # fmt: skip
PACT_BREACH = Flow(
    "pact_breach",
    "raised",
    (
        step("examine", ("raised",), "examining", SECRETARY, msg("Examine the breach and hear the member"),
             guard=guards.not_concerned, due=due("federation.breach.statement")),
        step("state", ("examining",), "heard", MEMBER, msg("Give our statement"), guard=guards.statement_given,
             due=due("federation.breach.examination")),
        step("note_silence", ("examining",), "heard", SECRETARY, msg("Note that the member gave no statement"),
             guard=guards.term_over, due=due("federation.breach.examination")),
        step("coach", ("heard",), "coaching", SECRETARY, msg("Breach found: agree on coaching"), needs=("reason", "plan"),
             guard=guards.not_concerned, due=due("federation.breach.coaching")),
        step("dismiss", ("raised", "examining", "heard"), "unfounded", SECRETARY, msg("No breach found"), needs=("reason",),
             guard=guards.not_concerned),
        step("report", ("coaching",), "mended", MEMBER, msg("Report what was mended"), needs=("report",),
             due=due("federation.breach.acceptance")),
        step("return", ("mended",), "coaching", SECRETARY, msg("Not enough: coach on"), needs=("reason",),
             guard=guards.not_concerned, due=due("federation.breach.coaching")),
        step("accept", ("mended",), "coached", SECRETARY, msg("The breach is mended"), guard=guards.not_concerned),
        step("strike", ("coaching", "mended"), "struck", SECRETARY, msg("Remove the member from the pact"),
             needs=("reason", "document_no", "second_person"),
             guard=every(guards.not_concerned, two_people, guards.decided_by_vote), irreversible=True),
    ),
    ("unfounded", "coached", "struck"),
    {
        "raised": msg("breach reported"),
        "examining": msg("member is being heard"),
        "heard": msg("member was heard"),
        "unfounded": msg("no breach"),
        "coaching": msg("being coached"),
        "mended": msg("mended, to be looked at"),
        "coached": msg("mended with coaching"),
        "struck": msg("removed from the pact"),
    },
    msg("Breach of a pact"),
)  # fmt: skip
