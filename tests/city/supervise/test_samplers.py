"""Who samples where: drawn by the published seed, certified, of the region, free of recusal, load kept even."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, person

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.draws import samplers
from qualipolis.city.supervise.models import Assignment, DrawRun, InspectorProfile, ResultFact, SamplingTask
from qualipolis.methods.problems import InputError

SEED = "8 3 0 7 7 1 4 9"


def codes(error):
    return {problem.code for problem in error.value.problems}


@pytest.fixture
def campaign(cast):
    row = make_campaign(cast)
    DrawRun.objects.create(campaign=row, status="published", seed=SEED)
    for name in ("Zhao", "Chen", "Zhou"):
        inspector(cast, name, cast.units[0])
    return row


def inspector(cast, name, *units, days=365):
    made = person(name, "inspector", cast.branch)
    until = timezone.localdate() + timedelta(days=days)
    profile = InspectorProfile.objects.create(person=made, certificate_no=f"C-{name}", certified_until=until)
    profile.regions.set(units)
    return profile


def waiting(cast, campaign, *numbers):
    """Tasks in the first town, drawn and without samplers."""
    run, made = campaign.draws.get(), []
    for number in numbers:
        firm = cast.firms[number]
        made.append(
            SamplingTask.objects.create(
                campaign=campaign, number=f"T{number}", enterprise=firm, unit=cast.units[0], draw=run,
                product=firm.products.get(),
            )
        )  # fmt: skip
    return made


def teams():
    rows = Assignment.objects.order_by("pk").values_list("task__number", "person__username")
    found: dict[str, set[str]] = {}
    for task, name in rows:
        found.setdefault(task, set()).add(name)
    return found


def test_every_task_gets_two_with_ticket_and_probability_and_the_load_is_even(cast, campaign):
    waiting(cast, campaign, 0, 1, 2, 3, 4)
    found = samplers.assign(cast["department"], campaign)
    assert {task.status for task in found.assigned} == {"assigned"} and not found.skipped
    assert all(len(team) == 2 for team in teams().values())
    loads = [list(teams().values()), [name for team in teams().values() for name in team]][1]
    assert {loads.count(name) for name in set(loads)} == {2} and len(set(loads)) == 5
    rows = Assignment.objects.all()
    assert all(len(row.ticket) == 64 and 0 < row.probability <= 1 for row in rows)
    assert "inspector_elsewhere" not in loads


def test_the_same_seed_draws_the_same_people(cast, campaign):
    waiting(cast, campaign, 0, 1, 2)
    samplers.assign(cast["planner"], campaign)
    first = teams()
    Assignment.objects.all().delete()
    SamplingTask.objects.update(status="drawn")
    samplers.assign(cast["planner"], campaign)
    assert teams() == first
    told = Event.objects.filter(verb="supervise.assign_samplers")
    assert told.count() == 2 and SEED in told.first().payload and '"roster"' in told.first().payload


def test_recusal_certificate_and_rotation_are_kept(cast, campaign):
    recused = InspectorProfile.objects.get(person=cast["inspector"])
    samplers.recuse(cast["inspector"], recused, cast.firms[0], "近亲属任职")
    InspectorProfile.objects.filter(certificate_no="C-Zhao").update(certified_until=timezone.localdate() - timedelta(1))
    old = waiting(cast, make_again(cast), 0)[0]
    SamplingTask.objects.filter(pk=old.pk).update(
        number="old", status="completed", sampled_on=timezone.localdate() - timedelta(days=300)
    )
    for name in ("C-Chen", "C-Zhou"):
        Assignment.objects.create(task=old, person=InspectorProfile.objects.get(certificate_no=name).person)
    waiting(cast, campaign, 0)
    samplers.assign(cast["planner"], campaign)
    team = teams()["T0"]
    assert (
        "inspector2" in team and len(team & {"Chen", "Zhou"}) == 1
    )  # not the recused, not the expired, not both again


def make_again(cast):
    row = make_campaign(cast)
    DrawRun.objects.create(campaign=row, status="published", seed="1")
    return row


def test_a_task_nobody_may_go_to_is_named_and_nothing_is_assigned(cast, campaign):
    tasks = waiting(cast, campaign, 0, 1)
    SamplingTask.objects.filter(pk=tasks[0].pk).update(unit=cast.units[1])
    with pytest.raises(InputError) as error:
        samplers.assign(cast["planner"], campaign)
    assert codes(error) == {"no_team"} and error.value.problems[0].params["task"] == "T0"
    assert not Assignment.objects.exists() and set(SamplingTask.objects.values_list("status", flat=True)) == {"drawn"}


def test_a_product_sampled_lately_gets_its_reason_instead_of_a_team(cast, campaign):
    waiting(cast, campaign, 0, 1)
    day = timezone.localdate() - timedelta(days=20)
    ResultFact.objects.create(
        number="S1", year=day.year, sampled_on=day, purpose="random", unit=cast.units[0], enterprise=cast.firms[0],
        category=cast.rule.category, status="final", verdict="pass",
    )  # fmt: skip
    found = samplers.assign(cast["planner"], campaign)
    assert [task.number for task in found.skipped] == ["T0"] and [task.number for task in found.assigned] == ["T1"]
    assert found.skipped[0].reason_code == "recent_check_6m"
    campaign.purpose = "follow_up"
    campaign.save()
    assert samplers.blocked(SamplingTask.objects.get(number="T0")) is None


def test_when_a_body_was_hired_only_its_people_go(cast, campaign):
    body = Organisation.objects.get(code="LAB2")
    campaign.sampling_body = body
    campaign.save()
    assert samplers.roster(campaign) == []
    for name in ("Sun", "Wu"):
        profile = inspector(cast, name, cast.units[0])
        profile.person.grants.update(scope=body)
    waiting(cast, campaign, 0)
    samplers.assign(cast["planner"], campaign)
    assert teams()["T0"] == {"Sun", "Wu"}


def test_one_task_is_given_to_others_with_a_reason(cast, campaign):
    waiting(cast, campaign, 0)
    samplers.assign(cast["planner"], campaign)
    gone = Assignment.objects.first().person
    task = SamplingTask.objects.get()
    with pytest.raises(InputError):
        samplers.reassign(cast["planner"], task, " ")
    task = samplers.reassign(cast["planner"], task, "病假", without=[gone.pk])
    assert task.status == "assigned" and gone.username not in teams()["T0"] and len(teams()["T0"]) == 2
    SamplingTask.objects.update(status="on_site")
    with pytest.raises(InputError) as error:
        samplers.reassign(cast["planner"], task, "病假")
    assert codes(error) == {"begun"}


def test_without_a_public_seed_nobody_is_drawn(cast, campaign):
    waiting(cast, campaign, 0)
    DrawRun.objects.update(seed="")
    with pytest.raises(InputError) as error:
        samplers.assign(cast["planner"], campaign)
    assert codes(error) == {"no_seed"}
    Assignment.objects.all().delete()
    SamplingTask.objects.all().delete()
    with pytest.raises(InputError) as error:
        samplers.assign(cast["planner"], campaign)
    assert codes(error) == {"nothing_to_assign"}


def test_profiles_are_for_inspectors_and_written_by_the_planner(cast):
    until = timezone.localdate() + timedelta(days=30)
    with pytest.raises(PermissionDenied):
        samplers.save_profile(cast["inspector"], cast["inspector"], "X", until)
    with pytest.raises(InputError) as error:
        samplers.save_profile(cast["planner"], cast["leader"], "", until)
    assert codes(error) == {"no_certificate", "no_inspector"}
    made = samplers.save_profile(cast["planner"], cast["inspector"], "Z-1", until, regions=cast.units)
    assert made.regions.count() == 2 and made.certified_until == until


def test_an_inspector_keeps_only_themselves_out_and_sees_only_themselves(cast):
    other = InspectorProfile.objects.get(person=cast["inspector2"])
    with pytest.raises(InputError) as error:
        samplers.recuse(cast["inspector"], other, cast.firms[0], "x")
    assert codes(error) == {"not_own"}
    assert [row.person for row in visible(cast["inspector"], InspectorProfile.objects.all())] == [cast["inspector"]]
    assert visible(cast["planner"], InspectorProfile.objects.all()).count() == 3
    assert not visible(cast["enterprise"], InspectorProfile.objects.all()).exists()


def test_a_department_of_another_organisation_is_refused(cast, campaign):
    waiting(cast, campaign, 0)
    other = Organisation.objects.create(code="EDU", kind="department", name_zh="教育局")
    for who in (person("stranger", "department", other), cast["inspector"], cast["leader"]):
        with pytest.raises(PermissionDenied):
            samplers.assign(who, campaign)
