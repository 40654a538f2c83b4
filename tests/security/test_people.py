"""Roles cannot be stretched: not by their scope, not by taking back, not by locking everyone else out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from qualipolis.city.core import service
from qualipolis.city.core.models import Event, Grant, Organisation, Person
from qualipolis.city.core.policy import VERBS, System, can
from qualipolis.city.core.roles import CITY_WIDE
from qualipolis.city.core.undo import open_for, undo


def again(person: Person) -> Person:
    """Return the person as the next request reads them."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def town(city) -> Organisation:
    return Organisation.objects.get(code="441900003")


@pytest.mark.parametrize("role", CITY_WIDE)
def test_a_role_for_the_whole_city_is_not_given_for_one_town(actor, town, role) -> None:
    with pytest.raises(ValidationError):
        service.give_grant(actor("admin"), Person.objects.create(username="li"), role=role, scope=town)


@pytest.mark.parametrize("role", CITY_WIDE)
def test_and_where_it_was_it_takes_no_step_of_the_whole_city(town, role) -> None:
    li = Person.objects.create(username="li")
    Grant.objects.create(person=li, role=role, scope=town)
    wide = [name for name, access in VERBS.items() if access.scope is None and name != "step.undo"]
    assert not [name for name in wide if can(li, name)]


def test_the_last_administrator_cannot_be_locked_out(actor) -> None:
    zhao = actor("admin")
    wang = Person.objects.create(username="wang")
    grant = service.give_grant(zhao, wang, role="admin")
    service.end_grant(again(wang), zhao.grants.get(), reason="")
    with pytest.raises(ValidationError):
        service.end_grant(System("tick"), grant, reason="")
    with pytest.raises(ValidationError):
        service.deactivate_person(System("tick"), wang)
    assert again(wang).is_active
    assert Grant.objects.get(pk=grant.pk).valid_to is None


def test_two_administrators_who_deactivate_each_other_do_not_both_go(actor) -> None:
    """The second request read its actor before the first one was done."""
    zhao, wang = actor("admin"), Person.objects.create(username="wang")
    service.give_grant(zhao, wang, role="admin")
    service.deactivate_person(zhao, again(wang))
    with pytest.raises(ValidationError):
        service.deactivate_person(wang, again(zhao))


def test_who_lost_the_role_takes_no_step_of_it_back(actor) -> None:
    zhao, wang = actor("admin"), Person.objects.create(username="wang")
    li = Person.objects.create(username="li")
    Grant.objects.create(person=zhao, role="expert")
    service.give_grant(zhao, wang, role="admin")
    service.deactivate_person(zhao, li)
    service.end_grant(again(wang), zhao.grants.get(role="admin"))
    with pytest.raises(PermissionDenied):
        undo(again(zhao), open_for(zhao))
    assert not again(li).is_active


def test_what_another_has_decided_since_is_not_taken_back(actor) -> None:
    zhao, li = actor("admin"), Person.objects.create(username="li")
    wang = Person.objects.create(username="wang")
    service.give_grant(zhao, wang, role="admin")
    grant = Grant.objects.create(person=li, role="inspector")
    service.end_grant(zhao, grant)
    Grant.objects.filter(pk=grant.pk).update(valid_to=timezone.localdate() - timedelta(days=30))
    with pytest.raises(PermissionDenied):
        undo(again(zhao), open_for(zhao))
    assert Event.objects.latest("seq").verb == "grant.end"


def test_a_signed_in_person_who_is_deactivated_is_out_at_once(entered) -> None:
    client = entered("inspector")
    assert client.get("/drafts/?key=a").status_code == 200
    service.deactivate_person(System("admin"), Person.objects.get(username="the-inspector"))
    assert "/account/login/" in client.get("/drafts/?key=a").headers["Location"]


def test_a_form_for_a_person_takes_no_field_it_does_not_show(entered) -> None:
    entered("admin").post(
        "/people/add/",
        {"username": "li", "display_name": "Li", "organisation": "", "is_superuser": "1", "is_staff": "1", "demo_role": "admin", "must_change_password": ""},
    )  # fmt: skip
    li = Person.objects.get(username="li")
    assert (li.is_superuser, li.is_staff, li.demo_role, li.must_change_password) == (False, False, "", True)
