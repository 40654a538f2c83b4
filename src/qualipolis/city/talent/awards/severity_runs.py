"""The verb that models how severe each reviewer of a round is; it is kept beside the scores and changes none of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.talent.awards.parties import PLANNER
from qualipolis.city.talent.models import AwardRound, ScoreSheet, SeverityRun
from qualipolis.law.talent.excellence import POINTS
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.rating import agreement, severity


def sheets_of(row: AwardRound) -> list[ScoreSheet]:
    """Return the sheets of a round that count."""
    rows = ScoreSheet.objects.filter(application__round=row, status="handed_in")
    return list(rows.select_related("reviewer", "application").order_by("pk"))


@verb("talent.model_severity", roles=PLANNER)
def model_severity(actor: Any, thing: AwardRound) -> SeverityRun:
    """Model the severity of the reviewers of a round from the independent scores that count now."""
    sheets = sheets_of(thing)
    refuse([None if sheets else Problem("no_sheets", msg("No sheet has been handed in yet."))])
    rows = [
        (sheet.application.number, item, sheet.reviewer.number, float(score))
        for sheet in sheets
        for item, score in sheet.scores.items()
    ]
    applicants, items, reviewers, scores = (list(column) for column in zip(*rows, strict=True))
    found = severity(applicants, items, reviewers, scores, points=POINTS)
    said = asdict(found) | {"agreement": asdict(agreement(applicants, items, reviewers, scores))}
    made = SeverityRun.objects.create(
        round=thing, made_by=person_of(actor), sheets=[sheet.pk for sheet in sheets], found=said
    )
    record(actor, "talent.model_severity", thing, {"sheets": len(sheets), "scores": found.n})
    return made
