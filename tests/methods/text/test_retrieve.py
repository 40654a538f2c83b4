"""Rankers beside numbers worked by hand and beside scikit-learn; fusion, labels and mended typing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.text.fields import Field
from qualipolis.methods.text.retrieve import bm25, by_label, cover, fit_fusion, reciprocal, speller, spread, tfidf
from qualipolis.methods.text.retrieve.fusion import Fusion

TEXTS = [
    "battery overheats and smokes",
    "shirt fades after washing",
    "battery charger melts",
    "toy car wheel comes off",
]


def test_bm25_is_the_sum_worked_by_hand():
    found = bm25(TEXTS, Field("word", 1, 1)).scores(["battery smokes"])[0]
    lengths, rarity = [4, 4, 3, 5], {2: math.log(1 + 2.5 / 2.5), 1: math.log(1 + 3.5 / 1.5)}
    norm = [2.2 / (1 + 1.2 * (0.25 + 0.75 * one / 4)) for one in lengths]
    assert found == pytest.approx([(rarity[2] + rarity[1]) * norm[0], 0, rarity[2] * norm[2], 0], rel=1e-6)


def test_tfidf_is_that_of_scikit_learn_on_known_words():
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\S+")
    there, asked = made.fit_transform(TEXTS), made.transform(["battery battery melts after"])
    assert tfidf(TEXTS, Field("word", 1, 1)).scores(["battery battery melts after"]) == pytest.approx(
        (asked @ there.T).toarray(), rel=1e-5
    )


def test_cover_is_whole_where_the_name_is_said_whole():
    row = cover(["稻谷种植", "小麦种植"]).scores(["指稻谷种植的活动"])[0]
    assert row[0] == pytest.approx(1) and 0 < row[1] < 1


@given(
    st.lists(st.text(alphabet="充电宝发烫abc ，", max_size=12), max_size=6),
    st.text(alphabet="充电宝发烫abc ，", max_size=12),
)
def test_scores_are_finite_and_shares_stay_within_one(texts, query):
    for make in (bm25, tfidf, cover):
        found = make(texts).scores([query])
        assert found.shape == (1, len(texts)) and np.isfinite(found).all() and (found >= 0).all()
        assert make is bm25 or (found <= 1 + 1e-5).all()


def test_wrong_constants_are_refused():
    with pytest.raises(InputError, match="k1"):
        bm25(TEXTS, k1=-1)
    with pytest.raises(InputError, match="b = 2"):
        bm25(TEXTS, b=2)


def noisy(seed, good, number=120, texts=40):
    draw = np.random.default_rng(seed)
    relevant = np.eye(number, texts, dtype=bool) | (np.arange(number)[:, None] % texts == np.arange(texts))
    return [(relevant * one + draw.random((number, texts))).astype(np.float32) for one in good], relevant


def test_a_weak_ranker_gets_little_weight_and_two_good_ones_do_better_together():
    scores, relevant = noisy(1, (0.8, 0.8, 0.0))
    fusion = fit_fusion(["one", "two", "noise"], scores, relevant)
    assert fusion.weights[2] < 0.05 and fusion.weights[:2].min() > 0.3
    new, right = noisy(2, (0.8, 0.8, 0.0))
    equal = sum(new)
    assert reciprocal(fusion.scores(new), right) > max(reciprocal(one, right) for one in [*new, equal])
    assert sum(fusion.shares(new, 0, 0).values()) == pytest.approx(1) and "120 queries" in str(fusion)


def test_a_fusion_never_ranks_its_training_queries_worse_than_the_best_alone():
    for seed in range(5):
        scores, relevant = noisy(seed, (0.9, 0.1, 0.05))
        fusion = fit_fusion(["a", "b", "c"], scores, relevant)
        assert fusion.together >= fusion.alone.max()


def test_a_fusion_refuses_what_does_not_fit():
    scores, relevant = noisy(1, (0.8, 0.8))
    with pytest.raises(InputError, match="do not fit"):
        fit_fusion(["one"], scores, relevant)
    with pytest.raises(InputError, match="No training query"):
        fit_fusion(["one", "two"], scores, np.zeros_like(relevant))
    with pytest.raises(InputError, match="do not fit"):
        Fusion(("a", "b"), np.ones(2), 1, np.ones(2), 1.0).scores(scores[:1])


def test_the_label_of_past_texts_ranks_and_spreading_leaves_room_for_others():
    texts = ["水洗后褪色", "缩水起球", "充电发烫", "电池鼓包"]
    labels = ["童装", "童装", "手机", "手机"]
    row = by_label(texts, labels).scores(["洗了就褪色还起球"])
    assert row[0, 0] == row[0, 1] > row[0, 2]
    order = np.argsort(-spread(np.array([[4, 3, 2, 1]], np.float32), labels, most=1, deep=2)[0], kind="stable")
    assert order.tolist() == [0, 2, 1, 3]
    with pytest.raises(InputError, match="4 texts and 1 labels"):
        by_label(texts, ["童装"])


def test_spreading_keeps_the_first_of_each_query():
    scores = np.random.default_rng(0).random((20, 30)).astype(np.float32)
    changed = spread(scores, [str(at % 3) for at in range(30)])
    assert (changed.argmax(axis=1) == scores.argmax(axis=1)).all()


KNOWN = {
    "充电": 50,
    "电宝": 40,
    "手机": 90,
    "机发": 9,
    "发烫": 30,
    "行李": 20,
    "李箱": 18,
    "bluetooth": 9,
    "samsung": 7,
}


@pytest.mark.parametrize(
    ("typed", "meant", "how"),
    [
        ("chongdianbao", "充电宝", "pinyin"),
        ("souji", "手机", "pinyin"),
        ("shoujifatang", "手机发烫", "pinyin"),
        ("手鸡", "手机", "homophone"),
        ("行礼箱", "行李箱", "homophone"),
        ("行季箱", "行李箱", "character"),
        ("samsng", "samsung", "letters"),
    ],
)
def test_a_slip_is_read_as_it_was_meant(typed, meant, how):
    guess = speller(KNOWN).guess(typed)
    assert (guess.text, guess.how) == (meant, how)


@pytest.mark.parametrize("typed", ["手机", "充电宝", "bluetooth", "zzzz", "鳄鱼", "x", "", "12345", "aa" * 200, "茶"])
def test_what_is_well_typed_or_unknown_is_left_alone(typed):
    assert speller(KNOWN).guess(typed) is None
