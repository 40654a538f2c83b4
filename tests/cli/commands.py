"""Running the real command in a process of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

RUN = "from qualipolis.cli import main; main()"
DROPPED = (
    "QUALIPOLIS_HOME",
    "QUALIPOLIS_SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "QUALIPOLIS_DEMO_LOGIN",
)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a person's shell: nothing of the test suite in it."""
    return {k: v for k, v in os.environ.items() if k not in DROPPED} | {"LC_ALL": "C.UTF-8"} | more


def qualipolis(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``qualipolis`` with ``args`` to its end."""
    line = [sys.executable, "-c", RUN, *map(str, args)]
    return subprocess.run(line, env=environment(**env), capture_output=True, text=True, timeout=120, check=False)


@cache
def dongguan() -> Path:
    """Return a home with Dongguan, founded once for the whole run; tests that change something take a copy."""
    folder = Path(tempfile.mkdtemp(prefix="qualipolis-dongguan-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    answer = qualipolis("init", "--city", "441900", "--home", folder / "home", "--admin", "zhao")
    assert answer.returncode == 0, answer.stderr
    return folder / "home"


def tampered(home: Path, *lines: str) -> None:
    """Change the ledger of ``home`` behind its back."""
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        for line in ("DROP TRIGGER core_event_never_changed", "DROP TRIGGER core_event_never_deleted", *lines):
            database.execute(line)
        database.commit()
