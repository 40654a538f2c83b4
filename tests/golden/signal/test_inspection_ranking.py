"""The honest ranking of Chicago's food inspections beats every recorded one that does not know the inspector."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.golden.signal.chicago import chicago, part

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.ranking import (
    evaluate_ranking,
    inspector_effects,
    past_record,
    rank_inspections,
    traces_of_identity,
)


@pytest.fixture(scope="module")
def recorded(shared):
    return json.loads((shared / "golden/signal/chicago_risk_ranking.json").read_text())


@pytest.fixture(scope="module")
def data(shared):
    return chicago(shared)


@pytest.fixture(scope="module")
def plan(data):
    return rank_inspections(part(data.firm, data.train), data.found[data.train], part(data.firm, data.test))


def test_the_split_is_the_recorded_one(data, recorded):
    assert int(data.train.sum()) == recorded["n_train"] and int(data.test.sum()) == recorded["n_test"]
    assert data.days[data.train].max() < data.days[data.test].min()


def test_the_published_score_is_judged_as_recorded(data, recorded):
    told = recorded["published_score_column"]
    score = data.rows["score"].to_numpy()[data.test]
    found = evaluate_ranking(score, data.found[data.test], data.days[data.test])
    values = (found.auc.value, found.precision, found.first_half.value, found.first_tenth.value)
    assert values == pytest.approx(
        (told["auc"], told["ap"], told["recall_first_half"], told["recall_top10pct"]), abs=6e-3
    )
    assert found.days_earlier.value == pytest.approx(told["days_earlier"], abs=0.01)


def test_without_the_inspector_the_bar_is_passed(data, plan, recorded):
    found = evaluate_ranking(plan.probability, data.found[data.test], data.days[data.test])
    honest = [recorded[name] for name in ("logreg_no_inspector", "hgb_no_inspector", "past_critical_rule")]
    assert found.auc.value > max(0.584, *(one["auc"] for one in honest))
    assert found.first_half.value > max(0.628, *(one["recall_first_half"] for one in honest))
    assert found.days_earlier.value > max(2.9, *(one["days_earlier"] for one in honest))


def test_the_inspector_is_refused_as_a_feature(data):
    features = data.firm | {"Inspector_Assigned": data.rows["Inspector_Assigned"].to_numpy()}
    with pytest.raises(InputError, match="Inspector_Assigned"):
        rank_inspections(part(features, data.train), data.found[data.train], part(features, data.test))


def test_no_feature_stands_in_for_the_inspector(data):
    who = data.rows["Inspector_Assigned"].to_numpy()[data.test].tolist()
    assert max(traces_of_identity(part(data.firm, data.test), who).values()) < 0.2


def test_nothing_of_the_test_period_reaches_the_features(shared, data):
    """Other findings from the first day of the plan on change no feature of any row."""
    units, days = data.rows["License"].to_list(), data.days
    start = days[data.test].min()
    turned = np.where(days >= start, 1 - data.found, data.found)
    known, other = (
        past_record(units, days, {"critical": y}, units, days, known_before=start) for y in (data.found, turned)
    )
    for name in known:
        assert np.array_equal(known[name], other[name]), name


def test_who_finds_more_is_told_apart_from_the_firms(data, plan):
    who = data.rows["Inspector_Assigned"].to_numpy()[data.test].tolist()
    report = inspector_effects(who, data.found[data.test], plan.probability)
    assert (report.effects[0].who, report.effects[-1].who) == ("purple", "brown")
    assert {one.who for one in report.effects if one.differs} >= {"purple", "brown", "yellow"}
    assert report.p < 1e-6 and report.spread > 0.3
