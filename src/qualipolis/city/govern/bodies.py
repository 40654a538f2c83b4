"""Which organisations a matter of the federation belongs to, for whom somebody acts, and who is concerned by it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import city_wide, grants_of, organisations_of, roles_of
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.govern.models import Member, Pledge, Seat
from qualipolis.city.registry.models import Enterprise

FEDERATION = "FED"
SECRETARY, MEMBERS, REPRESENTATIVES = ("secretary",), ("member", "enterprise"), ("member",)
GUIDES = ("leader", "planner", "department", "inspector")  # agencies: they give opinions, nothing else
READERS = (*SECRETARY, *MEMBERS, *GUIDES)
AGENCY_KINDS = ("bureau", "branch", "town", "department", "institution")


def of_federation(thing: Any = None) -> list[int | None]:
    """The federation itself, whose secretariat acts on everything in this room."""
    return list(Organisation.objects.filter(code=FEDERATION).values_list("pk", flat=True))


def of_member(thing: Any) -> list[int | None]:
    """The organisation of the member that a thing is about (or of the member itself)."""
    member = thing if isinstance(thing, Member) else thing.member
    return [member.organisation_id]


def of_lead(thing: Any) -> list[int | None]:
    """The organisation of the member that leads a task."""
    return [thing.lead.organisation_id] if thing.lead else []


def of_association(thing: Any) -> list[int | None]:
    """The association that a clue was given to."""
    return [thing.association.organisation_id] if thing.association else []


def of_pledge(thing: Pledge | Enterprise) -> list[int | None]:
    """The firm that pledges."""
    firm = thing if isinstance(thing, Enterprise) else thing.enterprise
    return list(Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True))


def of_chair(thing: Any) -> list[int | None]:
    """The organisation of the member in the chair of a meeting."""
    return [thing.chair.organisation_id] if thing.chair else []


def of_members(thing: Any = None) -> list[int | None]:
    """The organisations of all active members."""
    return list(Member.objects.filter(status="active").values_list("organisation_id", flat=True))


def of_system(actor: Any) -> bool:
    """Whether a command or scheduled work acts."""
    return SYSTEM in roles_of(actor)


def in_secretariat(actor: Any) -> bool:
    """Whether somebody works in the secretariat (or is the system)."""
    mine = organisations_of(actor, SECRETARY)
    return of_system(actor) or city_wide(actor, SECRETARY) or bool(mine & set(of_federation()))


def guides(actor: Any) -> bool:
    """Whether somebody works for an agency that guides the federation."""
    return bool(roles_of(actor) & set(GUIDES))


def members_of(actor: Any) -> QuerySet[Member]:
    """Return the members for which somebody acts."""
    mine = organisations_of(actor, MEMBERS)
    return Member.objects.filter(organisation__in=mine).select_related("organisation", "enterprise")


def own_member(actor: Any) -> Member | None:
    """Return the member for which somebody acts, the active one first."""
    rows = {row.status: row for row in members_of(actor).order_by("pk")}
    return next((rows[state] for state in ("active", "suspended", "approved", "applied", *rows) if state in rows), None)


def own(actor: Any, member: Member) -> bool:
    """Whether somebody acts for a member."""
    return of_system(actor) or members_of(actor).filter(pk=member.pk).exists()


def concerned(actor: Any, enterprise: Enterprise | None = None, member: Member | None = None) -> bool:
    """Whether somebody belongs to the firm or the member that a matter is about, or to a body in whose chair it sits."""
    if of_system(actor):
        return False
    mine = {org for _role, org in grants_of(actor) if org is not None}
    mine |= {getattr(actor, "organisation_id", None)} - {None}
    about = Q(pk__in=())
    if enterprise is not None:
        about |= Q(code=enterprise.credit_code)
    if member is not None:
        about |= Q(pk=member.organisation_id)
    return Organisation.objects.filter(about, pk__in=mine).exists()


def association_concerned(association: Member, enterprise: Enterprise | None) -> bool:
    """Whether an association is what a clue is about, or the firm takes the chair of a committee where it sits."""
    if enterprise is None:
        return False
    if association.organisation.code == enterprise.credit_code:
        return True
    chaired = Seat.objects.filter(chair=True, until=None, member__organisation__code=enterprise.credit_code)
    return Seat.objects.filter(member=association, until=None, committee__in=chaired.values("committee")).exists()


def chairs(enterprise: Enterprise | None) -> list[Seat]:
    """Return the seats in the chair that a firm holds."""
    if enterprise is None:
        return []
    rows = Seat.objects.filter(chair=True, until=None, member__organisation__code=enterprise.credit_code)
    return list(rows.select_related("committee"))
