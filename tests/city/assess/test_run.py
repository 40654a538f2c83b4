"""A run over the tiny city, computed by hand beside it."""

from __future__ import annotations

import math

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.assess.conftest import SCORES
from tests.city.measure.cast import DECISION, SYSTEM, Cast, cell, open_round, tiny_set

from qualipolis.city.assess import service
from qualipolis.city.assess.inputs import read_round, standard_errors
from qualipolis.city.assess.models import Adjustment, Assessment, NodeScore, ScoreCard
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation
from qualipolis.methods.problems import InputError


def run(locked: CollectionRound, replicates: int = 200) -> dict[str, ScoreCard]:
    made = service.run(SYSTEM, locked, seed=1, replicates=replicates)
    return {card.unit.code: card for card in service.cards_of(made)}


def node(card: ScoreCard, code: str) -> NodeScore:
    return card.nodes.get(node=code)


def test_it_scores_what_a_person_scores(locked: CollectionRound) -> None:
    cards = run(locked)
    assert {code: card.score for code, card in cards.items()} == pytest.approx(SCORES)
    assert (node(cards["T1"], "QDL").score, node(cards["T1"], "NII").score) == pytest.approx((90.0, 90.0))


def test_it_keeps_a_tie_a_tie_and_skips_the_next_rank(locked: CollectionRound) -> None:
    assert {code: card.rank for code, card in run(locked).items()} == {"T1": 1, "T2": 2, "T3": 2, "T4": 4}


def test_it_gives_a_missing_value_no_zero_but_its_weight_to_the_others(locked: CollectionRound) -> None:
    card = run(locked)["T4"]
    assert node(card, "QDL").score == pytest.approx(30.0)
    assert node(card, "b").score is None
    assert card.present == 2


def test_it_splits_the_composite_into_parts_that_add_up(locked: CollectionRound) -> None:
    for card in run(locked).values():
        parts = [row.contribution for row in card.nodes.filter(level=1)]
        assert math.fsum(parts) == pytest.approx(card.score)


def test_it_draws_intervals_around_the_ranks(locked: CollectionRound) -> None:
    for card in run(locked).values():
        row = node(card, "QDI")
        assert row.rank_p05 <= row.rank_median <= row.rank_p95
        assert row.top_ten == 1.0


def test_it_gives_grades_by_half_open_bands(locked: CollectionRound) -> None:
    assert {code: card.grade for code, card in run(locked).items()} == {"T1": "A", "T2": "C", "T3": "C", "T4": "D"}


def test_it_caps_the_bonus_and_needs_its_document(locked: CollectionRound, cast: Cast) -> None:
    with pytest.raises(InputError, match="number of its document"):
        service.adjust(cast["planner"], locked, cast.units[1], "bonus", "", "获奖", points=2)
    service.adjust(cast["planner"], locked, cast.units[1], "bonus", "1号", "获奖", points=4)
    service.adjust(cast["planner"], locked, cast.units[1], "bonus", "2号", "试点", points=4)
    card = run(locked)["T2"]
    assert (card.bonus, card.score) == (5.0, pytest.approx(62.0))
    assert card.final_score == pytest.approx(67.0)
    assert (card.rank, run(locked)["T3"].rank) == (2, 3)


def test_it_gives_grade_d_on_a_veto_and_says_why(locked: CollectionRound, cast: Cast) -> None:
    service.adjust(cast["planner"], locked, cast.units[0], "veto", "3号", "系统性质量安全事件")
    card = run(locked)["T1"]
    assert (card.grade, card.score, card.rank) == ("D", pytest.approx(90.0), 1)
    assert card.veto == "系统性质量安全事件（3号）"


def test_it_scores_falsified_data_zero(locked: CollectionRound, cast: Cast) -> None:
    service.adjust(cast["planner"], locked, cast.units[0], "falsified", "4号", "篡改", indicator="a")
    card = run(locked)["T1"]
    assert node(card, "a").score == 0.0
    assert card.score == pytest.approx(0.6 * 40 + 0.4 * 90)


@pytest.mark.parametrize(
    ("kind", "more"), [("bonus", {"points": -1}), ("falsified", {"indicator": "zz"}), ("praise", {}), ("bonus", {})]
)
def test_it_refuses_adjustments_that_make_no_sense(locked: CollectionRound, cast: Cast, kind, more) -> None:
    with pytest.raises(InputError):
        service.adjust(cast["planner"], locked, cast.units[0], kind, "1号", "理由", **more)
    assert not Adjustment.objects.exists()


def test_it_places_units_in_quarters_against_the_median(locked: CollectionRound) -> None:
    assert {code: card.quadrant for code, card in run(locked).items()} == {
        "T1": "lead",
        "T2": "lead",
        "T3": "lead",
        "T4": "build",
    }


def test_it_is_the_same_for_the_same_seed(locked: CollectionRound) -> None:
    first, second = (service.run(SYSTEM, locked, seed=5, replicates=100) for _ in range(2))
    rows = [
        list(
            NodeScore.objects.filter(card__assessment=one).order_by("card__unit__code", "node").values_list("rank_p95")
        )
        for one in (first, second)
    ]
    assert rows[0] == rows[1]
    assert first.inputs_hash == second.inputs_hash


def test_it_leaves_out_what_nobody_has_and_says_so(cast: Cast) -> None:
    made = open_round(tiny_set())
    measure.fill_round(SYSTEM, made, [("a", "T1", 50, None, None), ("a", "T2", 60, None, None)])
    measure.submit_many(SYSTEM, made)
    measure.verify_many(SYSTEM, made)
    read = read_round(made)
    assert read.left_out == ("b", "c")
    assert set(read.units) == {"T1", "T2"}
    assert set(read.framework.aggregates) == {"QDI", "QDL"}


def test_it_has_nothing_to_assess_before_anything_is_verified(cast: Cast) -> None:
    with pytest.raises(InputError, match="no verified value"):
        service.run(SYSTEM, open_round(tiny_set()), seed=1)
    assert not Assessment.objects.exists()


def test_it_does_not_read_what_is_only_handed_in(cast: Cast) -> None:
    made = open_round(tiny_set())
    measure.fill_round(SYSTEM, made, [("a", u, 50, None, None) for u in ("T1", "T2")])
    measure.submit_many(SYSTEM, made)
    Observation.objects.filter(pk=cell(made, "T1", "a").pk).update(status="verified")
    assert set(read_round(made).units) == {"T1"}


def test_it_does_not_take_4_of_4_for_certain() -> None:
    import numpy as np

    leaf = Indicator(is_proportion=True, kind="ratio", factor=100.0)
    error = standard_errors([leaf], np.array([[4.0]]), np.array([[4.0]]))[0, 0]
    assert error == pytest.approx((100 - 51.01) / 2 / 1.96, abs=0.01)


def test_it_is_run_by_the_planner_alone(locked: CollectionRound, cast: Cast) -> None:
    for role in ("leader", "department", "town_officer", "auditor"):
        with pytest.raises(PermissionDenied):
            service.run(cast[role], locked, seed=1, replicates=0)
    assert service.run(cast["planner"], locked, seed=1, replicates=0).run_by == cast["planner"]


def test_a_run_of_other_values_is_neither_previewed_nor_decided(cast: Cast, locked: CollectionRound) -> None:
    made = service.run(SYSTEM, locked, seed=1, replicates=0)
    Observation.objects.filter(round=locked, unit__code="T1", indicator__code="a").update(numerator=50, value=50)
    with pytest.raises(InputError, match="changed since"):
        service.preview(SYSTEM, made)
    made = service.preview(SYSTEM, service.run(SYSTEM, locked, seed=1, replicates=0))
    Observation.objects.filter(round=locked, unit__code="T1", indicator__code="a").update(numerator=60, value=60)
    with pytest.raises(InputError, match="changed since"):
        service.decide(SYSTEM, made, *DECISION)
