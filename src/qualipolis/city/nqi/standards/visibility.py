"""Declarations are public once declared; drafts belong to the firm. Changes of standards and mandatory limits are public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.standards.models import DeclaredIndicator, Floor, StandardChange, StandardDeclaration
from qualipolis.city.registry.models import Enterprise

NOT_PUBLIC = ("draft", "discarded")


@visibility(StandardDeclaration)
def seen_declarations(actor: Any, rows: QuerySet[StandardDeclaration]) -> QuerySet[StandardDeclaration]:
    """Everything declared, and a firm's own drafts."""
    if SYSTEM in roles_of(actor):
        return rows
    return rows.filter(~Q(status__in=NOT_PUBLIC) | Q(enterprise__credit_code__in=own_codes(actor)))


@visibility(DeclaredIndicator)
def seen_indicators(actor: Any, rows: QuerySet[DeclaredIndicator]) -> QuerySet[DeclaredIndicator]:
    """Those of the declarations somebody sees."""
    return rows.filter(declaration__in=seen_declarations(actor, StandardDeclaration.objects.all()).values("pk"))


@visibility(Floor)
def seen_floors(actor: Any, rows: QuerySet[Floor]) -> QuerySet[Floor]:
    """Public."""
    return rows


@visibility(StandardChange)
def seen_changes(actor: Any, rows: QuerySet[StandardChange]) -> QuerySet[StandardChange]:
    """Public."""
    return rows


def firm_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the firm behind a declaration, or of the firm itself."""
    firm = thing if isinstance(thing, Enterprise) else getattr(thing, "enterprise", None)
    return list(Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True)) if firm else []


@reader("nqi.standarddeclaration")
def may_read(actor: Any, pk: str) -> bool:
    """Those who see a declaration read its files."""
    return visible(actor, StandardDeclaration.objects.filter(pk=whole(pk))).exists()
