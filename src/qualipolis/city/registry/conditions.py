"""Conditions of a list that no column holds: what is in force today. A figure and the list behind it use the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.registry.models import Enterprise, Institution, Qualification, QualityOfficer
from qualipolis.city.registry.validity import valid_on

# the qualification that makes an institution what its kind says
MAKES: dict[str, tuple[str, ...]] = {
    Institution.Kind.NATIONAL_CENTRE: (Qualification.Kind.CMA, Qualification.Kind.CNAS),
    Institution.Kind.METROLOGY_CENTRE: (Qualification.Kind.CAL,),
    Institution.Kind.PROVINCIAL_STATION: (Qualification.Kind.CMA, Qualification.Kind.CNAS),
    Institution.Kind.CERTIFIER: (Qualification.Kind.CNCA,),
    Institution.Kind.LABORATORY: (Qualification.Kind.CMA,),
}


def qualified_institutions(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """Return the institutions whose kind rests on a qualification valid today: a laboratory on a CMA certificate."""
    valid = valid_on(timezone.localdate()).filter(institution=OuterRef("pk"))
    fits = Q()
    for kind, needs in MAKES.items():
        fits |= Q(Exists(valid.filter(kind__in=needs)), kind=kind)
    return rows.filter(fits)


def valid_qualifications(rows: QuerySet[Qualification]) -> QuerySet[Qualification]:
    """Return the certificates valid today."""
    return valid_on(timezone.localdate(), rows)


def serving_officers(rows: QuerySet[QualityOfficer]) -> QuerySet[QualityOfficer]:
    """Return the filings that have begun and not ended."""
    today = timezone.localdate()
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=today), appointed_on__lte=today)


def firms_with_officer(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Return the firms, closed ones left out, for which a chief quality officer is filed today."""
    serving = serving_officers(QualityOfficer.objects.all()).filter(enterprise=OuterRef("pk"))
    return rows.filter(Exists(serving), closed_on=None)


@dataclass(frozen=True)
class Condition:
    """What a list may be narrowed to: which rows stay, and the words of the filter."""

    keep: Callable[[QuerySet[Any]], QuerySet[Any]]
    words: Any


FIELD = "current"
HEADERS = ("今日状态", "State today")
CONDITIONS: dict[str, Condition] = {
    "institutions": Condition(qualified_institutions, _("qualification valid today")),
    "qualifications": Condition(valid_qualifications, _("valid today")),
    "quality_officers": Condition(serving_officers, _("serving today")),
    "enterprises": Condition(firms_with_officer, _("with a chief quality officer today")),
}
