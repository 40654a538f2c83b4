"""Bonus, veto and falsified data are entered with their document, by the planner alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.faces.measure_desk import as_, collection, found

from qualipolis.city.assess.models import Adjustment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return found()


@pytest.fixture
def row(cast):
    return collection()


def give(client, row, **changes):
    said = {
        "unit": "T1",
        "kind": "bonus",
        "points": "2",
        "indicator": "",
        "document": "市质〔2021〕3号",
        "reason": "获奖",
    }
    return client.post(reverse("desk:adjustments", args=[row.pk]), said | changes)


def test_it_enters_a_bonus_with_its_document(cast, row):
    client = as_(cast, "planner")
    assert give(client, row).status_code == 302
    made = Adjustment.objects.get()
    assert (made.unit.code, made.points, made.document) == ("T1", 2.0, "市质〔2021〕3号")


@pytest.mark.parametrize("changes", [{"document": ""}, {"points": "0"}, {"kind": "falsified", "indicator": "ZZ99"}])
def test_it_refuses_what_is_not_complete_and_keeps_what_was_typed(cast, row, changes):
    client = as_(cast, "planner")
    answer = give(client, row, **changes)
    assert answer.status_code == 200
    assert "获奖" in answer.content.decode()
    assert Adjustment.objects.count() == 0


def test_it_lets_others_look_but_not_enter(cast, row):
    client = as_(cast, "auditor")
    assert client.get(reverse("desk:adjustments", args=[row.pk])).status_code == 200
    give(client, row)
    assert Adjustment.objects.count() == 0


def test_it_lists_every_indicator_once_something_is_published(cast, row):
    client = as_(cast, "planner")
    answer = client.get(reverse("desk:indicators"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:sets"))
