"""The ranking: refuses who inspects, explains itself, keeps ties, and is judged by hand-checkable numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.ranking import (
    evaluate_ranking,
    inspector_effects,
    names_who,
    rank_inspections,
    refuse_identity,
    traces_of_identity,
)

IDENTITIES = [
    "Inspector_Assigned",
    "inspectorId",
    "examiner",
    "LAB",
    "lab_name",
    "testingBody",
    "laboratory",
    "检验机构",
    "抽样人员",
    "检查员",
    "实验室",
    "监督员",
]
INNOCENT = [
    "label",
    "collaborators",
    "past_fail",
    "risk_class",
    "available",
    "years_since_last",
    "企业类型",
    "抽样批次",
    "检查次数",
]


def world(n: int = 600, seed: int = 1):
    rng = np.random.default_rng(seed)
    features = {
        "record": rng.random(n),
        "kind": rng.choice(["shop", "kitchen", "factory"], n),
        "age": np.where(rng.random(n) < 0.2, np.nan, rng.random(n) * 10),
    }
    chance = 0.1 + 0.5 * features["record"] + 0.2 * (features["kind"] == "kitchen")
    return features, (rng.random(n) < chance).astype(int)


@pytest.mark.parametrize("name", IDENTITIES)
def test_a_column_of_who_inspects_or_tests_is_known_by_its_name(name):
    assert names_who(name)


@pytest.mark.parametrize("name", INNOCENT)
def test_an_innocent_column_passes(name):
    assert not names_who(name)


def test_all_columns_of_who_inspects_are_refused_together():
    with pytest.raises(InputError) as told:
        refuse_identity(["inspector", "record", "实验室"])
    assert [one.place for one in told.value.problems] == ["inspector", "实验室"]
    features, found = world()
    with pytest.raises(InputError, match="never enters the risk"):
        rank_inspections(features | {"inspector": ["Li"] * 600}, found, features)


@pytest.mark.parametrize("method", ["logistic", "boosting"])
def test_it_puts_first_what_is_found_more(method):
    features, found = world()
    later, truth = world(seed=2)
    plan = rank_inspections(features, found, later, method=method)
    quality = evaluate_ranking(plan.probability, truth)
    assert quality.auc.low > 0.5 and quality.first_half.low > 0.5
    assert plan.order[0] == int(np.argmax(plan.probability)) and plan.rank[plan.order[0]] == 1
    again = rank_inspections(features, found, later, method=method)
    assert np.array_equal(plan.probability, again.probability)


def test_equal_firms_share_a_rank_and_new_words_and_gaps_are_ranked_all_the_same():
    features, found = world()
    due = {"record": [0.9, 0.9, 0.1], "kind": ["unheard of"] * 3, "age": [np.nan] * 3}
    assert rank_inspections(features, found, due).rank.tolist() == [1, 1, 3]


def test_it_says_what_moved_a_firm_up():
    features, found = world()
    plan = rank_inspections(features, found, {"record": [1.0], "kind": ["kitchen"], "age": [5.0]})
    reasons = plan.reasons(0, top=2)
    assert {(one.feature, one.value) for one in reasons} == {("record", ""), ("kind", "kitchen")}
    assert all(one.part > 0 for one in reasons) and plan.weights["record"] > 0


def test_bad_columns_are_told_together():
    features, found = world()
    with pytest.raises(InputError) as told:
        rank_inspections(features, found, {"record": [1.0], "other": [1.0]})
    assert {one.place for one in told.value.problems} == {"kind", "age", "other"}
    with pytest.raises(InputError, match="at least 10"):
        rank_inspections({"x": [1.0] * 30}, [0] * 25 + [1] * 5, {"x": [1.0]})
    with pytest.raises(InputError, match="no ranking method"):
        rank_inspections(features, found, features, method="oracle")
    with pytest.raises(InputError, match="no feature"):
        rank_inspections({}, found, {})


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=40))
def test_auc_and_precision_are_those_of_scikit_learn_with_ties(rows):
    score, found = (np.array([row[i] for row in rows]) for i in range(2))
    if found.min() == found.max():
        with pytest.raises(InputError, match="judged only"):
            evaluate_ranking(score, found)
        return
    quality = evaluate_ranking(score, found)
    assert quality.auc.value == pytest.approx(roc_auc_score(found, score))
    assert quality.precision == pytest.approx(average_precision_score(found, score))
    assert 0 <= quality.first_half.low <= quality.first_half.value + 1e-12 <= quality.first_half.high + 1e-9 <= 1 + 1e-9


def test_the_interval_of_the_auc_holds_its_level():
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(300):
        found = np.arange(120) < 40
        quality = evaluate_ranking(rng.normal(size=120) + found, found)
        inside += quality.auc.low <= 0.76025 <= quality.auc.high  # Φ(1/√2)
    assert 0.91 <= inside / 300 <= 0.98


def test_no_order_at_all_is_worth_nothing():
    quality = evaluate_ranking(np.zeros(10), [1, 0] * 5, np.arange(10))
    assert (quality.auc.value, quality.first_half.value, quality.first_tenth.value) == pytest.approx((0.5, 0.5, 0.1))
    assert quality.days_earlier.value == pytest.approx(-0.5)  # the findings lay on the earlier days


def test_a_feature_that_stands_for_the_inspector_is_told():
    rng = np.random.default_rng(0)
    who = rng.choice(["Li", "Wu", "Chen"], 900)
    features = {"town": np.char.add("town of ", who), "age": rng.random(900), "near": (who == "Li") + rng.random(900)}
    traces = traces_of_identity(features, who.tolist())
    assert next(iter(traces)) == "town" and traces["town"] == pytest.approx(1.0)
    assert traces["near"] > 0.5 and traces["age"] < 0.1


def test_inspectors_are_compared_with_what_their_firms_let_expect():
    """Wu visits worse firms and finds no more than they let expect; Li looks harder at the same firms."""
    rng = np.random.default_rng(3)
    who = np.repeat(["Li", "Wu", "Chen"], 1000)
    chance = np.where(who == "Wu", 0.3, 0.1)
    found = rng.random(3000) < chance * np.where(who == "Li", 1.8, 1.0)
    report = inspector_effects(who.tolist(), found, chance)
    told = {one.who: one for one in report.effects}
    assert report.effects[0].who == "Li" and told["Li"].differs and told["Li"].low > 1
    assert told["Wu"].low < 1.0 < told["Wu"].high * 1.1 and report.p < 0.001
    assert sum(one.expected for one in report.effects) == pytest.approx(report.found)


def test_equal_inspectors_seldom_differ():
    rng = np.random.default_rng(4)
    differing = [
        any(one.differs for one in inspector_effects(rng.integers(0, 8, 800).tolist(), rng.random(800) < 0.2).effects)
        for _ in range(100)
    ]
    assert np.mean(differing) <= 0.1


def test_one_inspector_alone_is_told_without_a_comparison():
    report = inspector_effects(["Li"] * 5, [1, 0, 0, 1, 0])
    assert (report.degrees, report.p, report.spread, report.effects[0].ratio) == (0, 1.0, 0.0, pytest.approx(1.0))


@pytest.mark.parametrize(
    ("who", "found", "chance"), [(["a"], [1, 0], None), (["a", "b"], [0, 0], None), (["a", "b"], [1, 0], [0.0, 2.0])]
)
def test_what_cannot_be_compared_is_refused(who, found, chance):
    with pytest.raises(InputError):
        inspector_effects(who, found, chance)
