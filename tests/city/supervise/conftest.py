"""A small city with its bureau, inspectors, laboratories and one product class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.city.supervise.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a home folder of its own."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
