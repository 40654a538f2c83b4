"""The desk pages of tasks and samples: each person is offered what is theirs, refusals say why, conflicts are shown."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from tests.city.supervise.cast import make_campaign, make_cast, make_task
from tests.city.supervise.on_site import complete_form, payload, sampled, take_pictures

from qualipolis.city.core.models import City
from qualipolis.city.supervise import service


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def cast(db):
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return make_cast()


@pytest.fixture
def enter(client, cast):
    def make(name):
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def page(client, name, *args, **query):
    return client.get(reverse(f"desk:{name}", args=args), query).content.decode()


def test_the_list_shows_each_person_their_tasks_and_filters_them(cast, enter):
    task = make_task(cast)
    make_task(cast, make_campaign(cast), status="not_sampled", enterprise=cast.firms[2])
    shown = page(enter("planner"), "tasks")
    assert task.number in shown and cast.firms[2].name_zh in shown
    assert cast.firms[2].name_zh not in page(enter("planner"), "tasks", show="open")
    assert task.number not in page(enter("planner"), "tasks", campaign="JC-none")
    assert task.number in page(enter("inspector"), "tasks")
    assert task.number not in page(enter("inspector_elsewhere"), "tasks")


@pytest.mark.parametrize("form", ["xlsx", "csv", "pdf"])
def test_the_list_can_be_taken_along(cast, enter, form):
    make_task(cast)
    answer = enter("planner").get(reverse("report:list", args=["sampling_tasks", form]))
    assert answer.status_code == 200
    assert enter("laboratory").get(reverse("report:list", args=["sampling_tasks", form])).status_code == 403


def test_an_inspector_walks_the_steps_and_a_stranger_has_no_page(cast, enter):
    task = make_task(cast)
    address = reverse("desk:task", args=[task.pk])
    assert enter("inspector_elsewhere").get(address).status_code == 404
    assert enter("planner").post(address, {"do": "arrive"}).status_code == 200
    task.refresh_from_db()
    assert task.status == "assigned"
    assert enter("inspector").post(address, {"do": "arrive"}).status_code == 302
    shown = page(enter("inspector"), "task", task.pk)
    assert 'value="not_sample"' in shown and 'value="sample"' not in shown
    enter("inspector").post(address, {"do": "not_sample", "reason_code": "stock_low", "reason": "8"})
    task.refresh_from_db()
    assert (task.status, task.reason_code) == ("not_sampled", "stock_low")


def test_the_organiser_names_inspectors_and_is_told_who_cannot_go(cast, enter):
    task = make_task(cast, status="drawn")
    cast["inspector2"].inspector_profile.recusals.add(task.enterprise)
    address, people = reverse("desk:task", args=[task.pk]), [cast["inspector"].pk, cast["inspector2"].pk]
    answer = enter("planner").post(address, {"do": "assign", "samplers": people})
    assert "inspector2" in answer.content.decode()
    task.refresh_from_db()
    assert task.status == "drawn"
    cast["inspector2"].inspector_profile.recusals.clear()
    assert enter("planner").post(address, {"do": "assign", "samplers": people}).status_code == 302
    task.refresh_from_db()
    assert task.status == "assigned"


def test_the_page_shows_form_pictures_and_samples_and_the_sample_moves_on_its_own_page(cast, enter):
    test, _backup = sampled(cast)
    shown = page(enter("department"), "task", test.task_id)
    assert "儿童T恤" in shown and test.seals.get().number in shown
    address = reverse("desk:sample", args=[test.pk])
    assert enter("laboratory").get(address).status_code in (403, 404)
    assert enter("inspector").post(address, {"do": "dispatch", "carrier": "顺风"}).status_code == 302
    test.refresh_from_db()
    assert test.status == "in_transit" and "顺风" in page(enter("inspector"), "sample", test.pk)


def test_a_conflict_is_shown_with_what_it_says_otherwise_until_it_was_seen(cast, enter):
    task = make_task(cast)
    for name, more in (("inspector", {}), ("inspector2", {"batch": "ANOTHER"})):
        said = payload(take_pictures(cast[name], task)) | {"form": complete_form(**more)}
        service.receive(cast[name], task, uuid4(), 0, None, said)
    shown = page(enter("inspector"), "task", task.pk)
    row = task.submissions.get(outcome="conflict")
    assert "ANOTHER" in shown and 'value="seen"' in shown
    enter("inspector").post(reverse("desk:task", args=[task.pk]), {"do": "seen", "pk": row.pk})
    assert 'value="seen"' not in page(enter("inspector"), "task", task.pk)
    assert 'value="seen"' in page(enter("inspector2"), "task", task.pk)


def test_the_papers_are_for_those_who_see_the_task_and_labels_for_its_samplers(cast, enter):
    test, _backup = sampled(cast)
    for kind, role, status in (
        ("notice", "planner", 200), ("form", "planner", 200), ("labels", "planner", 404), ("labels", "inspector", 200),
        ("form", "inspector_elsewhere", 404), ("secret", "planner", 404),
    ):  # fmt: skip
        answer = enter(role).get(reverse("desk:task_pdf", args=[test.task_id, kind, "zh"]))
        assert answer.status_code == status, (kind, role)


def test_a_form_is_corrected_on_the_page_of_the_task(cast, enter):
    task = sampled(cast)[0].task
    said = {"do": "correct", "field": "batch", "value": "B-NEW", "reason": "typo", "confirmed_by": "王经理"}
    address = reverse("desk:task", args=[task.pk])
    enter("inspector").post(address, said | {"confirmed_by": ""})
    assert "B-NEW" not in page(enter("planner"), "task", task.pk)
    assert enter("inspector").post(address, said).status_code == 302
    assert "B-NEW" in page(enter("planner"), "task", task.pk)
