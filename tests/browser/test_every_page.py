"""Every address of the site in a real browser: each face of it, in both languages, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.inspection import faults
from tests.browser.places import NO_PAGE, Place, names, places
from tests.browser.visitor import Visitors, violations

pytestmark = pytest.mark.browser
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
SHAPE = re.compile(
    r"<(?:form|button|input|select|textarea|table|svg|ol|dl)\b|name=\"[a-z_]+\"|class=\"(?:next|empty|undo)\""
)
AXE_AT = {"zh-hans": 1440, "en": 360}
DARK = ("desk:home", "desk:overview", "desk:ranking", "desk:town", "desk:indicator", "desk:release", "portal:home")


@pytest.mark.parametrize("name", names())
def test_every_address_answers_in_the_demo_and_its_page_has_no_fault(
    name: str, visitors: Visitors, demo_home: Path
) -> None:
    found, answered = [], set()
    for place in places(demo_home, name):
        for role, kind in faces(visitors, place):
            answered.add(kind)
            if kind == "page":
                found += faults_of(visitors, place, role)
    assert not found, "\n".join(found)
    if name in NO_PAGE:
        assert answered <= {"nothing"}, f"{name} stands among those that show nothing, and shows something"
    else:
        assert answered - {"nothing"}, f"{name} shows nobody anything; NO_PAGE has to say why"


def faults_of(visitors: Visitors, place: Place, role: str) -> list[str]:
    """Look at the page as the role, in both languages; return the faults with where they were seen."""
    return [
        f"{place.path} {role} {language}: {fault}"
        for language in ("zh-hans", "en")
        for fault in faults(visitors.tab(role, language), place.path, language, AXE_AT[language])
    ]


def faces(visitors: Visitors, place: Place) -> Iterator[tuple[str, str]]:
    """Yield the first role for each face of the address: another set of parts, or another kind of answer."""
    seen = set()
    for role in place.roles:
        kind, face = answer(visitors, place, role)
        if face not in seen:
            seen.add(face)
            yield role, kind


def answer(visitors: Visitors, place: Place, role: str) -> tuple[str, object]:
    """Return the kind of the answer and what tells its face from others."""
    told = visitors.tab(role).page.context.request.get(place.path, max_redirects=0)
    if told.status >= 400:
        assert told.status in {403, 404, 405}, f"{place.path} answers {role} {told.status}"
        return ("step" if told.status == 405 else "nothing"), told.status
    if told.status != 200:
        return "elsewhere", told.status
    if "text/html" not in told.headers["content-type"]:
        return "file", told.headers["content-type"]
    main = MAIN.search(told.text())
    assert main is not None, f"{place.path} has no main part"
    return "page", frozenset(match[0] for match in SHAPE.finditer(main[0]))


@pytest.mark.parametrize("name", DARK)
def test_the_main_pages_are_clean_in_the_dark_and_in_large_type(name: str, visitors: Visitors, demo_home: Path) -> None:
    place = places(demo_home, name)[0]
    tab = visitors.tab("planner")
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    tab.page.emulate_media(color_scheme="dark")
    try:
        tab.page.goto(place.path)
        tab.page.evaluate("document.documentElement.dataset.type = 'large'")
        found = violations(tab.page)
        tab.page.set_viewport_size({"width": 360, "height": 900})
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        tab.page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)
