"""Who sees reports: the desk of the town, and the inspector who checks the one. The firm, its town and overseers never."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.listen.complaints.visibility import NOTHING, of_desk
from qualipolis.city.listen.reports.models import Report


def of_inspector(actor: Any) -> Q:
    """The reports that somebody checks as their inspector."""
    key = getattr(actor, "pk", None)
    return Q(inspector=key) if key is not None and "inspector" in roles_of(actor) else NOTHING


@visibility(Report)
def seen_reports(actor: Any, rows: QuerySet[Report]) -> QuerySet[Report]:
    """The desk those of its towns, an inspector those given to it; nobody else."""
    return rows.filter(of_desk(actor) | of_inspector(actor))


readable(Report, closed=True)
