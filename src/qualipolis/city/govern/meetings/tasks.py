"""Joint tasks: anybody here may propose one, agencies too; a member takes the lead by its own will and reports the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.govern.bodies import GUIDES, MEMBERS, SECRETARY, guides, in_secretariat, of_federation, of_lead
from qualipolis.city.govern.checks import WHY, ahead, cleaned, lengths, row_for, written
from qualipolis.city.govern.models import Committee, JointTask, Member
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"topic": 160, "topic_en": 160, "goal": 2000, "goal_en": 2000}
RELATED = ("lead__organisation", "committee")
MOST = 10**7


@verb("federation.propose_task", roles=(*SECRETARY, *MEMBERS, *GUIDES))
def propose_task(actor: Any, thing: None = None, **given: Any) -> JointTask:
    """Propose a joint task; whether it is taken up the federation decides."""
    values = cleaned(given, TEXTS)
    refuse([
        written(values.get("topic"), "topic", msg("Name the topic."), 160),
        written(values.get("goal"), "goal", msg("Write what the task is to reach."), 2000),
        *lengths(values, TEXTS),
    ])  # fmt: skip
    kinds = JointTask.Origin
    origin = kinds.SECRETARIAT if in_secretariat(actor) else kinds.AGENCY if guides(actor) else kinds.MEMBER
    made = JointTask.objects.create(
        number=next_number("LH", timezone.localdate().year), origin=origin, proposed_by=person_of(actor), **values
    )
    record(actor, "federation.propose_task", made, {"of": made.number, "origin": origin})
    return made


@verb("federation.offer_task", roles=SECRETARY, scope=of_federation)
def offer_task(
    actor: Any, thing: JointTask, lead: Member | None, until: date | None, partners: Iterable[Member] = (),
    committee: Committee | None = None,
) -> JointTask:  # fmt: skip
    """Ask a member to lead a task, with partners and a day."""
    row, others = row_for(actor, thing, *RELATED), list(partners)
    inactive = any(one.status != "active" for one in [*others, *([lead] if lead else [])])
    refuse([
        None if lead else Problem("no_lead", msg("Name the member that leads."), place="lead"),
        Problem("not_active", msg("Only active members take part."), place="lead") if inactive else None,
        ahead(until, "until"),
    ])  # fmt: skip
    facts = {"lead": lead, "goal": row.goal, "until": until}
    move(actor, row, "offer", "federation.offer_task", {"member": lead.number if lead else "", "until": until}, facts=facts,
         for_good=True, lead=lead, until=until, committee=committee or row.committee, reason="")  # fmt: skip
    row.partners.set([one for one in others if one != lead])
    return row


@verb("federation.decline_task", roles=MEMBERS, scope=of_lead)
def decline_task(actor: Any, thing: JointTask, reason: str) -> JointTask:
    """Say that one's member does not take the lead."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "decline", "federation.decline_task", facts={"reason": reason}, for_good=True, lead=None,
         reason=reason.strip())  # fmt: skip
    return row


@verb("federation.begin_task", roles=MEMBERS, scope=of_lead)
def begin_task(actor: Any, thing: JointTask) -> JointTask:
    """Take the lead and begin; the task is due on its own day."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "begin", "federation.begin_task", due_on=row.until)
    return row


@verb("federation.report_task", roles=MEMBERS, scope=of_lead)
def report_task(
    actor: Any, thing: JointTask, report: str, report_en: str = "", firms_reached: int | None = None,
    products_checked: int | None = None,
) -> JointTask:  # fmt: skip
    """Report the result; numbers that were not counted stay empty, they are not nothing."""
    row = row_for(actor, thing, *RELATED)
    numbers = {"firms_reached": firms_reached, "products_checked": products_checked}
    refuse([
        written(report, "report", msg("Write what was done."), 4000), *lengths({"report_en": report_en}, {"report_en": 4000}),
        *_bad_numbers(numbers),
    ])  # fmt: skip
    move(actor, row, "report", "federation.report_task", numbers, facts={"report": report}, for_good=True,
         report=report.strip(), report_en=report_en.strip(), reported_by=person_of(actor), reported_on=timezone.localdate(),
         **numbers)  # fmt: skip
    return row


def _bad_numbers(numbers: Mapping[str, int | None]) -> list[Problem]:
    what = msg("Give a whole number from 0, or leave it empty.")
    return [
        Problem(f"bad_{name}", what, place=name) for name, n in numbers.items() if n is not None and not 0 <= n < MOST
    ]


@verb("federation.return_task", roles=SECRETARY, scope=of_federation)
def return_task(actor: Any, thing: JointTask, reason: str) -> JointTask:
    """Return a report to the member that leads."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "return", "federation.return_task", facts={"reason": reason}, for_good=True, reason=reason.strip(),
         due_on=row.until)  # fmt: skip
    return row


@verb("federation.accept_task", roles=SECRETARY, scope=of_federation)
def accept_task(actor: Any, thing: JointTask) -> JointTask:
    """Accept a result, which everybody reads from now on; who reported it does not."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "accept", "federation.accept_task", facts={"reported_by": row.reported_by_id}, for_good=True,
         ended_on=timezone.localdate(), reason="")  # fmt: skip
    return row


@verb("federation.drop_task", roles=SECRETARY, scope=of_federation)
def drop_task(actor: Any, thing: JointTask, reason: str) -> JointTask:
    """Drop a task."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "drop", "federation.drop_task", facts={"reason": reason}, for_good=True, reason=reason.strip(),
         ended_on=timezone.localdate())  # fmt: skip
    return row
