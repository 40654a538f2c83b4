"""Resolutions: a motion, who stands aside, every member's vote, the count by kinds of members, and a count again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.govern.bodies import MEMBERS, SECRETARY, in_secretariat, of_federation, own
from qualipolis.city.govern.checks import DOCUMENT, WHY, cleaned, lengths, row_for, written
from qualipolis.city.govern.models import FederationMeeting, Member, Pact, Recusal, Resolution, Vote
from qualipolis.law.federation import voting
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"title": 160, "title_en": 160, "text": 4000, "text_en": 4000}
RELATED = ("meeting__chair", "about")
NEEDS_SPECIAL = (Resolution.Subject.MEMBER, Resolution.Subject.BREACH)


def of_voters(thing: Resolution) -> list[int | None]:
    """The federation and the members who take part in the meeting."""
    rows = thing.meeting.attendance.filter(present=True).values_list("member__organisation", flat=True)
    return [*of_federation(), *rows]


@verb("federation.move_motion", roles=SECRETARY, scope=of_federation)
def move_motion(
    actor: Any, thing: FederationMeeting, *, majority: str = voting.ORDINARY, subject: str = Resolution.Subject.GENERAL,
    about: Member | None = None, pact: Pact | None = None, **given: Any,
) -> Resolution:  # fmt: skip
    """Put a motion before a meeting; a removal needs the special majority, and the member concerned stands aside."""
    meeting, values = row_for(actor, thing), cleaned(given, TEXTS)
    special = subject in NEEDS_SPECIAL
    refuse([
        written(values.get("title"), "title", msg("Give the motion a title."), 160),
        written(values.get("text"), "text", msg("Write the text of the motion."), 4000),
        *lengths(values, TEXTS),
        None if meeting.status in ("planned", "invited", "held") else Problem("over", msg("The meeting is over.")),
        None if majority in voting.MAJORITIES else Problem("bad_majority", msg("Choose which majority is needed."), place="majority"),
        None if subject in Resolution.Subject.values else Problem("bad_subject", msg("Say what the motion is about."), place="subject"),
        Problem("no_about", msg("Name the member concerned."), place="about") if special and about is None else None,
    ])  # fmt: skip
    made = Resolution.objects.create(
        number=next_number("JY", timezone.localdate().year), meeting=meeting, subject=subject, about=about, pact=pact,
        majority=voting.SPECIAL if special else majority, **values,
    )  # fmt: skip
    record(
        actor, "federation.move_motion", made, {"of": made.number, "meeting": meeting.number, "majority": made.majority}
    )
    return made


@verb("federation.stand_aside", roles=(*SECRETARY, *MEMBERS), scope=of_voters)
def stand_aside(actor: Any, thing: Resolution, member: Member, reason: str) -> Recusal:
    """Declare that a member is concerned and stands aside: the member itself does, or the secretariat finds it."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        written(reason, "reason", WHY, 400),
        _taking_part(row, member),
        None if row.status in ("drafted", "voting") else Problem("counted", msg("The vote has been counted already.")),
        None if in_secretariat(actor) or own(actor, member) else Problem("not_yours", msg("Speak for your own organisation only.")),
        Problem("aside", msg("This member stands aside already.")) if aside(row).get(member.pk) else None,
    ])  # fmt: skip
    made = Recusal.objects.create(resolution=row, member=member, reason=reason.strip(), declared_by=person_of(actor))
    row.votes.filter(member=member).update(dropped_on=timezone.localdate())
    record(actor, "federation.stand_aside", row, {"of": row.number, "member": member.number})
    return made


def _taking_part(row: Resolution, member: Member) -> Problem | None:
    if row.meeting.attendance.filter(member=member, present=True).exists():
        return None
    return Problem("absent", msg("Only members who are there take part in a vote."), place="member")


def aside(row: Resolution) -> dict[int, str]:
    """Return the members who stand aside, with the reason; the one that the motion is about always does."""
    found = {one.member_id: one.reason for one in row.recusals.all()}
    return found | ({row.about_id: ""} if row.about_id else {})


@verb("federation.open_vote", roles=SECRETARY, scope=of_federation)
def open_vote(actor: Any, thing: Resolution) -> Resolution:
    """Open the vote on a motion; a chair that is concerned gives the chair to another member first."""
    row = row_for(actor, thing, *RELATED)
    what = msg("The member in the chair is concerned: give the chair to another member first.")
    refuse([Problem("chair_concerned", what) if row.meeting.chair_id in aside(row) else None])
    move(
        actor,
        row,
        "open_vote",
        "federation.open_vote",
        facts={"meeting_held": row.meeting.status == "held"},
        for_good=True,
    )
    return row


@verb("federation.cast_vote", roles=(*SECRETARY, *MEMBERS), scope=of_voters)
def cast_vote(actor: Any, thing: Resolution, member: Member, choice: str) -> Vote:
    """Vote for one's own member, once; the secretariat notes a vote by show of hands where none was cast."""
    row = row_for(actor, thing, *RELATED)
    known = row.votes.filter(member=member).first()
    refuse([
        None if row.status == "voting" else Problem("not_open", msg("The vote is not open.")),
        None if choice in voting.CHOICES else Problem("bad_choice", msg("Vote for, against, or abstain."), place="choice"),
        _taking_part(row, member),
        Problem("concerned", msg("A member that is concerned does not vote."), place="member") if member.pk in aside(row) else None,
        None if member.status == "active" else Problem("not_active", msg("Only active members take part."), place="member"),
        None if in_secretariat(actor) or own(actor, member) else Problem("not_yours", msg("Vote for your own organisation only.")),
        Problem("voted", msg("This member has voted already.")) if known else None,
    ])  # fmt: skip
    made = Vote.objects.create(resolution=row, member=member, choice=choice, cast_by=person_of(actor))
    record(actor, "federation.cast_vote", row, {"of": row.number, "member": member.number, "choice": choice})
    return made


def ballots(row: Resolution) -> list[voting.Ballot]:
    """Return what every invited member may cast and has cast."""
    cast = {one.member_id: one.choice for one in row.votes.filter(dropped_on=None)}
    out = aside(row)
    return [
        voting.Ballot(
            one.member_id, one.member.kind, one.votes, one.present, cast.get(one.member_id), one.member_id in out
        )  # type: ignore[arg-type]
        for one in row.meeting.attendance.select_related("member")
    ]


def outcome(row: Resolution) -> voting.Outcome:
    """Count the votes as they are now."""
    today = timezone.localdate()
    return voting.count(
        ballots(row), row.majority,
        share=float(rule_on("federation.vote.quorum", today).value),  # type: ignore[arg-type]
        special=float(rule_on("federation.vote.special", today).value),  # type: ignore[arg-type]
        kinds=int(rule_on("federation.vote.kinds", today).value),  # type: ignore[arg-type]
    )  # fmt: skip


@verb("federation.count_vote", roles=SECRETARY, scope=of_federation)
def count_vote(actor: Any, thing: Resolution) -> Resolution:
    """Count a vote; it is lost only once everybody has voted or the vote has run out."""
    row = row_for(actor, thing, *RELATED)
    found, today = outcome(row), timezone.localdate()
    step = "carry" if found.carried else "lose"
    facts = {"outcome": found, "vote_over": row.due_on is not None and today > row.due_on}
    told = {"yes": found.all.yes, "no": found.all.no, "abstain": found.all.abstain, "entitled": found.entitled}
    move(actor, row, step, "federation.count_vote", told, facts=facts, for_good=True, decided_on=today,
         result=kept(found), due_on=None)  # fmt: skip
    return row


def kept(found: voting.Outcome) -> dict[str, Any]:
    """Return a count as it is kept."""
    return {
        "carried": found.carried, "why": found.why, "quorum": found.quorum, "entitled": found.entitled,
        "present": found.present, "all": asdict(found.all), "by_kind": {kind: asdict(one) for kind, one in found.by_kind.items()},
        "aside": len(found.concerned),
    }  # fmt: skip


@verb("federation.recount", roles=SECRETARY, scope=of_federation)
def recount(actor: Any, thing: Resolution, member: Member, reason: str) -> Resolution:
    """Drop the vote of a member found to be concerned only afterwards, and count again; the first count stays on record."""
    row = row_for(actor, thing, *RELATED)
    vote = row.votes.filter(member=member, dropped_on=None).first()
    refuse([
        written(reason, "reason", WHY, 400),
        None if vote else Problem("no_vote_cast", msg("This member has no vote that counts."), place="member"),
        Problem("published", msg("The notes are published: annul the resolution instead."))
        if row.meeting.status == "published" else None,
    ])  # fmt: skip
    assert vote is not None
    vote.dropped_on = timezone.localdate()
    vote.save(update_fields=["dropped_on"])
    Recusal.objects.create(
        resolution=row, member=member, reason=reason.strip(), declared_by=person_of(actor), late=True
    )
    before = {key: row.result.get(key) for key in ("carried", "all")}
    move(actor, row, "recount", "federation.recount", {"member": member.number, "before": before},
         facts={"reason": reason, "late_concerns": 1}, for_good=True, decided_on=None, reason=reason.strip())  # fmt: skip
    return row


@verb("federation.withdraw_motion", roles=SECRETARY, scope=of_federation)
def withdraw_motion(actor: Any, thing: Resolution, reason: str) -> Resolution:
    """Withdraw a motion before it is counted."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(
        actor,
        row,
        "withdraw",
        "federation.withdraw_motion",
        facts={"reason": reason},
        for_good=True,
        reason=reason.strip(),
    )
    return row


@verb("federation.annul_resolution", roles=SECRETARY, scope=of_federation)
def annul_resolution(actor: Any, thing: Resolution, reason: str, document_no: str) -> Resolution:
    """Annul a carried resolution, with the reason; it stays to be read."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY), written(document_no, "document_no", DOCUMENT, 60)])
    move(actor, row, "annul", "federation.annul_resolution", {"document_no": document_no.strip()}, facts={"reason": reason},
         reason=reason.strip())  # fmt: skip
    return row
