"""The core's pages: drafts, progress, the ledger, people."""

from __future__ import annotations

import json

import pytest

from qualipolis.city.core import drafts, jobs, service
from qualipolis.city.core.checkpoints import make_checkpoint
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Draft, Event, Grant, Person
from qualipolis.city.core.policy import System


@pytest.fixture
def li(person, client):
    made = person("li", "inspector")
    client.force_login(made)
    return made


def post(client, body) -> object:
    return client.post("/drafts/", body if isinstance(body, str) else json.dumps(body), "application/json")


def test_what_was_typed_is_there_after_signing_in_elsewhere(li, client) -> None:
    assert post(client, {"key": "observation:7", "data": {"value": "93.2"}}).json()["saved_at"]
    client.logout()
    client.force_login(li)
    assert client.get("/drafts/?key=observation:7").json()["data"] == {"value": "93.2"}


def test_a_draft_is_its_writers_alone(li, client, person) -> None:
    post(client, {"key": "k", "data": {"a": "secret"}})
    client.force_login(person("wang", "enterprise"))
    assert client.get("/drafts/?key=k").json() == {"data": None}
    client.logout()
    assert client.get("/drafts/?key=k").status_code == 302


@pytest.mark.parametrize("body", ["{", "[]", {"key": "k"}, {"key": "../k", "data": {}}, {"key": "k", "data": {"a": {}}},
                                  {"key": "k", "data": {"a": "x" * 70_000}}])  # fmt: skip
def test_a_draft_that_is_no_form_is_refused(li, client, body) -> None:
    assert post(client, body).status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_is_forgotten_and_the_oldest_go_first(li, client, monkeypatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    for key in ("one", "two", "three"):
        post(client, {"key": key, "data": {"a": "1"}})
    assert set(Draft.objects.values_list("key", flat=True)) == {"two", "three"}
    post(client, {"key": "two", "data": None})
    assert Draft.objects.get().key == "three"


def test_progress_is_seen_while_the_work_is_still_uncommitted(li, client, person) -> None:
    job = jobs.start("import", li, total=10)
    with jobs.running(job) as progress:
        progress(5)
        told = client.get(f"/jobs/{job.pk}.json").json()
        assert (told["state"], told["done"], told["total"]) == ("running", 5, 10)
        job.message = "done"
    assert client.get(f"/jobs/{job.pk}.json").json()["state"] == "done"
    client.force_login(person("wang", "enterprise"))
    assert client.get(f"/jobs/{job.pk}.json").status_code == 404


def test_a_failed_job_says_why(li) -> None:
    job = jobs.start("import", li)
    with pytest.raises(ValueError, match="broken"), jobs.running(job):
        raise ValueError("broken")
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "broken")


def test_the_auditor_reads_filters_and_checks_the_ledger(person, client) -> None:
    service.add_person(System("init"), None, username="wang")
    record(System("import"), "registry.import_table", "registry.unit:3", {"made": 5})
    make_checkpoint()
    client.force_login(person("sun", "auditor"))
    assert client.get("/ledger/").context["rows"].paginator.count == 2
    assert client.get("/ledger/?verb=person.add").context["rows"].paginator.count == 1
    assert client.get("/ledger/?thing=registry.unit:3").context["rows"].paginator.count == 1
    assert client.get("/ledger/?who=import").context["rows"].paginator.count == 1
    assert client.get("/ledger/?who=nobody").status_code == 200
    assert b"wang" in client.get("/ledger/1/").content
    assert client.post("/ledger/check/").context["found"].holds


def test_an_inspector_does_not_read_the_ledger(li, client) -> None:
    assert client.get("/ledger/").status_code == 403


def test_a_list_of_the_ledger_can_be_taken_along(person, client) -> None:
    service.add_person(System("=cmd"), None, username="wang")
    client.force_login(person("sun", "auditor"))
    text = b"".join(client.get("/lists/ledger.csv").streaming_content).decode("utf-8-sig")
    assert "'=cmd" in text


def test_the_administrator_manages_people_on_the_page(person, client) -> None:
    client.force_login(person("zhao", "admin"))
    shown = client.post("/people/add/", {"username": "wang", "display_name": "王", "organisation": ""})
    wang = Person.objects.get(username="wang")
    assert shown.context["secret"].encode() in shown.content
    client.post(f"/people/{wang.pk}/", {"role": "enterprise", "scope": "", "valid_from": "2021-01-01", "valid_to": ""})
    grant = Grant.objects.get(person=wang)
    client.post(f"/grants/{grant.pk}/end/", {"reason": "left"})
    client.post(f"/people/{wang.pk}/active/", {"reason": "left"})
    assert not Person.objects.get(pk=wang.pk).is_active
    undo = Event.objects.latest("seq").seq
    client.post(f"/undo/{undo}/")
    assert Person.objects.get(pk=wang.pk).is_active
    assert [e.verb for e in Event.objects.all()] == [
        "person.add",
        "grant.give",
        "grant.end",
        "person.deactivate",
        "step.undo",
    ]


def test_a_refused_step_is_said_in_words_and_keeps_what_was_typed(person, client) -> None:
    client.force_login(person("zhao", "admin"))
    page = client.post("/people/add/", {"username": "zhao", "display_name": "周", "organisation": ""})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "周" in page.content.decode()


def test_nobody_takes_back_the_step_of_another(person, client) -> None:
    admin, li = person("zhao", "admin"), person("li", "inspector")
    service.deactivate_person(admin, person("wang"))
    client.force_login(li)
    assert client.post(f"/undo/{Event.objects.get().seq}/").status_code == 403
