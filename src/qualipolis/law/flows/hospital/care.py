"""What happens inside a case: examinations, panels, second opinions, prescriptions and their items, follow-ups."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.flows.hospital.case import DESK, DOCTOR, FIRM, MANAGER
from qualipolis.law.flows.hospital.steps import step
from qualipolis.law.hospital import guards
from qualipolis.methods.problems import msg

LABORATORY = ("laboratory",)
CONVENE = (*DOCTOR, *MANAGER)


def _step(name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, **more: object) -> Step:
    return step(name, sources, target, role, label=label, **more)  # type: ignore[arg-type]


EXAMINATION = Flow(
    "hospital_examination",
    "ordered",
    (
        _step("accept", ("ordered",), "accepted", LABORATORY, msg("Accept the order")),
        _step("decline", ("ordered",), "declined", LABORATORY, msg("Decline the order"), needs=("reason",)),
        _step(
            "report", ("accepted",), "reported", LABORATORY, msg("Hand in the examination report"), irreversible=True
        ),
        _step("cancel", ("ordered", "accepted"), "cancelled", CONVENE, msg("Cancel the order"), needs=("reason",)),
    ),
    ("declined", "reported", "cancelled"),
    {
        "ordered": msg("ordered from the laboratory"),
        "accepted": msg("accepted by the laboratory"),
        "reported": msg("reported"),
        "declined": msg("declined"),
        "cancelled": msg("cancelled"),
    },
    msg("Examination"),
)
PANEL = Flow(
    "hospital_panel",
    "called",
    (
        _step(
            "conclude", ("called",), "concluded", CONVENE, msg("Record the decision of the panel"), irreversible=True
        ),
        _step("cancel", ("called",), "cancelled", CONVENE, msg("Cancel the panel"), needs=("reason",)),
    ),
    ("concluded", "cancelled"),
    {"called": msg("called"), "concluded": msg("decision recorded"), "cancelled": msg("cancelled")},
    msg("Panel"),
)
SECOND_OPINION = Flow(
    "hospital_second_opinion",
    "asked",
    (
        _step(
            "appoint",
            ("asked",),
            "appointed",
            MANAGER,
            msg("Appoint an expert of another organisation"),
            guard=guards.no_conflict,
        ),
        _step("uphold", ("appointed",), "upheld", DOCTOR, msg("The diagnosis stands"), needs=("reason",)),
        _step("overturn", ("appointed",), "overturned", DOCTOR, msg("The diagnosis does not stand"), needs=("reason",)),
        _step("withdraw", ("asked", "appointed"), "withdrawn", FIRM, msg("Withdraw the request")),
    ),
    ("upheld", "overturned", "withdrawn"),
    {
        "asked": msg("asked for"),
        "appointed": msg("expert appointed"),
        "upheld": msg("diagnosis upheld"),
        "overturned": msg("diagnosis overturned"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Second opinion"),
)
PRESCRIPTION = Flow(
    "hospital_prescription",
    "draft",
    (
        _step("issue", ("draft",), "issued", DOCTOR, msg("Give the prescription"), guard=guards.prescription_complete),
        _step("accept", ("issued",), "accepted", FIRM, msg("Accept the prescription")),
        _step("object", ("issued",), "objected", FIRM, msg("Object to the prescription"), needs=("reason",)),
        _step("replace", ("issued", "accepted", "objected"), "replaced", DOCTOR, msg("Replace by a new version")),
    ),
    ("objected", "accepted", "replaced"),
    {
        "draft": msg("draft"),
        "issued": msg("given"),
        "accepted": msg("accepted by the firm"),
        "objected": msg("objected to"),
        "replaced": msg("replaced by a newer version"),
    },
    msg("Prescription"),
)
PRESCRIPTION_ITEM = Flow(
    "hospital_item",
    "open",
    (
        _step("finish", ("open", "returned"), "done", FIRM, msg("Report it done"), needs=("report",)),
        _step("accept", ("done",), "accepted", DOCTOR, msg("Accept")),
        _step("return", ("done", "accepted"), "returned", DOCTOR, msg("Send back"), needs=("reason",)),
        _step("drop", ("open", "done", "returned"), "dropped", DOCTOR, msg("Drop the item"), needs=("reason",)),
    ),
    ("accepted", "dropped"),
    {
        "open": msg("to be done"),
        "done": msg("done"),
        "accepted": msg("accepted"),
        "returned": msg("sent back"),
        "dropped": msg("dropped"),
    },
    msg("Item of a prescription"),
)
FOLLOW_UP = Flow(
    "hospital_follow_up",
    "planned",
    (
        _step("record", ("planned",), "done", DESK, msg("Record the follow-up"), needs=("report",)),
        _step("miss", ("planned",), "missed", DESK, msg("The firm could not be reached"), needs=("reason",)),
        _step("cancel", ("planned",), "cancelled", ("system", *DESK), msg("Cancel the follow-up"), needs=("reason",)),
    ),
    ("done", "missed", "cancelled"),
    {"planned": msg("planned"), "done": msg("done"), "missed": msg("firm not reached"), "cancelled": msg("cancelled")},
    msg("Follow-up"),
)
