"""The tables of the award and its reviewers: a machine for each, what stops a step, the scheme, every limit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.talent import AWARDS
from qualipolis.law.flows.talent.awards import AWARD_APPLICATION, AWARD_ROUND, SCORE_SHEET
from qualipolis.law.flows.talent.reviewers import EXCELLENCE_REVIEWER
from qualipolis.law.rules import rule_on
from qualipolis.law.talent.excellence import BANDS, CATEGORIES, ITEMS, TOTAL, band_of, scores
from qualipolis.law.terms import deadline

TODAY = dt.date(2026, 6, 15)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2,
    "second_person": 3,
    "today": TODAY,
    "name": "round",
    "conditions": "words",
    "apply_until": dt.date(2026, 6, 1),
    "scheme_total": 1000,
    "undecided": 0,
    "open_objections": 0,
    "changed_scores": 0,
    "held": 0,
    "going_on": 9,
    "awards": 5,
    "most_awards": 5,
    "nominations": 15,
    "most_nominations": 15,
    "notice_until": dt.date(2026, 6, 12),
    "self_evaluation": 1,
    "contact": "x",
    "open_opinions": 0,
    "against": 0,
    "team": 4,
    "leads": 1,
    "conflicted": 0,
    "sheets_in": 3,
    "open_sheets": 0,
    "open_items": 0,
    "visitors": 2,
    "visited_on": TODAY,
    "report": "words",
    "tier": "award",
    "held_because": "few_reviewers",
    "scores": {item.code: 45 for item in ITEMS},
    "words": {item.code: "gap" for item in ITEMS},
    "conflict": "",
    "fields": "metal",
    "organisation": "college",
    "consent": True,
    "exam_score": 80,
    "exam_passing": 60,
    "hours": 16,
    "reviews": 12,
    "rating": 4.5,
}
BENDS: tuple[dict[str, Any], ...] = (
    {},
    *({"held_from": state} for state in AWARD_APPLICATION.states),
    *({"held_from": state} for state in EXCELLENCE_REVIEWER.states),
)


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", AWARDS, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", AWARDS, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=5)


@pytest.mark.parametrize("flow", AWARDS, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


def test_the_scheme_sums_to_1000_with_the_seven_categories() -> None:
    assert [category.points for category in CATEGORIES] == [110, 90, 90, 130, 100, 80, 400]
    assert sum(item.points for item in ITEMS) == TOTAL == 1000
    assert len({item.code for item in ITEMS}) == len(ITEMS) == 23


def test_bands_hold_every_step_of_5_once() -> None:
    assert [(band.low, band.high) for band in BANDS] == [(0, 5), (10, 25), (30, 45), (50, 65), (70, 85), (90, 100)]
    assert all(band_of(score).low <= score <= band_of(score).high for score in scores())


def test_it_grants_at_most_5_awards_and_15_nominations() -> None:
    assert refused(AWARD_ROUND, "objections_settled", "grant", awards=6) == "too_many_awards"
    assert refused(AWARD_ROUND, "deliberation", "give_notice", nominations=16) == "too_many_nominations"
    assert (rule_on("award.awards", TODAY).value, rule_on("award.nominations", TODAY).value) == (5, 15)


def test_the_notice_lasts_seven_working_days_with_its_last() -> None:
    until = deadline("award.public_notice", dt.date(2026, 9, 28)).due
    assert until == dt.date(2026, 10, 13)  # National Day is not counted, the make-up Saturday is
    assert refused(AWARD_ROUND, "public_notice", "end_notice", notice_until=until, today=until) == "notice_running"


def test_changed_scores_stop_the_grant() -> None:
    assert refused(AWARD_ROUND, "objections_settled", "grant", changed_scores=1) == "changed_scores"


def test_a_team_has_three_one_lead_and_no_conflict() -> None:
    assert refused(AWARD_APPLICATION, "eligible", "begin_review", team=2) == "small_team"
    assert refused(AWARD_APPLICATION, "eligible", "begin_review", leads=0) == "no_lead"
    assert refused(AWARD_APPLICATION, "eligible", "begin_review", conflicted=1) == "conflicted"


def test_fewer_than_three_sheets_go_nowhere() -> None:
    assert refused(AWARD_APPLICATION, "reviewing", "shortlist", sheets_in=2) == "few_sheets"
    held = {"held_from": "visited", "held_because": "few_reviewers", "sheets_in": 2}
    assert refused(AWARD_APPLICATION, "held", "release_visited", **held) == "few_sheets"


def test_a_regulator_who_objects_is_answered_in_writing() -> None:
    assert refused(AWARD_APPLICATION, "submitted", "accept", against=1) == "opinion_against"
    assert AWARD_APPLICATION.take("submitted", "accept", {"planner"}, READY | {"against": 1, "override": "why"})


def test_a_sheet_has_every_item_in_steps_of_5_with_words() -> None:
    one = ITEMS[0].code
    assert refused(SCORE_SHEET, "scoring", "hand_in", scores=READY["scores"] | {one: 42}) == "bad_score"
    assert refused(SCORE_SHEET, "scoring", "hand_in", words=READY["words"] | {one: " "}) == "no_words"
    assert refused(SCORE_SHEET, "assigned", "open", conflict="consultant") == "conflict"
    assert refused(SCORE_SHEET, "assigned", "open", conflict=None) == "conflict_unknown"


def test_promotion_needs_reviews_a_rating_and_hours() -> None:
    assert refused(EXCELLENCE_REVIEWER, "level_1", "promote_level_2", reviews=5) == "few_reviews"
    assert refused(EXCELLENCE_REVIEWER, "level_1", "promote_level_2", rating=3.9) == "low_rating"
    assert refused(EXCELLENCE_REVIEWER, "level_1", "promote_level_2", hours=15) == "few_hours"
    assert EXCELLENCE_REVIEWER.take("trainee", "promote_level_1", {"planner"}, READY | {"rating": None}) == "level_1"


def test_only_the_leader_grants_and_revokes_and_never_alone() -> None:
    assert refused(AWARD_APPLICATION, "granted", "revoke", second_person=2) == "one_person"
    with pytest.raises(Refused):
        AWARD_APPLICATION.take("granted", "revoke", {"planner"}, READY)
