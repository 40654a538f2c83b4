"""A step that the table does not offer is impossible by its page: a posted one gives the reason and changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from tests.city.supervise.cast import Cast
from tests.city.supervise.every_step import make_row
from tests.city.supervise.test_illegal_steps import put, stored

from qualipolis.city.core.models import Event, Grant, Person
from qualipolis.city.supervise.models import Assignment, DrawRun
from qualipolis.law.flow import NEEDS
from qualipolis.law.flows import ALL

PAGES = {
    "supervision_plan": lambda row: reverse("desk:sampling_plan", args=[row.pk]),
    "campaign": lambda row: reverse("desk:campaign", args=[row.pk]),
    "draw_run": lambda row: reverse("desk:draw", args=[row.pk]),
    "sampling_task": lambda row: reverse("desk:task", args=[row.pk]),
    "sample": lambda row: reverse("desk:lab_sample", args=[row.code]),
    "test_report": lambda row: reverse("desk:lab_report", args=[row.sample.code, row.version]),
    "result": lambda row: reverse("desk:result", args=[row.pk]),
    "objection": lambda row: reverse("desk:objection", args=[row.pk]),
    "recheck": lambda row: reverse("desk:recheck", args=[row.pk]),
    "handling": lambda row: reverse("desk:handling_case", args=[row.pk]),
    "area_transfer": lambda row: reverse("desk:transfer", args=[row.pk]),
    "publication": lambda row: reverse("desk:publication", args=[row.pk]),
    "penalty_publication": lambda row: reverse("desk:penalty", args=[row.pk]),
}


@pytest.fixture
def everybody(cast: Cast) -> Person:
    """Somebody with every role at once, so that nothing but the table stands against a step."""
    person = Person.objects.create(username="everybody")
    scopes = {
        "department": cast.bureau,
        "inspector": cast.branch,
        "laboratory": cast["laboratory"].grants.get().scope,
        "enterprise": cast["enterprise"].grants.get().scope,
    }
    for role in ("leader", "planner", *scopes):
        Grant.objects.create(person=person, role=role, scope=scopes.get(role), valid_from=date(2016, 1, 1))
    return person


def said(step: str) -> dict[str, Any]:
    """Return what any form of a step could ask for."""
    today = timezone.localdate()
    words = dict.fromkeys(NEEDS, "给出") | {"do": step, "reason_code": "stock_low", "kind": "process", "way": "mail"}
    words |= {"served_on": today, "issued_on": today, "received_on": today, "on": today, "proof_words": "回证"}
    words |= {"proof": SimpleUploadedFile("回证.txt", "送达".encode()), "quantity": 3, "appearance": "完好"}
    words |= {
        "source": "dice",
        "source_at": (timezone.now() + timedelta(hours=3)).isoformat()[:16],
        "words": "掷骰五次",
    }
    return words | {"numbers": "1 2 3 4 5", "verdict": "pass", "licence": "seen", "ground": "process"}


def pairs(flow: str) -> list[tuple[str, str]]:
    """Return states with steps that are not offered there: every state and every step at least once."""
    table = ALL[flow]
    names = list(dict.fromkeys(step.name for step in table.steps))
    bad = {state: [name for name in names if table.find(state, name) is None] for state in table.states}
    found = [(state, turn) for state, turn in zip(table.states, cycle(names), strict=False) if turn in bad[state]]
    left = [name for name in names if name not in {name for _state, name in found}]
    found += [(next(state for state in table.states if name in bad[state]), name) for name in left]
    missing = [state for state in table.states if state not in {state for state, _name in found}]
    return found + [(state, bad[state][0]) for state in missing]


def reasons() -> set[str]:
    words = "This step cannot be taken in the present state."
    with translation.override("zh-hans"):
        return {words, gettext(words)}


@pytest.mark.parametrize("flow", PAGES)
def test_a_posted_step_that_is_not_offered_gives_its_reason_and_changes_nothing(
    client: Client, cast: Cast, everybody: Person, flow: str
) -> None:
    client.force_login(everybody)
    row = make_row(flow, cast)
    if flow == "sampling_task":
        Assignment.objects.create(task=row, person=everybody)
    if flow == "draw_run":
        DrawRun.objects.create(campaign=row.campaign, number=2, supersedes=row)
    for state, name in pairs(flow):
        put(row, state)
        before, events = stored(row), Event.objects.count()
        answer = client.post(PAGES[flow](row), said(name))
        assert stored(row) == before and Event.objects.count() == events, (state, name)
        assert answer.status_code in (200, 302, 400, 403, 404), (state, name, answer.status_code)
        if answer.status_code in (200, 400):
            page = answer.content.decode()
            assert any(words in page for words in reasons()), (state, name)


OUTCOMES = ("sample", "not_sample", "refuse", "stop")


@pytest.mark.parametrize("state", [s for s in ALL["sampling_task"].states if s not in ("assigned", "on_site")])
def test_the_api_of_the_telephone_moves_no_task_that_is_not_on_site(client: Client, cast: Cast, state: str) -> None:
    row = make_row("sampling_task", cast)
    client.force_login(cast["inspector"])
    put(row, state)
    before = stored(row)
    for outcome in OUTCOMES:
        payload = {"outcome": outcome, "form": {}, "photos": [], "reason": "理由", "reason_code": "stock_low"}
        body = {"client_id": str(uuid4()), "revision": 0, "written_at": None, "payload": payload}
        answer = client.post(reverse("api:field_submit", args=[row.pk]), body, content_type="application/json")
        assert stored(row) == before, (state, outcome)
        told = answer.json()
        assert answer.status_code in (200, 400), answer.content
        assert told.get("outcome") in (None, "refused", "conflict")
        assert told["problems"] or told["outcome"] == "conflict"
        assert all(one["words"] for one in told["problems"])


def test_the_api_of_the_public_takes_no_steps(client: Client, everybody: Person) -> None:
    """Nothing of supervision sampling can be written through the published API, whoever asks."""
    client.force_login(everybody)
    said = client.get(reverse("api:openapi")).json()
    methods = {method for path in said["paths"].values() for method in path}
    assert methods <= {"get", "head", "parameters"}
    for path in (p for p in said["paths"] if "supervision" in p or "sampling" in p or "draw" in p):
        concrete = path.replace("{", "").replace("}", "")
        assert client.post(concrete, {"do": "finalise"}).status_code in (401, 403, 404, 405)
