"""A small city with its product hospital and one failed sample whose maker was offered help; run as a program, it fills a home."""

from __future__ import annotations

import sys
from pathlib import Path

NAMES = {
    "enterprise": "企业质量官", "hospital_desk": "导诊员", "hospital_manager": "医院管理员", "expert": "主诊专家",
    "colleague": "会诊专家", "laboratory": "实验室检验员", "inspector": "检查员",
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
    """The cast of the hospital's tests, and a failed result with its offer."""
    from tests.city.hospital.cast import found
    from tests.city.supervise.cast import make_result

    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import found_city
    from qualipolis.city.hospital.models import Offer
    from qualipolis.city.supervise.models import Sample

    found_city(System("test"), None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = found()
    for role, name in NAMES.items():
        one = cast[role]
        one.demo_role, one.display_name = role, f"{name}（演示）"
        one.organisation = one.organisation or one.grants.get().scope
        one.save()
    result = make_result(cast.city, status="final")
    Sample.objects.update(status="reported")
    Offer.objects.create(enterprise=result.sample.task.enterprise, result=result)
    assert result.sample.task.enterprise == cast.firm


if __name__ == "__main__":
    build(Path(sys.argv[1]))
