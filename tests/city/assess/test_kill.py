"""kill -9 in the middle of an assessment or a publication: the city is as before or as after, never between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.city.assess.conftest import VALUES
from tests.city.measure.cast import SYSTEM, locked_round, make_cast, tiny_set
from qualipolis.city.assess import service
make_cast(4)
made = service.run(SYSTEM, locked_round(tiny_set(), VALUES), seed=1, replicates=50)
service.decide(SYSTEM, service.preview(SYSTEM, made))
"""
DIE = "lambda *a, **k: __import__('os').kill(__import__('os').getpid(), 9)"
ACT = """
from unittest import mock
from tests.city.measure.cast import SYSTEM
from qualipolis.city.assess import releases, run, service
from qualipolis.city.assess.models import Assessment
from qualipolis.city.measure.models import CollectionRound
with mock.patch({point!r}, {die}):
    if {publish!r}:
        service.publish(SYSTEM, Assessment.objects.get())
    else:
        service.run(SYSTEM, CollectionRound.objects.get(), seed=2, replicates=50)
"""
LOOK = """
import json
from qualipolis.city.assess.models import Assessment, NodeScore, Release, ScoreCard
from qualipolis.city.core.models import Event
from qualipolis.city.core.verification import verify_ledger
print(json.dumps({
    "runs": Assessment.objects.count(), "cards": ScoreCard.objects.count(), "nodes": NodeScore.objects.count(),
    "releases": Release.objects.count(), "status": [a.status for a in Assessment.objects.all()],
    "events": Event.objects.count(), "ledger": verify_ledger().holds,
}))
"""
AGAIN = """
from tests.city.measure.cast import SYSTEM
from qualipolis.city.assess import service
from qualipolis.city.assess.models import Assessment
assert service.verify(service.publish(SYSTEM, Assessment.objects.get())).ok
"""


def python(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own, on the database of ``home``."""
    environment = {**os.environ, "QUALIPOLIS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qualipolis.site.settings"}
    environment.pop("DATABASE_URL", None)
    whole = "import django\ndjango.setup()\n" + code
    return subprocess.run(
        [sys.executable, "-c", whole], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A home with a decided assessment, and what stands in it."""
    home = tmp_path_factory.mktemp("prepared")
    made = python(home, PREPARE + LOOK)
    assert made.returncode == 0, made.stderr
    return home, json.loads(made.stdout)


@pytest.mark.parametrize(
    ("point", "publish"),
    [
        ("qualipolis.city.assess.run.insert_rows", False),
        ("qualipolis.city.assess.releases.flush", True),
        ("qualipolis.city.assess.service.record", True),
    ],
)
def test_it_is_as_before_after_a_kill(
    prepared: tuple[Path, dict[str, object]], tmp_path: Path, point: str, publish: bool
) -> None:
    (source, before), home = prepared, tmp_path / "home"
    shutil.copytree(source, home)
    assert before["ledger"] is True
    killed = python(home, ACT.format(point=point, die=DIE, publish=publish))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = python(home, LOOK + AGAIN)
    assert after.returncode == 0, after.stderr
    assert json.loads(after.stdout) == before
    assert sorted(path.name for path in (home / "releases").iterdir()) == ["2021-R1"]
