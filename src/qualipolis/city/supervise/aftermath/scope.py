"""Whose a case is: the branch that handles it, the organiser of its campaign, the firm that answers for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, override

from qualipolis.city.core.models import Organisation
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.city.supervise.aftermath.models import HandlingCase, PenaltyPublication, Publication
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result


def campaign_of(result: Result) -> Campaign:
    """Return the campaign of a result."""
    return result.sample.task.campaign


def responsible(case: HandlingCase) -> Enterprise:
    """Return the firm that answers for the case: the successor, once there is one."""
    return case.successor or case.enterprise


def organiser_of_case(case: HandlingCase) -> Iterable[int | None]:
    """The organiser of the campaign."""
    return (campaign_of(case.result).organiser_id,)


def handlers_of_case(case: HandlingCase) -> Iterable[int | None]:
    """The branch that handles the case and the organiser of its campaign."""
    return (case.handler_id, campaign_of(case.result).organiser_id)


def firm_of_case(case: HandlingCase) -> Iterable[int | None]:
    """The organisation of the firm that answers for the case."""
    return Organisation.objects.filter(code=responsible(case).credit_code).values_list("pk", flat=True)


def organiser_of(thing: Any) -> Iterable[int | None]:
    """The organiser behind a transfer, a publication, a penalty, a meeting or a campaign."""
    if isinstance(thing, Campaign):
        return (thing.organiser_id,)
    if isinstance(thing, PenaltyPublication):
        return organiser_of_case(thing.case)
    if isinstance(thing, Publication) or hasattr(thing, "campaign"):
        return (thing.campaign.organiser_id,)
    return (campaign_of(thing.result).organiser_id,)


def handler_for(unit: Unit, campaign: Campaign) -> Organisation:
    """Return who handles in a town: the branch of the bureau there, without one the organiser."""
    return Organisation.objects.filter(code=f"AMR-{unit.code}").first() or campaign.organiser


def sides_of(result: Result, enterprise: Enterprise) -> set[str]:
    """Return on which sides a firm stands: the one that was sampled, the one on the label, or both."""
    form = getattr(result.sample.task, "form", None)
    sides = {"seller"} if result.sample.task.enterprise_id == enterprise.pk else set()
    if form is not None and form.producer_id == enterprise.pk:
        sides.add("producer")
    return sides


def stands_against(result: Result, enterprise: Enterprise) -> bool:
    """Whether the result is a failure of this firm: not reversed, not voided, not voided for all its sides."""
    if result.status == "voided" or result.verdict != "fail":
        return False
    sides = sides_of(result, enterprise)
    return not sides or bool(sides - set(result.voided_for))


def official(words: str) -> str:
    """Return words of the system as they are put on file: in Chinese, whoever set them off."""
    with override("zh-hans"):
        return gettext(words)
