"""Chief quality officers (首席质量官): named by the firm, filed by the authority, trained, certified, active."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.guards import two_people
from qualipolis.law.talent import officer_guards as guards
from qualipolis.law.talent.officer_rules import NOTE
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

FIRM = ("enterprise",)
FILER = ("department", "inspector", "town_officer")
TRAINER = ("trainer",)
SYSTEM = ("system",)
OFFICE = ("trained", "certified", "active", "lapsed")
KNOWN = ("filed", *OFFICE)


def step(
    name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, law: str = NOTE, **more: Any
) -> Step:
    """Return a step; where no clause is given it is a working rule of the city."""
    return Step(name, sources, target, role, law=law, label=label, **more)


CHIEF_QUALITY_OFFICER = Flow(
    "chief_quality_officer",
    "nominated",
    (
        step("file", ("nominated",), "filed", FILER, msg("File the appointment"), due=due("officer.training"),
             guard=every(guards.conditions_met, guards.appointment_attached, guards.free_elsewhere)),
        step("return", ("nominated",), "returned", FILER, msg("Return the appointment"), due=due("officer.returned"),
             needs=("reason",)),
        step("hand_in_again", ("returned",), "nominated", FIRM, msg("Hand in again"), due=due("officer.filing"),
             guard=every(guards.conditions_met, guards.appointment_attached)),
        step("withdraw", ("nominated", "returned"), "withdrawn", FIRM, msg("Withdraw the nomination"),
             needs=("reason",)),
        step("train", ("filed",), "trained", (*TRAINER, *SYSTEM), msg("The course was passed"),
             due=due("officer.certificate"), guard=guards.trained),
        step("certify", ("trained",), "certified", (*TRAINER, *SYSTEM), msg("The certificate is issued"),
             due=due("officer.post"), guard=guards.certificate_held),
        step("activate", ("certified",), "active", (*FIRM, *FILER), msg("The officer has taken up the post"),
             guard=every(guards.free_elsewhere, guards.post_free, guards.training_holds)),
        step("lapse", ("certified", "active"), "lapsed", SYSTEM, msg("Two years have passed without training"),
             guard=guards.training_over),
        step("renew", ("lapsed",), "active", (*TRAINER, *SYSTEM), msg("Trained again: active as before"),
             guard=every(guards.training_holds, guards.free_elsewhere, guards.post_free)),
        step("replace", KNOWN, "replaced", FIRM, msg("The officer has left the post"), due=due("officer.refile"),
             needs=("reason",)),
        step("remove", KNOWN, "removed", FILER, msg("Strike the filing"), due=due("officer.refile"), guard=two_people,
             needs=("reason", "second_person"), irreversible=True),
        step("deregister", ("nominated", "returned", *KNOWN), "ent_deregistered", SYSTEM,
             msg("The firm has been deregistered")),
    ),
    ("withdrawn", "replaced", "removed", "ent_deregistered"),
    {
        "nominated": msg("named, waiting to be filed"),
        "returned": msg("returned to the firm"),
        "withdrawn": msg("nomination withdrawn"),
        "filed": msg("filed, to be trained"),
        "trained": msg("trained, waiting for the certificate"),
        "certified": msg("certified, to take up the post"),
        "active": msg("in post"),
        "lapsed": msg("lapsed: no training for two years"),
        "replaced": msg("has left the post"),
        "removed": msg("filing struck"),
        "ent_deregistered": msg("firm deregistered"),
    },
    msg("Chief quality officer"),
)  # fmt: skip
OFFICERS = (CHIEF_QUALITY_OFFICER,)
