"""Scope search: who can test this, to this standard, on this day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from tests.lake.scopes.labelled import ON, questions, right
from tests.lake.scopes.synthetic import Row, scopes

from qualipolis.lake.scopes.asking import Wish
from qualipolis.lake.scopes.index import OPEN_END, coded
from qualipolis.lake.scopes.numbers import Number, fits, numbers
from qualipolis.lake.scopes.search import ScopeSearch
from qualipolis.methods.problems import InputError

DAY = (ON - datetime.date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScopeSearch, list[Row | None]]:
    """A hundred institutions with two hundred lines each; the other lines are made up."""
    made, rows = scopes(100, 200, seed=3, distinct=2000)
    found = ScopeSearch(tmp_path_factory.mktemp("scopes"))
    found.build(made, "1")
    return found, rows


def tiny(
    folder: Path, lines: Sequence[tuple[str, str, str, int]], ends: Sequence[int] = (DAY, DAY, DAY)
) -> ScopeSearch:
    """Three institutions at 0, 1 and 2 degrees east, each with one certificate; lines name the institution from 1."""
    rows = [(p, q, s, holder, at, 0, OPEN_END) for at, (p, q, s, holder) in enumerate(lines)]
    names = ["product", "parameter", "standard", "certificate", "line", "begins", "ends"]
    held = pl.DataFrame({"key": [1, 2, 3], "holder": [1, 2, 3], "begins": [DAY - 9] * 3, "ends": ends})
    places = pl.DataFrame({"key": [1, 2, 3], "longitude": [0.0, 1.0, 2.0], "latitude": [0.0, 0.0, 0.0]})
    found = ScopeSearch(folder)
    found.build(coded(pl.DataFrame(rows, schema=names, orient="row"), held, places))
    return found


@pytest.mark.parametrize(
    ("name", "least"), [("scope_questions", 0.95), ("scope_questions_held_out", 0.9), ("scope_questions_last", 0.75)]
)
def test_it_answers_the_labelled_questions(city: tuple[ScopeSearch, list[Row | None]], name: str, least: float) -> None:
    found, rows = city
    asked = questions(name)
    hits = sum(right(one, found.search(one.question, Wish(ON)), rows) for one in asked)
    assert hits / len(asked) >= least
    assert len(asked) >= 60


def test_both_languages_are_asked() -> None:
    asked = questions("scope_questions")
    assert len(asked) >= 200
    assert min(sum(one.language == code for one in asked) for code in ("zh", "en")) >= 70


def test_a_standard_that_is_named_binds_with_its_edition(tmp_path: Path) -> None:
    lines = [
        ("玩具", "小零件", "GB 6675.2-2014", 1),
        ("玩具", "小零件", "GB 6675.2-2003", 2),
        ("玩具", "小零件", "EN 71-1:2014", 3),
    ]
    answer = tiny(tmp_path, lines).search("玩具小零件 gb6675.2—2014", Wish(ON))
    assert [one.holder for one in answer.found] == [1]
    assert [(one.holder, one.lines[0].edition) for one in answer.others] == [(2, "other")]


def test_only_certificates_valid_on_the_day_answer(tmp_path: Path) -> None:
    found = tiny(
        tmp_path, [("玩具", "小零件", "GB 6675.2-2014", holder) for holder in (1, 2, 3)], (DAY, DAY - 1, DAY + 9)
    )
    assert {one.holder for one in found.search("玩具小零件", Wish(ON)).found} == {1, 3}
    assert {one.holder for one in found.search("玩具小零件", Wish(ON, bars=frozenset([1]))).found} == {3}
    assert not found.search("玩具小零件", Wish(ON - datetime.timedelta(days=30))).found


def test_among_equals_the_nearer_comes_first_and_ties_go_by_key(tmp_path: Path) -> None:
    found = tiny(tmp_path, [("玩具", "小零件", "GB 6675.2-2014", holder) for holder in (3, 1, 2)])
    assert [one.holder for one in found.search("玩具小零件", Wish(ON)).found] == [1, 2, 3]
    near = found.search("玩具小零件", Wish(ON, place=(2.0, 0.0))).found
    assert [(one.holder, one.distance) for one in near] == [(3, 0.0), (2, 111.2), (1, 222.4)]


def test_who_covers_more_of_what_is_asked_comes_first(tmp_path: Path) -> None:
    lines = [
        ("电子产品", "铅", "GB/T 26125-2011", 1),
        ("电子产品", "镉", "GB/T 26125-2011", 2),
        ("电子产品", "铅", "GB/T 26125-2011", 2),
    ]
    answer = tiny(tmp_path, lines).search("电子产品 铅 镉", Wish(ON))
    assert [(one.holder, one.covered, one.wanted) for one in answer.found] == [(2, 2, 2), (1, 1, 2)]


def test_another_product_is_shown_apart_and_never_as_an_answer(tmp_path: Path) -> None:
    answer = tiny(tmp_path, [("化妆品", "铅", "A 1", 1)]).search("玩具里的铅", Wish(ON))
    assert not answer.found
    assert [one.holder for one in answer.near] == [1]


def test_a_slip_of_typing_is_mended_and_told(tmp_path: Path) -> None:
    found = tiny(tmp_path, [("人造板", "甲醛释放量", "GB 18580-2017", 1), ("Food", "Salmonella", "GB 4789.4-2024", 2)])
    chinese, english = found.search("板材甲荃释放量", Wish(ON)), found.search("salmonela", Wish(ON))
    assert [one.holder for one in chinese.found] == [1]
    assert chinese.question.corrected == (("甲荃释放量", "甲醛释放量"),)
    assert [one.holder for one in english.found] == [2]


def test_words_that_no_term_explains_are_compared_by_their_letters(tmp_path: Path) -> None:
    found = tiny(
        tmp_path,
        [("Drill pipes", "torsional buckling load", "ISO 1-1:2000", 1), ("Drill pipes", "colour", "ISO 2:2000", 2)],
    )
    answer = found.search("torsional buckling of drill pipes", Wish(ON))
    assert [one.holder for one in answer.found] == [1]


def test_nothing_asked_finds_nothing(tmp_path: Path) -> None:
    found = tiny(tmp_path, [("玩具", "小零件", "GB 6675.2-2014", 1)])
    for said in ("", "   ", "谁能检测", "？！", "12"):
        assert not found.search(said, Wish(ON)).found


def test_a_new_index_takes_the_place_of_the_old_and_one_that_is_missing_is_told(tmp_path: Path) -> None:
    found = tiny(tmp_path, [("玩具", "小零件", "GB 6675.2-2014", 1)])
    assert found.search("玩具小零件", Wish(ON)).found
    tiny(tmp_path, [("玩具", "跌落", "GB 6675.2-2014", 2)])
    assert [one.holder for one in found.search("玩具跌落", Wish(ON)).found] == [2]
    assert len([one for one in tmp_path.iterdir() if one.is_dir()]) == 1
    with pytest.raises(InputError, match="no index"):
        ScopeSearch(tmp_path / "none").search("玩具", Wish(ON))


@pytest.mark.parametrize(
    "said", ["GB/T " * 60, "(" * 300, "GB" + "1" * 300, "\x00", "铅" * 500, "GB 1-" * 80, "a/" * 200]
)
def test_odd_questions_are_answered_quickly(tmp_path: Path, said: str) -> None:
    tiny(tmp_path, [("玩具", "小零件", "GB 6675.2-2014", 1)]).search(said, Wish(ON))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GBT39560.4", "GB/T 39560.4"), ("iso 105 c06", "ISO 105-C06"), ("BS EN 14362-1:2017", "BS EN 14362-1:2017"),
        ("HJ/T 399-2007", "HJ/T 399-2007"), ("T/YTZL 001-2019", "T/YTZL 001-2019"), ("GB 7718-94", "GB 7718-1994"),
        ("DB44/T 1234-2019", "DB44/T 1234-2019"), ("ISO 17075-1-2017", "ISO 17075-1:2017"), ("PM2.5", ""), ("COD5", ""),
    ],
)  # fmt: skip
def test_numbers_of_standards_are_read_as_people_write_them(text: str, expected: str) -> None:
    assert [one.text for one in numbers(text)] == ([expected] if expected else [])


def test_gb_and_its_recommended_form_are_one_row_of_numbers() -> None:
    assert fits(Number("GB", "2099.1", "2021"), Number("GB/T", "2099.1", "2021")) == "same"
