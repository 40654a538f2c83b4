"""What waits for someone in the treatment: to answer a prescription, to do its items, to judge, to follow up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.policy import visible
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.hospital.consultation.parties import as_expert
from qualipolis.city.hospital.models import Case, FollowUp
from qualipolis.city.hospital.treatment.follow_ups import FOLLOWED
from qualipolis.city.hospital.treatment.scope import current_items

STOP, PAGE, MOST = "diagnose", "hospital:hospital_case", 20


def _item(case: Case, title: str, why: str, verb: str, count: int = 1, due: Any = None, url: str = PAGE) -> WorkItem:
    words = {"number": str(case), "product": case.product_name}
    return WorkItem(STOP, title % words, why, due or case.due_on, url, (case.pk,), verb, count)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a firm."""
    rows = visible(actor, Case.objects.filter(status__in=("prescribed", "treating", "improved")))
    return [one for case in rows.order_by("due_on", "pk")[:MOST] for one in _of_firm(case)]


def _of_firm(case: Case) -> Iterator[WorkItem]:
    if case.status == "prescribed":
        why = _("Read it and accept it, or say what does not fit.")
        yield _item(case, _("%(number)s: a prescription for %(product)s"), why, "hospital.accept_prescription")
    elif case.status == "improved":
        why = _("The numbers do not prove the cure yet.")
        yield _item(case, _("%(number)s: hand in more evidence"), why, "hospital.hand_in_more")
    else:
        yield _to_do(case)


def _to_do(case: Case) -> WorkItem:
    items = [one for one in current_items(case) if one.status in ("open", "returned")]
    if not items:
        why = _("Everything is done: hand in the evidence.")
        return _item(case, _("%(number)s: hand in the evidence"), why, "hospital.hand_in")
    due = min((one.finish_on for one in items if one.finish_on), default=None)
    why = ngettext("%(n)s item is still to be done.", "%(n)s items are still to be done.", len(items)) % {
        "n": len(items)
    }
    title = _("%(number)s: do what was prescribed")
    return _item(case, title, why, "hospital.finish_item", len(items), due, "hospital:hospital_treatment")


def doctor_work(actor: Any) -> list[WorkItem]:
    """Return what waits for an expert: a prescription to write, evidence to judge."""
    mine = as_expert(actor)
    if mine is None:
        return []
    rows = visible(actor, Case.objects.filter(expert=mine, status__in=("diagnosed", "verifying")))
    return [_of_doctor(case) for case in rows.order_by("due_on", "pk")[:MOST]]


def _of_doctor(case: Case) -> WorkItem:
    if case.status == "diagnosed":
        title, why = _("%(number)s: write the prescription"), _("The diagnosis is given; the firm waits for treatment.")
        return _item(case, title, why, "hospital.prescribe", url="hospital:hospital_prescription")
    title, why = _("%(number)s: judge the effect"), _("The firm has handed in its evidence.")
    return _item(case, title, why, "hospital.cure", url="hospital:hospital_verify")


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the follow-ups whose day has come, and cured cases to close."""
    return [*_due(actor), *_to_close(actor)]


def _due(actor: Any) -> Iterator[WorkItem]:
    rows = visible(actor, FollowUp.objects.filter(status="planned", case__status__in=FOLLOWED))
    for one in rows.filter(planned_on__lte=timezone.localdate()).select_related("case").order_by("planned_on")[:MOST]:
        words = {"number": str(one.case), "days": one.days}
        title = _("%(number)s: follow-up of day %(days)s") % words
        why = _("Ask the firm whether the cure holds.")
        yield WorkItem(STOP, title, why, one.planned_on, "hospital:hospital_follow_up", (one.pk,),
                       "hospital.record_follow_up")  # fmt: skip


def _to_close(actor: Any) -> Iterator[WorkItem]:
    rows = visible(actor, Case.objects.filter(status="following")).exclude(follow_ups__status="planned")
    for case in rows.order_by("pk")[:MOST]:
        yield _item(case, _("%(number)s: close the case"), _("All follow-ups are recorded."), "hospital.close_case")


MAKERS = (
    ("enterprise", firm_work),
    ("expert", doctor_work),
    ("hospital_desk", desk_work),
    ("hospital_manager", desk_work),
)
