"""Who sees alerts of others, the files they came in and doubtful pairs: the administration; a pair also needs its rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.alerts.models import Alert, AlertBatch, EntityPair, HeaderMapping
from qualipolis.city.listen.investigations.models import SafetyProduct
from qualipolis.city.listen.investigations.visibility import seen_products
from qualipolis.law.flows.listening.signal import ANALYST

ANALYSTS = ANALYST
READERS = (*dict.fromkeys((*ANALYST, "complaint_desk", "inspector", "leader", "auditor")),)
PRODUCT = "listen.safetyproduct"


def _reads(actor: Any) -> bool:
    return bool(roles_of(actor) & {*READERS, SYSTEM})


def _all(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if _reads(actor) else rows.none()


for _model in (Alert, AlertBatch, HeaderMapping):
    visibility(_model)(_all)


@visibility(EntityPair)
def seen_pairs(actor: Any, rows: QuerySet[EntityPair]) -> QuerySet[EntityPair]:
    """All for who works with alerts; two products only where somebody sees both."""
    roles = roles_of(actor)
    if SYSTEM in roles:
        return rows
    if not roles & {*ANALYSTS, "auditor"}:
        return rows.none()
    keys = seen_products(actor, SafetyProduct.objects.all()).values_list("pk", flat=True)
    open_ = [f"{PRODUCT}:{key}" for key in keys] if rows.filter(kind="product").exists() else []
    both = rows.filter(kind="product", left_thing__in=open_, right_thing__in=open_)
    return rows.exclude(kind="product") | both


@reader("listen.headermapping")
def _files(actor: Any, pk: str) -> bool:
    return bool(roles_of(actor) & {*ANALYSTS, "complaint_desk"})
