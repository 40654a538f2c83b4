"""A small city with one of the later rooms; run as a program, it fills a home: ``HOME nqi|talent|govern``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

# role shown at the sign-in -> the member of the cast who acts in it
PLAYED = {
    "nqi": {
        "enterprise": "enterprise", "steward": "steward", "nqi_desk": "nqi_desk", "laboratory": "laboratory",
        "laboratory-2": "other_laboratory", "planner": "planner", "inspector": "inspector",
    },
    "talent": {
        "enterprise": "enterprise", "inspector": "inspector", "trainer": "trainer", "planner": "planner", "leader": "leader",
        "reviewer": "reviewer", "reviewer-2": "reviewer2", "reviewer-3": "reviewer3", "department": "department",
    },
    "govern": {
        "secretary": "secretary", "secretary-2": "secretary2", "member": "member", "member-2": "consumer",
        "member-3": "other_member", "enterprise": "enterprise", "department": "department", "complaint_desk": "complaint_desk",
    },
}  # fmt: skip


def build(home: Path, room: str) -> None:
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
        fill(room)
    City.objects.update(seed=2022, scale="city", built_with=demo.version())
    (home / demo.MARK).write_text("built")


def fill(room: str) -> None:
    """The cast of the room, each with a role of the demo."""
    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import found_city

    found_city(System("test"), None, code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = import_module(f"tests.city.{room}.cast").found()
    for shown, name in PLAYED[room].items():
        one = cast[name]
        one.demo_role, one.display_name = shown, f"{shown}（演示）"
        one.organisation = one.organisation or one.grants.get().scope
        one.save()
    if room == "talent":
        prepare(cast)
    if room == "nqi":
        sign(cast)


def prepare(cast: object) -> None:
    """A bank of questions, and reviewers on the list."""
    from tests.city.talent.award_walk import reviewer_of
    from tests.city.talent.cast import questions

    questions()
    for place, name in enumerate(("reviewer", "reviewer2", "reviewer3")):
        reviewer_of(cast, name, "level_1" if place else "level_2")  # type: ignore[arg-type]


def sign(cast: object) -> None:
    """Somebody who may sign the reports of each laboratory."""
    from tests.city.nqi.service_steps import signatory

    for one in (cast.laboratory, cast.other_laboratory):  # type: ignore[attr-defined]
        signatory(one)


if __name__ == "__main__":
    build(Path(sys.argv[1]), sys.argv[2])
