"""Who sees incidents, recalls and warnings: the administration all of them, a firm its own, the public what was published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import own_codes, roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, READERS
from qualipolis.city.listen.models import Incident, PublicWarning, Recall, RecallProgress

ENDED_WARNING = ("taken_down", "replaced", "lapsed")


def _inside(actor: Any) -> bool:
    return bool(roles_of(actor) & {*READERS, SYSTEM})


@visibility(Incident)
def seen_incidents(actor: Any, rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """All for the administration; a firm those it reported itself."""
    own = Q(enterprise__credit_code__in=own_codes(actor), source=Incident.Source.FIRM)
    return rows if _inside(actor) else rows.filter(own)


@visibility(Recall)
def seen_recalls(actor: Any, rows: QuerySet[Recall]) -> QuerySet[Recall]:
    """All for the administration; a firm its own."""
    return rows if _inside(actor) else rows.filter(enterprise__credit_code__in=own_codes(actor))


@visibility(RecallProgress)
def seen_progress(actor: Any, rows: QuerySet[RecallProgress]) -> QuerySet[RecallProgress]:
    """Those of the recalls somebody sees."""
    return rows.filter(recall__in=seen_recalls(actor, Recall.objects.all()).values("pk"))


@visibility(PublicWarning)
def seen_warnings(actor: Any, rows: QuerySet[PublicWarning]) -> QuerySet[PublicWarning]:
    """All for the administration; everybody else what is published now."""
    return rows if _inside(actor) else rows.filter(status="published")


def public_recalls() -> QuerySet[Recall]:
    """Return the recalls that were announced, the latest first; one that is ordered again stays to be seen."""
    return Recall.objects.exclude(announced_on=None).order_by("-announced_on", "-pk")


def public_warnings(*, ended: bool = False) -> QuerySet[PublicWarning]:
    """Return the warnings that stand, or those that were taken down, replaced or have run out, the latest first."""
    states = ENDED_WARNING if ended else ("published",)
    return PublicWarning.objects.filter(status__in=states).order_by("-published_on", "-pk")


def firm_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the firm behind a row; offices of the city act on every row of theirs."""
    if thing is None or thing.enterprise_id is None:
        return []
    return list(Organisation.objects.filter(code=thing.enterprise.credit_code).values_list("pk", flat=True))


def acting[Row: (Incident, Recall)](actor: Any, thing: Row) -> Row:
    """Return the row kept for this transaction, for an office that investigates or the firm whose row it is."""
    row = locked(thing)
    roles = roles_of(actor)
    own = row.enterprise is not None and own_codes(actor).filter(code=row.enterprise.credit_code).exists()
    if own or roles & {*INVESTIGATORS, "complaint_desk", SYSTEM}:
        return row
    raise PermissionDenied(_("Only the offices of the city and the firm itself may do this."))


readable(Incident, closed=True)  # people were hurt in it
readable(Recall, PublicWarning)
