"""A small city in the middle of a campaign: two inspectors with tasks to visit. Run as a program, it fills a home."""

from __future__ import annotations

import sys
from pathlib import Path

TASKS = 4


def build(home: Path) -> None:
    """Found the city as the command of the demo leaves one, with a task for each of the first firms."""
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
    """The cast of the tests, whose people can be chosen at the sign-in of the demo."""
    from tests.city.supervise.cast import make_campaign, make_cast, make_task

    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import found_city

    found_city(System("test"), None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = make_cast()
    for name in ("inspector", "inspector2", "planner", "department"):
        person = cast[name]
        person.demo_role, person.display_name = (
            name,
            {"inspector": "李检查员", "inspector2": "赵检查员"}.get(name, name),
        )
        person.save()
    campaign = make_campaign(cast)
    for place in range(TASKS):
        make_task(cast, campaign, enterprise=cast.firms[place])


if __name__ == "__main__":
    build(Path(sys.argv[1]))
