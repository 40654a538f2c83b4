"""A whole year in a small city, walked by the people who walk it: from the design of the set to the last rectification.

Everything is done by clicking and typing; the clock is moved where a term has to pass. After each part the page of the
year says what comes next, and with whom it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.browser import year_after, year_before, year_check
from tests.browser.small_city import YEAR
from tests.browser.year_walk import Walk, founded, walking

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The small city on a morning of November, one year before its year begins."""
    folder = tmp_path_factory.mktemp("year")
    founded(folder / "home", folder / "clock", datetime.fromisoformat(f"{YEAR - 1}-11-22T09:00:00+08:00"))
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def next_of(walk: Walk, role: str) -> str:
    """What the page of the year names as the next step of a role; there is one button for it or none."""
    page = walk.at(role, f"/desk/year/{YEAR}/")
    buttons = page.locator("main .btn-primary").all_inner_texts()
    assert len(buttons) <= 1, buttons
    return "".join(buttons)


def test_a_year_is_walked_from_its_design_to_its_last_rectification(walk: Walk) -> None:
    the_set_is_agreed(walk)
    the_values_are_collected_and_checked(walk)
    the_result_is_previewed_and_locked(walk)
    the_result_is_decided_and_told(walk)
    year_after.reopen(walk)
    year_after.hold(walk)


def the_set_is_agreed(walk: Walk) -> None:
    year_before.design(walk)
    year_before.consult(walk)
    year_before.approve(walk)
    assert next_of(walk, "planner") == "开始采集"


def the_values_are_collected_and_checked(walk: Walk) -> None:
    year_before.open_the_round(walk)
    year_before.collect(walk)
    year_before.check(walk)


def the_result_is_previewed_and_locked(walk: Walk) -> None:
    year_check.evaluate(walk)
    year_check.plan_and_draw(walk)
    year_check.look_on_site(walk)
    year_check.preview(walk)
    year_check.lock(walk)


def the_result_is_decided_and_told(walk: Walk) -> None:
    year_after.decide_and_publish(walk)
    assert next_of(walk, "planner") == "起草通报"
    year_after.rectify_and_notify(walk)
    assert next_of(walk, "town_officer") == "报方案或报告"
    year_after.rectify(walk)
    assert next_of(walk, "town_officer") == ""
