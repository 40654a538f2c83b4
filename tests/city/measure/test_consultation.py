"""A set is consulted: comments come, each gets its answer, and only then it is approved. Targets follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import SYSTEM, Cast, locked_round, tiny_set

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import Comment, IndicatorSet, TownTarget
from qualipolis.law.calendar import add_days
from qualipolis.methods.problems import InputError


@pytest.fixture
def consulted(cast: Cast) -> IndicatorSet:
    return service.consult(cast["planner"], service.create_set(cast["planner"], None, 2022))


def test_the_term_for_comments_starts_with_the_consultation(consulted: IndicatorSet) -> None:
    assert consulted.comments_until == add_days(timezone.localdate(), 10, "working").due
    assert queries.consultation(consulted).open


def test_everyone_with_a_role_comments_on_the_set_or_on_a_node(cast: Cast, consulted: IndicatorSet) -> None:
    for role in ("town_officer", "department", "enterprise"):
        service.comment(cast[role], consulted, "目标值偏高", "PQ01")
    service.comment(cast["town_officer"], consulted, "整体权重建议再听取意见")
    found = queries.consultation(consulted)
    assert (found.total, found.unanswered, found.nodes) == (4, 4, {"PQ01": 3, "": 1})
    with pytest.raises(PermissionDenied):
        service.comment(AnonymousUser(), consulted, "路过")


@pytest.mark.parametrize(("text", "node", "code"), [(" ", "", "bad_text"), ("好", "ZZ", "unknown_node")])
def test_a_comment_says_something_about_something(cast: Cast, consulted: IndicatorSet, text, node, code) -> None:
    with pytest.raises(InputError) as refused:
        service.comment(cast["department"], consulted, text, node)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_no_comment_after_the_last_day_or_on_a_draft(cast: Cast, consulted: IndicatorSet) -> None:
    IndicatorSet.objects.update(comments_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(InputError, match=r"taken until"):
        service.comment(cast["department"], consulted, "晚了")
    draft = service.create_set(SYSTEM, None, 2023)
    with pytest.raises(InputError, match="not open"):
        service.comment(cast["department"], draft, "还早")


def test_it_is_approved_only_when_every_comment_is_answered(cast: Cast, consulted: IndicatorSet) -> None:
    made = service.comment(cast["town_officer"], consulted, "目标值偏高", "PQ01")
    with pytest.raises(InputError, match="1 comments"):
        service.approve(cast["leader"], consulted, "1号")
    with pytest.raises(InputError, match="reason"):
        service.answer_comment(cast["planner"], made, "not_adopted")
    service.answer_comment(cast["planner"], made, "not_adopted", "目标值与规划一致")
    assert queries.consultation(consulted).answers == {"not_adopted": 1}
    assert service.approve(cast["leader"], consulted, "1号").status == "approved"
    with pytest.raises(InputError):
        service.answer_comment(cast["planner"], made, "adopted")


def test_a_comment_can_be_taken_back_and_then_waits_for_no_answer(cast: Cast, consulted: IndicatorSet) -> None:
    made = service.comment(cast["town_officer"], consulted, "笔误")
    undo(cast["town_officer"], open_for(cast["town_officer"]))
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert queries.consultation(consulted).total == 0
    assert Event.objects.filter(verb="measure.comment_set").count() == 1


def test_an_answered_comment_is_not_taken_back(cast: Cast, consulted: IndicatorSet) -> None:
    made = service.comment(cast["town_officer"], consulted, "意见")
    service.answer_comment(cast["planner"], made, "adopted")
    with pytest.raises(PermissionDenied):
        undo(cast["town_officer"], open_for(cast["town_officer"]))


def test_one_sees_ones_own_comments_and_all_answers_but_the_public_none(cast: Cast, consulted: IndicatorSet) -> None:
    made = service.comment(cast["town_officer"], consulted, "意见")
    people = {**cast.people, "public": AnonymousUser()}

    def seen() -> set[str]:
        return {role for role, person in people.items() if visible(person, Comment.objects.all()).exists()}

    assert seen() == {"leader", "planner", "auditor", "town_officer"}
    service.answer_comment(cast["planner"], made, "adopted")
    assert seen() == {"leader", "planner", "auditor", "town_officer", "department"}


def test_work_names_the_comments_to_make_and_to_answer(cast: Cast, consulted: IndicatorSet) -> None:
    def verbs(role: str) -> list[str]:
        return [item.verb for item in queries.work(cast[role])]

    assert verbs("department") == ["measure.comment_set"]
    assert verbs("leader") == ["measure.approve_set"]
    service.comment(cast["department"], consulted, "意见")
    assert verbs("department") == []
    assert verbs("planner") == ["measure.answer_comment"]
    assert verbs("leader") == []


def test_a_town_files_targets_and_sees_them_beside_the_result(cast: Cast) -> None:
    made = tiny_set()
    assert service.file_targets(cast["town_officer"], cast.units[0], made, {"a": 60, "b": 90, "c": 1}) == 3
    service.file_targets(cast["town_officer"], cast.units[0], made, {"c": None})
    locked_round(made, {"T1": {"a": 70, "b": 80}})
    found = queries.targets(cast["town_officer"], made)
    assert [(one.indicator.code, one.target, one.result, one.reached) for one in found] == [
        ("a", 60.0, 70.0, True),
        ("b", 90.0, 80.0, False),
    ]
    assert queries.targets(cast["department"], made) == []


def test_a_target_belongs_to_its_town_its_set_and_is_a_number(cast: Cast) -> None:
    made = tiny_set()
    with pytest.raises(PermissionDenied):
        service.file_targets(cast["town_officer"], cast.units[1], made, {"a": 1})
    with pytest.raises(InputError) as refused:
        service.file_targets(cast["town_officer"], cast.units[0], made, {"zz": 1, "a": float("nan"), "b": 2})
    assert [problem.code for problem in refused.value.problems] == ["unknown_node", "bad_target"]
    assert not TownTarget.objects.exists()
