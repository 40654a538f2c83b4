"""Alerts, batches and pairs under a filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import visible
from qualipolis.city.listen.alerts.classes import LEAST
from qualipolis.city.listen.alerts.models import Alert, AlertBatch, EntityPair
from qualipolis.lake.alerts import NOT_STATED

SHOWS: dict[str, Q] = {
    "linked": Q(enterprise__isnull=False),
    "unclassed": Q(product_class=""),
    "hurt": Q(injuries__gt=0),
}
PAIRS: dict[str, Q] = {
    "found": Q(status="found"),
    "same": Q(status="same"),
    "different": Q(status="different"),
}


def alerts(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Alert]:
    """Return the alerts somebody sees, the latest first, under ``show``, ``source``, ``batch``, ``class`` and ``q``."""
    given = params or {}
    rows = visible(actor, Alert.objects.select_related("enterprise", "batch"))
    rows = rows.filter(SHOWS[given["show"]]) if given.get("show") in SHOWS else rows
    if source := given.get("source", "").strip()[:80]:
        rows = rows.filter(source=source)
    if (batch := given.get("batch", "")).isdigit():
        rows = rows.filter(batch=int(batch[:18]))
    if code := given.get("class", "").strip()[:60]:
        rows = rows.filter(product_class=code)
    if text := given.get("q", "").strip()[:60]:
        rows = rows.filter(Q(product__icontains=text) | Q(firm__icontains=text) | Q(reference__istartswith=text) | Q(brand__icontains=text))  # fmt: skip
    return rows.order_by("-alerted_on", "-pk")


def batches(actor: Any) -> QuerySet[AlertBatch]:
    """Return the imports somebody sees, the latest first."""
    return visible(actor, AlertBatch.objects.select_related("mapping", "imported_by", "attachment"))


def pairs(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[EntityPair]:
    """Return the pairs somebody sees: those to be reviewed first, the likeliest first."""
    given = params or {}
    rows = visible(actor, EntityPair.objects.select_related("decided_by"))
    rows = rows.filter(PAIRS[given["show"]]) if given.get("show") in PAIRS else rows
    if text := given.get("q", "").strip()[:60]:
        rows = rows.filter(Q(left__icontains=text) | Q(right__icontains=text))
    return (
        rows.order_by("status", "-probability", "pk") if not given.get("show") else rows.order_by("-probability", "pk")
    )


@dataclass(frozen=True)
class ClassGroup:
    """The alerts of a batch for which one class of product is suggested: sure ones, doubtful ones, a few products."""

    code: str
    sure: int
    doubtful: int
    examples: tuple[str, ...]


def class_groups(batch: AlertBatch, most: int = 4) -> list[ClassGroup]:
    """Return what is suggested for the alerts of a batch that have no class yet, the commonest class first."""
    sure: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    examples: dict[str, dict[str, None]] = {}
    rows = Alert.objects.filter(batch=batch, product_class="").order_by("pk")
    for product, told in rows.values_list("product", "suggested").iterator(chunk_size=2000):
        code = str(told.get("class", ""))
        known = bool(code) and told.get("p", 0) >= LEAST
        (sure if known else doubtful)[code] += 1
        some = examples.setdefault(code, {})
        if len(some) < most and (known or not sure[code]):
            some[product[:60]] = None
    codes = sorted(examples, key=lambda code: (not code, -sure[code] - doubtful[code], code))
    return [ClassGroup(code, sure[code], doubtful[code], tuple(examples[code])) for code in codes]


def not_stated(batch: AlertBatch) -> int:
    """Return how many alerts of a batch name no danger."""
    rows = Alert.objects.filter(batch=batch).values_list("hazards", flat=True)
    return sum(list(one) == [NOT_STATED] for one in rows)
