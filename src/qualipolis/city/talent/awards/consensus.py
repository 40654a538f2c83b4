"""Verbs of what the team agrees on: consensus where independent scores lie apart, findings and report of the visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.talent.awards.parties import REVIEWER, counted, in_round, leading, open_sheets
from qualipolis.city.talent.awards.summing import current, sum_up
from qualipolis.city.talent.awards.teams import SCORING
from qualipolis.city.talent.models import AwardApplication, Consensus, Reviewer, SiteFinding
from qualipolis.law.talent.excellence import POINTS
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.rating.consensus import score_problem

MEETS = ("reviewing", "held")


@verb("talent.settle_item", roles=REVIEWER)
def settle_item(actor: Any, thing: AwardApplication, item: str, score: int, words: str) -> Consensus:
    """Record what the team agreed on for one item whose independent scores lie too far apart; the originals stay."""
    row = locked(thing, "round")
    leading(actor, row)
    in_round(row.round, *SCORING)
    originals = {str(sheet.pk): sheet.scores.get(item) for sheet in counted(row)}
    known = [value for value in originals.values() if value is not None]
    wide = bool(known) and max(known) - min(known) > row.round.spread
    refuse(
        [
            None if row.status in MEETS else Problem("wrong_state", msg("This step cannot be taken in the present state.")),
            Problem("sheets_open", msg("%(count)s reviewers have not handed in their sheets yet."), "", {"count": open_sheets(row)})
            if open_sheets(row) else None,
            score_problem(item, score, POINTS),
            None if wide or item not in POINTS else Problem("not_wide", msg("The independent scores of this item do not lie apart."), place="item"),
            Problem("outside", msg("The agreed score lies between the lowest and the highest independent score."), place="score")
            if known and not min(known) <= score <= max(known) else None,
            None if words.strip() else Problem("no_words", msg("Write why the team agreed on this score."), place="words"),
        ]
    )  # fmt: skip
    supersede(row.consensuses.filter(item=item), "agreed_again")
    made = Consensus.objects.create(
        application=row,
        item=item,
        originals=originals,
        score=score,
        words=words.strip()[:1000],
        recorded_by=person_of(actor),
    )
    record(actor, "talent.settle_item", row, {"item": item, "score": score, "low": min(known), "high": max(known)})
    sum_up(actor, row, "consensus")
    return made


def supersede(rows: Any, because: str) -> int:
    """Let consensuses no longer count; the lines stay."""
    done: int = rows.filter(superseded_at=None).update(superseded_at=timezone.now(), superseded_because=because)
    return done


@verb("talent.record_finding", roles=REVIEWER)
def record_finding(actor: Any, thing: AwardApplication, item: str, score: int, words: str) -> SiteFinding:
    """Record what the visit showed about one item; it confirms the score or changes it, with what was seen."""
    row = locked(thing, "round")
    leading(actor, row)
    in_round(row.round, "on_site", "deliberation")
    run = current(row)
    before = next((one["counts"] for one in run.items if one["item"] == item), None) if run else None
    refuse(
        [
            None if row.status == "shortlisted" else Problem("wrong_state", msg("This step cannot be taken in the present state.")),
            score_problem(item, score, POINTS),
            None if words.strip() else Problem("no_words", msg("Write what was seen."), place="words"),
        ]
    )  # fmt: skip
    row.findings.filter(item=item, superseded_at=None).update(superseded_at=timezone.now())
    made = SiteFinding.objects.create(
        application=row, item=item, before=before, score=score, words=words.strip()[:1000], recorded_by=person_of(actor),
        visitors=list(counted(row).values_list("reviewer_id", flat=True)),
    )  # fmt: skip
    record(actor, "talent.record_finding", row, {"item": item, "before": before, "score": score})
    sum_up(actor, row, "visit")
    return made


@verb("talent.hand_in_visit", roles=REVIEWER)
def hand_in_visit(
    actor: Any, thing: AwardApplication, visited_on: date, report: str, visitors: list[Reviewer]
) -> AwardApplication:
    """Hand in the report of the site visit with who was there; only members of the team whose scores count."""
    row, said = locked(thing, "round"), report.strip()[:4000]
    leading(actor, row)
    in_round(row.round, "on_site", "deliberation")
    team = set(counted(row).values_list("reviewer_id", flat=True))
    strangers = any(one.pk not in team for one in visitors)
    wrong = Problem("stranger", msg("Only members of the team visit."), place="visitors") if strangers else None
    refuse([*not_ahead(visited_on, "visited_on", row.submitted_on), wrong])
    told = {"on": visited_on, "visitors": len(visitors)}
    facts = {"visited_on": visited_on, "report": said} | told
    move(
        actor,
        row,
        "visit",
        "talent.hand_in_visit",
        told,
        facts=facts,
        for_good=True,
        visited_on=visited_on,
        visit_report=said,
    )
    row.visitors.set(visitors)
    return row
