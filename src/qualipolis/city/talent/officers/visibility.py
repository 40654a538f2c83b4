"""Who sees officers: the offices of their towns, the trainers, planner, leader and auditor all; a firm its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import organisations_of, own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import (
    FirmGroup,
    GroupFirm,
    Learner,
    Officer,
    OfficerAct,
    QualityDepartment,
    RemovalAdvice,
)

FILERS = ("department", "inspector", "town_officer")
EVERYWHERE = ("department", "planner", "leader", "auditor", "trainer")
IN_TOWNS = ("inspector", "town_officer")
READERS = (*EVERYWHERE, *IN_TOWNS)
EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=())  # an empty Q would vanish beside another


def of_towns(actor: Any, path: str = "enterprise__") -> Q:
    """The rows whose firm lies in the towns that somebody serves; all of them for offices of the whole city."""
    roles = roles_of(actor)
    if roles & {*EVERYWHERE, SYSTEM}:
        return EVERYTHING
    if not roles & set(IN_TOWNS):
        return NOTHING
    held = organisations_of(actor, IN_TOWNS)
    if not held:
        return EVERYTHING  # held for the whole city
    branches = Organisation.objects.filter(pk__in=held, kind="branch").values_list("code", flat=True)
    codes = [code.removeprefix("AMR-") for code in branches]
    return Q(**{f"{path}unit__government__in": held}) | Q(**{f"{path}unit__code__in": codes})


def of_firm(actor: Any, path: str = "enterprise__") -> Q:
    """The rows of the firms for which somebody acts."""
    return Q(**{f"{path}credit_code__in": own_codes(actor)})


@visibility(Officer)
def seen_officers(actor: Any, rows: QuerySet[Officer]) -> QuerySet[Officer]:
    """Those of one's towns; a firm its own; everybody the own office."""
    return rows.filter(of_towns(actor) | of_firm(actor) | Q(learner__account=getattr(actor, "pk", None) or 0))


@visibility(OfficerAct)
def seen_acts(actor: Any, rows: QuerySet[OfficerAct]) -> QuerySet[OfficerAct]:
    """The acts of the officers somebody sees."""
    return rows.filter(officer__in=seen_officers(actor, Officer.objects.all()).values("pk"))


@visibility(RemovalAdvice)
def seen_advices(actor: Any, rows: QuerySet[RemovalAdvice]) -> QuerySet[RemovalAdvice]:
    """The advices about the officers somebody sees."""
    return rows.filter(officer__in=seen_officers(actor, Officer.objects.all()).values("pk"))


@visibility(QualityDepartment)
def seen_departments(actor: Any, rows: QuerySet[QualityDepartment]) -> QuerySet[QualityDepartment]:
    """Those of the firms of one's towns; a firm its own."""
    return rows.filter(of_towns(actor) | of_firm(actor))


@visibility(Learner)
def seen_learners(actor: Any, rows: QuerySet[Learner]) -> QuerySet[Learner]:
    """People of the firms of one's towns; a firm its own; everybody oneself. Leader, planner and auditor see figures."""
    if roles_of(actor) & {"trainer", "department", SYSTEM}:
        return rows
    towns = of_towns(actor) if roles_of(actor) & set(IN_TOWNS) else NOTHING
    return rows.filter(towns | of_firm(actor) | Q(account=getattr(actor, "pk", None) or 0))


@visibility(FirmGroup)
def seen_groups(actor: Any, rows: QuerySet[FirmGroup]) -> QuerySet[FirmGroup]:
    """All inside; a firm those it belongs to."""
    if roles_of(actor) & {*READERS, SYSTEM}:
        return rows
    return rows.filter(firms__enterprise__credit_code__in=own_codes(actor)).distinct()


@visibility(GroupFirm)
def seen_group_firms(actor: Any, rows: QuerySet[GroupFirm]) -> QuerySet[GroupFirm]:
    """Those of the groups somebody sees."""
    return rows.filter(group__in=seen_groups(actor, FirmGroup.objects.all()).values("pk"))


def serves(actor: Any, firm: Enterprise) -> bool:
    """Whether an office that files serves the town of a firm."""
    roles = roles_of(actor)
    if roles & {"department", SYSTEM}:
        return True
    return bool(roles & set(IN_TOWNS)) and Enterprise.objects.filter(of_towns(actor, ""), pk=firm.pk).exists()


def acts_for(actor: Any, firm: Enterprise) -> bool:
    """Whether somebody acts for a firm."""
    return SYSTEM in roles_of(actor) or own_codes(actor).filter(code=firm.credit_code).exists()


def acting(actor: Any, thing: Officer) -> Officer:
    """Return the row kept for this transaction, for its firm or an office of its town."""
    row = locked(thing)
    if acts_for(actor, row.enterprise) or serves(actor, row.enterprise):
        return row
    raise PermissionDenied(_("Only the firm itself and the offices of its town may do this."))


def of_the_firm(actor: Any, firm: Enterprise) -> Enterprise:
    """Return the firm, for those who act for it."""
    if acts_for(actor, firm):
        return firm
    raise PermissionDenied(_("A firm speaks for itself only."))


def in_our_town(actor: Any, thing: Officer) -> Officer:
    """Return the row kept for this transaction, for an office of its town only."""
    row = locked(thing)
    if serves(actor, row.enterprise):
        return row
    raise PermissionDenied(_("This firm lies in another town: the office there decides."))


@reader("talent.officer")
def may_read_papers(actor: Any, pk: str) -> bool:
    """Papers of an appointment are read by who sees the officer."""
    return visible(actor, Officer.objects.filter(pk=whole(pk))).exists()


@reader("talent.officeract")
def may_read_act(actor: Any, pk: str) -> bool:
    """Papers of an act are read by who sees the officer."""
    return visible(actor, OfficerAct.objects.filter(pk=whole(pk))).exists()
