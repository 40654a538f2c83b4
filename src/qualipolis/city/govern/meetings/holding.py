"""Meetings: invited in time, opened with a quorum, written down, confirmed by the chair, published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.govern.bodies import MEMBERS, SECRETARY, of_chair, of_federation, own
from qualipolis.city.govern.checks import WHY, ahead, cleaned, lengths, row_for, written
from qualipolis.city.govern.models import Attendance, Committee, FederationMeeting, Member
from qualipolis.law.federation.voting import Ballot, quorum_of
from qualipolis.law.rules import rule_on
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"title": 160, "title_en": 160, "place": 160, "agenda": 4000, "agenda_en": 4000}
RELATED = ("committee", "chair__organisation")


@verb("federation.plan_meeting", roles=SECRETARY, scope=of_federation)
def plan_meeting(
    actor: Any, thing: FederationMeeting | None = None, *, meets_on: date | None, committee: Committee | None = None,
    chair: Member | None = None, **given: Any,
) -> FederationMeeting:  # fmt: skip
    """Plan a meeting of all members or of one committee, or change one to which nobody was invited yet."""
    values = cleaned(given, TEXTS)
    row = row_for(actor, thing) if thing else FederationMeeting(number=next_number("HM", timezone.localdate().year))
    refuse([
        *_wrong(values), ahead(meets_on, "meets_on"), chair_wrong(chair, committee),
        None if row.status == "planned" else Problem("invited", msg("The members have been invited already.")),
    ])  # fmt: skip
    for name, said in {**values, "meets_on": meets_on, "committee": committee, "chair": chair}.items():
        setattr(row, name, said)
    row.save()
    record(actor, "federation.plan_meeting", row, {"of": row.number, "meets_on": meets_on})
    return row


def _wrong(values: Mapping[str, str]) -> list[Problem | None]:
    return [
        written(values.get("title"), "title", msg("Give the meeting a title."), 160),
        written(values.get("place"), "place", msg("Say where or how the meeting takes place."), 160),
        *lengths(values, TEXTS),
    ]


def chair_wrong(chair: Member | None, committee: Committee | None) -> Problem | None:
    """Return what is wrong with who takes the chair: an active member, and one of the committee."""
    if chair is None:
        return Problem("no_chair", msg("Say which member takes the chair."), place="chair")
    if chair not in entitled(committee):
        return Problem("bad_chair", msg("An active member of this body takes the chair."), place="chair")
    return None


def entitled(committee: Committee | None) -> list[Member]:
    """Return the active members of a committee, or of the federation."""
    rows = Member.objects.filter(status="active").select_related("organisation")
    if committee is not None:
        rows = rows.filter(seats__committee=committee, seats__until=None)
    return list(rows.order_by("number"))


@verb("federation.invite", roles=SECRETARY, scope=of_federation)
def invite(actor: Any, thing: FederationMeeting) -> FederationMeeting:
    """Invite the members in time; their votes of today are those of the meeting."""
    row = row_for(actor, thing, *RELATED)
    earliest = deadline("federation.meeting.notice", timezone.localdate()).due
    facts = {"agenda": row.agenda, "meets_on": row.meets_on, "earliest": earliest}
    asked = entitled(row.committee)
    move(actor, row, "invite", "federation.invite", {"count": len(asked)}, facts=facts, for_good=True)
    Attendance.objects.bulk_create(Attendance(meeting=row, member=one, votes=one.votes) for one in asked)
    tell(actor, "federation.meeting_invited", row)
    return row


@verb("federation.note_attendance", roles=SECRETARY, scope=of_federation)
def note_attendance(actor: Any, thing: FederationMeeting, present: Iterable[Member]) -> int:
    """Note who came; return how many."""
    row = row_for(actor, thing, *RELATED)
    keys = {one.pk for one in present}
    known = set(row.attendance.values_list("member_id", flat=True))
    refuse([
        None if row.status == "invited" else Problem("not_invited", msg("Attendance is noted before the meeting is opened.")),
        None if keys <= known else Problem("not_asked", msg("Only members who were invited take part."), place="present"),
    ])  # fmt: skip
    row.attendance.update(present=False)
    row.attendance.filter(member__in=keys).update(present=True)
    record(actor, "federation.note_attendance", row, {"of": row.number, "count": len(keys)})
    return len(keys)


def quorum(row: FederationMeeting) -> tuple[bool, int, int]:
    """Return (whether there is a quorum, votes entitled, votes present)."""
    rows = row.attendance.select_related("member")
    today = timezone.localdate()
    return quorum_of(
        [Ballot(one.member_id, one.member.kind, one.votes, one.present) for one in rows],
        share=float(rule_on("federation.vote.quorum", today).value),  # type: ignore[arg-type]
        kinds=int(rule_on("federation.vote.kinds", today).value),  # type: ignore[arg-type]
    )


@verb("federation.open_meeting", roles=SECRETARY, scope=of_federation)
def open_meeting(actor: Any, thing: FederationMeeting) -> FederationMeeting:
    """Open a meeting that has its quorum."""
    row = row_for(actor, thing, *RELATED)
    found, entitled_votes, present = quorum(row)
    move(actor, row, "open", "federation.open_meeting", {"present": present, "entitled": entitled_votes},
         facts={"meets_on": row.meets_on, "quorum": found}, for_good=True)  # fmt: skip
    return row


@verb("federation.adjourn", roles=SECRETARY, scope=of_federation)
def adjourn(actor: Any, thing: FederationMeeting) -> FederationMeeting:
    """Note that not enough members came; nothing is decided."""
    row = row_for(actor, thing, *RELATED)
    found, entitled_votes, present = quorum(row)
    move(actor, row, "adjourn", "federation.adjourn", {"present": present, "entitled": entitled_votes},
         facts={"meets_on": row.meets_on, "quorum": found})  # fmt: skip
    return row


@verb("federation.change_chair", roles=SECRETARY, scope=of_federation)
def change_chair(actor: Any, thing: FederationMeeting, chair: Member) -> FederationMeeting:
    """Give the chair of a meeting to another member, because the first is away or concerned."""
    row = row_for(actor, thing, *RELATED)
    there = row.attendance.filter(member=chair, present=True).exists()
    refuse([
        None if row.status in ("invited", "held") else Problem("over", msg("The meeting is over.")),
        None if there else Problem("absent", msg("Choose a member who is there."), place="chair"),
    ])  # fmt: skip
    row.chair = chair
    row.save(update_fields=["chair"])
    record(actor, "federation.change_chair", row, {"of": row.number, "member": chair.number})
    return row


@verb("federation.minute", roles=SECRETARY, scope=of_federation)
def minute(actor: Any, thing: FederationMeeting, notes: str, notes_en: str = "") -> FederationMeeting:
    """Write the notes of a meeting once every vote is counted."""
    row = row_for(actor, thing, *RELATED)
    values = {"notes_en": notes_en}
    refuse(
        [written(notes, "notes", msg("Write the notes of the meeting."), 8000), *lengths(values, {"notes_en": 8000})]
    )
    facts = {"report": notes, "open_votes": row.resolutions.filter(status__in=("drafted", "voting")).count()}
    move(actor, row, "minute", "federation.minute", facts=facts, for_good=True, notes=notes.strip(),
         notes_en=notes_en.strip(), minuted_by=person_of(actor), reason="")  # fmt: skip
    return row


def _chair_facts(actor: Any, row: FederationMeeting) -> dict[str, Any]:
    return {"in_the_chair": row.chair is not None and own(actor, row.chair), "minuted_by": row.minuted_by_id}


@verb("federation.return_notes", roles=MEMBERS, scope=of_chair)
def return_notes(actor: Any, thing: FederationMeeting, reason: str) -> FederationMeeting:
    """Return the notes to the secretariat."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    facts = _chair_facts(actor, row) | {"reason": reason}
    move(actor, row, "return", "federation.return_notes", facts=facts, for_good=True, reason=reason.strip())
    return row


@verb("federation.confirm_notes", roles=MEMBERS, scope=of_chair)
def confirm_notes(actor: Any, thing: FederationMeeting) -> FederationMeeting:
    """Confirm the notes as the member that took the chair."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "confirm", "federation.confirm_notes", facts=_chair_facts(actor, row), for_good=True)
    return row


@verb("federation.publish_notes", roles=SECRETARY, scope=of_federation)
def publish_notes(actor: Any, thing: FederationMeeting) -> FederationMeeting:
    """Publish the notes with the resolutions and their counts."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "publish", "federation.publish_notes", published_on=timezone.localdate())
    return row


@verb("federation.cancel_meeting", roles=SECRETARY, scope=of_federation)
def cancel_meeting(actor: Any, thing: FederationMeeting, reason: str) -> FederationMeeting:
    """Cancel a meeting."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(
        actor,
        row,
        "cancel",
        "federation.cancel_meeting",
        facts={"reason": reason},
        for_good=True,
        reason=reason.strip(),
    )
    return row
