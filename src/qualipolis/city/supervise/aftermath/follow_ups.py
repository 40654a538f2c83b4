"""Follow-up samples (跟踪抽查): the failed product of a firm is sampled again, in a campaign of that purpose alone.

The result says whether the correction holds. It is counted as a follow-up and never pooled with what was drawn.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.supervise.aftermath.handling import case_locked
from qualipolis.city.supervise.aftermath.models import HandlingCase
from qualipolis.city.supervise.aftermath.scope import campaign_of, organiser_of_case, responsible
from qualipolis.city.supervise.models import Campaign, Purpose, SamplingTask
from qualipolis.city.supervise.planning.campaigns import OFFICE, create_campaign
from qualipolis.methods.problems import InputError, Problem, msg

OPEN = ("draft", "contracted", "approved", "rules_public", "sampling")
WITHOUT_SAMPLE = ("not_sampled", "closed", "refused", "stopped_unlawful", "refusal_reported", "unlawful_reported",
                  "voided", "replaced")  # fmt: skip


@verb("supervise.make_follow_up", roles=OFFICE, scope=organiser_of_case)
def make_follow_up(actor: Any, thing: HandlingCase, campaign: Campaign | None = None) -> SamplingTask:
    """Make the task that was asked for, in a follow-up ``campaign`` that still samples or in a new one of one batch."""
    row = case_locked(thing)
    before = campaign_of(row.result)
    if wrong := _problems(row, before, campaign):
        raise InputError(wrong)
    chosen = campaign or _new_campaign(actor, before)
    firm = responsible(row)
    made = SamplingTask.objects.create(
        campaign=chosen, number=next_number("RW", timezone.localdate().year), enterprise=firm, unit=row.unit,
        product=row.result.sample.task.product if firm.pk == row.result.sample.task.enterprise_id else None,
        chosen_by_hand=True, follows=row.result, synthetic=chosen.synthetic,
    )  # fmt: skip
    payload = {"of": row.number, "task": made.number, "campaign": chosen.number, "result": row.result.number}
    record(actor, "supervise.make_follow_up", row, payload)
    return made


def under_way(row: HandlingCase) -> list[SamplingTask]:
    """Return the follow-up tasks of a case's firm that have led to a sample or may still do so."""
    tasks = row.result.follow_ups.filter(enterprise=responsible(row)).exclude(status__in=WITHOUT_SAMPLE)
    return list(tasks.select_related("campaign").order_by("number"))


def _problems(row: HandlingCase, before: Campaign, campaign: Campaign | None) -> list[Problem]:
    found = []
    if row.status == "cancelled":
        found.append(Problem("cancelled", msg("The case was cancelled; nothing is added to it.")))
    if row.follow_up_on is None:
        found.append(Problem("not_asked", msg("Nobody has asked for a follow-up sample.")))
    if under_way(row):
        found.append(Problem("follow_up_there", msg("There is a follow-up task already.")))
    if campaign is not None:
        same = (campaign.organiser_id, campaign.rule.category) == (before.organiser_id, before.rule.category)
        if not same or campaign.purpose != Purpose.FOLLOW_UP or campaign.status not in OPEN:
            what = msg("Choose a follow-up campaign of this product class whose sampling has not ended.")
            found.append(Problem("other_campaign", what, place="campaign"))
    return found


def _new_campaign(actor: Any, before: Campaign) -> Campaign:
    values = {"purpose": Purpose.FOLLOW_UP, "stage": before.stage, "reserve": 0, "synthetic": before.synthetic}
    made: Campaign = create_campaign(actor, before.organiser, before.rule, 1, **values)
    return made
