"""Tasks go from the draw to their end only by those who may, and replacements come from the reserve in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_sample, make_task
from tests.city.supervise.on_site import sampled

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import DrawnUnit, DrawRun, Sample, SamplingTask
from qualipolis.methods.problems import InputError

HEARD: list[tuple[str, str]] = []


@subscriber("supervise.task_ended")
def _heard(actor, task, **facts):
    HEARD.append((task.number, task.status))


@pytest.fixture(autouse=True)
def silence():
    HEARD.clear()


def pair(cast):
    return [cast["inspector"], cast["inspector2"]]


def test_two_inspectors_with_tickets_are_named_and_one_is_not_enough(cast):
    task = make_task(cast, status="drawn")
    with pytest.raises(InputError):
        service.assign_task(cast["planner"], task, pair(cast)[:1])
    lots = {cast["inspector"].pk: ("ab" * 32, 0.4)}
    row = service.assign_task(cast["planner"], task, pair(cast), lots)
    assert row.status == "assigned"
    assert row.assignments.get(person=cast["inspector"]).probability == 0.4


def test_nobody_without_certificate_role_or_distance_is_named(cast):
    task = make_task(cast, status="drawn")
    profile = cast["inspector2"].inspector_profile
    profile.recusals.add(task.enterprise)
    with pytest.raises(InputError) as refused:
        service.assign_task(cast["planner"], task, [*pair(cast), cast["expert"]])
    assert {p.code for p in refused.value.problems} == {"recused", "no_inspector"}
    profile.recusals.clear()
    profile.certified_until = timezone.localdate() - timedelta(days=1)
    profile.save()
    with pytest.raises(InputError) as refused:
        service.assign_task(cast["planner"], task, pair(cast))
    assert [p.code for p in refused.value.problems] == ["no_certificate"]


def test_only_the_organiser_decides_on_its_tasks(cast):
    task = make_task(cast, status="not_sampled")
    elsewhere = make_task(cast, make_campaign(cast, organiser=cast.branch), status="not_sampled")
    for role in ("inspector", "laboratory", "enterprise", "town_officer", "expert"):
        with pytest.raises(PermissionDenied):
            service.leave_task_open(cast[role], task, "nothing left")
    with pytest.raises(PermissionDenied):
        service.leave_task_open(cast["department"], elsewhere, "nothing left")
    assert service.leave_task_open(cast["department"], task, "nothing left").status == "closed"
    assert [(task.number, "closed")] == HEARD


def reserve(cast, campaign, places):
    draw = DrawRun.objects.create(campaign=campaign, status="published")
    return [
        DrawnUnit.objects.create(
            draw=draw, position=place, kind="reserve", key=cast.firms[place].credit_code, enterprise=cast.firms[place],
            product=cast.products[place], ticket="00",
        )
        for place in places
    ]  # fmt: skip


def test_a_replacement_is_the_next_of_the_reserve_list_until_it_is_used_up(cast):
    campaign = make_campaign(cast)
    first, second = reserve(cast, campaign, (2, 3))
    gone = [make_task(cast, campaign, status="not_sampled", enterprise=cast.firms[n]) for n in (0, 1, 4)]
    made = service.replace_task(cast["planner"], gone[0])
    assert (made.drawn, made.enterprise, made.replaces, made.status) == (first, cast.firms[2], gone[0], "drawn")
    assert service.replace_task(cast["planner"], gone[1]).drawn == second
    with pytest.raises(InputError, match="used up"):
        service.replace_task(cast["planner"], gone[2])


def test_a_refusal_is_never_replaced(cast):
    campaign = make_campaign(cast)
    reserve(cast, campaign, (2,))
    task = make_task(cast, campaign, status="refused")
    with pytest.raises(InputError):
        service.replace_task(cast["planner"], task)


def test_a_sample_the_laboratory_refuses_sends_its_task_back_to_be_sampled_again(cast):
    task = make_task(cast)
    test, _backup = sampled(cast, task)
    tell(cast["laboratory"], "supervise.sample_rejected", test, reason="seal broken")
    task.refresh_from_db()
    assert (task.status, task.reason, task.sampled_on) == ("returned", "seal broken", None)
    service.assign_task(cast["planner"], task, pair(cast))
    again = sampled(cast, SamplingTask.objects.get(pk=task.pk))
    assert [one.attempt for one in again] == [2, 2] and Sample.objects.count() == 4


def test_a_task_is_complete_only_when_the_laboratory_has_the_sample(cast):
    sample = make_sample(cast)
    with pytest.raises(InputError):
        service.complete_task(cast["planner"], sample.task)
    Sample.objects.filter(pk=sample.pk).update(status="received")
    tell(cast["laboratory"], "supervise.sample_received", sample)
    sample.task.refresh_from_db()
    assert sample.task.status == "completed" and [(sample.task.number, "completed")] == HEARD
    assert Event.objects.get(verb="supervise.complete_task").actor == "supervise"


def test_a_firm_and_its_town_learn_of_a_visit_when_it_begins_and_a_laboratory_never(cast):
    task = make_task(cast, unit=cast.units[0])
    everything = SamplingTask.objects.all()

    def seeing(*roles):
        return [role for role in roles if visible(cast[role], everything).exists()]

    assert seeing("enterprise", "town_officer", "laboratory", "expert", "inspector_elsewhere") == []
    assert len(seeing("planner", "leader", "auditor", "department", "inspector", "inspector2")) == 6
    service.arrive(cast["inspector"], task)
    assert seeing("enterprise", "town_officer", "laboratory", "expert") == ["enterprise", "town_officer"]
