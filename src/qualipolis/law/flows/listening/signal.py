"""A signal and what it proposes: statistics raise it, a person looks, a person decides. Doubtful pairs of records."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening.steps import step
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

ANALYST = ("department", "planner", "complaint_desk")
OPEN = ("raised", "looking")

SIGNAL = Flow(
    "signal",
    "raised",
    (
        step("look", ("raised",), "looking", ANALYST, msg("Look at the signal"), due=due("signal.look")),
        step("dismiss", OPEN, "dismissed", ANALYST, msg("Nothing to do, with the reason"), needs=("reason",)),
        step("merge", OPEN, "merged", ANALYST, msg("Join with another signal"), needs=("reason",)),
        step("act", ("looking",), "acted", ANALYST, msg("Something was proposed")),
        step("raise_again", ("dismissed", "acted", "confirmed"), "raised", ("system",), msg("The signal is back"),
             due=due("signal.look")),
        step("confirm", ("acted",), "confirmed", ANALYST, msg("The signal was true"), needs=("reason",)),
        step("refute", ("acted",), "dismissed", ANALYST, msg("The signal was false"), needs=("reason",)),
    ),
    ("dismissed", "merged", "confirmed"),
    {
        "raised": msg("new"),
        "looking": msg("being looked at"),
        "dismissed": msg("nothing to do"),
        "merged": msg("joined with another signal"),
        "acted": msg("action proposed"),
        "confirmed": msg("confirmed"),
    },
    msg("Signal"),
)  # fmt: skip
PROPOSAL = Flow(
    "signal_proposal",
    "proposed",
    (
        step("take_up", ("proposed",), "taken_up", ("planner", "department", "hospital_desk", "hospital_manager"),
             msg("Take the proposal up")),
        step("decline", ("proposed",), "declined", ("planner", "department", "hospital_desk", "hospital_manager"),
             msg("Decline the proposal"), needs=("reason",)),
        step("withdraw", ("proposed",), "withdrawn", ANALYST, msg("Withdraw the proposal"), needs=("reason",)),
    ),
    ("taken_up", "declined", "withdrawn"),
    {
        "proposed": msg("proposed"),
        "taken_up": msg("proposal taken up"),
        "declined": msg("proposal declined"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Proposal of a signal"),
)  # fmt: skip
ENTITY_PAIR = Flow(
    "entity_pair",
    "found",
    (
        step("same", ("found", "different"), "same", ANALYST, msg("They are the same")),
        step("different", ("found", "same"), "different", ANALYST, msg("They are different")),
    ),
    ("same", "different"),
    {"found": msg("to be reviewed"), "same": msg("the same"), "different": msg("different")},
    msg("Two records that may be one"),
)
