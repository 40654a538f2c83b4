"""Whether an institution may do a line on a day (the hard rule), and whether a running campaign forbids it paid work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from qualipolis.city.nqi.directory.matching import WantedLine, covers
from qualipolis.city.nqi.models import Demand, DemandLine, NeedType
from qualipolis.city.registry.models import Institution, Product, Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.city.supervise.models import Campaign, Sample
from qualipolis.lake.scopes.numbers import number_of

KINDS: dict[str, tuple[str, ...]] = {
    NeedType.TESTING: (Qualification.Kind.CMA,),
    NeedType.METROLOGY: (Qualification.Kind.CAL,),
    NeedType.CERTIFICATION: (Qualification.Kind.CNCA,),
}
"""Which qualification the law asks for; for training, advice and the like it asks for none."""
RUNNING = ("rules_public", "sampling", "testing")
ON_THE_BENCH = ("sealed", "in_transit", "received", "testing")


@dataclass(frozen=True)
class Covered:
    """A line of a demand and the certificate that covers it on the day; none when the institution may not do it."""

    line: DemandLine
    qualification: int | None
    certificate: str
    asked: bool

    @property
    def ok(self) -> bool:
        return bool(self.certificate) or not self.asked


def coverage(institution: Institution, need_type: str, lines: Iterable[DemandLine], on: date) -> list[Covered]:
    """Return for each line the certificate that covers it on the day: product, item, and the standard where one is named."""
    kinds, wanted = KINDS.get(need_type, ()), list(lines)
    if not kinds or not wanted:
        return [Covered(line, None, "", False) for line in wanted]
    scope = ScopeItem.objects.filter(qualification__institution=institution, qualification__kind__in=kinds)
    rows = lines_on(on, scope.filter(_near(wanted))).select_related("qualification")
    listed = list(rows.order_by("-qualification__valid_from", "pk"))
    return [_covered(line, listed) for line in wanted]


def _near(lines: Iterable[DemandLine]) -> Q:
    """Return a wide net over standards; where a line names none, over everything."""
    numbers = [number_of(line.standard) for line in lines]
    if any(one is None for one in numbers):
        return Q()
    net = Q()
    for one in numbers:
        net |= Q(standard__icontains=one.body) if one else Q()
    return net


def _covered(line: DemandLine, listed: Iterable[ScopeItem]) -> Covered:
    wanted = WantedLine(line.product, line.parameter, line.standard)
    for item in listed:
        if covers(item.product, item.parameter, item.standard, wanted):
            return Covered(line, item.qualification_id, item.qualification.number, True)
    return Covered(line, None, "", True)


def uncovered(institution: Institution, need_type: str, lines: Iterable[DemandLine], on: date) -> list[DemandLine]:
    """Return the lines that the institution may not do on the day."""
    return [one.line for one in coverage(institution, need_type, lines, on) if not one.ok]


def classes_of(demand: Demand, lines: Sequence[DemandLine] | None = None) -> set[str]:
    """Return the classes of product a demand is about, as a campaign would name them."""
    named = [demand.product_class, *(one.product for one in (demand.lines.all() if lines is None else lines))]
    own = Product.objects.filter(enterprise=demand.enterprise).filter(
        Q(name_zh__in=[demand.product_name, *named]) | Q(name_en__in=[demand.product_name])
    )
    return {plain(one) for one in [*named, *own.values_list("category", flat=True)] if one}


def conflict(demand: Demand, institution: Institution) -> bool:
    """Whether the institution works in a running campaign on this class of product, or tests a sample of this firm now.

    It is asked by class and not by firm while a campaign is running: whom a draw has chosen is told to nobody here.
    """
    classes = classes_of(demand)
    campaigns = Campaign.objects.filter(status__in=RUNNING).filter(
        Q(laboratory=institution) | Q(sampling_body__code=institution.code)
    )
    if any(plain(category) in classes for category in campaigns.values_list("rule__category", flat=True)):
        return True
    rows = Sample.objects.filter(
        laboratory=institution, status__in=ON_THE_BENCH, task__enterprise=demand.enterprise
    ).values_list("task__campaign__rule__category", flat=True)
    return any(not classes or plain(category) in classes for category in rows)


def facts_of(demand: Demand, institution: Institution, lines: Iterable[DemandLine], on: date) -> dict[str, Any]:
    """Return what the guards read of an institution for lines of a demand on a day."""
    missing = uncovered(institution, demand.need_type, lines, on)
    return {"uncovered": len(missing), "conflict": conflict(demand, institution)}
