"""What people do with an assessment, one function for each verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.assess import releases
from qualipolis.city.assess.adjustments import adjust
from qualipolis.city.assess.evidence import attach_finding, attach_rectification, attach_self_evidence
from qualipolis.city.assess.models import Assessment, Release, ScoreCard
from qualipolis.city.assess.notice import draft_notice, edit_notice, issue_notice, withdraw_notice
from qualipolis.city.assess.rectification import (
    Item,
    check_item,
    close_rectification,
    extend_rectification,
    open_rectification,
    open_rectifications,
    plan_rectification,
    report_rectification,
    return_rectification,
)
from qualipolis.city.assess.run import CHANGED, compute_run, inputs_hash, write_run
from qualipolis.city.assess.self_evaluation import (
    accept_self_evaluation,
    call_self_evaluations,
    return_self_evaluation,
    save_self_evaluation,
    submit_self_evaluation,
)
from qualipolis.city.assess.site_check import (
    answer_visit,
    conclude_visit,
    draw_site_check,
    name_checkers,
    object_visit,
    plan_site_check,
    record_finding,
    settle_finding,
    sign_visit,
    start_visit,
)
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation
from qualipolis.city.measure.service import Took, advance, roles_for
from qualipolis.methods.problems import InputError, Problem, msg

__all__ = [
    "FLOW",
    "REPLICATES",
    "Item",
    "accept_self_evaluation",
    "adjust",
    "answer_visit",
    "attach_finding",
    "attach_rectification",
    "attach_self_evidence",
    "call_self_evaluations",
    "cards_of",
    "check_item",
    "close_rectification",
    "conclude_visit",
    "decide",
    "draft_notice",
    "draw_site_check",
    "edit_notice",
    "extend_rectification",
    "issue_notice",
    "name_checkers",
    "object_visit",
    "open_rectification",
    "open_rectifications",
    "plan_rectification",
    "plan_site_check",
    "preview",
    "publish",
    "record_finding",
    "report_rectification",
    "return_rectification",
    "return_self_evaluation",
    "run",
    "save_self_evaluation",
    "settle_finding",
    "sign_visit",
    "start_visit",
    "submit_self_evaluation",
    "verify",
    "withdraw",
    "withdraw_notice",
]

FLOW = "assessment"
REPLICATES = 1000
SCORED = (IndicatorSet.Status.FROZEN, IndicatorSet.Status.CLOSED)
Status = Assessment.Status


@verb("assess.run", roles=("planner",))
def run(
    actor: Any,
    thing: CollectionRound,
    *,
    seed: int,
    replicates: int = REPLICATES,
    version: IndicatorSet | None = None,
) -> Assessment:
    """Compute a round: scorecards with ranks, intervals, grades and tiers. Every run is kept.

    ``version`` scores the same observations under another version of the year's set, after an amendment.
    """
    problems = list(_run_problems(thing, replicates, version))
    if problems:
        raise InputError(problems)
    other = version if version and version.pk != thing.set_id else None
    computed = compute_run(thing, seed, replicates, other)
    made = write_run(actor, thing, computed, seed, replicates, other)
    payload = {
        "inputs": made.inputs_hash,
        "method": computed.computed.method,
        "seed": seed,
        "replicates": replicates,
        "units": len(computed.cards),
        "left_out": list(computed.read.left_out),
    }
    record(actor, "assess.run", made, payload | ({"version": other.version} if other else {}))
    return made


def _run_problems(thing: CollectionRound, replicates: int, version: IndicatorSet | None) -> Iterator[Problem]:
    if not 0 <= replicates <= 10_000:
        what, remedy = msg("%(n)s replicates are not possible here."), msg("Give 0 to 10,000.")
        yield Problem("bad_replicates", what, remedy, {"n": replicates}, place="replicates")
    if version is not None and (version.year != thing.set.year or version.status not in SCORED):
        what = msg("The round %(round)s can be scored under a frozen version of its own year only.")
        yield Problem("bad_version", what, "", {"round": thing.period}, place="version")


def _step(actor: Any, thing: Assessment, step: str, **told: Any) -> tuple[Assessment, Took]:
    row = Assessment.objects.select_for_update().get(pk=thing.pk)
    took = advance(actor, FLOW, step, row.status, **_facts(row), **told)
    row.status = took.target
    row.save(update_fields=["status"])
    return row, took


def _facts(row: Assessment) -> dict[str, Any]:
    rows = Observation.objects.filter(round=row.round_id)
    waiting = (Observation.Status.SUBMITTED, Observation.Status.REOPENED)
    return {
        "open_items": rows.filter(status__in=waiting).count(),
        "open_disputes": rows.filter(status=Observation.Status.DISPUTED).count(),
        "open_windows": measure.open_windows(row.round),
        "run_by": row.run_by_id,
    }


def _unchanged(row: Assessment) -> None:
    """Refuse a run whose values were corrected after it was computed: it could never be published."""
    if row.inputs_hash and inputs_hash(row.round, row.set) != row.inputs_hash:
        raise InputError([CHANGED])


@verb("assess.preview", roles=roles_for(FLOW, "preview"))
def preview(actor: Any, thing: Assessment) -> Assessment:
    """Serve the preview on every unit; its term for objections starts with the service (a locked round takes none)."""
    row, took = _step(actor, thing, "preview")
    _unchanged(row)
    if row.round.status != CollectionRound.Status.LOCKED:
        measure.preview_round(actor, row.round, name_of(row))
    else:
        units = list(ScoreCard.objects.filter(assessment=row).values_list("unit_id", flat=True))
        measure.serve_units(actor, "preview", name_of(row), row.round, units)
    record(actor, "assess.preview", row, {"due_on": took.due(timezone.localdate())}, rule_version=took.rule)
    return row


@verb("assess.decide", roles=roles_for(FLOW, "decide"))
def decide(
    actor: Any,
    thing: Assessment,
    document: str = "",
    meeting_on: date | None = None,
    remarks: Mapping[str, str] | None = None,
) -> Assessment:
    """Decide on the previewed assessment, for the leading group: the number of the decision and the day of the meeting.

    ``remarks`` are words on single units (unit code -> words), kept on their scorecards. Who computed the assessment
    cannot decide on it, and the terms for objections must have ended.
    """
    said = {code: words.strip()[:400] for code, words in (remarks or {}).items()}
    _known_units(thing, said, meeting_on)
    row, took = _step(actor, thing, "decide", document_no=document, meeting_on=meeting_on)
    _unchanged(row)
    row.meeting_on, row.decision_doc = meeting_on, document.strip()[:80]
    row.decided_by = person_of(actor)
    row.save(update_fields=["meeting_on", "decision_doc", "decided_by"])
    cards = list(ScoreCard.objects.filter(assessment=row, unit__code__in=said).select_related("unit"))
    for card in cards:
        card.remark = said[card.unit.code]
    ScoreCard.objects.bulk_update(cards, ["remark"], batch_size=500)
    payload = {"inputs": row.inputs_hash, "document": row.decision_doc, "meeting_on": meeting_on, "remarks": said}
    record(actor, "assess.decide", row, payload, rule_version=took.rule)
    return row


def _known_units(thing: Assessment, said: Mapping[str, str], meeting_on: date | None) -> None:
    known = set(ScoreCard.objects.filter(assessment=thing, unit__code__in=said).values_list("unit__code", flat=True))
    problems = [
        Problem("unknown_unit", msg("%(code)s is no unit of this assessment."), params={"code": code}, place=code)
        for code in said
        if code not in known
    ]
    if meeting_on and meeting_on > timezone.localdate():
        problems.append(Problem("future", msg("The meeting lies in the future."), place="meeting_on"))
    if problems:
        raise InputError(problems)


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
