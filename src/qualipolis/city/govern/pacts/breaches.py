"""A breach of a pact: the member is heard, coached, and only when that did not help removed from the pact by vote."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.govern.bodies import (
    MEMBERS,
    SECRETARY,
    concerned,
    in_secretariat,
    of_federation,
    of_member,
    of_members,
)
from qualipolis.city.govern.checks import DOCUMENT, WHY, row_for, written
from qualipolis.city.govern.members.joining import resolution_about
from qualipolis.city.govern.members.pledges import second_wrong
from qualipolis.city.govern.models import Member, Pact, PactBreach, Resolution
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

RELATED = ("member__organisation", "member__enterprise", "pact")
OPEN = ("raised", "examining", "heard", "coaching", "mended")


def raisers(thing: Any) -> list[int | None]:
    """The secretariat and every member may report a breach."""
    return [*of_federation(), *of_members()]


@verb("federation.raise_breach", roles=(*SECRETARY, *MEMBERS), scope=raisers)
def raise_breach(actor: Any, thing: Pact, member: Member, facts: str, source: str = "") -> PactBreach:
    """Report that a member breaks a pact it has signed."""
    pact = row_for(actor, thing)
    refuse([
        None if pact.status == "monitored" else Problem("not_monitored", msg("This pact is not being monitored.")),
        None if pact.signatures.filter(member=member, ended_on=None).exists()
        else Problem("not_signed", msg("This member has not signed."), place="member"),
        written(facts, "facts", msg("Say what happened."), 4000),
        Problem("open", msg("A breach of this pact by this member is open already."))
        if pact.breaches.filter(member=member, status__in=OPEN).exists() else None,
    ])  # fmt: skip
    kinds = PactBreach.Source
    known = source if source in kinds.values and in_secretariat(actor) else ""
    today = timezone.localdate()
    made = PactBreach.objects.create(
        number=next_number("WY", today.year), pact=pact, member=member, facts=facts.strip(), raised_by=person_of(actor),
        source=known or (kinds.SECRETARIAT if in_secretariat(actor) else kinds.MEMBER),
        due_on=deadline("federation.breach.examination", today).due,
    )  # fmt: skip
    record(actor, "federation.raise_breach", made, {"of": made.number, "pact": pact.number, "member": member.number})
    return made


def _facts(actor: Any, row: PactBreach, **more: Any) -> dict[str, Any]:
    return {"concerned": concerned(actor, row.member.enterprise, row.member), **more}


@verb("federation.examine_breach", roles=SECRETARY, scope=of_federation)
def examine_breach(actor: Any, thing: PactBreach) -> PactBreach:
    """Begin to examine a breach; the member is asked for its statement."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "examine", "federation.examine_breach", facts=_facts(actor, row), for_good=True)
    return row


@verb("federation.state_breach", roles=MEMBERS, scope=of_member)
def state_breach(actor: Any, thing: PactBreach, statement: str) -> PactBreach:
    """Give the statement of the member."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(statement, "statement", msg("Write the statement of the member."), 4000)])
    move(actor, row, "state", "federation.state_breach", facts={"statement": statement}, for_good=True,
         statement=statement.strip())  # fmt: skip
    return row


@verb("federation.note_silence", roles=SECRETARY, scope=of_federation)
def note_silence(actor: Any, thing: PactBreach) -> PactBreach:
    """Note that the term for the statement passed without one."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "note_silence", "federation.note_silence", facts={"due_on": row.due_on}, for_good=True)
    return row


@verb("federation.coach", roles=SECRETARY, scope=of_federation)
def coach(actor: Any, thing: PactBreach, reason: str, plan: str) -> PactBreach:
    """Find a breach and agree with the member how it is mended."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        written(reason, "reason", WHY, 2000),
        written(plan, "plan", msg("Write what will be done, by whom and by when."), 4000),
    ])  # fmt: skip
    move(actor, row, "coach", "federation.coach", facts=_facts(actor, row, reason=reason, plan=plan), for_good=True,
         reason=reason.strip(), plan=plan.strip())  # fmt: skip
    return row


@verb("federation.dismiss_breach", roles=SECRETARY, scope=of_federation)
def dismiss_breach(actor: Any, thing: PactBreach, reason: str) -> PactBreach:
    """Find that there was no breach."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "dismiss", "federation.dismiss_breach", facts=_facts(actor, row, reason=reason),
         reason=reason.strip(), ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.report_mended", roles=MEMBERS, scope=of_member)
def report_mended(actor: Any, thing: PactBreach, report: str) -> PactBreach:
    """Report what was mended."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(report, "report", msg("Write what was done."), 4000)])
    move(
        actor, row, "report", "federation.report_mended", facts={"report": report}, for_good=True, report=report.strip()
    )
    return row


@verb("federation.coach_on", roles=SECRETARY, scope=of_federation)
def coach_on(actor: Any, thing: PactBreach, reason: str) -> PactBreach:
    """Find that not enough was mended; the coaching goes on."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "return", "federation.coach_on", facts=_facts(actor, row, reason=reason), reason=reason.strip())
    return row


@verb("federation.accept_mended", roles=SECRETARY, scope=of_federation)
def accept_mended(actor: Any, thing: PactBreach) -> PactBreach:
    """Accept what was mended; the breach is over."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "accept", "federation.accept_mended", facts=_facts(actor, row), ended_on=timezone.localdate())
    return row


@verb("federation.strike", roles=SECRETARY, scope=of_federation)
def strike(
    actor: Any, thing: PactBreach, reason: str, document_no: str, second_person: Person | None,
    resolution: Resolution | None = None,
) -> PactBreach:  # fmt: skip
    """Remove a member from a pact: by a carried resolution, and two people after coaching that did not help."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        written(reason, "reason", WHY, 2000),
        written(document_no, "document_no", DOCUMENT, 60),
        second_wrong(second_person, "federation.strike"),
    ])  # fmt: skip
    carried = (
        resolution_about(row.member, Resolution.Subject.BREACH).filter(pk=getattr(resolution, "pk", None)).exists()
    )
    today = timezone.localdate()
    told = {"document_no": document_no.strip(), "second_person": second_person.pk if second_person else None}
    move(actor, row, "strike", "federation.strike", told, facts=_facts(actor, row, reason=reason, resolution_carried=carried),
         reason=reason.strip(), document_no=document_no.strip(), second_person=second_person, resolution=resolution,
         ended_on=today)  # fmt: skip
    row.pact.signatures.filter(member=row.member, ended_on=None).update(ended_on=today, ended_why="struck")
    return row
