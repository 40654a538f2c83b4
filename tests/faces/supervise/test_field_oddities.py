"""What no telephone of ours sends is answered in words and breaks nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.city.supervise.cast import make_cast, make_task
from tests.city.supervise.on_site import PNG
from tests.faces.supervise.test_field_api import entered, sent

from qualipolis.city.supervise.models import FieldPhoto

DAWN = "0001-01-01T00:00:00+14:00"
ODD = (
    {"photos": 5}, {"photos": {"a": 1}}, {"form": {"brand": "\ud800"}}, {"reason": "\udfff"}, {"words": float("inf")},
    {"form": {"price": float("nan")}}, {"arrived_at": DAWN}, {"form": {"taken_at": DAWN}}, {"form": {"brand": "\x00"}},
    {"form": {"seal_numbers": 3}}, {"form": {"test_quantity": "9" * 5000}}, {"form": {"price": "1E-99999"}},
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_odd_form_moves_nothing_and_is_answered(cast, odd):
    task = make_task(cast)
    answer = sent(entered(cast, "inspector"), task, {"outcome": "refuse", "reason": "拒绝"} | odd)
    task.refresh_from_db()
    assert answer.status_code in (200, 400) and answer.json()["problems"]
    assert task.status == "assigned"


def test_moments_of_no_calendar_are_refused(cast):
    task, client = make_task(cast), entered(cast, "inspector")
    assert sent(client, task, {"outcome": "refuse", "reason": "拒绝"}, written_at=DAWN).status_code == 400
    body = {"client_id": str(uuid4()), "kind": "place", "taken_at": DAWN, "file": SimpleUploadedFile("a.png", PNG)}
    assert client.post(reverse("api:field_photo", args=[task.pk]), body).status_code == 400
    assert not FieldPhoto.objects.exists()


def test_a_conflict_that_is_no_number_is_not_found(cast):
    task = make_task(cast)
    answer = entered(cast, "inspector").post(reverse("desk:task", args=[task.pk]), {"do": "seen", "pk": "x"})
    assert answer.status_code == 404
