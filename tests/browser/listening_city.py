"""A small city with its complaint desk and the federation that mediates; run as a program, it fills a home."""

from __future__ import annotations

import sys
from pathlib import Path

NAMES = {
    "complaint_desk": "投诉举报专员", "mediator": "联合会调解员", "enterprise": "企业质量官", "inspector": "检查员",
    "department": "科室经办人", "leader": "领导",
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
    """The cast of listening, each with a role of the demo."""
    from tests.city.listen.cast import found

    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import found_city

    found_city(System("test"), None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = found()
    for role, name in NAMES.items():
        one = cast[role]
        one.demo_role, one.display_name = role, f"{name}（演示）"
        one.organisation = one.organisation or one.grants.get().scope
        one.save()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
