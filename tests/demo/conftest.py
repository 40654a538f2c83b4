"""One synthetic city for all tests of its content."""

from __future__ import annotations

import pytest

from qualipolis.demo import DEFAULT_SEED
from qualipolis.demo.generate import CityTables, generate


@pytest.fixture(scope="session")
def city() -> CityTables:
    """The city of the default seed."""
    return generate(DEFAULT_SEED)
