"""Screening a clue and passing it to where it belongs: market regulation, the product hospital, an association, or nowhere."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import System, person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.govern.bodies import (
    REPRESENTATIVES,
    SECRETARY,
    association_concerned,
    concerned,
    of_association,
    of_federation,
)
from qualipolis.city.govern.checks import WHY, row_for, too_long, written
from qualipolis.city.govern.models import Clue, Member
from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import Case
from qualipolis.city.listen import service as listen
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.methods.problems import Problem, msg, refuse

RELATED = ("enterprise__unit", "unit", "association__organisation", "sender")
SYSTEM = System("federation")
FROM = "由市场监管共建共治联合会转来的线索 {number}。"


def _facts(actor: Any, row: Clue, **more: Any) -> dict[str, Any]:
    return {"concerned": concerned(actor, row.enterprise), **more}


@verb("federation.place_clue", roles=SECRETARY, scope=of_federation)
def place_clue(actor: Any, thing: Clue, enterprise: Enterprise | None = None, unit: Unit | None = None) -> Clue:
    """Say which firm and which town a clue is about."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        None if row.status in ("raised", "screened") else Problem("passed_on", msg("This clue was passed on already.")),
        None if enterprise or unit else Problem("no_unit", msg("Choose the town."), place="unit"),
    ])  # fmt: skip
    row.enterprise, row.unit = enterprise, unit or (enterprise.unit if enterprise else None)
    row.save(update_fields=["enterprise", "unit"])
    record(actor, "federation.place_clue", row, {"of": row.reference})
    return row


@verb("federation.screen_clue", roles=SECRETARY, scope=of_federation)
def screen_clue(actor: Any, thing: Clue, risk: str, note: str = "") -> Clue:
    """Screen a clue: how great the risk is, and what speaks for or against it."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        None if risk in Clue.Risk.values else Problem("no_risk", msg("Say how great the risk is."), place="risk"),
        too_long(note, "note", 2000),
    ])  # fmt: skip
    move(actor, row, "screen", "federation.screen_clue", {"risk": risk}, facts=_facts(actor, row), start=row.raised_on,
         risk=risk, note=note.strip(), screened_by=person_of(actor), screened_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.forward_clue", roles=SECRETARY, scope=of_federation)
def forward_clue(actor: Any, thing: Clue) -> Clue:
    """Forward a clue to market regulation: it becomes a report; a name goes along only when its sender agreed, sealed."""
    row = row_for(actor, thing, *RELATED)
    sender = secrecy.unseal(row.sender.sealed) if row.sender.pass_on else {}
    move(actor, row, "forward", "federation.forward_clue", facts=_facts(actor, row), start=row.raised_on)
    received = listen.receive_letter(
        SYSTEM, None, track="report", channel="transfer", respondent_name=row.respondent_name, language=row.language,
        facts=f"{FROM.format(number=row.reference)}\n{row.facts}"[:4000], product_name=row.product_name,
        unit=row.unit, enterprise=row.enterprise, identity={name: sender.get(name, "") for name in ("name", "phone")},
    )  # fmt: skip
    row.report = received.report
    row.save(update_fields=["report"])
    tell(actor, "federation.clue_forwarded", row)
    return row


@verb("federation.refer_clue", roles=SECRETARY, scope=of_federation)
def refer_clue(actor: Any, thing: Clue, product_name: str, problem_text: str) -> Clue:
    """Offer the firm the product hospital: a draft in the words of the secretariat, which the firm registers or not.

    The firm reads neither the clue nor that there was one.
    """
    row = row_for(actor, thing, *RELATED)
    refuse([
        written(product_name, "product_name", msg("Name the product."), 120),
        written(problem_text, "problem_text", msg("Describe the problem in your own words, without the clue's."), 2000),
    ])  # fmt: skip
    move(actor, row, "refer", "federation.refer_clue", facts=_facts(actor, row, enterprise=row.enterprise_id),
         start=row.raised_on)  # fmt: skip
    row.case = hospital.draft_case(
        SYSTEM, row.enterprise, source=Case.Source.CAMPAIGN.value, product_name=product_name, problem_text=problem_text
    )
    row.save(update_fields=["case"])
    return row


@verb("federation.assign_clue", roles=SECRETARY, scope=of_federation)
def assign_clue(actor: Any, thing: Clue, association: Member | None) -> Clue:
    """Give a clue to an association for self-discipline; it reads the facts, never who gave them."""
    row = row_for(actor, thing, *RELATED)
    active = association is not None and association.kind == Member.Kind.ASSOCIATION and association.status == "active"
    refuse([None if active else Problem("no_association", msg("Choose an active association."), place="association")])
    assert association is not None
    facts = _facts(actor, row, association_concerned=association_concerned(association, row.enterprise))
    move(actor, row, "assign", "federation.assign_clue", {"association": association.number}, facts=facts,
         start=row.raised_on, for_good=True, association=association)  # fmt: skip
    return row


@verb("federation.drop_clue", roles=SECRETARY, scope=of_federation)
def drop_clue(actor: Any, thing: Clue, reason: str) -> Clue:
    """Drop a clue, with the reason; it is answered all the same."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "drop", "federation.drop_clue", facts=_facts(actor, row, reason=reason), start=row.raised_on,
         reason=reason.strip())  # fmt: skip
    return row


@verb("federation.report_clue", roles=REPRESENTATIVES, scope=of_association)
def report_clue(actor: Any, thing: Clue, report: str) -> Clue:
    """Report what the association did about a clue."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(report, "report", msg("Write what was done."), 4000)])
    move(actor, row, "report", "federation.report_clue", facts=_facts(actor, row, report=report), start=row.raised_on,
         for_good=True, done=report.strip())  # fmt: skip
    return row


@verb("federation.give_back_clue", roles=REPRESENTATIVES, scope=of_association)
def give_back_clue(actor: Any, thing: Clue, reason: str) -> Clue:
    """Give a clue back to the secretariat."""
    return _back(actor, thing, reason, "give_back", "federation.give_back_clue")


@verb("federation.take_back_clue", roles=SECRETARY, scope=of_federation)
def take_back_clue(actor: Any, thing: Clue, reason: str) -> Clue:
    """Take a clue back from an association."""
    return _back(actor, thing, reason, "take_back", "federation.take_back_clue")


def _back(actor: Any, thing: Clue, reason: str, step: str, name: str) -> Clue:
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, step, name, facts={"reason": reason}, start=row.raised_on, for_good=True, association=None,
         reason=reason.strip())  # fmt: skip
    return row


@verb("federation.answer_clue", roles=SECRETARY, scope=of_federation)
def answer_clue(actor: Any, thing: Clue, answer: str) -> Clue:
    """Answer a clue: whoever has its number and code reads it, also when no name was given."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(answer, "answer", msg("Write the answer."), 4000)])
    move(actor, row, "answer", "federation.answer_clue", facts=_facts(actor, row, answer=answer), for_good=True,
         answer=answer.strip(), answered_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.reopen_clue", roles=SECRETARY, scope=of_federation)
def reopen_clue(actor: Any, thing: Clue, reason: str) -> Clue:
    """Screen a clue again on new facts; a new term begins today."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "reopen", "federation.reopen_clue", facts={"reason": reason}, for_good=True, reason=reason.strip(),
         association=None, answered_on=None)  # fmt: skip
    return row


@verb("federation.close_clue", roles=SECRETARY, scope=of_federation)
def close_clue(actor: Any, thing: Clue) -> Clue:
    """Close an answered clue."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "close", "federation.close_clue")
    return row
