"""The cast of the people of quality, and officers, courses, sittings and certificates in any state, made as rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.supervise.cast import SYSTEM, make_cast
from tests.city.supervise.cast import Cast as City
from tests.city.supervise.cast import person as with_role

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.registry.models import Enterprise, QualityOfficer, Unit
from qualipolis.city.talent.models import Course, Enrolment, Learner, Officer, Question, Session, SessionDay

__all__ = [
    "PUBLIC",
    "SYSTEM",
    "Cast",
    "course",
    "enrolment_in",
    "found",
    "learner",
    "officer_in",
    "questions",
    "session_in",
]
PUBLIC = System("talent.public")
_serial = itertools.count(1)
BLUEPRINT = [
    {"name": "law", "count": 2, "points": 20, "topics": ["law"]},
    {"name": "tools", "count": 3, "points": 20, "topics": ["tools"]},
]


@dataclass
class Cast:
    """People by role and the firms they act for; ``city`` is the cast of supervision sampling around them.

    ``cast["enterprise"]`` acts for ``firm`` (of one town), ``cast["other_enterprise"]`` for ``other_firm`` (of the
    other). ``cast["inspector"]`` works in the branch of that town, ``cast["inspector_elsewhere"]`` in the other,
    ``cast["department"]`` in the bureau, ``cast["town_officer"]`` in that town. ``cast["trainer"]`` and
    ``cast["second_trainer"]`` train for the whole city. ``cast["candidate"]`` is an account of ``firm`` besides
    ``enterprise``, ``cast["reviewer"]``, ``cast["reviewer2"]`` to ``cast["reviewer6"]`` review performance excellence.
    leader, planner, auditor, admin, laboratory and expert are there too.
    """

    city: City
    people: dict[str, Person]
    firm: Enterprise
    other_firm: Enterprise
    rows: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def unit(self) -> Unit:
        """The town of ``firm``."""
        return self.firm.unit

    @property
    def other_unit(self) -> Unit:
        """The town of ``other_firm``."""
        return self.other_firm.unit


def found() -> Cast:
    """Found the city of supervision sampling with its trainers, candidates and reviewers."""
    city = make_cast()
    firm, other_firm = city.firms[0], city.firms[1]
    people = dict(city.people)
    own = Organisation.objects.get(code=firm.credit_code)
    other = Organisation.objects.create(code=other_firm.credit_code, kind="enterprise", name_zh=other_firm.name_zh)
    branch, elsewhere = (Organisation.objects.get(code=f"AMR-{one.unit.code}") for one in (firm, other_firm))
    people |= {
        "inspector": with_role("t-inspector", "inspector", branch),
        "inspector2": with_role("t-inspector2", "inspector", branch),
        "inspector_elsewhere": with_role("t-elsewhere", "inspector", elsewhere),
        "town_officer": with_role("t-town", "town_officer", firm.unit.government),
        "trainer": with_role("t-trainer", "trainer"),
        "second_trainer": with_role("t-second", "trainer"),
        "candidate": with_role("t-candidate", "enterprise", own),
        "other_enterprise": with_role("t-other", "enterprise", other),
    }
    for n in range(1, 7):
        name = "reviewer" if n == 1 else f"reviewer{n}"
        people[name] = with_role(f"t-{name}", "reviewer")
    return Cast(city, people, firm, other_firm)


def learner(cast: Cast, firm: Enterprise | None = None, **more: Any) -> Learner:
    """Make somebody who takes part in training, of ``cast.firm`` unless said otherwise."""
    n = next(_serial)
    values: dict[str, Any] = {
        "name": f"学员{n}", "id_key": f"{n:064d}", "id_tail": f"{n:04d}"[-4:], "education": "bachelor", "title": "engineer",
        "enterprise": firm or cast.firm,
    }  # fmt: skip
    return Learner.objects.create(**values | more)


def officer_in(cast: Cast, state: str = "nominated", **more: Any) -> Officer:
    """Make an officer of ``cast.firm`` in any state, with the rows an officer in that state has; ``firm=``, ``learner=``."""
    firm = more.pop("firm", cast.firm)
    who = more.pop("learner", None) or learner(cast, firm)
    today, n = timezone.localdate(), next(_serial)
    values: dict[str, Any] = {
        "number": f"SZ{n}", "status": state, "enterprise": firm, "learner": who, "appointed_on": today, "size": "micro",
        "education": "bachelor", "title": "engineer", "years": 6, "bars": [], "conditions": "city@1949-10-01",
        "document_no": f"任{n}号", "due_on": today + timedelta(days=10),
    }  # fmt: skip
    if state not in ("nominated", "returned", "withdrawn"):
        filing = QualityOfficer.objects.create(enterprise=firm, number=f"BA{n}", appointed_on=today)
        values |= {"filed_on": today, "filing": filing, "filed_by": cast["inspector"]}
    if state in ("trained", "certified", "active", "replaced", "removed"):
        values |= {"trained_on": today}
    if state == "lapsed":
        values |= {"trained_on": today - timedelta(days=800)}
    if state == "active":
        values |= {"active_on": today, "due_on": None}
    if state in ("replaced", "removed", "ent_deregistered", "withdrawn"):
        values |= {"ended_on": today, "end_reason": "离职"}
    return Officer.objects.create(**values | more)


def course(kind: str = "officer", **more: Any) -> Course:
    """Make a course of 16 hours that ends with an examination of five questions."""
    n = next(_serial)
    values: dict[str, Any] = {
        "code": f"KC{n}", "kind": kind, "name_zh": "首席质量官任职培训", "name_en": "Course for chief quality officers",
        "hours": 16, "minutes": 60, "blueprint": BLUEPRINT,
    }  # fmt: skip
    return Course.objects.create(**values | more)


def session_in(cast: Cast, state: str = "open", days: int = 2, **more: Any) -> Session:
    """Make a session in any state, of eight hours a day from today on (``starts_on=`` says otherwise)."""
    start = more.pop("starts_on", timezone.localdate())
    values: dict[str, Any] = {
        "number": f"PX{next(_serial)}", "status": state, "course": more.pop("course", None) or course(), "place": "市民中心",
        "teacher": "教研室", "seats": 30, "starts_on": start, "ends_on": start + timedelta(days=days - 1),
        "enrol_until": start, "unit": cast.unit, "planned_by": cast["trainer"],
    }  # fmt: skip
    made = Session.objects.create(**values | more)
    for n in range(days):
        SessionDay.objects.create(session=made, on=start + timedelta(days=n), hours=8, code=f"{n:06d}")
    return made


def enrolment_in(cast: Cast, state: str = "applied", **more: Any) -> Enrolment:
    """Make an enrolment of somebody of ``cast.firm``; ``session=``, ``learner=``."""
    session = more.pop("session", None) or session_in(cast)
    who = more.pop("learner", None) or learner(cast)
    values: dict[str, Any] = {
        "number": f"BM{next(_serial)}", "status": state, "session": session, "learner": who, "enterprise": who.enterprise,
        "enrolled_by": cast["enterprise"],
    }  # fmt: skip
    return Enrolment.objects.create(**values | more)


def questions(law: int = 6, tools: int = 8) -> list[Question]:
    """Make a bank: single choices of law (the first option is right), statements (right) and numbers (12.5) of tools."""
    made = [
        Question(
            code=f"L{n:03}", kind="single", topic="law", stem=f"法规题{n}", options=["甲", "乙", "丙", "丁"], answer=[0],
        )
        for n in range(law)
    ]  # fmt: skip
    for n in range(tools):
        kind = "true_false" if n % 2 else "number"
        made.append(
            Question(code=f"T{n:03}", kind=kind, topic="tools", stem=f"工具题{n}", answer=True if n % 2 else 12.5,
                     tolerance=0 if n % 2 else 0.1, unit="" if n % 2 else "mm")
        )  # fmt: skip
    return Question.objects.bulk_create(made)


def day(text: str) -> date:
    """Return a day from its ISO form."""
    return date.fromisoformat(text)
