"""Who serves firms in the synthetic city: the platform, six area centres, a workstation for each town, institutions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.nqi.models import Licence, ServicePoint, Signatory
from qualipolis.city.registry.models import Enterprise, Institution, Qualification, Unit
from qualipolis.demo.supervision_people import add_person, played, qualify
from qualipolis.demo.supervision_words import SAID

CENTRES = 6


@dataclass(frozen=True)
class Bench:
    """An institution and the person who acts for it."""

    body: Institution
    person: Person

    @property
    def signatory(self) -> str:
        """The name of its authorised signatory, who is made up."""
        return f"授权签字人{SAID}"


@dataclass(frozen=True)
class Service:
    """The people of the one-stop service; ``firm`` is that of the visitor, ``bench`` the laboratory a visitor plays."""

    actor: Any
    desk: Person
    steward: Person
    officer: Person
    planner: Person
    inspector: Person
    firm: Enterprise
    bench: Bench
    second: Bench
    ending: Bench
    metrology: Bench
    certifier: Bench

    @property
    def laboratories(self) -> tuple[Bench, ...]:
        """The laboratories that are asked for quotes."""
        return (self.bench, self.second, self.ending)


def make_service(actor: Any) -> Service:
    """Open the service points and qualify the institutions that firms of the demo order from."""
    officer, laboratory = played(Role.ENTERPRISE), played(Role.LABORATORY)
    assert officer.organisation and laboratory.organisation
    _points(actor)
    first = Institution.objects.get(code=laboratory.organisation.code)
    second, ending = _others(first)
    benches = [Bench(first, laboratory), Bench(second, _acting(second)), _bench(actor, ending, 5)]
    qualify(actor, ending, 3)
    for one in benches:
        _licence(actor, one)
    return Service(
        actor=actor,
        desk=played(Role.NQI_DESK),
        steward=played(Role.STEWARD),
        officer=officer,
        planner=played(Role.PLANNER),
        inspector=played(Role.INSPECTOR),
        firm=Enterprise.objects.select_related("unit").get(credit_code=officer.organisation.code),
        bench=benches[0],
        second=benches[1],
        ending=benches[2],
        metrology=_bench(actor, _valid("metrology_centre"), 6),
        certifier=_bench(actor, _valid("certifier"), 7),
    )


def _points(actor: Any) -> None:
    towns = list(Unit.objects.filter(assessed=True).order_by("code"))
    offices = {one.code: one for one in Organisation.objects.filter(code__startswith="NQI")}
    rows = [
        {"code": f"NQI-C{n}", "kind": "institution", "name_zh": f"第{n}片区质量服务分中心{SAID}",
         "name_en": f"Area service centre {n} (demo)"}
        for n in range(1, CENTRES + 1)
    ]  # fmt: skip
    offices |= {one.code: one for one in add_organisations(actor, None, rows=rows)}
    platform = _point(offices["NQI"], ServicePoint.Level.PLATFORM, None, [])
    size = -(-len(towns) // CENTRES)
    for n in range(CENTRES):
        area = towns[n * size : (n + 1) * size]
        centre = _point(offices[f"NQI-C{n + 1}"], ServicePoint.Level.CENTRE, platform, area)
        for town in area:
            _point(offices[f"NQI-{town.code}"], ServicePoint.Level.WORKSTATION, centre, [town])


def _point(office: Organisation, level: str, parent: ServicePoint | None, units: list[Unit]) -> ServicePoint:
    made = ServicePoint.objects.create(
        code=office.code, level=level, name_zh=office.name_zh, name_en=office.name_en, parent=parent, organisation=office,
        hours="工作日 9:00–17:30", opened_on=date(2024, 7, 1), synthetic=True,
    )  # fmt: skip
    made.units.set(units)
    return made


def _others(first: Institution) -> tuple[Institution, Institution]:
    rows = list(Institution.objects.filter(kind=Institution.Kind.LABORATORY).exclude(pk=first.pk).order_by("pk")[:3])
    return rows[1], rows[2]


def _valid(kind: str) -> Institution:
    found = Institution.objects.filter(kind=kind).order_by("pk").first()
    assert found is not None
    return found


def _acting(body: Institution) -> Person:
    return Person.objects.get(organisation__code=body.code, demo_role="laboratory-3")


def _bench(actor: Any, body: Institution, number: int) -> Bench:
    rows = [{"code": body.code, "kind": "institution", "name_zh": body.name_zh, "name_en": body.name_en}]
    home = Organisation.objects.filter(code=body.code).first() or add_organisations(actor, None, rows=rows)[0]
    name = f"demo-laboratory-{number}"
    return Bench(
        body, add_person(actor, name, f"机构经办人{number}{SAID}", Role.LABORATORY, home, f"laboratory-{number}")
    )


def _licence(actor: Any, bench: Bench) -> None:
    held = Qualification.objects.filter(institution=bench.body, kind=Qualification.Kind.CMA).order_by("-pk")
    Licence.objects.get_or_create(qualification=held[0])
    Signatory.objects.create(
        institution=bench.body, name=bench.signatory, fields="全部", valid_from=held[0].valid_from, person=bench.person
    )
