"""What is shown of investigations, products and actions: lists under a filter, what comes next, what waits for a firm."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.listen.investigations.opening import DONE_ACTIONS, DONE_REQUESTS, OPEN
from qualipolis.city.listen.investigations.visibility import works_on
from qualipolis.city.listen.models import AuthorityRequest, CorrectiveAction, Investigation, SafetyProduct

Params = Mapping[str, str]
FINALS = ("closed", "cancelled")
GRAVE = ("high", "serious")


def shown(actor: object, show: str) -> Q:
    """Return the investigations of a filter; an unknown filter shows all."""
    return {
        "mine": works_on(actor),
        "open": Q(status__in=OPEN),
        "grave": Q(pk__in=Investigation.objects.filter(assessments__level__in=GRAVE).values("pk")),
        "late": Q(pk__in=late_actions().values("investigation")) | Q(pk__in=late_requests().values("investigation")),
        "restricted": Q(restricted=True),
        "over": Q(status__in=FINALS),
    }.get(show, Q())


def late_actions() -> QuerySet[CorrectiveAction]:
    """Return the ordered actions whose day is over."""
    return CorrectiveAction.objects.filter(status="ordered", due_on__lt=timezone.localdate())


def late_requests() -> QuerySet[AuthorityRequest]:
    """Return the requests whose answer is overdue."""
    return AuthorityRequest.objects.filter(status="sent", due_on__lt=timezone.localdate())


def investigations(actor: object, params: Params | None = None) -> QuerySet[Investigation]:
    """Return the investigations that somebody sees under a filter: open ones first, the latest first."""
    said = params or {}
    rows = visible(actor, Investigation.objects.select_related("owner", "owner_person", "unit"))
    rows = rows.filter(shown(actor, said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        within = Investigation.objects.filter(
            Q(products__product__name__icontains=text) | Q(products__product__brand__icontains=text)
            | Q(products__product__model__icontains=text) | Q(products__product__barcode=text)
            | Q(products__batch__icontains=text) | Q(businesses__name__icontains=text)
            | Q(references__reference__icontains=text)
        )  # fmt: skip
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text) | Q(pk__in=within.values("pk")))
    place = Case(When(status__in=FINALS, then=1), default=0)
    counted = rows.annotate(
        place=place,
        products_now=Count("products", filter=Q(products__removed_on=None), distinct=True),
        actions_open=Count("actions", filter=~Q(actions__status__in=DONE_ACTIONS), distinct=True),
        assessed=Max("assessments"),
    )
    return counted.order_by("place", "-pk")


def products(actor: object, params: Params | None = None) -> QuerySet[SafetyProduct]:
    """Return the products that somebody sees, the latest first."""
    rows = visible(actor, SafetyProduct.objects.all())
    text = (params or {}).get("q", "").strip()[:60]
    if text:
        marks = ("name", "brand", "model", "product_class", "investigations__batch")
        found = Q(barcode=text)
        for mark in marks:
            found |= Q(**{f"{mark}__icontains": text})
        rows = rows.filter(pk__in=SafetyProduct.objects.filter(found).values("pk"))
    return rows.order_by("-pk")


def actions(actor: object, params: Params | None = None) -> QuerySet[CorrectiveAction]:
    """Return the corrective actions that somebody sees: open ones by their day, then those that are settled."""
    rows = visible(actor, CorrectiveAction.objects.select_related("investigation", "product", "business__enterprise"))
    if (params or {}).get("show") == "open":
        rows = rows.exclude(status__in=DONE_ACTIONS)
    place = Case(When(status__in=DONE_ACTIONS, then=1), default=0)
    return rows.annotate(place=place).order_by("place", F("due_on").asc(nulls_last=True), "-pk")


def firm_actions(actor: object) -> QuerySet[CorrectiveAction]:
    """Return the actions that one's own firm has to carry out, what waits first."""
    mine = actions(actor).filter(business__enterprise__credit_code__in=own_codes(actor))
    waits = Case(When(status="ordered", then=0), When(status="proved", then=1), default=2)
    return mine.annotate(waits=waits).order_by("waits", F("due_on").asc(nulls_last=True), "-pk")


def next_of(row: Investigation) -> str:
    """Return what comes next in an investigation: the one thing without which it does not lead on; empty when it is over.

    products, judge (proof of an action), assess, act (order something), send (a request), wait, close.
    """
    if row.status not in OPEN:
        return ""
    if not row.products.filter(removed_on=None).exists():
        return "products"
    actions_ = set(row.actions.values_list("status", flat=True))
    if "proved" in actions_:
        return "judge"
    assessed = row.assessments.order_by("-pk").first()
    if assessed is None and not row.not_assessed_why:
        return "assess"
    if assessed is not None and assessed.level in GRAVE and not actions_ - {"withdrawn"}:
        return "act"
    if row.requests.filter(status="drafted").exists():
        return "send"
    waiting = "ordered" in actions_ or row.requests.exclude(status__in=DONE_REQUESTS).exists()
    return "wait" if waiting else "close"
