"""What a pass rate counts: only what is final, one purpose at a time, with a reason for everything outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.law.flows import FOOD_RESULT, FOOD_SAMPLE, RESULT, SAMPLE, SAMPLING_TASK
from qualipolis.law.supervision.pass_rate import (
    ELSEWHERE,
    OTHER_PURPOSE,
    PURPOSES,
    STATES,
    VOIDED_FOR_SIDE,
    closures,
    pass_rate_parts,
    refusals,
    revision,
)
from qualipolis.methods.problems import InputError


def row(
    name: int, state: str = "final", verdict: str = "pass", purpose: str = "random", **facts: Any
) -> dict[str, Any]:
    return {"id": name, "state": state, "verdict": verdict, "purpose": purpose} | facts


def test_it_knows_every_state_that_a_task_sample_or_result_can_have() -> None:
    states = {s for flow in (SAMPLING_TASK, SAMPLE, FOOD_SAMPLE, RESULT, FOOD_RESULT) for s in flow.states}
    assert states == set(STATES)
    assert [state for state, (place, _) in STATES.items() if place == "counted"] == ["final"]


@pytest.mark.parametrize(("failed", "batches", "shown"), [(97, 1951, "4.97"), (379, 4953, "7.65")])
def test_it_gives_the_rates_of_the_published_notices(failed: int, batches: int, shown: str) -> None:
    rows = [row(i, verdict="fail" if i < failed else "pass") for i in range(batches)]
    parts = pass_rate_parts(rows, "random")
    assert (parts.failed, parts.n, parts.provisional) == (failed, batches, False)
    assert parts.rate is not None and f"{100 * (1 - parts.rate):.2f}" == shown


def test_it_leaves_out_what_the_rules_leave_out_and_says_why() -> None:
    rows = [
        row(1),
        row(2, "voided", "fail"),
        row(3, "untestable"),
        row(4, "not_sampled"),
        row(5, "refused"),
        row(6, "rejected_at_lab"),
        row(7, "final", "fail", "risk"),
        row(8, "final", "fail", review=True),
        row(9, "final", "fail", chosen_by_hand=True),
    ]
    parts = pass_rate_parts(rows, "random")
    assert (parts.passed, parts.failed, parts.n, parts.provisional) == (1, 0, 1, False)
    assert len(parts.excluded) == 8 and all(e.why for e in parts.excluded)
    assert parts.reasons()[OTHER_PURPOSE] == 1 and len(parts.reasons()) == 8


@pytest.mark.parametrize("state", [s for s, (place, _) in STATES.items() if place == "open"])
def test_it_is_provisional_while_anything_is_open(state: str) -> None:
    parts = pass_rate_parts([row(1), row(2, state, "fail")], "random")
    assert (parts.n, parts.provisional, parts.open) == (1, True, ("2",))


def test_an_open_row_of_another_purpose_leaves_it_settled() -> None:
    assert not pass_rate_parts([row(1), row(2, "under_objection", purpose="risk")], "random").provisional


def test_only_a_random_sample_speaks_for_the_market() -> None:
    assert {code for code in PURPOSES if pass_rate_parts([], code).market} == {"random"}
    assert pass_rate_parts([], "online").rate is None


def test_a_follow_up_counts_its_reviews() -> None:
    assert pass_rate_parts([row(1, purpose="follow_up", review=True)], "follow_up").n == 1


def test_a_counterfeit_is_void_for_the_producer_and_stays_for_the_seller() -> None:
    rows = [row(1, verdict="fail", voided_for=("producer",)), row(2, producer_elsewhere=True), row(3)]
    producer = pass_rate_parts(rows, "random", side="producer")
    assert (producer.n, producer.failed) == (1, 0)
    assert producer.reasons() == {VOIDED_FOR_SIDE: 1, ELSEWHERE: 1}
    assert pass_rate_parts(rows, "random", side="seller").failed == 1
    assert pass_rate_parts(rows, "random").n == 3


def test_two_batches_of_one_product_are_two_batches_and_one_product() -> None:
    rows = [row(1, product="p", firm="f"), row(2, verdict="fail", product="p", firm="f"), row(3, product="q", firm="f")]
    by = {unit: pass_rate_parts(rows, "random", unit=unit) for unit in ("batch", "product", "firm")}
    assert {unit: (p.passed, p.failed, p.batches) for unit, p in by.items()} == {
        "batch": (2, 1, 3),
        "product": (1, 1, 3),
        "firm": (0, 1, 3),
    }


def test_a_reversal_corrects_the_past_and_leaves_a_record() -> None:
    told = [row(1), row(2, verdict="fail"), row(3, verdict="fail")]
    reversed_on = dt.date(2026, 9, 1)
    later = [
        told[0],
        row(2, first_verdict="fail", reversed_on=reversed_on, reversal_reason="recheck"),
        row(3, "voided"),
    ]
    before, after = pass_rate_parts(told, "random"), pass_rate_parts(later, "random")
    found = revision(before, after, "2025", dt.date(2026, 9, 2))
    assert found is not None and (found.before, found.after) == ((1, 3), (2, 2))
    assert [(c.id, c.was, c.now) for c in found.changes] == [("2", "fail", "pass"), ("3", "fail", "—")]
    assert [(c.was, c.now, c.on) for c in after.corrections] == [("fail", "pass", reversed_on)]
    assert revision(after, after, "2025", reversed_on) is None
    with pytest.raises(ValueError, match="same purpose"):
        revision(before, pass_rate_parts(later, "risk"), "2025", reversed_on)


def test_a_revision_is_found_even_when_the_counts_agree() -> None:
    a = pass_rate_parts([row(1, verdict="pass"), row(2, verdict="fail")], "random")
    b = pass_rate_parts([row(1, verdict="fail"), row(2, verdict="pass")], "random")
    found = revision(a, b, "2025", dt.date(2026, 1, 1))
    assert found is not None and found.before == found.after and len(found.changes) == 2


def test_it_tells_every_problem_of_its_input() -> None:
    rows = [row(1), row(1), row(2, "asleep"), row(3, verdict=""), row(4, purpose="fun")]
    with pytest.raises(InputError) as caught:
        pass_rate_parts(rows, "luck", side="left", unit="box")
    assert {p.code for p in caught.value.problems} == {
        "unknown_purpose",
        "unknown_side",
        "unknown_unit",
        "repeated_id",
        "unknown_state",
        "no_verdict",
    }
    with pytest.raises(InputError, match="which product"):
        pass_rate_parts([row(1)], "random", unit="product")


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(STATES)), st.sampled_from(["pass", "fail"]), st.sampled_from(sorted(PURPOSES)))
    )
)
def test_every_row_counts_or_has_a_reason(drawn: list[tuple[str, str, str]]) -> None:
    rows = [row(i, *one) for i, one in enumerate(drawn)]
    for purpose in PURPOSES:
        parts = pass_rate_parts(rows, purpose)
        assert parts.n + len(parts.excluded) == len(rows)
        assert parts.n == sum(s == "final" and p == purpose for s, _, p in drawn)
    assert sum(pass_rate_parts(rows, p).n for p in PURPOSES) == sum(s == "final" for s, _, _ in drawn)


def test_refusals_are_told_apart_from_reasons_not_to_sample() -> None:
    states = ["refused", "refusal_reported", "sampled", "completed", "not_sampled", "replaced", "drawn"]
    found = refusals({"state": s} for s in states)
    assert (found.part, found.whole, found.rate) == (2, 4, 0.5)
    assert refusals([]).rate is None
    assert refusals([{"state": "voided"}, {"state": "refused"}]).whole == 2  # it was sampled before it was voided


def test_closures_count_reviews_passed_in_time_of_orders_due() -> None:
    by, today = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    cases = [
        {"state": "closed", "review_by": by, "passed_on": by},
        {"state": "passed", "review_by": by, "passed_on": today},
        {"state": "correcting", "review_by": by},
        {"state": "correcting", "review_by": dt.date(2026, 7, 1)},
        {"state": "cancelled", "review_by": by},
        {"state": "closed_ceased", "review_by": by},
        {"state": "transferred"},
    ]
    assert (closures(cases, today).part, closures(cases, today).whole) == (1, 3)
