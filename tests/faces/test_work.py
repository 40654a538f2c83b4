"""My work: by deadline, five lines, what waits for others, and an honest empty state."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from tests.city.measure.cast import SYSTEM, Cast, person
from tests.faces.measure_desk import as_, cell, collection, found

from qualipolis.city.measure import service
from qualipolis.faces import desk
from qualipolis.faces.desk import loop

pytestmark = pytest.mark.django_db
DIST = Path(desk.__file__).parents[1] / "static" / "dist"


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.HOME = tmp_path
    return found()


def home(cast: Cast, role: str) -> Any:
    return as_(cast, role).get("/desk/")


def test_it_says_what_a_town_has_to_hand_in_and_where(cast: Cast) -> None:
    row = collection()
    answer = home(cast, "town_officer")
    task = answer.context["first"]
    assert task.url == f"/desk/rounds/{row.pk}/sheet/?unit=T1"
    assert "今天已办0件，还有1件" in answer.content.decode()
    assert loop.counts(cast["town_officer"])["measure"] == 1


def test_it_counts_what_was_done_and_what_lies_with_others(cast: Cast) -> None:
    row = collection()
    one = service.save_draft(SYSTEM, cell(row, "PQ09"), 80, 100, document="证1号")
    service.submit(cast["town_officer"], one)
    answer = home(cast, "town_officer")
    assert "今天已办1件" in answer.content.decode()
    assert [line.who for line in answer.context["waiting"]] == ["质量监督科"]
    assert answer.context["undo"] is not None


def test_it_leads_a_department_to_the_indicator_it_checks(cast: Cast) -> None:
    row = collection()
    service.submit(cast["town_officer"], service.save_draft(SYSTEM, cell(row, "PQ09"), 80, 100, document="证1号"))
    assert home(cast, "department").context["first"].url == f"/desk/check/?round={row.pk}&indicator=PQ09"


def test_it_shows_five_lines_at_most_and_links_to_the_rest(cast: Cast) -> None:
    for year in range(2010, 2017):
        service.create_set(SYSTEM, None, year)
    answer = home(cast, "planner")
    assert (1 + len(answer.context["rest"]), answer.context["more"]) == (5, 2)
    assert as_(cast, "planner").get("/desk/work/").content.decode().count("<li>") >= 7


@pytest.mark.parametrize("role", ["inspector", "laboratory", "expert", "enterprise", "reviewer", "admin"])
def test_a_role_whose_room_is_not_open_gets_a_reason_and_a_next_step(cast: Cast, role: str) -> None:
    cast.people[role] = person(f"one-{role}", role)
    answer = home(cast, role)
    assert answer.context["empty"].why
    assert answer.context["empty"].url
    assert answer.context["empty"].title in answer.content.decode()


def test_the_first_screen_stays_within_its_budget(cast: Cast) -> None:
    collection()
    sizes = [len(gzip.compress(home(cast, "town_officer").content))]
    sizes += [len(gzip.compress((DIST / name).read_bytes())) for name in ("main.css", "main.js")]
    assert sum(sizes) < 90_000


def test_it_asks_the_database_the_same_few_questions_whatever_waits(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for year in range(2010, 2016):
        service.create_set(SYSTEM, None, year)
    client = as_(cast, "planner")
    client.get("/desk/")
    with django_assert_max_num_queries(64):  # supervision asks about fifteen, listening seven, the later rooms ten
        client.get("/desk/")
