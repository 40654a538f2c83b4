"""Papers: anyone draws them again, every question has its chance, marking does what the key says."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from qualipolis.methods.exams.marking import Key, Result, mark, mark_paper, number_of, options_given
from qualipolis.methods.exams.paper import Item, Section, commitment, draw_paper, shortfalls
from qualipolis.methods.problems import InputError

POOL = [Item(f"Q{n:03}", 1 + n % 3, "law" if n % 2 else "tools", "single", 4) for n in range(40)]
SECTIONS = [Section("law", 5, 4, ("law",)), Section("any", 5, 4)]


def test_anyone_draws_the_same_paper_from_a_shuffled_pool() -> None:
    paper = draw_paper("a seed", "2026-EX1-007", SECTIONS, POOL)
    again = draw_paper("a seed", "2026-EX1-007", SECTIONS, POOL[::-1])
    assert paper == again and paper.fingerprint == again.fingerprint
    assert len({one.code for one in paper.asked}) == 10 and paper.points == 40
    assert all(POOL[int(one.code[1:])].topic == "law" for one in paper.asked[:5])


@pytest.mark.parametrize("change", ["seed", "ticket", "version", "points"])
def test_whatever_changes_the_paper_changes_its_fingerprint(change: str) -> None:
    paper = draw_paper("a seed", "T1", SECTIONS, POOL)
    other = {
        "seed": lambda: draw_paper("a seed.", "T1", SECTIONS, POOL),
        "ticket": lambda: draw_paper("a seed", "T2", SECTIONS, POOL),
        "version": lambda: draw_paper("a seed", "T1", SECTIONS, [Item(o.code, 9, o.topic, o.kind, 4) for o in POOL]),
        "points": lambda: draw_paper("a seed", "T1", [SECTIONS[0], Section("any", 5, 5)], POOL),
    }[change]()
    assert other.fingerprint != paper.fingerprint


def test_every_question_is_drawn_equally_often() -> None:
    section = [Section("law", 5, 1, ("law",))]
    drawn = Counter(one.code for n in range(2000) for one in draw_paper("s", f"T{n}", section, POOL).asked)
    assert len(drawn) == 20 and chisquare(list(drawn.values())).pvalue > 0.001


def test_options_stand_in_every_order() -> None:
    pool = [Item("Q", 1, "law", "single", 3)]
    orders = Counter(draw_paper("s", f"T{n}", [Section("x", 1, 1)], pool).asked[0].order for n in range(1200))
    assert set(orders) == set(itertools.permutations(range(3))) and chisquare(list(orders.values())).pvalue > 0.001


def test_right_or_wrong_keeps_its_order() -> None:
    pool = [Item("Q", 1, "law", "true_false", 2)]
    assert draw_paper("s", "T", [Section("x", 1, 1)], pool).asked[0].order == (0, 1)


def test_it_says_everything_that_is_wrong_with_a_composition_at_once() -> None:
    with pytest.raises(InputError) as refusal:
        draw_paper("", "T", [Section("a", 0, 1), Section("a", 1, 0)], [*POOL, POOL[0]])
    assert [one.code for one in refusal.value.problems] == [
        "no_seed", "section_twice", "bad_section", "bad_section", "code_twice",
    ]  # fmt: skip


def test_a_section_that_finds_too_few_is_named_before_the_examination() -> None:
    sections = [Section("law", 20, 1, ("law",)), Section("rest", 21, 1)]
    assert [one.place for one in shortfalls(sections, POOL)] == ["rest"]
    with pytest.raises(InputError):
        draw_paper("s", "T", sections, POOL)


def test_the_seed_can_be_held_against_what_was_shown_of_it() -> None:
    assert commitment("a seed") != commitment("a seed ") and len(commitment("x")) == 64


@pytest.mark.parametrize(
    ("key", "answer", "points"),
    [
        (Key("single", (1,), options=3), 1, 2.0),
        (Key("single", (1,), options=3), "1", 2.0),
        (Key("single", (1,), options=3), [0, 1], 0.0),
        (Key("multiple", (0, 1), options=3), [1, 0], 2.0),
        (Key("multiple", (0, 1), options=3), [1], 0.0),
        (Key("true_false", truth=False), False, 2.0),
        (Key("true_false", truth=False), "1", 2.0),
        (Key("true_false", truth=False), None, 0.0),
        (Key("number", number=0.3, tolerance=0.0), 0.1 + 0.2, 2.0),
        (Key("number", number=9.5, tolerance=0.5), "１０", 2.0),
        (Key("number", number=9.5, tolerance=0.5), "10.01", 0.0),
        (Key("number", number=9.5), True, 0.0),
    ],
)
def test_it_marks_by_the_key(key: Key, answer: object, points: float) -> None:
    assert mark(key, answer, 2) == points  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["inf", "1e999", "nan", "", "x" * 50, "一", None])
def test_what_is_no_number_is_none(typed: str | None) -> None:
    assert number_of(typed) is None


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        (Key("essay"), ["unknown_kind"]),
        (Key("single", (5,), options=1), ["few_options", "no_such_option"]),
        (Key("multiple", (), options=4), ["none_right"]),
        (Key("true_false"), ["no_truth"]),
        (Key("number", number=float("inf"), tolerance=-1), ["no_number", "bad_tolerance"]),
    ],
)
def test_a_bad_key_marks_nothing(key: Key, codes: list[str]) -> None:
    assert [one.code for one in key.problems()] == codes
    with pytest.raises(InputError):
        mark(key, 0, 1)


def test_sixty_of_a_hundred_pass_at_sixty_percent() -> None:
    keys = {f"q{n}": Key("true_false", truth=True) for n in range(10)}
    worth = dict.fromkeys(keys, 10.0)
    six = mark_paper(keys, worth, {f"q{n}": True for n in range(6)}, 0.6)
    assert six == Result(six.marks, 60.0, 100.0, True, 6) and six.share == 0.6
    assert not mark_paper(keys, worth, {f"q{n}": True for n in range(5)}, 0.6).passed


@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_options_chosen_on_the_paper_are_those_of_the_bank(order: list[int], chosen: set[int]) -> None:
    assert options_given(order, chosen) == sorted(order[place] for place in chosen)


@given(st.sets(st.integers(0, 4), min_size=1), st.sets(st.integers(0, 4)))
def test_partial_points_never_leave_their_range_and_reward_the_whole_set_alone_in_full(
    right: set[int], chosen: set[int]
) -> None:
    key = Key("multiple", tuple(sorted(right)), options=5)
    points = mark(key, sorted(chosen), 4, "partial")
    assert 0 <= points <= 4 and (points == 4) == (chosen == right)
