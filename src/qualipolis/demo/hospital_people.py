"""Who works in the product hospital of the synthetic city: departments, experts of three organisations, people of firms.

Nobody is invented: a person is named by office and number, and each name says that it is a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import Department, Expert
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.demo.supervision_people import add_person, played
from qualipolis.demo.supervision_words import SAID

# code, Chinese and English name, industries, words that lead there, what it treats
DEPARTMENTS = (
    ("electronics", "电子信息科", "Electronics", ("38", "39"), "电源 适配器 路由器 温升 充电 电池 手表 电路板",
     "电源、电池、通信和智能终端产品", "Power supplies, batteries, telecom and smart devices"),
    ("equipment", "装备机械科", "Machinery", ("34", "35"), "模具 机械 尺寸 硬度 毛刺 装配",
     "模具、机械零件和成套设备", "Moulds, machine parts and equipment"),
    ("materials", "新材料科", "Materials", ("26", "29"), "塑料 薄膜 拉伸 阻燃 色母",
     "工程塑料、塑料零件和电子材料", "Engineering plastics, plastic parts and films"),
    ("food", "食品科", "Food", ("14", "15"), "糕点 饮料 酱油 菌落 净含量 标签",
     "糕点、饮料和调味品", "Pastry, drinks and seasonings"),
    ("textiles", "纺织鞋服科", "Textiles and shoes", ("17", "18", "19"), "童装 甲醛 色牢度 皮鞋 针织 缩水 胶",
     "服装、针织品、鞋和帽", "Garments, knitwear, shoes and hats"),
)  # fmt: skip
UNIVERSITY, INSTITUTE = "DEMO-UNI", "DEMO-INS"
OUTSIDE = (
    (UNIVERSITY, "云汀理工大学" + SAID, "Yunting University of Technology (demo)"),
    (INSTITUTE, "云汀市质量技术研究院" + SAID, "Yunting Institute of Quality Technology (demo)"),
)
# name, organisation (empty: the laboratory of the demo), departments, field in Chinese and English, most cases
EXPERTS = (
    ("", "", ("textiles", "electronics", "materials"), "鞋服与电器检测、测量系统分析", "Testing of shoes, garments and appliances; gauges", 14),
    ("研究院专家2", INSTITUTE, ("textiles",), "鞋用胶粘剂、甲醛与色牢度控制", "Adhesives, formaldehyde and colour fastness", 6),
    ("理工大学专家3", UNIVERSITY, ("electronics",), "电源热设计与电气安全", "Thermal design and electrical safety of power supplies", 6),
    ("研究院专家4", INSTITUTE, ("electronics", "equipment"), "电池安全、过程能力研究", "Battery safety, process capability", 6),
    ("理工大学专家5", UNIVERSITY, ("materials", "equipment"), "高分子材料配方与注塑工艺", "Polymers and injection moulding", 6),
    ("研究院专家6", INSTITUTE, ("food",), "食品微生物与净含量控制", "Food microbiology and net content", 6),
    ("理工大学专家7", UNIVERSITY, ("equipment", "materials"), "机械加工与计量", "Machining and metrology", 6),
)  # fmt: skip
SINCE, UNTIL = date(2016, 1, 1), date(2035, 12, 31)


@dataclass
class Doctors:
    """The people of the hospital. ``experts[0]`` is the one that a visitor plays; ``people`` act for firms by code."""

    actor: Any
    desk: Person
    manager: Person
    experts: list[Expert]
    departments: dict[str, Department]
    laboratory: Institution
    tester: Person
    people: dict[str, Person] = field(default_factory=dict)

    def of(self, firm: Enterprise) -> Person:
        """Return who acts for a firm; the visitor for the own one, else somebody who is named by the office."""
        if firm.credit_code not in self.people:
            self.people[firm.credit_code] = _person_of(self.actor, firm, len(self.people) + 1)
        return self.people[firm.credit_code]

    def person(self, number: int) -> Person:
        """Return the person behind an expert."""
        return self.experts[number].person


def make_doctors(actor: Any) -> Doctors:
    """Open the departments and appoint the experts, by the verbs of the manager."""
    manager, tester, visitor = played(Role.HOSPITAL_MANAGER), played(Role.LABORATORY), played(Role.ENTERPRISE)
    departments = {row[0]: _department(manager, *row) for row in DEPARTMENTS}
    rows = [{"code": code, "name_zh": zh, "name_en": en, "kind": "institution"} for code, zh, en in OUTSIDE]
    homes = {body.code: body for body in add_organisations(actor, None, rows=rows)}
    experts = [_expert(actor, manager, departments, homes, number, *row) for number, row in enumerate(EXPERTS, 1)]
    found = Doctors(
        actor=actor,
        desk=played(Role.HOSPITAL_DESK),
        manager=manager,
        experts=experts,
        departments=departments,
        laboratory=Institution.objects.get(code=_home(tester).code),
        tester=tester,
    )
    found.people[_home(visitor).code] = visitor
    return found


def _home(person: Person) -> Organisation:
    assert person.organisation is not None
    return person.organisation


def _department(
    manager: Person, code: str, zh: str, en: str, industries: tuple[str, ...], words: str, about: str, about_en: str
) -> Department:
    return hospital.save_department(
        manager, None, code=code, name_zh=zh, name_en=en, industries=industries, words=words, about_zh=about + SAID,
        about_en=f"{about_en} (synthetic)",
    )  # fmt: skip


def _expert(
    actor: Any, manager: Person, departments: dict[str, Department], homes: dict[str, Organisation], number: int,
    name: str, home: str, treats: tuple[str, ...], field_zh: str, field_en: str, most: int,
) -> Expert:  # fmt: skip
    if number == 1:
        person = played(Role.EXPERT)
    else:
        person = add_person(actor, f"demo-expert-{number}", name + SAID, Role.EXPERT, homes[home], f"expert-{number}")
    return hospital.save_expert(
        manager, None, person=person, organisation=_home(person), departments=[departments[one] for one in treats],
        field_zh=field_zh, field_en=field_en, qualifications="高级工程师" + SAID, capacity=most, term_from=SINCE,
        term_to=UNTIL,
    )  # fmt: skip


def _person_of(actor: Any, firm: Enterprise, number: int) -> Person:
    """Add who acts for a firm in the story."""
    rows = [{"code": firm.credit_code, "name_zh": firm.name_zh, "name_en": firm.name_en, "kind": "enterprise"}]
    home = Organisation.objects.filter(code=firm.credit_code).first() or add_organisations(actor, None, rows=rows)[0]
    return add_person(actor, f"demo-firm-{number}", f"企业质量负责人{number}{SAID}", Role.ENTERPRISE, home)
