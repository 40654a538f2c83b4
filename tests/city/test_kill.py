"""kill -9 during an import leaves the database as before or as after, never between. A real process is killed.

(tests/city/assess/test_kill.py kills an assessment and a publication at their worst points; test_kill_anywhere.py
kills the commands and verbs of the demo city at moments drawn by lot.)
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from tests.cli.commands import dongguan, environment, qualipolis

ROWS = 10_000
KILLS = 4
# One process that starts Django once and forks a child for each attempt, so that an attempt costs only its work.
DEEDS = f"""
from qualipolis.city.core.policy import System
from qualipolis.city.core.service import add_organisations
from qualipolis.city.registry.service import import_table

def organisations():
    rows = [{{"code": f"K{{n}}", "kind": "department", "name_zh": f"部门{{n}}"}} for n in range({ROWS})]
    add_organisations(System("killed"), None, rows=rows)

def units():
    rows = "".join(f"K{{n}},镇{{n}},town\\n" for n in range({ROWS}))
    import_table(System("killed"), None, "units", ("代码,名称,类型\\n" + rows).encode(), "units.csv")
"""
NURSERY = """
import os, sys
import django; django.setup()
{deeds}
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        globals()[line.strip()]()
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """Runs one deed at a time in a child, and kills it when told."""

    def __init__(self, home: Path, deeds: str = DEEDS) -> None:
        env = environment(QUALIPOLIS_HOME=str(home), DJANGO_SETTINGS_MODULE="qualipolis.site.settings")
        pipe = subprocess.PIPE
        program = NURSERY.replace("{deeds}", deeds)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program], stdin=pipe, stdout=pipe, text=True, env=env
        )

    def run(self, deed: str, kill_after: float | None = None) -> tuple[int, float]:
        """Return the child's exit status and how long it lived."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{deed}\n")
        self.process.stdin.flush()
        child, began = int(self.process.stdout.readline()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was quicker than the time before
                os.kill(child, signal.SIGKILL)
        return int(self.process.stdout.readline()), time.monotonic() - began

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(dongguan(), tmp_path_factory.mktemp("killed") / "home")


@pytest.fixture(scope="module")
def nursery(home: Path) -> Iterator[Nursery]:
    made = Nursery(home)
    yield made
    made.close()


@pytest.fixture
def afresh(home: Path) -> Callable[[], None]:
    """Return what puts the database back as it was founded."""

    def put() -> None:
        for file in home.glob("city.sqlite3*"):
            file.unlink()
        shutil.copyfile(dongguan() / "city.sqlite3", home / "city.sqlite3")

    return put


def counts(home: Path, table: str) -> tuple[int, int]:
    """Return the rows of the deed and its events."""
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        rows = database.execute(f"SELECT COUNT(*) FROM {table} WHERE code LIKE 'K%'").fetchone()[0]
        events = database.execute("SELECT COUNT(*) FROM core_event WHERE actor = 'killed'").fetchone()[0]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return rows, events


@pytest.mark.parametrize(("deed", "table"), [("organisations", "core_organisation"), ("units", "registry_unit")])
def test_it_is_as_before_or_as_after_a_kill(home, nursery, afresh, deed, table) -> None:
    afresh()
    status, lasted = nursery.run(deed)
    assert (status, counts(home, table)) == (0, (ROWS, 1))
    moments = random.Random(2022)
    seen = set()
    for number in range(KILLS):
        afresh()
        status, _ = nursery.run(deed, lasted * (0.9 if number == 0 else moments.uniform(0.1, 0.98)))
        found = counts(home, table)
        assert found in {(0, 0), (ROWS, 1)}
        seen.add(status)
    assert -signal.SIGKILL in seen
    assert qualipolis("verify", "ledger", "--home", home).returncode == 0
