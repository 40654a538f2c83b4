"""How people take the steps of supervision sampling on their pages: a form is found by the step it takes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from subprocess import run
from typing import Any

from tests.browser.serving import outside
from tests.browser.year_walk import Walk, on_the_clock


def founded(home: Path, clock: Path, day: datetime) -> None:
    """Found the city in a home, on a day."""
    clock.write_text(day.isoformat())
    with on_the_clock(clock):
        command = [sys.executable, "-m", "tests.browser.sampled_city", str(home)]
        told = run(command, env=outside(), capture_output=True, text=True, timeout=180, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def step(walk: Walk, role: str, path: str, name: str, /, *, language: str = "zh-hans", **said: Any) -> Any:
    """Take a step on its page: fill in the form that takes it, press its button, and see that nothing refuses it."""
    page = walk.at(role, path, language)
    form = page.locator(f"form:has(input[name=do][value={name}])").first
    assert form.count(), (path, name, page.locator("main").inner_text()[:600])
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    for field, value in said.items():
        fill(form.locator(f"[name='{field}']"), value)
    walk.picture(page, f"{role}-{name}")
    walk.press(page, form.locator("button[type=submit], button:not([type])").first)
    return page


def fill(field: Any, value: Any) -> None:
    """Give a value to whatever kind of field this is."""
    kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "radio":
        field.and_(field.page.locator(f"[value='{value}']")).check()
    elif kind == "checkbox":
        field.first.set_checked(value)
    elif kind == "select":
        field.first.select_option(str(value))
    elif kind == "file":
        field.first.set_input_files(value)
    else:
        field.first.fill(str(value))


def results(walk: Walk, role: str, code: str, *values: str) -> None:
    """Enter the values of a sample and submit its report."""
    page = walk.at(role, f"/desk/laboratory/samples/{code}/results/")
    for place, value in enumerate(values, 1):
        page.fill(f"#id_{place}-value", value)
        page.fill(f"#id_{place}-uncertainty", "0.2")
    walk.press(page, page.locator("main .btn-primary"))
    if "/results/" in page.url:
        walk.press(page, page.locator("main .btn-primary"))
    walk.picture(page, role)


@contextmanager
def phone(walk: Walk, role: str) -> Iterator[Any]:
    """The inspector's telephone with the tasks of the day on it."""
    context = walk.people.fresh(role, "zh-hans", 360)
    page = context.new_page()
    page.clock.set_system_time(walk.clock.read_text())
    page.goto(f"{walk.people.site}/field/")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("[data-open-tasks] a")
    yield page
    walk.picture(page, role)
    context.close()
