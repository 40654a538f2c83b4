"""Every address of the site: what it answers each role, and how its pages stand in a real browser.

Every role that may open an address asks for it with a plain request, with each of its examples. A browser opens what
looks different: the first page of an address, and every later one (of another role, in another state) that holds what
none before it held; wide in Chinese, narrow in English.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.browser.inspection import faults
from tests.browser.places import NO_PAGE, Place, names, places
from tests.browser.visitor import Visitors, violations

pytestmark = pytest.mark.browser
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
SHAPE = re.compile(r"<[a-z][a-z0-9]*|name=\"[a-z_]+\"|class=\"(?:next|empty|undo)\"")
WIDTHS = {"zh-hans": 1440, "en": 360}
DARK = ("desk:home", "desk:overview", "desk:ranking", "desk:town", "desk:indicator", "desk:release", "portal:home")


@pytest.mark.parametrize("name", names())
def test_every_address_answers_in_the_demo_and_its_page_has_no_fault(
    name: str, visitors: Visitors, demo_home: Path
) -> None:
    found, answered, seen = [], set(), set()
    for place in places(demo_home, name):
        for role in place.roles:
            kind, held = answer(visitors, place, role)
            if not held <= seen:
                found += faults_of(visitors, place, role)
            answered.add(kind)
            seen |= held
    assert not found, "\n".join(found)
    if name in NO_PAGE:
        assert answered <= {"nothing"}, f"{name} stands among those that show nothing, and shows something"
    else:
        assert answered - {"nothing"}, f"{name} shows nobody anything; NO_PAGE has to say why"


def faults_of(visitors: Visitors, place: Place, role: str) -> list[str]:
    """Look at the page as the role, wide in Chinese and narrow in English; return the faults with where they were seen."""
    return [
        f"{place.path} {role} {language} {width}: {fault}"
        for language, width in WIDTHS.items()
        for fault in faults(visitors.tab(role, language, width), place.path, language)
    ]


def answer(visitors: Visitors, place: Place, role: str) -> tuple[str, frozenset[str]]:
    """Return the kind of the answer, and what its main part holds when it is a page: kinds of element, names of fields."""
    told, nothing = visitors.ask(role, place.path), frozenset[str]()
    if told.status >= 400:
        assert told.status in {403, 404, 405}, f"{place.path} answers {role} {told.status}"
        return ("step" if told.status == 405 else "nothing"), nothing
    if told.status != 200:
        return "elsewhere", nothing
    if "text/html" not in told.kind:
        return "file", nothing
    main = MAIN.search(told.body.decode())
    assert main is not None, f"{place.path} has no main part"
    return "page", frozenset(match[0] for match in SHAPE.finditer(main[0]))


@pytest.mark.parametrize("name", DARK)
def test_the_main_pages_are_clean_in_the_dark_and_in_large_type(name: str, visitors: Visitors, demo_home: Path) -> None:
    place = places(demo_home, name)[0]
    tab = visitors.tab("planner")
    tab.page.emulate_media(color_scheme="dark")
    try:
        tab.page.goto(place.path)
        tab.page.evaluate("document.documentElement.dataset.type = 'large'")
        found = violations(tab.page)
        tab.page.set_viewport_size({"width": 360, "height": 900})
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        tab.page.emulate_media(color_scheme="light")
        tab.page.set_viewport_size({"width": 1440, "height": 900})
    assert not found, "\n".join(found)
