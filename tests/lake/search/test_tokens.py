"""What the index keeps of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualipolis.lake.search.tokens import LONGEST_LATIN, parts, tokens, units, weighed


@given(st.text(max_size=200))
def test_tokens_are_clean_whatever_the_text(text):
    kept = tokens(text)
    assert all(one and not any(mark.isspace() for mark in one) and len(one) <= LONGEST_LATIN for one in kept)


@given(st.text(alphabet="充电宝发烫手机abc12 ，", max_size=40))
def test_a_text_has_every_token_its_own_words_ask_for(text):
    kept = tokens(text)
    assert all(one in kept for unit in units(text) for one in parts(unit))


def test_the_order_of_a_text_cannot_be_told_from_its_tokens():
    assert tokens("充电 发烫") == tokens("发烫 充电")


def test_pairs_over_the_edge_of_a_word_weigh_less():
    found = weighed("手机发热")
    assert found["手机"] == found["发热"] == 1 and found["机发"] < 1
