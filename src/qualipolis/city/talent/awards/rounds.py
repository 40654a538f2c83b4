"""Verbs of a round: from the announcement to the grant."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Max, Q
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.talent.awards.eligibility import ask
from qualipolis.city.talent.awards.parties import LEADER, PLANNER, SCORED
from qualipolis.city.talent.models import AwardApplication, AwardRound
from qualipolis.law.rules import rule_on
from qualipolis.law.talent.excellence import ITEMS
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

UNDECIDED = {
    "begin_documents": ("submitted",),
    "begin_visits": ("eligible", "reviewing"),
    "begin_deliberation": ("eligible", "reviewing", "shortlisted"),
    "give_notice": ("eligible", "reviewing", "shortlisted", "visited"),
    "close": ("granted", "monitored"),
}
GOING_ON = {
    "close_applications": ("submitted",),
    "begin_documents": ("eligible", *SCORED),
    "begin_visits": SCORED[1:],
    "begin_deliberation": ("visited", "proposed"),
    "give_notice": ("proposed",),
    "grant": ("proposed",),
}


def round_facts(row: AwardRound, step: str = "") -> dict[str, Any]:
    """Return the facts of a round that its table reads at ``step``."""
    applications = AwardApplication.objects.filter(round=row)
    proposed = applications.filter(status="proposed")
    newest = proposed.annotate(newest=Max("runs__pk"))
    return {
        "name": row.name_zh, "conditions": row.conditions, "apply_until": row.apply_until, "notice_until": row.notice_until,
        "scheme_total": sum(item.points for item in ITEMS),
        "undecided": applications.filter(status__in=UNDECIDED.get(step, ())).count(),
        "going_on": applications.filter(status__in=GOING_ON.get(step, ())).count(),
        "held": applications.filter(status="held").count(),
        "awards": proposed.filter(tier="award").count(), "most_awards": row.most_awards,
        "nominations": proposed.filter(tier="nomination").count(), "most_nominations": row.most_nominations,
        "open_objections": open_objections(row),
        "changed_scores": newest.exclude(newest=F("proposed_run")).count(),
    }  # fmt: skip


def open_objections(row: AwardRound) -> int:
    """Return how many objections wait: not answered, or upheld while the proposal they concern still stands."""
    waiting = Q(status__in=("received", "checking"))
    stands = Q(status="upheld", application__status="proposed", answered_on__gte=row.notice_from or date.max)
    return row.objections.filter(waiting | stands).count()


@verb("talent.draft_round", roles=PLANNER)
def draft_round(
    actor: Any, thing: Any = None, *, year: int, name_zh: str, name_en: str = "", conditions: str = "", apply_until: date | None = None
) -> AwardRound:  # fmt: skip
    """Prepare a round; the limits are those of the measures in force today."""
    today = timezone.localdate()
    refuse(
        [
            None if name_zh.strip() else Problem("no_name", msg("Write the name of the round."), place="name_zh"),
            None if 2000 <= year <= today.year + 1 else Problem("bad_year", msg("Give the year."), place="year"),
            None if apply_until and apply_until > today else Problem("past_day", msg("The term lies in the past."), place="apply_until"),
        ]
    )  # fmt: skip
    limits = {name: rule_on(f"award.{name}", today).value for name in ("awards", "nominations", "spread")}
    made = AwardRound.objects.create(
        number=next_number("JL", year), year=year, name_zh=name_zh.strip()[:120], name_en=name_en.strip()[:160],
        conditions=conditions.strip()[:4000], apply_until=apply_until, spread=limits["spread"],
        most_awards=limits["awards"], most_nominations=limits["nominations"],
    )  # fmt: skip
    record(actor, "talent.draft_round", made, {"year": year, "until": apply_until})
    return made


@verb("talent.announce_round", roles=PLANNER)
def announce_round(actor: Any, thing: AwardRound, document_no: str) -> AwardRound:
    """Announce the round: firms may apply."""
    row, said = locked(thing), document_no.strip()[:60]
    refuse(
        [Problem("past_day", msg("The term lies in the past.")) if row.apply_until <= timezone.localdate() else None]
    )
    move(actor, row, "announce", "talent.announce_round", {"document_no": said}, facts=round_facts(row), document_no=said,
         announced_on=timezone.localdate())  # fmt: skip
    return row


@verb("talent.close_applications", roles=PLANNER)
def close_applications(actor: Any, thing: AwardRound, departments: list[Organisation]) -> AwardRound:
    """End the applications and ask the regulators for their opinion on every applicant."""
    row = locked(thing)
    refuse([None if departments else Problem("no_departments", msg("Choose whom to ask."), place="departments")])
    step = "close_applications"
    move(
        actor,
        row,
        step,
        "talent.close_applications",
        {"asked": len(departments)},
        facts=round_facts(row, step),
        for_good=True,
    )
    for application in row.applications.filter(status="submitted"):
        for department in departments:
            ask(application, department)
    return row


def _go_on(actor: Any, thing: AwardRound, step: str, name: str, **more: Any) -> AwardRound:
    row = locked(thing)
    move(actor, row, step, name, facts=round_facts(row, step) | more)
    return row


@verb("talent.begin_documents", roles=PLANNER)
def begin_documents(actor: Any, thing: AwardRound) -> AwardRound:
    """Begin the document review."""
    return _go_on(actor, thing, "begin_documents", "talent.begin_documents")


@verb("talent.begin_visits", roles=PLANNER)
def begin_visits(actor: Any, thing: AwardRound) -> AwardRound:
    """Begin the site visits."""
    return _go_on(actor, thing, "begin_visits", "talent.begin_visits")


@verb("talent.begin_deliberation", roles=PLANNER)
def begin_deliberation(actor: Any, thing: AwardRound) -> AwardRound:
    """Call the meeting."""
    return _go_on(actor, thing, "begin_deliberation", "talent.begin_deliberation")


@verb("talent.give_notice", roles=PLANNER)
def give_notice(actor: Any, thing: AwardRound, meeting_on: date) -> AwardRound:
    """Put the proposal of the meeting up for public notice: seven working days, and anybody may object."""
    row, today = locked(thing), timezone.localdate()
    ahead = meeting_on > today or (row.announced_on is not None and meeting_on < row.announced_on)
    refuse([Problem("bad_day", msg("Give the day of the meeting."), place="meeting_on") if ahead else None])
    until = deadline("award.public_notice", today).due
    told = {"meeting_on": meeting_on, "until": until}
    move(actor, row, "give_notice", "talent.give_notice", told, facts=round_facts(row, "give_notice"), for_good=True,
         meeting_on=meeting_on, notice_from=today, notice_until=until)  # fmt: skip
    return row


@verb("talent.end_notice", roles=PLANNER)
def end_notice(actor: Any, thing: AwardRound) -> AwardRound:
    """End the public notice once it is over and every objection is answered."""
    return _go_on(actor, thing, "end_notice", "talent.end_notice")


@verb("talent.deliberate_again", roles=PLANNER)
def deliberate_again(actor: Any, thing: AwardRound, reason: str) -> AwardRound:
    """Take the proposal back to the meeting; a new notice follows."""
    row, said = locked(thing), reason.strip()[:400]
    move(actor, row, "deliberate_again", "talent.deliberate_again", facts={"reason": said}, for_good=True, reason=said)
    return row


@verb("talent.grant_awards", roles=LEADER)
def grant_awards(actor: Any, thing: AwardRound, document_no: str) -> AwardRound:
    """Grant what was proposed, all at once."""
    row, said, today = locked(thing), document_no.strip()[:60], timezone.localdate()
    facts = round_facts(row, "grant")
    told = {"document_no": said, "awards": facts["awards"], "nominations": facts["nominations"]}
    move(actor, row, "grant", "talent.grant_awards", told, facts=facts, grant_no=said, granted_on=today)
    for application in AwardApplication.objects.select_for_update().filter(round=row, status="proposed"):
        move(actor, application, "grant", "talent.grant_awards", {"tier": application.tier}, granted_on=today, document_no=said,
             facts={"tier": application.tier})  # fmt: skip
        tell(actor, "talent.award_granted", application)
    return row


@verb("talent.close_round", roles=PLANNER)
def close_round(actor: Any, thing: AwardRound) -> AwardRound:
    """Close a round whose holders are no longer monitored."""
    return _go_on(actor, thing, "close", "talent.close_round")


@verb("talent.cancel_round", roles=LEADER)
def cancel_round(actor: Any, thing: AwardRound, reason: str, document_no: str) -> AwardRound:
    """Cancel a round before anything was granted."""
    row, told = locked(thing), {"document_no": document_no.strip()[:60]}
    move(
        actor, row, "cancel", "talent.cancel_round", told, facts={"reason": reason.strip()}, reason=reason.strip()[:400]
    )
    return row
