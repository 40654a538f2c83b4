"""Whether a laboratory may test an item: a CMA certificate valid on that day whose scope names it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qualipolis.city.registry.models import Institution, Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on


@dataclass(frozen=True)
class Wanted:
    """An item to test: product class, parameter, and the standards of which the scope must name one."""

    product: str
    parameter: str
    standards: tuple[str, ...]


@dataclass(frozen=True)
class Covered:
    """An item, and the number of the certificate that covers it on the day; empty when none does."""

    wanted: Wanted
    certificate: str = ""


def plain(text: str) -> str:
    """Return ``text`` without what a typist varies: width, case, blanks.

    >>> plain("ＧＢ  31701-2015 ") == plain("gb31701-2015")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def coverage(laboratory: Institution | int | None, wanted: Sequence[Wanted], on: date) -> tuple[Covered, ...]:
    """Return for each item the certificate that covers it on the day ``on``; the whole scope is read once."""
    scope = ScopeItem.objects.filter(qualification__institution=laboratory, qualification__kind=Qualification.Kind.CMA)
    rows = lines_on(on, scope).order_by("qualification__valid_from", "pk")
    known: dict[tuple[str, str, str], str] = {}
    for *key, number in rows.values_list("product", "parameter", "standard", "qualification__number"):
        known[plain(key[0]), plain(key[1]), plain(key[2])] = number
    return tuple(Covered(one, _certificate(known, one)) for one in wanted)


def out_of_scope(laboratory: Institution | int | None, wanted: Sequence[Wanted], on: date) -> int:
    """Return how many items no certificate covers on that day; a laboratory that is not known covers none."""
    return sum(1 for one in coverage(laboratory, wanted, on) if not one.certificate)


def wanted_of(category: str, standard: str, items: Iterable[tuple[str, str]]) -> list[Wanted]:
    """Return items given as (name, method), wanted under the product standard or the standard of their method."""
    return [Wanted(category, name, tuple(filter(None, (standard, method)))) for name, method in items]


def _certificate(known: dict[tuple[str, str, str], str], one: Wanted) -> str:
    product, parameter = plain(one.product), plain(one.parameter)
    return next(
        (found for s in one.standards if (found := known.get((product, parameter, plain(s)), ""))),
        "",
    )
