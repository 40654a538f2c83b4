"""A small cast for the tests of the core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qualipolis.city.core.models import Grant, Organisation, Person


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a home folder of its own."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Return a maker of people: ``person("li", "admin")``."""

    def make(name: str, role: str = "", scope: Organisation | None = None) -> Person:
        made = Person.objects.create(username=name)
        if role:
            Grant.objects.create(person=made, role=role, scope=scope)
        return made

    return make


@pytest.fixture
def town(db: None) -> Organisation:
    return Organisation.objects.create(code="T1", kind="town", name_zh="荻湾镇", name_en="Diwan")
