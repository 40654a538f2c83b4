"""What the tables of supervision sampling allow and forbid, one by one, with the reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.flow import NEEDS, ROLES, Refused
from qualipolis.law.flows import ALL, HANDLING, RESULT, SAMPLING_TASK
from qualipolis.law.supervision.consequences import FOLLOWS, fee_borne_by, follow

READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"today": dt.date(2021, 3, 1)}
LATE = {"today": dt.date(2021, 3, 16)}


def refusal(flow: str, state: str, step: str, **facts: Any) -> str:
    """Return the code of the problem with which the step is refused to somebody with every role."""
    with pytest.raises(Refused) as caught:
        ALL[flow].take(state, step, set(ROLES), READY | facts)
    return caught.value.problem.code


def take(flow: str, state: str, *steps: str, **facts: Any) -> str:
    for step in steps:
        state = ALL[flow].take(state, step, set(ROLES), READY | facts)
    return state


@pytest.mark.parametrize(
    ("flow", "state", "step", "facts", "code"),
    [
        ("supervision_plan", "submitted", "approve", {"higher_level_repeats": 1}, "higher_level_repeats"),
        ("campaign", "draft", "contract", {"testing_body": "S"}, "same_body"),
        ("campaign", "draft", "contract", {"testing_body": None}, "no_body"),
        ("campaign", "rules_public", "begin", {"rules_public_on": dt.date(2021, 3, 1)}, "rules_not_public"),
        ("campaign", "testing", "settle", {"open_results_left": 1}, "open_results_left"),
        ("draw_run", "committed", "draw", {"random_at": dt.datetime(2021, 2, 1, 9)}, "random_too_early"),
        ("sampling_task", "assigned", "arrive", {"samplers": 1}, "few_samplers"),
        ("sampling_task", "drawn", "assign", {"blocked_until": dt.date(2021, 5, 1)}, "recent_check"),
        ("sampling_task", "on_site", "not_sample", {"not_sampled_reason": "rain"}, "unknown_not_sampled_reason"),
        ("sampling_task", "on_site", "sample", {"open_form_fields": 2}, "open_form_fields"),
        ("sampling_task", "refused", "replace", {}, "wrong_state"),
        ("sample", "in_transit", "receive", {"seal_intact": False}, "not_seal_intact"),
        ("sample", "received", "begin", {"licence_checked": None}, "not_licence_checked"),
        ("sample", "received", "begin", {"items_out_of_scope": 1}, "items_out_of_scope"),
        ("sample", "reported", "give_back", {"final_from": None}, "before_final_from"),
        ("test_report", "checked", "sign", {"actor": 3, "submitted_by": 3}, "own_work"),
        ("result", "reported", "serve", {"proof": ""}, "needs_proof"),
        ("result", "notified", "open_window", {"unserved_parties": 1}, "unserved_parties"),
        ("result", "objection_window", "object", LATE, "after_window_until"),
        ("result", "notified", "object", {"window_until": None}, "no_window_until"),
        ("result", "objection_window", "finalise", {"final_from": dt.date(2021, 3, 2)}, "before_final_from"),
        ("result", "objection_window", "finalise", {"open_objections": 1}, "open_objections"),
        ("result", "upheld", "finalise", {"final_from": dt.date(2021, 3, 2)}, "before_final_from"),
        ("result", "under_objection", "order_recheck", {"backup_usable": False}, "not_backup_usable"),
        ("result", "under_objection", "order_recheck", {"rechecks_concluded": 1}, "rechecks_concluded"),
        ("result", "under_objection", "void", {"process_flaw": False}, "not_process_flaw"),
        ("objection", "received", "reject_late", {}, "within_window_until"),
        ("objection", "received", "accept", LATE, "after_window_until"),
        ("objection", "received", "accept", {"objection_kind": "mood"}, "unknown_objection_kind"),
        ("recheck", "ordered", "formalities", LATE, "after_formalities_until"),
        ("recheck", "ordered", "waive", {}, "within_formalities_until"),
        ("recheck", "ready", "designate", {"recheck_laboratory": "T"}, "same_laboratory"),
        ("food_recheck", "ready", "designate", {"recheck_laboratory": "T", "only_laboratory": True}, "same_laboratory"),
        ("food_recheck", "ready", "designate", {"laboratory_drawn": False}, "not_laboratory_drawn"),
        ("food_recheck", "applied", "refuse", {"no_recheck_ground": "rain"}, "unknown_no_recheck_ground"),
        ("handling", "ordered", "serve", {"order_proved": False}, "not_order_proved"),
        ("handling", "correcting", "not_corrected", {"correct_by": dt.date(2021, 3, 1)}, "within_correct_by"),
        ("handling", "announced", "second_fail", {"second_review_from": dt.date(2021, 3, 2)}, "too_early"),
        ("handling", "correcting", "cancel", {"reversed": False}, "not_reversed"),
        ("publication", "approved", "publish", {"result_final": False}, "not_result_final"),
        ("publication", "published", "take_down", {"take_down_day": dt.date(2021, 3, 2)}, "before_take_down_day"),
        ("publication", "withdrawn", "publish", {}, "wrong_state"),
        ("penalty_publication", "decided", "publish", {"kind": "warning_only"}, "warning_only"),
        ("penalty_publication", "decided", "keep_back", {"kind": "light"}, "not_only_warning"),
    ],
)
def test_it_refuses_with_its_reason(flow: str, state: str, step: str, facts: dict[str, Any], code: str) -> None:
    assert refusal(flow, state, step, **facts) == code


@pytest.mark.parametrize(
    ("flow", "state", "step", "role"),
    [
        ("supervision_plan", "submitted", "approve", "planner"),
        ("sampling_task", "on_site", "sample", "laboratory"),
        ("sample", "in_transit", "receive", "inspector"),
        ("result", "objection_window", "finalise", "laboratory"),
        ("result", "final", "reopen", "planner"),
        ("objection", "received", "accept", "enterprise"),
        ("handling", "third_review", "revoke", "inspector"),
        ("publication", "published", "withdraw", "planner"),
    ],
)
def test_it_refuses_the_wrong_role(flow: str, state: str, step: str, role: str) -> None:
    with pytest.raises(Refused) as caught:
        ALL[flow].take(state, step, {role}, READY)
    assert caught.value.problem.code == "wrong_role"


def test_a_refusal_is_never_replaced_and_a_listed_reason_is() -> None:
    assert take("sampling_task", "on_site", "not_sample", "replace") == "replaced"
    assert take("sampling_task", "on_site", "refuse", "report_refusal") == "refusal_reported"
    assert {s.name for s in SAMPLING_TASK.available("refused", set(ROLES))} == {"report_refusal"}


def test_a_sample_that_the_laboratory_refused_sends_the_task_back() -> None:
    assert take("sample", "sealed", "dispatch", "reject") == "rejected_at_lab"
    assert take("sampling_task", "sampled", "give_back", "assign", "arrive", "sample", "complete") == "completed"


def test_a_result_goes_its_whole_way() -> None:
    assert take("result", "reported", "serve", "serve", "open_window", "finalise") == "final"
    way = ("serve", "object", "order_recheck", "reverse", "finalise")
    assert take("result", "reported", *way) == "final"
    assert take("result", "reported", "serve", "object", "dismiss", "open_window", "finalise") == "final"
    assert take("result", "reported", "serve", "object", "order_recheck", "backup_lost", "void") == "voided"


def test_a_final_result_moves_only_by_order_and_is_corrected_in_public() -> None:
    assert {s.name for s in RESULT.available("final", set(ROLES))} == {"reopen", "admit"}
    assert take("result", "final", "reopen", "reverse", "finalise") == "final"
    assert take("publication", "published", "correct", "correct") == "corrected"


def test_an_objection_in_time_but_registered_late_is_admitted_by_the_leader() -> None:
    assert take("result", "final", "admit", "dismiss", "open_window", "finalise") == "final"
    assert refusal("result", "final", "admit", **LATE) == "after_window_until"


def test_a_result_may_be_voided_for_one_side_and_stay_for_the_other() -> None:
    assert take("result", "under_objection", "void_side", "open_window", "finalise") == "final"


def test_an_applicant_may_give_up_a_recheck_until_the_laboratory_is_named() -> None:
    assert take("recheck", "ordered", "formalities", "withdraw") == "withdrawn"
    assert take("food_recheck", "applied", "accept", "withdraw") == "withdrawn"
    assert refusal("recheck", "designated", "withdraw") == "wrong_state"


def test_a_late_objection_ends_and_touches_no_result() -> None:
    assert take("objection", "received", "reject_late", **LATE) == "rejected_late"
    assert refusal("result", "final", "object", **LATE) == "wrong_state"


def test_the_only_qualified_laboratory_may_recheck_a_product() -> None:
    assert take("recheck", "ready", "designate", recheck_laboratory="T", only_laboratory=True) == "designated"


def test_a_missed_formality_waives_the_recheck() -> None:
    assert take("recheck", "ordered", "waive", **LATE) == "waived"


def test_handling_runs_to_every_end() -> None:
    late = {"evidence": 1}
    first = ("order", "serve", "request_review")
    to_province = (*first, "fail", "escalate", "announce")
    assert take("handling", "transferred", *first, "pass", "close", **late) == "closed"
    assert take("handling", "transferred", *to_province, "second_pass", **late) == "passed"
    suspended = (*to_province, "second_fail", "request_third")
    assert take("handling", "transferred", *suspended, "third_pass", "close", **late) == "closed"
    assert take("handling", "transferred", *suspended, "revoke", **late) == "licence_revoked"
    assert take("handling", "transferred", "order", "serve", "not_corrected", "escalate", **late) == "escalated"


@pytest.mark.parametrize("state", ["ordered", "correcting", "announced", "suspended"])
def test_a_deregistered_firm_stops_the_handling_and_a_successor_starts_it_anew(state: str) -> None:
    assert take("handling", state, "cease", "find_successor", "order") == "ordered"
    assert take("handling", state, "cease", "close_ceased") == "closed_ceased"
    assert take("handling", state, "cancel") == "cancelled"


def test_only_closed_passed_revoked_or_cancelled_ends_a_handling() -> None:
    ways = {s.name for s in HANDLING.steps if s.target == "closed"}
    assert ways == {"close"} and HANDLING.find("passed", "close") is not None


def test_a_reversal_after_publication_corrects_cancels_and_revises() -> None:
    states = {
        "result": "under_recheck",
        "publication": "published",
        "handling": "correcting",
        "area_transfer": "acknowledged",
        "penalty_publication": "published",
    }
    found = follow("reversed", states)
    assert [(c.flow, c.step) for c in found if c.step] == [
        ("result", "reverse"),
        ("publication", "correct"),
        ("handling", "cancel"),
        ("area_transfer", "recall"),
        ("penalty_publication", "annul"),
    ]
    assert sum("revision record" in c.words for c in found) == 1
    assert [c.step for c in follow("reversed", {"publication": "draft"}) if c.step] == []


def test_a_lost_backup_is_treated_like_a_flaw_of_process() -> None:
    found = follow("backup_lost", {"result": "under_recheck", "objection": "recheck_ordered"})
    assert [c.step for c in found if c.step] == ["backup_lost", "uphold_flaw"]
    assert [c.step for c in follow("backup_spoiled", {"result": "under_recheck"})] == ["stand"]


def test_the_fee_follows_the_outcome() -> None:
    assert {end: fee_borne_by(end) for end in ALL["recheck"].finals} == {
        "waived": "nobody",
        "withdrawn": "nobody",
        "ended_spoiled": "nobody",
        "backup_lost": "organiser",
        "upheld": "applicant",
        "reversed": "organiser",
    }


def test_every_consequence_names_a_step_that_exists() -> None:
    for event, found in FOLLOWS.items():
        for one in found:
            assert one.words and one.law, event
            assert not one.flow or any(s.name == one.step for s in ALL[one.flow].steps), (event, one.step)
