"""Who sees an investigation: owner and teams always, the rest of the administration unless it is restricted.

A firm sees the corrective actions it has to carry out, and nothing else. A product is seen by whoever sees one of the
investigations it stands in, or added it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import grants_of, own_codes, roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.models import (
    AuthorityReference,
    AuthorityRequest,
    Collaborator,
    CorrectiveAction,
    Correspondence,
    Investigation,
    InvestigationBusiness,
    InvestigationProduct,
    RiskAssessment,
    SafetyProduct,
    SafetyTest,
)

INVESTIGATORS = ("inspector", "department")
READERS = (*INVESTIGATORS, "complaint_desk", "planner", "leader", "auditor")
INSIDE = (Organisation.Kind.BUREAU, Organisation.Kind.DEPARTMENT, Organisation.Kind.BRANCH)
EDIT = Collaborator.Right.EDIT
Rule = Callable[[Any, QuerySet[Any]], QuerySet[Any]]


def teams_of(actor: Any) -> set[int]:
    """Return the organisations in whose name somebody investigates: those of the grants, or one's own for all of the city."""
    held = {org for role, org in grants_of(actor) if role in INVESTIGATORS}
    own = getattr(actor, "organisation_id", None)
    return {org for org in (held - {None}) | ({own} if None in held else set()) if org is not None}


def works_on(actor: Any, *, edit: bool = False) -> Q:
    """Return the investigations on which the teams of somebody work; with ``edit`` those they may change."""
    teams = teams_of(actor)
    beside = Collaborator.objects.filter(organisation__in=teams, removed_on=None)
    if edit:
        beside = beside.filter(right=EDIT)
    return Q(owner__in=teams) | Q(pk__in=beside.values("investigation"))


@visibility(Investigation)
def seen_investigations(actor: Any, rows: QuerySet[Investigation]) -> QuerySet[Investigation]:
    """All that are not restricted, for the administration; restricted ones for owner and teams alone."""
    roles = roles_of(actor)
    if SYSTEM in roles:
        return rows
    open_to_all = Q(restricted=False) if roles & set(READERS) else Q(pk__in=())
    return rows.filter(open_to_all | works_on(actor))


def parties(thing: Any) -> Iterable[int | None]:
    """Return the organisations that may change an investigation: its owner and the teams with that right."""
    found = thing if isinstance(thing, Investigation) else thing.investigation
    teams = found.collaborators.filter(right=EDIT, removed_on=None).values_list("organisation_id", flat=True)
    return [found.owner_id, *teams]


def may_change(actor: Any, thing: Investigation) -> bool:
    """Whether the team of somebody owns the investigation, or works on it with the right to edit."""
    if SYSTEM in roles_of(actor):
        return True
    return Investigation.objects.filter(works_on(actor, edit=True), pk=thing.pk).exists()


def changing(actor: Any, thing: Investigation) -> Investigation:
    """Return the investigation kept for this transaction; whoever does not work on it with the right to edit is refused."""
    if not may_change(actor, thing):
        raise PermissionDenied(_("Only the owner and the teams with the right to edit may do this."))
    return locked(thing, "owner", "unit")


def _seen(actor: Any) -> QuerySet[Any]:
    return seen_investigations(actor, Investigation.objects.all()).values("pk")


def _with_investigation(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(investigation__in=_seen(actor))


for _model in (
    AuthorityReference,
    AuthorityRequest,
    Collaborator,
    Correspondence,
    InvestigationBusiness,
    InvestigationProduct,
    SafetyTest,
):
    visibility(_model)(_with_investigation)  # fmt: skip


@visibility(CorrectiveAction)
def seen_actions(actor: Any, rows: QuerySet[CorrectiveAction]) -> QuerySet[CorrectiveAction]:
    """Those of the investigations somebody sees, and those a firm has to carry out."""
    own = Q(business__enterprise__credit_code__in=own_codes(actor))
    return rows.filter(Q(investigation__in=_seen(actor)) | own)


@visibility(SafetyProduct)
def seen_products(actor: Any, rows: QuerySet[SafetyProduct]) -> QuerySet[SafetyProduct]:
    """Those of the investigations somebody sees, those in none, and those somebody added."""
    roles = roles_of(actor)
    if SYSTEM in roles:
        return rows
    if not roles & set(READERS):
        return rows.none()
    inside = InvestigationProduct.objects.filter(investigation__in=_seen(actor)).values("product")
    mine = Q(added_by=getattr(actor, "pk", None) or 0)
    return rows.filter(Q(pk__in=inside) | mine | ~Q(pk__in=InvestigationProduct.objects.values("product")))


@visibility(RiskAssessment)
def seen_assessments(actor: Any, rows: QuerySet[RiskAssessment]) -> QuerySet[RiskAssessment]:
    """Those of the products somebody sees; of an investigation, those of the investigations somebody sees."""
    products = seen_products(actor, SafetyProduct.objects.all()).values("pk")
    free = Q(investigation=None, product__in=products)
    return rows.filter(free | Q(investigation__in=_seen(actor)))


readable(
    CorrectiveAction, Correspondence, Investigation, SafetyProduct, SafetyTest, AuthorityRequest, closed=True
)  # fmt: skip
