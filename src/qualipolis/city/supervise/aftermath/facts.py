"""The facts that the guards of handling read, and the files behind a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qualipolis.city.core.attachments import readable, store
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment, Event
from qualipolis.city.supervise.aftermath.models import HandlingCase
from qualipolis.city.supervise.aftermath.scope import stands_against

File = tuple[str, Iterable[bytes]]
PROOF = "supervise.handlingproof"
# a report answers the order that was served last, or the stop that was ordered last: older files do not count
OPENS_A_REPORT = ("supervise.serve_order", "supervise.fail_second_review", "supervise.begin_food_handling")
RELATED = ("result__sample__task__campaign__rule", "result__sample__task__form", "enterprise", "successor", "unit")


readable(HandlingCase)
readable(HandlingCase, label=PROOF)


def proofs(case: HandlingCase) -> QuerySet[Attachment]:
    """Return the proofs of service."""
    return Attachment.objects.filter(thing=f"{PROOF}:{case.pk}").order_by("uploaded_at", "pk")


def keep_proof(actor: Any, case: HandlingCase, file: File | None) -> None:
    """Keep a proof of service, apart from the evidence of the firm."""
    if file is not None:
        store(actor, f"{PROOF}:{case.pk}", *file)


def evidence(case: HandlingCase) -> QuerySet[Attachment]:
    """Return the files behind the report that is due now or was given last."""
    rows = Attachment.objects.filter(thing=name_of(case)).order_by("uploaded_at", "pk")
    since = _report_since(case)
    return rows.filter(uploaded_at__gte=since) if since else rows


def _report_since(case: HandlingCase) -> datetime | None:
    events = Event.objects.filter(thing=name_of(case), verb__in=OPENS_A_REPORT).order_by("-seq")
    return events.values_list("at", flat=True).first()


def facts(case: HandlingCase) -> dict[str, Any]:
    """Return what the guards read, for ``case`` read with ``RELATED``."""
    result = case.result
    stands = stands_against(result, case.enterprise)
    return {
        "failed": stands and result.status == "final",
        "reversed": not stands,
        "order_proved": bool(case.order_served_on),
        "evidence": evidence(case).count(),
        "correct_by": case.correct_by,
        "second_review_from": case.second_from,
    }
