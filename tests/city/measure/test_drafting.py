"""Designing a draft: nodes moved, added, described and removed; refused whole, recorded, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.measure.cast import SYSTEM, Cast, frozen_set

from qualipolis.city.core.models import Event
from qualipolis.city.core.sentences import sentence
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.measure import drafting, service
from qualipolis.city.measure.models import IndicatorSet
from qualipolis.city.measure.sets import content_hash, tree_problems
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "name_zh": "新指标",
    "formula_zh": "甲除以乙",
    "source_zh": "统计局",
    "floor": 0.0,
    "target": 10.0,
}


@pytest.fixture
def draft(cast: Cast) -> IndicatorSet:
    return service.create_set(SYSTEM, None, 2022)


def under(draft: IndicatorSet, code: str) -> list[str]:
    return list(draft.indicators.filter(dimension__code=code).order_by("position").values_list("code", flat=True))


def test_it_moves_an_indicator_to_another_dimension_at_its_place(cast: Cast, draft: IndicatorSet) -> None:
    drafting.move_node(cast["planner"], draft, "PQ03", "safety", 1)
    assert under(draft, "safety") == ["SR06", "PQ03", "SR07"]
    assert "PQ03" not in under(draft, "product")
    positions = list(draft.indicators.order_by("position").values_list("position", flat=True))
    assert positions == sorted(set(positions))


@pytest.mark.parametrize(("place", "expected"), [(0, 0), (3, 3), (99, 9), (-5, 0)])
def test_it_reorders_among_sisters(cast: Cast, draft: IndicatorSet, place: int, expected: int) -> None:
    drafting.move_node(cast["planner"], draft, "PQ05", "product", place)
    assert under(draft, "product").index("PQ05") == expected


def test_it_moves_a_dimension_only_under_a_higher_level(cast: Cast, draft: IndicatorSet) -> None:
    drafting.move_node(cast["planner"], draft, "metrology", "QDL", 0)
    assert draft.dimensions.get(code="metrology").parent.code == "QDL"
    with pytest.raises(InputError, match="level"):
        drafting.move_node(cast["planner"], draft, "metrology", "product", 0)
    with pytest.raises(InputError, match="ancestor"):
        drafting.move_node(cast["planner"], draft, "QDL", "metrology", 0)
    assert tree_problems(draft) == []


@pytest.mark.parametrize(("code", "parent"), [("XX", "product"), ("PQ01", "XX"), ("PQ01", "PQ02")])
def test_it_refuses_a_move_to_nowhere(cast: Cast, draft: IndicatorSet, code: str, parent: str) -> None:
    before = content_hash(draft)
    with pytest.raises(InputError):
        drafting.move_node(cast["planner"], draft, code, parent, 0)
    assert content_hash(draft) == before


def test_it_adds_a_removed_indicator_again_from_the_catalogue(cast: Cast, draft: IndicatorSet) -> None:
    before = draft.indicators.get(code="NI02")
    drafting.remove_node(cast["planner"], draft, "NI02")
    drafting.add_indicator(cast["planner"], draft, "metrology", "NI02")
    again = draft.indicators.get(code="NI02")
    assert (again.name_zh, again.target, again.metric) == (before.name_zh, before.target, before.metric)


def test_it_adds_a_new_indicator_with_its_fields(cast: Cast, draft: IndicatorSet) -> None:
    drafting.add_indicator(cast["planner"], draft, "safety", "SR20", NEW)
    assert under(draft, "safety")[-1] == "SR20"
    assert tree_problems(draft) == []


def test_it_says_everything_that_is_wrong_with_a_new_indicator(cast: Cast, draft: IndicatorSet) -> None:
    wrong = NEW | {"name_zh": "", "formula_zh": "", "kind": "guess", "owner_id": 987654}
    with pytest.raises(InputError) as refused:
        drafting.add_indicator(cast["planner"], draft, "safety", "SR20", wrong)
    assert {problem.place for problem in refused.value.problems} == {"name_zh", "formula_zh", "kind", "owner"}
    with pytest.raises(InputError, match="taken"):
        drafting.add_indicator(cast["planner"], draft, "safety", "PQ01", NEW)
    with pytest.raises(InputError, match="letter"):
        drafting.add_indicator(cast["planner"], draft, "safety", "<b>", NEW)
    assert draft.indicators.count() == 44


def test_it_checks_the_whole_tree_before_it_keeps_a_goalpost(cast: Cast, draft: IndicatorSet) -> None:
    with pytest.raises(InputError):
        drafting.describe_node(cast["planner"], draft, "PQ01", {"floor": 99.0, "target": 50.0})
    assert draft.indicators.get(code="PQ01").floor == 86.0


def test_it_describes_a_node_and_tells_which_fields(cast: Cast, draft: IndicatorSet) -> None:
    drafting.describe_node(cast["planner"], draft, "PQ01", {"name_zh": "抽查合格率", "target": 99.0})
    assert draft.indicators.get(code="PQ01").name_zh == "抽查合格率"
    drafting.describe_node(cast["planner"], draft, "product", {"name_en": "Goods"})
    event = Event.objects.filter(verb="measure.describe_node").order_by("seq").first()
    assert event is not None and sentence(event).endswith("抽查合格率的1项内容")
    with pytest.raises(InputError, match="no field"):
        drafting.describe_node(cast["planner"], draft, "PQ01", {"metric": "os.system"})


def test_a_dimension_may_be_empty_in_a_draft_but_does_not_go_out_for_comments(cast: Cast, draft: IndicatorSet) -> None:
    drafting.add_dimension(cast["planner"], draft, "QDL", "brand", {"name_zh": "品牌", "name_en": "Brands"})
    drafting.edit_set(cast["planner"], draft, {"PQ01": {"weight": 0.3}})
    with pytest.raises(InputError, match="target"):
        drafting.describe_node(cast["planner"], draft, "PQ01", {"floor": 99.0, "target": 99.0})
    with pytest.raises(InputError):
        service.consult(cast["planner"], draft)
    drafting.move_node(cast["planner"], draft, "MB05", "brand", 0)
    assert service.consult(cast["planner"], draft).status == "consulted"


def test_it_removes_only_what_holds_nothing(cast: Cast, draft: IndicatorSet) -> None:
    with pytest.raises(InputError, match="still holds"):
        drafting.remove_node(cast["planner"], draft, "engineering")
    drafting.remove_node(cast["planner"], draft, "SR08")
    drafting.remove_node(cast["planner"], draft, "engineering")
    assert not draft.dimensions.filter(code="engineering").exists()


def test_no_dimension_hangs_under_one_that_holds_indicators(cast: Cast, draft: IndicatorSet) -> None:
    with pytest.raises(InputError, match="No dimension"):
        drafting.add_dimension(cast["planner"], draft, "product", "deep", {"name_zh": "深"})


@pytest.mark.parametrize(
    "step",
    [
        lambda who, row: drafting.move_node(who, row, "PQ03", "safety", 1),
        lambda who, row: drafting.remove_node(who, row, "SR08"),
        lambda who, row: drafting.add_indicator(who, row, "safety", "SR20", NEW),
        lambda who, row: drafting.add_dimension(who, row, "QDL", "brand", {"name_zh": "品牌"}),
        lambda who, row: drafting.describe_node(who, row, "PQ01", {"name_zh": "改名", "target": 98.0}),
        lambda who, row: drafting.edit_set(who, row, {"PQ01": {"weight": 0.9}, "QDL": {"weight": 2.0}}),
    ],
)
def test_every_step_can_be_taken_back(cast: Cast, draft: IndicatorSet, step: Any) -> None:
    before = content_hash(draft)
    step(cast["planner"], draft)
    assert content_hash(draft) != before
    undo(cast["planner"], open_for(cast["planner"]))
    assert content_hash(draft) == before


def test_a_step_that_others_went_on_from_stays(cast: Cast, draft: IndicatorSet) -> None:
    drafting.describe_node(cast["planner"], draft, "PQ01", {"name_zh": "改名"})
    first = open_for(cast["planner"])
    drafting.describe_node(SYSTEM, draft, "PQ01", {"name_zh": "再改"})
    with pytest.raises(PermissionDenied):
        undo(cast["planner"], first)


@pytest.mark.parametrize("role", ["leader", "department", "town_officer", "auditor"])
def test_only_the_planner_designs(cast: Cast, draft: IndicatorSet, role: str) -> None:
    with pytest.raises(PermissionDenied):
        drafting.move_node(cast[role], draft, "PQ03", "safety", 0)
    with pytest.raises(PermissionDenied):
        drafting.remove_node(cast[role], draft, "PQ03")


def test_a_frozen_set_is_not_designed(cast: Cast) -> None:
    frozen = frozen_set(2023)
    with pytest.raises(InputError, match="Only a draft"):
        drafting.move_node(cast["planner"], frozen, "PQ03", "safety", 0)
