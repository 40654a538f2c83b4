"""A follow-up sample that was asked for becomes a task in a campaign of that purpose; its result is never pooled."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_report, make_result, make_sample
from tests.city.supervise.handled import hand, served

from qualipolis.city.core.models import Event
from qualipolis.city.supervise import service
from qualipolis.city.supervise.draws import frequency
from qualipolis.city.supervise.models import ResultFact, SamplingTask
from qualipolis.city.supervise.statistics import facts, rates
from qualipolis.methods.problems import InputError


@pytest.fixture
def case(cast):
    return service.ask_follow_up(hand(cast), served(cast), "整改后跟踪抽查")


def refused(act) -> set[str]:
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def test_the_organiser_opens_the_task_in_a_new_campaign_of_its_own_purpose(cast, case):
    for role in ("inspector", "enterprise", "laboratory", "town_officer"):
        with pytest.raises(PermissionDenied):
            service.make_follow_up(cast[role], case)
    made = service.make_follow_up(cast["department"], case)
    assert (made.campaign.purpose, made.campaign.size, made.campaign.status) == ("follow_up", 1, "draft")
    assert (made.follows, made.enterprise, made.status) == (case.result, case.enterprise, "drawn")
    assert list(case.result.follow_ups.all()) == [made] and made.chosen_by_hand
    assert made.number in str(Event.objects.get(verb="supervise.make_follow_up").payload)
    assert refused(lambda: service.make_follow_up(cast["department"], case)) == {"follow_up_there"}
    SamplingTask.objects.filter(pk=made.pk).update(status="refused")
    assert service.make_follow_up(cast["department"], case) != made  # the first gave no sample


def test_a_campaign_of_another_purpose_or_whose_sampling_ended_is_refused(cast, case):
    for wrong in (make_campaign(cast), make_campaign(cast, purpose="follow_up", status="testing")):
        assert refused(lambda one=wrong: service.make_follow_up(cast["department"], case, one)) == {"other_campaign"}
    chosen = make_campaign(cast, purpose="follow_up")
    assert service.make_follow_up(cast["department"], case, chosen).campaign == chosen


def test_nothing_is_made_that_nobody_asked_for(cast):
    case = served(cast)
    assert refused(lambda: service.make_follow_up(cast["department"], case)) == {"not_asked"}


def test_the_half_year_does_not_bar_it_and_its_result_is_counted_by_itself(cast, case):
    task = service.make_follow_up(cast["department"], case, make_campaign(cast, purpose="follow_up"))
    today = timezone.localdate()
    keys = {"category": cast.rule.category, "product": task.product_id}
    assert frequency.blocked_until(task.enterprise, keys, today, "random") is not None
    assert frequency.blocked_until(task.enterprise, keys, today, task.campaign.purpose) is None
    SamplingTask.objects.filter(pk=task.pk).update(status="completed", sampled_on=today)
    task.refresh_from_db()
    sample = make_sample(cast, task, status="tested")
    report = make_report(cast, sample, status="accepted", verdict="pass")
    make_result(cast, status="final", report=report, verdict="pass", final_on=today)
    facts.recount()
    assert ResultFact.objects.get(purpose="follow_up").review
    rows = rates.rows()
    assert rates.parts(rows, "follow_up").n == 1
    assert [row["purpose"] for row in rates.counted(rows, "random")] == ["random"]
