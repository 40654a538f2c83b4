"""A small published city for the tests of the public pages and the API: three releases' worth is not needed, one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from qualipolis.demo import build_city


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """The demo city with its six releases in the test database, taken out again after the module."""
    from django.core.cache import cache
    from django.db import transaction

    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock():
        kept, settings.HOME = settings.HOME, home
        try:
            with transaction.atomic():
                build_city(home)
                yield home
                transaction.set_rollback(True)
        finally:
            settings.HOME = kept
            cache.clear()
