"""Who could be asked for a demand: institutions qualified on the day, in the order of lots or of names, never of merit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.utils import timezone

from qualipolis.city.nqi.directory import matching
from qualipolis.city.nqi.models import Demand, DemandLine, ServiceItem
from qualipolis.city.nqi.services.scope import KINDS, conflict, uncovered
from qualipolis.city.registry.models import Institution, Unit


@dataclass(frozen=True)
class Candidate:
    """An institution beside a demand: the lines it may not do today, what its catalogue says, and what keeps it away."""

    institution: Institution
    missing: tuple[DemandLine, ...]
    price: Decimal | None
    days: int | None
    distance: float | None
    kept_away: bool
    asked: bool


def lot(demand: Demand, institution: Institution) -> str:
    """Return the ticket of an institution: anybody can compute it again from the two numbers."""
    return sha256(f"{demand.number}|{institution.code}".encode()).hexdigest()


def near(need_type: str, lines: Iterable[DemandLine], on: date, unit: Unit | None = None) -> list[matching.Candidate]:
    """Return the institutions that may do a line on the day.

    Where the law asks for no qualification (training, advice) they are those that offer it in the catalogue.
    """
    if kinds := KINDS.get(need_type, ()):
        return matching.candidates(lines, on, unit, kinds)
    offered = ServiceItem.objects.filter(kind=need_type, ended_on=None).values("institution")
    bodies = Institution.objects.filter(pk__in=offered).select_related("unit").order_by("code")
    return [matching.Candidate(one, (), (), (), None, None, None, None) for one in bodies]


def qualified(need_type: str, lines: list[DemandLine], on: date) -> list[Institution]:
    """Return the institutions that may do every line on the day."""
    found = [one.institution for one in near(need_type, lines, on)]
    return [one for one in found if not uncovered(one, need_type, lines, on)]


def candidates(demand: Demand, *, by: str = "lot") -> list[Candidate]:
    """Return who could be asked; ``by`` is "lot" or "name". Nobody is recommended."""
    lines, today = list(demand.lines.all()), timezone.localdate()
    asked = set(demand.quotes.values_list("institution", flat=True))
    found = [
        Candidate(
            one.institution, tuple(uncovered(one.institution, demand.need_type, lines, today)), one.price, one.days,
            one.distance, conflict(demand, one.institution), one.institution.pk in asked,
        )
        for one in near(demand.need_type, lines, today, demand.unit)
    ]  # fmt: skip
    if by == "name":
        return sorted(found, key=lambda one: (one.institution.name, one.institution.code))
    return sorted(found, key=lambda one: lot(demand, one.institution))
