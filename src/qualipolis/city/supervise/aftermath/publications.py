"""Verbs of publications: drafted from final results, approved, published, corrected as a new version, taken down.

A version is never changed. A correction leaves the old version in the state "corrected" and adds the next one; a
reversal or a voided result corrects what was published in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.aftermath.handling import said
from qualipolis.city.supervise.aftermath.models import Publication
from qualipolis.city.supervise.aftermath.opening import CEASED, FOLLOW, REVERSED
from qualipolis.city.supervise.aftermath.publication_rows import Row, hash_of, results_of, rows_of
from qualipolis.city.supervise.aftermath.scope import official, organiser_of
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "publication"
STANDING = ("published", "corrected")
IN_PREPARATION = ("draft", "approved")
LIVE = (*IN_PREPARATION, *STANDING)


def _locked(thing: Publication) -> Publication:
    return locked(thing, "campaign__rule")


def named(rows: Iterable[Row]) -> set[str]:
    """Return the numbers of the results in rows."""
    return {str(row["result"]) for row in rows}


def publication_facts(row: Publication) -> dict[str, Any]:
    """Return what the guards of a publication read: whether every result in it is final, and its last day."""
    numbers = named(row.rows)
    final = results_of(row.campaign).filter(number__in=numbers, status="final").count()
    return {"result_final": bool(numbers) and final == len(numbers), "take_down_day": row.take_down_on}


def publishable(campaign: Campaign) -> list[Result]:
    """Return the final results of a campaign that no publication holds yet."""
    held: set[str] = set()
    for rows in campaign.publications.filter(status__in=LIVE).values_list("rows", flat=True):
        held |= named(rows)
    return [one for one in results_of(campaign).filter(status="final") if one.number not in held]


@verb("supervise.draft_publication", roles=roles_for(FLOW, "publish"), scope=organiser_of)
def draft_publication(actor: Any, thing: Campaign) -> Publication:
    """Draft a publication from the final results of a campaign that were not published yet."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("rule").get(pk=thing.pk)
    found = publishable(campaign)
    wrong = []
    if campaign.publications.filter(status__in=IN_PREPARATION).exists():
        wrong.append(Problem("in_preparation", msg("A publication of this campaign is in preparation already.")))
    if not found:
        wrong.append(Problem("nothing_final", msg("No final result waits for its publication.")))
    if wrong:
        raise InputError(wrong)
    today = timezone.localdate()
    began = min((one.final_on for one in found if one.final_on), default=today)
    made = Publication.objects.create(
        campaign=campaign,
        number=next_number("GB", today.year),
        rows=rows_of(found),
        due_on=deadline("supervision.publication", began).due,
    )
    payload = {"of": str(made), "campaign": campaign.number, "count": len(found), "due_on": made.due_on}
    record(actor, "supervise.draft_publication", made, payload)
    return made


@verb("supervise.refresh_publication", roles=roles_for(FLOW, "publish"), scope=organiser_of)
def refresh_publication(actor: Any, thing: Publication) -> Publication:
    """Read the results of a draft again; what is no longer final leaves it, what became final joins it."""
    row = _locked(thing)
    if row.status != "draft":
        raise InputError([Problem("not_draft", msg("Only a draft is written anew."))])
    before = fields_of(row, "rows")
    row.rows = _fresh(row)
    row.save(update_fields=["rows"])
    event = record(actor, "supervise.refresh_publication", row, {"of": str(row), "count": len(row.rows)})
    reversible(event, actor, row, before, "status")
    return row


def _fresh(row: Publication) -> list[Row]:
    kept = results_of(row.campaign).filter(status="final", number__in=named(row.rows))
    return rows_of(sorted([*kept, *publishable(row.campaign)], key=lambda one: one.number))


@verb("supervise.approve_publication", roles=roles_for(FLOW, "approve"))
def approve_publication(actor: Any, thing: Publication, document_no: str) -> Publication:
    """Approve a draft as it stands."""
    row, told = _locked(thing), said(document_no=document_no)
    _unchanged(row)
    move(actor, row, "approve", "supervise.approve_publication", told, facts=publication_facts(row),
         due_on=row.due_on, **told)  # fmt: skip
    return row


@verb("supervise.revise_publication", roles=roles_for(FLOW, "revise"), scope=organiser_of)
def revise_publication(actor: Any, thing: Publication, reason: str) -> Publication:
    """Take an approved publication back to the draft."""
    row, told = _locked(thing), said(reason=reason)
    changes = {"document_no": "", "due_on": row.due_on, "rows": _fresh(row)}
    move(actor, row, "revise", "supervise.revise_publication", told, facts=publication_facts(row), **changes)
    return row


@verb("supervise.publish_results", roles=roles_for(FLOW, "publish"), scope=organiser_of)
def publish_results(actor: Any, thing: Publication) -> Publication:
    """Publish: the rows are hashed and shown to everyone until their last day."""
    row, today = _locked(thing), timezone.localdate()
    _unchanged(row)
    last = deadline("supervision.publication_shown", today).due
    changes = {"published_at": timezone.now(), "sha256": hash_of(row.rows), "take_down_on": last + timedelta(days=1)}
    told = {"count": len(row.rows), "sha256": changes["sha256"], "until": last}
    move(actor, row, "publish", "supervise.publish_results", told, facts=publication_facts(row), **changes)
    return row


def _unchanged(row: Publication) -> None:
    """Refuse rows that say something else than the results say now."""
    now = rows_of(results_of(row.campaign).filter(number__in=named(row.rows)))
    if hash_of(now) != hash_of(row.rows):
        what = msg("The results have changed since this was drafted.")
        raise InputError([Problem("stale", what, msg("Write the draft anew from the results."))])


@verb("supervise.correct_publication", roles=roles_for(FLOW, "correct"), scope=organiser_of)
def correct_publication(actor: Any, thing: Publication, reason: str) -> Publication:
    """Correct what was published: the next version from the results as they stand, with its reason; return it."""
    row, told = _locked(thing), said(reason=reason)
    if Publication.objects.filter(corrects=row).exists():
        what = msg("A newer version exists; correct that one.")
        raise InputError([Problem("not_newest", what)])
    rows = rows_of(results_of(row.campaign).filter(number__in=named(row.rows)))
    move(actor, row, "correct", "supervise.correct_publication", told | {"version": row.version + 1},
         facts=publication_facts(row), take_down_on=row.take_down_on)  # fmt: skip
    made = Publication.objects.create(
        campaign=row.campaign,
        number=row.number,
        version=row.version + 1,
        status="published",
        document_no=row.document_no,
        reason=told["reason"],
        rows=rows,
        sha256=hash_of(rows),
        published_at=timezone.now(),
        take_down_on=row.take_down_on,
        corrects=row,
    )
    payload = {"of": str(made), "corrects": str(row), "reason": told["reason"], "sha256": made.sha256}
    record(actor, "supervise.publish_correction", made, payload)
    return made


@verb("supervise.withdraw_publication", roles=roles_for(FLOW, "withdraw"))
def withdraw_publication(actor: Any, thing: Publication, reason: str) -> Publication:
    """Withdraw a publication with all its versions; that it stood there and why it went stays to be read."""
    row, told = _locked(thing), said(reason=reason)
    for one in _versions(row):
        changes = {"reason": told["reason"]} if one.pk == row.pk else {}
        move(actor, one, "withdraw", "supervise.withdraw_publication", told, facts=publication_facts(one), **changes)
    return _locked(row)


def _versions(row: Publication) -> list[Publication]:
    """Return the row and the other standing versions of its number, the oldest first."""
    mine = Q(pk=row.pk) | Q(number=row.number, status__in=STANDING)
    return [_locked(one) for one in Publication.objects.filter(mine).order_by("version")]


@verb("supervise.take_down_publication", roles=roles_for(FLOW, "take_down"), scope=organiser_of)
def take_down_publication(actor: Any, thing: Publication) -> Publication:
    """Take a publication down with all its versions, once it was shown long enough."""
    for one in _versions(_locked(thing)):
        told = {"on": timezone.localdate()}
        move(actor, one, "take_down", "supervise.take_down_publication", told, facts=publication_facts(one))
    return _locked(thing)


@subscriber("supervise.result_reversed")
@subscriber("supervise.result_voided")
@subscriber("supervise.result_final")
def correct_for_result(actor: Any, result: Result, reason: str = "", **_facts: Any) -> None:
    """Correct every publication that holds a result that was reversed, voided or became final again; drafts anew."""
    row = Result.objects.select_related("sample__task").get(pk=result.pk)
    if row.verdict == row.first_verdict and row.status == "final" and not row.voided_for:
        return
    words = "：".join(one for one in (official(REVERSED), reason.strip() or row.reversal_reason) if one)
    _correct_all(row.sample.task.campaign_id, {row.number}, f"{row.number} {words}")


@subscriber("supervise.firm_ceased")
def correct_for_firm(actor: Any, enterprise: Enterprise, **_facts: Any) -> None:
    """Publish with the state of the firm, once it has ceased to exist."""
    mine = Q(sample__task__enterprise=enterprise) | Q(sample__task__form__producer=enterprise)
    found: dict[int, set[str]] = {}
    for campaign, number in Result.objects.filter(mine).values_list("sample__task__campaign", "number"):
        found.setdefault(campaign, set()).add(number)
    for campaign, numbers in found.items():
        _correct_all(campaign, numbers, official(CEASED))


def _correct_all(campaign: int, numbers: set[str], reason: str) -> None:
    for row in Publication.objects.filter(campaign=campaign, corrected_by=None).select_related("campaign"):
        if not named(row.rows) & numbers:
            continue
        if row.status == "approved":
            row = revise_publication(FOLLOW, row, reason)
        elif row.status == "draft":
            refresh_publication(FOLLOW, row)
        elif row.status in STANDING and _differs(row):
            correct_publication(FOLLOW, row, reason)


def _differs(row: Publication) -> bool:
    """Whether a reader would read something else; the day on which a result became final again is not that."""
    now = rows_of(results_of(row.campaign).filter(number__in=named(row.rows)))
    was, is_ = ([one | {"final_on": None} for one in rows] for rows in (row.rows, now))
    return hash_of(was) != hash_of(is_)
