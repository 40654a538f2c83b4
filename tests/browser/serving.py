"""A home served by the command as people start it, in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = str(Path(sys.executable).parent / "qualipolis")


def outside() -> dict[str, str]:
    """The environment of a process that knows nothing of this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUALIPOLIS_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"PYTHONWARNINGS": "ignore"}


def qualipolis(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, env=outside(), capture_output=True, text=True, timeout=300)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a demo city on a free port; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [PROGRAM, "demo", "--home", str(home), "--port", str(port)]
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(command, env=outside(), stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/health/")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(20)


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _attempt in range(1800):  # several start at once on a small machine
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the demo city did not start to answer")
