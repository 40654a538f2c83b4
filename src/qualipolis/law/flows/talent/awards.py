"""The government quality award: a round, an application, a sheet of independent scores, an objection."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.guards import two_people
from qualipolis.law.talent import award_guards as guards
from qualipolis.law.talent.award_rules import MEASURES, NOTE
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

PLANNER, LEADER, FIRM, REVIEWER = ("planner",), ("leader",), ("enterprise",), ("reviewer",)
BEFORE_GRANT = (
    "drafted", "announced", "eligibility", "document_review", "on_site", "deliberation", "public_notice",
    "objections_settled",
)  # fmt: skip
RUNNING = ("submitted", "eligible", "reviewing", "shortlisted", "visited", "proposed")

AWARD_ROUND = Flow(
    "award_round",
    "drafted",
    (
        Step("announce", ("drafted",), "announced", PLANNER, every(guards.round_complete, guards.scheme_sums),
             law=MEASURES, label=msg("Announce the round"), needs=("document_no",)),
        Step("close_applications", ("announced",), "eligibility", PLANNER, every(guards.applying_over, guards.has_applicants),
             due=due("award.opinion"), law=MEASURES, label=msg("End the applications and ask the regulators")),
        Step("begin_documents", ("eligibility",), "document_review", PLANNER,
             every(guards.applications_settled, guards.has_applicants), due=due("award.sheet"), law=MEASURES,
             label=msg("Begin the document review")),
        Step("begin_visits", ("document_review",), "on_site", PLANNER,
             every(guards.applications_settled, guards.has_applicants), due=due("award.visit"), law=MEASURES,
             label=msg("Begin the site visits")),
        Step("begin_deliberation", ("on_site",), "deliberation", PLANNER,
             every(guards.applications_settled, guards.has_applicants), law=MEASURES, label=msg("Call the meeting")),
        Step("give_notice", ("deliberation",), "public_notice", PLANNER,
             every(guards.applications_settled, guards.nobody_held, guards.has_applicants, guards.within_limits),
             due=due("award.public_notice"), law=MEASURES, label=msg("Put the proposal up for public notice"),
             needs=("meeting_on",)),
        Step("end_notice", ("public_notice",), "objections_settled", PLANNER,
             every(guards.notice_over, guards.objections_settled), law=MEASURES, label=msg("End the public notice")),
        Step("deliberate_again", ("public_notice", "objections_settled"), "deliberation", PLANNER, law=MEASURES,
             label=msg("Deliberate again"), needs=("reason",)),
        Step("grant", ("objections_settled",), "granted", LEADER,
             every(guards.objections_settled, guards.nobody_held, guards.scores_as_proposed, guards.has_applicants,
                   guards.within_limits),
             law=MEASURES, label=msg("Grant the awards"), needs=("document_no",), irreversible=True),
        Step("close", ("granted",), "closed", PLANNER, guards.applications_settled, law=MEASURES,
             label=msg("Close the round")),
        Step("cancel", BEFORE_GRANT, "cancelled", LEADER, law=NOTE, label=msg("Cancel the round"),
             needs=("reason", "document_no"), irreversible=True),
    ),
    ("closed", "cancelled"),
    {
        "drafted": msg("being prepared"),
        "announced": msg("open for applications"),
        "eligibility": msg("opinions of the regulators"),
        "document_review": msg("document review"),
        "on_site": msg("site visits"),
        "deliberation": msg("deliberation"),
        "public_notice": msg("public notice"),
        "objections_settled": msg("objections settled"),
        "granted": msg("awards granted"),
        "closed": msg("round closed"),
        "cancelled": msg("round cancelled"),
    },
    msg("Award round"),
)  # fmt: skip
_SCORED = every(guards.enough_sheets, guards.sheets_closed, guards.consensus_found)
AWARD_APPLICATION = Flow(
    "award_application",
    "drafted",
    (
        Step("submit", ("drafted",), "submitted", FIRM, guards.application_complete, due=due("award.opinion"),
             law=MEASURES, label=msg("Apply for the award")),
        Step("return", ("submitted",), "drafted", PLANNER, law=NOTE, label=msg("Return the papers"), needs=("reason",)),
        Step("accept", ("submitted",), "eligible", PLANNER, every(guards.opinions_given, guards.nothing_against),
             law=MEASURES, label=msg("Admit the applicant")),
        Step("reject", ("submitted",), "ineligible", PLANNER, guards.opinions_given, law=MEASURES,
             label=msg("Do not admit the applicant"), needs=("reason",)),
        Step("begin_review", ("eligible",), "reviewing", PLANNER, guards.team_complete, due=due("award.sheet"),
             law=MEASURES, label=msg("Hand the papers to the reviewers")),
        Step("shortlist", ("reviewing",), "shortlisted", PLANNER, _SCORED, due=due("award.visit"), law=MEASURES,
             label=msg("Take to the site visit")),
        Step("leave_out", ("reviewing", "shortlisted"), "unsuccessful", PLANNER, _SCORED, law=MEASURES,
             label=msg("Not taken further"), needs=("reason",)),
        Step("visit", ("shortlisted",), "visited", REVIEWER, guards.visited_by_enough, law=MEASURES,
             label=msg("Hand in the report of the visit")),
        Step("reopen", ("shortlisted", "visited", "proposed"), "reviewing", (*PLANNER, "system"), law=NOTE,
             due=due("award.consensus"), label=msg("Score again"), needs=("reason",)),
        Step("propose", ("visited",), "proposed", PLANNER, every(_SCORED, guards.tier_chosen), law=MEASURES,
             label=msg("Propose for the award")),
        Step("pass_over", ("visited", "proposed"), "unsuccessful", PLANNER, law=MEASURES, label=msg("Not proposed"),
             needs=("reason",)),
        Step("take_back", ("proposed", "unsuccessful"), "visited", PLANNER, guards.visit_written, law=NOTE,
             label=msg("Deliberate on the applicant again"), needs=("reason",)),
        Step("grant", ("proposed",), "granted", LEADER, guards.tier_chosen, law=MEASURES, label=msg("Grant"),
             irreversible=True),
        Step("monitor", ("granted", "monitored"), "monitored", PLANNER, law=MEASURES,
             label=msg("Record the yearly look at the holder"), needs=("report",)),
        Step("complete", ("granted", "monitored"), "completed", PLANNER, law=MEASURES, label=msg("End the monitoring"),
             needs=("report",)),
        Step("revoke", ("granted", "monitored", "completed"), "revoked", LEADER, two_people, law=MEASURES,
             label=msg("Revoke the award"), needs=("reason", "document_no", "second_person"), irreversible=True),
        Step("hold", RUNNING, "held", (*PLANNER, "system"), law=NOTE, label=msg("Put on hold"), needs=("reason",)),
        *(
            Step(f"release_{state}", ("held",), state, (*PLANNER, "system"),
                 every(guards.held_from(state), guards.hold_over), law=NOTE, label=msg("End the hold"), needs=("reason",))
            for state in RUNNING
        ),
        Step("drop", ("held",), "unsuccessful", PLANNER, law=NOTE, label=msg("Not taken further"), needs=("reason",)),
        Step("withdraw", ("drafted", *RUNNING, "held"), "withdrawn", FIRM, law=MEASURES, label=msg("Withdraw the application"),
             needs=("reason",), irreversible=True),
    ),
    ("ineligible", "unsuccessful", "withdrawn", "completed", "revoked"),
    {
        "drafted": msg("being prepared"),
        "submitted": msg("applied for"),
        "ineligible": msg("applicant not admitted"),
        "eligible": msg("applicant admitted"),
        "reviewing": msg("document review"),
        "shortlisted": msg("waiting for the site visit"),
        "visited": msg("site visit done"),
        "proposed": msg("proposed for the award"),
        "held": msg("on hold"),
        "unsuccessful": msg("not successful"),
        "withdrawn": msg("withdrawn"),
        "granted": msg("award granted"),
        "monitored": msg("holder being monitored"),
        "completed": msg("monitoring ended"),
        "revoked": msg("award revoked"),
    },
    msg("Application for the award"),
)  # fmt: skip
SCORE_SHEET = Flow(
    "score_sheet",
    "assigned",
    (
        Step("open", ("assigned",), "scoring", REVIEWER, guards.no_conflict, due=due("award.sheet"), law=NOTE,
             label=msg("No conflict: begin to score")),
        Step("decline", ("assigned", "scoring"), "declined", (*REVIEWER, *PLANNER), law=NOTE,
             label=msg("Decline the review"), needs=("reason",)),
        Step("hand_in", ("scoring",), "handed_in", REVIEWER, every(guards.no_conflict, guards.sheet_complete), law=NOTE,
             label=msg("Hand in the scores"), irreversible=True),
        Step("drop", ("assigned", "scoring", "handed_in"), "dropped", PLANNER, law=NOTE,
             label=msg("Drop the scores for a conflict"), needs=("reason",)),
        Step("reinstate", ("dropped",), "handed_in", LEADER, two_people, law=NOTE,
             label=msg("Count the scores again"), needs=("reason", "second_person")),
    ),
    ("declined", "handed_in", "dropped"),
    {
        "assigned": msg("assigned"),
        "scoring": msg("being scored"),
        "declined": msg("review declined"),
        "handed_in": msg("scores handed in"),
        "dropped": msg("scores dropped"),
    },
    msg("Score sheet"),
)  # fmt: skip
AWARD_OBJECTION = Flow(
    "award_objection",
    "received",
    (
        Step("check", ("received",), "checking", PLANNER, law=MEASURES, due=due("award.objection"),
             label=msg("Check the objection")),
        Step("uphold", ("checking",), "upheld", PLANNER, law=MEASURES, label=msg("The objection is right"),
             needs=("reason",)),
        Step("reject", ("received", "checking"), "rejected", PLANNER, law=MEASURES, label=msg("The objection is not right"),
             needs=("reason",)),
        Step("withdraw", ("received", "checking"), "withdrawn", ("public", "planner"), law=MEASURES,
             label=msg("The objector takes it back"), needs=("reason",)),
    ),
    ("upheld", "rejected", "withdrawn"),
    {
        "received": msg("received"),
        "checking": msg("being checked"),
        "upheld": msg("objection upheld"),
        "rejected": msg("objection not right"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Objection to the proposal"),
)  # fmt: skip
