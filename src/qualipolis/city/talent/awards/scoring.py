"""Verbs of independent scoring: declare, score, hand in. Nobody reads another's sheet before handing in the own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.talent.awards.parties import OPEN_SHEETS, PLANNER, REVIEWER, own_sheet
from qualipolis.city.talent.awards.summing import sum_up
from qualipolis.city.talent.models import ScoreSheet
from qualipolis.city.talent.reviewers.conflicts import conflicts_of
from qualipolis.law.talent.excellence import POINTS
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.rating.consensus import score_problem

WORDS = 1000
SCORABLE = ("reviewing", "held")


@verb("talent.open_sheet", roles=REVIEWER)
def open_sheet(actor: Any, thing: ScoreSheet) -> ScoreSheet:
    """Declare that there is no conflict of interest, and begin to score."""
    row = own_sheet(actor, thing)
    _running(row)
    known = conflicts_of(row.reviewer, row.application.enterprise)
    facts = {"conflict": ", ".join(known)}
    move(actor, row, "open", "talent.open_sheet", facts=facts, conflict="", declared_on=timezone.localdate())
    return row


@verb("talent.decline_review", roles=(*REVIEWER, *PLANNER))
def decline_review(actor: Any, thing: ScoreSheet, reason: str, *, conflict: bool = False) -> ScoreSheet:
    """Step aside before anything was handed in; a conflict is written down as one."""
    said = reason.strip()[:400]
    row = locked(thing, "reviewer") if roles_of(actor) & set(PLANNER) else own_sheet(actor, thing)
    move(actor, row, "decline", "talent.decline_review", {"conflict": conflict}, facts={"reason": said}, for_good=True,
         reason=said, conflict=said if conflict else row.conflict, lead=False)  # fmt: skip
    return row


def _running(row: ScoreSheet) -> None:
    if row.application.status not in SCORABLE:
        refuse([Problem("not_reviewing", msg("The papers of this applicant are not being reviewed now."))])


@verb("talent.save_sheet", roles=REVIEWER)
def save_sheet(actor: Any, thing: ScoreSheet, scores: Mapping[str, int | None], words: Mapping[str, str]) -> ScoreSheet:
    """Keep what was scored so far; nobody else sees it."""
    row = own_sheet(actor, thing)
    _running(row)
    if row.status != "scoring":
        refuse([Problem("wrong_state", msg("This step cannot be taken in the present state."))])
    refuse([score_problem(item, score, POINTS) for item, score in scores.items() if score is not None])
    row.scores = dict(row.scores) | {item: score for item, score in scores.items() if score is not None}
    row.scores = {item: score for item, score in row.scores.items() if item not in scores or scores[item] is not None}
    said = {item: str(text).strip()[:WORDS] for item, text in words.items() if item in POINTS}
    row.words = dict(row.words) | said
    row.save(update_fields=["scores", "words"])
    record(actor, "talent.save_sheet", row, {"items": len(row.scores)})
    return row


@verb("talent.hand_in_sheet", roles=REVIEWER)
def hand_in_sheet(actor: Any, thing: ScoreSheet) -> ScoreSheet:
    """Hand in the independent scores for good; from now on the sheets of the others that are in can be read."""
    row = own_sheet(actor, thing)
    _running(row)
    known = conflicts_of(row.reviewer, row.application.enterprise)
    facts = {
        "scores": row.scores,
        "words": row.words,
        "conflict": ", ".join(known) if row.conflict == "" else row.conflict,
    }
    move(actor, row, "hand_in", "talent.hand_in_sheet", facts=facts, handed_in_at=timezone.now())
    sum_up(actor, row.application, "sheet")
    return row


def still_open(row: ScoreSheet) -> bool:
    """Whether the sheet is still being worked on."""
    return row.status in OPEN_SHEETS
