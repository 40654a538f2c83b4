"""Headers, cookies and the content policy of every page; nothing inline in any template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from tests.security.addresses import addresses

from qualipolis.city.core.models import Person

SOURCE = Path(__file__).resolve().parents[2] / "src" / "qualipolis"
TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*.html"))


def test_every_page_carries_the_strict_policy(entered) -> None:
    client = entered("admin")
    for one in addresses():
        response = client.get(one.path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy, one.path
        assert "unsafe" not in policy, one.path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
    ],
)
def test_headers_of_a_page(city, client, name, value) -> None:
    assert client.get("/account/login/").headers[name] == value


def test_what_is_made_for_one_person_is_kept_by_no_cache(entered) -> None:
    assert "no-store" in entered("auditor").get("/ledger/").headers["Cache-Control"]


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(city, client) -> None:
    Person.objects.create_user("li", password="a long password 1")
    client.post("/account/login/", {"login": "li", "password": "a long password 1"})
    session = client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_a_post_without_the_token_is_refused(city) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/login/", {"login": "li", "password": "x"}).status_code == 403


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_has_nothing_inline(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", text)
