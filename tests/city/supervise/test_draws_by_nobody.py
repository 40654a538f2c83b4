"""Nobody chooses who comes next: samplers drawn again, firms of the reserve, who keeps out of a firm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_task, person

from qualipolis.city.core.models import Event, Grant
from qualipolis.city.supervise import service
from qualipolis.city.supervise.draws import samplers
from qualipolis.city.supervise.models import DrawnUnit, DrawRun, InspectorProfile, SamplingTask, Stage
from qualipolis.methods.problems import InputError


@pytest.fixture
def task(cast):
    campaign = make_campaign(cast)
    run = DrawRun.objects.create(campaign=campaign, status="published", seed="8 3 0 7")
    for name in ("Zhao", "Chen", "Zhou"):
        made = person(name, "inspector", cast.branch)
        until = timezone.localdate() + timedelta(days=365)
        profile = InspectorProfile.objects.create(person=made, certificate_no=f"C-{name}", certified_until=until)
        profile.regions.set(cast.units[:1])
    return make_task(cast, campaign, draw=run, unit=cast.units[0])


def seeds():
    rows = Event.objects.filter(verb="supervise.reassign_samplers").order_by("seq")
    return [row.payload.partition('"seed":"')[2].partition('"')[0] for row in rows]


def test_the_words_of_a_reason_choose_no_team(cast, task):
    """Whoever draws again could else try words until the team suits."""
    for reason in ("病假", "出差"):
        SamplingTask.objects.filter(pk=task.pk).update(status="assigned")
        samplers.reassign(cast["planner"], task, reason)
    first, second = seeds()
    assert "病假" not in first + second and first != second and first.endswith("1") and second.endswith("2")


def reserve(cast, task, firm, stratum=""):
    return DrawnUnit.objects.create(
        draw=task.draw, position=1, kind="reserve", key=firm.credit_code, enterprise=firm, stratum=stratum, ticket="00"
    )


def test_a_replacement_goes_where_its_firm_produces_like_every_task_of_a_draw(cast, task):
    firm = cast.firms[2]
    firm.production_unit = cast.units[1]
    firm.save()
    reserve(cast, task, firm)
    SamplingTask.objects.filter(pk=task.pk).update(status="not_sampled")
    made = service.replace_task(cast["department"], task)
    assert task.campaign.stage == Stage.PRODUCTION
    assert (made.unit, made.product, made.replaces) == (cast.units[1], firm.products.get(), task)


def test_who_was_a_planner_once_keeps_only_themselves_out(cast):
    inspector = cast["inspector"]
    past = timezone.localdate() - timedelta(days=1)
    Grant.objects.create(person=inspector, role="planner", valid_from=past, valid_to=past)
    other = InspectorProfile.objects.get(person=cast["inspector2"])
    with pytest.raises(InputError):
        samplers.recuse(inspector, other, cast.firms[0], "近亲属任职")
    assert samplers.recuse(cast["planner"], other, cast.firms[0], "近亲属任职").recusals.count() == 1
