"""The wizard: one question at a time, with reasons, back, and "not known"; on its own and with a file; the same as API."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.measurement_files import kept, table

from qualipolis.methods.spc.decisions import FACTS

STOPPED = "goal=capability&measurement=grr&grr=38&gauge_setup=parts&destructive=no"


@pytest.fixture
def entered(client: Any, cast: Cast) -> Any:
    client.force_login(cast["expert"])
    client.cookies["django_language"] = "en"
    cache.clear()
    return client


def ask(client: Any, query: str) -> Any:
    return client.get(f"{reverse('desk:hospital_instrument')}?{query}")


def test_it_asks_one_question_at_a_time(entered: Any) -> None:
    first = ask(entered, "")
    assert first.context["question"] == "What do you want to know?"
    assert first.context["back"] == ""
    second = ask(entered, "goal=capability")
    assert second.context["ask"].name == "measurement"
    assert [line.answer for line in second.context["lines"]] == ["whether the process keeps to its limits"]


def test_each_step_says_its_number_and_its_threshold(entered: Any) -> None:
    answer = ask(entered, STOPPED)
    assert "%GRR is 38, above 30" in answer.content.decode()
    assert answer.context["instrument"] == "Gauge R&R, crossed"
    assert answer.context["changes"]


def test_back_takes_the_last_answer_away(entered: Any) -> None:
    answer = ask(entered, STOPPED)
    assert "destructive" not in answer.context["back"]
    before = entered.get(answer.context["back"])
    assert before.context["ask"].name == "destructive"


def test_not_known_is_an_answer_where_the_way_can_go_on(entered: Any) -> None:
    answer = ask(entered, "goal=monitor&measurement=counted&kind=measured&characteristics=1&n=100")
    assert answer.context["ask"].name == "autocorrelation"
    assert 'value="?"' in answer.content.decode()
    after = ask(entered, "goal=monitor&measurement=counted&kind=measured&characteristics=1&n=100&autocorrelation=?")
    assert after.context["ask"].name == "short_runs"


@pytest.mark.parametrize("query", ["goal=nothing", "goal=life&failures=x", "goal=life&failures=-3"])
def test_what_cannot_be_read_is_said_in_words(entered: Any, query: str) -> None:
    answer = ask(entered, query)
    assert answer.status_code == 400
    assert answer.context["problems"]


def test_a_strange_parameter_is_passed_over(entered: Any) -> None:
    assert ask(entered, "goal=life&next=http://elsewhere").context["ask"].name == "failures"


def test_what_the_file_says_is_not_asked_and_the_choice_is_kept(entered: Any, cast: Cast) -> None:
    steady = [float(value) for value in np.random.default_rng(1).normal(60, 1, 60)]
    row = kept(cast["expert"], case_in(cast, "examining"), table(steady), lower=50.0)
    here = reverse("desk:hospital_file_instrument", args=[row.pk])
    answer = entered.get(f"{here}?goal=monitor&measurement=counted&characteristics=1&short_runs=no&shift=3")
    assert answer.context["ask"] is None
    told = {one.fact for one in answer.context["found"].steps}
    assert "autocorrelation" in told
    assert [line.from_file for line in answer.context["lines"]].count(True) >= 3
    query = "?goal=monitor&measurement=counted&characteristics=1&short_runs=no&shift=0.5"
    assert entered.post(here + query).status_code == 302
    row.refresh_from_db()
    assert (row.instrument, row.facts["shift"]) == ("ewma", 0.5)
    page = entered.get(reverse("desk:hospital_chart", args=[row.pk])).content.decode()
    assert "EWMA" in page


def test_an_open_question_chooses_nothing(entered: Any, cast: Cast) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"))
    assert entered.post(reverse("desk:hospital_file_instrument", args=[row.pk]) + "?goal=monitor").status_code == 302
    row.refresh_from_db()
    assert row.instrument == "auto"


def test_the_api_goes_the_same_way(entered: Any) -> None:
    said = entered.get(f"/api/v1/hospital/instrument?{STOPPED}").json()
    assert said["instrument"]["code"] == "crossed"
    assert said["ask"] is None
    assert [step["mood"] for step in said["steps"]].count("stop") == 1
    asked = entered.get("/api/v1/hospital/instrument?goal=life").json()
    assert (asked["ask"]["fact"], asked["instrument"]) == ("failures", None)


def test_the_api_needs_no_account_and_names_what_is_wrong(client: Any, db: None) -> None:
    cache.clear()
    assert client.get("/api/v1/hospital/instrument?goal=life").status_code == 200
    for query in ("goal=nothing", "goal=life&failures=x", "goal=life&failures=-3"):
        answer = client.get(f"/api/v1/hospital/instrument?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"]


def test_every_fact_is_in_the_openapi_document_with_its_question(client: Any, db: None) -> None:
    document = client.get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/hospital/instrument"]["get"]
    told = {one["name"]: one["description"] for one in operation["parameters"]}
    assert set(told) == set(FACTS)
    assert told["failures"].startswith("How many failures were seen?")
    assert client.get("/api/v1/").status_code == 200
