"""The directory on the desk and for everyone: search, institutions, import, capability, gaps, open data, API."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.city.nqi.cast import Cast, demand_in, institution

from qualipolis.city.core import jobs
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import CapabilityGap, ScopeImport
from qualipolis.city.registry.models import Qualification, ScopeItem, Standard
from qualipolis.faces.desk.rooms.nqi import scope_import

pytestmark = pytest.mark.django_db
LIST = "检测对象,检测项目,检测标准\n头盔,吸收碰撞能量,GB 811-2022\n头盔,佩戴装置强度,GB 811-2022\n"


@pytest.fixture
def bodies(cast: Cast) -> Any:
    made = institution("HEL1", "laboratory", cast.unit, "cma", [("头盔", "吸收碰撞能量", "GB 811-2010")])
    Standard.objects.create(number="GB 811-2010", name_zh="头盔", status="superseded", replaced_by="GB 811-2022")
    return made


def as_(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def public() -> Client:
    return Client(headers={"accept-language": "en"})


def test_everyone_finds_who_can_test_and_is_told_what_stands_in_the_way(bodies: Any) -> None:
    page = public().get(reverse("portal:nqi"), {"q": "motorcycle helmet impact"}).content.decode()
    assert bodies.name_en in page
    assert "replaced by GB 811-2022" in page
    assert "no recommendation" in page


def test_a_named_edition_that_nobody_lists_is_said_so(bodies: Any) -> None:
    page = public().get(reverse("portal:nqi"), {"q": "GB 811-2022 头盔"}).content.decode()
    assert "Nobody lists the edition asked for" in page
    assert "Another edition is listed" in page


@pytest.mark.parametrize("query", ["", "<script>alert(1)</script>", "铅" * 400, "%", "'", "GB"])
def test_any_question_gets_a_page(bodies: Any, query: str) -> None:
    answer = public().get(reverse("portal:nqi"), {"q": query, "on": "x", "town": "nowhere"})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_the_list_and_the_page_of_an_institution_tell_the_state_of_its_certificates(bodies: Any) -> None:
    Qualification.objects.create(
        institution=bodies, kind="cnas", number="L1", valid_from=date(2001, 1, 1), valid_to=date(2002, 1, 1)
    )
    assert bodies.name_en in public().get(reverse("portal:nqi_institutions"), {"q": "HEL1"}).content.decode()
    page = public().get(reverse("portal:nqi_institution", args=["HEL1"])).content.decode()
    assert "expired" in page
    assert "valid" in page
    assert public().get(reverse("portal:nqi_institution", args=["NONE"])).status_code == 404


def test_a_certificate_is_looked_up_by_its_number(bodies: Any) -> None:
    address = reverse("portal:nqi_certificate")
    assert bodies.name_en in public().get(address, {"number": " cma-hel1 "}).content.decode()
    assert "No certificate with this number" in public().get(address, {"number": "CMA-0"}).content.decode()


def test_the_map_counts_those_who_answer_a_question(cast: Cast, bodies: Any) -> None:
    with_question = public().get(reverse("portal:nqi_capability"), {"q": "helmet"}).content.decode()
    assert "1 institution" in with_question
    everyone = public().get(reverse("portal:nqi_capability")).content.decode()
    assert "Institutions by town" in everyone


def test_open_data_and_the_api_say_the_same(bodies: Any) -> None:
    told = json.loads(public().get(reverse("portal:nqi_data", args=["institutions", "json"])).content)
    row = next(one for one in told["rows"] if one["code"] == "HEL1")
    api = public().get("/api/v1/institutions/HEL1").json()
    assert (
        (row["state"], row["lines"])
        == ("valid", 1)
        == (api["certificates"][0]["state"], api["certificates"][0]["lines"])
    )
    found = public().get("/api/v1/scope-search", {"asked": "头盔 碰撞"}).json()
    assert found["found"][0]["institution"] == "HEL1"
    assert found["found"][0]["lines"][0]["superseded"] is True
    towns = {one["town"]: one["institutions"] for one in public().get("/api/v1/capability").json()["items"]}
    csv = public().get(reverse("portal:nqi_data", args=["capability", "csv"])).content.decode("utf-8-sig")
    assert all(f"{town}," in csv for town in towns)
    assert public().get("/api/v1/certificates", {"certificate": "CMA-HEL1"}).json()["count"] == 1
    assert public().get(reverse("portal:nqi_data", args=["firms", "csv"])).status_code == 404


def test_everyone_reads_what_is_missing_and_nobody_who_asked(cast: Cast) -> None:
    gap = service.record_gap(
        cast["nqi_desk"], demand_in(cast, "escalated"), "testing", "头盔", "吸收碰撞能量", "GB 811-2022"
    )
    page = public().get(reverse("portal:nqi_capability")).content.decode()
    assert "吸收碰撞能量" in page
    assert gap.asks.get().demand.number not in page
    told = public().get("/api/v1/capability-gaps").json()["items"][0]
    assert set(told) == {"product", "parameter", "standard", "state", "year"}


def test_the_platform_records_a_gap_from_a_search_and_the_planner_plans_it(cast: Cast) -> None:
    desk = as_(cast["nqi_desk"])
    searched = desk.get(reverse("desk:nqi_scope_search"), {"q": "头盔碰撞 GB 811-2022"}).content.decode()
    assert reverse("desk:nqi_gap_new") in searched
    form = desk.get(reverse("desk:nqi_gap_new"), {"q": "头盔碰撞 GB 811-2022"}).content.decode()
    assert 'value="GB 811-2022"' in form
    said = {
        "need_type": "testing",
        "product": "头盔",
        "parameter": "碰撞",
        "standard": "GB 811-2022",
        "unit": cast.unit.pk,
    }
    assert desk.post(reverse("desk:nqi_gap_new"), said).status_code == 302
    gap = CapabilityGap.objects.get()
    planner, address = as_(cast["planner"]), reverse("desk:nqi_gap", args=[gap.pk])
    assert planner.post(address, {"do": "plan", "year": "2022", "builder": ""}).status_code == 400
    assert planner.post(address, {"do": "plan", "year": "2022", "builder": "市质检中心"}).status_code == 302
    gap.refresh_from_db()
    assert (gap.status, gap.year) == ("planned", 2022)
    assert "市质检中心" in planner.get(reverse("desk:nqi_gaps")).content.decode()


@pytest.mark.parametrize("who", ["enterprise", "laboratory"])
def test_gaps_and_imports_are_closed_to_firms_and_laboratories(cast: Cast, bodies: Any, who: str) -> None:
    client = as_(cast[who])
    assert client.get(reverse("desk:nqi_gaps")).status_code == 403
    assert client.get(reverse("desk:nqi_scope_import", args=["HEL1"])).status_code == 403
    assert client.get(reverse("desk:nqi_scope_search")).status_code == 200


def look(client: Client, tmp_path: Any, text: str) -> Any:
    path = tmp_path / "附表.csv"
    path.write_text(text, "utf-8")
    with path.open("rb") as file:
        return client.post(reverse("desk:nqi_scope_import", args=["HEL1"]), {"file": file})


def test_a_list_is_shown_before_it_is_taken_over(cast: Cast, bodies: Any, tmp_path: Any, monkeypatch: Any) -> None:
    client = as_(cast["inspector"])
    shown = look(client, tmp_path, LIST)
    assert shown.status_code == 200
    assert "2 new, 0 stay, 1 end" in shown.content.decode()
    assert not ScopeImport.objects.exists()
    started: list[Any] = []
    monkeypatch.setattr(scope_import.threading, "Thread", lambda target, args, daemon: started.append(args) or _Idle())
    columns = {
        "n0": "检测对象",
        "c0": "product",
        "n1": "检测项目",
        "c1": "parameter",
        "n2": "检测标准",
        "c2": "standard",
    }
    held = bodies.qualifications.get()
    said = {
        "token": shown.context["token"],
        "columns": "3",
        "do": "keep",
        "certificate": held.pk,
        "whole": "1",
        "in_force": "2021-06-01",
    }
    answer = client.post(reverse("desk:nqi_scope_import", args=["HEL1"]), said | columns)
    assert answer.status_code == 302
    job = jobs.Job.objects.get(kind="nqi.import_scope")
    _job, _person, _held, file, day, reading, whole, _language = started[0]
    scope_import.work(job, cast["inspector"], held, file, day, reading, whole)
    job.refresh_from_db()
    assert (job.state, ScopeItem.objects.filter(qualification=held, valid_to=None).count()) == ("done", 2)
    assert "2 new lines" in client.get(answer.url).content.decode()
    assert "附表.csv" in client.get(reverse("desk:nqi_institution", args=["HEL1"])).content.decode()


class _Idle:
    def start(self) -> None:
        """Nothing runs beside the test."""


def test_all_bad_rows_are_named_on_the_page_and_nothing_is_offered(cast: Cast, bodies: Any, tmp_path: Any) -> None:
    page = look(as_(cast["inspector"]), tmp_path, LIST + "头盔,,见附件\n鞋,耐磨,见附件\n").content.decode()
    assert "All rows with it: 4, 5" in page
    assert 'value="keep"' not in page


def test_a_preview_of_another_person_is_not_taken(cast: Cast, bodies: Any, tmp_path: Any) -> None:
    token = look(as_(cast["inspector"]), tmp_path, LIST).context["token"]
    answer = as_(cast["planner"]).post(
        reverse("desk:nqi_scope_import", args=["HEL1"]), {"token": token, "columns": "0"}
    )
    assert answer.status_code == 400
    assert "not yours" in answer.content.decode()
