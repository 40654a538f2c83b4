"""A reviewer of performance excellence: trained, examined, trainee, reviewer, senior, lead."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.talent import award_guards as guards
from qualipolis.law.talent.award_rules import NOTE
from qualipolis.methods.problems import msg

PLANNER, REVIEWER, TRAINER = ("planner",), ("reviewer",), ("planner", "trainer")
LEVELS = ("trainee", "level_1", "level_2", "level_3")
RANKED = msg("T/DGZY 01-2021, levels of reviewers; the numbers are the city's")


def _promote(source: str, target: str, rule: str, *, rated: bool) -> Step:
    guard = every(guards.experienced(rule, rated=rated), guards.hours_kept)
    return Step(f"promote_{target}", (source,), target, PLANNER, guard, law=RANKED, label=msg("Promote the reviewer"))


EXCELLENCE_REVIEWER = Flow(
    "excellence_reviewer",
    "applied",
    (
        Step("train", ("applied",), "trained", TRAINER, law=NOTE, label=msg("Record the training")),
        Step("refuse", ("applied", "trained", "exam_passed"), "refused", PLANNER, law=NOTE,
             label=msg("Refuse the applicant"), needs=("reason",)),
        Step("pass_exam", ("trained",), "exam_passed", TRAINER, guards.exam_passed, law=NOTE,
             label=msg("Record the passed examination")),
        Step("appoint", ("exam_passed",), "trainee", PLANNER, guards.reviewer_complete, law=RANKED,
             label=msg("Appoint as a trainee"), needs=("document_no",)),
        _promote("trainee", "level_1", "reviewer.trainee_reviews", rated=False),
        _promote("level_1", "level_2", "reviewer.senior_reviews", rated=True),
        _promote("level_2", "level_3", "reviewer.lead_reviews", rated=True),
        Step("demote_level_2", ("level_3",), "level_2", PLANNER, law=RANKED, label=msg("Put back one level"),
             needs=("reason",)),
        Step("demote_level_1", ("level_2",), "level_1", PLANNER, law=RANKED, label=msg("Put back one level"),
             needs=("reason",)),
        Step("suspend", LEVELS, "suspended", (*PLANNER, "system"), law=RANKED, label=msg("Suspend the reviewer"),
             needs=("reason",)),
        *(
            Step(f"resume_{level}", ("suspended",), level, PLANNER, every(guards.held_from(level), guards.hours_kept),
                 law=RANKED, label=msg("End the suspension"), needs=("reason",))
            for level in LEVELS
        ),
        Step("remove", (*LEVELS, "suspended"), "removed", PLANNER, law=RANKED, label=msg("Remove from the list"),
             needs=("reason", "document_no"), irreversible=True),
        Step("leave", ("applied", "trained", "exam_passed", *LEVELS, "suspended"), "left", (*REVIEWER, *PLANNER), law=NOTE,
             label=msg("Leave the list"), needs=("reason",), irreversible=True),
    ),
    ("refused", "removed", "left"),
    {
        "applied": msg("applied"),
        "refused": msg("not admitted"),
        "trained": msg("trained"),
        "exam_passed": msg("examination passed"),
        "trainee": msg("trainee reviewer"),
        "level_1": msg("reviewer"),
        "level_2": msg("senior reviewer"),
        "level_3": msg("lead reviewer"),
        "suspended": msg("suspended from reviewing"),
        "removed": msg("removed from the list"),
        "left": msg("left the list"),
    },
    msg("Reviewer of performance excellence"),
)  # fmt: skip
