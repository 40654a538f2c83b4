"""The API of supervision sampling says what the pages say, and names nobody before sampling has ended."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client
from tests.faces.supervise.public_draw import PublicDraw, public_draw

from qualipolis.city.core.policy import ANYONE
from qualipolis.faces.api import v1

pytestmark = pytest.mark.django_db
BASE = "/api/v1/sampling"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def reader() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def paths(one: PublicDraw) -> dict[str, str]:
    campaign = f"{BASE}/campaigns/{one.campaign.number}"
    return {
        "list_sampling_plans": f"{BASE}/plans",
        "get_sampling_plan": f"{BASE}/plans/{one.campaign.created_at.year}",
        "list_sampling_rules": f"{BASE}/rules",
        "get_sampling_rule": f"{BASE}/rules/{one.cast.rule.pk}",
        "list_campaigns": f"{BASE}/campaigns",
        "get_campaign": campaign,
        "list_draws": f"{campaign}/draws",
        "get_draw": f"{campaign}/draws/1",
        "list_drawn_units": f"{campaign}/draws/1/units",
    }


def test_every_operation_answers_everyone(reader: Client) -> None:
    one = public_draw()
    operations = [verbs["get"] for verbs in v1.schema()["paths"].values() if verbs["get"]["tags"] == ["supervision"]]
    found = paths(one)
    assert set(found) <= {operation["operationId"] for operation in operations}
    assert all(operation["x-access"] == [ANYONE] for operation in operations if operation["operationId"] in found)
    for path in found.values():
        assert reader.get(path).status_code == 200, path


def test_it_says_the_numbers_of_the_page(reader: Client) -> None:
    one = public_draw()
    told = reader.get(paths(one)["get_draw"]).json()
    page = reader.get(one.path).content.decode()
    assert told["drawn"] == 6 and told["frame"] == one.draw.frame_rows and f"{told['drawn']}" in page
    assert told["commitment"] == one.draw.commitment and told["seed"] in page and len(told["files"]) == 8
    assert reader.get(told["files"][0]["url"]).status_code == reader.get(told["verify"]).status_code == 200
    listed = reader.get(paths(one)["list_drawn_units"]).json()
    assert listed["count"] == told["drawn"] + told["reserve"] and listed["items"][0]["key"] in page


@pytest.mark.parametrize("status", ["rules_public", "sampling"])
def test_it_names_nobody_before_sampling_has_ended(reader: Client, status: str) -> None:
    one = public_draw(status)
    answers = [reader.get(path).json() for path in paths(one).values()]
    assert "91441900" not in json.dumps(answers) and answers[-1] == {"count": 0, "items": []}
    assert answers[-2]["files"] == [] and answers[-2]["open"] is False


@pytest.mark.parametrize("path", ["plans/1999", "rules/99999", "campaigns/NONE", "campaigns/NONE/draws/1"])
def test_what_is_not_public_is_not_found_in_words(reader: Client, path: str) -> None:
    answer = reader.get(f"{BASE}/{path}")
    assert answer.status_code == 404 and answer.json()["detail"]
