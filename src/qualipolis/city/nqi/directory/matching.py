"""Candidates for lines that are wanted: who lists them on the day, what is missing, the certificates, price and distance.

Lines are compared by the words of the scope: the same text, the same term of testing (甲醛 and 甲醛含量), and the standard
by number and edition. Before an order the hard rule is asked again where it stands; nothing here allows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Q

from qualipolis.city.nqi.directory.distance import kilometres
from qualipolis.city.nqi.models import ServiceItem
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Unit
from qualipolis.city.registry.validity import lines_on
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.lake.scopes.numbers import fits, number_of
from qualipolis.lake.scopes.terms import terms
from qualipolis.methods.text.normalise import normalise

TESTING = (Qualification.Kind.CMA,)


@dataclass(frozen=True)
class WantedLine:
    """What is to be done: product, parameter, and a standard, which may be empty."""

    product: str
    parameter: str
    standard: str = ""


@dataclass(frozen=True)
class Covering:
    """A wanted line and the line of a scope that covers it, with its certificate."""

    wanted: WantedLine
    item: ScopeItem
    certificate: Qualification


@dataclass(frozen=True)
class Candidate:
    """An institution that may do some of the lines on the day; ``price`` and ``days`` only where its catalogue has all."""

    institution: Institution
    covered: tuple[Covering, ...]
    missing: tuple[WantedLine, ...]
    certificates: tuple[Qualification, ...]
    valid_to: date | None
    price: Decimal | None
    days: int | None
    distance: float | None


def candidates(
    wanted: Iterable[Any], on: date, unit: Unit | None = None, kinds: Sequence[str] = TESTING
) -> list[Candidate]:
    """Return every institution that covers at least one line on the day, the most complete first, then by distance and code.

    ``wanted`` are :class:`WantedLine` or anything with product, parameter and standard, such as the lines of a demand.
    """
    lines = [WantedLine(one.product, one.parameter, one.standard or "") for one in wanted]
    if not lines:
        return []
    found: dict[int, dict[WantedLine, ScopeItem]] = {}
    for item in _possible(lines, on, kinds):
        for line in lines:
            if covers(item.product, item.parameter, item.standard, line):
                found.setdefault(item.qualification.institution_id, {}).setdefault(line, item)
    bodies = Institution.objects.select_related("unit").in_bulk(found)
    offers = _offers(found)
    made = [_candidate(bodies[key], lines, held, offers.get(key, []), unit) for key, held in found.items()]
    return sorted(
        made, key=lambda one: (len(one.missing), one.distance is None, one.distance or 0.0, one.institution.code)
    )


def covers(product: str, parameter: str, standard: str, wanted: WantedLine) -> bool:
    """Whether a line of a scope covers a wanted line: product and parameter of one meaning, the standard itself.

    A product listed more widely covers a narrower one (textiles: children's clothing), a parameter only itself.
    """
    return (
        _standard_fits(standard, wanted.standard)
        and _same(parameter, wanted.parameter, "parameter", wider=False)
        and _same(product, wanted.product, "product", wider=True)
    )


def _possible(lines: Sequence[WantedLine], on: date, kinds: Sequence[str]) -> Iterable[ScopeItem]:
    """Return the lines in force whose standard or parameter may be one of those wanted; the fine comparison comes after."""
    rows = lines_on(on, ScopeItem.objects.filter(qualification__kind__in=kinds))
    wide = Q()
    for line in lines:
        number = number_of(line.standard)
        if number is not None:
            wide |= Q(standard__icontains=number.body)
            continue
        names = [line.parameter]
        for code in meant(line.parameter, "parameter"):
            names += [*terms().by_code[code].zh, *terms().by_code[code].en]
        for name in names:
            wide |= Q(parameter__icontains=name)
    return rows.filter(wide).select_related("qualification").order_by("qualification__valid_from", "pk")


@lru_cache(maxsize=50_000)
def meant(text: str, kind: str) -> frozenset[str]:
    """Return the terms of a kind that a text names."""
    known = terms()
    return frozenset(spot.term for spot in known.found(normalise(text)) if known.by_code[spot.term].kind == kind)


def _same(listed: str, wanted: str, kind: str, *, wider: bool) -> bool:
    if plain(listed) == plain(wanted):
        return True
    own, asked = meant(listed, kind), meant(wanted, kind)
    if not own or not asked:
        return False
    if own == asked:
        return True
    above = {code for one in asked for code in terms().above(one)}
    return wider and bool(own & (asked | above))


def _standard_fits(listed: str, wanted: str) -> bool:
    if not wanted.strip() or plain(listed) == plain(wanted):
        return True
    own, asked = number_of(listed), number_of(wanted)
    if own is None or asked is None:
        return False
    return fits(asked, own) == "same" or (not asked.year and fits(asked, own) == "open")


def _offers(found: Iterable[int]) -> dict[int, list[ServiceItem]]:
    rows = ServiceItem.objects.filter(institution__in=list(found), ended_on=None, price__isnull=False)
    offers: dict[int, list[ServiceItem]] = {}
    for row in rows.order_by("price", "pk"):
        offers.setdefault(row.institution_id or 0, []).append(row)
    return offers


def _candidate(
    body: Institution,
    lines: Sequence[WantedLine],
    held: dict[WantedLine, ScopeItem],
    offers: Sequence[ServiceItem],
    unit: Unit | None,
) -> Candidate:
    covered = tuple(Covering(line, held[line], held[line].qualification) for line in lines if line in held)
    certificates = tuple(dict.fromkeys(one.certificate for one in covered))
    ends = [day for one in covered for day in (one.certificate.valid_to, one.item.valid_to) if day]
    priced = [next((offer for offer in offers if _offered(offer, line)), None) for line in lines]
    full = all(priced)
    return Candidate(
        body, covered, tuple(line for line in lines if line not in held), certificates, min(ends) if ends else None,
        sum((one.price for one in priced if one and one.price is not None), Decimal(0)) if full else None,
        max((one.days for one in priced if one and one.days is not None), default=None) if full else None,
        kilometres(unit, body.unit) if unit else None,
    )  # fmt: skip


def _offered(offer: ServiceItem, line: WantedLine) -> bool:
    return bool(offer.parameter) and covers(
        offer.product or line.product, offer.parameter, offer.standard or line.standard, line
    )
