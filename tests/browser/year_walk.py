"""What a walk through a year needs: people at their browsers, a clock that can be moved, questions to the database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.browser.serving import outside, qualipolis, served
from tests.browser.visitor import Visitors

HERE = Path(__file__).resolve().parent
PHONE = {"width": 360, "height": 780}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PAPER = {"name": "佐证.pdf", "mimeType": "application/pdf", "buffer": PDF}


class Walk:
    """People of one city, the day they live on, and what its database says."""

    def __init__(self, people: Visitors, home: Path, clock: Path) -> None:
        self.people, self.home, self.clock = people, home, clock
        self.pictures = os.environ.get("YEAR_PICTURES", "")
        self.taken = 0

    def travel(self, day: str) -> None:
        """Go to the morning of a day; everybody signs in anew."""
        self.clock.write_text(f"{day}T09:00:00+08:00")
        time.sleep(0.4)
        self.people.close()
        self.people.tabs.clear()
        self.people.states.clear()

    def at(self, role: str, path: str = "", language: str = "zh-hans") -> Any:
        """Return the page that a role keeps open, at an address or where it was left; checkers have a phone."""
        page = self.people.tab(role, language).page
        page.clock.set_system_time(self.clock.read_text())
        if role in {"inspector", "reviewer"}:
            page.set_viewport_size(PHONE)
        if path:
            answer = page.goto(path)
            assert answer.status == 200, (path, answer.status)
        self.picture(page, role)
        return page

    def picture(self, page: Any, name: str) -> None:
        """Keep a picture of the page when somebody wants to look at the walk."""
        if self.pictures and page.url != "about:blank":
            self.taken += 1
            where = page.url.partition("//")[2].partition("/")[2].partition("?")[0].strip("/").replace("/", "-")
            page.screenshot(path=f"{self.pictures}/{self.taken:03}-{name}-{where}.png", full_page=True)

    def primary(self, page: Any, timeout: int = 30_000) -> str:
        """Press the one primary button of the page, which nothing refuses; return what it said."""
        buttons = page.locator("main .btn-primary:visible")
        assert buttons.count() == 1, [page.url, *buttons.all_inner_texts()]
        said = str(buttons.first.inner_text().strip())
        self.picture(page, "press")
        self.press(page, buttons.first, timeout)
        return said

    def press(self, page: Any, button: Any, timeout: int = 30_000) -> None:
        """Press a button that leads to a page and is not refused."""
        with page.expect_navigation(timeout=timeout):
            button.click()
        refused = page.locator(".error-summary, .messages .banner-bad")
        assert not refused.count(), [page.url, refused.first.inner_text()]

    def refused(self, page: Any, button: Any) -> str:
        """Press a button that is refused; return the words."""
        with page.expect_navigation():
            button.click()
        self.picture(page, "refused")
        return str(page.locator(".error-summary, .messages .banner-bad, .messages .banner-warn").first.inner_text())

    def fact(self, question: str) -> Any:
        """Ask the database for one cell."""
        with closing(sqlite3.connect(f"file:{self.home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
            found = database.execute(question).fetchone()
        return found[0] if found else None

    def facts(self, question: str) -> list[Any]:
        """Ask the database for a column."""
        with closing(sqlite3.connect(f"file:{self.home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute(question).fetchall()]

    def command(self, *arguments: object) -> str:
        """Run the command on this home; it must agree."""
        told = qualipolis(*arguments, "--home", self.home)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout


@contextmanager
def on_the_clock(clock: Path) -> Iterator[None]:
    """Let every process that is started now live on the day of the file."""
    kept = {name: os.environ.get(name) for name in ("PYTHONPATH", "CLOCK_FILE")}
    os.environ |= {"PYTHONPATH": str(HERE / "clock"), "CLOCK_FILE": str(clock)}
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def founded(home: Path, clock: Path, day: datetime) -> None:
    """Found the small city in a home, on a day."""
    clock.write_text(day.isoformat())
    with on_the_clock(clock):
        command = [sys.executable, str(HERE / "small_city.py"), str(home)]
        told = subprocess.run(command, env=outside(), capture_output=True, text=True, timeout=180)
    assert told.returncode == 0, told.stdout + told.stderr


@contextmanager
def walking(chromium: Any, home: Path, clock: Path) -> Iterator[Walk]:
    """Serve the city on its clock, and let its people in."""
    with on_the_clock(clock), served(home) as address:
        people = Visitors(chromium, address)
        yield Walk(people, home, clock)
        people.close()
