"""Verbs of what becomes of an applicant: taken further, proposed, held, released, monitored, revoked."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.talent.awards.models import Tier
from qualipolis.city.talent.awards.parties import LEADER, PLANNER, ROOM, SCORED, in_round
from qualipolis.city.talent.awards.summing import current, scoring_facts
from qualipolis.city.talent.awards.teams import SCORING
from qualipolis.city.talent.models import AwardApplication, AwardLook
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import Problem, msg, refuse


def _go(
    actor: Any, thing: AwardApplication, step: str, name: str, reason: str | None = None, **changes: Any
) -> AwardApplication:
    row = locked(thing, "round")
    facts = scoring_facts(row)
    if reason is not None:
        facts["reason"] = changes["reason"] = reason.strip()[:1000]
    move(actor, row, step, name, facts=facts, **changes)
    return row


@verb("talent.shortlist_applicant", roles=PLANNER)
def shortlist_applicant(actor: Any, thing: AwardApplication) -> AwardApplication:
    """Take an applicant to the site visit."""
    in_round(thing.round, *SCORING)
    return _go(actor, thing, "shortlist", "talent.shortlist_applicant")


@verb("talent.leave_out_applicant", roles=PLANNER)
def leave_out_applicant(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Do not take an applicant to the site visit, with the reason."""
    return _go(actor, thing, "leave_out", "talent.leave_out_applicant", reason)


@verb("talent.propose_award", roles=PLANNER)
def propose_award(actor: Any, thing: AwardApplication, tier: str) -> AwardApplication:
    """Record that the meeting proposes the applicant, on the sum that stands now."""
    row = locked(thing, "round")
    in_round(row.round, "deliberation")
    run, passing = current(row), rule_on("award.passing", timezone.localdate()).value
    low = run is not None and run.total is not None and run.total < passing  # type: ignore[operator]
    what = msg("The applicant has %(total)s points; below %(passing)s no award is given.")
    refuse([Problem("too_low", what, "", {"total": run.total, "passing": passing}) if low and run else None])
    told = {"tier": tier, "total": run.total if run else None}
    facts = scoring_facts(row) | {"tier": tier if tier in Tier.values else ""}
    move(actor, row, "propose", "talent.propose_award", told, facts=facts, tier=tier, proposed_run=run)
    return row


@verb("talent.pass_over_applicant", roles=PLANNER)
def pass_over_applicant(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """The meeting does not propose the applicant."""
    in_round(thing.round, "deliberation")
    return _go(actor, thing, "pass_over", "talent.pass_over_applicant", reason, tier="")


@verb("talent.take_back_proposal", roles=PLANNER)
def take_back_proposal(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Deliberate on an applicant again; only who was visited can be proposed."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    in_round(row.round, "deliberation")
    facts = {"reason": said, "visited_on": row.visited_on, "report": row.visit_report}
    move(actor, row, "take_back", "talent.take_back_proposal", facts=facts, tier="", proposed_run=None, reason=said)
    return row


@verb("talent.hold_application", roles=PLANNER)
def hold_application(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Put an application on hold."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    _before(row)
    move(actor, row, "hold", "talent.hold_application", {"why": "office"}, facts={"reason": said}, held_from=row.status,
         held_because="office", reason=said)  # fmt: skip
    return row


def _before(row: AwardApplication) -> None:
    over = row.round.status in ("granted", "closed", "cancelled")
    refuse([Problem("round_over", msg("The round is over.")) if over else None])


@verb("talent.release_application", roles=PLANNER)
def release_application(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """End a hold: the application goes on where it was; what it was held for must be settled first."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    _before(row)
    waiting = row.concerns.filter(settled_on=None).count()
    refuse(
        [
            Problem("open_concerns", msg("%(count)s concerns are not settled yet."), "", {"count": waiting})
            if waiting
            else None
        ]
    )
    facts = scoring_facts(row) | {"held_from": row.held_from, "held_because": row.held_because, "reason": said}
    move(actor, row, f"release_{row.held_from or 'submitted'}", "talent.release_application", facts=facts, held_from="",
         held_because="", for_good=True)  # fmt: skip
    run = current(row)
    if row.status in SCORED[1:] and run is not None and run.open_items:
        move(ROOM, row, "reopen", "talent.reopen_application", facts={"reason": "consensus"}, for_good=True)
    return row


@verb("talent.drop_held", roles=PLANNER)
def drop_held(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """An application on hold does not go on."""
    return _go(actor, thing, "drop", "talent.drop_held", reason, tier="")


@verb("talent.monitor_holder", roles=PLANNER)
def monitor_holder(actor: Any, thing: AwardApplication, report: str) -> AwardLook:
    """Record the yearly look at the holder of an award."""
    row, said = locked(thing), report.strip()[:2000]
    move(actor, row, "monitor", "talent.monitor_holder", facts={"report": said}, for_good=True)
    return AwardLook.objects.create(application=row, report=said, by=person_of(actor))


@verb("talent.end_monitoring", roles=PLANNER)
def end_monitoring(actor: Any, thing: AwardApplication, report: str) -> AwardApplication:
    """End the monitoring after its years."""
    row, said = locked(thing), report.strip()[:2000]
    waiting = row.concerns.filter(settled_on=None).exists()
    refuse([Problem("open_concern", msg("A concern about the holder is not settled yet.")) if waiting else None])
    move(actor, row, "complete", "talent.end_monitoring", facts={"report": said}, for_good=True)
    AwardLook.objects.create(application=row, report=said, by=person_of(actor))
    return row


@verb("talent.revoke_award", roles=LEADER)
def revoke_award(
    actor: Any, thing: AwardApplication, reason: str, document_no: str, second_person: Any
) -> AwardApplication:
    """Revoke an award and publish it with its reason; two people decide."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    fit = second_person is None or bool(roles_of(second_person) & {*LEADER, *PLANNER, SYSTEM})
    wrong = Problem("wrong_second", msg("The second person is of the leadership or the office."), place="second_person")
    refuse([None if fit else wrong])
    told = {
        "document_no": document_no.strip()[:60],
        "second_person": getattr(second_person, "pk", None),
        "tier": row.tier,
    }
    today = timezone.localdate()
    move(actor, row, "revoke", "talent.revoke_award", told, facts={"reason": said}, reason=said, revoked_on=today,
         document_no=told["document_no"])  # fmt: skip
    row.concerns.filter(settled_on=None).update(settled_on=today, outcome=said[:400], settled_by=person_of(actor))
    tell(actor, "talent.award_revoked", row)
    return row
