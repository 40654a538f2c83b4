"""The demo city shows the yearly cycle at every stage."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.demo.built import demo_city

from qualipolis.city.assess import queries
from qualipolis.city.assess.models import Assessment, Rectification, SelfEvaluation, SiteCheck, SiteFinding
from qualipolis.city.core.models import Person
from qualipolis.city.measure import queries as measure
from qualipolis.city.measure.models import CollectionRound, Comment, IndicatorSet, LateValue, Observation
from qualipolis.demo.scale import YEARS


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo city in the test database; yields its home."""
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home


def round_of(year: int) -> CollectionRound:
    return CollectionRound.objects.get(period=str(year))


def person(role: str) -> Person:
    return Person.objects.get(demo_role=role)


def test_every_decision_has_its_number_and_its_day(filled):
    found = Assessment.objects.values_list("round__set__year", "decision_doc", "meeting_on__year")
    assert all(document and year == of + 1 for of, document, year in found)


def test_both_last_years_have_self_evaluations_beside_the_computed_scores(filled):
    states = Counter(SelfEvaluation.objects.values_list("round__set__year", "status"))
    last = YEARS[-1]
    assert states == {(last - 1, "accepted"): 33, (last, "accepted"): 31, (last, "returned"): 1, (last, "submitted"): 1}
    lines = queries.self_evaluation_lines(person("planner"), round_of(last))
    gaps = [line.total.gap for line in lines if line.row.status != "returned"]
    assert len(gaps) == 32 and None not in gaps
    assert max(gaps) > 10 > sorted(gaps)[len(gaps) // 2]


def test_checks_on_site_were_drawn_by_lots_that_come_out_again(filled):
    plans = list(SiteCheck.objects.all())
    assert len(plans) == 3
    assert all(queries.verify_draw(plan).lots_hold and queries.verify_draw(plan).population_holds for plan in plans)
    results = set(SiteFinding.objects.values_list("result", flat=True))
    assert results == {"", "confirmed", "no_evidence", "different"}


def test_the_last_notice_is_served_and_its_text_says_what_the_release_says(filled):
    made = queries.notices(person("planner")).first()
    found = queries.notice_facts(made, person("planner"))
    assert (found.year, found.served, found.acknowledged) == (YEARS[-1], 33, 32)
    assert sum(found.facts["grades"].values()) == found.facts["units"] == 33
    assert f"发布版 {found.release.number}" in made.text_zh


def test_rectifications_stand_at_every_stage_and_one_is_overdue(filled):
    lines = queries.rectifications(person("planner"), round_of(YEARS[-1]))
    assert {line.row.status for line in lines} == {"open", "planned", "reported", "returned", "closed"}
    assert [line.row.status for line in lines if line.overdue] == ["planned"]
    earlier = Rectification.objects.filter(round=round_of(YEARS[-2]))
    assert set(earlier.values_list("status", flat=True)) == {"closed"}


def test_the_next_set_is_consulted_with_answers_given_and_owed(filled):
    found = measure.consultation(IndicatorSet.objects.get(year=YEARS[-1] + 1))
    assert (found.open, found.total, found.unanswered) == (True, 4, 2)
    assert Comment.objects.exclude(answer="").filter(reply="").count() == 0


def test_late_and_revised_data_change_no_locked_value(filled):
    late = LateValue.objects.get()
    seen = Observation.objects.get(round=late.round, indicator=late.indicator, unit=late.unit)
    assert seen.value != late.value
    effect = queries.effect_of_revision(round_of(YEARS[-2]))
    assert effect.values and any(row.difference for row in effect.rows)


def test_every_role_of_the_cycle_has_work_waiting(filled):
    wanted = {
        "planner": {"measure.answer_comment", "assess.accept_self_evaluation", "assess.extend_rectification"},
        "town_officer": {"assess.submit_self_evaluation", "assess.plan_rectification", "measure.acknowledge"},
        "department": {"assess.check_item"},
        "inspector": {"assess.record_finding"},
    }
    for role, verbs in wanted.items():
        who = person(role)
        assert verbs <= {item.verb for item in (*measure.work(who), *queries.work(who))}, role


def test_targets_stand_beside_their_results(filled):
    found = measure.targets(person("planner"), round_of(YEARS[-1]).set)
    assert len(found) > 33 * 6
    assert {line.reached for line in found} >= {True, False}
