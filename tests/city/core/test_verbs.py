"""The core's own verbs: who may, what changes, what is written down."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from qualipolis.city.core import service
from qualipolis.city.core.models import Event, Grant, Organisation, Person, Reversal
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, can, roles_of
from qualipolis.city.core.sentences import sentence
from qualipolis.city.core.undo import MINUTES, open_for, undo
from qualipolis.methods.problems import InputError


def last() -> Event:
    return Event.objects.latest("seq")


def test_the_administrator_adds_a_person_who_chooses_a_password_later(person, town) -> None:
    wang, secret = service.add_person(person("zhao", "admin"), town, username="wang", display_name="王")
    assert wang.check_password(secret)
    assert wang.must_change_password
    assert (last().verb, last().actor, last().role) == ("person.add", "zhao", "admin")
    assert secret not in last().payload


@pytest.mark.parametrize("role", ["planner", "leader", "inspector", "auditor", "enterprise"])
def test_nobody_else_adds_people_or_gives_roles(person, role) -> None:
    actor = person("li", role)
    for step in (
        lambda: service.add_person(actor, None, username="x"),
        lambda: service.give_grant(actor, actor, role="admin"),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert not Event.objects.exists()


def test_a_role_lasts_until_it_is_ended(person, town) -> None:
    admin, li = person("zhao", "admin"), person("li")
    grant = service.give_grant(admin, li, role="inspector", scope=town)
    assert "inspector" in roles_of(Person.objects.get(username="li"))
    service.end_grant(admin, grant, reason="moved")
    assert "inspector" not in roles_of(Person.objects.get(username="li"))
    assert json.loads(last().payload) == {"reason": "moved", "role": "inspector", "username": "li"}


def test_a_role_cannot_end_before_it_begins(person) -> None:
    admin, today = person("zhao", "admin"), timezone.localdate()
    with pytest.raises(ValidationError):
        service.give_grant(admin, admin, role="leader", valid_from=today, valid_to=today - timedelta(days=1))
    assert Grant.objects.count() == 1


def test_the_last_administrator_cannot_shut_themselves_out(person) -> None:
    admin = person("zhao", "admin")
    with pytest.raises(ValidationError):
        service.deactivate_person(admin, admin)
    with pytest.raises(ValidationError):
        service.end_grant(admin, admin.grants.get())


def test_a_deactivated_person_holds_no_role(person) -> None:
    admin, li = person("zhao", "admin"), person("li", "inspector")
    service.deactivate_person(admin, li, reason="retired")
    assert roles_of(Person.objects.get(username="li")) == {"public"}


def test_a_step_can_be_taken_back_for_ten_minutes_as_its_own_event(person) -> None:
    admin, li = person("zhao", "admin"), person("li", "inspector")
    service.deactivate_person(admin, li)
    back = open_for(admin)
    undo(admin, back)
    assert Person.objects.get(username="li").is_active
    assert [e.verb for e in Event.objects.all()] == ["person.deactivate", "step.undo"]
    with pytest.raises(PermissionDenied):
        undo(admin, back)


def test_a_step_is_taken_back_only_in_time_and_only_by_its_own_hand(person) -> None:
    admin, other, li = person("zhao", "admin"), person("qian", "admin"), person("li")
    service.deactivate_person(admin, li)
    row = Reversal.objects.get()
    with pytest.raises(PermissionDenied):
        undo(other, row)
    Reversal.objects.update(until=timezone.now() - timedelta(minutes=MINUTES))
    with pytest.raises(PermissionDenied):
        undo(admin, row)
    assert open_for(admin) is None
    assert not Person.objects.get(username="li").is_active


def test_an_ended_role_comes_back_by_undo_with_its_old_last_day(person) -> None:
    admin, li = person("zhao", "admin"), person("li")
    until = timezone.localdate() + timedelta(days=30)
    grant = service.give_grant(admin, li, role="expert", valid_to=until)
    service.end_grant(admin, grant)
    undo(admin, open_for(admin))
    assert Grant.objects.get(pk=grant.pk).valid_to == until


def test_organisations_come_all_or_none_as_one_event(db) -> None:
    good = [{"code": f"D{n}", "kind": "department", "name_zh": f"部门{n}"} for n in range(100)]
    service.add_organisations(System("import"), None, rows=good)
    assert (Organisation.objects.count(), Event.objects.count()) == (100, 1)
    bad = [{"code": "N1", "kind": "department", "name_zh": "新"}, {"code": "D7", "kind": "club", "name_zh": "旧"}]
    with pytest.raises(InputError) as error:
        service.add_organisations(System("import"), None, rows=bad)
    assert {p.code for p in error.value.problems} == {"duplicate", "kind"}
    assert Organisation.objects.count() == 100


def test_there_is_one_city_only(db) -> None:
    service.found_city(System("init"), None, code="441900", name_zh="东莞市")
    with pytest.raises(InputError):
        service.found_city(System("init"), None, code="440300", name_zh="深圳市")


def test_numbers_run_on_within_a_series_and_a_year(db) -> None:
    assert [next_number("R", 2021), next_number("R", 2021), next_number("S", 2021), next_number("R", 2022)] == [
        "2021-R1", "2021-R2", "2021-S1", "2022-R1"]  # fmt: skip


def test_a_number_of_a_failed_verb_is_given_again(db) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_number("R", 2021)
        1 / 0  # noqa: B018
    assert next_number("R", 2021) == "2021-R1"


def test_events_are_told_in_words(person) -> None:
    service.add_person(person("zhao", "admin"), None, username="wang")
    assert "wang" in sentence(last())


def test_the_system_may_everything_and_a_stranger_nothing(db) -> None:
    assert can(System("tick"), "person.add")
    assert not can(None, "person.add")
