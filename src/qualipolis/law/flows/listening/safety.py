"""Product safety: investigations with their actions and requests, incidents, recalls, public warnings."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening.steps import FIRM, HANDLER, INVESTIGATOR, SIGNER, step
from qualipolis.law.guards import two_people
from qualipolis.law.listening import guards
from qualipolis.law.listening.rules import GUANGDONG, ORDER_19
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

INVESTIGATION = Flow(
    "investigation",
    "opened",
    (
        step("close", ("opened", "reopened"), "closed", INVESTIGATOR, msg("Close the investigation"),
             guard=guards.actions_settled, needs=("report",)),
        step("reopen", ("closed",), "reopened", INVESTIGATOR, msg("Open the investigation again"), needs=("reason",)),
        step("cancel", ("opened",), "cancelled", INVESTIGATOR, msg("Cancel an investigation opened by mistake"),
             needs=("reason",)),
    ),
    ("closed", "cancelled"),
    {"opened": msg("being investigated"), "closed": msg("investigation ended"), "reopened": msg("investigated again"),
     "cancelled": msg("cancelled")},
    msg("Investigation"),
)  # fmt: skip
CORRECTIVE_ACTION = Flow(
    "corrective_action",
    "ordered",
    (
        step("prove", ("ordered",), "proved", (*FIRM, *INVESTIGATOR), msg("Show that it was carried out"),
             guard=guards.proof_given, needs=("report",)),
        step("accept", ("proved",), "accepted", INVESTIGATOR, msg("Accept the proof")),
        step("return", ("proved",), "ordered", INVESTIGATOR, msg("Return the proof"),
             due=due("safety.corrective_action"), needs=("reason",)),
        step("withdraw", ("ordered", "proved"), "withdrawn", INVESTIGATOR, msg("Take the action back"),
             needs=("reason",)),
    ),
    ("accepted", "withdrawn"),
    {"ordered": msg("to be carried out"), "proved": msg("proof handed in"), "accepted": msg("carried out"),
     "withdrawn": msg("taken back")},
    msg("Corrective action"),
)  # fmt: skip
AUTHORITY_REQUEST = Flow(
    "authority_request",
    "drafted",
    (
        step("send", ("drafted",), "sent", INVESTIGATOR, msg("Send the request"), due=due("safety.authority_answer"),
             needs=("authority", "document_no"), irreversible=True),
        step("answer", ("sent",), "answered", INVESTIGATOR, msg("Record the answer"), needs=("report",)),
        step("withdraw", ("drafted", "sent"), "withdrawn", INVESTIGATOR, msg("Withdraw the request"), needs=("reason",)),
    ),
    ("answered", "withdrawn"),
    {"drafted": msg("drafted"), "sent": msg("sent"), "answered": msg("answered"), "withdrawn": msg("withdrawn")},
    msg("Request to another authority"),
)  # fmt: skip
INCIDENT = Flow(
    "incident",
    "reported",
    (
        step("verify", ("reported",), "verified", (*HANDLER, "department"), msg("The incident is verified"),
             due=due("incident.upward")),
        step("dismiss", ("reported",), "dismissed", (*HANDLER, "department"), msg("No product was involved"),
             needs=("reason",)),
        step("report_up", ("verified",), "reported_up", INVESTIGATOR, msg("Report to the authority above"), GUANGDONG,
             guard=guards.serious, needs=("document_no", "authority"), irreversible=True),
        step("close_slight", ("verified",), "closed", INVESTIGATOR, msg("Close the incident"),
             guard=guards.serious_reported, needs=("report",)),
        step("close", ("reported_up",), "closed", INVESTIGATOR, msg("Close the incident"), needs=("report",)),
        step("reopen", ("dismissed", "closed"), "reported", INVESTIGATOR, msg("Take the incident up again"),
             due=due("incident.verification"), needs=("reason",)),
    ),
    ("dismissed", "closed"),
    {"reported": msg("reported"), "verified": msg("verified"), "dismissed": msg("no product involved"),
     "reported_up": msg("reported to the authority above"), "closed": msg("dealt with")},
    msg("Incident"),
)  # fmt: skip
RECALL = Flow(
    "recall",
    "clue",
    (
        step("assess", ("clue",), "assessing", INVESTIGATOR, msg("Begin to assess the defect"), ORDER_19,
             due=due("recall.assessment")),
        step("no_defect", ("clue", "assessing"), "no_defect", INVESTIGATOR, msg("No defect was found"), ORDER_19,
             needs=("reason",)),
        step("find_defect", ("clue", "assessing"), "defect_found", INVESTIGATOR, msg("A defect was found"), ORDER_19,
             due=due("recall.plan"), needs=("reason",)),
        step("declare_defect", ("clue", "assessing"), "defect_found", FIRM, msg("Declare the defect ourselves"), ORDER_19,
             due=due("recall.plan"), needs=("reason",)),
        step("reopen", ("no_defect",), "assessing", INVESTIGATOR, msg("Assess again on new facts"), ORDER_19,
             due=due("recall.assessment"), needs=("reason",)),
        step("order", ("defect_found",), "ordered", INVESTIGATOR, msg("Order the recall"), ORDER_19, guard=two_people,
             due=due("recall.plan"), needs=("document_no", "reason", "second_person"), irreversible=True),
        step("file_plan", ("defect_found", "ordered", "ordered_again"), "plan_filed", (*FIRM, *INVESTIGATOR),
             msg("File the recall plan"), ORDER_19, guard=guards.plan_complete, due=due("recall.announce")),
        step("return_plan", ("plan_filed",), "defect_found", INVESTIGATOR, msg("Return the plan"), ORDER_19,
             due=due("recall.plan"), needs=("reason",)),
        step("announce", ("plan_filed",), "announced", INVESTIGATOR, msg("Announce the recall"), ORDER_19,
             due=due("recall.progress"), irreversible=True),
        step("report_progress", ("announced", "executing"), "executing", (*FIRM, *INVESTIGATOR),
             msg("Report the progress"), ORDER_19, guard=guards.progress_complete, due=due("recall.progress")),
        step("complete", ("executing",), "completed", (*FIRM, *INVESTIGATOR), msg("Hand in the summary of the recall"),
             ORDER_19, due=due("recall.evaluation"), needs=("report",)),
        step("evaluate", ("completed",), "evaluated", INVESTIGATOR, msg("Evaluate the effect"), ORDER_19,
             guard=guards.effect_measured),
        step("order_again", ("evaluated",), "ordered_again", INVESTIGATOR, msg("Order the recall again"), ORDER_19,
             guard=two_people, due=due("recall.plan"), needs=("document_no", "reason", "second_person"),
             irreversible=True),
        step("close", ("evaluated",), "closed", INVESTIGATOR, msg("Close the recall"), ORDER_19),
    ),
    ("no_defect", "closed"),
    {
        "clue": msg("clue"),
        "assessing": msg("defect being assessed"),
        "no_defect": msg("no defect found"),
        "defect_found": msg("defect found"),
        "ordered": msg("recall ordered"),
        "plan_filed": msg("plan filed"),
        "announced": msg("announced"),
        "executing": msg("being carried out"),
        "completed": msg("carried out"),
        "evaluated": msg("effect evaluated"),
        "ordered_again": msg("ordered again"),
        "closed": msg("dealt with"),
    },
    msg("Recall"),
)  # fmt: skip
WARNING = Flow(
    "public_warning",
    "drafted",
    (
        step("hand_in", ("drafted",), "reviewing", INVESTIGATOR, msg("Hand in for review"), guard=guards.warning_complete),
        step("return", ("reviewing",), "drafted", SIGNER, msg("Return the draft"), needs=("reason",)),
        step("discard", ("drafted",), "discarded", INVESTIGATOR, msg("Discard the draft"), needs=("reason",)),
        step("publish", ("reviewing",), "published", SIGNER, msg("Publish the warning"), guard=guards.written_by_other,
             due=due("warning.shown"), irreversible=True),
        step("replace", ("published",), "replaced", SIGNER, msg("Replace by a corrected version"), needs=("reason",)),
        step("take_down", ("published",), "taken_down", SIGNER, msg("Take the warning down"), needs=("reason",)),
        step("lapse", ("published",), "lapsed", ("system",), msg("The warning has run out")),
    ),
    ("discarded", "replaced", "taken_down", "lapsed"),
    {
        "drafted": msg("being written"),
        "reviewing": msg("under review"),
        "discarded": msg("discarded"),
        "published": msg("published"),
        "replaced": msg("replaced by a corrected version"),
        "taken_down": msg("taken down"),
        "lapsed": msg("run out"),
    },
    msg("Public warning"),
)  # fmt: skip
