"""Who stands where in a round: the firm behind an application, the reviewer behind a sheet, what may still be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import System, own_codes, roles_of
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.models import AwardApplication, AwardRound, ScoreSheet
from qualipolis.methods.problems import Problem, msg, refuse

PLANNER, LEADER, FIRM, REVIEWER = ("planner",), ("leader",), ("enterprise",), ("reviewer",)
READERS = ("planner", "leader", "auditor")
ROOM = System("talent.awards")
OPEN_SHEETS = ("assigned", "scoring")
RUNNING = ("submitted", "eligible", "reviewing", "shortlisted", "visited", "proposed")
SCORED = ("reviewing", "shortlisted", "visited", "proposed")
HELD_BY = ("granted", "monitored")


def firm_of(thing: Any) -> Iterable[int | None]:
    """Return the organisation of the firm behind an application, for the scope of its verbs."""
    firm = getattr(thing, "enterprise", thing)
    code = getattr(firm, "credit_code", None)
    return list(Organisation.objects.filter(code=code).values_list("pk", flat=True)) if code else []


def own_application(actor: Any, thing: AwardApplication) -> AwardApplication:
    """Return the application kept for this transaction, for the firm whose it is."""
    row = locked(thing, "round", "enterprise")
    if own_codes(actor).filter(code=row.enterprise.credit_code).exists() or SYSTEM in roles_of(actor):
        return row
    raise PermissionDenied(_("Only the firm itself may do this."))


def own_sheet(actor: Any, thing: ScoreSheet) -> ScoreSheet:
    """Return the sheet kept for this transaction, for the reviewer whose it is."""
    row = locked(thing, "application", "application__round", "reviewer")
    if row.reviewer.person_id == getattr(actor, "pk", None) or SYSTEM in roles_of(actor):
        return row
    raise PermissionDenied(_("Only the reviewer may do this."))


def leading(actor: Any, application: AwardApplication) -> ScoreSheet:
    """Return the sheet of who leads the team, when that is ``actor``."""
    row = application.sheets.filter(lead=True, status="handed_in").select_related("reviewer").first()
    me = getattr(actor, "pk", None)
    if row is not None and (row.reviewer.person_id == me or SYSTEM in roles_of(actor)):
        return row
    raise PermissionDenied(_("Only who leads the team may do this, with the own sheet handed in."))


def counted(application: AwardApplication) -> QuerySet[ScoreSheet]:
    """Return the sheets that count, in the order of the team."""
    return application.sheets.filter(status="handed_in").select_related("reviewer").order_by("pk")


def open_sheets(application: AwardApplication) -> int:
    """Return how many reviewers still score."""
    return application.sheets.filter(status__in=OPEN_SHEETS).count()


def in_round(row: AwardRound, *states: str) -> None:
    """Refuse what does not belong to the present step of the round."""
    if row.status not in states:
        refuse([Problem("other_step", msg("The round is at another step now."))])
