"""What is known around a signal: its series, its class, how it ended, the trial on the history, who answers a proposal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.listen.cast import Cast
from tests.city.listen.test_signals import WEEK, last_week, letters, signal

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import System
from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import GroupDisease
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Investigation, Letter, Proposal, PublicWarning, Signal, SignalRun
from qualipolis.city.listen.signals import back_test, outcomes, queries, running, series
from qualipolis.city.listen.work import work


def heard(cast: Cast, burst: int = 14, weeks: int = 60) -> Signal:
    letters(cast, weeks=weeks, burst=burst)
    service.hear(cast["department"], last_week())
    row = Signal.objects.filter(product_class="heater", hazard="burn", kind="series").first()
    assert row is not None
    return row


def proposed(cast: Cast, kind: str, row: Signal | None = None) -> Proposal:
    row = row or signal(cast)
    if row.status == "raised":
        service.look_at_signal(cast["department"], row)
    return service.propose(cast["department"], row, kind, "十四件投诉集中在一种电暖器")


def test_the_series_of_a_signal_is_what_the_engine_counted(cast: Cast) -> None:
    row = heard(cast)
    found = series.series_of(row)
    assert found.weeks[-1] == row.week == found.weeks[found.called or 0] and len(found.weeks) == series.SHOWN
    assert sum(found.counts[-running.RECENT :]) == row.count
    assert found.over[-1] and found.expected[-1] == pytest.approx((row.expected or 0) / running.RECENT)
    assert sum(found.over[:-1]) <= 6


def test_a_week_of_the_series_knows_nothing_of_later_ones(cast: Cast) -> None:
    row = heard(cast)
    before = series.series_of(row)
    Letter.objects.create(
        number="late", received_on=last_week() + timedelta(days=6), product_class="heater", hazard="burn",
        unit=cast.unit, respondent_name="x", facts="x",
    )  # fmt: skip
    after = series._series(row, row.week)
    assert after.counts[-1] == before.counts[-1] + 1 and after.bound == before.bound


def test_not_stated_is_a_value_of_its_own(cast: Cast) -> None:
    for n, hazard in enumerate(("", "burn", "")):
        Letter.objects.create(number=f"n{n}", received_on=last_week(), product_class="heater", hazard=hazard,
                              unit=cast.unit, respondent_name="x", facts="x")  # fmt: skip
    told = {"all": ("heater", "", ""), "unstated": ("heater", "not stated", ""), "burn": ("heater", "burn", "")}
    rows = {name: signal(cast, key=running.key_text(key)) for name, key in told.items()}
    assert {name: sum(series.series_of(row).counts) for name, row in rows.items()} == {
        "all": 3,
        "unstated": 2,
        "burn": 1,
    }


def test_the_context_counts_and_says_when_it_cannot(cast: Cast) -> None:
    found = series.context_of(heard(cast))
    assert found is not None and found.rate is None and found.tested == 0
    assert {one.kind for one in found.known} == {"complaints", "reports", "incidents", "alerts"}
    assert all(one.recent == 0 and one.usual is None for one in found.known if one.kind != "complaints")
    row = signal(cast)
    row.product_class = ""
    danger = series.context_of(row)
    assert danger is not None and not danger.sampled and danger.known[0].kind == "complaints"
    row.hazard = ""
    assert series.context_of(row) is None


def test_a_trial_finds_large_outbreaks_more_often_than_small_ones(cast: Cast) -> None:
    heard(cast)
    trial = SignalRun.objects.get().back_test
    found = [one["found"] for one in trial["power"]]
    assert found == sorted(found) and found[-1] >= 0.9 * trial["planted"] > found[0]
    assert all(one["low"] <= one["found"] / one["n"] <= one["high"] for one in trial["power"])
    false = [one["false_year"] for one in trial["curve"]]
    assert false == sorted(false) and trial["curve"][0]["p"] == trial["rule"] == back_test.lone_threshold(
        trial["tests"], 0.05
    )


def test_a_confirmed_signal_is_no_false_alarm_of_the_trial(cast: Cast) -> None:
    row = heard(cast)
    before = SignalRun.objects.get().back_test["curve"][-1]
    Signal.objects.filter(pk=row.pk).update(status="confirmed")
    until = row.week + timedelta(days=6)
    again = back_test.back_test(running._heard(running.local_records(until), until), running.ALPHA)
    assert again["events"] == 1 and again["curve"][-1]["false"] < before["false"]
    assert again["curve"][-1]["known_found"] == 1


def test_a_short_history_has_no_trial(cast: Cast) -> None:
    letters(cast, weeks=20, burst=14)
    assert service.hear(cast["department"], last_week()).back_test == {}


def test_outcomes_tell_refuted_from_dismissed(cast: Cast) -> None:
    ended: dict[str, Signal] = {name: signal(cast, key=name) for name in ("confirmed", "refuted", "dismissed", "open")}
    for name in ("confirmed", "refuted"):
        service.decline_proposal(cast["planner"], proposed(cast, "sample", ended[name]), "已在抽查")
        ended[name].refresh_from_db()
    service.confirm_signal(cast["department"], ended["confirmed"], "属实")
    service.refute_signal(cast["department"], ended["refuted"], "同一批人来信")
    service.dismiss_signal(cast["department"], ended["dismissed"], "重复来信")
    found = outcomes.outcomes(cast["leader"])
    assert (found.confirmed, found.refuted, found.dismissed, found.waiting) == (1, 1, 1, 1)
    assert found.precision is not None and found.precision.n == 2 and found.strict is not None and found.strict.n == 3


def test_missed_weeks_are_made_up_for_in_their_order(cast: Cast) -> None:
    letters(cast, weeks=40)
    service.hear(cast["department"], last_week() - 3 * WEEK)
    running.sweep_signals(running.timezone.now())
    assert list(SignalRun.objects.order_by("pk").values_list("week", flat=True)) == [
        last_week() - back * WEEK for back in (3, 2, 1, 0)
    ]


def test_work_waits_for_those_who_look_and_for_the_office_that_answers(cast: Cast) -> None:
    row = signal(cast)
    names = ("department", "planner", "complaint_desk", "hospital_desk", "leader", "enterprise")
    verbs = lambda name: [one.verb for one in work(cast[name]) if one.url_name.startswith("desk:listen_")]  # noqa: E731
    assert [verbs(name) for name in names] == [["listen.look_at_signal"]] * 3 + [[]] * 3
    made = proposed(cast, "sample", row)
    assert verbs("planner") == ["listen.take_up_proposal"] and verbs("department") == []
    service.take_up_proposal(cast["planner"], made, "C1")
    assert verbs("department") == ["listen.confirm_signal"] and verbs("planner") == []


def test_an_investigation_names_the_signal_it_came_from(cast: Cast) -> None:
    department = cast["department"]
    made = proposed(cast, "investigation")
    owner = department.organisation or cast.city.bureau
    row = service.investigate_on_proposal(System("test"), made, owner)
    made.refresh_from_db()
    assert row.came_from == made.signal.number and made.became == row.number and made.status == "taken_up"
    other = proposed(cast, "recall", signal(cast, key="other"))
    with pytest.raises(PermissionDenied):
        service.investigate_on_proposal(cast["planner"], other, owner)
    other.refresh_from_db()
    assert Investigation.objects.count() == 1 and other.status == "proposed"


def test_a_warning_is_drafted_and_not_published(cast: Cast) -> None:
    made = proposed(cast, "warning")
    row = service.warn_on_proposal(cast["department"], made, "关于电暖器的风险警示")
    made.refresh_from_db()
    assert PublicWarning.objects.get() == row and row.status == "drafted" and made.became == row.number


@pytest.mark.parametrize(("end", "status"), [("take_up_group", "taken_up"), ("dismiss_group", "declined")])
def test_the_hospital_answers_with_its_own_number_and_no_case(cast: Cast, end: str, status: str) -> None:
    made = proposed(cast, "hospital")
    group = GroupDisease.objects.get()
    assert group.signal_no == made.signal.number and not group.cases.exists() and group.product_class == "heater"
    getattr(hospital, end)(cast["hospital_manager"], group, "三家企业的病历显示温控失灵")
    made.refresh_from_db()
    assert made.status == status and "病历" not in made.answer + made.became
    assert made.became == (group.number if status == "taken_up" else "")
    assert "温控" not in " ".join(Event.objects.filter(verb__startswith="listen.").values_list("payload", flat=True))


def test_another_kind_of_proposal_does_not_reach_the_hospital(cast: Cast) -> None:
    proposed(cast, "sample")
    assert not GroupDisease.objects.exists()


def test_the_board_tells_the_week_and_what_was_looked_through(cast: Cast) -> None:
    letters(cast, weeks=40)
    service.hear(cast["department"], last_week() - WEEK)
    quiet = queries.board(cast["leader"])
    assert quiet.run is not None and quiet.unusual == () and quiet.month_signals == 0
    assert queries.board(cast["enterprise"]).run is None
    assert queries.waiting_since(cast["leader"]) == Letter.objects.filter(received_on__gte=last_week()).count()


@pytest.mark.parametrize("name", ["listen-signals", "listen-proposals", "listen-signal-weeks"])
def test_lists_name_no_person(cast: Cast, name: str) -> None:
    row = heard(cast)
    proposed(cast, "hospital", row)
    told = str(LISTINGS[name].frame(cast["department"], {}).to_dicts())
    assert told != "[]" and cast["department"].username not in told
