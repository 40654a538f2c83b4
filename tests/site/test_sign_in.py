"""Signing in: with a password, locked out in words, a password of one's own first, a second factor."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from qualipolis.city.core.models import City, Grant, Person
from qualipolis.city.core.policy import System
from qualipolis.city.core.service import add_person

SECRET = "a long password 1"


@pytest.fixture
def li(db) -> Person:
    City.objects.create(code="441900", name_zh="东莞市")
    made = Person.objects.create_user("li", password=SECRET)
    Grant.objects.create(person=made, role="inspector")
    return made


def sign_in(client, password: str = SECRET, name: str = "li"):
    return client.post("/account/login/?next=/drafts/", {"login": name, "password": password})


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_desk(li, client) -> None:
    assert sign_in(client).status_code == 302
    assert signed_in(client)


def test_a_wrong_password_is_said_without_saying_which_part_is_wrong(li, client) -> None:
    wrong = sign_in(client, "wrong").context["form"].errors
    unknown = sign_in(client, "wrong", "nobody").context["form"].errors
    assert wrong == unknown
    assert not signed_in(client)


def test_after_five_failures_the_door_is_closed_in_words(li, client) -> None:
    answers = [sign_in(client, f"wrong {n}") for n in range(6)]
    assert answers[-1].status_code == 429
    assert "15" in answers[-1].content.decode()
    assert sign_in(client).status_code == 429
    assert not signed_in(client)


def test_nobody_signs_up_by_themselves(li, client) -> None:
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 200
    assert client.get("/account/password/reset/key/1-x/").status_code == 404


def test_whoever_comes_with_a_given_password_chooses_their_own_first(li, client) -> None:
    wang, given = add_person(System("init"), None, username="wang")
    Grant.objects.create(person=wang, role="expert")
    sign_in(client, given, "wang")
    assert client.get("/drafts/?key=a").headers["Location"] == "/account/password/change/"
    own = {"oldpassword": given, "password1": "another long one 2", "password2": "another long one 2"}
    client.post("/account/password/change/", own)
    assert client.get("/drafts/?key=a").status_code == 200


def test_a_short_password_is_refused(li, client) -> None:
    sign_in(client)
    page = client.post("/account/password/change/", {"oldpassword": SECRET, "password1": "short", "password2": "short"})
    assert page.context["form"].errors


def test_a_second_factor_is_asked_for_once_it_is_set_up(li, client) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(li, secret)
    assert sign_in(client).headers["Location"].startswith("/account/mfa/authenticate/")
    assert not signed_in(client)
    assert client.get("/account/mfa/authenticate/").status_code == 200
    assert client.post("/account/mfa/authenticate/", {"code": "000000"}).status_code == 200
    import time

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post("/account/mfa/authenticate/", {"code": code})
    assert signed_in(client)


@pytest.mark.parametrize(
    "path",
    ["", "totp/activate/", "webauthn/", "webauthn/add/", "recovery-codes/generate/", "reauthenticate/"],
)
def test_the_pages_of_the_second_factor_wear_the_house_and_nothing_inline(li, client, path) -> None:
    sign_in(client)
    client.post("/account/reauthenticate/?next=/drafts/", {"password": SECRET})
    page = client.get(f"/account/mfa/{path}")
    if page.status_code == 302:
        return
    text = page.content.decode()
    assert page.status_code == 200
    assert 'id="main"' in text
    assert "<style" not in text
    assert " style=" not in text


def test_the_pages_are_in_both_languages(li, client) -> None:
    chinese = client.get("/account/login/", headers={"Accept-Language": "zh-CN"}).content.decode()
    english = client.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    assert "登录" in chinese
    assert "Sign in to the desk" in english
    assert "Sign in to the desk" not in chinese
