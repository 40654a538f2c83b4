"""Every address and every verb answers for every role as its classification says; what is not classified fails."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import resolve
from tests.security.addresses import LIBRARIES, Address, addresses

import qualipolis.city
from qualipolis.city.core.policy import ANYONE, VERBS, System, can
from qualipolis.city.core.roles import STAFF, Role

EVERYONE = [*STAFF, "public"]
ANSWERS = {200, 302, 401, 403, 404, 405}
HALFWAY = {"mfa_authenticate", "mfa_login_webauthn"}  # open to everyone, but only in the middle of signing in


def verbs() -> Iterator[Any]:
    """Yield every function that says it is a verb, from every module of every room."""
    for module in pkgutil.walk_packages(qualipolis.city.__path__, "qualipolis.city."):
        if ".migrations" in module.name:
            continue
        for _name, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if hasattr(thing, "verb") and thing.__module__ == module.name:
                yield thing


def test_every_address_is_classified() -> None:
    unclassified = [f"{a.route} ({a.name})" for a in addresses() if a.access is None]
    assert not unclassified


def test_the_table_of_library_views_names_only_addresses_that_exist() -> None:
    assert set(LIBRARIES) - {a.name for a in addresses()} <= {"mfa_trust", "mfa_signup_webauthn"}


def test_every_classification_names_roles_that_exist() -> None:
    known = {ANYONE, *STAFF}
    assert {role for a in addresses() for role in a.access or ()} <= known
    assert {role for access in VERBS.values() for role in access.roles} <= known


@pytest.mark.parametrize("role", EVERYONE)
def test_every_address_answers_the_role_as_classified(entered, role) -> None:
    client = entered(role)
    wrong = []
    for one in addresses():
        response = client.get(one.path)
        fault = fault_of(one, role, response)
        if fault:
            wrong.append(f"{one.path} ({one.name}): {fault}")
    assert not wrong, "\n".join(wrong)


def fault_of(one: Address, role: str, response: Any) -> str:
    """Return what is wrong with the answer, or nothing."""
    status, access = response.status_code, one.access or ()
    to_sign_in = status == 302 and "/account/login/" in response.headers.get("Location", "")
    if status not in ANSWERS:
        return f"answers {status}"
    if status == 401:  # the API asks a program to sign in where a page would lead a person there
        return "" if role == "public" and ANYONE not in access and one.route.startswith("api/") else "asks to sign in"
    if one.name in HALFWAY and to_sign_in:
        return ""
    if ANYONE in access or role in access:
        return f"keeps {role} out with {status}" if to_sign_in or (status == 403 and not own_rule(one)) else ""
    if status in (404, 405) or to_sign_in or (status == 403 and role != "public"):
        return ""
    return f"lets {role} in with {status}"


def own_rule(one: Address) -> bool:
    """Whether the address looks further than the role: one address serves many lists, a thing has an owner."""
    return one.name in {"report:list"} or "<" in one.route


@pytest.mark.parametrize("role", EVERYONE)
def test_every_verb_answers_the_role_as_classified(actor, role) -> None:
    who = actor(role) if role in STAFF else None
    for name, access in VERBS.items():
        assert can(who, name) == (role in access.roles or ANYONE in access.roles), name


@pytest.mark.parametrize("role", EVERYONE)
def test_every_verb_refuses_before_it_does_anything(actor, role) -> None:
    who = actor(role) if role in STAFF else None
    for function in verbs():
        if role not in VERBS[function.verb].roles:
            with pytest.raises(PermissionDenied):
                function(who, None)


def test_every_verb_has_a_function_and_each_name_is_used_once() -> None:
    named = [function.verb for function in verbs()]
    assert sorted(named) == sorted(set(named))
    assert set(VERBS) - set(named) == set()


def test_what_looks_like_a_verb_is_one() -> None:
    """A public function of a room that takes an actor and a thing changes something: it must be declared."""
    loose = []
    for module in pkgutil.walk_packages(qualipolis.city.__path__, "qualipolis.city."):
        if not module.name.endswith("service"):
            continue
        for name, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if not name.startswith("_") and list(inspect.signature(thing).parameters)[:2] == ["actor", "thing"]:
                loose += [] if hasattr(thing, "verb") else [f"{module.name}.{name}"]
    assert not loose


def test_a_grant_for_a_town_does_not_reach_the_next_town(actor) -> None:
    from qualipolis.city.core.models import Organisation
    from qualipolis.city.core.policy import VERBS as REGISTER
    from qualipolis.city.core.policy import Access

    REGISTER["test.step"] = Access("test.step", ("town_officer",), lambda thing: [thing.pk])
    try:
        officer = actor("town_officer")
        assert can(officer, "test.step", Organisation.objects.get(code="441900003"))
        assert not can(officer, "test.step", Organisation.objects.get(code="441900004"))
        assert can(System("tick"), "test.step", Organisation.objects.get(code="441900004"))
    finally:
        del REGISTER["test.step"]


def test_examples_reach_the_address_they_stand_for() -> None:
    lost = []
    for one in addresses():
        try:
            resolve(one.path.partition("?")[0])
        except Exception:
            lost.append(one.route)
    assert not lost


def test_the_administrator_role_is_no_key_to_other_work(actor) -> None:
    admin = actor("admin")
    assert not can(admin, "assess.publish")
    assert Role.ADMIN not in VERBS["assess.publish"].roles
