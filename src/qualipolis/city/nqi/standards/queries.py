"""What is shown of standards: the catalogue, what has changed, and what firms declare in public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.nqi.standards.models import Floor, StandardChange, StandardDeclaration
from qualipolis.city.registry.models import Standard

Params = Mapping[str, str]
RECENT = timedelta(days=365)


def standards(params: Params | None = None) -> QuerySet[Standard]:
    """Return the catalogue under a filter: words, state; public. Spaces and case in a number do not matter."""
    said = params or {}
    rows = Standard.objects.all()
    if (status := said.get("show", "")) in Standard.Status.values:
        rows = rows.filter(status=status)
    if text := said.get("q", "").strip()[:60]:
        squeezed = "".join(text.split())
        names = Q(name_zh__icontains=text) | Q(name_en__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | names | Q(number__icontains=_spaced(squeezed)))
    return rows.order_by("number")


def _spaced(text: str) -> str:
    """Return a number typed without its space as the catalogue writes it: GB18401 is GB 18401."""
    at = next((i for i, char in enumerate(text) if char.isdigit()), 0)
    return f"{text[:at]} {text[at:]}" if at else text


def declarations(actor: object, params: Params | None = None) -> QuerySet[StandardDeclaration]:
    """Return the declarations somebody sees under a filter."""
    said = params or {}
    rows = visible(actor, StandardDeclaration.objects.select_related("enterprise__unit", "replaced_by"))
    if (show := said.get("show", "")) == "late":
        rows = rows.filter(status="to_check", due_on__lt=timezone.localdate())
    elif show in ("declared", "to_check", "replaced", "withdrawn", "draft"):
        rows = rows.filter(status=show)
    if text := said.get("q", "").strip()[:60]:
        names = Q(enterprise__name_zh__icontains=text) | Q(product_name__icontains=text)
        number = Q(standard_no__icontains=text) | Q(standard_no__icontains=_spaced("".join(text.split())))
        rows = rows.filter(names | number | Q(number__icontains=text))
    return rows.order_by("-declared_on", "-pk")


def own_declarations(actor: object, params: Params | None = None) -> QuerySet[StandardDeclaration]:
    """Return the declarations of one's own firm, drafts too."""
    return declarations(actor, params).filter(enterprise__credit_code__in=own_codes(actor))


def declared_now(standard: Standard) -> QuerySet[StandardDeclaration]:
    """Return the declarations of a standard that stand; public."""
    rows = StandardDeclaration.objects.filter(standard_no=standard.number, status__in=("declared", "to_check"))
    return rows.select_related("enterprise").order_by("-declared_on", "-pk")


def counts(numbers: list[str]) -> dict[str, int]:
    """Return how many declarations of each standard stand."""
    rows = StandardDeclaration.objects.filter(standard_no__in=numbers, status__in=("declared", "to_check"))
    return dict(rows.values_list("standard_no").annotate(n=Count("pk")).order_by())


def changes(since: date | None = None) -> QuerySet[StandardChange]:
    """Return what became of standards since a day, a year unless given; public."""
    day = since or timezone.localdate() - RECENT
    return StandardChange.objects.filter(effective_on__gte=day).select_related("standard")


def floors(standard: Standard) -> QuerySet[Floor]:
    """Return the mandatory limits of a standard."""
    return Floor.objects.filter(standard=standard)
