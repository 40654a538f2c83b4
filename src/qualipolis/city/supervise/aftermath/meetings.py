"""Quality analysis meetings (质量分析会): proposed when a trade fails as a whole, called, and minuted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb, visible
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.aftermath.models import QualityMeeting
from qualipolis.city.supervise.aftermath.scope import organiser_of
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result
from qualipolis.methods.problems import InputError, Problem, msg, refuse

ORGANISER = roles_for("publication", "publish")
# set by the city, not by law: Order 18 asks for a meeting when a problem is one of the trade and names no number
FEWEST_FIRMS, LEAST_SHARE = 3, 0.1


@dataclass(frozen=True)
class Proposal:
    """A campaign whose failures look like a problem of its trade: final batches, failed ones, failed firms."""

    campaign: Campaign
    batches: int
    failed: int
    firms: int

    @property
    def share(self) -> float:
        """The share of the final batches that failed."""
        return self.failed / self.batches


def proposals(actor: Any) -> list[Proposal]:
    """Return the campaigns for which a meeting is proposed and none was called."""
    final = visible(actor, Result.objects.filter(status="final", sample__task__campaign__meetings=None))
    failed = Q(verdict="fail")
    counts = (
        final.order_by()
        .values("sample__task__campaign")
        .annotate(
            n=Count("pk", distinct=True),
            bad=Count("pk", filter=failed, distinct=True),
            firms=Count("sample__task__enterprise", filter=failed, distinct=True),
        )
    )
    wanted = {
        one["sample__task__campaign"]: one
        for one in counts
        if one["firms"] >= FEWEST_FIRMS and one["bad"] >= LEAST_SHARE * one["n"]
    }
    campaigns = Campaign.objects.filter(pk__in=wanted).select_related("rule").order_by("-number")
    return [Proposal(c, wanted[c.pk]["n"], wanted[c.pk]["bad"], wanted[c.pk]["firms"]) for c in campaigns]


@verb("supervise.call_meeting", roles=ORGANISER, scope=organiser_of)
def call_meeting(actor: Any, thing: Campaign, held_on: date, problem: str, place: str = "") -> QualityMeeting:
    """Call a meeting of the firms of a trade on the problem that was found."""
    if not problem.strip():
        raise InputError([Problem("no_problem", msg("Write what the problem of the trade is."), place="problem")])
    made = QualityMeeting.objects.create(
        campaign=thing, held_on=held_on, place=place.strip()[:120], problem=problem.strip()[:4000]
    )
    payload = {"of": thing.number, "on": held_on, "problem": made.problem}
    record(actor, "supervise.call_meeting", made, payload)
    return made


@verb("supervise.minute_meeting", roles=ORGANISER, scope=organiser_of)
def minute_meeting(actor: Any, thing: QualityMeeting, firms: int, agreed: str) -> QualityMeeting:
    """Write, once the meeting was held, how many firms came and what was agreed."""
    row = QualityMeeting.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=thing.pk)
    refuse(given_day(row.held_on, "held_on"))
    wrong = []
    if not agreed.strip():
        wrong.append(Problem("no_words", msg("Write what was agreed."), place="agreed"))
    if not 0 <= firms <= 32_000:
        wrong.append(Problem("firms", msg("Give how many firms were present."), place="firms"))
    if wrong:
        raise InputError(wrong)
    row.firms, row.agreed = firms, agreed.strip()[:4000]
    row.save(update_fields=["firms", "agreed"])
    payload = {"of": row.campaign.number, "on": row.held_on, "firms": firms, "today": timezone.localdate()}
    record(actor, "supervise.minute_meeting", row, payload)
    return row
