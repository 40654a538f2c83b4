"""Dated rules: one version on every day, and grades on unrounded scores."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.law.rules import NoRule, grade_of, rule_on
from qualipolis.law.rules_table import RULES

LAST_OF_20, FIRST_OF_121 = dt.date(2026, 4, 14), dt.date(2026, 4, 15)


def test_no_two_versions_of_a_rule_hold_on_one_day() -> None:
    for a, b in itertools.combinations(RULES, 2):
        if a.code == b.code:
            assert not (a.holds_on(b.valid_from) or b.holds_on(a.valid_from)), a.version


def test_a_complaint_of_the_last_day_runs_on_the_old_clocks() -> None:
    old, new = (rule_on("complaint.mediation", day) for day in (LAST_OF_20, FIRST_OF_121))
    assert (old.value, old.unit, new.value, new.unit) == (45, "working days", 60, "calendar days")
    assert old.version == "complaint.mediation@2020-01-01"


def test_it_says_what_was_not_confirmed() -> None:
    assert rule_on("complaint.acceptance", LAST_OF_20).verified
    unverified = rule_on("report.informed", FIRST_OF_121)
    assert not unverified.verified and "not seen" in unverified.note
    assert all(r.note for r in RULES if not r.verified)


def test_it_knows_no_rule_where_none_was_seen() -> None:
    with pytest.raises(NoRule):
        rule_on("recall.firm_report", dt.date(2022, 12, 31))
    with pytest.raises(NoRule):
        rule_on("complaint.mediation", dt.date(2019, 12, 31))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("observation.return", 5),
        ("observation.dispute", 7),
        ("bonus.cap", 5),
        ("proportion.min_n", 30),
        ("suppression.min_count", 3),
    ],
)
def test_the_first_loop_has_its_values(code: str, value: int) -> None:
    assert rule_on(code, dt.date(2021, 12, 31)).value == value


@given(st.floats(0, 105))
def test_every_score_has_one_grade(score: float) -> None:
    expected = "A" if score >= 90 else "B" if score >= 80 else "C" if score >= 60 else "D"
    assert grade_of(score, dt.date(2021, 12, 31)) == expected


def test_no_score_has_no_grade() -> None:
    assert grade_of(None, FIRST_OF_121) is None and grade_of(float("nan"), FIRST_OF_121) is None
