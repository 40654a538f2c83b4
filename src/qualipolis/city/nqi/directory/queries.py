"""What the directory shows: institutions with their certificates and their states on a day, and what the towns can do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi.directory.scope_index import barred, engine
from qualipolis.city.nqi.models import CapabilityGap, ScopeImport, ServiceItem
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Unit
from qualipolis.city.registry.validity import lines_on, valid_on
from qualipolis.lake.scopes.asking import Wish

EVERYBODY = 100_000
FEW = 3
Params = Mapping[str, str]


@dataclass(frozen=True)
class Certificate:
    """A qualification with its state on the day: ``valid``, ``early``, ``suspended``, ``expired`` or how it was ended."""

    row: Qualification
    state: str
    lines: int


@dataclass(frozen=True)
class Able:
    """A town with its institutions: how many are qualified, or answer a question, and their lines in force."""

    unit: Unit
    bodies: tuple[Institution, ...]

    @property
    def count(self) -> int:
        """How many institutions there are."""
        return len(self.bodies)


def institutions(params: Params | None = None) -> QuerySet[Institution]:
    """Return the institutions under the filters kind, town, valid and the words of a search."""
    given = params or {}
    order = Case(*(When(kind=kind, then=Value(at)) for at, kind in enumerate(Institution.Kind.values)))
    rows = Institution.objects.select_related("unit").annotate(order=order).order_by("order", "code")
    if (kind := given.get("kind", "")) in Institution.Kind.values:
        rows = rows.filter(kind=kind)
    if town := given.get("town", "")[:12]:
        rows = rows.filter(unit__code=town)
    if given.get("valid") == "1":
        rows = rows.filter(qualifications__in=valid_on(timezone.localdate())).distinct()
    if text := given.get("q", "").strip()[:60]:
        named = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__iexact=text)
        rows = rows.filter(named | Q(initials__istartswith=text) | Q(qualifications__number__iexact=text)).distinct()
    return rows.prefetch_related(Prefetch("qualifications", Qualification.objects.order_by("kind", "-valid_from")))


def state_of(row: Qualification, valid: Collection[int], on: date) -> str:
    """Return the state of a certificate on a day in a word."""
    if row.pk in valid:
        return "valid"
    if row.ended_on is not None and row.ended_on <= on:
        return row.ended_how or "cancelled"
    if row.valid_from > on:
        return "early"
    return "expired" if row.valid_to is not None and row.valid_to < on else "suspended"


def certificates(body: Institution, on: date | None = None) -> list[Certificate]:
    """Return the certificates of an institution with their states, those in force first."""
    day = on or timezone.localdate()
    return _stated(body.qualifications.all(), day)


def certificates_of(bodies: Iterable[Institution], on: date | None = None) -> dict[int, list[Certificate]]:
    """Return the certificates of many institutions with their states, by the key of the institution, in few queries."""
    found: dict[int, list[Certificate]] = {}
    rows = Qualification.objects.filter(institution__in=[one.pk for one in bodies])
    for one in _stated(rows, on or timezone.localdate()):
        found.setdefault(one.row.institution_id, []).append(one)
    return found


def certificates_numbered(number: str, on: date | None = None) -> list[Certificate]:
    """Return the certificates with a number, however it is spaced; an empty number has none."""
    text = "".join(number.split())[:40]
    if not text:
        return []
    rows = Qualification.objects.filter(Q(number__iexact=text) | Q(number__iexact=number.strip()[:40]))
    return _stated(rows, on or timezone.localdate())


def _stated(rows: QuerySet[Qualification], day: date) -> list[Certificate]:
    rows = rows.select_related("institution__unit")
    valid = set(valid_on(day, rows).values_list("pk", flat=True))
    lines = lines_on(day, ScopeItem.objects.filter(qualification__in=rows))
    counts = dict(lines.order_by().values_list("qualification").annotate(n=Count("pk")))
    made = [
        Certificate(row, state_of(row, valid, day), counts.get(row.pk, 0))
        for row in rows.order_by("kind", "-valid_from")
    ]
    return sorted(made, key=lambda one: one.state != "valid")


def scope_of(body: Institution, text: str = "", on: date | None = None) -> QuerySet[ScopeItem]:
    """Return the lines of an institution in force on the day, or those that hold a word."""
    rows = lines_on(on or timezone.localdate(), ScopeItem.objects.filter(qualification__institution=body))
    if said := text.strip()[:60]:
        rows = rows.filter(Q(product__icontains=said) | Q(parameter__icontains=said) | Q(standard__icontains=said))
    return rows.select_related("qualification", "source").order_by("product", "parameter", "standard", "pk")


def services_of(body: Institution) -> QuerySet[ServiceItem]:
    """Return what an institution offers in the catalogue."""
    return ServiceItem.objects.filter(institution=body, ended_on=None).order_by("kind", "number")


def capability(said: str = "", kind: str = "", on: date | None = None) -> list[Able]:
    """Return each town with the institutions that are qualified on the day, or that answer a question."""
    day = on or timezone.localdate()
    rows = Institution.objects.select_related("unit").filter(qualifications__in=valid_on(day)).distinct()
    if kind in Institution.Kind.values:
        rows = rows.filter(kind=kind)
    if said.strip():
        answer = engine().search(said, Wish(day, top=EVERYBODY, bars=barred(day)))
        rows = rows.filter(pk__in=[one.holder for one in answer.found])
    by: dict[int, list[Institution]] = {}
    for row in rows.order_by("code"):
        by.setdefault(row.unit_id, []).append(row)
    units = Unit.objects.exclude(kind=Unit.Kind.CITY).order_by("code")
    return [Able(unit, tuple(by.get(unit.pk, ()))) for unit in units]


def gaps(actor: Any, params: Params | None = None) -> QuerySet[CapabilityGap]:
    """Return the gaps somebody sees with how often and in how many towns each was met, the most asked for first."""
    given = params or {}
    rows = visible(actor, CapabilityGap.objects.all())
    show = given.get("show", "")
    rows = rows.filter(status=show) if show in ("planned", "building", "filled", "dropped", "ended") else rows
    rows = rows.filter(status="open") if show == "open" else rows
    if text := given.get("q", "").strip()[:60]:
        rows = rows.filter(Q(product__icontains=text) | Q(parameter__icontains=text) | Q(standard__icontains=text))
    return counted(rows)


def counted(rows: QuerySet[CapabilityGap]) -> QuerySet[CapabilityGap]:
    """Return gaps with ``asked`` and ``towns``, the most asked for first."""
    told = {"asked": Count("asks", distinct=True), "towns": Count("asks__unit", distinct=True)}
    return rows.annotate(**told).order_by("-asked", "-towns", "-pk")


def open_gaps() -> QuerySet[CapabilityGap]:
    """Return the gaps everyone may read: those not closed; of whom they were asked nothing is told."""
    return counted(CapabilityGap.objects.exclude(status__in=("ended", "dropped")))


def imports(actor: Any, body: Institution) -> QuerySet[ScopeImport]:
    """Return the imports of an institution's scopes that somebody sees."""
    return visible(actor, ScopeImport.objects.filter(institution=body)).select_related(
        "source", "attachment", "imported_by"
    )
