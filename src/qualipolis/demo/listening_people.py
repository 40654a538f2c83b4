"""Who listens in the synthetic city: the desk of the city and of one town, the mediator, those who investigate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.demo.supervision_people import add_person, played
from qualipolis.demo.supervision_words import SAID

BUREAU = "AMR"


@dataclass(frozen=True)
class Ears:
    """The people of listening. ``firm`` is the firm of the visitor, ``town`` that of the inspector whom a visitor plays."""

    actor: Any
    desk: Person
    town_desk: Person
    second: Person
    mediator: Person
    federation: Organisation
    inspector: Person
    town: Unit
    department: Person
    section: Person
    planner: Person
    leader: Person
    officer: Person
    firm: Enterprise

    @property
    def branch(self) -> Organisation:
        """The branch for which the inspector works."""
        assert self.inspector.organisation is not None
        return self.inspector.organisation


def make_ears(actor: Any) -> Ears:
    """Add a desk for the town of the visitor's firm, a second officer and a second person who investigates."""
    officer, mediator, inspector = played(Role.ENTERPRISE), played(Role.MEDIATOR), played(Role.INSPECTOR)
    department = played(Role.DEPARTMENT)
    assert officer.organisation and mediator.organisation and inspector.organisation
    firm = Enterprise.objects.select_related("unit__government").get(credit_code=officer.organisation.code)
    bureau = Organisation.objects.get(code=BUREAU)
    short = firm.unit.name_zh.removesuffix("街道").removesuffix("园区").removesuffix("镇")
    return Ears(
        actor=actor,
        desk=played(Role.COMPLAINT_DESK),
        town_desk=add_person(actor, "demo-complaint_desk-2", f"{short}投诉举报专员{SAID}", Role.COMPLAINT_DESK,
                             firm.unit.government, "complaint_desk-2"),
        second=add_person(actor, "demo-inspector-99", f"执法监督检查员{SAID}", Role.INSPECTOR, inspector.organisation),
        mediator=mediator,
        federation=mediator.organisation,
        inspector=inspector,
        town=Unit.objects.get(code=inspector.organisation.code.removeprefix("AMR-")),
        department=department,
        section=add_person(actor, "demo-department-9", f"缺陷产品召回经办人{SAID}", Role.DEPARTMENT, bureau),
        planner=played(Role.PLANNER),
        leader=played(Role.LEADER),
        officer=officer,
        firm=firm,
    )  # fmt: skip
