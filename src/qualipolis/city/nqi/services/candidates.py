"""Who could be asked for a demand: institutions qualified on the day, in the order of lots or of names, never of merit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils import timezone

from qualipolis.city.nqi.models import Demand, DemandLine, ServiceItem
from qualipolis.city.nqi.services.scope import KINDS, conflict, uncovered
from qualipolis.city.registry.models import Institution, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.city.supervise.laboratory.scope_check import plain


@dataclass(frozen=True)
class Candidate:
    """An institution beside a demand: the lines it may not do today, and whether a campaign keeps it away."""

    institution: Institution
    missing: tuple[DemandLine, ...]
    kept_away: bool
    asked: bool


def lot(demand: Demand, institution: Institution) -> str:
    """Return the ticket of an institution: anybody can compute it again from the two numbers."""
    return sha256(f"{demand.number}|{institution.code}".encode()).hexdigest()


def near(need_type: str, lines: Sequence[DemandLine], on: date) -> list[Institution]:
    """Return the institutions whose valid scope names one of the products and items on the day.

    Where the law asks for no qualification (training, advice) they are those that offer it in the catalogue.
    """
    kinds = KINDS.get(need_type, ())
    if not lines:
        return []
    if not kinds:
        offered = ServiceItem.objects.filter(kind=need_type, ended_on=None).values("institution")
        return list(Institution.objects.filter(pk__in=offered).select_related("unit").order_by("code"))
    wanted = {(plain(one.product), plain(one.parameter)) for one in lines}
    scope = lines_on(on, ScopeItem.objects.filter(qualification__kind__in=kinds))
    rows = scope.values_list("qualification__institution", "product", "parameter").distinct()
    found = {key for key, product, item in rows.iterator() if (plain(product), plain(item)) in wanted}
    return list(Institution.objects.filter(pk__in=found).select_related("unit").order_by("code"))


def qualified(need_type: str, lines: Sequence[DemandLine], on: date) -> list[Institution]:
    """Return the institutions that may do every line on the day."""
    return [one for one in near(need_type, lines, on) if not uncovered(one, need_type, lines, on)]


def candidates(demand: Demand, *, by: str = "lot") -> list[Candidate]:
    """Return who could be asked; ``by`` is "lot" or "name". Nobody is recommended."""
    lines, today = list(demand.lines.all()), timezone.localdate()
    asked = set(demand.quotes.values_list("institution", flat=True))
    found = [
        Candidate(one, tuple(uncovered(one, demand.need_type, lines, today)), conflict(demand, one), one.pk in asked)
        for one in near(demand.need_type, lines, today)
    ]
    if by == "name":
        return sorted(found, key=lambda one: (one.institution.name, one.institution.code))
    return sorted(found, key=lambda one: lot(demand, one.institution))
