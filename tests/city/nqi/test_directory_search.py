"""Scope search over the registry: who can test this on the day, and what stands in the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.city.nqi.cast import Cast, institution

from qualipolis.city.nqi.directory.matching import WantedLine, candidates, covers
from qualipolis.city.nqi.directory.scope_search import search
from qualipolis.city.registry.models import Institution, QualificationPause, ScopeItem, Standard, Unit

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def bodies(cast: Cast) -> tuple[Institution, Institution]:
    old = institution(
        "SRC1", "laboratory", cast.firm.unit, "cma", [("便携式电子产品用锂离子电池", "过充电", "GB 31241-2014")]
    )
    new = institution("SRC2", "laboratory", cast.other_firm.unit, "cma", [("锂离子电池", "过充", "GB 31241-2022")])
    return old, new


def test_it_finds_who_lists_the_edition_that_was_named_and_tells_who_lists_another(bodies):
    found = search("充电电池 过充 GB 31241-2022", DAY)
    assert [hit.institution.code for hit in found.hits] == ["SRC2"]
    assert [(hit.institution.code, hit.lines[0].edition) for hit in found.others] == [("SRC1", "other")]


def test_it_takes_a_question_in_english_to_a_scope_in_chinese(bodies):
    found = search("who can test overcharge of lithium batteries", DAY)
    assert {hit.institution.code for hit in found.hits} == {"SRC1", "SRC2"}


def test_it_leaves_out_a_certificate_that_is_over_suspended_or_ended(bodies):
    old, new = (one.qualifications.get() for one in bodies)
    QualificationPause.objects.create(qualification=old, starts_on=DAY, ends_on=DAY + timedelta(days=9), reason="整改")
    new.ended_on = DAY - timedelta(days=1)
    new.save()
    assert search("锂电池 过充", DAY).hits == ()
    assert [hit.institution.code for hit in search("锂电池 过充", DAY + timedelta(days=10)).hits] == ["SRC1"]


def test_it_leaves_out_a_line_that_has_ended_although_the_index_is_older(bodies):
    search("过充", DAY)
    ScopeItem.objects.filter(standard="GB 31241-2022").update(valid_to=DAY - timedelta(days=1))
    assert [hit.institution.code for hit in search("锂电池 过充", DAY).hits] == ["SRC1"]


def test_it_says_that_an_edition_was_replaced(bodies):
    Standard.objects.create(
        number="GB 31241-2014", name_zh="锂电池安全", status="superseded", replaced_by="GB 31241-2022"
    )
    lines = [line for hit in search("锂电池过充", DAY).hits for line in hit.lines]
    assert {line.item.standard: line.replaced_by for line in lines if line.superseded} == {
        "GB 31241-2014": "GB 31241-2022"
    }


def test_it_puts_the_nearer_first_among_equals(cast, bodies):
    Unit.objects.filter(pk=cast.firm.unit_id).update(longitude=113.7, latitude=23.0)
    Unit.objects.filter(pk=cast.other_firm.unit_id).update(longitude=113.9, latitude=22.8)
    ScopeItem.objects.filter(standard="GB 31241-2014").update(
        standard="GB 31241-2022", parameter="过充", product="锂离子电池"
    )
    here = Unit.objects.get(pk=cast.other_firm.unit_id)
    found = search("锂电池 过充 GB 31241-2022", DAY, here)
    assert [hit.institution.code for hit in found.hits] == ["SRC2", "SRC1"]
    assert found.hits[0].distance == 0.0
    assert 25 < found.hits[1].distance < 40


def test_it_finds_nobody_for_a_standard_that_nobody_lists(bodies):
    found = search("GB 4943.1-2022 锂电池过充", DAY)
    assert (found.hits, found.total) == ((), 0)


def test_it_knows_a_new_line_at_once(cast, bodies):
    search("过充", DAY)
    ScopeItem.objects.create(
        qualification=bodies[0].qualifications.get(), product="头盔", parameter="吸收碰撞能量", standard="GB 811-2022"
    )
    assert [hit.institution.code for hit in search("电动车头盔 碰撞", DAY).hits] == ["SRC1"]


def test_it_matches_lines_by_meaning_and_tells_what_is_missing(cast, bodies):
    lines = [WantedLine("锂电池", "过充电", "GB 31241-2022"), WantedLine("玩具", "小零件", "GB 6675.2-2014")]
    found = candidates(lines, DAY, cast.unit)
    assert [(one.institution.code, one.missing) for one in found] == [("SRC2", (lines[1],))]
    assert found[0].certificates[0].institution_id == bodies[1].pk


@pytest.mark.parametrize(
    ("listed", "wanted", "expected"),
    [
        (("纺织品", "甲醛含量", "GB/T 2912.1-2009"), ("儿童服装", "甲醛", "GB/T 2912.1-2009"), True),
        (("纺织品", "甲醛含量", "GB/T 2912.1-2009"), ("儿童服装", "甲醛", "GB/T 2912.1-1998"), False),
        (("儿童服装", "甲醛", "GB 31701-2015"), ("纺织品", "甲醛", "GB 31701-2015"), False),
        (("食品", "铅", "GB 5009.12-2023"), ("食品", "镉", "GB 5009.12-2023"), False),
        (("食品", "铅", "GB 5009.12-2023"), ("大米", "铅", ""), True),
        (("特种件", "某项目", "Q/ABC 1-2020"), ("特种件", "某项目", "Q/ABC 1-2020"), True),
    ],
)
def test_it_compares_a_wanted_line_with_one_of_a_scope(listed, wanted, expected):
    assert covers(*listed, WantedLine(*wanted)) is expected
