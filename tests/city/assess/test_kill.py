"""kill -9 in the middle of an assessment or a publication: the city is as before or as after, never between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def test_it_is_as_before_after_a_kill(tmp_path: Path) -> None:
    environment = {**os.environ, "QUALIPOLIS_HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)}
    environment |= {"DJANGO_SETTINGS_MODULE": "qualipolis.site.settings", "QUALIPOLIS_SECRET_KEY": "only-for-tests" * 4}
    environment.pop("DATABASE_URL", None)
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.city.assess.kill_driver"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    before = found.pop("before")
    assert before["ledger"] is True
    assert before["status"] == ["decided"]
    after = found.pop("after")
    assert len(found) == 3
    for point, state in found.items():
        assert state == ["killed", before], point
    assert (after["releases"], after["status"], after["ledger"]) == (1, ["published"], True)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["2021-R1"]
