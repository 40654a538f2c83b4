"""Who does the sampling in the synthetic city: inspectors for the double random draw, two laboratories, the section.

Nobody is invented: a person is named by office and number. Those that a visitor may play have a demo role of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Unit
from qualipolis.city.supervise.models import InspectorProfile
from qualipolis.demo.people import SINCE
from qualipolis.demo.supervision_words import ITEMS, SAID, STANDARDS

ORGANISER, SAMPLERS = "AMR-QS", "AMR"
POOL = 4
AREAS = 3
# product classes whose every item the laboratories of the demo are qualified for
TESTED = ("儿童服装", "皮鞋", "毛针织衫", "电源适配器", "无线路由器", "糕点")


@dataclass(frozen=True)
class Players:
    """The people and bodies of the campaigns."""

    planner: Person
    leader: Person
    section: Person
    organiser: Organisation
    sampling_body: Organisation
    inspectors: list[Person]
    laboratory: Institution
    tester: Person
    signatory: Person
    recheck_laboratory: Institution
    recheck_tester: Person
    recheck_signatory: Person
    enterprise: Person

    @property
    def inspector(self) -> Person:
        """The inspector that a visitor plays."""
        return self.inspectors[0]


def played(role: str) -> Person:
    """Return who plays a role of the demo."""
    return Person.objects.select_related("organisation").get(demo_role=role)


def make_players(actor: Any) -> Players:
    """Add inspectors with certificates and areas, the second person of the laboratory, and a second laboratory."""
    tester, inspector = played(Role.LABORATORY), played(Role.INSPECTOR)
    first = Institution.objects.get(code=_code(tester))
    second = _other_laboratory(first)
    organiser = Organisation.objects.get(code=ORGANISER)
    rechecks = add_organisations(
        actor,
        None,
        rows=[{"code": second.code, "name_zh": second.name_zh, "name_en": second.name_en, "kind": "institution"}],
    )[0]
    for number, body in enumerate((first, second), 1):
        qualify(actor, body, number)
    home = tester.organisation
    return Players(
        planner=played(Role.PLANNER),
        leader=played(Role.LEADER),
        section=add_person(
            actor, "demo-department-2", f"质量监督科经办人{SAID}", Role.DEPARTMENT, organiser, "department-2"
        ),
        organiser=organiser,
        sampling_body=Organisation.objects.get(code=SAMPLERS),
        inspectors=_inspectors(actor, inspector),
        laboratory=first,
        tester=tester,
        signatory=add_person(
            actor, "demo-laboratory-2", f"检验机构授权签字人{SAID}", Role.LABORATORY, home, "laboratory-2"
        ),
        recheck_laboratory=second,
        recheck_tester=add_person(
            actor, "demo-laboratory-3", f"复检机构经办人{SAID}", Role.LABORATORY, rechecks, "laboratory-3"
        ),
        recheck_signatory=add_person(
            actor, "demo-laboratory-4", f"复检机构授权签字人{SAID}", Role.LABORATORY, rechecks, "laboratory-4"
        ),
        enterprise=played(Role.ENTERPRISE),
    )


def _code(person: Person) -> str:
    return person.organisation.code if person.organisation else ""


def add_person(
    actor: Any, username: str, name: str, role: str, scope: Organisation | None, demo_role: str = ""
) -> Person:
    """Add a person with one role; it has no password and no name of its own."""
    person = Person(username=username, display_name=name, organisation=scope, demo_role=demo_role)
    person.set_unusable_password()
    person.save()
    Grant.objects.create(person=person, role=role, scope=scope, valid_from=SINCE)
    record(actor, "demo.add_role", person, {"username": username, "role": role})
    return person


def _other_laboratory(first: Institution) -> Institution:
    rows = Institution.objects.filter(kind=Institution.Kind.LABORATORY).exclude(pk=first.pk)
    return rows.order_by("pk")[1]


def qualify(actor: Any, body: Institution, number: int) -> None:
    """Give a body a certificate that is valid today, for every item of the tested classes."""
    today = timezone.localdate()
    since = date(today.year - 2, 6, 1)
    held = Qualification.objects.create(
        institution=body,
        kind=Qualification.Kind.CMA,
        number=f"{since.year % 100:02d}99209{number:05d}",
        valid_from=since,
        valid_to=date(since.year + 6, 5, 31),
    )
    rows = [
        ScopeItem(qualification=held, product=category, parameter=item.zh, standard=STANDARDS[category])
        for category in TESTED
        for item in ITEMS[category]
    ]
    ScopeItem.objects.bulk_create(rows)
    record(actor, "demo.load", held, {"rows": len(rows), "synthetic": True})


def _inspectors(actor: Any, first: Person) -> list[Person]:
    """A pool for each third of the towns; the first pool is that of the inspector whom a visitor plays."""
    towns = list(Unit.objects.filter(assessed=True).order_by("code"))
    home = next(unit for unit in towns if f"AMR-{unit.code}" == _code(first))
    towns.remove(home)
    size = -(-(len(towns) + 1) // AREAS)
    areas = [[home, *towns[: size - 1]], *(towns[n : n + size] for n in range(size - 1, len(towns), size))]
    made = []
    for number, area in enumerate(areas):
        for place in range(POOL):
            office = home if number == 0 and place < 2 else area[place]
            made.append(first if number == place == 0 else _inspector(actor, office, len(made) + 1))
            _certify(made[-1], len(made), area)
    record(actor, "demo.load", "supervise.inspectorprofile", {"rows": len(made), "synthetic": True})
    return made


def _inspector(actor: Any, unit: Unit, number: int) -> Person:
    office = Organisation.objects.get(code=f"AMR-{unit.code}")
    short = re.sub("(街道|园区|镇)$", "", unit.name_zh)
    name = f"{short}分局检查员{number}{SAID}"
    demo_role = "inspector-2" if number == 2 else ""
    return add_person(actor, f"demo-inspector-{number}", name, Role.INSPECTOR, office, demo_role)


def _certify(person: Person, number: int, area: list[Unit]) -> None:
    profile = InspectorProfile.objects.create(
        person=person,
        certificate_no=f"演示证-{number:04d}",
        certified_until=timezone.localdate() + timedelta(days=540 + 7 * number),
        synthetic=True,
    )
    profile.regions.set(area)
