"""One demo city, built once and served as people start it, and one Chromium with a context for each role."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.serving import served
from tests.browser.visitor import Visitors
from tests.cli import commands

CHROMIUM = Path("/usr/bin/chromium")
collect_ignore = ["clock"]  # the clock of the served processes, no test
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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


@pytest.fixture(scope="session")
def demo_home(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo city that the command builds once for the whole run."""
    return shutil.copytree(commands.demo_home(), tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture(scope="session")
def visitors(chromium: Any, demo_home: Path) -> Iterator[Visitors]:
    """People at the demo city, signed in as they are needed. They look and type; they take no step."""
    with served(demo_home) as address:
        made = Visitors(chromium, address)
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
