"""Likeness of texts by character runs, and traces of who is meant."""

from __future__ import annotations

import pytest

from qualipolis.methods.text.fields import Field
from qualipolis.methods.text.retrieve import bm25, shared, tfidf
from qualipolis.methods.text.traces import Known, traces

FIRM = Known(
    names=["云汀市禾川金属制品有限公司", "Hechuan Metal Products Co., Ltd."],
    persons=["王建国"],
    numbers=["2026-BL17", "91441900MA00000017"],
    addresses=["长洲镇工业路18号"],
)
PLACES = ["云汀市", "云汀"]


def codes(text):
    return {one.code for one in traces(text, FIRM, places=PLACES)}


RUNS = Field("char", 2, 3)


def likeness(query, texts):
    return tfidf(texts, RUNS).scores([query])[0]


def test_texts_on_the_same_trouble_are_more_like_than_on_another():
    texts = ["洗过三次以后褪色，客户退货", "螺栓在扭矩试验里断裂", "水洗后褪色严重，色牢度不合格"]
    like = likeness("童装水洗褪色", texts)
    assert like.argmax() == 2 and like[0] > like[1] == 0


def test_a_text_is_wholly_like_itself_and_width_or_case_do_not_matter():
    like = likeness("ｇｂ31701甲醛超標", ["GB31701甲醛超标", "噪声大"])
    assert like[0] == pytest.approx(1) and like[1] == 0


def test_rare_runs_weigh_more_than_common_ones():
    like = likeness("产品不合格漏电", ["产品不合格漏电", "产品不合格褪色", "产品不合格断裂"])
    assert like[1] < 0.6 < like[0]


def test_an_empty_text_is_like_none_and_an_empty_collection_answers():
    assert likeness("", ["甲乙"]).tolist() == [0.0] and len(likeness("甲", [])) == 0
    assert bm25([]).scores(["甲"]).shape == (1, 0) and likeness("。，", ["甲乙", ""]).tolist() == [0.0, 0.0]


def test_it_names_the_longest_shared_words_once():
    assert shared("Leaking valve 密封圈老化", "the VALVE leaks，密封圈老化了") == ("valve", "密封圈老化")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("禾川金属制品的杯子", {"name"}),
        ("禾川的杯子", {"name"}),
        ("禾 川 的杯子", {"name"}),
        ("Cups of HECHUAN leak", {"name"}),
        ("联系人王建国", {"person"}),
        ("见病历2026-bl17", {"number"}),
        ("代码 91441900MA0000001X", {"credit_code"}),
        ("电话 138 0000 1234", {"phone"}),
        ("电话0769-22223333", {"phone"}),
        ("写信到 a.b@example.com", {"address"}),
        ("在长洲镇工业路18号", {"address"}),
        ("供应商是东河密封件有限公司", {"company"}),
    ],
)
def test_it_finds_who_is_meant(text, wanted):
    assert codes(text) == wanted


def test_it_lets_a_text_pass_that_tells_nobody():
    assert codes("某企业的保温杯按GB/T 29606-2013检验，6小时水温从54.1℃升到62.8℃，共16批，换油后漏率降低。") == set()
