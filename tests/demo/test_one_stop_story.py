"""What the demo tells of the one-stop service, the people of quality and the federation: each state has its example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from tests.demo.built import demo_city

from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import System
from qualipolis.city.govern import work as govern
from qualipolis.city.nqi import work as nqi
from qualipolis.city.nqi.models import Signatory
from qualipolis.city.registry.figures import stock
from qualipolis.city.talent import work as talent
from qualipolis.city.talent.models import Learner, ScoreRun, ScoreSheet
from qualipolis.demo.supervision_words import SAID

STATES = {
    "nqi_demand": {"new", "accepted", "triaged", "matched", "quoted", "ordered", "in_service", "delivered", "evaluated",
                   "closed", "rejected", "withdrawn", "unmatched", "escalated"},
    "nqi_order": {"placed", "confirmed", "in_service", "reported", "delivered", "blocked"},
    "nqi_capabilitygap": {"open"},
    "nqi_licence": {"valid", "suspended"},
    "nqi_changefiling": {"filed", "owed"},
    "nqi_issuedcertificate": {"valid", "suspended"},
    "talent_officer": {"active", "filed", "nominated", "returned", "replaced"},
    "talent_trainingcertificate": {"issued", "revoked"},
    "talent_awardround": {"granted", "document_review"},
    "talent_scoresheet": {"handed_in", "scoring", "dropped"},
    "govern_member": {"active", "applied"},
    "govern_clue": {"raised", "screened", "answered"},
}  # fmt: skip
STOCK = {"national_centre": 8, "metrology_centre": 1, "provincial_station": 18, "certifier": 21, "laboratory": 393,
         "quality_officer": 1970}  # fmt: skip
WAITING = {
    "nqi_desk": "nqi.",
    "steward": "nqi.",
    "enterprise": "nqi.",
    "laboratory": "nqi.",
    "trainer": "talent.",
    "reviewer": "talent.",
    "planner": "talent.",
    "secretary": "federation.",
    "member": "federation.",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, django_db_setup: Any, django_db_blocker: Any) -> Any:
    with demo_city(tmp_path_factory.mktemp("one-stop"), django_db_blocker) as home, django_db_blocker.unblock():
        yield home


@pytest.mark.parametrize("table", STATES)
def test_every_state_that_a_visitor_should_meet_has_its_example(filled: Path, table: str) -> None:
    app, model = table.split("_")
    found = set(apps.get_model(app, model).objects.values_list("status", flat=True))
    assert found >= STATES[table]


def test_the_figures_of_the_city_are_those_of_its_records(filled: Path) -> None:
    assert {one.code: one.count for one in stock(System("test"))} == STOCK


@pytest.mark.parametrize(("role", "begins"), WAITING.items())
def test_everybody_finds_work_in_the_new_rooms(filled: Path, role: str, begins: str) -> None:
    person = Person.objects.get(demo_role=role)
    waits = [*nqi.work(person), *talent.work(person), *govern.work(person)]
    assert any(item.verb.startswith(begins) for item in waits), [item.verb for item in waits]


def test_the_conflict_found_late_was_dropped_and_everything_computed_anew(filled: Path) -> None:
    sheet = ScoreSheet.objects.get(status="dropped")
    runs = ScoreRun.objects.filter(application=sheet.application).order_by("pk")
    assert len(runs) > 1 and sheet.pk not in runs.last().sheets and runs.filter(cause="dropped").exists()


def test_nobody_in_the_rooms_has_a_name_that_could_be_real(filled: Path) -> None:
    assert all(SAID in name for name in Learner.objects.values_list("name", flat=True))
    assert all(SAID in name for name in Signatory.objects.values_list("name", flat=True))
