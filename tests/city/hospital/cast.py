"""The cast of the product hospital, and cases in any state, made straight in the database so that each part stands alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.hospital.belongings import belong
from tests.city.supervise.cast import CATEGORY, STANDARD, SYSTEM, make_cast
from tests.city.supervise.cast import Cast as City
from tests.city.supervise.cast import person as with_role

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.hospital.models import Case, Department, Expert
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.law.flows.hospital import CASE

__all__ = ["SYSTEM", "Cast", "case_in", "expert", "found"]
_serial = itertools.count(1)
BEFORE_TRIAGE = ("draft", "registered")
BEFORE_EXPERT = (*BEFORE_TRIAGE, "triaged", "rejected")
ENDS = CASE.finals


@dataclass
class Cast:
    """People by role and the bodies they act for; ``city`` is the cast of supervision sampling around them.

    ``cast["enterprise"]`` acts for ``firm``, ``cast["other_enterprise"]`` for ``other_firm``; ``cast["expert"]`` is
    ``doctor``, of another organisation than ``colleague`` (``cast["colleague"]``). ``cast["hospital_desk"]`` serves the
    whole city, ``cast["desk_of_town"]`` the town of ``firm``, ``cast["desk_elsewhere"]`` the other town.
    """

    city: City
    people: dict[str, Person]
    firm: Enterprise
    other_firm: Enterprise
    doctor: Expert
    colleague: Expert
    laboratory: Institution
    other_laboratory: Institution
    department: Department
    other_department: Department

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


def found() -> Cast:
    """Found the city of supervision sampling with its hospital: two departments, two experts, desk and manager."""
    city = make_cast()
    firm, other_firm = city.firms[0], city.firms[1]
    textiles, metal = (
        Department.objects.create(code=code, name_zh=zh, name_en=en, industries=industries, words=words)
        for code, zh, en, industries, words in (
            ("textiles", "纺织服装科", "Textiles and garments", ["17", "18"], "面料 甲醛 色牢度 童装"),
            ("metal", "金属制品科", "Metal products", ["33", "34"], "焊接 螺栓 尺寸 毛刺"),
        )
    )
    people = dict(city.people)
    for name, role, scope in (
        ("hospital_desk", "hospital_desk", None),
        ("desk_of_town", "hospital_desk", firm.unit.government),
        ("desk_elsewhere", "hospital_desk", other_firm.unit.government),
        ("hospital_manager", "hospital_manager", None),
        ("other_enterprise", "enterprise", _body(other_firm.credit_code, "enterprise", other_firm.name_zh)),
        ("colleague", "expert", None),
    ):
        people[name] = with_role(f"h-{name}", role, scope)
    institute = _body("INST", "institution", "甲研究院")
    doctor = expert(people["expert"], institute, textiles, metal)
    colleague = expert(people["colleague"], _body("UNIV", "institution", "乙大学"), textiles)
    return Cast(
        city, people, firm, other_firm, doctor, colleague, city.laboratory, city.other_laboratory, textiles, metal
    )


def _body(code: str, kind: str, name: str) -> Organisation:
    return Organisation.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": name})[0]


def expert(person: Person, organisation: Organisation, *departments: Department, **more: Any) -> Expert:
    """Make an expert of departments."""
    values = {"field_zh": "纺织品检测", "field_en": "Testing of textiles", "term_from": date(2020, 1, 1)} | more
    made = Expert.objects.create(person=person, organisation=organisation, **values)
    made.departments.set(departments)
    return made


def case_in(cast: Cast, state: str = "registered", **more: Any) -> Case:
    """Make a case of ``cast.firm`` in any state of the table, with the rows that a case in that state has.

    It treats ``cast.doctor``; severity 2, urgency 2, not on the market unless given. Diagnosis from ``diagnosed``,
    prescription with three items from ``prescribed``, a proof from ``cured``, three follow-ups from ``cured``,
    a panel with two seats in ``panel``, an open pause (out of ``examining``, or ``paused_from=``) in ``waiting_firm``
    and ``suspended``. Rows only: the ledger says nothing of it. ``enterprise=`` and every field of the case may be given.
    """
    firm = more.pop("enterprise", cast.firm)
    today = timezone.localdate()
    number = next(_serial)
    values: dict[str, Any] = {
        "enterprise": firm, "unit": firm.unit, "status": state, "industry": firm.industry or "1819",
        "product_name": "儿童连衣裙", "product_class": CATEGORY, "model": "A-1", "standard_no": STANDARD,
        "problem_text": "洗过三次以后褪色，客户退货两百件。", "defect_codes": ["colour_fastness"],
        "first_seen": today - timedelta(days=20), "volume_affected": 200, "on_market": False,
        "contact_name": "联系人", "contact_phone": "0000-0000000", "due_on": today + timedelta(days=5),
    }  # fmt: skip
    if state != "draft":
        values |= {"number": f"BL{number}", "registered_on": today - timedelta(days=15), "informed_at": timezone.now()}
    if state not in BEFORE_TRIAGE:
        values |= {"department": cast.department, "severity": 2, "urgency": 2}
    if state not in BEFORE_EXPERT:
        values |= {"expert": cast.doctor}
    if state in ("waiting_firm", "suspended"):
        values |= {"paused_from": "examining"}
    if state in ("cured", "improved", "following", "closed", "reopened"):
        values |= {"cured_on": today - timedelta(days=2)}
    if state in ENDS:
        values |= {"ended_on": today, "due_on": None}
    made = Case.objects.create(**values | more)
    belong(cast, made)
    return made
