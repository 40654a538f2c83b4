"""A pact is published, signed, monitored, checked again when a doubt comes late, replaced or ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.govern.bodies import MEMBERS, SECRETARY, of_federation, of_members, own
from qualipolis.city.govern.checks import DOCUMENT, WHY, row_for, written
from qualipolis.city.govern.models import Member, Pact, PactSignature
from qualipolis.city.govern.pacts.writing import LIVING, check_facts
from qualipolis.methods.problems import Problem, msg, refuse


@verb("federation.publish_pact", roles=SECRETARY, scope=of_federation)
def publish_pact(actor: Any, thing: Pact) -> Pact:
    """Publish a pact word for word as it was checked; the one that it replaces ends the same day."""
    row = row_for(actor, thing)
    today = timezone.localdate()
    move(actor, row, "publish", "federation.publish_pact", facts=check_facts(row), published_on=today, reason="")
    if row.replaces_id and row.replaces is not None and row.replaces.status in LIVING:
        old = locked(row.replaces)
        move(actor, old, "replace", "federation.replace_pact", {"by": row.number}, ended_on=today)
        old.signatures.filter(ended_on=None).update(ended_on=today, ended_why="replaced")
    tell(actor, "federation.pact_published", row)
    return row


@verb("federation.sign_pact", roles=MEMBERS, scope=of_members)
def sign_pact(actor: Any, thing: Pact, member: Member) -> PactSignature:
    """Sign a pact for one's own member; nobody signs for another."""
    row = row_for(actor, thing)
    refuse([
        None if row.status in LIVING else Problem("not_open", msg("This pact is not open for signing.")),
        None if own(actor, member) else Problem("not_yours", msg("Sign for your own organisation only."), place="member"),
        None if member.status == "active" else Problem("not_active", msg("Only active members take part."), place="member"),
        Problem("signed", msg("This member has signed already."))
        if row.signatures.filter(member=member, ended_on=None).exists() else None,
    ])  # fmt: skip
    made = PactSignature.objects.create(pact=row, member=member, signed_by=person_of(actor))
    record(actor, "federation.sign_pact", row, {"of": row.number, "member": member.number})
    return made


@verb("federation.end_signature", roles=MEMBERS, scope=of_members)
def end_signature(actor: Any, thing: Pact, member: Member) -> PactSignature:
    """Leave a pact; nothing is owed for it."""
    row = row_for(actor, thing)
    signature = row.signatures.filter(member=member, ended_on=None).first()
    refuse([
        None if own(actor, member) else Problem("not_yours", msg("Sign for your own organisation only."), place="member"),
        None if signature else Problem("not_signed", msg("This member has not signed.")),
        Problem("in_breach", msg("A breach of this pact is open; it is concluded first."))
        if row.breaches.filter(member=member).exclude(status__in=("unfounded", "coached", "struck")).exists() else None,
    ])  # fmt: skip
    assert signature is not None
    signature.ended_on, signature.ended_why = timezone.localdate(), "left"
    signature.save(update_fields=["ended_on", "ended_why"])
    record(actor, "federation.end_signature", row, {"of": row.number, "member": member.number})
    return signature


@verb("federation.monitor_pact", roles=SECRETARY, scope=of_federation)
def monitor_pact(actor: Any, thing: Pact) -> Pact:
    """Begin to monitor a pact once enough members have signed."""
    row = row_for(actor, thing)
    facts = {"signatures": row.signatures.filter(ended_on=None).count()}
    move(actor, row, "monitor", "federation.monitor_pact", facts=facts)
    return row


@verb("federation.check_pact_again", roles=SECRETARY, scope=of_federation)
def check_pact_again(actor: Any, thing: Pact, reason: str) -> Pact:
    """Take a pact down and check it again, when a doubt about competition comes late."""
    row = row_for(actor, thing)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "check_again", "federation.check_pact_again", facts={"reason": reason}, for_good=True,
         reason=reason.strip(), turn=row.turn + 1, checked_digest="")  # fmt: skip
    return row


@verb("federation.end_pact", roles=SECRETARY, scope=of_federation)
def end_pact(actor: Any, thing: Pact, reason: str, document_no: str) -> Pact:
    """End a pact."""
    row = row_for(actor, thing)
    refuse([written(reason, "reason", WHY, 2000), written(document_no, "document_no", DOCUMENT, 60)])
    today = timezone.localdate()
    move(actor, row, "end", "federation.end_pact", {"document_no": document_no.strip()}, facts={"reason": reason},
         reason=reason.strip(), document_no=document_no.strip(), ended_on=today)  # fmt: skip
    row.signatures.filter(ended_on=None).update(ended_on=today, ended_why="ended")
    return row
