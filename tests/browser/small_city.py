"""A city of five towns to walk a year in: its offices, one person for each role, and the records of its rooms.

Every name is that of a part, every figure is made up. Run as a program, it founds the city in a home folder.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

YEAR = 2022
TOWNS = (("990101", "东溪镇"), ("990102", "南塘镇"), ("990103", "西湾镇"), ("990104", "北岭镇"), ("990105", "中坝镇"))
# role played at the sign-in, role, who this is, organisation ("" for the whole city: several are separated by a space)
CAST = (
    ("leader", "leader", "领导小组负责人", ""),
    ("planner", "planner", "计划员", ""),
    ("department", "department", "部门经办人", ""),
    ("town_officer", "town_officer", "东溪镇数据员", "G-990101"),
    ("town_others", "town_officer", "其余镇数据员", "G-990102 G-990103 G-990104 G-990105"),
    ("inspector", "inspector", "检查员", ""),
    ("reviewer", "reviewer", "评审员", ""),
    ("auditor", "auditor", "审计员", ""),
    ("admin", "admin", "管理员", ""),
)


def build(home: Path) -> None:
    """Found the city in the home, as finished as the command of the demo leaves one."""
    from qualipolis.cli import demo
    from qualipolis.cli.homes import open_home
    from qualipolis.cli.serve import migrate

    demo.prepare(home)
    open_home(home, demo=True)
    migrate()
    from django.db import transaction

    from qualipolis.city.core.models import City

    with transaction.atomic():
        fill()
    City.objects.update(seed=2022, scale="city", built_with=demo.version())
    (home / demo.MARK).write_text("built")


def fill() -> None:
    """Offices, people, towns and records."""
    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import add_organisations, found_city
    from qualipolis.city.measure.catalogue import DEPARTMENTS

    actor = System("test")
    found_city(actor, None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    sections = [{"code": d.code, "kind": "department", "name_zh": d.name.zh, "name_en": d.name.en} for d in DEPARTMENTS]
    towns = [{"code": f"G-{code}", "kind": "town", "name_zh": f"{name}人民政府"} for code, name in TOWNS]
    bodies = {one.code: one for one in add_organisations(actor, None, rows=[*sections, *towns])}
    for row in CAST:
        person(*row, bodies)
    for place, (code, name) in enumerate(TOWNS):
        town(place, code, name, bodies[f"G-{code}"])


def person(played: str, role: str, name: str, bodies_: str, bodies: dict[str, Any]) -> None:
    """One person of the cast with their grants."""
    from qualipolis.city.core.models import Grant, Person

    scopes = [bodies[code] for code in bodies_.split()]
    made = Person(username=f"demo-{played}", display_name=f"{name}（演示）", demo_role=played)
    made.organisation = scopes[0] if scopes else bodies["AMR-QD"]
    made.set_unusable_password()
    made.save()
    Grant.objects.bulk_create(Grant(person=made, role=role, scope=scope) for scope in scopes or [None])


def town(place: int, code: str, name: str, government: Any) -> None:
    """A town with its figures, firms and records: the first does best."""
    from qualipolis.city.measure.models import SourceRecord, Statistic
    from qualipolis.city.registry.models import Enterprise, QualityOfficer, Unit

    unit = Unit.objects.create(
        code=code, name_zh=name, kind="town", government=government, assessed=True, peer_group="镇",
        grid_row=place // 3, grid_column=place % 3,
    )  # fmt: skip
    Statistic.objects.bulk_create(
        Statistic(unit=unit, year=YEAR, key=key, value=value)
        for key, value in (("population", 90_000.0 + 9_000 * place), ("employees", 40_000.0), ("industry", 400.0))
    )
    firms = [
        Enterprise.objects.create(credit_code=f"T{code}{n}", name_zh=f"{name}{n}号厂", unit=unit, above_scale=True)
        for n in range(4)
    ]
    for n, firm in enumerate(firms[: 4 - place % 4]):
        QualityOfficer.objects.create(enterprise=firm, number=f"Q{code}{n}", appointed_on=date(YEAR - 1, 5, 1))
    SourceRecord.objects.bulk_create(records(place, unit))


def records(place: int, unit: Any) -> list[Any]:
    """Twenty samples, ten complaints and the patents of a town."""
    from qualipolis.city.measure.models import SourceRecord

    def record(kind: str, n: int, purpose: str, outcome: str, flags: str = "", quantity: float = 1.0) -> Any:
        return SourceRecord(
            kind=kind, number=f"{kind[0]}{unit.code}{n}", unit=unit, happened_on=date(YEAR, 1 + n % 12, 5),
            purpose=purpose, outcome=outcome, flags=flags, quantity=quantity, synthetic=True,
        )  # fmt: skip

    found = [record("patent", 0, "", "valid", quantity=200.0 - 20 * place)]
    for n in range(20):
        failed = n <= place % 4
        flags = "order_due order_in_time review_due review_passed" if failed and n else "order_due review_due" * failed
        found.append(record("sample", n, "risk" if n % 4 == 3 else "random", "fail" if failed else "pass", flags))
    kinds = ["quality" if n % 3 else "other" for n in range(10)]
    found += [record("complaint", n, kind, "agreed", "in_time mediated" * (n > place)) for n, kind in enumerate(kinds)]
    return found


if __name__ == "__main__":
    build(Path(sys.argv[1]))
