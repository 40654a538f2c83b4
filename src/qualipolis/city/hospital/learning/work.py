"""What waits for someone in what is learned: texts to read, to publish, group diseases to decide, treatments to rate."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, visible
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.hospital.learning.ratings import RATED
from qualipolis.city.hospital.models import Case, GroupDisease, KnowledgeCase

STOP, MOST = "diagnose", 10


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the texts a firm is asked to read, and the treatments it may rate."""
    if not can(actor, "hospital.agree_to_knowledge"):
        return []
    why = _("Every word is public only with your consent.")
    texts = visible(actor, KnowledgeCase.objects.filter(status="firm_review")).order_by("pk")[:MOST]
    found = [
        WorkItem(STOP, _("%(number)s: read what will be published") % {"number": row.number}, why, row.due_on,
                 "hospital:hospital_knowledge_case", (row.pk,), "hospital.agree_to_knowledge")
        for row in texts
    ]  # fmt: skip
    ended = Case.objects.filter(status__in=RATED, rating=None).exclude(status="reopened")
    why = _("Your experts see the mean only, never who said it.")
    return found + [
        WorkItem(STOP, _("%(number)s: how was the treatment?") % {"number": row}, why, None, "hospital:hospital_rate",
                 (row.pk,), "hospital.rate_case")
        for row in visible(actor, ended).order_by("pk")[:MOST]
    ]  # fmt: skip


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the texts that the firm has agreed to."""
    rows = visible(actor, KnowledgeCase.objects.filter(status="agreed")).order_by("pk")[:MOST]
    why = _("The firm has agreed to every word.")
    return [
        WorkItem(STOP, _("%(number)s: publish the knowledge case") % {"number": row.number}, why, row.due_on,
                 "hospital:hospital_knowledge_case", (row.pk,), "hospital.publish_knowledge")
        for row in rows
    ]  # fmt: skip


def manager_work(actor: Any) -> list[WorkItem]:
    """Return the group diseases that wait for a decision."""
    rows = visible(actor, GroupDisease.objects.filter(status="proposed")).order_by("pk")[:MOST]
    why = _("Three or more like cases within sixty days.")
    return [
        WorkItem(STOP, _("%(number)s: a group disease is proposed") % {"number": row.number}, why, row.due_on,
                 "hospital:hospital_group", (row.pk,), "hospital.take_up_group")
        for row in rows
    ]  # fmt: skip


MAKERS = (
    ("enterprise", firm_work),
    ("hospital_desk", desk_work),
    ("hospital_manager", desk_work),
    ("hospital_manager", manager_work),
)
