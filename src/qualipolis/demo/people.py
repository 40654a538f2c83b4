"""The organisations of the synthetic city and one person for each role, named by the role: nobody is invented."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import polars as pl

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.measure.catalogue import BY_CODE, DEPARTMENTS, Department
from qualipolis.demo.generate import CityTables
from qualipolis.demo.scale import YEARS

Kind = Organisation.Kind
SINCE = date(YEARS[0], 1, 1)
_GOVERNMENT = {"town": "人民政府", "subdistrict": "办事处", "park": "管理委员会"}

# role, name shown, code of the organisation, and whether the grant is limited to it
_CAST = (
    (Role.LEADER, "领导小组负责人（演示）", "LGO", False),
    (Role.PLANNER, "质量发展科计划员（演示）", "AMR-QD", False),
    (Role.DEPARTMENT, "{department_name}经办人（演示）", "{department}", True),
    (Role.TOWN_OFFICER, "{town}数据员（演示）", "{town_code}", True),
    (Role.INSPECTOR, "{town_short}分局检查员（演示）", "AMR-{town_code}", True),
    (Role.LABORATORY, "检验机构经办人（演示）", "{laboratory}", True),
    (Role.EXPERT, "产品医院专家（演示）", "{laboratory}", True),
    (Role.HOSPITAL_DESK, "产品医院导诊随访员（演示）", "HOSP", False),
    (Role.HOSPITAL_MANAGER, "产品医院管理员（演示）", "HOSP", False),
    (Role.COMPLAINT_DESK, "投诉举报专员（演示）", "AMR", False),
    (Role.MEDIATOR, "共治联合会调解员（演示）", "FED", True),
    (Role.NQI_DESK, "质量服务总平台调度员（演示）", "NQI", False),
    (Role.STEWARD, "{firm_town}工作站质量管家（演示）", "NQI-{firm_town_code}", True),
    (Role.TRAINER, "质量培训考务员（演示）", "AMR-QD", False),
    (Role.SECRETARY, "共治联合会秘书处人员（演示）", "FED", True),
    (Role.MEMBER, "行业协会会员代表（演示）", "XH1", True),
    (Role.ENTERPRISE, "企业首席质量官（演示）", "{enterprise}", True),
    (Role.REVIEWER, "卓越绩效评审员（演示）", "AMR-QD", True),
    (Role.AUDITOR, "审计员（演示）", "AMR", False),
    (Role.ADMIN, "系统管理员（演示）", "AMR", False),
)


def make_organisations(actor: Any, tables: CityTables) -> dict[str, int]:
    """Found the bureau, its sections and branches, other departments and the towns; return keys by code."""
    bureau = ("AMR", "市市场监管局（演示）", "Market regulation bureau (demo)", Kind.BUREAU)
    sections = [(d.code, d.name.zh, d.name.en, Kind.DEPARTMENT) for d in DEPARTMENTS]
    towns = list(tables.units.select("code", "name_zh", "name_en", "kind").iter_rows())
    branches = [
        (f"AMR-{code}", f"市市场监管局{_short(zh)}分局", f"{en} market regulation branch", Kind.BRANCH)
        for code, zh, en, _kind in towns
    ]
    inside = [row for row in sections if row[0].startswith("AMR-")]
    outside = [row for row in sections if not row[0].startswith("AMR-")]
    outside.append(("FED", "市场监管共建共治联合会（演示）", "Co-governance federation (demo)", Kind.FEDERATION))
    outside.append(("HOSP", "产品医院服务中心（演示）", "Product hospital service centre (demo)", Kind.INSTITUTION))
    outside.append(("NQI", "质量基础设施服务总平台（演示）", "Quality service platform (demo)", Kind.INSTITUTION))
    outside += [
        (f"NQI-{code}", f"{_short(zh)}质量服务工作站（演示）", f"{en} service workstation (demo)", Kind.INSTITUTION)
        for code, zh, en, _kind in towns
    ]
    outside.append(("XH1", "产业协会（演示）", "Industry association (demo)", Kind.ASSOCIATION))
    outside += [(code, zh + _GOVERNMENT[kind], f"{en} government", Kind.TOWN) for code, zh, en, kind in towns]
    outside += _guests(tables)
    top = add_organisations(actor, None, rows=_rows([bureau]))[0]
    add_organisations(actor, top, rows=_rows(inside + branches))
    add_organisations(actor, None, rows=_rows(outside))
    return dict(Organisation.objects.values_list("code", "pk"))


def make_people(actor: Any, tables: CityTables, organisations: dict[str, int]) -> None:
    """One person for each role. They have no password: only the demo sign-in on this machine lets them in."""
    town = tables.units.row(by_predicate=pl.col("code") == tables.truth.planted["late"][0], named=True)
    (laboratory, *_), (enterprise, *_) = _guests(tables)
    firm = tables.enterprises.row(by_predicate=pl.col("credit_code") == enterprise, named=True)
    home = tables.units.row(by_predicate=pl.col("code") == firm["unit"], named=True)
    department = busiest_department(tables)
    places = {
        "town": town["name_zh"],
        "town_short": _short(town["name_zh"]),
        "town_code": town["code"],
        "laboratory": laboratory,
        "enterprise": enterprise,
        "firm_town": _short(home["name_zh"]),
        "firm_town_code": home["code"],
        "department": department.code,
        "department_name": department.name.zh.removeprefix("市市场监管局"),
    }
    for role, title, code, limited in _CAST:
        organisation = organisations[code.format(**places)]
        person = Person(
            username=f"demo-{role.value}",
            display_name=title.format(**places),
            organisation_id=organisation,
            demo_role=role.value,
        )
        person.set_unusable_password()
        person.save()
        scope = organisation if limited else None
        Grant.objects.create(person=person, role=role.value, scope_id=scope, valid_from=SINCE)
        record(actor, "demo.add_role", person, {"username": person.username, "role": role.value})


def busiest_department(tables: CityTables) -> Department:
    """The department that owns most of what the second late unit hands in after the day."""
    rows = tables.withheld.filter(pl.col("unit") == tables.truth.planted["late"][1])
    owners = Counter(BY_CODE[code].owner for code in rows["indicator"])
    return next(one for one in DEPARTMENTS if one.code == owners.most_common(1)[0][0])


def _guests(tables: CityTables) -> list[tuple[str, str, str, str]]:
    """The laboratory and the enterprise that two of the roles act for."""
    laboratory = tables.institutions.filter(pl.col("kind") == "laboratory").row(0, named=True)
    officer = tables.quality_officers.filter(pl.col("ended_on").is_null())["credit_code"][0]
    firm = tables.enterprises.row(by_predicate=pl.col("credit_code") == officer, named=True)
    return [
        (laboratory["code"], laboratory["name_zh"], laboratory["name_en"], Kind.INSTITUTION),
        (firm["credit_code"], firm["name_zh"], firm["name_en"], Kind.ENTERPRISE),
    ]


def _short(name: str) -> str:
    return re.sub("(街道|园区|镇)$", "", name)


def _rows(cells: list[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    return [{"code": code, "name_zh": zh, "name_en": en, "kind": str(kind)} for code, zh, en, kind in cells]
