"""People at their browsers: sign in to the demo as a role, and notice what a page complains of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

WATCH = """
window.__refused = [];
document.addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective + ' ' + e.blockedURI));
"""
RUN = """
async tags => {
  const found = await axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false});
  return found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)} (${one.nodes.length})`);
}
"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def axe() -> str:
    """The source of axe."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Answer:
    """What the server says to a plain request; a redirect is not followed."""

    status: int
    kind: str
    body: bytes


@dataclass
class Tab:
    """A page with what it said on the console since it was opened."""

    page: Any
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda line: self.said.append(line.text) if line.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def complaints(self) -> list[str]:
        """What the page said and what its content policy refused; heard once."""
        said = [*self.said, *self.page.evaluate("window.__refused || []")]
        self.said.clear()
        return said


class Visitors:
    """Contexts of one browser: one kept for each role and language, and fresh ones on request."""

    def __init__(self, browser: Any, site: str) -> None:
        self.browser, self.site = browser, site
        self.states: dict[str, Any] = {}
        self.tabs: dict[tuple[str, str, int], Tab] = {}

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.page.context.close()

    def state(self, role: str) -> Any:
        """Return the cookies of somebody signed in as the role; signing in once for each role."""
        if role == "public":
            return None
        if role not in self.states:
            context = self.browser.new_context(base_url=self.site)
            self.sign_in(context, role)
            self.states[role] = context.storage_state()
            context.close()
        return self.states[role]

    def sign_in(self, context: Any, role: str) -> None:
        """Choose the role on the sign-in page of the demo."""
        form = context.request.get("/account/demo/").text()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token is not None, "the demo sign-in has no form"
        told = context.request.post(
            "/account/demo/",
            form={"role": role, "csrfmiddlewaretoken": token[1]},
            headers={"Referer": f"{self.site}/account/demo/"},
            max_redirects=0,
        )
        assert told.status == 302, told.status

    def ask(self, role: str, path: str) -> Answer:
        """Ask for an address as the role, without a browser."""
        kept = (self.state(role) or {"cookies": []})["cookies"]
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in kept)
        line = HTTPConnection(urlsplit(self.site).netloc, timeout=60)
        try:
            line.request("GET", quote(path, safe="/?=&%"), headers={"Cookie": cookies} if cookies else {})
            told = line.getresponse()
            return Answer(told.status, told.headers.get("Content-Type", ""), told.read())
        finally:
            line.close()

    def fresh(self, role: str, language: str = "zh-hans", width: int = 1440, **more: Any) -> Any:
        """A new context: signed in, in a language, at a width."""
        size = {"width": width, "height": 900}
        context = self.browser.new_context(base_url=self.site, viewport=size, storage_state=self.state(role), **more)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.site}])
        context.add_init_script(WATCH)
        return context

    def tab(self, role: str, language: str = "zh-hans", width: int = 1440) -> Tab:
        """The tab that the role keeps open in a language and at a width."""
        if (role, language, width) not in self.tabs:
            context = self.fresh(role, language, width)
            context.add_init_script(axe())  # cheaper than into each page once it stands
            self.tabs[role, language, width] = Tab(context.new_page())
        return self.tabs[role, language, width]


def violations(page: Any) -> list[str]:
    """What axe finds on the page under WCAG 2.2 AA, one line each, with the first element."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(axe())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found
