"""A small published city for the tests of the public pages and the API: three releases' worth is not needed, one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.demo.built import demo_city


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The demo city with its six releases in the test database, taken out again after the module."""
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home
