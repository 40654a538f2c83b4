"""Requests that no browser of ours sends: refused in words or taken for nothing, never an error of the server."""

from __future__ import annotations

import json

import pytest
from django.test import Client, RequestFactory
from tests.security.addresses import Address, addresses

from qualipolis.city.core import drafts
from qualipolis.city.core.accounts import address_of
from qualipolis.city.core.policy import ANYONE

NAMES = ("page", "year", "node", "peer", "city", "q", "unit", "kind", "round", "set", "show", "job", "indicator",
         "key", "who", "verb", "thing", "limit", "offset", "status", "next", "code")  # fmt: skip
STRANGE = ("99999999999999999999999", "-1", "²", "²²²²", "１２", "9" * 60, "%", "a'b\"<script>", "NaN", "../../x", "[]")


def open_to(role: str) -> list[Address]:
    """The addresses whose views the role reaches: who is kept out is so before anything is read of the request."""
    return [one for one in addresses() if one.access is None or role in one.access or ANYONE in one.access]


@pytest.mark.parametrize("value", STRANGE)
def test_no_query_breaks_a_page(entered, value) -> None:
    client = entered("planner")
    query = dict.fromkeys(NAMES, value)
    broken = [one.path for one in open_to("planner") if client.get(one.path, query).status_code >= 500]
    assert not broken


@pytest.mark.parametrize("value", ["", "0", "99999999999999999999999", "²", "x", "' OR 1=1 --"])
@pytest.mark.parametrize("role", ["planner", "admin", "town_officer"])
def test_no_form_breaks_a_page(entered, role, value) -> None:
    client = entered(role)
    fields = (*NAMES, "role", "step", "do", "observation", "reason", "weight", "file", "name", "login", "username")
    broken = []
    for one in open_to(role):
        if "logout" in one.name or one.name.startswith(("account_", "mfa_")):
            continue
        if client.post(one.path, dict.fromkeys(fields, value)).status_code >= 500:
            broken.append(one.path)
    assert not broken


def test_the_character_zero_is_refused_at_the_door(entered) -> None:
    client = entered("planner")
    assert client.get("/desk/search/", {"q": "a\x00b"}).status_code == 400
    assert client.get("/desk/registry/units/", {"a\x00b": "1"}).status_code == 400
    assert client.get("/desk/towns/a%00b/").status_code == 400
    assert client.post("/desk/appearance/", {"theme": "a\x00"}).status_code == 400


def test_every_post_asks_for_its_token_before_anything_else(actor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(actor("planner"), backend="django.contrib.auth.backends.ModelBackend")
    open_ = [one.path for one in addresses() if client.post(one.path, {}).status_code not in (403, 404, 405)]
    assert not open_


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"{",
        b"\xff",
        b"null",
        json.dumps({"key": "a", "data": {"x": [[["deep"]]]}}).encode(),
        json.dumps({"key": "a", "data": {"x": "a\x00b"}}).encode(),
        json.dumps({"key": "a", "data": {"x": "\ud800"}}).encode(),
        json.dumps({"key": "a\x00", "data": {"x": "y"}}).encode(),
        json.dumps({"key": "a", "data": {"x": "y" * drafts.LARGEST}}).encode(),
    ],
)
def test_a_draft_is_a_flat_form_or_nothing(entered, body) -> None:
    answer = entered("planner").post("/drafts/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_draft_belongs_to_who_typed_it(entered) -> None:
    said = json.dumps({"key": "a", "data": {"x": "mine"}})
    assert entered("planner").post("/drafts/", said, content_type="application/json").status_code == 200
    assert entered("leader").get("/drafts/?key=a").json() == {"data": None}


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
@pytest.mark.parametrize("path", ["/desk/appearance/", "/desk/language/"])
def test_no_form_leads_to_another_site(entered, path, target) -> None:
    answer = entered("planner").post(path, {"next": target, "language": "en", "theme": "dark"})
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


def test_the_lockout_believes_no_address_that_the_caller_writes_down(settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2")
    assert address_of(request) == "10.0.0.9"
    settings.HTTPS = True
    assert address_of(request) == "2.2.2.2"


def test_an_error_page_gives_nothing_away(city, client) -> None:
    for path in ("/nowhere/", "/desk/observations/1/x/", "/api/v1/nowhere"):
        text = client.get(path).content.decode()
        assert "Traceback" not in text
        assert "qualipolis.site.urls" not in text
