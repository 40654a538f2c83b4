"""The cast of measure, and a tiny city whose scores can be computed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.city.measure.cast import Cast, locked_round, make_cast, tiny_set

from qualipolis.city.measure.models import CollectionRound

# QDI = 0.6 (a + b) / 2 + 0.4 c
VALUES = {
    "T1": {"a": 100, "b": 80, "c": 90},
    "T2": {"a": 70, "b": 50, "c": 65},
    "T3": {"a": 50, "b": 70, "c": 65},
    "T4": {"a": 30, "c": 20},
}
SCORES = {"T1": 90.0, "T2": 62.0, "T3": 62.0, "T4": 26.0}


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a home folder of its own."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(towns=4)


@pytest.fixture
def locked(cast: Cast) -> CollectionRound:
    return locked_round(tiny_set(), VALUES)
