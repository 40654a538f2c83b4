"""The life of one failed result with three parties: served, waived, ceased, objected to, rechecked, voided, handled.

The machine keeps its own account of who may still object, and holds the tables of law against it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.calendar import add_days
from qualipolis.law.flow import NEEDS, ROLES, Refused
from qualipolis.law.flows import ALL
from qualipolis.law.supervision.clocks import Service, final_on, objection_is_late
from qualipolis.law.supervision.consequences import fee_borne_by, follow
from qualipolis.law.supervision.pass_rate import STATES, pass_rate_parts

READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"evidence": 1}
PARTIES = ("firm", "producer", "platform")
WAITS = ("received", "studying", "recheck_ordered")
MISHAPS = ("spoiled", "lost", "waive", "refuse")
DAY = dt.timedelta(days=1)


class Life(RuleBasedStateMachine):
    """One result, its objections, its recheck, its handling and its publication."""

    @initialize(
        start=st.dates(dt.date(2026, 1, 20), dt.date(2026, 10, 20)), food=st.booleans(), n=st.sampled_from([1, 1, 2, 3])
    )
    def begin(self, start: dt.date, food: bool, n: int) -> None:
        self.today = self.last_seen = start
        self.food, self.result = food, "reported"
        self.term = (7, "working") if food else (15, "calendar")
        self.code = "food.recheck_apply" if food else "supervision.objection"
        self.services = {party: Service(party) for party in PARTIES[:n]}
        self.ends: dict[str, dt.date] = {}
        self.objections: list[list[str]] = []
        self.recheck = ""
        self.verdict, self.rechecked, self.flaw, self.backup = "fail", 0, False, True
        self.handling = self.publication = ""

    def take(self, flow: str, state: str, step: str, **facts: Any) -> str | None:
        """Return the state after the step, None when it is refused."""
        final = final_on(self.services.values(), self.code)
        known = READY | {
            "today": self.today,
            "final_from": final.day,
            "unserved_parties": sum(not self.has_begun(s) for s in self.services.values()),
            "open_objections": sum(o[1] in WAITS for o in self.objections),
            "rechecks_concluded": self.rechecked,
            "process_flaw": self.flaw,
            "backup_usable": self.backup,
            "failed": self.verdict == "fail",
            "result_final": self.result == "final",
            "reversed": self.result in ("reversed", "voided"),
        }
        try:
            return ALL[flow].take(state, step, set(ROLES), known | facts)
        except Refused as refused:
            assert refused.problem.text()
            return None

    @staticmethod
    def has_begun(service: Service) -> bool:
        return bool(service.served_on or service.waived_on or service.ceased_on)

    def move(self, step: str, **facts: Any) -> bool:
        after = self.take("food_result" if self.food else "result", self.result, step, **facts)
        self.result = after or self.result
        return after is not None

    def may_object(self, party: str) -> bool:
        return party in self.ends and self.today <= self.ends[party]

    def over(self, party: str) -> bool:
        one = self.services[party]
        early = [day for day in (one.waived_on, one.ceased_on) if day is not None]
        return bool(early) or (party in self.ends and self.ends[party] < self.today)

    @rule(days=st.sampled_from([1, 3, 8]))
    def time_passes(self, days: int) -> None:
        self.today += days * DAY

    @precondition(lambda self: self.ends and len(self.ends) == len(self.services))
    @rule()
    def every_window_runs_out(self) -> None:
        self.today = max(self.today, *self.ends.values()) + DAY

    @precondition(lambda self: any(one.served_on is None for one in self.services.values()))
    @rule(data=st.data(), proof=st.sampled_from([True, True, False]))
    def serve(self, data: st.DataObject, proof: bool) -> None:
        waiting = [party for party, one in self.services.items() if one.served_on is None]
        party = data.draw(st.sampled_from(waiting))
        before = self.result
        taken = self.move("serve", proof="receipt" if proof else "")
        assert taken == (proof and before in ("reported", "notified"))
        if taken:
            self.services[party] = replace(self.services[party], served_on=self.today)
            self.ends[party] = add_days(self.today, *self.term).due  # type: ignore[arg-type]

    @precondition(lambda self: len(self.services) > 1)
    @rule(how=st.sampled_from(["waived_on", "ceased_on"]))
    def the_producer_gives_up_or_ceases(self, how: str) -> None:
        party = "producer"
        if getattr(self.services[party], how) is None:
            self.services[party] = replace(self.services[party], **{how: self.today})

    @precondition(lambda self: self.result in ("reported", "notified"))
    @rule()
    def open_window(self) -> None:
        everybody = all(self.has_begun(one) for one in self.services.values())
        before = self.result
        assert self.move("open_window") == (everybody and before == "notified")

    @rule(data=st.data(), kind=st.sampled_from(["process", "conclusion", "conclusion"]))
    def object(self, data: st.DataObject, kind: str) -> None:
        party = data.draw(st.sampled_from(sorted(self.services)))
        in_time, last = self.may_object(party), self.ends.get(party)
        here = self.result in ("notified", "objection_window", "under_objection", "upheld", "reversed")
        assert self.move("object", window_until=last) == (in_time and here)
        if last is not None and not in_time:
            assert objection_is_late(self.services[party], self.today, self.code)
            assert self.take("objection", "received", "accept", window_until=last) is None
            assert self.take("objection", "received", "reject_late", window_until=last) == "rejected_late"
        elif in_time and here:
            assert self.take("objection", "received", "reject_late", window_until=last) is None
            self.objections.append([kind, "studying"])

    @precondition(lambda self: self.result == "under_objection")
    @rule(how=st.sampled_from(["order_recheck", "dismiss", "uphold_flaw"]), flaw=st.booleans())
    def decide(self, how: str, flaw: bool) -> None:
        waits = [o for o in self.objections if o[1] == "studying"]
        if not waits:
            self.move("dismiss")
            return
        self.flaw = self.flaw or (flaw and waits[0][0] == "process")
        conclusion = waits[0][0] == "conclusion"
        after = self.take("objection", "studying", how, conclusion_objected=conclusion)
        assert (after is None) == {
            "dismiss": False,
            "uphold_flaw": not self.flaw,
            "order_recheck": not (conclusion and self.backup and not self.rechecked),
        }[how]
        if after is None:
            return
        waits[0][1] = after
        if how == "uphold_flaw":
            assert self.move("void")
        elif how == "order_recheck":
            assert self.move("order_recheck", conclusion_objected=True)
            self.recheck, self.until = "ready" if self.food else "ordered", self.today + 9 * DAY
        else:
            self.move("dismiss")

    @precondition(lambda self: self.result == "under_recheck")
    @rule(data=st.data(), lab=st.sampled_from(["U", "U", "U", "T"]), mishap=st.sampled_from([False] * 5 + [True]))
    def go_on_with_the_recheck(self, data: st.DataObject, lab: str, mishap: bool) -> None:
        flow = "food_recheck" if self.food else "recheck"
        names = [s.name for s in ALL[flow].steps if self.recheck in s.sources]
        names = [name for name in names if (name in MISHAPS) == mishap] or names
        step = data.draw(st.sampled_from(names))
        after = self.take(flow, self.recheck, step, formalities_until=self.until, recheck_laboratory=lab)
        if step == "designate" and lab == "T":
            assert after is None
        if step == "formalities" and after:
            assert self.today <= self.until
        if step == "waive" and after:
            assert self.today > self.until
        self.recheck = after or self.recheck
        if self.recheck in ALL[flow].finals:
            self.conclude()

    def conclude(self) -> None:
        end = self.recheck
        step = {"upheld": "uphold", "reversed": "reverse", "backup_lost": "backup_lost"}.get(end, "stand")
        assert self.move(step)
        assert fee_borne_by(end) == {"upheld": "applicant", "reversed": "organiser", "backup_lost": "organiser"}.get(
            end, "nobody"
        )
        self.backup = False
        if end == "backup_lost":
            self.flaw = True
        else:
            self.rechecked += 1
        if end == "reversed":
            self.verdict = "pass"
        for objection in self.objections:
            if objection[1] == "recheck_ordered":
                objection[1] = "studying" if end == "backup_lost" else "answered"
        if end != "backup_lost":
            self.objections = [[kind, "answered" if state in WAITS else state] for kind, state in self.objections]

    @precondition(lambda self: self.result not in ("final", "voided"))
    @rule()
    def finalise(self) -> None:
        ready = self.result in ("objection_window", "upheld", "reversed")
        ready &= not any(state in WAITS for _, state in self.objections)
        assert self.move("finalise") == (ready and all(self.over(party) for party in self.services))

    @precondition(lambda self: not self.publication)
    @rule()
    def handle_and_publish(self) -> None:
        order = self.take("handling", "transferred", "order")
        assert (order is not None) == (self.verdict == "fail")
        published = self.take("publication", "approved", "publish")
        assert (published is not None) == (self.result == "final")
        if published:
            self.publication = published
            self.handling = "correcting" if self.verdict == "fail" else ""

    @precondition(lambda self: self.result == "final" and self.publication and not self.rechecked and self.backup)
    @rule(agrees=st.booleans())
    def a_court_reopens_it(self, agrees: bool) -> None:
        assert self.move("reopen")
        assert self.move("uphold" if agrees else "reverse")
        self.rechecked += 1
        if agrees:
            return
        self.verdict = "pass"
        states = {"publication": self.publication} | ({"handling": self.handling} if self.handling else {})
        steps = {c.flow: c.step for c in follow("reversed", states) if c.step}
        assert steps == {"publication": "correct"} | ({"handling": "cancel"} if self.handling else {})
        for flow, step in steps.items():
            setattr(self, flow, self.take(flow, states[flow], step))
        assert self.publication == "corrected" and self.handling in ("", "cancelled")

    @invariant()
    def the_clock_only_runs_forward(self) -> None:
        if hasattr(self, "today"):
            assert self.today >= self.last_seen
            self.last_seen = self.today
            found = final_on(self.services.values(), self.code)
            assert all(found.last_day(party) == end for party, end in self.ends.items())

    @invariant()
    def final_means_that_nobody_may_object_any_more(self) -> None:
        if getattr(self, "result", None) == "final":
            assert all(self.over(party) for party in self.services)
            assert not any(state in WAITS for _, state in self.objections)

    @invariant()
    def only_what_is_final_counts_and_what_is_voided_never(self) -> None:
        if not hasattr(self, "result"):
            return
        row = {"id": 1, "purpose": "random", "state": self.result, "verdict": self.verdict, "first_verdict": "fail"}
        parts = pass_rate_parts([row], "random")
        assert parts.n == (self.result == "final")
        assert parts.provisional == (STATES[self.result][0] == "open")
        if parts.n:
            assert parts.failed == (self.verdict == "fail")


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=100, stateful_step_count=45, deadline=None)
