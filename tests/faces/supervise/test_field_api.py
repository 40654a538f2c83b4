"""What the telephone asks and sends: in JSON, by session, guarded against forged posts, bounded, refused to strangers."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.city.supervise.cast import make_cast, make_task
from tests.city.supervise.on_site import PNG, complete_form

from qualipolis.city.supervise.models import FieldPhoto, Submission

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def cast(db):
    return make_cast()


def entered(cast, name, **more):
    client = Client(**more)
    client.force_login(cast[name], backend=BACKEND)
    return client


def sent(client, task, payload, **more):
    body = {"client_id": str(uuid4()), "revision": 0, "written_at": None, "payload": payload} | more
    return client.post(reverse("api:field_submit", args=[task.pk]), json.dumps(body), content_type="application/json")


def photo(client, task, kind="place", content=PNG, number=None):
    body = {"client_id": str(number or uuid4()), "kind": kind, "file": SimpleUploadedFile("a.png", content)}
    return client.post(reverse("api:field_photo", args=[task.pk]), body)


def test_a_device_gets_the_own_tasks_and_nothing_else(cast):
    task = make_task(cast)
    found = entered(cast, "inspector").get(reverse("api:field_tasks")).json()
    assert [one["number"] for one in found["tasks"]] == [task.number]
    assert found["tasks"][0]["missing"] and found["tasks"][0]["colleagues"] == ["inspector2"]
    assert entered(cast, "inspector_elsewhere").get(reverse("api:field_tasks")).json()["tasks"] == []
    assert Client().get(reverse("api:field_tasks")).status_code == 401
    for role in ("planner", "laboratory", "enterprise"):
        assert entered(cast, role).get(reverse("api:field_tasks")).status_code == 403


def test_a_visit_sent_in_parts_is_taken_in_and_repeated_safely(cast):
    task, client, number = make_task(cast), entered(cast, "inspector"), str(uuid4())
    ids = [photo(client, task, kind).json()["client_id"] for kind in ("place", "stock", "label", "seal")]
    said = {"outcome": "sample", "form": complete_form(), "photos": ids}
    first = sent(client, task, said, client_id=number).json()
    again = sent(client, task, said, client_id=number).json()
    assert (first["outcome"], first["status"], again["outcome"], again["repeated"]) == (
        "accepted", "sampled", "accepted", True,
    )  # fmt: skip
    assert FieldPhoto.objects.count() == 4 and Submission.objects.count() == 1


def test_problems_come_back_in_words_with_their_fields(cast):
    task, client = make_task(cast), entered(cast, "inspector")
    answer = sent(client, task, {"outcome": "sample", "form": complete_form(stock="many")}).json()
    assert answer["outcome"] == "refused"
    assert [(one["place"], bool(one["words"])) for one in answer["problems"]] == [("stock", True)]


def test_strangers_forgeries_and_floods_are_refused(cast):
    task = make_task(cast)
    stranger = entered(cast, "inspector_elsewhere")
    assert sent(stranger, task, {}).status_code == 403 and photo(stranger, task).status_code == 403
    assert sent(entered(cast, "inspector", enforce_csrf_checks=True), task, {}).status_code == 403
    client = entered(cast, "inspector")
    assert sent(client, task, {"words": "x" * 200_000}).status_code == 413
    for body in ("", "[]", "{", "[" * 100_000):
        address = reverse("api:field_submit", args=[task.pk])
        assert client.post(address, body, content_type="application/json").status_code == 400
    assert sent(client, task, {}, client_id="1").status_code == 400
    assert photo(client, task, content=PNG + b"0" * 7_000_000).status_code == 400
    assert photo(client, task, content=b"<svg onload=alert(1)>").status_code == 400
    assert photo(client, task, kind="other").status_code == 400
    assert client.get(reverse("api:field_submit", args=[task.pk])).status_code == 405
    assert not Submission.objects.exists() and not FieldPhoto.objects.exists()


def test_the_shell_knows_nobody_and_may_use_camera_and_place(cast):
    answer = entered(cast, "inspector").get(reverse("field:home"))
    text = answer.content.decode()
    assert cast["inspector"].username not in text and "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<style" not in text and 'style="' not in text and "<script>" not in text
    assert entered(cast, "planner").get(reverse("field:home")).status_code == 403


def test_the_worker_lists_what_it_keeps_under_a_version(cast):
    answer = Client().get(reverse("field:worker"))
    if answer.status_code == 404:
        pytest.skip("the assets are not built here")
    text = answer.content.decode()
    kept = json.loads(text.partition("self.KEPT = ")[2].partition(";\n")[0])
    assert "/static/dist/field.js" in kept["assets"] and len(kept["version"]) == 16
    assert answer.headers["Content-Type"].startswith("text/javascript")
