"""A conflict found late: the scores of that reviewer no longer count, everything is summed anew, and all of it stays to be read."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.awards.consensus import supersede
from qualipolis.city.talent.awards.parties import LEADER, PLANNER, ROOM, SCORED, counted, open_sheets
from qualipolis.city.talent.awards.summing import sum_up
from qualipolis.city.talent.models import AwardApplication, ScoreRun, ScoreSheet
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

FEW = "few_reviewers"


@verb("talent.drop_scores", roles=PLANNER)
def drop_scores(actor: Any, thing: ScoreSheet, reason: str) -> ScoreRun | None:
    """Drop the scores of a reviewer with a conflict, and recompute; with fewer than three left the applicant is held."""
    row, said = locked(thing, "application__round", "reviewer"), reason.strip()[:400]
    application = locked(row.application, "round")
    _before_the_grant(application)
    was_in = row.status == "handed_in"
    told = {"reviewer": row.reviewer.number, "was_in": was_in}
    move(actor, row, "drop", "talent.drop_scores", told, facts={"reason": said}, for_good=True, reason=said, lead=False,
         conflict=said, dropped_on=timezone.localdate())  # fmt: skip
    return _again(actor, application, row, "dropped") if was_in else _enough(application)


@verb("talent.reinstate_scores", roles=LEADER)
def reinstate_scores(actor: Any, thing: ScoreSheet, reason: str, second_person: Any) -> ScoreRun | None:
    """Count scores again whose reviewer had no conflict after all; two people decide, and everything is summed anew."""
    row, said = locked(thing, "application__round", "reviewer"), reason.strip()[:400]
    application = locked(row.application, "round")
    _before_the_grant(application)
    fit = second_person is None or bool(roles_of(second_person) & {*LEADER, *PLANNER, SYSTEM})
    refuse(
        [
            None if fit else Problem("wrong_second", msg("The second person is of the leadership or the office."), place="second_person"),
            None if row.handed_in_at else Problem("never_in", msg("The sheet was never handed in.")),
        ]
    )  # fmt: skip
    told = {"reviewer": row.reviewer.number, "second_person": getattr(second_person, "pk", None)}
    move(actor, row, "reinstate", "talent.reinstate_scores", told, facts={"reason": said}, for_good=True, conflict="")
    return _again(actor, application, row, "reinstated")


def _before_the_grant(application: AwardApplication) -> None:
    done = application.round.status in ("granted", "closed", "cancelled")
    refuse([Problem("granted", msg("The awards were granted: revoke the award instead.")) if done else None])


def _again(actor: Any, application: AwardApplication, sheet: ScoreSheet, cause: str) -> ScoreRun | None:
    """What the reviewer took part in no longer counts: consensuses, findings and the visit; then sum up anew."""
    supersede(application.consensuses.all(), cause)
    there = sheet.reviewer_id
    for finding in application.findings.filter(superseded_at=None):
        if there in finding.visitors:
            finding.superseded_at = timezone.now()
            finding.save(update_fields=["superseded_at"])
    application.visitors.remove(sheet.reviewer)
    run = sum_up(actor, application, cause)
    _enough(application)
    if application.status in SCORED[1:] and (run.open_items or run.total is None):
        move(ROOM, application, "reopen", "talent.reopen_application", facts={"reason": cause}, for_good=True)
    return run


def _enough(application: AwardApplication) -> None:
    """Hold an applicant that has fewer reviewers left than the rules ask for."""
    left = counted(application).count() + (open_sheets(application) if application.status == "reviewing" else 0)
    if application.status in SCORED and left < rule_number("award.reviewers"):
        move(ROOM, application, "hold", "talent.hold_application", {"why": FEW}, facts={"reason": FEW}, for_good=True,
             held_from=application.status, held_because=FEW)  # fmt: skip
