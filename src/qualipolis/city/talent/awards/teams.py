"""Verbs of the team of an applicant: who reviews, who leads, when the papers go out."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import verb
from qualipolis.city.talent.awards.parties import OPEN_SHEETS, PLANNER, in_round
from qualipolis.city.talent.models import AwardApplication, Reviewer, ScoreSheet
from qualipolis.city.talent.reviewers.conflicts import conflicts_of
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

SCORING = ("document_review", "on_site", "deliberation", "public_notice", "objections_settled")
TAKES = ("eligible", "reviewing", "held")
ON_TEAM = (*OPEN_SHEETS, "handed_in")
LEADERS = ("level_2", "level_3")


@verb("talent.assign_reviewer", roles=PLANNER)
def assign_reviewer(actor: Any, thing: AwardApplication, reviewer: Reviewer, *, lead: bool = False) -> ScoreSheet:
    """Put a reviewer on the team of an applicant; what is known of a conflict stops it."""
    row = locked(thing, "round", "enterprise")
    in_round(row.round, "eligibility", *SCORING)
    known = conflicts_of(reviewer, row.enterprise)
    refuse(
        [
            None if row.status in TAKES else Problem("wrong_state", msg("This step cannot be taken in the present state.")),
            None if reviewer.listed else Problem("not_listed", msg("The person is not on the list of reviewers.")),
            Problem("conflict", msg("%(who)s: %(why)s."), "", {"who": str(reviewer.person), "why": ", ".join(known)}) if known else None,
            Problem("twice", msg("The reviewer is or was on this team."))
            if ScoreSheet.objects.filter(application=row, reviewer=reviewer).exists() else None,
            _may_lead(row, reviewer) if lead else None,
        ]
    )  # fmt: skip
    made = ScoreSheet.objects.create(
        application=row, reviewer=reviewer, lead=lead, due_on=deadline("award.sheet", timezone.localdate()).due
    )
    record(actor, "talent.assign_reviewer", row, {"reviewer": reviewer.number, "lead": lead})
    return made


def _may_lead(row: AwardApplication, reviewer: Reviewer) -> Problem | None:
    if reviewer.status not in LEADERS:
        return Problem("too_junior", msg("A team is led by a senior or lead reviewer."))
    if row.sheets.filter(lead=True, status__in=ON_TEAM).exists():
        return Problem("led", msg("Somebody leads the team already."))
    return None


@verb("talent.name_lead", roles=PLANNER)
def name_lead(actor: Any, thing: ScoreSheet) -> ScoreSheet:
    """Let another member of the team lead it."""
    row = locked(thing, "application", "reviewer")
    row.application.sheets.filter(lead=True).exclude(pk=row.pk).update(lead=False)
    fit = None if row.status in ON_TEAM else Problem("off_team", msg("The reviewer is no longer on the team."))
    refuse([fit, _may_lead(row.application, row.reviewer) if not row.lead else None])
    row.lead = True
    row.save(update_fields=["lead"])
    record(actor, "talent.name_lead", row.application, {"reviewer": row.reviewer.number})
    return row


def team_facts(row: AwardApplication) -> dict[str, Any]:
    """Return the facts on the team: how many, who leads, who has a conflict today."""
    team = list(row.sheets.filter(status__in=ON_TEAM).select_related("reviewer"))
    return {
        "team": len(team),
        "leads": sum(sheet.lead for sheet in team),
        "conflicted": sum(bool(conflicts_of(sheet.reviewer, row.enterprise)) for sheet in team),
    }


@verb("talent.begin_review", roles=PLANNER)
def begin_review(actor: Any, thing: AwardApplication) -> AwardApplication:
    """Hand the papers to the team."""
    row = locked(thing, "round", "enterprise")
    in_round(row.round, *SCORING)
    facts = team_facts(row)
    move(actor, row, "begin_review", "talent.begin_review", {"team": facts["team"]}, facts=facts, for_good=True)
    return row


def role_on_team(sheet: ScoreSheet) -> str:
    """Return what somebody is on the team, in words."""
    return _("leads the team") if sheet.lead else _("member of the team")
