"""What people do to the core, one function for each verb."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import City, Grant, Organisation, Person
from qualipolis.city.core.policy import verb
from qualipolis.city.core.roles import CITY_WIDE, Role
from qualipolis.city.core.undo import inverse, undoable
from qualipolis.methods.problems import InputError, Problem, msg

ADMIN = (Role.ADMIN.value,)


def one_time_password() -> str:
    """Return a password for the first sign-in; it is shown once and kept nowhere but as a hash."""
    return secrets.token_urlsafe(12)


@verb("city.found", roles=ADMIN)
def found_city(
    actor: Any, thing: None, *, code: str, name_zh: str, name_en: str = "", synthetic: bool = False, **stamp: Any
) -> City:
    """Name the city this installation serves; there is one, once."""
    if City.objects.exists():
        raise InputError([Problem("founded", msg("This home already serves a city."), msg("Choose another home."))])
    city = City(code=code, name_zh=name_zh, name_en=name_en, synthetic=synthetic, **stamp)
    city.full_clean()
    city.save()
    record(actor, "city.found", city, {"code": code, "name_zh": name_zh, "synthetic": synthetic, **stamp})
    return city


@verb("person.add", roles=ADMIN)
def add_person(
    actor: Any,
    thing: Organisation | None,
    *,
    username: str,
    display_name: str = "",
    password: str | None = None,
    **more: Any,
) -> tuple[Person, str]:
    """Add someone to the organisation ``thing`` (or none) and return them with a password for the first sign-in."""
    person = Person(username=username, display_name=display_name, organisation=thing, must_change_password=True, **more)
    secret = password or one_time_password()
    person.set_password(secret)
    person.full_clean()
    person.save()
    record(actor, "person.add", person, {"username": username, "organisation": thing and thing.code})
    return person, secret


@verb("person.deactivate", roles=ADMIN)
def deactivate_person(actor: Any, thing: Person, *, reason: str = "") -> Person:
    """Let someone sign in no longer. Nobody is deleted: the ledger names them."""
    if thing.pk == getattr(actor, "pk", None):
        raise ValidationError(_("You cannot deactivate yourself. Ask another administrator."))
    return _set_active(actor, thing, "person.deactivate", reason)


@verb("person.reactivate", roles=ADMIN)
def reactivate_person(actor: Any, thing: Person, *, reason: str = "") -> Person:
    """Let someone sign in again."""
    return _set_active(actor, thing, "person.reactivate", reason)


def _set_active(actor: Any, person: Person, name: str, reason: str) -> Person:
    was, person.is_active = person.is_active, name == "person.reactivate"
    person.save(update_fields=["is_active"])
    event = record(actor, name, person, {"username": person.username, "reason": reason})
    if was and not person.is_active and person.grants.filter(role=Role.ADMIN).exists():
        _somebody_administers()
    undoable(event, actor, "person.set_active", person=person.pk, active=was)
    return person


@inverse("person.set_active")
def _restore_active(actor: Any, *, person: int, active: bool) -> None:
    _as_the_step_left_it(Person.objects.filter(pk=person, is_active=not active).update(is_active=active))
    _somebody_administers()


def _as_the_step_left_it(changed: int) -> None:
    if not changed:
        raise PermissionDenied(_("Somebody has gone on from this step; it can no longer be taken back."))


def _somebody_administers() -> None:
    """Refuse the step that would lock every administrator out; the ledger's turn has been taken, so none runs beside."""
    today = timezone.localdate()
    grants = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        role=Role.ADMIN,
        scope=None,
        valid_from__lte=today,
        person__is_active=True,
    )
    if not grants.exists():
        raise ValidationError(
            _("Somebody has to remain who administers the city. Give another person that role first.")
        )


@verb("person.reset_password", roles=ADMIN)
def reset_password(actor: Any, thing: Person) -> str:
    """Give someone a new password for one sign-in and return it."""
    secret = one_time_password()
    thing.set_password(secret)
    thing.must_change_password = True
    thing.save(update_fields=["password", "must_change_password"])
    record(actor, "person.reset_password", thing, {"username": thing.username})
    return secret


@verb("grant.give", roles=ADMIN)
def give_grant(
    actor: Any,
    thing: Person,
    *,
    role: str,
    scope: Organisation | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Give someone a role, for one organisation or for the whole city."""
    grant = Grant(
        person=thing, role=role, scope=scope, valid_from=valid_from or timezone.localdate(), valid_to=valid_to
    )
    grant.full_clean()
    if scope and role in CITY_WIDE:
        raise ValidationError({"scope": _("This role is held for the whole city; leave the organisation empty.")})
    if grant.valid_to and grant.valid_to < grant.valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    grant.save()
    said = {"username": thing.username, "role": role, "scope": scope and scope.code, "from": grant.valid_from}
    event = record(actor, "grant.give", grant, {**said, "to": grant.valid_to})
    until = valid_to and valid_to.isoformat()
    undoable(event, actor, "grant.set_end", grant=grant.pk, after=until, valid_to=_before(grant.valid_from))
    return grant


@verb("grant.end", roles=ADMIN)
def end_grant(actor: Any, thing: Grant, *, reason: str = "") -> Grant:
    """End a role from today on; what was done in it stays."""
    if thing.person_id == getattr(actor, "pk", None) and thing.role == Role.ADMIN:
        raise ValidationError(_("You cannot end your own administrator role. Ask another administrator."))
    was, thing.valid_to = thing.valid_to, date.fromisoformat(_before(timezone.localdate()))
    thing.save(update_fields=["valid_to"])
    said = {"username": thing.person.username, "role": thing.role, "reason": reason}
    event = record(actor, "grant.end", thing, said)
    if thing.role == Role.ADMIN:
        _somebody_administers()
    before = was and was.isoformat()
    undoable(event, actor, "grant.set_end", grant=thing.pk, after=thing.valid_to.isoformat(), valid_to=before)
    return thing


def _before(day: date) -> str:
    return date.fromordinal(day.toordinal() - 1).isoformat()


@inverse("grant.set_end")
def _set_end(actor: Any, *, grant: int, after: str | None, valid_to: str | None) -> None:
    rows = Grant.objects.filter(pk=grant, valid_to=after and date.fromisoformat(after))
    _as_the_step_left_it(rows.update(valid_to=valid_to and date.fromisoformat(valid_to)))
    _somebody_administers()


@verb("organisation.add", roles=ADMIN)
def add_organisations(actor: Any, thing: Organisation | None, *, rows: Sequence[dict[str, Any]]) -> list[Organisation]:
    """Add organisations below ``thing`` (or at the top): all of them or none, as one event."""
    problems = list(_problems_of(rows))
    if problems:
        raise InputError(problems)
    made = Organisation.objects.bulk_create([Organisation(parent=thing, **row) for row in rows], batch_size=500)
    codes = [org.code for org in made]
    record(actor, "organisation.add", thing, {"count": len(made), "codes": codes})
    return made


def _problems_of(rows: Sequence[dict[str, Any]]) -> list[Problem]:
    problems, seen = [], set(Organisation.objects.values_list("code", flat=True))
    for number, row in enumerate(rows, start=1):
        code, place = row.get("code", ""), f"row {number}"
        if not code or not row.get("name_zh"):
            what, remedy = msg("The code or the Chinese name is empty."), msg("Fill both.")
            problems.append(Problem("empty", what, remedy, place=place))
        elif code in seen:
            what, remedy = msg("The code %(code)s is already taken."), msg("Give each organisation its own code.")
            problems.append(Problem("duplicate", what, remedy, {"code": code}, place=place))
        if row.get("kind") not in Organisation.Kind.values:
            what = msg("%(kind)s is not a kind of organisation.")
            problems.append(Problem("kind", what, params={"kind": row.get("kind")}, place=place))
        seen.add(code)
    return problems
