"""One spelling for the same words; figures; languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.text.figures import dates, number_of, with_figures
from qualipolis.methods.text.language import language
from qualipolis.methods.text.normalise import MOST, normalise, plain, simplified


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＧＢ／Ｔ　１９００１", "gb/t 19001"),
        ("手機電池鼓脹", "手机电池鼓胀"),
        ("乾燥劑\u200b", "干燥剂"),
        ("①号", "1号"),
        ("綫衞", "线卫"),
    ],
)
def test_it_writes_the_same_words_the_same_way(one, other):
    assert normalise(one) == normalise(other) == other


@given(st.text(max_size=200))
def test_it_changes_nothing_the_second_time(text):
    once = normalise(text)
    assert normalise(once) == once
    assert plain(plain(text)) == plain(text)


def test_it_reads_no_more_than_it_should():
    assert len(normalise("长" * (MOST + 50))) == MOST
    assert len(plain("长" * (MOST + 50))) == MOST


def test_it_leaves_simplified_words_and_names_alone():
    assert simplified("著名、乾隆、皇后、面条") == "著名、乾隆、皇后、面条"


@pytest.mark.parametrize(
    ("said", "number"),
    [("三百二十", 320), ("两万零五", 20005), ("一千零一", 1001), ("十", 10), ("一百一十", 110), ("二十万", 200_000),
     ("一亿三千万", 130_000_000), ("二〇二六", 2026), ("贰仟", 2000), ("12", 12), ("斤", None), ("", None)],
)  # fmt: skip
def test_it_reads_chinese_numerals(said, number):
    assert number_of(said) == number


def test_it_keeps_words_that_only_look_like_numbers():
    assert with_figures("三星手机一直坏，七匹狼") == "三星手机一直坏，七匹狼"
    assert with_figures("买了三台，花了一万二千元") == "买了3台，花了12000元"


def test_it_finds_dates_the_calendar_has():
    assert dates("2026-02-29、2026年2月28日") == ("2026-02-28",)


@pytest.mark.parametrize(
    ("text", "code"),
    [("这台 iPhone 15 Pro Max 坏了三次", "zh"), ("The stroller folds", "en"), ("配線が熱い", "ja"), ("전기", "ko"),
     ("Le produit est dangereux pour les enfants", "fr"), ("Опасно", "ru"), ("?!", "")],
)  # fmt: skip
def test_it_tells_languages_apart(text, code):
    assert language(text).code == code
