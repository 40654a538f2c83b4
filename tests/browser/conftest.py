"""One demo city, built once and served as `qualipolis demo` serves it, and one Chromium with a context for each role."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.visitor import Visitors

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PROGRAM = Path(sys.executable).parent / "qualipolis"


def lacking(reason: str) -> None:
    """Fail where the engines are required, skip elsewhere."""
    if os.environ.get("QUALIPOLIS_REQUIRE_ENGINES") == "1":
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        lacking("there is no Chromium here")
    from qualipolis.faces.desk import loop

    if not (Path(loop.__file__).parents[1] / "static/dist/main.css").exists():
        lacking("the assets are not built here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def outside() -> dict[str, str]:
    """The environment of a process that knows nothing of this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUALIPOLIS_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"PYTHONWARNINGS": "ignore"}


@pytest.fixture(scope="session")
def demo_home(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, built by the command."""
    home = tmp_path_factory.mktemp("demo") / "home"
    command = [str(PROGRAM), "demo", "--no-serve", "--home", str(home)]
    told = subprocess.run(command, env=outside(), capture_output=True, text=True, timeout=180)
    assert told.returncode == 0, told.stdout + told.stderr
    return home


@pytest.fixture(scope="session")
def site(demo_home: Path) -> Iterator[str]:
    """The address at which the demo city is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(PROGRAM), "demo", "--home", str(demo_home), "--port", str(port)]
    quiet = subprocess.DEVNULL
    served = subprocess.Popen(command, env=outside(), stdout=quiet, stderr=quiet, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/health/")
        yield address
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(20)


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _attempt in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the demo city did not start to answer")


@pytest.fixture(scope="session")
def visitors(chromium: Any, site: str) -> Iterator[Visitors]:
    made = Visitors(chromium, site)
    yield made
    made.close()


@pytest.fixture
def enter(visitors: Visitors) -> Iterator[Callable[..., Any]]:
    """Return what opens a fresh page, signed in as a role; all are closed after the test."""
    opened: list[Any] = []

    def make(role: str, language: str = "zh-hans", width: int = 1440, **more: Any) -> Any:
        context = visitors.fresh(role, language, width, **more)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()
