"""Follow-ups: on their day and not before, recurrence reopens, and only what held is closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import back, cured, days_ago

from qualipolis.city.core.models import Event
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.treatment.follow_ups import sweep_follow_ups
from qualipolis.city.hospital.work import work
from qualipolis.methods.problems import InputError


def record(cast: Cast, case: Case, days: int, verdict: str = "holds", **more: object) -> None:
    one = case.follow_ups.filter(status="planned").get(days=days)
    service.record_follow_up(cast["hospital_desk"], one, verdict, "问过了", **more)
    case.refresh_from_db()


def test_three_that_hold_close_the_case(cast: Cast) -> None:
    case = cured(cast)
    back(case, 185)
    for days in (30, 90):
        record(cast, case, days)
        with pytest.raises(InputError) as caught:
            service.close_case(cast["hospital_desk"], case)
        assert caught.value.problems[0].code == "open_follow_ups"
    record(cast, case, 180, method="retest", metric="不合格品率", metric_before=0.18, metric_after=0.004,
           saved_cost=Decimal("120000"))  # fmt: skip
    assert service.close_case(cast["hospital_desk"], case).status == "closed"
    case.refresh_from_db()
    assert case.ended_on == days_ago(0) and case.follow_ups.get(days=180).saved_cost == 120000


def test_a_follow_up_is_not_recorded_before_its_day_so_nobody_closes_at_once(cast: Cast) -> None:
    case = cured(cast)
    for one in case.follow_ups.all():
        for act in (
            lambda one=one: service.record_follow_up(cast["hospital_desk"], one, "holds", "好"),
            lambda one=one: service.record_follow_up(cast["hospital_desk"], one, "holds", "好", done_on=one.planned_on),
            lambda one=one: service.miss_follow_up(cast["hospital_desk"], one, "没人接"),
        ):
            with pytest.raises(InputError):
                act()
    with pytest.raises(InputError):
        service.close_case(cast["hospital_desk"], case)
    case.refresh_from_db()
    assert case.status == "cured"


def test_a_case_in_which_nobody_was_reached_is_not_closed(cast: Cast) -> None:
    case = cured(cast)
    back(case, 185)
    for one in list(case.follow_ups.filter(status="planned")):
        service.miss_follow_up(cast["hospital_desk"], one, "没人接")
    case.refresh_from_db()
    again = case.follow_ups.get(status="planned")
    assert again.planned_on == days_ago(0) + timedelta(days=14)
    case.follow_ups.filter(pk=again.pk).update(status="missed")
    with pytest.raises(InputError) as caught:
        service.close_case(cast["hospital_desk"], case)
    assert caught.value.problems[0].code == "nobody_reached"


def test_a_doubtful_last_follow_up_does_not_close(cast: Cast) -> None:
    case = cured(cast)
    back(case, 185)
    for days, verdict in ((30, "holds"), (90, "holds"), (180, "doubtful")):
        record(cast, case, days, verdict)
    with pytest.raises(InputError) as caught:
        service.close_case(cast["hospital_desk"], case)
    assert caught.value.problems[0].code == "not_held"


def test_what_has_come_back_reopens_the_case_and_the_old_proof_counts_no_more(cast: Cast) -> None:
    case = cured(cast)
    back(case, 35)
    record(cast, case, 30, "recurred")
    assert (case.status, case.reopened) == ("reopened", 1)
    assert not case.follow_ups.filter(status="planned").exists()
    assert set(case.prescriptions.values_list("status", flat=True)) == {"replaced"}
    Case.objects.filter(pk=case.pk).update(status="verifying", expert=cast.doctor)
    with pytest.raises(InputError):
        service.cure(cast["expert"], case)


def test_after_its_term_it_is_recorded_and_a_new_case_is_due(cast: Cast) -> None:
    case = cured(cast)
    back(case, 200)
    for days, verdict in ((30, "holds"), (90, "holds"), (180, "recurred")):
        record(cast, case, days, verdict)
    assert case.status == "following"
    assert service.close_case(cast["hospital_desk"], case).status == "closed"


@pytest.mark.parametrize("name", ["desk_elsewhere", "enterprise", "expert", "inspector", "planner"])
def test_only_the_desk_of_the_town_follows_up(cast: Cast, name: str) -> None:
    case = cured(cast)
    back(case, 35)
    one = case.follow_ups.get(days=30)
    with pytest.raises(PermissionDenied):
        service.record_follow_up(cast[name], one, "holds", "好")


@pytest.mark.parametrize("state", ["verifying", "treating", "closed", "reopened", "diagnosed"])
def test_cases_that_are_elsewhere_are_not_closed(cast: Cast, state: str) -> None:
    with pytest.raises(InputError):
        service.close_case(cast["hospital_desk"], case_in(cast, state))


def test_the_sweep_calls_what_is_due_once(cast: Cast) -> None:
    case = cured(cast)
    assert sweep_follow_ups(timezone.now()) == 0
    back(case, 35)
    assert sweep_follow_ups(timezone.now()) == 1
    assert sweep_follow_ups(timezone.now()) == 0
    assert Event.objects.filter(verb="hospital.follow_up_due").count() == 1


def test_each_finds_what_waits_for_them(cast: Cast) -> None:
    case_in(cast, "treating")
    case_in(cast, "prescribed")
    case_in(cast, "verifying")
    back(cured(cast), 35)
    assert {one.verb for one in work(cast["enterprise"])} >= {"hospital.accept_prescription", "hospital.finish_item"}
    assert "hospital.cure" in {one.verb for one in work(cast["expert"])}
    assert "hospital.record_follow_up" in {one.verb for one in work(cast["hospital_desk"])}
    assert "hospital.record_follow_up" not in {one.verb for one in work(cast["desk_elsewhere"])}
