"""The API: its list of operations, the numbers of the pages, the policy, and no parameter that breaks it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from tests.faces.public_city import published  # noqa: F401 (a fixture)

from qualipolis.city.assess.models import Release
from qualipolis.city.core.checkpoints import make_checkpoint
from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import ANYONE
from qualipolis.city.core.queries import LEDGER_READERS
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.api import access, v1
from qualipolis.faces.portal.published import held_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
PATHS = {
    "get_city": "/api/v1/city",
    "list_units": "/api/v1/units",
    "get_unit": "/api/v1/units/{code}",
    "list_indicator_sets": "/api/v1/indicator-sets",
    "get_indicator_set": "/api/v1/indicator-sets/{year}",
    "list_indicators": "/api/v1/indicators",
    "get_indicator": "/api/v1/indicators/{code}",
    "list_releases": "/api/v1/releases",
    "get_release": "/api/v1/releases/{number}",
    "get_ranking": "/api/v1/releases/{number}/ranking",
    "get_profile": "/api/v1/releases/{number}/units/{unit}",
    "get_indicator_values": "/api/v1/releases/{number}/indicators/{code}",
    "get_verification": "/api/v1/releases/{number}/verification",
    "list_files": "/api/v1/releases/{number}/files",
    "list_datasets": "/api/v1/datasets",
    "get_checkpoint": "/api/v1/checkpoint",
    "get_me": "/api/v1/me",
    "list_work": "/api/v1/work",
    "list_jobs": "/api/v1/jobs",
    "list_tables": "/api/v1/registry",
    "list_rows": "/api/v1/registry/{table}",
    "list_rounds": "/api/v1/rounds",
    "get_progress": "/api/v1/rounds/{period}/progress",
    "list_observations": "/api/v1/rounds/{period}/observations",
    "list_events": "/api/v1/ledger",
    "get_release_robustness": "/api/v1/releases/{number}/robustness",
    "get_release_structure": "/api/v1/releases/{number}/structure",
    "get_run_robustness": "/api/v1/runs/{run}/robustness",
    "get_run_structure": "/api/v1/runs/{run}/structure",
}
FILLED = {
    "code": "PQ01", "year": "2021", "number": "2021-R1", "unit": "990100001", "table": "enterprises", "period": "2021",
}  # fmt: skip


def operations() -> list[tuple[str, dict[str, Any]]]:
    """The operations; those of supervision sampling, of the hospital and of product safety have a city and tests of their own."""
    found = [(path, verbs["get"]) for path, verbs in v1.schema()["paths"].items()]
    elsewhere = (["supervision"], ["hospital"], ["safety"], ["nqi"], ["talent"], ["federation"])
    return [(path, one) for path, one in found if one["tags"] not in elsewhere]


def filled(path: str) -> str:
    run = Release.objects.order_by("number").values_list("assessment_id", flat=True).last() if "{run}" in path else None
    return path.replace("/units/{code}", "/units/990100001").format(**FILLED, run=run)


@pytest.fixture
def reader() -> Client:
    cache.clear()
    make_checkpoint()
    return Client(HTTP_HOST="127.0.0.1")


@pytest.fixture
def entered(reader):  # type: ignore[no-untyped-def]
    def enter(role: str) -> Client:
        reader.force_login(Person.objects.get(demo_role=role), backend="django.contrib.auth.backends.ModelBackend")
        return reader

    return enter


def test_the_operations_and_their_addresses_stay() -> None:
    assert {one["operationId"]: path for path, one in operations()} == PATHS


def test_every_operation_says_who_may_call_it_and_reads_only() -> None:
    for verbs in v1.schema()["paths"].values():
        assert list(verbs) == ["get"]
        assert set(verbs["get"]["x-access"]) <= {ANYONE, *STAFF}


def test_every_parameter_is_bounded() -> None:
    for path, one in operations():
        for parameter in one.get("parameters", ()):
            kinds = parameter["schema"].get("anyOf", [parameter["schema"]])
            kind = next(k for k in kinds if k.get("type") != "null")
            bounds = {"integer": {"minimum", "maximum"}, "string": {"maxLength", "pattern"}}[kind["type"]]
            assert bounds <= set(kind), (path, parameter["name"])


@pytest.mark.parametrize("path", PATHS.values())
def test_it_answers_the_public_as_classified(reader, path) -> None:
    one = dict(operations())[path]
    answer = reader.get(filled(path))
    if ANYONE in one["x-access"]:
        assert answer.status_code == 200
        return
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/problem+json")
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize("role", ["planner", "town_officer", "auditor"])
def test_it_answers_staff_as_classified(entered, role) -> None:
    client = entered(role)
    for path, one in operations():
        allowed = ANYONE in one["x-access"] or role in one["x-access"]
        assert client.get(filled(path)).status_code == (200 if allowed else 403), path


def test_the_ledger_is_for_its_readers(entered) -> None:
    assert set(dict(operations())["/api/v1/ledger"]["x-access"]) == set(LEDGER_READERS)
    assert entered("auditor").get("/api/v1/ledger?limit=3").json()["items"][0]["hash"]


def test_api_and_csv_and_page_say_the_same_numbers(reader) -> None:
    told = reader.get("/api/v1/releases/latest/ranking").json()["items"]
    text = reader.get("/open-data/ranking.csv").content.decode("utf-8-sig")
    taken = {row["unit"]: row for row in csv.DictReader(io.StringIO(text))}
    page = reader.get("/towns/").content.decode()
    assert len(told) == len(taken) == 33
    for one in told:
        row = taken[one["code"]]
        for name in ("rank", "rank_p05", "rank_p95", "score", "tier"):
            assert float(row[name]) == one[name]
        assert f'data-unit="{one["code"]}" data-rank="{one["rank"]}"' in page
        assert f"{one['score']:.2f}" in page


def test_a_dimension_has_its_score_for_staff_and_its_band_for_everyone(entered, reader) -> None:
    path = "/api/v1/releases/latest/ranking?node=product&limit=1"
    public = Client(HTTP_HOST="127.0.0.1").get(path).json()["items"][0]
    assert public["score"] is None
    staff = entered("planner").get(path).json()["items"][0]
    assert public["band"]["low"] <= staff["score"] <= public["band"]["high"]


def test_small_cells_are_held_back_from_staff_and_public_alike(reader) -> None:
    from qualipolis.city.assess.queries import latest_release

    code, units = next(iter(held_back(latest_release()).items()))
    told = reader.get(f"/api/v1/releases/latest/indicators/{code}").json()
    found = {one["code"]: one for one in told["items"]}
    assert told["held_back"] == len(units)
    assert all(found[unit]["value"] is None and found[unit]["missing"] == "held_back" for unit in units)


def test_an_indicator_has_no_ranking_that_would_give_small_cells_away(reader) -> None:
    assert reader.get("/api/v1/releases/latest/ranking?node=PQ03").status_code == 404


def test_released_data_are_not_sent_again(reader) -> None:
    first = reader.get("/api/v1/releases/latest/ranking")
    assert first["Last-Modified"]
    assert reader.get("/api/v1/releases/latest/ranking", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    other = reader.get("/api/v1/releases/latest/ranking?limit=2", HTTP_IF_NONE_MATCH=first["ETag"])
    assert other.status_code == 200


def test_errors_say_what_to_do(reader) -> None:
    answer = reader.get("/api/v1/units?limit=0")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.limit"
    assert reader.get("/api/v1/nothing/here").json()["status"] == 404


def test_too_many_calls_are_asked_to_wait(reader, monkeypatch) -> None:
    monkeypatch.setattr(access, "MOST_PUBLIC", 2)
    found = [reader.get("/api/v1/city") for _call in range(3)]
    assert [one.status_code for one in found] == [200, 200, 429]
    assert int(found[2]["Retry-After"]) > 0


def test_the_registry_is_searched_and_filtered(entered) -> None:
    client = entered("planner")
    told = client.get("/api/v1/registry/enterprises?unit=990100001&limit=5").json()
    assert len(told["items"]) == 5
    assert {row["unit"] for row in told["items"]} == {"990100001"}
    name = told["items"][0]["name_zh"]
    assert client.get("/api/v1/registry/enterprises", {"q": name}).json()["count"] >= 1


def test_the_reference_shows_every_operation_and_needs_no_script(reader) -> None:
    page = reader.get("/api/v1/").content.decode()
    assert all(f'id="{name}"' in page for name in PATHS)
    assert "swagger" not in page.lower()
    assert reader.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")


STRANGE = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.text(max_size=80),
    st.sampled_from(["", "latest", "2021-R1", "PQ01", "²"]),
)


@how(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(PATHS.values())), st.data())
def test_no_parameter_breaks_it(entered, path, data) -> None:
    from urllib.parse import quote

    client = entered("auditor")
    one = dict(operations())[path]
    query = {}
    for parameter in one.get("parameters", ()):
        if parameter["in"] == "path":
            value = quote(data.draw(STRANGE), safe="") or "x"
            path = path.replace("{" + parameter["name"] + "}", value)
        elif data.draw(st.booleans()):
            query[parameter["name"]] = data.draw(STRANGE)
    cache.clear()
    answer = client.get(path, query)
    assert answer.status_code in {200, 301, 400, 403, 404, 422}, (path, query)  # 400: the site refuses a zero byte
    if answer.status_code == 422:
        assert answer.json()["errors"]
