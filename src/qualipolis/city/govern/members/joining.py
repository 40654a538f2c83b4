"""Becoming a member, being suspended and taken back, leaving, being removed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.govern.bodies import AGENCY_KINDS, MEMBERS, SECRETARY, of_federation, of_member
from qualipolis.city.govern.checks import DOCUMENT, WHY, row_for, written
from qualipolis.city.govern.members.penalties import open_penalties
from qualipolis.city.govern.models import Member, PactSignature, Resolution, Seat
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

RELATED = ("organisation", "enterprise")
MOST_VOTES = 9
STANDING = ("applied", "approved", "active", "suspended")


def applicant(thing: Organisation) -> list[int | None]:
    """The organisation that applies, and the federation, whose secretariat may write an application down."""
    return [thing.pk, *of_federation()]


@verb("federation.apply", roles=(*SECRETARY, *MEMBERS), scope=applicant)
def apply_for_membership(
    actor: Any, thing: Organisation, kind: str, purpose: str = "", unit: Unit | None = None
) -> Member:
    """Apply for membership; an organisation is a member once."""
    firm = Enterprise.objects.select_related("unit").filter(credit_code=thing.code).first()
    refuse([
        None if kind in Member.Kind.values else Problem("bad_kind", msg("Choose the kind of member."), place="kind"),
        None if (kind == Member.Kind.ENTERPRISE) == (firm is not None)
        else Problem("other_kind", msg("A firm of the register joins as a firm, everybody else does not."), place="kind"),
        _no_agency(thing),
        written(purpose, "purpose", msg("Say what you want to contribute.")),
        Problem("member_already", msg("This organisation is a member already, or its application is open."))
        if Member.objects.filter(organisation=thing, status__in=STANDING).exists() else None,
        Problem("ceased", msg("The firm is deregistered.")) if firm and firm.closed_on else None,
    ])  # fmt: skip
    today = timezone.localdate()
    made = Member.objects.create(
        number=next_number("HY", today.year), kind=kind, organisation=thing, enterprise=firm, purpose=purpose.strip(),
        unit=unit or (firm.unit if firm else None), due_on=deadline("federation.member.decision", today).due,
    )  # fmt: skip
    record(actor, "federation.apply", made, {"of": made.number, "kind": kind, "organisation": thing.code})
    return made


def _no_agency(thing: Organisation) -> Problem | None:
    what = msg("Agencies and bodies under them are no members: the federation is independent of them.")
    return Problem("agency", what) if thing.kind in AGENCY_KINDS else None


@verb("federation.approve_member", roles=SECRETARY, scope=of_federation)
def approve_member(actor: Any, thing: Member, document_no: str, votes: int = 1) -> Member:
    """Admit a member by a decision of the council, with its number of votes; it joins when it accepts the statutes."""
    row = row_for(actor, thing, *RELATED)
    what = msg("A member has from 1 to %(most)s votes.")
    refuse([
        written(document_no, "document_no", DOCUMENT, 60),
        None if 1 <= votes <= MOST_VOTES else Problem("bad_votes", what, "", {"most": MOST_VOTES}, "votes"),
    ])  # fmt: skip
    facts = {"agency": row.organisation.kind in AGENCY_KINDS, "open_penalties": open_penalties(row.enterprise)}
    move(actor, row, "approve", "federation.approve_member", {"document_no": document_no.strip(), "votes": votes}, facts=facts,
         document_no=document_no.strip(), votes=votes, decided_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.refuse_member", roles=SECRETARY, scope=of_federation)
def refuse_member(actor: Any, thing: Member, reason: str, document_no: str) -> Member:
    """Refuse an application, with the reason."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY), written(document_no, "document_no", DOCUMENT, 60)])
    move(actor, row, "refuse", "federation.refuse_member", {"document_no": document_no.strip()}, facts={"reason": reason},
         reason=reason.strip(), document_no=document_no.strip(), decided_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.withdraw_application", roles=MEMBERS, scope=of_member)
def withdraw_application(actor: Any, thing: Member) -> Member:
    """Withdraw an application; one may apply again at any time."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "withdraw", "federation.withdraw_application", ended_on=timezone.localdate())
    return row


@verb("federation.join", roles=MEMBERS, scope=of_member)
def join(actor: Any, thing: Member, statutes: bool) -> Member:
    """Accept the statutes and become a member."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "join", "federation.join", facts={"statutes": statutes}, joined_on=timezone.localdate())
    return row


@verb("federation.suspend_member", roles=SECRETARY, scope=of_federation)
def suspend_member(actor: Any, thing: Member, reason: str, document_no: str) -> Member:
    """Suspend a membership: no vote, no new signature, no chair while it lasts."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY), written(document_no, "document_no", DOCUMENT, 60)])
    move(actor, row, "suspend", "federation.suspend_member", {"document_no": document_no.strip()}, facts={"reason": reason},
         for_good=True, reason=reason.strip(), document_no=document_no.strip())  # fmt: skip
    Seat.objects.filter(member=row, until=None, chair=True).update(chair=False)
    return row


@verb("federation.resume_member", roles=SECRETARY, scope=of_federation)
def resume_member(actor: Any, thing: Member, reason: str) -> Member:
    """Lift a suspension; not while a penalty is unsettled."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    facts = {"reason": reason, "open_penalties": open_penalties(row.enterprise)}
    move(actor, row, "resume", "federation.resume_member", facts=facts, reason=reason.strip())
    return row


@verb("federation.leave", roles=MEMBERS, scope=of_member)
def leave(actor: Any, thing: Member) -> Member:
    """Leave the federation; nobody is kept, and nothing is owed for it."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "leave", "federation.leave", ended_on=timezone.localdate())
    _end_seats(row, "left")
    return row


@verb("federation.remove_member", roles=SECRETARY, scope=of_federation)
def remove_member(
    actor: Any, thing: Member, reason: str, document_no: str, resolution: Resolution | None = None
) -> Member:
    """Remove a suspended member by a resolution that the members carried about it."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY), written(document_no, "document_no", DOCUMENT, 60)])
    carried = (
        resolution is not None and resolution_about(row, Resolution.Subject.MEMBER).filter(pk=resolution.pk).exists()
    )
    told = {"document_no": document_no.strip(), "resolution": resolution.number if resolution else ""}
    move(actor, row, "remove", "federation.remove_member", told, facts={"reason": reason, "resolution_carried": carried},
         reason=reason.strip(), document_no=document_no.strip(), ended_on=timezone.localdate())  # fmt: skip
    _end_seats(row, "removed")
    return row


def resolution_about(member: Member, subject: str) -> Any:
    """Return the resolutions about a member that were carried."""
    return Resolution.objects.filter(about=member, subject=subject, status="carried")


def _end_seats(row: Member, why: str) -> None:
    today = timezone.localdate()
    Seat.objects.filter(member=row, until=None).update(until=today)
    PactSignature.objects.filter(member=row, ended_on=None).update(ended_on=today, ended_why=why)
