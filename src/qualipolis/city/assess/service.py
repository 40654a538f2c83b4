"""What people do with an assessment, one function for each verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.assess import releases
from qualipolis.city.assess.models import Adjustment, Assessment, Release, ScoreCard
from qualipolis.city.assess.run import compute_run, write_run
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.service import Took, advance, roles_for
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "assessment"
REPLICATES = 1000
Status = Assessment.Status


@verb("assess.run", roles=("planner",))
def run(actor: Any, thing: CollectionRound, *, seed: int, replicates: int = REPLICATES) -> Assessment:
    """Compute a round: scorecards with ranks, intervals, grades and tiers. Every run is kept."""
    if not 0 <= replicates <= 10_000:
        raise InputError(
            [
                Problem(
                    "bad_replicates",
                    msg("%(n)s replicates are not possible here."),
                    msg("Give 0 to 10,000."),
                    {"n": replicates},
                    place="replicates",
                )
            ]
        )
    computed = compute_run(thing, seed, replicates)
    made = write_run(actor, thing, computed, seed, replicates)
    payload = {
        "inputs": made.inputs_hash,
        "method": computed.computed.method,
        "seed": seed,
        "replicates": replicates,
        "units": len(computed.cards),
        "left_out": list(computed.read.left_out),
    }
    record(actor, "assess.run", made, payload)
    return made


@verb("assess.adjust", roles=("planner",))
def adjust(
    actor: Any,
    thing: CollectionRound,
    unit: Unit,
    kind: str,
    document: str,
    reason: str,
    *,
    points: float = 0.0,
    indicator: str = "",
) -> Adjustment:
    """Enter a bonus, a veto or a zero for falsified data; each needs the number of its document."""
    problems = list(_adjustment_problems(thing, kind, document, reason, points, indicator))
    if problems:
        raise InputError(problems)
    made = Adjustment.objects.create(
        round=thing,
        unit=unit,
        kind=kind,
        points=points if kind == Adjustment.Kind.BONUS else 0.0,
        indicator_code=indicator if kind == Adjustment.Kind.FALSIFIED else "",
        document=document.strip(),
        reason=reason.strip(),
    )
    payload = {"unit": unit.code, "kind": kind, "points": made.points, "indicator": made.indicator_code}
    record(actor, "assess.adjust", made, payload | {"document": made.document, "reason": made.reason})
    return made


def _adjustment_problems(
    thing: CollectionRound, kind: str, document: str, reason: str, points: float, indicator: str
) -> list[Problem]:
    found = []
    if kind not in Adjustment.Kind.values:
        found.append(Problem("bad_kind", msg("There is no adjustment of this kind."), place="kind"))
    if not document.strip() or not reason.strip():
        what = msg("An adjustment needs the number of its document and its reason.")
        found.append(Problem("no_document", what, place="document"))
    if kind == Adjustment.Kind.BONUS and not 0 < points <= 100:
        found.append(Problem("bad_points", msg("Bonus points lie between 0 and 100."), place="points"))
    if kind == Adjustment.Kind.FALSIFIED and not thing.set.indicators.filter(code=indicator).exists():
        found.append(Problem("bad_indicator", msg("Name the indicator whose data were falsified."), place="indicator"))
    return found


def _step(actor: Any, thing: Assessment, step: str, **told: Any) -> tuple[Assessment, Took]:
    row = Assessment.objects.select_for_update().get(pk=thing.pk)
    took = advance(actor, FLOW, step, row.status, **_facts(row), **told)
    row.status = took.target
    row.save(update_fields=["status"])
    return row, took


def _facts(row: Assessment) -> dict[str, int]:
    rows = Observation.objects.filter(round=row.round_id)
    waiting = (Observation.Status.SUBMITTED, Observation.Status.REOPENED)
    return {
        "open_items": rows.filter(status__in=waiting).count(),
        "open_disputes": rows.filter(status=Observation.Status.DISPUTED).count(),
    }


@verb("assess.preview", roles=roles_for(FLOW, "preview"))
def preview(actor: Any, thing: Assessment) -> Assessment:
    """Send the preview to the units; the term for objections starts today (a locked round takes none)."""
    row, took = _step(actor, thing, "preview")
    if row.round.status != CollectionRound.Status.LOCKED:
        measure.preview_round(actor, row.round)
    record(actor, "assess.preview", row, {"due_on": took.due(timezone.localdate())}, rule_version=took.rule)
    return row


@verb("assess.decide", roles=roles_for(FLOW, "decide"))
def decide(actor: Any, thing: Assessment) -> Assessment:
    """Decide on the previewed assessment, for the leading group."""
    row, took = _step(actor, thing, "decide")
    record(actor, "assess.decide", row, {"inputs": row.inputs_hash}, rule_version=took.rule)
    return row


@verb("assess.publish", roles=roles_for(FLOW, "publish"))
def publish(actor: Any, thing: Assessment, *, at: datetime | None = None) -> Release:
    """Publish a decided assessment as a release that never changes; an earlier one of the round is superseded.

    ``at`` dates a release of the past, for the synthetic city and for what is taken over from paper.
    """
    row, took = _step(actor, thing, "publish")
    if row.round.status != CollectionRound.Status.LOCKED:
        raise InputError(
            [
                Problem(
                    "not_locked",
                    msg("The round %(round)s is not locked."),
                    msg("Lock it; then nothing published can change under it."),
                    {"round": row.round.period},
                )
            ]
        )
    release = releases.write_bundle(row, at)
    try:
        _supersede_earlier(actor, row, release)
        payload = {"number": release.number, "release": release.release_hash, "method": release.method_hash}
        record(actor, "assess.publish", row, payload | {"inputs": row.inputs_hash}, rule_version=took.rule)
    except BaseException:
        releases.discard(release.number)
        raise
    return release


def _supersede_earlier(actor: Any, row: Assessment, release: Release) -> None:
    earlier = Assessment.objects.filter(round__period=row.round.period, status=Status.PUBLISHED).exclude(pk=row.pk)
    for old in earlier:
        took = advance(actor, FLOW, "supersede", old.status, reason=release.number)
        Assessment.objects.filter(pk=old.pk).update(status=took.target)
        record(actor, "assess.supersede", old, {"by": release.number}, rule_version=took.rule)


@verb("assess.withdraw", roles=roles_for(FLOW, "withdraw"))
def withdraw(actor: Any, thing: Release, reason: str) -> Release:
    """Withdraw a release with its reason; it stays in the register and its bundle stays as it was."""
    _row, took = _step(actor, thing.assessment, "withdraw", reason=reason)
    row = Release.objects.select_for_update().get(pk=thing.pk)
    row.withdrawn_at, row.withdrawal_reason = timezone.now(), reason.strip()[:400]
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record(actor, "assess.withdraw", row, {"number": row.number, "reason": reason.strip()}, rule_version=took.rule)
    return row


def verify(release: Release) -> Any:
    """Compute a release again from its stored inputs; anyone may, nothing is written."""
    return releases.verify(release)


def cards_of(thing: Assessment) -> Any:
    """Return the scorecards of a run, best first."""
    return ScoreCard.objects.filter(assessment=thing).select_related("unit").order_by("rank", "unit__code")
