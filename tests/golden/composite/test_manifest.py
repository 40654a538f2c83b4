"""Every entry of the reference's manifest is computed again and compared; an entry without a check fails."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from tests.golden.composite.manifest import checks_for, entries

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "golden" / "composite"
for module in sorted(Path(__file__).parent.glob("checks_*.py")):
    import_module(f"tests.golden.composite.{module.stem}")
IDS = [entry["id"] for entry in entries(FOLDER)] if FOLDER.is_dir() else ["absent"]


@pytest.mark.parametrize("identifier", IDS)
def test_it_agrees_with_the_reference(shared: Path, identifier: str) -> None:
    folder = shared / "golden" / "composite"
    entry = next(entry for entry in entries(folder) if entry["id"] == identifier)
    found = checks_for(identifier)
    assert found, f"nothing checks {identifier}: register a check for it with @golden"
    for check in found:
        check(folder, entry)
