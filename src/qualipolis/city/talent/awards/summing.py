"""Every sum of the scores of an applicant, made anew whenever a sheet, a consensus or a finding changes, and kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of
from qualipolis.city.talent.awards.parties import counted, open_sheets
from qualipolis.city.talent.models import AwardApplication, ScoreRun
from qualipolis.law.talent.excellence import POINTS
from qualipolis.methods.rating import ItemScore, Tally, tally


def current(application: AwardApplication) -> ScoreRun | None:
    """Return the latest sum."""
    return application.runs.order_by("-serial").first()


def tally_of(application: AwardApplication) -> Tally:
    """Return the sum of what stands now, findings on site left aside."""
    sheets = {str(sheet.pk): sheet.scores for sheet in counted(application)}
    agreed = {row.item: float(row.score) for row in application.consensuses.filter(superseded_at=None)}
    return tally(sheets, POINTS, limit=application.round.spread, consensus=agreed)


def sum_up(actor: Any, application: AwardApplication, cause: str) -> ScoreRun:
    """Sum up inside a verb and keep it; the ones before stay as the trail."""
    found = tally_of(application)
    site = {row.item: row.score for row in application.findings.filter(superseded_at=None)}
    items = [_item(one, site) for one in found.items]
    last = current(application)
    earned = [row["earned"] for row in items]
    made = ScoreRun.objects.create(
        application=application, serial=(last.serial if last else 0) + 1, made_at=timezone.now(),
        made_by=person_of(actor), cause=cause, sheets=[int(pk) for pk in found.reviewers], items=items,
        total=_exact(math.fsum(earned)) if None not in earned else None,
        independent=_exact(found.mean_total), open_items=sum(row["source"] == "open" for row in items),
    )  # fmt: skip
    told = {"serial": made.serial, "cause": cause, "sheets": len(made.sheets), "total": made.total,
            "open_items": made.open_items, "before": last.total if last else None}  # fmt: skip
    record(actor, "talent.sum_up", application, told)
    return made


def _item(one: ItemScore, site: Mapping[str, int]) -> dict[str, Any]:
    """Return one item as it is kept: the independent scores, what they led to, what the visit changed."""
    settled = one.source in ("mean", "consensus")
    counts = float(site[one.item]) if one.item in site and settled else one.final
    return {
        "item": one.item, "points": one.points, "n": one.n, "low": one.low, "high": one.high, "mean": one.mean,
        "spread": one.spread, "wide": one.needs_consensus, "source": one.source, "final": one.final,
        "site": site.get(one.item), "counts": counts, "earned": None if counts is None else one.points * counts / 100,
    }  # fmt: skip


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(round(value, 3)))


def scoring_facts(application: AwardApplication) -> dict[str, Any]:
    """Return the facts that the table reads before an applicant goes on."""
    run, sheets_in, still = current(application), counted(application).count(), open_sheets(application)
    could = application.held_from == "reviewing" and sheets_in + still >= 3
    return {
        "sheets_in": sheets_in,
        "open_sheets": still,
        "open_items": run.open_items if run else None,
        "could_score": could,
    }
