"""Many letters in the same moment: each is kept or refused for itself, and nobody waits for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from tests.city.listen.cast import CONSUMER, FACTS, found

from qualipolis.city.core.models import Event
from qualipolis.city.core.verification import verify_ledger
from qualipolis.city.listen.intake import door
from qualipolis.city.listen.intake.said import Prepared, prepare
from qualipolis.city.listen.models import Letter
from qualipolis.methods.problems import InputError

PEOPLE = 24


def said(n: int) -> Prepared:
    return prepare(
        track="report", identity=CONSUMER | {"phone": f"139{n:08d}"}, respondent_name="某商店", facts=f"{n}：{FACTS}"
    )


def sent(n: int) -> str:
    try:
        return door.hand_in(said(n), "10.0.0.1").number
    except InputError as error:
        return error.problems[0].code
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_it_keeps_every_letter_that_many_send_at_once(monkeypatch: Any) -> None:
    found()
    monkeypatch.setattr(door, "MOST", 5)
    with ThreadPoolExecutor(8) as people:
        numbers = list(people.map(sent, range(PEOPLE)))
    assert sorted(numbers) == sorted(Letter.objects.values_list("number", flat=True)) and len(set(numbers)) == PEOPLE
    assert Event.objects.filter(verb="listen.receive_letter").count() == PEOPLE and verify_ledger().holds


@pytest.mark.django_db(transaction=True)
def test_it_refuses_one_of_many_for_itself() -> None:
    found()
    for n in range(5):
        door.hand_in(prepare(track="report", identity=CONSUMER, respondent_name="某商店", facts=f"{n}"))
    with ThreadPoolExecutor(4) as people:
        again = people.submit(flooding)
        others = list(people.map(sent, range(6)))
    assert again.result() == "flood_of_sender" and Letter.objects.filter(number__in=others).count() == 6


def flooding() -> str:
    try:
        return door.hand_in(prepare(track="report", identity=CONSUMER, respondent_name="某商店", facts="第六件")).number
    except InputError as error:
        return error.problems[0].code
    finally:
        connection.close()
