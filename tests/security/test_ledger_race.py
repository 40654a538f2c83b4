"""Two processes that write at once keep one chain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WRITER = """
import django; django.setup()
from django.db import transaction
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import System
import sys
for number in range(40):
    with transaction.atomic():
        record(System(sys.argv[1]), "test.step", payload={"number": number})
"""
READER = """
import django; django.setup()
from django.db import connection
from django.core.management import call_command
from qualipolis.city.core.verification import verify_ledger
import sys
if sys.argv[1] == "make":
    call_command("migrate", verbosity=0)
found = verify_ledger()
print(found.events, found.holds)
"""


def environment(home: Path) -> dict[str, str]:
    settings = {"QUALIPOLIS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qualipolis.site.settings"}
    return {**os.environ, **settings, "QUALIPOLIS_SECRET_KEY": "x" * 50, "DATABASE_URL": ""}


def test_processes_that_append_at_once_keep_the_chain(tmp_path) -> None:
    home = tmp_path / "home"
    run = [sys.executable, "-c"]
    made = subprocess.run([*run, READER, "make"], env=environment(home), capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["0", "True"]
    writers = [subprocess.Popen([*run, WRITER, name], env=environment(home)) for name in ("one", "two", "three")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    read = subprocess.run([*run, READER, "look"], env=environment(home), capture_output=True, text=True, check=True)
    assert read.stdout.split() == ["120", "True"]
