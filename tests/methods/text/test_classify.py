"""Sorting texts: fields, fitting, calibration, learning on, explaining, storing."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.text.classify import (
    Classifier,
    calibrated,
    explain,
    fit,
    from_arrays,
    learn,
    reliability,
    to_arrays,
    with_label,
)
from qualipolis.methods.text.fields import Field, runs

THINGS = {"电": ["电池", "充电器", "手机", "插座", "屏幕"], "衣": ["衣服", "裤子", "毛衣", "裙子", "鞋子"],
          "食": ["面包", "牛奶", "水果", "饼干", "火腿"]}  # fmt: skip
FAULTS = [
    "坏了",
    "质量差",
    "用了三天就不行",
    "退货不理",
    "有怪味",
    "和图片不一样",
    "太贵",
    "昨天买的",
    "没有合格证",
    "破损",
]
PAIRS = [(thing + fault, label) for label, things in THINGS.items() for thing in things for fault in FAULTS]


@pytest.fixture(scope="module")
def model() -> Classifier:
    return fit([text for text, _ in PAIRS], [label for _, label in PAIRS], cases=30)


def by_hand(text: str, smallest: int, largest: int) -> list[str]:
    return [text[at : at + n] for n in range(smallest, largest + 1) for at in range(len(text) - n + 1)]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), max_size=4))
def test_it_reads_every_run_of_characters_once(texts):
    found = runs(texts, Field("char", 1, 3))
    wanted = sorted((row, run) for row, text in enumerate(texts) for run in by_hand(text, 1, 3) if run != " ")
    read = zip(found.rows.tolist(), found.starts.tolist(), found.stops.tolist(), strict=True)
    assert sorted((row, texts[row][a:b]) for row, a, b in read) == wanted


def test_the_same_run_has_the_same_key_wherever_it_stands():
    found = runs(["怪味牛奶", "牛奶"], Field("char", 2, 2))
    keys = dict(zip(zip(found.rows.tolist(), found.starts.tolist(), strict=True), found.keys.tolist(), strict=True))
    assert keys[(0, 2)] == keys[(1, 0)] != keys[(0, 0)]
    words = runs(["brake fails", "the brake"], Field("word", 1, 1))
    assert words.keys[0] == words.keys[3] or words.keys[0] in words.keys[2:]


def test_it_refuses_a_field_that_cannot_be_read():
    for wrong in (("letters", 1, 2), ("char", 3, 2), ("char", 0, 2), ("char", 1, 9)):
        with pytest.raises(InputError):
            Field(*wrong)


def test_it_tells_labels_with_probabilities_that_sum_to_one(model):
    told = model.predict(["充电器昨天坏了", "毛衣破损"], top=3)
    assert [one.labels[0] for one in told] == ["电", "衣"]
    assert sum(told[0].probabilities) == pytest.approx(1)
    assert not told[0].unknown and told[0].probabilities[0] > 0.8


def test_it_says_when_it_does_not_know(model):
    strange = model.predict(["xylophone"])[0]
    assert strange.unknown and strange.uncertain and strange.known == 0
    assert strange.probabilities == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert model.predict([""])[0].unknown
    assert model.predict([]) == ()


def test_it_does_the_same_twice(model):
    again = fit([text for text, _ in PAIRS], [label for _, label in PAIRS], cases=30)
    assert np.array_equal(again.weights, model.weights) and again.cases == model.cases


def test_it_says_everything_wrong_with_what_it_is_to_learn_from():
    with pytest.raises(InputError) as caught:
        fit(["a", "b"], ["x"], held="never")
    assert [one.code for one in caught.value.problems] == ["lengths", "one_label", "held_out"]


def test_a_correction_moves_the_answer_and_leaves_the_old_model(model):
    text = "榴莲核太大"
    before = model.scores([text])[0]
    taught = learn(model, text, "食")
    after = taught.scores([text])[0]
    place = model.labels.index("食")
    assert after[place] - np.delete(after, place).max() > before[place] - np.delete(before, place).max()
    assert np.array_equal(model.scores([text])[0], before)
    assert taught.predict([PAIRS[0][0]])[0].labels[0] == PAIRS[0][1]
    with pytest.raises(InputError):
        learn(model, text, "车")


def test_a_few_examples_make_a_new_label(model):
    wheels = ["轮胎鼓包", "刹车失灵", "汽车漏油", "发动机异响", "方向盘抖动", "轮胎开裂", "汽车刹车异响"]
    wider = with_label(model, "车", wheels)
    told = wider.predict(["汽车轮胎坏了", "牛奶有怪味"])
    assert [one.labels[0] for one in told] == ["车", "食"]
    assert told[0].uncertain  # learned from fewer than thirty
    for wrong in (("车", wheels[:1]), ("电", wheels)):
        with pytest.raises(InputError):
            with_label(model, *wrong)


def test_the_words_of_an_explanation_add_up_to_the_score(model):
    text = "充电器昨天坏了"
    found = explain(model, text, "电", most=50)
    assert found.words[0].word == "充电器"
    assert found.cases and found.cases[0].likeness <= 1 + 1e-6
    rows = model.rows([text])
    lean = model.weights[:, model.labels.index("电")] - model.weights.mean(1)
    assert sum(one.weight for one in found.words) == pytest.approx(
        float((rows.values * lean[rows.columns]).sum()), abs=0.1
    )
    with pytest.raises(InputError):
        explain(model, text, "车")


@pytest.mark.parametrize(("packed", "near"), [(False, 2e-2), (True, 8e-2)])
def test_it_is_the_same_after_it_was_stored(model, packed, near):
    held = io.BytesIO()
    np.savez(held, **to_arrays(model, packed=packed))
    with np.load(io.BytesIO(held.getvalue()), allow_pickle=False) as arrays:
        again = from_arrays(dict(arrays))
    texts = [text for text, _ in PAIRS[::7]]
    assert np.allclose(again.probabilities(texts), model.probabilities(texts), atol=near)
    assert (again.labels, again.counts, again.cases) == (model.labels, model.counts, model.cases)


@pytest.mark.parametrize("broken", ["weights", "keys", "form", "labels", "curve", "case_labels"])
def test_it_refuses_a_broken_file(model, broken):
    arrays = to_arrays(model)
    arrays[broken] = arrays[broken][:-1] if broken != "form" else np.array([99])
    with pytest.raises(InputError):
        from_arrays(arrays)
    with pytest.raises(InputError):
        from_arrays({key: value for key, value in to_arrays(model).items() if key != broken})


def drawn(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose true probabilities are softmax(scores / 3): told as they are, they are far too sure."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(0, 4, (n, 4))
    shares = np.exp(scores / 3) / np.exp(scores / 3).sum(1, keepdims=True)
    return scores, (shares.cumsum(1) > generator.random((n, 1))).argmax(1)


@pytest.mark.parametrize("method", ["temperature", "platt", "isotonic", "platt_isotonic", "auto"])
def test_probabilities_hold_after_calibration(method):
    scores, truth = drawn(1)
    fresh, right = drawn(2)
    curve = calibrated(scores, truth, method)
    assert reliability(curve.probabilities(fresh), right).error < 0.035
    assert np.allclose(curve.probabilities(fresh).sum(1), 1)


def test_the_temperature_is_found():
    assert calibrated(*drawn(3), "temperature").slope == pytest.approx(1 / 3, rel=0.05)


def test_reliability_counts_its_bins():
    held = reliability(np.array([[0.9, 0.1]] * 10), np.array([0] * 5 + [1] * 5))
    assert held.error == pytest.approx(0.4) and held.even_error == pytest.approx(0.4)
    assert sum(one.n for one in held.bins) == held.n == 10


def test_texts_without_words_are_refused_by_a_sentence():
    with pytest.raises(InputError, match="no words to learn from"):
        fit(["", "  "] * 6, ["x", "y"] * 6)
