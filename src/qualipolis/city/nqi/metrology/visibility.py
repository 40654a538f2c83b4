"""Who sees instruments: the firm its own, a metrology institute those it verified or received, the administration all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.licences.visibility import READERS
from qualipolis.city.nqi.metrology.models import Instrument, PublicStandard, Verification
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Enterprise, Institution, Qualification

INSIDE = (*READERS, "town_officer")
HANDED_IN = "at_verification"


def verifiers(actor: Any) -> QuerySet[Institution]:
    """Return the institutes with a metrology authorisation for which somebody acts."""
    return own_institutions(actor).filter(qualifications__kind=Qualification.Kind.CAL).distinct()


@visibility(Instrument)
def seen_instruments(actor: Any, rows: QuerySet[Instrument]) -> QuerySet[Instrument]:
    """All for the administration; a firm its own; an institute those handed in and those it verified."""
    if roles_of(actor) & {*INSIDE, SYSTEM}:
        return rows
    own = Q(enterprise__credit_code__in=own_codes(actor))
    if "laboratory" not in roles_of(actor):
        return rows.filter(own)
    mine = verifiers(actor)
    verified = Verification.objects.filter(institution__in=mine).values("instrument")
    handed = Q(status=HANDED_IN) if mine.exists() else Q(pk__in=())
    return rows.filter(own | Q(pk__in=verified) | handed)


@visibility(Verification)
def seen_verifications(actor: Any, rows: QuerySet[Verification]) -> QuerySet[Verification]:
    """Those of the instruments somebody sees; an institute reads no other's."""
    mine = rows.filter(instrument__in=seen_instruments(actor, Instrument.objects.all()).values("pk"))
    if roles_of(actor) & {*INSIDE, SYSTEM, "enterprise"}:
        return mine
    return mine.filter(institution__in=own_institutions(actor))


@visibility(PublicStandard)
def seen_public_standards(actor: Any, rows: QuerySet[PublicStandard]) -> QuerySet[PublicStandard]:
    """Public."""
    return rows


def firm_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the firm behind an instrument, or of the firm itself."""
    firm = thing if isinstance(thing, Enterprise) else getattr(thing, "enterprise", None)
    return list(Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True)) if firm else []


@reader("nqi.instrument")
def may_read(actor: Any, pk: str) -> bool:
    """Those who see an instrument read its files."""
    return visible(actor, Instrument.objects.filter(pk=whole(pk))).exists()


@reader("nqi.verification")
def may_read_certificate(actor: Any, pk: str) -> bool:
    """Those who see a verification read its certificate."""
    return visible(actor, Verification.objects.filter(pk=whole(pk))).exists()
