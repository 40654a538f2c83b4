"""The page of the year at each stage, from the draft of its set to its last rectification: states and who acts next."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from tests.city.measure.cast import DECISION, SYSTEM, make_cast, tiny_set
from tests.faces.cycle_desk import Desk

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Rectification, Release
from qualipolis.city.core.models import City
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Served

pytestmark = pytest.mark.django_db
STEP = re.compile(r'<li id="(\w+)"><div>.*?<span class="chip[^>]*>(.*?)</span>', re.DOTALL)
NEXT = re.compile(r'class="btn btn-primary"[^>]*>([^<]+)<')
OPEN = {"未开始", "进行中", "等别人办"}


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def desk() -> Desk:
    """A set of the year that is frozen, and nothing collected."""
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    tiny_set()
    return Desk(make_cast(), CollectionRound())


def seen(desk: Desk, role: str = "planner") -> tuple[set[str], str]:
    """The steps that are done, and the one button of the page."""
    text = desk.text(role, "/desk/year/2021/")
    states = {key: re.sub(r"<.*?>|\s", "", chip) for key, chip in STEP.findall(text)}
    assert len(states) == 10 and set(states.values()) <= {"已完成", *OPEN}, states
    buttons = NEXT.findall(text)
    assert len(buttons) <= 1
    return {key for key, state in states.items() if state == "已完成"}, "".join(buttons)


def collected(desk: Desk) -> CollectionRound:
    """Every value is in and verified."""
    row = measure.open_round(SYSTEM, measure_set(), date(2022, 1, 10), date(2022, 2, 28))
    rows = [(code, unit.code, 50, None, None) for unit in desk.cast.units for code in "abc"]
    measure.fill_round(SYSTEM, row, rows)
    measure.submit_many(SYSTEM, row)
    return row


def measure_set() -> Any:
    from qualipolis.city.measure.models import IndicatorSet

    return IndicatorSet.objects.get()


def test_a_draft_waits_for_the_office_and_a_consulted_set_for_the_leader(desk: Desk) -> None:
    row = measure_set()
    type(row).objects.update(status="draft")
    assert seen(desk)[1] == "征求意见"
    type(row).objects.update(status="consulted")
    assert seen(desk)[1] == ""
    assert seen(desk, "leader")[1] == "批准指标体系"


def test_the_page_follows_the_collection_to_its_lock(desk: Desk) -> None:
    assert seen(desk) == (set(), "开始采集")
    row = collected(desk)
    assert seen(desk, "department")[1] == "" and "desk" not in seen(desk)[0]
    measure.verify_many(SYSTEM, row)
    row = measure.close_entry(SYSTEM, row)
    done, button = seen(desk)
    assert done == {"collection", "desk"} and button
    made = service.preview(SYSTEM, service.run(SYSTEM, row, seed=1, replicates=0))
    assert made.status == "previewed" and "preview" not in seen(desk)[0]
    Served.objects.update(acknowledged_at="2022-03-01T00:00:00Z", no_objection=True)
    assert {"preview", "window"} <= seen(desk)[0]
    measure.lock_round(SYSTEM, row)
    assert seen(desk, "leader")[1] == "审定"


def published(desk: Desk) -> Release:
    row = collected(desk)
    measure.verify_many(SYSTEM, row)
    row = measure.lock_round(SYSTEM, measure.close_entry(SYSTEM, row))
    made = service.preview(SYSTEM, service.run(SYSTEM, row, seed=1, replicates=0))
    return service.publish(SYSTEM, service.decide(SYSTEM, made, *DECISION))


def test_the_page_follows_the_release_to_its_last_rectification(desk: Desk) -> None:
    release = published(desk)
    assert {"preview", "window", "decision"} <= seen(desk)[0]
    assert seen(desk)[1] == "起草通报"
    row = service.open_rectification(SYSTEM, release.assessment.round, desk.cast.units[0], [service.Item("补齐标准", "a", 60.0, "2022")])  # fmt: skip
    service.issue_notice(SYSTEM, service.draft_notice(SYSTEM, release), "6号", date(2022, 5, 6))
    assert not {"notice", "rectify"} & seen(desk)[0]
    Served.objects.filter(kind="notice").update(acknowledged_at="2022-05-08T00:00:00Z")
    Rectification.objects.filter(pk=row.pk).update(status="closed")
    assert {"notice", "rectify"} <= seen(desk)[0]


def test_a_reopened_year_lies_with_the_office_again(desk: Desk) -> None:
    row = published(desk).assessment.round
    measure.reopen_round(desk.cast["leader"], row, "财政数据更正")
    measure.confirm_reopen(desk.cast["auditor"], row)
    done, button = seen(desk)
    assert "targets" in done and not {"desk", "preview"} & done
    assert button == "逐项维持或更正"
    assert seen(desk, "town_officer")[1] == ""
