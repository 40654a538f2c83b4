"""Whole stories in dated steps: what was published is reversed, a firm ceases, a backup is lost, a window is missed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.flow import NEEDS, ROLES
from qualipolis.law.flows import ALL
from qualipolis.law.supervision.clocks import Service, final_on, second_review_window
from qualipolis.law.supervision.consequences import follow
from qualipolis.law.supervision.pass_rate import pass_rate_parts, revision
from qualipolis.law.terms import deadline

D = dt.date
READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"evidence": 1}
SERVED = (Service("seller", D(2026, 9, 1)), Service("producer", D(2026, 9, 16)))


def take(states: dict[str, str], flow: str, step: str, today: dt.date, **facts: Any) -> None:
    """Take one step of one flow on a day; the state is kept in ``states``."""
    state = states.get(flow, ALL[flow].initial)
    states[flow] = ALL[flow].take(state, step, set(ROLES), READY | {"today": today} | facts)


def published() -> dict[str, str]:
    """A failed result that ran out its windows, is handled and published."""
    final, states = final_on(SERVED).day, {}
    assert final == D(2026, 10, 9)
    take(states, "result", "serve", D(2026, 9, 1))
    take(states, "result", "serve", D(2026, 9, 16))
    take(states, "result", "open_window", D(2026, 9, 16))
    take(states, "result", "finalise", final, final_from=final)
    take(states, "handling", "order", final)
    take(states, "handling", "serve", D(2026, 10, 12))
    for step in ("approve", "publish"):
        take(states, "publication", step, D(2026, 10, 12))
    return states


def test_a_recheck_reverses_what_was_published() -> None:
    states, day = published(), D(2026, 12, 1)
    failed = {"id": 1, "purpose": "random", "state": states["result"], "verdict": "fail"}
    told = pass_rate_parts([failed], "random")
    take(states, "result", "reopen", D(2026, 11, 20))
    open_again = pass_rate_parts([failed | {"state": states["result"]}], "random")
    assert open_again.provisional and open_again.n == 0
    for one in follow("reversed", states):
        if one.step:
            take(states, one.flow, one.step, day)
    assert states == {"result": "reversed", "handling": "cancelled", "publication": "corrected"}
    take(states, "result", "finalise", day, final_from=final_on(SERVED).day)
    now = failed | {"state": states["result"], "verdict": "pass", "first_verdict": "fail", "reversed_on": day}
    found = revision(told, pass_rate_parts([now], "random"), "2026-Q3", day)
    assert found is not None and (found.before, found.after) == ((0, 1), (1, 1))


def test_a_firm_that_ceases_stops_its_clocks_and_its_successor_has_new_ones() -> None:
    states, ceased = published(), D(2026, 11, 2)
    assert deadline("supervision.correct", D(2026, 10, 12)).due == D(2026, 12, 11)
    for one in follow("firm_ceased", states):
        if one.step:
            take(states, one.flow, one.step, ceased)
    assert (states["handling"], states["publication"], states["result"]) == ("firm_ceased", "corrected", "final")
    for step, day in (("find_successor", D(2026, 11, 9)), ("order", D(2026, 11, 10)), ("serve", D(2026, 11, 11))):
        take(states, "handling", step, day)
    assert states["handling"] == "correcting"
    assert deadline("supervision.correct", D(2026, 11, 11)).due > D(2026, 12, 11)


def test_a_lost_backup_voids_the_result_in_favour_of_the_firm() -> None:
    states: dict[str, str] = {}
    day, last = D(2026, 9, 10), D(2026, 9, 16)
    take(states, "result", "serve", D(2026, 9, 1))
    take(states, "result", "object", day, window_until=last)
    take(states, "objection", "accept", day, window_until=last)
    take(states, "objection", "order_recheck", D(2026, 9, 11))
    take(states, "result", "order_recheck", D(2026, 9, 11))
    take(
        states,
        "recheck",
        "formalities",
        D(2026, 9, 18),
        formalities_until=deadline("supervision.recheck_formalities", D(2026, 9, 11)).due,
    )
    take(states, "recheck", "lost", D(2026, 9, 20))
    for one in follow("backup_lost", states):
        if one.step:
            take(states, one.flow, one.step, D(2026, 9, 21))
    take(states, "result", "void", D(2026, 9, 21))
    assert (states["result"], states["objection"]) == ("voided", "granted")
    row = {"id": 1, "purpose": "random", "state": states["result"], "verdict": "fail"}
    assert pass_rate_parts([row], "random").n == 0


def test_a_failed_review_runs_on_to_the_second_within_its_days() -> None:
    states, announced = published(), D(2026, 12, 31)
    review_by = deadline("supervision.review", D(2026, 10, 12)).due
    assert review_by == D(2026, 12, 28)  # day 75 is Saturday 26 December
    take(states, "handling", "request_review", D(2026, 12, 4))
    take(states, "handling", "fail", D(2026, 12, 18))
    take(states, "handling", "escalate", D(2026, 12, 21))
    take(states, "handling", "announce", announced)
    first, last = second_review_window(announced)
    assert (first, last) == (D(2027, 3, 2), D(2027, 3, 30))
    take(states, "handling", "second_pass", first, second_review_from=first)
    take(states, "handling", "close", first)
    assert states["handling"] == "closed"
