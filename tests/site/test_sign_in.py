"""Signing in: with a password, locked out in words, a password of one's own first, a second factor."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import PermissionDenied

from qualipolis.city.core.models import City, Event, Grant, Person
from qualipolis.city.core.policy import System
from qualipolis.city.core.service import add_person
from qualipolis.city.core.sign_in import SealedSecrets, reset_second_factor

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


def events(name: str) -> list[str]:
    return list(Event.objects.filter(verb=name).values_list("actor", flat=True))


def test_the_key_of_a_second_factor_is_sealed_and_still_opens_it(li, client) -> None:
    secret = "KRSXG5CTMVRXEZLU"
    made = TOTP.activate(li, secret).instance
    assert secret not in str(Authenticator.objects.get(pk=made.pk).data)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert TOTP(made).validate_code(code)


def test_a_key_from_before_sealing_opens_and_a_lost_site_key_only_refuses(settings) -> None:
    box = SealedSecrets()
    assert box.decrypt("JBSWY3DP") == "JBSWY3DP"
    sealed = box.encrypt("JBSWY3DP")
    settings.SECRET_KEY = "another key"
    assert box.decrypt(sealed) == ""
    settings.SECRET_KEY_FALLBACKS = ["irrelevant"]
    assert box.decrypt(box.encrypt("x")) == "x"


def test_changing_the_own_password_is_in_the_ledger(li, client) -> None:
    sign_in(client)
    said = {"oldpassword": SECRET, "password1": "another long one 2", "password2": "another long one 2"}
    assert client.post("/account/password/change/", said).status_code == 302
    assert events("person.change_password") == ["li"]


def test_the_administrator_takes_off_a_lost_second_factor_with_the_reason(li, client) -> None:
    TOTP.activate(li, "JBSWY3DPEHPK3PXP")
    zhao = Person.objects.create_user("zhao", password=SECRET)
    Grant.objects.create(person=zhao, role="admin")
    client.force_login(zhao)
    assert "解除第二因素" in client.get(f"/people/{li.pk}/").content.decode()
    client.post(f"/people/{li.pk}/second-factor/", {"reason": "phone lost"})
    assert not Authenticator.objects.filter(user=li).exists()
    assert events("person.reset_second_factor") == ["zhao"]
    with pytest.raises(PermissionDenied):
        reset_second_factor(li, zhao)
