"""A value near a limit is decided by its rule, and the risk of that decision is said. Numbers were made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.conformity import (
    RULES,
    STATEMENTS,
    Limits,
    Measured,
    conformance_probability,
    decide,
    decide_words,
    guard_band_for_risk,
    sample_verdict,
)

VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
BANDS = st.floats(0, 1e3).map(lambda value: round(value, 3))
UPPER = Limits(upper=20)


@pytest.mark.parametrize(
    ("value", "rule", "outcome", "statement"),
    [
        (15, "simple", "pass", "pass"),
        (18, "simple", "pass", "conditional_pass"),
        (20, "simple", "pass", "conditional_pass"),
        (20.1, "simple", "fail", "conditional_fail"),
        (24.1, "simple", "fail", "fail"),
        (16, "guarded", "pass", "pass"),
        (16.1, "guarded", "fail", "conditional_pass"),
        (21, "guarded", "fail", "conditional_fail"),
        (24, "guarded_reject", "pass", "conditional_fail"),
        (24.1, "guarded_reject", "fail", "fail"),
    ],
)
def test_it_decides_by_the_rule_with_an_uncertainty_of_four(value, rule, outcome, statement) -> None:
    found = decide(Measured(value, uncertainty=4), UPPER, rule)
    assert (found.outcome, found.statement) == (outcome, statement)


def test_the_risk_is_that_of_the_normal_table() -> None:
    # u = 2; (20 - 18) / 2 = 1 and Φ(1) = 0.841345; (20 - 23) / 2 = -1.5 and Φ(-1.5) = 0.066807
    accepted = decide(Measured(18, uncertainty=4), UPPER)
    rejected = decide(Measured(23, uncertainty=4), UPPER)
    assert accepted.conformance == pytest.approx(0.841345, abs=1e-6)
    assert accepted.risk == pytest.approx(0.158655, abs=1e-6)
    assert rejected.risk == pytest.approx(0.066807, abs=1e-6)
    # two limits, u = 1: Φ(1.5) - Φ(-0.5) = 0.933193 - 0.308538
    assert conformance_probability(4.5, 1, Limits(4, 6)) == pytest.approx(0.624655, abs=1e-6)


def test_a_value_at_the_guarded_limit_is_accepted_at_two_and_a_half_percent() -> None:
    found = decide(Measured(16, uncertainty=4), UPPER, "guarded")
    assert found.outcome == "pass" and found.risk == pytest.approx(0.022750, abs=1e-6)
    assert guard_band_for_risk(2, 0.025) == pytest.approx(3.919928, abs=1e-6)


def test_decimal_digits_decide_not_their_binary_shadows() -> None:
    assert decide(Measured(0.2, uncertainty=0.1), Limits(upper=0.3), "guarded").outcome == "pass"
    assert decide(Measured(1.1, uncertainty=0.1), Limits(lower=1.0), "guarded").outcome == "pass"


@pytest.mark.parametrize(
    ("value", "sign", "limits", "outcome"),
    [
        (5, "<", Limits(upper=20), "pass"),
        (20, "<", Limits(upper=20), "pass"),
        (25, "<", Limits(upper=20), None),
        (5, "<", Limits(lower=5), "fail"),
        (6, "<", Limits(lower=5), None),
        (100, ">", Limits(upper=20), "fail"),
        (10, ">", Limits(upper=20), None),
        (10, ">", Limits(lower=5), "pass"),
        (5, "<", Limits(4, 7.5), None),
        (4, "<", Limits(4, 7.5), "fail"),
    ],
)
def test_a_bound_decides_only_when_it_leaves_nothing_open(value, sign, limits, outcome) -> None:
    assert decide(Measured(value, sign), limits).outcome == outcome


def test_a_guarded_bound_needs_the_room_of_its_band() -> None:
    assert decide(Measured(17, "<", 4), UPPER, "guarded").outcome is None
    assert decide(Measured(16, "<", 4), UPPER, "guarded").outcome == "pass"
    assert decide(Measured(5, "<"), UPPER, "guarded").outcome is None


def test_no_value_passes_where_the_bands_leave_no_room() -> None:
    found = decide(Measured(5, uncertainty=2), Limits(4, 7), "guarded")
    assert found.outcome is None and "too large" in found.why


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        decide(Measured(float("nan"), uncertainty=-1, k=0), Limits(5, 4), "guess", -1)
    assert {p.code for p in caught.value.problems} == {
        "not_finite", "limits_crossed", "bad_uncertainty", "bad_k", "bad_r", "unknown_rule"
    }  # fmt: skip
    with pytest.raises(InputError):
        decide(Measured(1), Limits())


def test_words_are_judged_by_who_looked() -> None:
    assert [decide_words("no sharp edges", said).outcome for said in (True, False, None)] == ["pass", "fail", None]
    assert decide_words(" ", True).outcome is None


def test_one_failure_fails_the_sample_and_an_open_item_leaves_it_open() -> None:
    assert sample_verdict(["pass", None, "fail"]) == "fail"
    assert sample_verdict(["pass", "pass"]) == "pass" and sample_verdict([]) is None
    assert sample_verdict(["pass", None]) is None


@given(value=VALUES, u=BANDS, upper=VALUES)
def test_a_stricter_rule_never_passes_more(value, u, upper) -> None:
    passed = [decide(Measured(value, uncertainty=u), Limits(upper=upper), rule).outcome == "pass" for rule in RULES]
    simple, guarded, lenient = passed
    assert (not guarded or simple) and (not simple or lenient)


@given(value=VALUES, u=BANDS, lower=VALUES, room=BANDS, rule=st.sampled_from(RULES))
def test_risk_and_probability_belong_together(value, u, lower, room, rule) -> None:
    found = decide(Measured(value, uncertainty=u), Limits(lower, lower + room), rule)
    if found.outcome is None or found.conformance is None:
        return
    assert -1e-12 <= found.conformance <= 1 + 1e-12 and found.statement in STATEMENTS
    expected = 1 - found.conformance if found.outcome == "pass" else found.conformance
    assert found.risk == pytest.approx(expected)


@given(bound=VALUES, below=VALUES, limit=VALUES)
def test_what_a_bound_decides_every_value_behind_it_decides_alike(bound, below, limit) -> None:
    value = min(bound - 0.001, below)
    found = decide(Measured(bound, "<"), Limits(upper=limit))
    assert found.outcome in (None, decide(Measured(value), Limits(upper=limit)).outcome)


@given(value=VALUES, u=BANDS, lower=VALUES, room=BANDS, rule=st.sampled_from(RULES))
def test_turning_the_axis_round_changes_nothing(value, u, lower, room, rule) -> None:
    upper = round(lower + room, 3)
    here = decide(Measured(value, uncertainty=u), Limits(lower, upper), rule)
    there = decide(Measured(-value, uncertainty=u), Limits(-upper, -lower), rule)
    assert (here.outcome, here.statement) == (there.outcome, there.statement)
