"""What every test may use."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as examples

REPOSITORY = Path(__file__).resolve().parent.parent

# The same examples every time, so that a commit passes or fails for itself: few by default, more with
# HYPOTHESIS_PROFILE=ci. The profile "explore" draws new ones: run it now and then, and mend what it finds.
examples.register_profile("quick", max_examples=25, deadline=None, derandomize=True)
examples.register_profile("ci", max_examples=150, deadline=None, derandomize=True)
examples.register_profile("explore", max_examples=150, deadline=None)
examples.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# What is dear to build is built once in this folder, for all workers of a run: they inherit the variable.
if "QUALIPOLIS_TEST_SHARED" not in os.environ:
    os.environ["QUALIPOLIS_TEST_SHARED"] = tempfile.mkdtemp(prefix="qualipolis-built-")
    atexit.register(shutil.rmtree, os.environ["QUALIPOLIS_TEST_SHARED"], ignore_errors=True)


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


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Each test begins in the language of the site, whatever the one before has chosen."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield
