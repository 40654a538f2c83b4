"""Committees, their members, and who takes the chair."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.govern.bodies import SECRETARY, of_federation
from qualipolis.city.govern.checks import cleaned, lengths, written
from qualipolis.city.govern.models import Committee, Member, Seat
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"name_zh": 200, "name_en": 200, "purpose": 400, "purpose_en": 400}


@verb("federation.found_committee", roles=SECRETARY, scope=of_federation)
def found_committee(actor: Any, thing: Committee | None = None, **given: Any) -> Committee:
    """Found a committee, or change the words of one."""
    values = cleaned(given, TEXTS)
    refuse([written(values.get("name_zh"), "name_zh", msg("Give the committee a name."), 200), *lengths(values, TEXTS)])
    row = thing or Committee(code=next_number("ZW", timezone.localdate().year))
    for name, said in values.items():
        setattr(row, name, said)
    row.save()
    record(actor, "federation.found_committee", row, {"of": row.code, "new": thing is None})
    return row


@verb("federation.seat_member", roles=SECRETARY, scope=of_federation)
def seat_member(actor: Any, thing: Committee, member: Member, chair: bool = False) -> Seat:
    """Give an active member a seat in a committee, with or without the chair; whoever had the chair gives it up."""
    refuse([
        None if member.status == "active" else Problem("not_active", msg("Only active members take part."), place="member"),
        Problem("dissolved", msg("This committee has been dissolved.")) if thing.dissolved_on else None,
    ])  # fmt: skip
    if chair:
        Seat.objects.filter(committee=thing, until=None, chair=True).exclude(member=member).update(chair=False)
    seat, _new = Seat.objects.update_or_create(committee=thing, member=member, until=None, defaults={"chair": chair})
    record(actor, "federation.seat_member", thing, {"of": thing.code, "member": member.number, "chair": chair})
    return seat


@verb("federation.end_seat", roles=SECRETARY, scope=of_federation)
def end_seat(actor: Any, thing: Committee, seat: Seat) -> Seat:
    """End the seat of a member in a committee."""
    refuse([
        None if seat.committee_id == thing.pk and seat.until is None
        else Problem("no_seat", msg("This seat has ended already."))
    ])  # fmt: skip
    seat.until, seat.chair = timezone.localdate(), False
    seat.save(update_fields=["until", "chair"])
    record(actor, "federation.end_seat", thing, {"of": thing.code, "member": seat.member.number})
    return seat
