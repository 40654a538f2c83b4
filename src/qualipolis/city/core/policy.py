"""One policy: who may take a verb on a thing, which rows someone sees, who may open a page.

Every verb is a function decorated with :func:`verb`; every page and API operation is decorated with :func:`page`.
Both put a classification into a register that a test walks for every role, so nothing stays unclassified.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.roles import CITY_WIDE, INSIDE, PUBLIC, STAFF, SYSTEM

ANYONE = "anyone"


@dataclass(frozen=True)
class System:
    """The actor behind commands and scheduled work; it is named in the ledger as itself."""

    name: str = "system"
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Access:
    """A classification: the roles that may enter, and how the thing's organisations are found."""

    name: str
    roles: tuple[str, ...]
    scope: Callable[[Any], Iterable[int | None]] | None = None


VERBS: dict[str, Access] = {}
_VISIBILITY: dict[type[models.Model], Callable[[Any, QuerySet[Any]], QuerySet[Any]]] = {}


def grants_of(actor: Any) -> list[tuple[str, int | None]]:
    """Return (role, organisation id or None for the whole city) for today, read once for each actor object."""
    if isinstance(actor, System):
        return [(SYSTEM, None)]
    if actor is None or isinstance(actor, AnonymousUser) or not actor.is_active:
        return [(PUBLIC, None)]
    cached = getattr(actor, "_grants_today", None)
    if cached is None:
        today = timezone.localdate()
        rows = actor.grants.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gte=today))
        cached = [*rows.values_list("role", "scope_id"), (PUBLIC, None)]
        actor._grants_today = cached
    return cached


def inside(actor: Any) -> bool:
    """Whether the actor works inside the administration: no firm, no laboratory, not the public."""
    return bool(roles_of(actor) & {*INSIDE, SYSTEM})


def is_staff(actor: Any) -> bool:
    """Whether the actor is anybody with a role, or the system."""
    return bool(roles_of(actor) & {*STAFF, SYSTEM})


def person_of(actor: Any) -> Any:
    """Return the person behind ``actor`` for the columns that name one; None for the system and the public."""
    return actor if getattr(actor, "pk", None) else None


def roles_of(actor: Any) -> set[str]:
    """Return the role codes of ``actor`` today."""
    return {role for role, _scope in grants_of(actor)}


def may_enter(actor: Any, roles: Collection[str]) -> bool:
    """Whether ``actor`` holds one of ``roles`` for any organisation."""
    return ANYONE in roles or SYSTEM in roles_of(actor) or bool(roles_of(actor) & set(roles))


def can(actor: Any, name: str, thing: Any = None) -> bool:
    """Whether ``actor`` may take the verb ``name`` on ``thing`` (scope is left open when there is no thing).

    A verb without a scope concerns the whole city: a city-wide role that was given for one organisation only does not
    reach it.
    """
    access = VERBS[name]
    held = grants_of(actor)
    if any(role == SYSTEM for role, _org in held):
        return True
    limited = CITY_WIDE if access.scope is None else ()
    scopes = {org for role, org in held if role in access.roles and (org is None or role not in limited)}
    if ANYONE in access.roles or None in scopes:
        return True
    if not scopes:
        return False
    return thing is None or access.scope is None or bool(scopes & set(access.scope(thing)))


def require(actor: Any, name: str, thing: Any = None) -> None:
    """Raise ``PermissionDenied`` with words for the person when :func:`can` says no."""
    if not can(actor, name, thing):
        raise PermissionDenied(_("Your role does not allow this step. Ask the administrator for a role that does."))


def verb(
    name: str, *, roles: Collection[str], scope: Callable[[Any], Iterable[int | None]] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a service function ``f(actor, thing, ...)`` as the verb ``name``.

    The policy is checked first and the whole function runs in one transaction. ``scope`` maps the thing to the ids
    of the organisations it belongs to; a grant for the whole city always covers it. For a verb that makes a new thing
    (nothing exists yet), pass ``None`` as the thing or the object it is made under.
    """
    VERBS[name] = Access(name, tuple(roles), scope)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(actor: Any, thing: Any = None, *args: Any, **kwargs: Any) -> Any:
            require(actor, name, thing)
            with transaction.atomic():
                return function(actor, thing, *args, **kwargs)

        wrapped.verb = name  # type: ignore[attr-defined]
        return wrapped

    return decorate


def page(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may open a page: ``@page(ANYONE)``, ``@page(*STAFF)``, ``@page("planner", "leader")``.

    Someone who is not signed in is sent to sign in; someone without the role gets 403. The declared roles stay on
    the view as ``access``.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapped(request: Any, *args: Any, **kwargs: Any) -> Any:
            if may_enter(request.user, roles):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied(_("This page is for another role."))
            from django.contrib.auth.views import redirect_to_login

            return redirect_to_login(request.get_full_path())

        wrapped.access = tuple(roles)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def visibility(model: type[models.Model]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``rule(actor, queryset) -> queryset`` as what an actor sees of ``model``."""

    def decorate(rule: Callable[[Any, QuerySet[Any]], QuerySet[Any]]) -> Callable[..., Any]:
        _VISIBILITY[model] = rule
        return rule

    return decorate


def visible(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the part of ``rows`` that ``actor`` may see; a model without a rule is an error, never open."""
    return _VISIBILITY[rows.model](actor, rows)


def city_wide(actor: Any, roles: Collection[str] = STAFF) -> bool:
    """Whether the actor holds one of ``roles`` for the whole city (or is the system)."""
    return any(org is None and (role in roles or role == SYSTEM) for role, org in grants_of(actor))


def organisations_of(actor: Any, roles: Collection[str] = STAFF) -> set[int]:
    """Return the ids of the organisations the actor's grants are limited to."""
    return {org for role, org in grants_of(actor) if org is not None and role in roles}


def own_codes(actor: Any) -> QuerySet[Any]:
    """Return the credit codes of the firms for which somebody acts."""
    bodies = apps.get_model("core", "Organisation").objects
    return bodies.filter(pk__in=organisations_of(actor, ("enterprise",))).values("code")
