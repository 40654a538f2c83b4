"""What the tests of the site share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a home folder of its own."""
    settings.HOME = tmp_path
    return tmp_path
