"""A list asks the database as often for many rows as for a few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.city.supervise.cast import make_cast, make_result, make_sample, make_task

from qualipolis.city.supervise.models import HandlingCase

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = (
    ("enterprise", "desk:firm_results"),
    ("department", "desk:results"),
    ("department", "desk:tasks"),
    ("inspector", "desk:tasks"),
    ("laboratory", "desk:lab"),
    ("department", "desk:lab_reports"),
    ("department", "desk:handling_list"),
    ("enterprise", "desk:corrections"),
    ("planner", "desk:campaigns"),
    ("planner", "desk:transfers"),
    ("planner", "desk:penalties"),
    ("department", "desk:publications"),
)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def cast(db):
    return make_cast()


def rows_of_each(cast, many):
    for n in range(many):
        today = timezone.localdate()
        sample = make_sample(cast, status="testing", received_on=today)
        result = make_result(cast, status="final", final_on=today)
        result.services.update(sent_on=today, served_on=today, proof_words="回执")
        HandlingCase.objects.create(
            result=result, enterprise=cast.firms[0], unit=cast.units[0], handler=cast.branch, number=f"CL{many}-{n}"
        )
        make_task(cast, sample.task.campaign, enterprise=cast.firms[n % 5])


def asked(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in caught.captured_queries]


@pytest.mark.parametrize(("role", "name"), PAGES)
def test_many_rows_ask_no_more_than_a_few(cast, role, name):
    client = Client()
    client.force_login(cast[role], backend=BACKEND)
    rows_of_each(cast, 2)
    few = asked(client, reverse(name))
    rows_of_each(cast, 6)
    many = asked(client, reverse(name))
    assert len(many) <= len(few) + 1, sorted(set(many) - set(few))[:6]
