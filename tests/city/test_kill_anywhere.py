"""kill -9 at moments drawn by lot, on the demo city: the import command, an assessment, a publication.

After each the database is whole and as before or as after, the ledger holds, and no release counts as published that
does not verify. (test_kill.py is the quick part, assess/test_kill.py kills at the worst points.)
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.city.test_kill import Nursery
from tests.cli.commands import RUN, demo_home, environment, qualipolis

pytestmark = pytest.mark.slow
KILLS = 6
SEED = 2022
ROWS = 3000
TABLES = (
    "core_event", "registry_unit", "assess_assessment", "assess_scorecard", "assess_nodescore", "assess_release",
    "core_counter",
)  # fmt: skip
DEEDS = """
from datetime import date

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.policy import System
from qualipolis.city.measure.models import CollectionRound

WHO = System("killed")

def assess():
    service.run(WHO, CollectionRound.objects.get(period="2020"), seed=7, replicates=1000)

def decide():
    assess()
    service.decide(WHO, service.preview(WHO, Assessment.objects.latest("pk")), "质领〔2022〕1号", date(2022, 4, 1))

def publish():
    service.publish(WHO, Assessment.objects.latest("pk"))
"""
State = tuple[object, ...]


@pytest.fixture(scope="module")
def pristine() -> Path:
    """The demo city as it was built."""
    return demo_home()


@pytest.fixture
def home(pristine: Path, tmp_path: Path) -> Path:
    return shutil.copytree(pristine, tmp_path / "home")


@pytest.fixture
def nursery(home: Path) -> Iterator[Nursery]:
    made = Nursery(home, DEEDS)
    yield made
    made.close()


def put_back(home: Path, kept: Path) -> None:
    """Make the database, the releases and the checkpoints what they were; the rest these deeds do not touch."""
    for file in home.glob("city.sqlite3*"):
        file.unlink()
    for file in kept.glob("city.sqlite3*"):
        shutil.copyfile(file, home / file.name)
    for name in ("releases", "checkpoints"):
        shutil.rmtree(home / name)
        shutil.copytree(kept / name, home / name)


def state(home: Path) -> State:
    """Return how many rows there are of each kind and how far each assessment is; the database must be whole."""
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        counted = tuple(database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES)
        return counted, tuple(database.execute("SELECT status FROM assess_assessment ORDER BY id"))


def published(home: Path) -> list[Path]:
    """Return the folders of the releases that the database names."""
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        return [home / row[0] for row in database.execute("SELECT directory FROM assess_release ORDER BY id")]


def holds(home: Path) -> None:
    """The ledger verifies, and so does the newest release that counts as published."""
    assert qualipolis("verify", "ledger", "--home", home).returncode == 0
    last = published(home)[-1]
    assert qualipolis("verify", "release", last).returncode == 0, last


def killed_anywhere(home: Path, before: Path, deed: Callable[[float | None], tuple[int, float]]) -> None:
    """Take the deed once to see what comes after, then kill it again and again."""
    first = state(home)
    status, lasted = deed(None)
    after = state(home)
    assert status == 0
    assert after != first
    moments, ends = random.Random(SEED), set()
    for number in range(KILLS):
        put_back(home, before)
        status, _lived = deed(lasted * (0.95 if number == 0 else moments.uniform(0.2, 0.98)))
        assert state(home) in (first, after)
        holds(home)
        ends.add(status)
    assert -signal.SIGKILL in ends


def test_an_import_command_killed_anywhere_leaves_nothing_between(pristine: Path, home: Path, tmp_path: Path) -> None:
    table = tmp_path / "units.csv"
    rows = "".join(f"K{n},镇{n},town\n" for n in range(ROWS))
    table.write_text("代码,名称,类型\n" + rows, encoding="utf-8")
    line = [sys.executable, "-c", RUN, "import", "units", str(table), "--home", str(home)]

    def deed(kill_after: float | None) -> tuple[int, float]:
        began = time.monotonic()
        process = subprocess.Popen(line, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
        return process.wait(120), time.monotonic() - began

    killed_anywhere(home, pristine, deed)


def test_an_assessment_killed_anywhere_leaves_nothing_between(pristine: Path, home: Path, nursery: Nursery) -> None:
    killed_anywhere(home, pristine, lambda moment: nursery.run("assess", moment))


def test_a_publication_killed_anywhere_leaves_no_half_release(home: Path, nursery: Nursery, tmp_path: Path) -> None:
    assert nursery.run("decide")[0] == 0
    decided = shutil.copytree(home, tmp_path / "decided")
    killed_anywhere(home, decided, lambda moment: nursery.run("publish", moment))
    put_back(home, decided)
    assert nursery.run("publish")[0] == 0
    assert {path.name for path in (home / "releases").iterdir()} == {path.name for path in published(home)}
