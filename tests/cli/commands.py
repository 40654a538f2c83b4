"""Running the real command in a process of its own."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
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
    return subprocess.run(line, env=environment(**env), capture_output=True, text=True, timeout=600, check=False)


def dongguan() -> Path:
    """Return a home with Dongguan, founded once for the whole run; tests that change something take a copy."""
    return once("dongguan", "init", "--city", "441900", "--admin", "zhao")


def demo_home() -> Path:
    """Return a home with the demo city, built once for the whole run; tests that change something take a copy."""
    return once("demo", "demo", "--no-serve")


def once(name: str, *args: object) -> Path:
    """Return the home that a command makes, called by whichever worker of the run needs it first."""
    folder = Path(os.environ["QUALIPOLIS_TEST_SHARED"])
    home, finished = folder / name / "home", folder / name / "finished"
    home.parent.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            answer = qualipolis(*args, "--home", home)
            assert answer.returncode == 0, answer.stderr
            finished.touch()
    return home


def tampered(home: Path, *lines: str) -> None:
    """Change the ledger of ``home`` behind its back."""
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        for line in ("DROP TRIGGER core_event_never_changed", "DROP TRIGGER core_event_never_deleted", *lines):
            database.execute(line)
        database.commit()
