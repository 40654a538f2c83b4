"""A small real city, founded as `qualipolis init` does it, with one person for each role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.core.roles import STAFF
from qualipolis.cli.founding import dongguan, found


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def city(db: None, home: Path) -> dict[str, int]:
    return found(System("init"), dongguan(), 2021)


@pytest.fixture
def actor(city: dict[str, int]) -> Callable[[str], Person]:
    """Return who acts in a role: limited to a town where the role is a local one."""
    town = Organisation.objects.get(code="441900003")

    def make(role: str) -> Person:
        made = Person.objects.create(username=f"the-{role}", organisation=town)
        Grant.objects.create(person=made, role=role, scope=town if role in ("town_officer", "inspector") else None)
        return made

    return make


@pytest.fixture
def entered(actor: Callable[[str], Person]) -> Callable[[str], Client]:
    """Return a browser in which the role is signed in; ``public`` is nobody."""

    def enter(role: str) -> Client:
        client = Client(raise_request_exception=True)
        if role in STAFF:
            client.force_login(actor(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
