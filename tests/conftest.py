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
