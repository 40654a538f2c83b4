"""Words of others are marked with their language, so that a voice that reads the page aloud changes with them."""

from __future__ import annotations

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import override

from qualipolis.faces.desk.templatetags.tongues import spoken


def test_it_marks_foreign_words_on_a_chinese_page():
    assert spoken("Power bank, <20000> mAh") == '<span lang="en">Power bank, &lt;20000&gt; mAh</span>'


def test_it_marks_latin_words_within_chinese_ones_and_leaves_models():
    assert spoken("示例，DEMO-1，Power bank & Co（演示）") == (
        '示例，<span lang="en">DEMO-1</span>，<span lang="en">Power bank &amp; Co</span>（演示）'
    )
    assert spoken("移动电源 P20（演示）") == "移动电源 P20（演示）"


def test_it_marks_chinese_words_on_an_english_page():
    with override("en"):
        assert spoken("移动电源") == '<span lang="zh-Hans">移动电源</span>'
        assert spoken("Power bank") == "Power bank"


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), ("—", "—"), (12, "12"), (mark_safe("<b>甲</b>"), "<b>甲</b>")]
)
def test_what_has_no_words_or_is_marked_up_already_stays(value, shown):
    assert spoken(value) == shown
