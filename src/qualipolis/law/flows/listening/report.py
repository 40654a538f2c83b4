"""A report (举报): a clue is checked, a case is opened or not, a named informant is told."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening.steps import HANDLER, OFFICER, step
from qualipolis.law.guards import two_people
from qualipolis.law.listening import guards
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

_CHECK = msg("Procedure for administrative penalties: check of a clue")
_JURISDICTION = msg("Orders 20 and 121: place of the violation")
_INFORM = msg("Order 20, article 31; Order 121 on the result of a report")

REPORT = Flow(
    "report",
    "received",
    (
        step("check", ("received",), "checking", HANDLER, msg("Begin to check the clue"), _CHECK, due=due("report.check")),
        step("extend", ("checking",), "extended", HANDLER, msg("Extend the check"), _CHECK, guard=two_people,
             due=due("report.extension"), needs=("reason", "second_person")),
        step("file", ("checking", "extended"), "filed", HANDLER, msg("Open a case"), _CHECK,
             due=due("report.informed"), needs=("document_no", "reason"), irreversible=True),
        step("not_file", ("checking", "extended"), "not_filed", HANDLER, msg("Open no case, with the ground"), _CHECK,
             guard=guards.no_case_ground, due=due("report.informed"), needs=("reason_code", "reason")),
        step("transfer", ("received", "checking"), "transferred", HANDLER, msg("Pass on to the competent authority"),
             _JURISDICTION, needs=("reason", "authority"), irreversible=True),
        step("merge", ("received", "checking"), "merged", HANDLER, msg("Join with the earlier report of the same facts"),
             _CHECK, needs=("reason",)),
        step("inform", ("filed", "not_filed"), "informed", OFFICER, msg("Tell the informant"), _INFORM,
             guard=guards.informant_named),
        step("close_anonymous", ("filed", "not_filed"), "closed", OFFICER, msg("Close the anonymous report"), _INFORM,
             guard=guards.told_or_anonymous),
        step("reopen", ("not_filed", "informed", "closed"), "checking", HANDLER, msg("Check again on new facts"), _CHECK,
             due=due("report.check"), needs=("reason",)),
        step("close", ("informed",), "closed", OFFICER, msg("Close the report"), _INFORM),
    ),
    ("transferred", "merged", "closed"),
    {
        "received": msg("received"),
        "checking": msg("clue being checked"),
        "extended": msg("check extended"),
        "filed": msg("case opened"),
        "not_filed": msg("no case opened"),
        "informed": msg("informant told"),
        "transferred": msg("passed to another authority"),
        "merged": msg("joined with another report"),
        "closed": msg("dealt with"),
    },
    msg("Report of a violation"),
)  # fmt: skip
