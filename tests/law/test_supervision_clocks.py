"""Time travel through the clocks of supervision sampling: holidays, make-up workdays, month ends, parties, pauses."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.law.calendar import LAST_YEAR, Deadline, add_days, add_months, is_working_day
from qualipolis.law.rules import NoRule
from qualipolis.law.supervision.clocks import (
    CEASED,
    NOT_SERVED,
    OVER,
    WAIVED,
    Service,
    final_on,
    objection_is_late,
    penalty_publish_by,
    same_product_until,
    second_review_window,
    take_down_on,
)
from qualipolis.law.terms import deadline, due

D = dt.date
DAYS = st.dates(D(2021, 9, 1), D(LAST_YEAR, 3, 1))


@pytest.mark.parametrize(
    ("code", "start", "last"),
    [
        ("supervision.objection", D(2026, 3, 2), D(2026, 3, 17)),
        ("supervision.objection", D(2026, 9, 16), D(2026, 10, 8)),  # day 15 is 1 October: the holiday is waited for
        ("supervision.objection", D(2026, 2, 6), D(2026, 2, 24)),  # day 15 is in the Spring Festival
        ("supervision.objection", D(2026, 9, 5), D(2026, 9, 20)),  # a Sunday worked in exchange does not roll
        ("supervision.recheck_formalities", D(2026, 9, 24), D(2026, 10, 8)),
        ("supervision.recheck_designate", D(2026, 3, 2), D(2026, 3, 12)),
        ("supervision.correct", D(2026, 8, 2), D(2026, 10, 8)),  # day 60 is 1 October
        ("supervision.review", D(2026, 1, 30), D(2026, 4, 15)),
        ("food.recheck_apply", D(2026, 9, 30), D(2026, 10, 15)),  # 8, 9, the made-up Saturday 10, 12 to 15 October
        ("food.recheck_decision", D(2026, 9, 30), D(2026, 10, 13)),
        ("food.nonconforming_report", D(2026, 9, 30), D(2026, 10, 9)),
        ("food.handling", D(2026, 7, 3), D(2026, 10, 8)),
        ("penalty.publish", D(2026, 9, 30), D(2026, 11, 3)),
        ("penalty.withdraw", D(2026, 10, 8), D(2026, 10, 12)),  # Saturday 10 is worked
        ("supervision.report_refusal", D(2026, 10, 3), D(2026, 10, 3)),  # at once, holiday or not
        ("penalty.shown_light", D(2026, 11, 30), D(2027, 2, 28)),
        ("supervision.archive", D(2024, 2, 29), D(2026, 2, 28)),
    ],
)
def test_it_ends_a_term_on_its_day(code: str, start: D, last: D) -> None:
    assert deadline(code, start).due == last


def test_a_product_and_food_never_share_a_clock() -> None:
    served = D(2026, 3, 2)
    assert deadline("supervision.objection", served).due != deadline("food.recheck_apply", served).due
    assert (due("supervision.objection").unit, due("food.recheck_apply").unit) == ("calendar", "working")


def test_it_does_not_count_what_is_paused() -> None:
    pause = [(D(2026, 3, 10), D(2026, 3, 19))]
    plain, paused = (deadline("supervision.correct", D(2026, 3, 2), paused=p) for p in ((), pause))
    assert (plain.due, paused.due) == (D(2026, 5, 6), D(2026, 5, 11))
    food = deadline("food.report", D(2026, 3, 2), paused=pause)
    assert food.due == D(2026, 4, 10)


def test_it_refuses_a_day_before_the_rule_and_a_rule_that_is_no_term() -> None:
    with pytest.raises(NoRule):
        deadline("supervision.correct", D(2019, 12, 31))
    with pytest.raises(TypeError):
        deadline("supervision.fine_cap", D(2026, 1, 1))


def test_it_is_final_after_the_later_of_two_parties() -> None:
    seller, producer = Service("seller", D(2026, 9, 1)), Service("producer", D(2026, 9, 16))
    found = final_on([seller, producer])
    assert [(w.party, w.last_day, w.over_on) for w in found.windows] == [
        ("seller", D(2026, 9, 16), D(2026, 9, 17)),
        ("producer", D(2026, 10, 8), D(2026, 10, 9)),
    ]
    assert found.day == D(2026, 10, 9) and not found.is_final(D(2026, 10, 8)) and found.is_final(D(2026, 10, 9))
    assert final_on([producer, seller]).day == found.day


def test_it_is_not_final_while_one_party_is_not_served() -> None:
    seller = Service("seller", D(2026, 9, 1))
    unserved = final_on([seller, Service("producer")])
    unproved = final_on([seller, Service("producer", D(2026, 9, 1), proved=False)])
    assert unserved.day is unproved.day is None and not unserved.is_final(D(2099, 1, 1))
    assert unproved.windows[1].why == NOT_SERVED and unproved.last_day("producer") is None
    assert final_on([]).day is None


def test_a_waiver_and_a_firm_that_ceased_end_a_window_early() -> None:
    seller = Service("seller", D(2026, 9, 1), waived_on=D(2026, 9, 3))
    gone = Service("producer", ceased_on=D(2026, 9, 10))
    found = final_on([seller, gone])
    assert [w.why for w in found.windows] == [WAIVED, CEASED] and found.day == D(2026, 9, 10)
    late = Service("seller", D(2026, 9, 1), waived_on=D(2026, 12, 1))
    assert final_on([late]).windows[0].why == OVER


def test_served_twice_the_first_proof_counts() -> None:
    services = [
        Service("seller", D(2026, 3, 2), proved=False),
        Service("seller", D(2026, 3, 9)),
        Service("seller", D(2026, 3, 20)),
    ]
    assert final_on(services).day == D(2026, 3, 25)


def test_food_windows_run_in_working_days() -> None:
    served = [Service("seller", D(2026, 9, 28)), Service("producer", D(2026, 9, 30))]
    assert final_on(served, "food.recheck_apply").day == D(2026, 10, 16)


def test_it_takes_another_calendar_and_passes_on_what_is_provisional() -> None:
    def plain(start: D, n: int, unit: str, paused: object = ()) -> Deadline:
        return Deadline(start + dt.timedelta(days=n), provisional=True)

    found = final_on([Service("seller", D(2026, 9, 16))], calendar=plain)
    assert (found.day, found.provisional) == (D(2026, 10, 2), True)
    assert final_on([Service("seller", D(LAST_YEAR, 12, 28))]).provisional


def test_an_objection_is_late_only_after_its_own_partys_window() -> None:
    seller, producer = Service("seller", D(2026, 9, 1)), Service("producer", D(2026, 9, 16))
    on = D(2026, 9, 17)
    assert objection_is_late(seller, on) and not objection_is_late(producer, on)
    assert not objection_is_late(Service("seller"), on)


@given(st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.booleans()), max_size=6))
def test_it_is_final_when_and_only_when_every_window_is_over(served: list[tuple[str, D, bool]]) -> None:
    found = final_on([Service(p, day, proved=ok) for p, day, ok in served])
    parties = {p for p, _, _ in served}
    proved = {
        p: min(d for q, d, ok in served if q == p and ok)
        for p in parties
        if (p, True) in {(q, o) for q, _, o in served}
    }
    if proved.keys() != parties or not parties:
        assert found.day is None
        return
    ends = [add_days(day, 15, "calendar").due for day in proved.values()]
    assert found.day == max(ends) + dt.timedelta(days=1)
    assert all(not found.is_final(end) for end in ends)


@pytest.mark.parametrize(
    ("announced", "first", "last"),
    [
        (D(2026, 3, 1), D(2026, 5, 1), D(2026, 5, 29)),
        (D(2026, 8, 2), D(2026, 10, 2), D(2026, 10, 30)),
    ],
)
def test_the_second_review_is_after_day_60_and_before_day_90(announced: D, first: D, last: D) -> None:
    assert second_review_window(announced) == (first, last)
    assert (first - announced).days == 61 and (last - announced).days == 89


@pytest.mark.parametrize(
    ("earlier", "planned", "until"),
    [
        (D(2026, 8, 31), D(2027, 2, 28), D(2027, 2, 28)),
        (D(2026, 8, 31), D(2027, 3, 1), None),
        (D(2026, 1, 31), D(2026, 7, 31), D(2026, 7, 31)),
        (D(2026, 1, 31), D(2026, 8, 1), None),
    ],
)
def test_the_same_product_waits_six_months(earlier: D, planned: D, until: D | None) -> None:
    assert same_product_until([earlier, D(2025, 1, 1)], planned) == until
    assert same_product_until([earlier], planned, "follow_up") is None
    assert same_product_until([earlier], planned, "emergency") is None
    assert same_product_until([earlier], planned, "risk") == until


def test_a_later_check_blocks_no_earlier_one() -> None:
    assert same_product_until([D(2026, 5, 1)], D(2026, 4, 1)) is None
    assert same_product_until([], D(2026, 4, 1)) is None


def test_a_penalty_is_published_here_passed_on_or_kept_back() -> None:
    decided = D(2026, 9, 30)
    assert penalty_publish_by(decided, same_province=True) == Deadline(D(2026, 11, 3))
    assert penalty_publish_by(decided, same_province=False) == Deadline(D(2026, 10, 20))
    assert penalty_publish_by(decided, same_province=True, kind="warning_only") is None


def test_a_penalty_comes_down_after_three_months_three_years_or_its_ban() -> None:
    assert take_down_on(D(2026, 3, 31), "light") == D(2026, 7, 1)
    assert take_down_on(D(2026, 3, 31), "ordinary") == D(2029, 4, 1)
    assert take_down_on(D(2026, 3, 31), "ordinary", D(2031, 3, 31)) == D(2031, 4, 1)
    assert take_down_on(D(2026, 3, 31), "ordinary", D(2027, 3, 31)) == D(2029, 4, 1)
    with pytest.raises(ValueError, match="not published"):
        take_down_on(D(2026, 3, 31), "warning_only")


@given(st.dates(D(2000, 1, 1), D(2050, 1, 1)), st.integers(0, 120))
def test_months_keep_the_day_or_end_the_month(start: D, n: int) -> None:
    end = add_months(start, n)
    assert (end.year - start.year) * 12 + end.month - start.month == n
    assert end.day == start.day or (end.day < start.day and (end + dt.timedelta(days=1)).day == 1)


def test_months_refuse_what_is_no_term() -> None:
    with pytest.raises(ValueError, match="months"):
        add_months(D(2026, 1, 1), -1)


@given(DAYS)
def test_the_window_of_a_product_never_ends_on_a_day_off(served: D) -> None:
    assert is_working_day(deadline("supervision.objection", served).due)
