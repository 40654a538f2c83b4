"""A small city whose federation governs along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.city.govern.cast import Cast, found


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a home folder of its own."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return found()
