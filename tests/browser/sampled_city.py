"""A small city before its first supervision sampling: an office, two inspectors, two laboratories, two firms.

Run as a program, it fills a home; everybody can be chosen at the sign-in of the demo.
"""

from __future__ import annotations

import sys
from pathlib import Path

NAMES = {
    "leader": "领导", "planner": "计划员", "inspector": "李检查员", "inspector2": "赵检查员", "laboratory": "甲实验室检验员",
    "laboratory2": "甲实验室签字人", "other_laboratory": "乙实验室检验员", "other_lab2": "乙实验室签字人", "enterprise": "企业质量官",
}  # fmt: skip


def build(home: Path) -> None:
    """Found the city as the command of the demo leaves one."""
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
    """The cast of the tests with detailed rules that are public; each inspector may go to every town."""
    from tests.city.supervise.cast import make_cast, person

    from qualipolis.city.core.models import Organisation
    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import found_city
    from qualipolis.city.supervise.models import InspectorProfile

    found_city(System("test"), None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = make_cast(firms=1)
    second = Organisation.objects.get(code="LAB2")
    cast.people["other_lab2"] = person("other_lab2", "laboratory", second)
    for role, name in NAMES.items():
        one = cast[role]
        one.demo_role, one.display_name, one.organisation = role, f"{name}（演示）", one.grants.get().scope
        one.save()
    for profile in InspectorProfile.objects.all():
        profile.regions.set(cast.units)
    Organisation.objects.create(code="AMR", kind="bureau", name_zh="市市场监管局", name_en="Bureau")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
