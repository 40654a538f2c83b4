"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference values and real data beside the repository; it is read, never copied."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("QUALIPOLIS_REQUIRE_SHARED") == "1":
            pytest.fail("the folder ../shared with the reference values is required here and absent")
        pytest.skip("the folder ../shared with the reference values is absent")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Tests that need real transactions empty the tables afterwards, which the ledger's own guard would refuse."""
    from django.db import connection

    from qualipolis.city.core import guards

    with django_db_blocker.unblock():
        guards.remove(connection)
