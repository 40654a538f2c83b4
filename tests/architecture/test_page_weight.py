"""The first useful screen is light: HTML, styles and script of the first page after sign-in, as they travel."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from tests.city.measure.cast import make_cast, tiny_set

from qualipolis.city.core.models import City, Grant, Person

MOST_BYTES = 90_000
MOST_STYLES, MOST_SCRIPT = 30_000, 15_000


def travelled(data: bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(data, 6))


@pytest.fixture
def planner(db: None) -> Client:
    make_cast(33)
    tiny_set()
    City.objects.get_or_create(
        code="990100", defaults={"name_zh": "云汀市", "name_en": "Yunting City", "synthetic": True}
    )
    person = Person.objects.create(username="weighed")
    Grant.objects.create(person=person, role="planner")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def asset() -> Callable[[str], bytes]:
    """Return what reads a built asset by its address."""

    def read(address: str) -> bytes:
        name = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", address.removeprefix("/static/"))
        found = finders.find(name)
        if found is None:
            pytest.skip("the assets are not built here")
        return Path(str(found)).read_bytes()

    return read


def linked(page: str) -> dict[str, list[str]]:
    """Return the addresses of the styles and the scripts that a page loads."""
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    return {"styles": styles, "scripts": re.findall(r'<script[^>]* src="([^"]+)"', page)}


def test_the_first_page_after_sign_in_weighs_little(planner: Client, asset: Any) -> None:
    answer = planner.get("/desk/")
    assert answer.status_code == 200
    needs = linked(answer.content.decode())
    assert needs["styles"] and needs["scripts"]
    parts = [answer.content, *(asset(one) for kind in needs.values() for one in kind)]
    assert sum(travelled(part) for part in parts) <= MOST_BYTES


def test_styles_and_script_stay_small(asset: Any) -> None:
    assert travelled(asset("/static/dist/main.css")) <= MOST_STYLES
    assert travelled(asset("/static/dist/main.js")) <= MOST_SCRIPT


def test_a_page_loads_nothing_from_elsewhere(planner: Client) -> None:
    page = planner.get("/desk/").content.decode()
    assert not [one for kind in linked(page).values() for one in kind if not one.startswith("/static/")]
    assert not re.findall(r'(?:src|srcset)="(?:https?:)?//', page)
