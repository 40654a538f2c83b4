"""What the pages read of a release."""

from __future__ import annotations

import math

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from tests.city.assess.conftest import SCORES, VALUES
from tests.city.measure.cast import DECISION, SYSTEM, Cast, locked_round, tiny_set

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.explain import case
from qualipolis.city.assess.explain_parts import by_parent, year_parts
from qualipolis.city.assess.models import Assessment, Release, ScoreCard
from qualipolis.city.core.policy import visible

BEFORE = {"T1": {"a": 90, "b": 80, "c": 90}, "T2": {"a": 70, "b": 50, "c": 65}, "T4": {"a": 60, "b": 60, "c": 60}}


def publish(year: int, values) -> Release:
    made = service.run(SYSTEM, locked_round(tiny_set(year), values), seed=3, replicates=100)
    made = service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION)
    return service.publish(SYSTEM, made)


@pytest.fixture
def two_years(cast: Cast) -> Release:
    publish(2020, BEFORE)
    return publish(2021, VALUES)


def test_it_ranks_with_intervals_ties_and_the_year_before(two_years: Release) -> None:
    found = queries.ranking(two_years)
    assert [(row.place, row.unit, row.tied, row.previous_rank) for row in found.rows] == [
        (1, "T1", False, 1),
        (2, "T2", True, 2),
        (2, "T3", True, None),
        (4, "T4", False, 3),
    ]
    assert found.rows[3].moved == -1
    assert found.previous.number == "2020-R1"
    assert {row.unit: row.score for row in found.rows} == pytest.approx(SCORES)
    assert sum(len(rows) for _tier, rows in found.tiers) == 4


def test_it_ranks_at_any_node_and_inside_a_peer_group(two_years: Release, cast: Cast) -> None:
    assert [row.unit for row in queries.ranking(two_years, "NII").rows] == ["T1", "T2", "T3", "T4"]
    assert queries.ranking(two_years, "QDL").rows[0].score == pytest.approx(90.0)
    assert queries.ranking(two_years, peer_group="nobody").rows == ()
    assert queries.ranking(two_years, "no such node").node.code == "QDI"


def test_it_explains_the_change_of_a_score_exactly(two_years: Release) -> None:
    for unit in ("T1", "T2", "T4"):
        found = queries.town_profile(two_years, unit)
        before, after = found.trend[0].score, found.trend[1].score
        assert found.change == pytest.approx(after - before)
        made = case(two_years, unit)
        parts = year_parts(made)
        assert math.fsum(line.points for line in parts.lines) == pytest.approx(after - before)
        coarse = by_parent(made, parts).lines
        assert {line.code for line in coarse} <= {"QDL", "NII"}
        assert math.fsum(line.points for line in coarse) == pytest.approx(after - before)
    assert {line.code: line.absent for line in parts.lines}["b"] == "here"


def test_it_names_what_is_strong_and_weak_against_the_middle(two_years: Release) -> None:
    found = queries.town_profile(two_years, "T1")
    assert [one.node.code for one in found.strengths] == ["a", "c", "b"]
    assert found.weaknesses == ()
    assert (found.strengths[0].value, found.strengths[0].peers_value) == (100.0, 60.0)
    assert found.peers_are_all
    assert queries.town_profile(two_years, "T9") is None


def test_it_has_no_interval_where_nothing_was_counted(two_years: Release) -> None:
    point = queries.town_profile(two_years, "T1").trend[-1]
    assert (point.low, point.score, point.high) == pytest.approx((90.0, 90.0, 90.0))


def test_it_shows_an_indicator_with_everyone(two_years: Release) -> None:
    found = queries.indicator_page(two_years, "b")
    assert [(row.unit, row.value, row.rank) for row in found.rows] == [
        ("T1", 80.0, 1),
        ("T3", 70.0, 2),
        ("T2", 50.0, 3),
        ("T4", None, None),
    ]
    assert found.rows[-1].missing == "late"
    assert [str(name) for name in found.path] == ["综合", "水平"]
    assert (found.distribution.n, found.distribution.missing) == (3, 1)
    assert queries.indicator_page(two_years, "zz") is None


def test_it_sums_up_the_city_and_stays_honest_where_nothing_is(two_years: Release) -> None:
    found = queries.overview()
    assert (found.units, found.grades) == (4, {"A": 1, "C": 2, "D": 1})
    lines = {line.slug: line for line in found.stages}
    assert list(lines) == ["measure", "supervise", "listen", "diagnose", "build", "govern", "assess", "honour"]
    assert lines["supervise"].empty
    assert lines["honour"].empty
    assert lines["measure"].value == pytest.approx(100 * 11 / 12)
    assert lines["assess"].value == 4


def test_it_says_so_before_the_first_release(db: None) -> None:
    found = queries.overview()
    assert found.release is None
    assert all(line.empty for line in found.stages)
    assert queries.latest_release() is None


def test_it_speaks_both_languages_from_one_memory(two_years: Release) -> None:
    row = queries.ranking(two_years).rows[0]
    with override("zh-hans"):
        assert str(row.name) == "1镇"
    with override("en"):
        assert str(row.name) == "Town 1"


def test_it_reads_a_release_once(two_years: Release) -> None:
    queries.ranking(two_years)
    with CaptureQueriesContext(connection) as asked:
        queries.ranking(two_years)
        queries.town_profile(two_years, "T1")
    assert len(asked) <= 4


def test_it_tells_how_to_check_a_release(two_years: Release) -> None:
    found = queries.release_page(two_years)
    assert found.command == "qualipolis verify release 2021-R1"
    assert {"scores.csv", "intervals.csv", "inputs/data.csv"} <= {name for name, _size, _hash in found.files}
    assert (found.seed, found.replicates, found.year) == (3, 100, 2021)
    assert len(found.factors) == 3


def test_it_shows_a_run_to_overseers_a_preview_to_its_town_and_a_release_to_all(cast: Cast) -> None:
    made = service.run(SYSTEM, locked_round(tiny_set(), VALUES), seed=1, replicates=0)
    people = {**cast.people, "public": AnonymousUser()}

    def seen(model) -> dict[str, int]:
        counted = {role: visible(person, model.objects.all()).count() for role, person in people.items()}
        return {role: n for role, n in counted.items() if n}

    assert seen(Assessment) == {"leader": 1, "planner": 1, "auditor": 1}
    service.preview(SYSTEM, made)
    assert seen(Assessment).keys() == cast.people.keys()
    assert seen(ScoreCard) == {"leader": 4, "planner": 4, "auditor": 4, "town_officer": 1}
    service.publish(SYSTEM, service.decide(SYSTEM, made, *DECISION))
    assert seen(ScoreCard) == dict.fromkeys(people, 4)


def test_it_tells_each_role_the_next_step(cast: Cast) -> None:
    made = locked_round(tiny_set(), VALUES)

    def waiting() -> dict[str, list[str]]:
        return {
            role: [item.verb for item in queries.work(cast[role])] for role in ("planner", "leader", "town_officer")
        }

    assert waiting() == {"planner": ["assess.run"], "leader": [], "town_officer": []}
    run = service.run(SYSTEM, made, seed=1, replicates=0)
    assert waiting()["planner"] == ["assess.preview"]
    service.preview(SYSTEM, run)
    assert waiting() == {"planner": [], "leader": ["assess.decide"], "town_officer": []}
    service.decide(SYSTEM, run, *DECISION)
    assert waiting()["planner"] == ["assess.publish"]
    service.publish(SYSTEM, run)
    assert waiting()["planner"] == ["assess.draft_notice"]
