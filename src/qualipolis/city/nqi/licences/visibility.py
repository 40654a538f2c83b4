"""Who sees qualifications and filings, and whose step it is: a body its own, the administration all.

The state of a certificate is public; what a body files is not, nor are the names of its signatories.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.licences.models import (
    ChangeFiling,
    ChangeLine,
    FollowUp,
    ImportedList,
    IssuedCertificate,
    Licence,
    Reminder,
    Signatory,
    YearlyReport,
)
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Enterprise, Institution

OFFICE = ("inspector", "planner")
READERS = (*OFFICE, "leader", "department", "auditor", "nqi_desk")
LABORATORY = ("laboratory",)


def _inside(actor: Any) -> bool:
    return bool(roles_of(actor) & {*READERS, SYSTEM})


def institution_of(thing: Any) -> Institution | None:
    """Return the body behind a row, or the body itself."""
    if thing is None or isinstance(thing, Institution):
        return thing
    if isinstance(thing, ChangeFiling):
        return thing.licence.institution
    found: Institution = thing.certifier if isinstance(thing, IssuedCertificate) else thing.institution
    return found


def body_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the body behind a row."""
    body = institution_of(thing)
    return list(Organisation.objects.filter(code=body.code).values_list("pk", flat=True)) if body else []


def office_of(thing: Any) -> Iterable[int | None]:
    """Return the branch of the town in which the body behind a row has its seat."""
    body = institution_of(thing)
    return list(Organisation.objects.filter(code=f"AMR-{body.unit.code}").values_list("pk", flat=True)) if body else []


def either_of(thing: Any) -> Iterable[int | None]:
    """Return the body behind a row and the branch of its town."""
    return [*body_of(thing), *office_of(thing)]


def holder_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the firm that holds a certificate, or of the firm itself."""
    firm = thing if isinstance(thing, Enterprise) else getattr(thing, "holder", None)
    return list(Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True)) if firm else []


@visibility(Licence)
def seen_licences(actor: Any, rows: QuerySet[Licence]) -> QuerySet[Licence]:
    """All for the administration; a body its own."""
    return rows if _inside(actor) else rows.filter(qualification__institution__in=own_institutions(actor))


@visibility(ChangeFiling)
def seen_filings(actor: Any, rows: QuerySet[ChangeFiling]) -> QuerySet[ChangeFiling]:
    """All for the administration; a body its own."""
    return rows if _inside(actor) else rows.filter(licence__qualification__institution__in=own_institutions(actor))


@visibility(ChangeLine)
def seen_change_lines(actor: Any, rows: QuerySet[ChangeLine]) -> QuerySet[ChangeLine]:
    """Those of the filings somebody sees."""
    return rows.filter(filing__in=seen_filings(actor, ChangeFiling.objects.all()).values("pk"))


@visibility(Signatory)
def seen_signatories(actor: Any, rows: QuerySet[Signatory]) -> QuerySet[Signatory]:
    """All for the administration; a body its own."""
    return rows if _inside(actor) else rows.filter(institution__in=own_institutions(actor))


@visibility(IssuedCertificate)
def seen_certificates(actor: Any, rows: QuerySet[IssuedCertificate]) -> QuerySet[IssuedCertificate]:
    """All for the administration; a certification body those it issued, a firm those it holds."""
    own = Q(certifier__in=own_institutions(actor)) | Q(holder__credit_code__in=own_codes(actor))
    return rows if _inside(actor) else rows.filter(own)


@visibility(FollowUp)
def seen_follow_ups(actor: Any, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Those of the certificates somebody sees."""
    return rows.filter(certificate__in=seen_certificates(actor, IssuedCertificate.objects.all()).values("pk"))


@visibility(YearlyReport)
def seen_yearly_reports(actor: Any, rows: QuerySet[YearlyReport]) -> QuerySet[YearlyReport]:
    """Public: the declaration is made in public."""
    return rows


@visibility(Reminder)
def seen_reminders(actor: Any, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """All for the administration; a body or a firm those sent to it."""
    own = Q(code__in=own_institutions(actor).values("code")) | Q(code__in=own_codes(actor))
    return rows if _inside(actor) else rows.filter(own)


@visibility(ImportedList)
def seen_lists(actor: Any, rows: QuerySet[ImportedList]) -> QuerySet[ImportedList]:
    """All for the administration; everybody else what they took over themselves."""
    return rows if _inside(actor) else rows.filter(taken_by=getattr(actor, "pk", None) or 0)


def _files_of(model: type[Model]) -> None:
    """Let those who see a row read its files."""

    @reader(f"nqi.{model.__name__.lower()}")
    def may(actor: Any, pk: str) -> bool:
        return visible(actor, model._default_manager.filter(pk=whole(pk))).exists()


for _kept in (Licence, ChangeFiling, IssuedCertificate, YearlyReport):
    _files_of(_kept)
